"""The PDF says what the page says: a change in either alone is found, with the page of the PDF."""

import io
from dataclasses import replace

import pikepdf
import pytest
from small_report import chart, claims, small_cover, small_report, table, toll_text

from analysis.month import Month
from analysis.proofreading.drawn_letters import letter_of
from analysis.proofreading.page_numbers import read_html
from analysis.proofreading.pdf_numbers import pdf_differences, read_pdf
from analysis.proofreading.printed_text import squeezed, text_differences
from analysis.proofreading.untied import Untied
from analysis.rendering.document import Document
from analysis.rendering.html_writer import write_html
from analysis.rendering.typst_writer import write_pdf
from analysis.sections.blocks import Cell, Row
from analysis.sections.narrative import Story
from analysis.toll.claims import Ledger


@pytest.fixture(scope="module")
def document() -> Document:
    return small_report()


def differences(document: Document, pdf: bytes) -> list[Untied]:
    return pdf_differences(read_html(write_html(document)), pdf, document)


def made(**other: object) -> bytes:
    """The PDF of the small report with a part of it changed."""
    return write_pdf(small_report(**other))


def test_the_pdf_of_the_same_document_differs_in_nothing(document):
    assert differences(document, write_pdf(document)) == []


def test_a_number_edited_on_the_page_alone_is_found(document):
    page = write_html(document).replace('class="claim">12</a> civ', 'class="claim">13</a> civ')
    faults = pdf_differences(read_html(page), write_pdf(document), document)
    assert [fault.place for fault in faults] == ["page 3 of the PDF, section 'I. The toll'"]
    assert "killed12civ" in faults[0].words
    assert "killed13civ" in faults[0].why


@pytest.mark.parametrize(
    ("stands", "put", "words"),
    [
        ("killed [12]", "killed [13]", "killed13"),
        ("[three](#claim-civilians.month.c", "[four](#claim-civilians.month.c", "four"),
        ("[fell steeply]", "[rose steeply]", "rose"),
        ("[second highest]", "[highest]", "the"),
        ("fewer than", "more than", "morethan"),
        ("parties to the conflict killed", "parties to the conflict have not killed", "havenot"),
        ("since March 2011", "since March 2012", "2012"),
        ("1. Medical", "2. Medical", "2.Medical"),
    ],
)  # fmt: skip
def test_a_word_of_a_paragraph_changed_in_the_pdf_is_found(document, stands: str, put: str, words: str):
    toll = toll_text()
    assert stands in toll
    faults = differences(document, made(toll=toll.replace(stands, put)))
    assert any(words in fault.words and fault.place.startswith("page 3 of the PDF") for fault in faults), faults


def test_a_table_cell_and_a_caption_changed_in_the_pdf_are_found(document):
    right = table(Story(Ledger(claims()), Month(2020, 11)))
    first, *rows = right.rows
    wrong = Row((first.cells[0], replace(first.cells[1], text="8")))
    (cell,) = differences(document, made(made=replace(right, rows=(wrong, *rows))))
    assert "forces8Russian" in cell.words
    assert "row 'Syrian regime forces', column 'Civilians killed'" in cell.place
    (caption,) = differences(document, made(made=replace(right, caption="Civilians killed, November 2021")))
    assert "November2021" in caption.words
    assert caption.place.endswith("Table 1")


def test_two_numbers_exchanged_in_the_pdf_are_found_though_each_stands_somewhere(document):
    toll = toll_text().replace("[12]", "[x]").replace("[three]", "[12]").replace("[x]", "[three]")
    assert differences(document, made(toll=toll))


def test_the_alt_text_of_the_pdf_is_that_of_the_page(document):
    other = replace(chart(), alt="Bar chart of the months: Oct 30 and Nov 13.")
    faults = differences(document, made(figure=other))
    assert [(fault.words, fault.why) for fault in faults] == [("13.", "the page differs")]


