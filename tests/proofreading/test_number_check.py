"""Every number on a page comes from a claim or from a fixed list: what does not is found, with its place."""

import base64
import re
from dataclasses import replace

import pytest
from small_report import chart, claims, small_cover, small_records, small_report, toll_text

from analysis.errors import NumberUntied
from analysis.month import Month
from analysis.proofreading.drawn_letters import letter_of
from analysis.proofreading.fixed_texts import Fixed, fixed_of
from analysis.proofreading.number_check import check_report, untied
from analysis.proofreading.page_numbers import read_html
from analysis.proofreading.shown_forms import shown_forms
from analysis.proofreading.untied import Untied
from analysis.rendering.document import Document, Numbered
from analysis.rendering.html_writer import write_html
from analysis.rendering.typst_writer import begin_pdf
from analysis.sections.figures import calendar_figures
from analysis.sections.narrative import Story
from analysis.toll.claims import Claim, Ledger
from analysis.toll.days import BESIDE, days_of

MONTH = Month(2020, 11)


@pytest.fixture(scope="module")
def document() -> Document:
    return small_report()


@pytest.fixture(scope="module")
def page(document: Document) -> str:
    return write_html(document)


@pytest.fixture(scope="module")
def fixed(document: Document) -> Fixed:
    return fixed_of(document, small_records())


def found(page: str, document: Document, fixed: Fixed) -> list[Untied]:
    return untied(read_html(page), document.ledger, fixed, when=MONTH)


def test_a_report_as_it_was_made_has_nothing_untied(document, page, fixed):
    assert found(page, document, fixed) == []
    check_report(document, page, begin_pdf(document), small_records())


def day_claims(on_the_fifth: int) -> tuple[Claim, ...]:
    numbers = {str(day): 0 for day in (*days_of(MONTH), *BESIDE)} | {"2020-11-05": on_the_fifth, "earlier": 3}
    stem = "civilians.month.day"
    return tuple(Claim(f"{stem}.{day}", dead, "people", "M5", day, dead, "ab" * 32) for day, dead in numbers.items())


def test_calendar_draws_what_its_table_holds_and_names_days_without_a_death_too() -> None:
    days = day_claims(9)
    (figure,), (other,) = (calendar_figures(Story(Ledger([*claims(), *made]), MONTH)) for made in (days, day_claims(8)))
    right, wrong = (
        small_report(figure=one, more=days, toll="## The toll") for one in (figure, replace(figure, svg=other.svg))
    )
    check_report(right, write_html(right), begin_pdf(right), small_records())
    said = {one.words: one.why for one in found(write_html(wrong), wrong, fixed_of(wrong, small_records()))}
    assert said == {"8": "the chart draws it and its table does not hold it",
                    "9": "the chart's table holds it and the chart does not draw it"}  # fmt: skip


