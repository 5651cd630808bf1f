"""Sections are numbered as they come: a section that a country has not leaves no gap."""

from dataclasses import replace

import pytest
from invented_report import COVER, cell, notebook

from analysis.rendering.document import read_document
from analysis.rendering.html_writer import write_html
from analysis.rendering.show import cover_bundle, prose_bundle

BARE = replace(COVER, headlines=())  # its numbers would lead to claims


def headings(*prose: str) -> list[str]:
    """The headings of a report whose cells show these texts."""
    shown = [cell("x", prose_bundle(text)) for text in prose]
    return [node.text for node in read_document(notebook(cell("x", cover_bundle(BARE)), *shown)).headings]


def test_sections_are_numbered_through_the_whole_report_in_roman_numerals() -> None:
    assert headings("## One\n\nText.", "## Two\n\nText.\n\n## Three", "## Four") == [
        "I. One",
        "II. Two",
        "III. Three",
        "IV. Four",
    ]


@pytest.mark.parametrize(
    ("number", "numeral"),
    [(1, "I"), (4, "IV"), (5, "V"), (9, "IX"), (10, "X"), (11, "XI"), (14, "XIV"), (19, "XIX"), (20, "XX")],
)
def test_a_numeral_is_written_the_roman_way(number: int, numeral: str) -> None:
    assert headings(*["## Section"] * number)[-1] == f"{numeral}. Section"


def test_a_section_that_is_absent_leaves_no_gap() -> None:
    assert headings("## One", "", "## Three") == ["I. One", "II. Three"]


@pytest.mark.parametrize("mark", [" {-}", "{-}", "  {-}  "])
def test_a_heading_that_ends_in_the_mark_has_no_numeral_and_takes_none_from_the_next(mark: str) -> None:
    assert headings("## One", f"## Thanks{mark}", "## Two") == ["I. One", "Thanks", "II. Two"]


def test_only_the_headings_of_sections_are_numbered() -> None:
    assert headings("## One\n\n### Below\n\n#### Below that\n\n### Beside\n\nText ## not a heading") == [
        "I. One",
        "Below",
        "Below that",
        "Beside",
    ]


def test_the_mark_is_nothing_that_a_reader_sees() -> None:
    shown = notebook(cell("x", cover_bundle(BARE)), cell("x", prose_bundle("## Thanks {-}\n\nTo all.")))
    assert "{-}" not in write_html(read_document(shown))


def test_sections_of_the_same_name_have_anchors_of_their_own() -> None:
    shown = [cell("x", prose_bundle(text)) for text in ("## Same", "## Same", "## Same {-}", "## Same {-}")]
    found = read_document(notebook(cell("x", cover_bundle(BARE)), *shown)).headings
    assert [node.anchor for node in found] == ["section-i-same", "section-ii-same", "section-same", "section-same-2"]
