"""The two nbconvert exporters: `jupyter nbconvert --to toll_html` and `--to toll_pdf`."""

import sys
from collections.abc import Callable
from typing import Any, TypeVar

from nbconvert.exporters import Exporter
from nbformat import NotebookNode
from traitlets import Unicode
from traitlets.config import Application

from analysis.errors import ReportError
from analysis.rendering.document import Document, read_document
from analysis.rendering.html_writer import write_html
from analysis.rendering.typst_writer import write_pdf

Written = TypeVar("Written", str, bytes)


class TollHTML(Exporter):
    """An executed report notebook as one HTML file, in its first language: --TollHTML.language=ar takes another."""

    language = Unicode("", help="The language to write, where the notebook has several.").tag(config=True)

    file_extension = ".html"
    output_mimetype = "text/html"
    export_from_notebook = "Toll report (HTML)"

    def from_notebook_node(  # type: ignore[override]
        self, nb: NotebookNode, resources: Any = None, **kw: Any
    ) -> tuple[str, dict[str, Any]]:
        notebook, resources = super().from_notebook_node(nb, resources, **kw)
        return _write(notebook, self.language, write_html), resources


class TollPDF(Exporter):
    """An executed report notebook as a PDF for print and for screen readers, the language as for the HTML."""

    language = Unicode("", help="The language to write, where the notebook has several.").tag(config=True)

    file_extension = ".pdf"
    output_mimetype = "application/pdf"
    export_from_notebook = "Toll report (PDF)"

    def from_notebook_node(  # type: ignore[override]
        self, nb: NotebookNode, resources: Any = None, **kw: Any
    ) -> tuple[bytes, dict[str, Any]]:
        notebook, resources = super().from_notebook_node(nb, resources, **kw)
        return _write(notebook, self.language, write_pdf), resources


def _write(notebook: NotebookNode, language: str, write: Callable[[Document], Written]) -> Written:
    """Write the report; on the command line a fault is one paragraph and an exit code, not a traceback."""
    try:
        return write(read_document(notebook, language or None))
    except ReportError as error:
        if not _on_command_line():
            raise
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        raise SystemExit(error.exit_code) from None


def _on_command_line() -> bool:
    """Whether `jupyter nbconvert` runs us; its own module cannot be imported here, for it imports this one."""
    return Application.initialized() and Application.instance().name == "jupyter-nbconvert"