def test_a_label_of_a_chart_changed_in_the_pdf_is_found_by_its_outline(document):
    # The chart draws 30 in letters of one weight: its first letter gets the shape of its second.
    three, zero = (
        next(name for name in chart().svg.split('"') if name.startswith("#Noto") and letter_of(name) == letter)
        for letter in "30"
    )
    drawn = chart().svg.replace(f'<use xlink:href="{three}"', f'<use xlink:href="{zero}"')
    faults = differences(document, made(figure=replace(chart(), svg=drawn)))
    assert [(fault.words, fault.place) for fault in faults] == [("0", "a chart on page 3 of the PDF")]
    assert "'3'" in faults[0].why


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"title": "13 civilians killed in Syria in November 2020"}, "the PDF's properties, Title"),
        ({"subtitle": "No figure is a minimum."}, "the PDF's properties, Subject"),
        ({"report_date": "2021-12-01"}, "the PDF's properties, CreationDate"),
        ({"kicker": "Monthly report · November 2021"}, "page 2 of the PDF, its head"),
        ({"notices": ("99 more are known.",)}, "page 1 of the PDF"),
    ],
)
def test_another_first_page_in_the_pdf_is_found(document, change: dict, place: str):
    faults = differences(document, made(cover=replace(small_cover(), **change)))
    assert any(fault.place.startswith(place) for fault in faults), faults


def test_a_title_changed_in_the_pdfs_metadata_alone_is_found(document):
    with pikepdf.open(io.BytesIO(write_pdf(document))) as pdf:
        pdf.docinfo["/Title"] = "13 civilians killed"
        pdf.docinfo["/Keywords"] = "99 dead"
        edited = io.BytesIO()
        pdf.save(edited)
    places = [fault.place for fault in differences(document, edited.getvalue())]
    assert {"the PDF's properties, Title", "the PDF's properties, Keywords"} <= set(places)


def test_a_stamp_laid_over_a_page_is_found(document):
    with pikepdf.open(io.BytesIO(write_pdf(document))) as pdf:
        stamp = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.FreeText, Rect=[100, 700, 300, 750], Contents="99 dead"
        )
        page = pdf.pages[2]
        page.Annots = pikepdf.Array([*page.get("/Annots", []), pdf.make_indirect(stamp)])
        edited = io.BytesIO()
        pdf.save(edited)
    faults = differences(document, edited.getvalue())
    assert [(fault.words, fault.place) for fault in faults] == [("an annotation", "page 3 of the PDF")]


def test_a_page_left_out_of_the_pdf_is_found(document):
    with pikepdf.open(io.BytesIO(write_pdf(document))) as pdf:
        del pdf.pages[-1]
        edited = io.BytesIO()
        pdf.save(edited)
    assert any("the PDF does not show it" in fault.why for fault in differences(document, edited.getvalue()))


def test_the_contents_name_the_page_of_each_heading(document):
    pdf = read_pdf(write_pdf(document))
    assert "I. The toll" in pdf.pages[1]
    moved = pdf.pages[1].replace(". 3", ". 4")
    pages = [pdf.pages[0], moved, *pdf.pages[2:]]
    faults = text_differences(pages, read_html(write_html(document)), document)
    assert {fault.why for fault in faults} == {"it is on page 3"}


def test_spaces_and_hyphens_are_left_out_of_the_comparison_and_a_minus_sign_is_not():
    assert squeezed("a non-govern\u00admental\n house-\nhold") == "anongovernmentalhousehold"
    assert squeezed("from -18 to 2020-11") == "from\u221218to202011"


def test_notes_that_run_over_a_page_and_heads_of_tables_that_repeat_are_no_difference():
    note = " ".join(["Nobody who reads this note has to read it to its end."] * 90)
    rows = tuple(
        Row((Cell(f"Place {letter}"), Cell(f"Words on {letter}"))) for letter in "abcdefghijklmnopqrstuvwxyz" * 3
    )
    story = Story(Ledger(claims()), Month(2020, 11))
    long = replace(table(story), rows=rows)
    toll = toll_text().replace("[^minimum]: ", f"[^minimum]: {note} ")
    document = small_report(toll=toll, made=long)
    assert differences(document, write_pdf(document)) == []
