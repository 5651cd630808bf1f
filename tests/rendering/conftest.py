from pathlib import Path

import pytest
from invented_report import invented_notebook
from nbformat import NotebookNode

from analysis.rendering.document import Document, read_document
from analysis.rendering.html_writer import write_html
from analysis.rendering.typst_writer import write_pdf


@pytest.fixture
def notebook() -> NotebookNode:
    return invented_notebook()


@pytest.fixture(scope="session")
def document() -> Document:
    return read_document(invented_notebook())


@pytest.fixture(scope="session")
def html(document: Document) -> str:
    return write_html(document)


@pytest.fixture(scope="session")
def pdf_file(document: Document, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("pdf") / "report.pdf"
    file.write_bytes(write_pdf(document))
    return file
