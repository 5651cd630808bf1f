"""The second count: in SQL, from METHOD's words, and the third, of the auditor's script, beside the first."""

import ast
import hashlib
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import narwhals as nw
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from invented_records import month_records, records, text_records

from analysis.audit import recount, sql_count, sql_filter
from analysis.audit.sql_count import Counted, sql_counts
from analysis.month import Month
from analysis.period import Span, parse_when
from analysis.records.counted import counted
from analysis.toll import definitions
from analysis.toll.attribution import attribution_ledger
from analysis.toll.claims import Claim
from analysis.toll.counting import count, mark_massacres
from analysis.toll.days import by_day
from analysis.toll.definitions import Vocabulary, massacres_of, monthly
from analysis.toll.footing import allocated_claims, record_claims
from analysis.toll.monthly import monthly_ledger
from analysis.toll.period_definitions import periodic
from analysis.toll.periodic import periodic_ledger
from analysis.toll.report_records import ReportRecords, read_report_records
from analysis.toll.topics import Topic, topic_ledger

MONTH = parse_when("2020-11")
TOPICS = [("party", "sdf"), ("governorate", "idlib"), ("landmines",), ("torture",), ("massacres",)]


def first_count(read: ReportRecords) -> dict[str, Claim]:
    """The claims that count records, as the report makes them."""
    ledger = monthly_ledger(read, []) if isinstance(read.when, Month) else periodic_ledger(read, {})
    return {one.id: one for one in ledger.values() if one.basis == "records" and not one.id.startswith("quality.")}


def second_count(read: ReportRecords, ids: Iterable[str]) -> dict[str, Counted]:
    return sql_counts(read.window, list(ids), read.when, profile=read.profile)


def disagreements(first: dict[str, Claim], second: dict[str, Counted]) -> Iterator[str]:
    """The claims that are counted otherwise, or by one of the two alone."""
    for name in first.keys() | second.keys():
        one, other = first.get(name), second.get(name)
        same = one and other and one.value == other.value
        if not same or (one.records is not None and (one.records, one.digest) != (len(other.record_ids), other.digest)):
            yield name


CANDIDATES = [
    {"responsibility": "joint", "candidate_parties": "syrian_regime|russia"},
    {"party": "other", "responsibility": "either", "candidate_parties": "sdf|isis"},
    {"party": ""},
]
SPAN = Span(Month(2020, 10), Month(2020, 11))


def test_the_reports_over_many_months_are_counted_twice_as_well(sample_table: str) -> None:
    read = read_report_records(Span(Month(2020, 2), Month(2020, 11)), location=sample_table)
    bounds = month_records(records(*CANDIDATES), SPAN)
    made = [(read, topic_ledger(read, {}, Topic(*topic))) for topic in TOPICS]
    for asked, ledger in [*made, (bounds, attribution_ledger(bounds, {}))]:
        first = {one.id: one for one in ledger.values() if one.basis == "records" and one.digest is not None}
        unread = {one for one in first if re.search(r"\.(either|joint)\.", one)}
        second = second_count(asked, first)
        assert list(disagreements({one: first[one] for one in first if one not in unread}, second)) == []


def of(*changes: dict[str, str], when: str = "2020-11") -> ReportRecords:
    return month_records(records(*changes), parse_when(when))


@pytest.mark.parametrize("when", ["2020-11", "2020-10", "2020-01", "2020-H1", "2020"])
def test_both_counts_find_the_same_value_and_records_for_every_count_claim(when: str, sample_table: str) -> None:
    read = read_report_records(when, location=sample_table)
    first = first_count(read)
    assert len(first) > 400
    assert list(disagreements(first, second_count(read, first))) == []


def test_the_second_count_takes_nothing_from_the_first() -> None:
    for module in (sql_count, sql_filter):
        tree = ast.parse(Path(module.__file__).read_text(encoding="utf-8"))
        used = {one.module for one in ast.walk(tree) if isinstance(one, ast.ImportFrom)}
        assert not {one for one in used if one and one.startswith("analysis.toll")}


