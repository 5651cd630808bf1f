"""The lists of records in the finished files: a click away on the page, absent from the PDF."""

import re
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from invented_report import cell, invented_notebook
from nbformat import NotebookNode

from analysis.errors import BadDocument
from analysis.rendering.document import read_document
from analysis.rendering.html_writer import write_html
from analysis.rendering.show import record_lists_bundle
from analysis.rendering.typst_writer import write_pdf
from analysis.sections.blocks import RecordLists

CLAIM = "civilians.month.children"
LISTS = RecordLists(
    "The records behind the numbers", (((CLAIM,), ("RM-0001", "<b>RM</b>", "RM 2, RM")), (("x",), ("RM-0003",)))
)


@pytest.fixture
def with_lists() -> NotebookNode:
    made = invented_notebook()
    made.cells.append(cell("show_record_lists(lists)", record_lists_bundle(LISTS)))
    return made


def test_a_claims_row_leads_to_the_list_of_its_records(with_lists: NotebookNode, browser: Any, tmp_path: Path) -> None:
    file = tmp_path / "report.html"
    file.write_text(write_html(read_document(with_lists)), encoding="utf-8")
    page = browser.new_page()
    page.goto(file.as_uri())
    assert not page.is_visible("details.records dt")
    page.click(f"tr[id='claim-{CLAIM}'] td:last-child a")
    assert page.evaluate("document.querySelector(location.hash).textContent") == CLAIM
    assert page.is_visible("details.records dt")
    assert page.evaluate("[...document.querySelectorAll('details.records dd')].map(one => one.textContent)") == [
        "RM-0001\n<b>RM</b>", "RM 2, RM", "RM-0003"
    ]  # fmt: skip
    page.close()


def test_each_id_of_a_list_has_a_line_of_its_own(with_lists: NotebookNode, browser: Any, tmp_path: Path) -> None:
    file = tmp_path / "report.html"
    file.write_text(write_html(read_document(with_lists)), encoding="utf-8")
    for width in (320, 1440):
        page = browser.new_page(viewport={"width": width, "height": 800})
        page.goto(f"{file.as_uri()}#records-1")
        copied = page.evaluate("""() => { const told = document.querySelector('details.records dl');
            getSelection().selectAllChildren(told); return getSelection().toString(); }""")
        assert [line.strip() for line in copied.splitlines() if line.strip()] == [
            CLAIM, "RM-0001", "<b>RM</b>", "RM 2, RM", "x", "RM-0003"
        ]  # fmt: skip
        page.close()


def test_a_report_without_lists_leads_nowhere(html: str) -> None:
    assert "records-" not in html.partition("</style>")[2]


def test_the_pdf_has_no_list_and_is_the_same_with_and_without(with_lists: NotebookNode) -> None:
    written = write_pdf(read_document(with_lists))
    text = "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(written))
    assert not re.search(r"RM-000\d", text)
    assert written == write_pdf(read_document(invented_notebook()))


def test_lists_that_are_shown_twice_are_refused(with_lists: NotebookNode) -> None:
    with_lists.cells.append(with_lists.cells[-1])
    with pytest.raises(BadDocument, match="shows its records 2 times"):
        read_document(with_lists)
