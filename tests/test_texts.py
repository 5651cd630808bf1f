"""Every text of every month of 2020: each number leads to its claim, and the sentences are whole."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise

import nbformat
import pandas as pd
import pytest
from invented_country import one_death_in_bolivia, year_of_bolivia

from analysis.month import Month
from analysis.places import NOTEBOOKS
from analysis.quality.gate import Finding, Status
from analysis.records.counted import counted
from analysis.rendering.markdown import Node, parse_prose, plain, walk
from analysis.sections.blocks import claim_anchor
from analysis.sections.cases import DATES, massacre_texts, notable_cases
from analysis.sections.conclusions import conclusions_text
from analysis.sections.cover import report_cover
from analysis.sections.narrative import Story
from analysis.sections.wording import day, month_name, wording
from analysis.toll.claims import Ledger
from analysis.toll.monthly import monthly_ledger
from analysis.toll.outside import read_external, read_references
from analysis.toll.report_records import ReportRecords, read_report_records

FORBIDDEN = {*wording("en")["forbidden_numbers"], *wording("en")["forbidden_superlatives"]}
WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?")

# Words that look like a broken sentence. Code spans and addresses are not looked at.
BROKEN = {
    "two spaces": r"  ",
    "a space before a mark": r" [,.;:)]",
    "an empty bracket or list": r"\(\s*\)|[:,;(]\s*[.,;)]|\band\s*[.,;]",
    "a mark twice": r"[.,;:]{2}",
    "a lower-case start": r"(?<!No)[.?!]['\")]* [a-z]",
    "no space after a mark": r"[a-z)][.;][A-Z]|,[A-Za-z]|[:;][a-z]",
    "a word twice": r"\b(\w+) \1\b",
    "a leftover of the template": r"[{}\[\]]|None(?! of)|nan|NaT|Undefined|_[a-z]",
    "one with a plural": r"\b[Oo]ne (civilians|children|women|massacres|deaths|records|checks|figures|\w+ workers)\b",
    "several with a singular": r"\b(two|nine|1\d) (civilian|child|woman|massacre|death|record|check|figure)\b",
    "a verb in the wrong number": r"\b[Oo]ne (death|massacre)( due to torture)? were\b|s( due to torture)? was doc",
}


def finding(check_id: str, status: Status) -> Finding:
    return Finding("s", check_id, "e", check_id, "warning", status, 5, 0, (), "", "reason", "M22", "Do something.")


FINDINGS = [finding("a", "passed"), finding("b", "failed"), finding("c", "not_exercised"), finding("d", "passed")]


@dataclass(frozen=True)
class Told:
    """A month with every text that its notebook shows, by name."""

    records: ReportRecords
    story: Story
    texts: dict[str, str]


@pytest.fixture(scope="session")
def month_of(sample_table: str) -> Callable[[int], Told]:
    """A month of 2020 by its number, made once."""

    @cache
    def month(number: int) -> Told:
        return told_of(read_report_records(Month(2020, number), location=sample_table))

    return month


def told_of(records: ReportRecords) -> Told:
    story = Story(monthly_ledger(records, FINDINGS), records.month, profile=records.profile)
    return Told(records, story, texts_of(records, story))


OF_2020 = {f"2020-{number:02d}": number for number in range(1, 13)}
OF_BOLIVIA = {"a month in Bolivia": year_of_bolivia, "one death in Bolivia": one_death_in_bolivia}


@pytest.fixture(scope="module", params=[*OF_2020, *OF_BOLIVIA])
def told(request: pytest.FixtureRequest, month_of: Callable[[int], Told]) -> Told:
    """Each month of the sample, and months of a country that has no texts of its own."""
    if request.param in OF_2020:
        return month_of(OF_2020[request.param])
    return told_of(OF_BOLIVIA[request.param]())


def plainly(told: Told) -> Story:
    """The month's story without links."""
    return replace(told.story, links=False)


def texts_of(records: ReportRecords, story: Story) -> dict[str, str]:
    """Every text that the notebook shows, by name: the plain templates and those that modules put together."""
    cells = nbformat.read(NOTEBOOKS / "monthly_report.ipynb", as_version=4).cells
    code = "\n".join(cell.source for cell in cells if cell.cell_type == "code")
    texts = {name: story.text(name) for name in re.findall(r'Story\.text, stories, "(\w+)"', code)}
    texts |= {name: story.own_text(name) for name in re.findall(r'Story\.own_text, stories, "(\w+)"', code)}
    return texts | {
        "cases": notable_cases(story, records),
        "incidents": massacre_texts(story, records),
        "conclusions": conclusions_text(story),
        "cover": f"## {report_cover(story, records).title}\n",
    }