# Dates and precisions as the quality gate wants them: a date is there exactly when its precision says so.
DEATHS = [("", "unknown"), ("", ""), ("2020-11-10", "day"), ("2020-10-31", "day"), ("2020-06-01", "month"),
          ("2020-01-01", "year"), ("2019-01-01", "year"), ("2018-05-01", "month"), ("2020-07-01", "month"),
          ("2020-11-30", "day"), ("2020-12-05", "day"), ("2020-11-01", "month")]  # fmt: skip
BLAME = [("syrian_regime", ""), ("sdf", ""), ("isis", ""), ("", ""), ("other", ""), ("other", "landmines"),
         ("other", "unknown_gunfire")]  # fmt: skip
ANYBODY = st.fixed_dictionaries(
    {
        "incident_id": st.sampled_from(["", "I-1", "I-2", "I-2.b", "children"]),
        "sex": st.sampled_from(["female", "male", "unknown", ""]),
        "age_group": st.sampled_from(["child", "adult", "unknown", ""]),
        "occupation": st.sampled_from(["medical", "media", "civil_defense", "relief", "another", "unknown", ""]),
        "status": st.sampled_from(["civilian"] * 9 + ["combatant", "not_determined"]),
        "verification": st.sampled_from(["verified"] * 9 + ["submitted", "pending"]),
        "date_documented": st.sampled_from(
            ["2019-11-30", "2019-12-01", "2020-07-01", "2020-10-31", "2020-11-01", "2020-11-15", "2020-11-30"]
        ),
        "governorate": st.sampled_from(["idlib", "damascus", "unknown", ""]),
        "cause": st.sampled_from(["landmine", "torture", "shelling", ""]),
        "torture": st.sampled_from(["true", "false"]),
        "withdrawn": st.sampled_from([""] * 12 + ["left out of the source"]),
        "duplicate_of": st.sampled_from([""] * 12 + ["R-1"]),
        "allocated": st.sampled_from(["", "", "governorate", "party|governorate"]),
        "death": st.sampled_from(DEATHS),
        "blame": st.sampled_from(BLAME),
    }
)


LEFT_OUT = re.compile(
    r"party\.(russia|isis|hts|opposition_sna|coalition)|governorate\.(?!idlib|unknown|not_recorded)"
    r"|other\.(?!landmines|not_recorded)|month\.2020-0[2-689]|day\.2020-11-(?!10|30)"
)


def as_changes(one: dict[str, Any]) -> dict[str, str]:
    (day, precision), (party, kind) = one["death"], one["blame"]
    plain = {field: value for field, value in one.items() if field not in ("death", "blame")}
    return plain | {"date_of_death": day, "date_of_death_precision": precision, "party": party, "bucket": kind}


def third_count(changes: list[dict[str, str]], read: ReportRecords, ids: Iterable[str]) -> dict[str, recount.Found]:
    rows = recount.sorted_out(text_records(*changes).to_dict("records"), str(read.when), 5)
    return {one: recount.recount(one, rows) for one in ids}


def some_claims(read: ReportRecords) -> dict[str, Claim]:
    """The first count of a claim of each kind; of the codes and months, those that the invented records have most."""
    frame = mark_massacres(counted(read.window))
    if isinstance(read.when, Month):
        wanted = [
            *monthly(read.when, held=read.held),
            *massacres_of(frame, read.when),
            *by_day(read.when, Vocabulary("en")),
        ]
    else:
        wanted = periodic(read.when, held=read.held)
    counts = count(frame, [one for one in wanted if not LEFT_OUT.search(one.id)])
    steps = [*record_claims(read.reported, read.when), *allocated_claims(read.reported, read.when)]
    return {one.id: one for one in [*counts, *steps]}


@settings(max_examples=5, derandomize=True, deadline=None)
@given(st.lists(ANYBODY, min_size=30, max_size=60), st.sampled_from(["2020-11", "2020-11", "2020-H2"]))
def test_three_counts_of_any_records_agree_claim_by_claim(people: list[dict[str, Any]], when: str) -> None:
    # Somebody in each month, so that the report can be made of any of them.
    always = [{"date_documented": f"{month}-15"} for month in ("2020-07", "2020-11")]
    changes = [*always, *map(as_changes, people)]
    read = of(*changes, when=when)
    first = some_claims(read)
    second, third = second_count(read, first), third_count(changes, read, first)
    assert list(disagreements(first, second)) == []
    assert {one: (found.value, list(found.record_ids)) for one, found in second.items()} == third


