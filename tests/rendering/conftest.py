import shutil
from collections.abc import Iterator
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


@pytest.fixture(scope="session")
def browser() -> Iterator[object]:
    """Chromium as it is installed on the machine; the tests that look at a page need one."""
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if not found:
        pytest.skip("No Chromium on this machine: install one to have the page looked at.")
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield started
        started.close()
