"""Which Markdown a report's texts may hold, and what becomes of the rest."""

import pytest

from analysis.errors import BadDocument
from analysis.rendering.markdown import Node, parse_prose, plain, walk


def kinds(markdown: str) -> list[str]:
    return [node.kind for node in walk(parse_prose(markdown))]


def test_two_number_signs_make_a_section() -> None:
    assert parse_prose("## III. The toll") == (Node("heading", "III. The toll", level=1),)


def test_heading_loses_its_links_but_not_its_words() -> None:
    assert parse_prose("### Toll of [31](#claim-a)")[0].text == "Toll of 31"


def test_raw_html_is_text() -> None:
    assert plain(parse_prose("one <b>two</b>")) == "one <b>two</b>"
    assert plain(parse_prose("<div onclick='x'>\none\n</div>")) == "<div onclick='x'> one </div>"


def test_notes_are_numbered_on_from_those_before() -> None:
    first, second = [node for node in walk(parse_prose("a[^x] b[^y]\n\n[^x]: X\n[^y]: Y", notes_before=4)) if node.mark]
    assert (first.number, second.number) == (5, 6)
    assert plain(first.children) == "X"


def test_note_marked_twice_is_one_note_with_two_marks() -> None:
    marks = [node for node in walk(parse_prose("a[^x] b[^x]\n\n[^x]: X")) if node.kind == "note"]
    assert [(node.number, node.mark) for node in marks] == [(1, 1), (1, 2)]


def test_entities_are_letters() -> None:
    assert plain(parse_prose("A &amp; B&nbsp;C")) == "A & B\u00a0C"


@pytest.mark.parametrize(
    "address", ["https://example.org/a_b", "http://example.org", "mailto:a@example.org", "#claim-x.y"]
)
def test_link_keeps_its_address(address: str) -> None:
    assert [node.href for node in walk(parse_prose(f"[x]({address})")) if node.kind == "link"] == [address]


@pytest.mark.parametrize(
    ("markdown", "said"),
    [
        ("# Title", "the cover has the title"),
        ("a[^x]", "marked but not written"),
        ("a\n\n[^x]: X", r"\[\^x\] is written but nothing"),
        ("a[^x]\n\n[^x]: X\n[^x]: Y", "written twice"),
        ("a[^x]\n\n[^x]: X[^x]", "inside another footnote"),
        ("## Heading[^x]\n\n[^x]: X", "holds a footnote mark"),
        ("[x](javascript:alert(1))", "links to"),
        ("[x]( javascript:alert(1))", "links to"),
        ("[x](data:text/html,x)", "links to"),
        ("[x](file:///etc/passwd)", "links to"),
        ("[x](other.html)", "links to"),
        ("![x](https://example.org/x.png)", "image"),
        ("    code", "block code"),
        ("one\n\n***\n\ntwo", "thematic break"),
        ("| a | b |\n|---|---|\n| 1 | 2 |", "table"),
    ],
)
def test_what_a_report_does_not_show_is_refused(markdown: str, said: str) -> None:
    with pytest.raises(BadDocument, match=said):
        parse_prose(markdown)


def test_lists_quotes_and_emphasis_are_allowed() -> None:
    assert {"list", "item", "quote", "emphasis", "strong", "code"} <= set(kinds("- *a* **b** `c`\n\n> d"))