@pytest.mark.parametrize(
    ("rules", "name", "wrong", "seen"),
    [
        (sql_filter.AGE_SEX, "women", "sex = 'female'", "civilians.month.women"),
        (sql_filter.MEASURES, "landmines", "bucket = 'landmines'", "landmines.month"),
        (sql_filter.ATTRITION, "fighters", "status = 'combatant'", "records.month.fighters"),
    ],
)
def test_a_rule_that_is_wrong_in_the_second_count_is_seen(
    rules: dict[str, str], name: str, wrong: str, seen: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = of(
        {"sex": "female", "age_group": "child"},
        {"cause": "landmine"},
        {"status": "combatant", "withdrawn": "left out of the source"},
    )
    first = some_claims(read)
    assert list(disagreements(first, second_count(read, first))) == []
    monkeypatch.setitem(rules, name, wrong)
    assert seen in set(disagreements(first, second_count(read, first)))


def test_a_rule_that_is_wrong_in_the_first_count_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(definitions, "CHILD", nw.col("age") < 18)
    read = of({"age": "", "age_group": "child"}, {"age": "7", "age_group": "child"})
    first = some_claims(read)
    found = set(disagreements(first, second_count(read, first)))
    assert {"civilians.month.children", "civilians.ytd.party.syrian_regime.children"} <= found


def test_the_same_value_from_other_records_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sql_filter.AGE_SEX, "children", "sex = 'female'")
    read = of({"age_group": "child"}, {"sex": "female"})
    first = some_claims(read)
    claim, again = "civilians.month.children", second_count(read, first)
    assert first[claim].value == again[claim].value == 1
    assert claim in set(disagreements(first, again))


@pytest.mark.parametrize(
    "claim",
    [
        "civilians.month.party.sfd",  # no such code
        "civilians.month.partie.sdf",
        "civilians.month.party",
        "civilians.month.party.sdf.share",
        "civilians.month.deaths",  # a part of massacres alone
        "civilians.month.incident.I-1.deaths",
        "massacres.month.governorate.idlib",
        "massacres.month.incident.I-1",
        "massacres.month.died_earlier",
        "civilians.ytd.month.2020-12",  # after the reporting month
        "civilians.ytd.month.2019-11",
        "civilians.year",  # of another report
        "civilians.year_before",
        "civilians.weekly",
        "wounded.month",
        "records.ytd.read",
        "records.month.lost",
        "records.month.allocated.shoe_size",
        "records.month.months_without",
        "quality.month.passed",
        "published.civilians.month",
        "method.massacre_threshold",
        "civilians.month; DROP TABLE deaths",
        "civilians",
        "",
    ],
)
def test_an_id_that_is_not_understood_is_left_out_and_never_guessed(claim: str) -> None:
    assert second_count(of({}), [claim]) == {}


def test_a_period_without_records_is_not_counted_as_nought() -> None:
    compared = ["civilians.previous_month", "civilians.month_last_year"]
    found = second_count(of({}, {"date_documented": "2020-10-31"}), compared)
    assert found == {"civilians.previous_month": Counted(1, ("R-2",))}
    assert second_count(of({}, when="2020"), ["civilians.year_before"]) == {}


def test_the_months_without_records_are_counted() -> None:
    claim = "records.half.months_without"
    assert second_count(of({}, when="2020-H2"), [claim])[claim].value == 5


def test_the_digest_is_of_the_sorted_ids_one_a_line() -> None:
    assert Counted(2, ("R-1", "R-3")).digest == hashlib.sha256(b"R-1\nR-3").hexdigest()
    assert second_count(of({}, {}), ["civilians.month"])["civilians.month"].record_ids == ("R-1", "R-2")
