"""The PDF: the same report as the HTML, tagged for those who listen to it."""

import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pdfua
import pikepdf
import pytest
from invented_report import COVER, cell, chart, invented_notebook, ledger_table, made_claims, notebook
from page_text import squeezed, text_blocks

from analysis.errors import BadDocument
from analysis.rendering.document import read_document
from analysis.rendering.show import cover_bundle, figure_bundle, prose_bundle, table_bundle
from analysis.rendering.typst_writer import write_pdf
from analysis.sections.blocks import Cell, Column, Row, Table

HOSTILE = "<script> $#@*_ `code` \\ // /* ]( javascript: #sys.inputs #panic() [x] \"'"
FURNITURE = re.compile(r"Page \d+ of \d+|Monthly report · March 2031.*")


def elements(node: pikepdf.Object) -> Iterator[pikepdf.Dictionary]:
    """Every element of the structure tree, in reading order."""
    if isinstance(node, pikepdf.Array):
        for one in node:
            yield from elements(one)
    elif isinstance(node, pikepdf.Dictionary):
        if "/S" in node:
            yield node
        if "/K" in node:
            yield from elements(node.K)


def attributes(element: pikepdf.Dictionary) -> dict[str, str]:
    given = element.get("/A", pikepdf.Array())
    dictionaries = given if isinstance(given, pikepdf.Array) else [given]
    return {name: str(value) for one in dictionaries for name, value in one.items()}


def text_of(file: Path, first_page: int = 1) -> str:
    program = shutil.which("pdftotext")
    if not program:
        pytest.skip("No pdftotext on this machine (poppler-utils): the words of the PDF are not compared.")
    read = subprocess.run([program, "-f", str(first_page), file, "-"], capture_output=True, check=True)
    return read.stdout.decode()


def test_same_notebook_gives_the_same_pdf(pdf_file: Path) -> None:
    assert write_pdf(read_document(invented_notebook())) == pdf_file.read_bytes()


def test_checker_finds_no_fault_against_pdf_ua(pdf_file: Path) -> None:
    found = pdfua.validate(pdf_file)
    assert [finding.message for finding in found.findings] == []


def test_catalogue_names_language_title_and_standards(pdf_file: Path) -> None:
    with pikepdf.open(pdf_file) as pdf:
        assert str(pdf.Root.Lang) == "en"
        assert bool(pdf.Root.MarkInfo.Marked)
        assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
        with pdf.open_metadata() as metadata:
            assert metadata["dc:title"] == COVER.title
            assert metadata["pdfuaid:part"] == "1"
            assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("2", "A")
            assert metadata["xmp:CreateDate"].startswith(COVER.report_date)


def test_bookmarks_are_the_headings(pdf_file: Path) -> None:
    with pikepdf.open(pdf_file) as pdf, pdf.open_outline() as outline:
        titles = [(one.title, [below.title for below in one.children]) for one in outline.root]
    assert titles == [
        ("I. Background", ["What is counted"]),
        ("II. The toll", ["By party"]),
        ("III. Where each number comes from", []),
    ]


def test_tags_say_what_each_thing_is(pdf_file: Path) -> None:
    with pikepdf.open(pdf_file) as pdf:
        found = list(elements(pdf.Root.StructTreeRoot.K))
        kinds = Counter(str(one.S) for one in found)
        headers = [attributes(one) for one in found if one.S == "/TH"]
        alts = [str(one.Alt) for one in found if one.S == "/Figure"]
    # The two tables have three and five columns; the third H1 is that of the contents.
    assert kinds["/Title"] == 1
    assert kinds["/H1"] == 4
    assert kinds["/H2"] == 2
    assert kinds["/Table"] == 2
    assert kinds["/Note"] == 2
    assert kinds["/L"] == 2
    assert [one["/Scope"] for one in headers] == ["/Column"] * 8
    assert alts == [chart("x", "x").alt] * 2


def test_every_word_of_the_html_is_in_the_pdf(pdf_file: Path, html: str) -> None:
    printed = squeezed(text_of(pdf_file))
    lost = [block for block in text_blocks(html) if squeezed(block) not in printed]
    assert lost == []


def test_every_line_of_the_pdf_is_in_the_html(pdf_file: Path, html: str) -> None:
    """From the third page on: cover and contents are laid out in another way."""
    shown = squeezed("".join(text_blocks(html)))
    lines = FURNITURE.sub("", text_of(pdf_file, first_page=3)).splitlines()
    marks = r"[•‣\d]\.?|The numbers of this chart: .*"  # signs before items and notes, and where the numbers are
    new = [line for line in lines if squeezed(line) not in shown and not re.fullmatch(marks, line.strip())]
    assert [line for line in new if squeezed(re.sub(r"^\d|^• ?|^\d\. ?", "", line)) not in shown] == []


def test_hostile_words_stay_words(tmp_path: Path) -> None:
    table = Table("t", HOSTILE, (Column("a", HOSTILE),), (Row((Cell(HOSTILE),)),), note=HOSTILE)
    hostile = notebook(
        cell("x", cover_bundle(replace(COVER, title=HOSTILE, headlines=(), notices=(HOSTILE,)))),
        cell("x", table_bundle(table), figure_bundle(replace(chart("m", HOSTILE), alt=HOSTILE))),
        cell("x", table_bundle(ledger_table(made_claims()))),
        cell("x", prose_bundle('## #panic() $x$ <label> @reference *not*\n\n= Not a heading #import "x" `raw`')),
    )
    file = tmp_path / "hostile.pdf"
    file.write_bytes(write_pdf(read_document(hostile)))
    assert squeezed(text_of(file)).count(squeezed(HOSTILE)) >= 5
    assert squeezed('= Not a heading #import "x" raw') in squeezed(text_of(file))


def test_letter_without_a_form_names_the_block() -> None:
    table = Table("places", "Places", (Column("a", "A"),), (Row((Cell("Place \U00013080"),)),))
    unknown = notebook(cell("x", cover_bundle(replace(COVER, headlines=()))), cell("x", table_bundle(table)))
    with pytest.raises(BadDocument, match="'places' of cell cell-2"):
        write_pdf(read_document(unknown))


def test_report_from_right_to_left_is_made_as_well() -> None:
    assert write_pdf(read_document(invented_notebook(replace(COVER, direction="rtl")))).startswith(b"%PDF")


def test_long_table_repeats_its_head_on_each_page(pdf_file: Path) -> None:
    assert text_of(pdf_file).count("What it counts") == 2
