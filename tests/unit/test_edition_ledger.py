"""The claims of an edition: whoever lays all its reports of a year side by side learns no small number of people."""

from dataclasses import replace
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from invented_records import month_records, year_of_records

from analysis.month import Month
from analysis.secrets import pseudonym_secret
from analysis.sections.narrative import Story
from analysis.sections.tables import occupation_table
from analysis.toll.bounds import Range, Sum, possible
from analysis.toll.claims import Claim, Ledger
from analysis.toll.definitions import OCCUPATIONS
from analysis.toll.edition_ledger import HALF, TOLL, occupation_ranges, year_ranges
from analysis.toll.monthly import monthly_ledger
from analysis.toll.periodic import periodic_ledger
from analysis.toll.pseudonyms import nameless
from analysis.toll.report_records import ReportRecords, read_report_records

LIMIT = 5
YEAR = [Month(2020, number) for number in range(1, 13)]


@pytest.fixture(scope="module", autouse=True)
def _keys(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TOLL_KEYS", str(tmp_path_factory.mktemp("keys")))
        yield


@pytest.fixture(scope="module")
def public(sample_table):
    """A report's records as the public edition knows them."""
    return cache(lambda when: read_report_records(when, location=sample_table, edition="public"))


@pytest.fixture(scope="module")
def ledger(public) -> Ledger:
    return monthly_ledger(public("2020-11"), [])


def year_of(months: list[tuple[list[int], int]]) -> dict[str, int]:
    """The cells of some months of a year: each month's people by occupation, and how many others were killed."""
    values = {}
    for month, (people, others) in zip(YEAR, months, strict=False):
        values |= {f"{code}.{month}": number for code, number in zip(OCCUPATIONS, people, strict=True)}
        values[f"{TOLL}.{month}"] = sum(people) + others
    for code in OCCUPATIONS:
        so_far = [values.get(f"{code}.{month}", 0) for month in YEAR]
        values |= {f"{code}.ytd.{month}": sum(so_far[: nth + 1]) for nth, month in enumerate(YEAR)}
        values[f"{code}.{HALF}"] = sum(so_far[6:])
    return values


def what_reports_tell(values: dict[str, int], months: list[Month]) -> tuple[dict[str, int], dict[str, Range]]:
    """Each month's report as it came out: its own month and the year so far, shown as they are or as a range."""
    shown, ranges = {f"{TOLL}.{month}": values[f"{TOLL}.{month}"] for month in months}, {}
    for nth, month in enumerate(months, 1):
        told = year_ranges(values, months[:nth], LIMIT)
        for cell in [f"{code}.{span}{month}" for code in OCCUPATIONS for span in ("", "ytd.")]:
            ranges |= {cell: told[cell]} if cell in told else {}
            shown |= {} if cell in told else {cell: values[cell]}
    return shown, ranges


def arithmetic(months: list[Month]) -> list[Sum]:
    years = [
        Sum(f"{code}.ytd.{month}", tuple(f"{code}.{one}" for one in months[: nth + 1]))
        for code in OCCUPATIONS for nth, month in enumerate(months)
    ]  # fmt: skip
    tolls = [Sum(f"{TOLL}.{month}", tuple(f"{code}.{month}" for code in OCCUPATIONS), open=True) for month in months]
    return years + tolls


MONTHS = st.lists(st.tuples(st.lists(st.sampled_from([0, 0, 0, 1, 2, 4, 5, 9]), min_size=4, max_size=4),
                            st.sampled_from([0, 1, 3, 40])), min_size=1, max_size=4)  # fmt: skip


@settings(max_examples=25, deadline=None)
@given(MONTHS)
def test_all_reports_of_a_year_together_tell_no_small_number(months: list[tuple[list[int], int]]) -> None:
    values, reported = year_of(months), YEAR[: len(months)]
    shown, ranges = what_reports_tell(values, reported)
    for cell in [f"{code}.{month}" for code in OCCUPATIONS for month in reported]:
        if 0 < values[cell] < LIMIT:
            left = possible(cell, shown, ranges, arithmetic(reported))
            assert left.low < left.high, (cell, ranges)
            toll = values[f"{TOLL}.{cell[-7:]}"]
            if toll - sum(values[f"{code}.{cell[-7:]}"] for code in OCCUPATIONS) >= 4 * LIMIT:
                assert left.holds(Range(1, LIMIT - 1)), (cell, ranges)


def test_a_year_so_far_is_withheld_where_it_less_the_year_before_would_be_the_month() -> None:
    values = year_of([([20, 0, 0, 0], 90), ([3, 0, 0, 0], 90)])
    told = year_ranges(values, YEAR[:2], LIMIT)
    assert {cell: str(kept) for cell, kept in told.items()} == {
        "medical.2020-02": "1–4",
        "medical.ytd.2020-02": "21–24",
    }


def test_a_year_so_far_is_shown_again_once_it_tells_no_month() -> None:
    # 1 + 6 + 2: nothing can be told from 13 of five months that could be 1 to 4 each.
    values = year_of([([one, 0, 0, 0], 90) for one in (1, 6, 2, 0, 0, 0, 0, 1, 3)])
    assert "medical.ytd.2020-08" in year_ranges(values, YEAR[:8], LIMIT)
    assert "medical.ytd.2020-09" not in year_ranges(values, YEAR[:9], LIMIT)


def test_where_few_were_killed_a_zero_is_not_shown_either() -> None:
    # One person was killed, a journalist: that there was no medical worker would tell it.
    told = year_ranges(year_of([([0, 1, 0, 0], 0)]), YEAR[:1], LIMIT)
    assert {str(told[f"{code}.2020-01"]) for code in OCCUPATIONS} == {"0–1"}


def test_a_month_without_deaths_is_shown_as_it_is() -> None:
    assert year_ranges(year_of([([0, 0, 0, 0], 0)]), YEAR[:1], LIMIT) == {}


def test_a_second_half_is_withheld_where_its_months_would_follow(public) -> None:
    # Media workers of July to December 2020: one in October, one in December (METHOD M15).
    assert str(occupation_ranges(public("2020-H2"), LIMIT)["media.half"]) == "2–8"


def test_the_year_and_its_months_show_what_their_own_reports_showed(public) -> None:
    year, december = (occupation_ranges(public(when), LIMIT) for when in ("2020", "2020-12"))
    assert year["media.year"] == december["media.ytd"]
    assert year["media.year.month.2020-12"] == december["media.month"] == Range(1, 4)


def test_a_small_count_of_the_sample_month_is_a_range_wherever_it_stands(ledger: Ledger) -> None:
    # 2020 up to November: media workers 4, civil defence 3, medical personnel 13 (data/published).
    assert [ledger.value(f"{code}.ytd") for code in OCCUPATIONS] == [13, "3–12", "1–4", 0]
    assert ledger["media.ytd"].records is None
    story = Story(ledger, Month(2020, 11), links=False, edition="public")
    assert [row.cells[2].text for row in occupation_table(story).rows] == ["13", "3–12", "1–4", "0"]
    assert "1–4 since the beginning of the year" in story.text("occupations")
    assert story.people("media.ytd", "media") == "3–12 media workers"


def test_what_would_tell_a_range_is_not_claimed(ledger: Ledger, november_ledger: Ledger) -> None:
    gone = set(november_ledger) - set(ledger)
    assert {f"{code}.{span}.{part}" for code in OCCUPATIONS for span in ("month", "ytd")
            for part in ("children", "women")} <= gone  # fmt: skip
    assert not [one for one in ledger if one.split(".")[:2][-1] in OCCUPATIONS and one.startswith("published.")]
    assert not [claim.id for claim in ledger.values() if set(claim.of) & (gone | {"media.ytd", "civil_defense.ytd"})]


def few_people(edition: str, **changes: object) -> ReportRecords:
    """A month of three invented people, as an edition knows them."""
    read = month_records(year_of_records((3,)).assign(**changes))
    return replace(read, window=nameless(read.window, pseudonym_secret()), edition=edition)


def test_in_how_many_records_an_occupation_is_given_is_not_claimed() -> None:
    claims = monthly_ledger(few_people("public", allocated=[["occupation", "sex"]] * 3), [])
    assert "records.month.allocated.sex" in claims
    assert "records.month.allocated.occupation" not in claims


def test_claims_that_count_the_same_people_have_digests_of_their_own(ledger: Ledger, november_ledger: Ledger) -> None:
    same = ("civilians.month", "civilians.ytd.month.2020-11")
    assert len({november_ledger[one].digest for one in same}) == 1
    assert len({ledger[one].digest for one in same}) == 2


@pytest.mark.parametrize("edition", ["public", "auditor"])
def test_a_digest_hangs_on_the_secret(edition: str, tmp_path, monkeypatch) -> None:
    one, again = (monthly_ledger(few_people(edition), []) for _ in range(2))
    monkeypatch.setenv("TOLL_KEYS", str(tmp_path))
    other = monthly_ledger(few_people(edition), [])
    counting = [claim for claim in one if one[claim].records]
    assert counting
    assert one.to_json() == again.to_json()
    assert not {other[claim].digest for claim in counting} & {one[claim].digest for claim in counting}


def test_an_edition_for_auditors_counts_the_same_by_pseudonyms(sample_table, november_ledger: Ledger) -> None:
    claims = monthly_ledger(read_report_records("2020-11", location=sample_table, edition="auditor"), [])
    assert {one.id: one.value for one in claims.values()} == {one.id: one.value for one in november_ledger.values()}
    both = [one for one in claims.values() if one.records]
    assert both
    assert not [one for one in both if one.digest == november_ledger[one.id].digest]


def test_a_half_year_of_the_public_edition_adds_up_where_it_shows_numbers(public) -> None:
    claims = periodic_ledger(public("2020-H1"), {})
    assert str(claims.value("media.half")) == "2–8"
    assert claims.value("civilians.half") == sum(claims.count(f"civilians.half.month.{month}") for month in YEAR[:6])


def test_a_range_in_arabic_reads_from_right_to_left() -> None:
    claim = Claim("media.month", "1–4", "range", "M15", "media workers")
    story = Story(Ledger([claim]), Month(2020, 11), "ar", links=False)
    assert story.number("media.month") == "1 إلى 4"
