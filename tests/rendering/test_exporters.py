"""`jupyter nbconvert --to toll_html | toll_pdf`, from any folder."""

import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbconvert.exporters import get_exporter
from nbformat import NotebookNode

from analysis.errors import BadDocument
from analysis.rendering.exporters import TollHTML, TollPDF


def nbconvert(form: str, file: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "nbconvert", "--to", form, file.name]
    return subprocess.run(command, cwd=file.parent, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(("form", "suffix"), [("toll_html", "html"), ("toll_pdf", "pdf")])
def test_nbconvert_writes_what_the_writer_writes(
    form: str, suffix: str, notebook: NotebookNode, html: str, pdf_file: Path, tmp_path: Path
) -> None:
    nbformat.write(notebook, tmp_path / "out.ipynb")
    ran = nbconvert(form, tmp_path / "out.ipynb")
    assert ran.returncode == 0, ran.stderr
    expected = {"html": html.encode(), "pdf": pdf_file.read_bytes()}
    assert (tmp_path / f"out.{suffix}").read_bytes() == expected[suffix]


def test_fault_on_the_command_line_is_one_paragraph(notebook: NotebookNode, tmp_path: Path) -> None:
    notebook.cells[1].execution_count = None
    nbformat.write(notebook, tmp_path / "out.ipynb")
    ran = nbconvert("toll_html", tmp_path / "out.ipynb")
    assert ran.returncode == 2
    assert "Traceback" not in ran.stderr
    assert ran.stderr.splitlines()[-1].startswith("BadDocument: Cell cell-2 of the notebook: It has not been executed")
    assert [file.name for file in tmp_path.iterdir()] == ["out.ipynb"]


@pytest.mark.parametrize("exporter", [TollHTML, TollPDF])
def test_fault_in_a_program_is_an_error_to_catch(exporter: type, notebook: NotebookNode) -> None:
    notebook.cells[1].execution_count = None
    with pytest.raises(BadDocument):
        exporter().from_notebook_node(notebook)


def test_exporters_are_found_by_their_names() -> None:
    assert get_exporter("toll_html") is TollHTML
    assert get_exporter("toll_pdf") is TollPDF


def test_notebook_is_left_as_it_was(notebook: NotebookNode) -> None:
    before = nbformat.writes(notebook)
    TollHTML().from_notebook_node(notebook)
    assert nbformat.writes(notebook) == before