def zeroed(story: Story, *stems: str) -> Story:
    """The story with every claim under some stems at zero, its ranks and shares gone."""
    claims = [
        replace(claim, value=0) if claim.id.startswith(stems) else claim
        for claim in story.ledger.values()
        if not (claim.id.startswith(stems) and claim.unit in ("rank", "percent", "month"))
    ]
    return replace(story, ledger=Ledger(claims))


def words_outside_links(nodes: tuple[Node, ...]) -> Iterator[str]:
    """The text of a parsed text that no link holds, notes included."""
    for node in nodes:
        if node.kind == "link":
            yield " "
        elif node.kind in ("text", "code", "heading"):
            yield node.text
        else:
            yield from words_outside_links(node.children)
            yield " " if node.kind in ("paragraph", "item") else ""


def said_by_data(records: ReportRecords, story: Story) -> list[str]:
    """What may hold a digit without a claim: fixed texts, outside sources, month names, ids and dates of records."""
    months = [*story.month.year_so_far, story.month.shift(-1), story.month.shift(-12)]
    external = [f"{row['source']}, {row['source_date']}" for _, row in read_external().iterrows()]
    incidents = list(records.window["incident_id"].dropna().unique())
    return [*read_references()["text_en"], *external, *incidents, *record_dates(records),
            *(month_name(month, "en") for month in months)]  # fmt: skip


def record_dates(records: ReportRecords) -> list[str]:
    people = counted(records.window)
    return [
        day(when, "en", precision)
        for field in DATES.values()
        for when, precision in zip(people[field], people[f"{field}_precision"], strict=True)
        if not pd.isna(when) and precision in ("day", "month", "year")
    ]


def test_every_number_of_a_text_is_a_link_to_its_claim(told: Told):
    known = sorted(set(said_by_data(told.records, told.story)), key=len, reverse=True)
    allowed = re.compile("|".join(map(re.escape, known)))
    offenders = []
    for name, text in told.texts.items():
        rest = allowed.sub(" ", "".join(words_outside_links(parse_prose(text))))
        found = [word for word in WORD.findall(rest) if word.lower() in FORBIDDEN or any(map(str.isdigit, word))]
        offenders += [(name, word) for word in found if name != "cover"]  # a title holds no links
    assert not offenders


def test_every_link_of_a_text_leads_to_a_claim_or_to_an_address(told: Told):
    anchors = {f"#{claim_anchor(claim)}" for claim in told.story.ledger}
    links = [node.href for text in told.texts.values() for node in walk(parse_prose(text)) if node.kind == "link"]
    # A month's texts are full of numbers; there is less to say of a single death.
    assert sum(link in anchors for link in links) > (20 if told.story.ledger.count("civilians.month") == 1 else 50)
    assert not [link for link in links if link not in anchors and not link.startswith("https://")]


def test_every_text_is_made_of_whole_sentences(told: Told):
    offenders = [
        (name, kind, found[0], line[max(0, found.start() - 40) : found.end() + 20])
        for name, text in told.texts.items()
        for line in lines_of(parse_prose(text))
        for kind, pattern in BROKEN.items()
        if (found := re.search(pattern, line))
    ]
    assert not offenders


def lines_of(nodes: tuple[Node, ...]) -> Iterator[str]:
    """The words of each paragraph and heading as a reader sees them, those of notes too; code left out."""
    for node in walk(nodes):
        if node.kind == "heading":
            yield node.text.removesuffix(" {-}")  # the mark of a heading without a numeral, taken off by the document
        elif node.kind == "paragraph":
            yield plain(tuple(Node("text", "code") if one.kind == "code" else one for one in node.children))


def test_every_paragraph_starts_with_a_capital_and_ends_with_a_mark(told: Told):
    paragraphs = [
        (name, plain(node.children))
        for name, text in told.texts.items()
        for node in walk(parse_prose(text))
        if node.kind == "paragraph"
    ]
    assert not [
        one for one in paragraphs if one[1][:1].islower() or one[1][-1:] not in ".:" or one[1] != one[1].strip()
    ]


