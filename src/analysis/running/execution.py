"""Running a notebook with papermill, and taking out of the result whatever differs between two equal runs."""

import os
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from subprocess import DEVNULL
from typing import Any

import papermill
from jupyter_client.manager import AsyncKernelManager
from nbclient.exceptions import DeadKernelError
from nbformat import NotebookNode
from papermill.exceptions import PapermillExecutionError
from traitlets.config import Config

from analysis import errors
from analysis.errors import ReportError

INJECTED = "injected-parameters"
Execute = Callable[..., NotebookNode]  # called as `execute` is


class LocalKernelManager(AsyncKernelManager):
    """A kernel spoken to through files of this user: records never cross a network port, not even the local one."""

    transport = "ipc"

    async def start_kernel(self, **options: Any) -> None:  # type: ignore[override]
        """Start the kernel with nowhere to write: it would add a traceback to the message of an interrupted run."""
        await self._async_start_kernel(**options, stdout=DEVNULL, stderr=DEVNULL)


class NotebookFailed(ReportError):
    """A notebook failed for a reason that is nobody's input: a defect, or a broken installation."""

    exit_code = 3


def execute(
    notebook: Path,
    parameters: Mapping[str, Any],
    *,
    location: str,
    on_cell: Callable[[str], None],
    previous: Path | None = None,
) -> NotebookNode:
    """Run a notebook on the records at a location, in a fresh kernel; `on_cell` is told each section as it starts.

    `previous` is the claims.json of the revision before. Both go through the environment: as a parameter, a path of
    this machine would stand in the report.
    Raises the error of analysis.errors that a cell raised, NotebookFailed for any other.
    """
    with tempfile.TemporaryDirectory(prefix="toll-") as sockets:
        return execute_with(
            notebook,
            parameters,
            location=location,
            on_cell=on_cell,
            previous=previous,
            kernel_manager_class=LocalKernelManager,
            config=Config({"LocalKernelManager": {"connection_file": f"{sockets}/kernel.json"}}),
        )


def execute_with(
    notebook: Path,
    parameters: Mapping[str, Any],
    *,
    location: str,
    on_cell: Callable[[str], None],
    previous: Path | None = None,
    **engine: Any,
) -> NotebookNode:
    """Run a notebook as `execute` does, with what papermill is to hand on to an engine of its own or of ours."""
    try:
        with (
            _environment("TOLL_RECORDS", location),
            _environment("TOLL_PREVIOUS", str(previous.resolve()) if previous else ""),
        ):
            executed = papermill.execute_notebook(
                notebook,
                None,
                parameters=dict(parameters),
                progress_bar=False,
                on_cell_start=lambda cell, cell_index: on_cell(section_of(cell)),  # noqa: ARG005 (nbclient names them)
                **engine,
            )
    except PapermillExecutionError as failure:
        raise _as_raised(failure) from None
    except DeadKernelError:
        raise NotebookFailed(
            "The notebook's kernel died, often for lack of memory. Nothing was published; run it again."
        ) from None
    return without_traces(executed)


@contextmanager
def _environment(name: str, value: str) -> Iterator[None]:
    """Set a variable for the kernel, which inherits this process's environment; papermill has no other way."""
    before = os.environ.get(name)
    os.environ[name] = value
    try:
        yield
    finally:
        os.environ.pop(name)
        if before is not None:
            os.environ[name] = before


def section_of(cell: NotebookNode) -> str:
    """The name of the part of the report that a cell makes, from its metadata; '' for notes between them."""
    return str(cell.metadata.get("section", ""))


def _as_raised(failure: PapermillExecutionError) -> ReportError:
    known = getattr(errors, failure.ename, None)
    if isinstance(known, type) and issubclass(known, ReportError):
        return known(failure.evalue)
    return NotebookFailed(
        f"Cell {failure.exec_count} of the notebook failed with {failure.ename}: {failure.evalue}. Nothing was "
        "published. This is a defect: run the notebook in JupyterLab (`make lab`) to see where."
    )


def without_traces(notebook: NotebookNode) -> NotebookNode:
    """Remove timings, random ids, messages of the kernel and papermill's notes on this machine."""
    notebook.metadata.pop("papermill", None)
    notebook.metadata.pop("widgets", None)
    notebook.metadata.get("language_info", {}).pop("version", None)
    for cell in notebook.cells:
        for trace in ("papermill", "execution"):
            cell.metadata.pop(trace, None)
        if INJECTED in cell.metadata.get("tags", []):
            cell["id"] = INJECTED
        if cell.cell_type == "code":
            cell["outputs"] = [output for output in cell.outputs if output.get("name") != "stderr"]
    return notebook
