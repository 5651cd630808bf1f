"""A notebook run in this process gives what a kernel gives, byte for byte, and leaves nothing behind."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest

from analysis.errors import BadMonth
from analysis.running.execution import NotebookFailed, execute
from analysis.running.in_process import execute_in_process

PARAMETERS = 'month: str = ""  # a month'
SHOWN = [
    "from IPython.display import display",
    'display({"text/plain": "a", "application/json": {"a": (1, 2.5, None)}}, metadata={"a": {"b": 1}}, raw=True)',
    "month, [1, 2]",
    "month;",
    'print("one", end=" ")\nprint("two")\ndisplay({"text/plain": "c"}, raw=True)\nprint("three")',
    'import sys\nprint("aside", file=sys.stderr)\nNone',
    "[len(cell) for cell in In]",
    "",
]


def noted(*sources: str, folder: Path) -> Path:
    notebook = nbformat.v4.new_notebook(
        metadata={"kernelspec": {"name": "python3", "display_name": "", "language": "python"}}
    )
    cells = [nbformat.v4.new_code_cell(source, id=f"cell-{place}") for place, source in enumerate(sources)]
    cells.insert(1, nbformat.v4.new_markdown_cell("words", id="words"))
    cells[0].metadata["tags"] = ["parameters"]
    cells[0].metadata["section"] = "First"
    notebook.cells = cells
    nbformat.write(notebook, folder / "notebook.ipynb")
    return folder / "notebook.ipynb"


def run(notebook: Path, execute_it: Callable[..., nbformat.NotebookNode] = execute_in_process) -> nbformat.NotebookNode:
    return execute_it(notebook, {"month": "2020-11"}, location="nowhere", on_cell=lambda _: None)


def test_in_process_gives_the_bytes_that_a_kernel_gives(tmp_path: Path) -> None:
    notebook = noted(PARAMETERS, *SHOWN, folder=tmp_path)
    here, there = run(notebook), run(notebook, execute)
    assert nbformat.writes(here) == nbformat.writes(there)
    assert sum(len(cell.get("outputs", [])) for cell in here.cells) == 6


def test_names_of_one_notebook_are_unknown_to_the_next(tmp_path: Path) -> None:
    run(noted(PARAMETERS, "left = 1", folder=tmp_path))
    with pytest.raises(NotebookFailed, match="NameError: name 'left' is not defined"):
        run(noted(PARAMETERS, "left", folder=tmp_path))


def test_a_notebook_after_one_that_failed_runs_as_ever(tmp_path: Path) -> None:
    notebook = noted(PARAMETERS, *SHOWN, folder=tmp_path)
    first = run(notebook)
    with pytest.raises(NotebookFailed, match="ZeroDivisionError"):
        run(noted(PARAMETERS, "1 / 0", "print(1)", folder=tmp_path))
    assert nbformat.writes(run(noted(PARAMETERS, *SHOWN, folder=tmp_path))) == nbformat.writes(first)


def test_error_of_ours_comes_out_of_the_notebook_as_itself(tmp_path: Path) -> None:
    failing = 'from analysis.errors import BadMonth\nraise BadMonth("no such month")'
    with pytest.raises(BadMonth, match=r"^no such month$"):
        run(noted(PARAMETERS, failing, folder=tmp_path))


def test_interruption_in_a_cell_ends_the_run(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        run(noted(PARAMETERS, "raise KeyboardInterrupt", folder=tmp_path))


def test_the_process_is_as_it_was_before(tmp_path: Path) -> None:
    before = sys.modules["__main__"], sys.stdout, sys.stderr, sys.displayhook, dict(os.environ)
    run(noted(PARAMETERS, *SHOWN, folder=tmp_path))
    assert (sys.modules["__main__"], sys.stdout, sys.stderr, sys.displayhook, dict(os.environ)) == before


def test_sections_are_told_in_their_order(tmp_path: Path) -> None:
    told: list[str] = []
    notebook = noted(PARAMETERS, "1", folder=tmp_path)
    execute_in_process(notebook, {"month": "2020-11"}, location="nowhere", on_cell=told.append)
    assert [section for section in told if section] == ["First"]