TOLL, FIRST = "'I. The toll'", "the first page"
KILLED = "parties to the conflict killed"
RUSSIA = 'href="#claim-civilians.month.party.russia">5'
LEDGER = 'women counts</td><td class="text">'
# Each edit: what stands on the page, what is put there, and the words and the place that must be named.
EDITS = {
    "a digit in a paragraph": ('class="claim">12</a> civ', 'class="claim">13</a> civ', "13", TOLL),
    "a number word": (">three</a> children", ">four</a> children", "four", TOLL),
    "a number typed": (KILLED, f"17 {KILLED}", "17", TOLL),
    "a number word typed": (KILLED, f"eleven {KILLED}", "eleven", TOLL),
    "a superlative typed": (KILLED, f"the deadliest {KILLED}", "deadliest", TOLL),
    "a comparison typed": (KILLED, f"more than ever {KILLED}", "more than", TOLL),
    "a trend turned round": (">fell steeply<", ">rose steeply<", "rose steeply", TOLL),
    "fewer turned to more": (" fewer than in October", " more than in October", "18 more than in", TOLL),
    "a fall turned to a rise": (", a fall of ", ", a rise of ", "rise", TOLL),
    "the month compared with": ("fewer than in October 2020", "fewer than in October 2019", "18 fewer", TOLL),
    "a rank": (">second highest<", ">highest<", "highest", TOLL),
    "a share": (">60%<", ">16%<", "16%", TOLL),
    "a zero": (">none<", ">one<", "one", TOLL),
    "a fixed date": ("since March 2011", "since March 2012", "2012", "Notes"),
    "a note's number": (">1</a></sup>", ">2</a></sup>", "2", TOLL),
    "a table cell": (f"{RUSSIA}</a></td>", f"{RUSSIA[:-1]}6</a></td>", "6", "row 'Russian forces'"),
    "a cell without its link": (f'<a class="claim" {RUSSIA}</a></td>', "5</td>", "5", "column 'Civilians killed'"),
    "a published share": (">42%</a>", ">79%</a>", "79%", "row 'Published share'"),
    "a caption": ("</b> Civilians killed, November", "</b> 14 civilians killed, November", "14", "Table 1"),
    "a table's number": ("<b>Table 1</b>", "<b>Table 2</b>", "Table 2", "Table 2"),
    "a note below a table": ("Who is not named", "Half of them and who is not named", "Half", "Table 1"),
    "a heading": ('russia">To Russia</h', 'russia">To Russia and 7 others</h', "7", "To Russia"),
    "the contents": ('russia">To Russia</a>', 'russia">To Russia and 7 others</a>', "7", "before the first section"),
    "an alt text": ("Oct 30 and Nov 12.", "Oct 30 and Nov 13.", "13", "Chart 1"),
    "an alt text with its numbers exchanged": ("Oct 30 and Nov 12.", "Oct 12 and Nov 30.", "12", "Chart 1"),
    "the title": ("<title>12 civilians", "<title>13 civilians", "13", "the page's title"),
    "the headline": ("<h1>12 civilians", "<h1>13 civilians", "13", FIRST),
    "the headline's order": ("<h1>12 civilians killed", "<h1>Two civilians and 12 killed", "12", FIRST),
    "a large number": ('civilians.month">12</a>', 'civilians.month">21</a>', "21", FIRST),
    "the records counted": ("month, 12 counted", "month, 11 counted", "11", FIRST),
    "the vintage": ("vintage 0 of", "vintage 1 of", "1", FIRST),
    "the date in the page's properties": ('content="2020-12-01"', 'content="2021-12-01"', "2021", "properties"),
    "a word read aloud": ('aria-label="Table 1.', 'aria-label="Table 1, 99 dead.', "99", "To Russia"),
    "the ledger's value": ('<td class="number">-18</td>', '<td class="number">-81</td>', "-81", "'Value'"),
    "the ledger's definition": ("month women counts", "month girls counts", "month girls counts", "'What it counts'"),
    "the ledger's rule": (f"{LEDGER}M1<", f"{LEDGER}M2<", "M2", "'Rule'"),
    "the ledger's records": (f'{LEDGER}M1</td><td class="number">2<', f'{LEDGER}M1</td><td class="number">9<', "9",
                             "'Records'"),
    "the code of a part": ("show(2)", "show(99)", "show(99)", ""),
    "a word brought by the style sheet": ("</style>", "p::after { content: '99' }</style>", "", "properties"),
}  # fmt: skip


@pytest.mark.parametrize("name", EDITS)
def test_an_edit_of_the_page_is_found_with_its_place(name: str, document, page, fixed):
    stands, put, words, place = EDITS[name]
    assert stands in page
    faults = found(page.replace(stands, put, 1), document, fixed)
    assert any(words in fault.words and place in fault.place for fault in faults), faults


def test_a_link_moved_to_another_claim_is_found(document, page, fixed):
    moved = page.replace('month.children" class="claim">three', 'month.women" class="claim">three')
    assert moved != page
    assert [fault.words for fault in found(moved, document, fixed)] == ["three"]


def test_a_claim_whose_row_is_gone_is_found(document, page, fixed):
    row = re.search(r'<tr id="claim-civilians\.month\.women">.*?</tr>', page)[0]
    assert [fault.words for fault in found(page.replace(row, ""), document, fixed)] == ["civilians.month.women"]


def drawn_in(document: Document) -> str:
    """The chart's SVG."""
    return next(block.block.svg for block in document.blocks if isinstance(block, Numbered) and block.kind == "figure")