def test_what_announces_a_list_is_followed_by_one_and_no_item_is_empty(told: Told):
    offenders = []
    for name, text in told.texts.items():
        nodes = parse_prose(text)
        for node, following in pairwise([*nodes, Node("end")]):
            if node.kind == "paragraph" and plain(node.children).endswith(":") and following.kind != "list":
                offenders.append((name, plain(node.children)))
        offenders += [(name, "empty item") for node in walk(nodes) if node.kind == "item" and not plain(node.children)]
    assert not offenders


def test_no_line_starts_with_a_space_that_the_writer_left(told: Told):
    assert not [
        (name, line) for name, text in told.texts.items() for line in text.splitlines() if re.match(r" \S", line)
    ]


# -- single months -----------------------------------------------------------------------------------------------------


def test_january_does_not_say_the_year_so_far_beside_the_same_number(month_of):
    told = "".join(month_of(1).texts[name] for name in ("background", "toll", "torture", "occupations", "massacres"))
    assert "beginning of the year" not in told
    assert "year so far" not in told


@pytest.mark.parametrize("number", [2, 11, 12])
def test_from_february_on_the_year_so_far_is_said(month_of, number: int):
    for name in ("toll", "torture", "occupations", "massacres"):
        assert "since the beginning of the year" in month_of(number).texts[name].lower(), name


def test_a_party_without_torture_is_not_named_under_torture(month_of):
    # November 2020 as published: regime 25, Armed Opposition one, Syrian Democratic Forces three, others one.
    told = plainly(month_of(11)).text("torture")
    lines = [line for line in told.splitlines() if line.startswith("- ")]
    assert lines == [
        "- Syrian regime forces: 25.",
        "- The Armed Opposition and the Syrian National Army: one.",
        "- The Syrian Democratic Forces: three.",
        "- Other parties: one.",
    ]


def test_a_month_without_torture_says_so_and_lists_no_party(month_of):
    story = plainly(month_of(11))
    told = zeroed(story, "torture.month").text("torture")
    assert "No death due to torture was documented in November 2020." in told
    assert "By party" not in told
    assert "\n- " not in told


def test_a_month_without_a_massacre_says_so(month_of):
    story = plainly(month_of(11))
    told = zeroed(story, "massacres.month").text("massacres")
    assert "No massacre was documented in November 2020." in told
    assert "\n- " not in told


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (12, "In December 2020, one massacre was documented. It killed five civilians."),
        (11, "In November 2020, two massacres were documented. They killed 11 civilians, including one child."),
    ],
)
def test_one_massacre_was_and_two_were_documented(month_of, number: int, words: str):
    assert words in plainly(month_of(number)).text("massacres")


def test_a_zero_of_an_occupation_is_stated_and_leads_to_its_claim(month_of):
    told = month_of(11).texts["occupations"]
    assert "- **Media workers**: [none](#claim-media.month) documented in November 2020; " in told


def test_the_toll_is_called_a_minimum_where_it_is_said(month_of):
    for name in ("toll", "background"):
        assert "minimum" in month_of(11).texts[name]


def test_the_highest_since_names_the_last_month_with_as_many_and_only_after_a_rise(month_of):
    # Tolls of 2020 as published: 286, 276, 145 … 126 in October, 172 in November, 99 in December.
    told = {number: plainly(month_of(number)).text("toll") for number in (11, 12)}
    assert "the third highest; the last month with as many or more was February 2020." in told[11]
    assert "the last month" not in told[12]


def test_a_month_that_others_share_the_first_place_with_names_the_other(month_of):
    story = plainly(month_of(11))
    claims = dict(story.ledger)
    since = "torture.month.highest_since"
    shared = replace(
        story, links=False, ledger=Ledger((claims | {since: replace(claims[since], value="2020-06")}).values())
    )
    assert "the highest of the year so far, as high as that of June 2020." in shared.text("torture")
    assert "the highest of the year so far.\n" in story.text("torture")


def test_outside_figures_are_cited_with_their_source_and_only_while_current(month_of):
    november, december = (month_of(number).texts["covid"] for number in (11, 12))
    assert "[413](#claim-external.covid_deaths)" in november
    assert "2020-11-29, <https://snhr.org/" in november
    assert "covid_deaths" not in december
    assert "No outside figure that is current for December 2020" in december


def test_before_the_disease_nothing_is_said_of_it(month_of):
    told = month_of(1).texts["covid"]
    assert "For January 2020 none are held" in told
    assert "hospitals" not in told
