"""What stops a notebook from becoming a report; each message names the cell."""

from dataclasses import replace

import pytest
from invented_report import COVER, cell, chart, invented_notebook, ledger_table, made_claims, notebook, parties
from nbformat import NotebookNode
from nbformat.v4 import new_output

from analysis.errors import BadDocument
from analysis.rendering.document import ENGLISH, read_document
from analysis.rendering.show import Bundle, claims_bundle, cover_bundle, figure_bundle, prose_bundle, table_bundle
from analysis.sections.blocks import Cell, Column, Cover, Figure, Row, Table
from analysis.toll.claims import Ledger

PLAIN_COVER = replace(COVER, headlines=())


def report(*bundles: Bundle, cover: Cover = PLAIN_COVER) -> NotebookNode:
    """A cover in cell-1, then each block in a cell of its own."""
    return notebook(cell("cover", cover_bundle(cover)), *(cell("show", bundle) for bundle in bundles))


def words(text: str) -> Table:
    return Table("words", "Words", (Column("a", "A"),), (Row((Cell(text),)),))


def ledger_row(claim: str, name: str = "claims") -> Table:
    return Table(name, "Claims", (Column("id", "Claim"),), (Row((Cell(claim),), anchor=f"claim-{claim}"),))


def alt(figure: Figure, text: str) -> Figure:
    return replace(figure, alt=text)


BLOCKS = {
    "a heading of level 1 is the cover's": [prose_bundle("# One")],
    "a level is skipped": [prose_bundle("## One"), prose_bundle("#### Three")],
    "the first heading is not a section": [prose_bundle("### Two")],
    "a footnote is not written": [prose_bundle("One[^x]")],
    "a footnote is not marked": [prose_bundle("One\n\n[^x]: X")],
    "a template is left over in prose": [prose_bundle("Killed: {{ toll }}")],
    "a template is left over in a table": [table_bundle(words("{% if x %}"))],
    "text is turned in prose": [prose_bundle("One \u202eowt")],
    "text is turned by an entity": [prose_bundle("One &#x202E;owt")],
    "text is turned in a table": [table_bundle(words("One \u2067owt"))],
    "a letter cannot be printed": [table_bundle(words("One \x07"))],
    "a figure has no alt text": [figure_bundle(alt(chart("months", "Months"), " "))],
    "a figure is no SVG": [figure_bundle(replace(chart("months", "Months"), svg="<html>"))],
    "a figure's numbers have another name": [figure_bundle(replace(chart("months", "Months"), name="days"))],
    "two tables have one name": [table_bundle(words("one")), table_bundle(words("one"))],
    "a figure has the name of another table": [
        table_bundle(replace(words("one"), name="months")),
        figure_bundle(chart("months", "Months")),
    ],
    "a name leaves the folder": [table_bundle(replace(words("one"), name="../one"))],
    "a row is too short": [table_bundle(replace(words("one"), rows=(Row(()),)))],
    "a link leads to no claim": [prose_bundle("[3](#claim-civilians.month)")],
    "a cell leads to no claim": [table_bundle(replace(words(""), rows=(Row((Cell("3", 3, "civilians.month"),)),)))],
    "a link leads to no section": [prose_bundle("## One\n\n[one](#section-two)")],
    "two rows have one anchor": [table_bundle(ledger_row("a")), table_bundle(ledger_row("a", "claims_again"))],
    "the output is not ours": [{"text/html": "<p>one</p>", "text/plain": "one"}],
    "the output is a bare value": [{"text/plain": "31"}],
}


@pytest.mark.parametrize("fault", BLOCKS)
def test_fault_in_a_block_stops_the_report_and_names_the_cell(fault: str) -> None:
    with pytest.raises(BadDocument, match=r"[Cc]ell cell-\d") as stopped:
        read_document(report(*BLOCKS[fault]))
    assert f"cell-{len(BLOCKS[fault]) + 1} " in f"{stopped.value} "


def test_cell_that_failed_is_named() -> None:
    made = report(prose_bundle("One"))
    made.cells[1].outputs.append(new_output("error", ename="ValueError", evalue="no month"))
    with pytest.raises(BadDocument, match=r"Cell cell-2 .* failed with ValueError: no month"):
        read_document(made)


def test_cell_that_was_not_executed_is_named() -> None:
    made = report(prose_bundle("One"))
    made.cells[1].execution_count = None
    with pytest.raises(BadDocument, match=r"Cell cell-2 .* not been executed"):
        read_document(made)


def test_empty_cell_need_not_be_executed() -> None:
    made = report(prose_bundle("One"))
    made.cells[1].update(source=" ", execution_count=None, outputs=[])
    assert read_document(made).blocks == ()


def test_what_a_cell_prints_is_refused() -> None:
    made = report(prose_bundle("One"))
    made.cells[1].outputs.append(new_output("stream", name="stdout", text="31 rows\n"))
    with pytest.raises(BadDocument, match=r"Cell cell-2 .* prints '31 rows'"):
        read_document(made)


def test_warnings_are_dropped() -> None:
    made = report(prose_bundle("One"))
    made.cells[1].outputs.append(new_output("stream", name="stderr", text="DeprecationWarning"))
    assert len(read_document(made).blocks) == 1


def test_code_that_hides_its_meaning_is_refused() -> None:
    made = report(prose_bundle("One"))
    made.cells[1].source = "total = 1  # \u202e2"
    with pytest.raises(BadDocument, match=r"Cell cell-2 .* U\+202E"):
        read_document(made)


@pytest.mark.parametrize("covers", [0, 2])
def test_a_report_has_one_cover(covers: int) -> None:
    shown = [cell("cover", cover_bundle(PLAIN_COVER)) for _ in range(covers)]
    made = notebook(*shown, cell("show", prose_bundle("One")))
    with pytest.raises(BadDocument, match=f"shows {covers} covers"):
        read_document(made)


def test_claims_are_handed_over_once() -> None:
    claims = claims_bundle(Ledger(made_claims()))
    with pytest.raises(BadDocument, match="claims 2 times"):
        read_document(report(claims, claims))


@pytest.mark.parametrize("day", ["", "1 April 2031", "2031-02-30"])
def test_report_date_is_a_date(day: str) -> None:
    with pytest.raises(BadDocument, match="report_date"):
        read_document(report(cover=replace(PLAIN_COVER, report_date=day)))


def test_headline_without_a_row_for_its_claim_is_refused() -> None:
    with pytest.raises(BadDocument, match="The cover: 4 links lead nowhere"):
        read_document(report(cover=COVER))


def test_report_in_another_language_brings_every_label() -> None:
    arabic = replace(PLAIN_COVER, language="ar", direction="rtl", labels={**ENGLISH, "back": "x"})
    assert read_document(report(cover=arabic)).labels["back"] == "x"
    with pytest.raises(BadDocument, match="lacks the labels back"):
        read_document(report(cover=replace(arabic, labels={k: v for k, v in ENGLISH.items() if k != "back"})))


def test_figure_may_have_the_name_of_the_table_that_holds_its_numbers() -> None:
    figure = chart("months", "Months")
    anchors = table_bundle(ledger_table(made_claims()))
    read_document(report(table_bundle(replace(parties(), name="months")), figure_bundle(figure), anchors))


def test_whole_report_passes() -> None:
    read_document(invented_notebook())
