"""Running a notebook in this very process: a papermill engine without a kernel, for workers that make many reports.

What a cell shows is kept as a kernel's messages would have brought it, so that the executed notebook is the same,
byte for byte. Names do not outlive a notebook: each begins in an empty namespace.
"""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from functools import cache, partial
from io import StringIO, TextIOBase
from typing import Any

from ipykernel.ipkernel import IPythonKernel
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from nbformat import NotebookNode
from nbformat.v4 import new_output
from papermill.engines import Engine, NotebookExecutionManager, papermill_engines
from traitlets.config import Config

from analysis.running.execution import execute_with

NAME = "toll-in-process"


# Run a notebook on the records at a location, here; otherwise as `analysis.running.execution.execute` does it.
execute_in_process = partial(execute_with, engine_name=NAME)


class InProcess(Engine):
    """The engine that papermill calls: every code cell run by one IPython shell of this process."""

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: NotebookExecutionManager,
        kernel_name: str,  # noqa: ARG003 (papermill names it)
        on_cell_start: Callable[..., None] = lambda **_: None,
        **_: Any,
    ) -> None:
        """Run the cells in order, up to one that fails."""
        with _fresh_shell() as shell:
            for index, cell in enumerate(nb_man.nb.cells):
                nb_man.cell_start(cell, index)
                on_cell_start(cell=cell, cell_index=index)
                failed = cell.cell_type == "code" and cell.source.strip() and not _run_cell(shell, cell)
                if failed:
                    nb_man.cell_exception(cell, index)
                nb_man.cell_complete(cell, index)
                if failed:
                    break
        nb_man.nb.metadata["language_info"] = dict(IPythonKernel.language_info)


papermill_engines.register(NAME, InProcess)


class _Publisher(DisplayPublisher):
    def publish(self, data: Any, metadata: Any = None, *_: Any, **__: Any) -> None:
        self.shell.keep(new_output("display_data", _as_sent(data), metadata=_as_sent(metadata or {})))


class _Hook(DisplayHook):
    """Keeps the value of a cell's last expression, where it has one and does not end in a semicolon."""

    def write_output_prompt(self) -> None:
        """Nothing is printed."""

    def write_format_data(self, format_dict: Any, md_dict: Any = None) -> None:
        assert isinstance(self.shell, _Shell)
        told = {"metadata": _as_sent(md_dict or {}), "execution_count": self.prompt_count}
        self.shell.keep(new_output("execute_result", _as_sent(format_dict), **told))

    def finish_displayhook(self) -> None:
        """Nothing is printed."""


class _Stdout(TextIOBase):
    """What a cell prints, in one output for what is printed in one go."""

    def __init__(self, shell: "_Shell") -> None:
        self.shell = shell

    def write(self, text: str) -> int:
        last = self.shell.outputs[-1] if self.shell.outputs else None
        if last is not None and last.output_type == "stream":
            last["text"] += text
        elif text:
            self.shell.keep(new_output("stream", name="stdout", text=text))
        return len(text)


class _Shell(InteractiveShell):
    outputs: list[NotebookNode]

    def keep(self, output: NotebookNode) -> None:
        self.outputs.append(output)

    def _showtraceback(self, etype: type[BaseException], evalue: BaseException, stb: list[str]) -> None:
        self.keep(new_output("error", ename=etype.__name__, evalue=str(evalue), traceback=stb))


def _as_sent(value: Any) -> Any:
    """A value as it comes out of a message: lists for tuples, text for keys."""
    return json.loads(json.dumps(value))


@cache
def _shell() -> _Shell:
    """One shell for the process: each new one would be kept by Python until the end."""
    config = Config({"HistoryManager": {"enabled": False}})
    return _Shell.instance(config=config, display_pub_class=_Publisher, displayhook_class=_Hook)


@contextmanager
def _fresh_shell() -> Iterator[_Shell]:
    """The shell with an empty namespace; this process's own `__main__` is back in place afterwards."""
    main = sys.modules["__main__"]
    shell = _shell()
    shell.outputs = []
    sys.modules["__main__"] = shell.user_module
    try:
        with redirect_stdout(_Stdout(shell)), redirect_stderr(StringIO()):
            yield shell
    finally:
        shell.reset(new_session=True)  # a month's records are not kept until the next one comes
        sys.modules["__main__"] = main


def _run_cell(shell: _Shell, cell: NotebookNode) -> bool:
    """Run a code cell and put down what it showed; whether it ended well. An interruption goes on."""
    shell.outputs = cell["outputs"] = []
    cell["execution_count"] = shell.execution_count
    result = shell.run_cell(cell.source, store_history=True)
    if isinstance(result.error_in_exec, KeyboardInterrupt):
        raise result.error_in_exec
    return bool(result.success)