def test_another_chart_is_found(document, page, fixed):
    picture = base64.b64encode(drawn_in(document).encode()).decode()
    other = base64.b64encode(drawn_in(document).replace("#b9b2a8", "#000000").encode()).decode()
    why = {one.why for one in found(page.replace(picture, other), document, fixed)}
    assert why == {"it is not the chart that the notebook drew"}


def test_a_label_drawn_otherwise_than_its_table_says_is_found_in_the_notebook_itself():
    # The first letter of 30 gets the shape of the second: the chart draws 00, its table holds 30.
    names = re.findall(r'<use xlink:href="(#[\w-]+)"', chart().svg)
    three, zero = (next(name for name in names if letter_of(name) == letter) for letter in "30")
    svg = chart().svg.replace(f'<use xlink:href="{three}"', f'<use xlink:href="{zero}"')
    drawn = small_report(figure=replace(chart(), svg=svg))
    faults = found(write_html(drawn), drawn, fixed_of(drawn, small_records()))
    place = "section 'To Russia', Chart 1"
    assert {(fault.words, fault.place) for fault in faults} == {("00", place), ("30", place)}


def test_what_is_wrong_stops_the_build_with_its_number_and_the_first_three(document, page):
    edited = re.sub(r">12</a>", ">13</a>", page)
    with pytest.raises(
        NumberUntied, match=r"^\d+ numbers .*'13' in the first page \(the claim civilians\.month is 12\)"
    ):
        check_report(document, edited, begin_pdf(document), small_records())
    assert NumberUntied.exit_code == 1


def test_a_number_in_the_reason_of_a_revision_is_let_through_only_when_it_was_given():
    cover = replace(small_cover(), notices=("This is a revision. Reason: 4 records were withdrawn.",))
    revised = small_report(cover=cover)
    page, reason = write_html(revised), "4 records were withdrawn."
    assert [fault.words for fault in found(page, revised, fixed_of(revised, small_records()))] == ["4"]
    assert found(page, revised, fixed_of(revised, small_records(), said=[reason])) == []


SINCE = (
    Claim("since_revision.revision", 2, "revision", "M7", "the revision", basis="method"),
    Claim("since_revision.replaces", 1, "revision", "M7", "the revision before", basis="method"),
    Claim("since_revision.before.civilians.month", 11, "people", "M1", "the toll before", basis="published"),
)


@pytest.mark.parametrize(("before", "untied_words"), [("11", []), ("10", ["10"])])
def test_the_notice_of_a_revision_says_what_its_claims_say(before: str, untied_words: list[str]):
    said = f"This is revision 2 of the report; it replaces revision 1. Civilians killed: {before} before, 12 now."
    revised = small_report(cover=replace(small_cover(), notices=(said,)), more=SINCE)
    faults = found(write_html(revised), revised, fixed_of(revised, small_records()))
    assert [fault.words for fault in faults] == untied_words


def test_a_heading_may_not_address_a_party_without_a_toll():
    toll = toll_text().replace("### To Russia", "### To the US-led coalition")
    other = small_report(toll=toll)
    with pytest.raises(NumberUntied, match=r"To the US-led coalition.*the toll of coalition in 2020-11 is zero"):
        check_report(other, write_html(other), begin_pdf(other), small_records())


@pytest.mark.parametrize(
    ("value", "unit", "forms"),
    [
        (7, "people", {"7", "seven", "Seven"}),
        (0, "people", {"0", "none", "None"}),
        (1635, "people", {"1,635"}),
        (26.74, "percent", {"26.7%", "nearly 27%", "Nearly 27%"}),
        ("2020-02", "month", {"2020-02", "February 2020"}),
        ("2020-12-01", "date", {"1 December 2020"}),
    ],
)
def test_a_claim_is_shown_in_the_forms_that_the_wording_makes(value, unit: str, forms: set[str]):
    assert forms <= shown_forms(Claim("civilians.month", value, unit, "M1", "invented"), MONTH, "en")


def test_a_neighbouring_value_is_no_form_of_a_claim():
    shown = shown_forms(Claim("civilians.month", 7, "people", "M1", "invented"), MONTH, "en")
    assert not shown & {"6", "8", "six", "eight", "07", "7%", "17"}
