"""The HTML: one file that asks for nothing, runs nothing, and says what the notebook said."""

import re
from dataclasses import replace

import pytest
from invented_report import COVER, cell, chart, invented_notebook, ledger_table, made_claims, notebook
from page_text import text_blocks

from analysis.rendering.document import Document, read_document
from analysis.rendering.html_writer import write_html
from analysis.rendering.show import cover_bundle, figure_bundle, prose_bundle, table_bundle
from analysis.sections.blocks import Cell, Column, Row, Table

HOSTILE = "<script>alert(1)</script> $#@*_ ]( javascript:x \"'> <img src=x onerror=alert(1)> </style></table>"


def test_same_notebook_gives_the_same_html(html: str) -> None:
    assert write_html(read_document(invented_notebook())) == html


def test_file_holds_no_script_and_asks_for_nothing(html: str) -> None:
    assert "<script" not in html
    assert not re.search(r"\son\w+=", html)
    assert set(re.findall(r'src="(\w+):', html)) == {"data"}
    assert "default-src 'none'" in html
    assert not re.search(r"@import|url\(|<link|<iframe|<object", html)


def test_language_and_direction_are_the_covers() -> None:
    cover = replace(COVER, language="en-GB", direction="rtl")
    assert '<html lang="en-GB" dir="rtl">' in write_html(read_document(invented_notebook(cover)))


def test_style_knows_no_left_and_no_right(html: str) -> None:
    style = html[html.index("<style>") : html.index("</style>")]
    assert not re.search(r"\b(left|right)\b", re.sub(r"/\*.*?\*/", "", style, flags=re.DOTALL))


def test_hostile_words_stay_words() -> None:
    table = Table("t", HOSTILE, (Column("a", HOSTILE),), (Row((Cell(HOSTILE),)),), note=HOSTILE)
    hostile = notebook(
        cell(HOSTILE, cover_bundle(replace(COVER, title=HOSTILE, headlines=()))),
        cell("x", table_bundle(table), figure_bundle(replace(chart("m", HOSTILE), alt=HOSTILE))),
        cell("x", table_bundle(ledger_table(made_claims()))),
        cell("x", prose_bundle("## <script>alert(1)</script>\n\n<img src=x onerror=alert(1)> <svg onload=alert(1)>")),
    )
    written = write_html(read_document(hostile))
    assert "<script" not in written
    assert not re.search(r"<(img src=x|svg)", written)
    assert HOSTILE in text_blocks(written)


def test_number_in_the_text_leads_to_the_row_of_its_claim(html: str) -> None:
    assert '<a href="#claim-civilians.month" class="claim">31</a>' in html
    assert html.count('id="claim-civilians.month"') == 1


def test_every_link_inside_the_page_leads_somewhere(html: str) -> None:
    anchors = re.findall(r'\sid="([^"]+)"', html)
    assert len(anchors) == len(set(anchors))
    assert set(re.findall(r'href="#([^"]+)"', html)) <= set(anchors)


def test_table_has_caption_and_scopes(html: str) -> None:
    table = html[html.index('id="table-parties"') :]
    table = table[: table.index("</table>")]
    assert table.count("<caption>") == 1
    assert table.count('scope="col"') == 3
    assert table.count('scope="row"') == 4


def test_footnote_marked_twice_has_two_ways_back(html: str) -> None:
    note = html[html.index('<li id="note-1">') : html.index('<li id="note-2">')]
    assert [place for place in ("#mark-1-1", "#mark-1-2", "#mark-1-3") if place in note] == ["#mark-1-1", "#mark-1-2"]


def test_code_of_every_cell_is_in_the_page_once(document: Document, html: str) -> None:
    sources = [step.source for part in document.parts for step in part.steps]
    assert len(sources) == 5
    assert html.count("<pre ") == len(sources)


def test_remarks_of_the_notebook_stand_with_the_code_only(html: str) -> None:
    assert "How to run it." not in text_blocks(html)
    assert "The monthly report\n\nHow to run it." in html


@pytest.mark.parametrize("count", [0, 1])
def test_report_without_notes_has_no_section_for_them(count: int) -> None:
    note = "One[^x]\n\n[^x]: X" if count else "One"
    claims = table_bundle(ledger_table(made_claims()))
    written = write_html(read_document(notebook(cell("x", cover_bundle(COVER), prose_bundle(note), claims))))
    assert written.count('id="notes"') == count
