"""Each party's toll as counted, at least and at most, whichever way open cases go (METHOD M10)."""

from dataclasses import replace

import pytest
from invented_records import month_records, records

from analysis.errors import ClaimsContradict
from analysis.month import Month
from analysis.period import Span
from analysis.sections import attribution
from analysis.sections.narrative import Story
from analysis.toll.attribution import attribution_ledger
from analysis.toll.claims import Ledger
from analysis.toll.consistency import require_consistent
from analysis.toll.report_records import ReportRecords, read_report_records, read_span

SPAN = Span(Month(2020, 10), Month(2020, 11))
OPEN = {"party": "other", "bucket": "unidentified_bombings", "responsibility": "either"}
# Three of the regime alone; one that it killed together with Russian forces; two under other parties that could be
# either's; one that could be of the SDF, which has no toll; one open without candidates; one without a party.
CASES = [
    {}, {}, {}, {"responsibility": "joint", "candidate_parties": "syrian_regime|russia"},
    *[OPEN | {"candidate_parties": "syrian_regime|russia"}] * 2, OPEN | {"candidate_parties": "sdf"}, OPEN,
    {"party": ""},
]  # fmt: skip
BOUNDS = {  # as counted, least, most
    "syrian_regime": (4, 3, 6),
    "russia": (0, 0, 3),
    "sdf": (0, 0, 1),
    "other": (4, 1, 4),
    "isis": (0, 0, 0),
    "not_recorded": (1, 1, 1),
}


@pytest.fixture(scope="module")
def read() -> ReportRecords:
    return month_records(records(*CASES), SPAN)


@pytest.fixture(scope="module")
def ledger(read: ReportRecords) -> Ledger:
    return attribution_ledger(read, {})


@pytest.mark.parametrize(("party", "bounds"), BOUNDS.items())
def test_a_party_s_toll_lies_between_what_no_other_and_what_it_could_have_done(
    ledger: Ledger, party: str, bounds: tuple[int, int, int]
) -> None:
    stem = f"civilians.span.party.{party}"
    assert tuple(ledger.value(one) for one in (stem, f"{stem}.least", f"{stem}.most")) == bounds
    lost, gained = (ledger.count(f"{stem}.{part}") for part in ("may_lose", "may_gain"))
    assert (bounds[0] - lost, bounds[0] + gained) == bounds[1:]


def test_open_cases_without_candidates_are_said_apart(ledger: Ledger) -> None:
    found = {one: ledger.value(f"civilians.span.{one}") for one in ("either.named", "either.unnamed", "joint.named")}
    assert found == {"either.named": 3, "either.unnamed": 1, "joint.named": 1}


def test_a_party_without_a_toll_is_told_where_it_could_have_one(ledger: Ledger) -> None:
    text = attribution.bounds_text(Story(ledger, SPAN, links=False))
    assert "The Syrian Democratic Forces: no civilians as counted, with a floor of 0 and a ceiling of 1." in text
    assert "ISIS" not in text


def test_the_reconstruction_has_one_joint_case_between_two_parties(sample_table: str) -> None:
    # SY-2020: one attack of the regime and Russian forces together (data/reconstruction/known_records.csv).
    read = read_report_records(read_span(location=sample_table), location=sample_table)
    ledger = attribution_ledger(read, {})
    stem = "civilians.span.party"
    assert [ledger.value(f"{stem}.syrian_regime{part}") for part in ("", ".least", ".most")] == [432, 431, 432]
    assert [ledger.value(f"{stem}.russia{part}") for part in ("", ".least", ".most")] == [211, 211, 212]


def test_a_bound_on_the_wrong_side_of_the_toll_contradicts_it(ledger: Ledger) -> None:
    stem = "civilians.span.party.syrian_regime"
    swapped = {f"{stem}.least": ledger[f"{stem}.most"].value, f"{stem}.most": ledger[f"{stem}.least"].value}
    wrong = Ledger(replace(claim, value=swapped.get(claim.id, claim.value)) for claim in ledger.values())
    with pytest.raises(ClaimsContradict, match=r"syrian_regime\.least is 6"):
        require_consistent(wrong)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_bounds_are_told_and_drawn_in_each_language(read: ReportRecords, language: str) -> None:
    story = Story(attribution_ledger(read, {}, language=language), SPAN, language)
    assert "#claim-civilians.span.party.sdf.most" in attribution.bounds_text(story)
    assert "#claim-civilians.span.either.unnamed" in story.text("attribution_open")
    assert attribution.bounds_figure(story).numbers.columns[-1].key == "most"
    assert attribution.attribution_cover(story, read).headlines[0].value == "9"
    assert [row.cells[1].text for row in attribution.open_table(story).rows] == ["3", "1"]
    assert attribution.bounds_table(story).rows[-1].cells[1].text == "9"
