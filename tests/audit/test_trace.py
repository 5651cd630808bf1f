"""`toll trace`: a number followed to its definition, rules, filter, and records."""

import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from click.testing import CliRunner, Result

from analysis.audit import lineage as lineages
from analysis.audit import sql_filter
from analysis.audit.lineage import lineage, rules_of
from analysis.commands.trace import SHOWN, trace
from analysis.errors import BadMonth, UnknownClaim
from analysis.toll.claims import Ledger, digest
from analysis.toll.report_records import ReportRecords

Traced = Callable[..., Result]


@pytest.fixture(scope="module")
def traced(sample_table: str) -> Traced:
    def run(claim: str, *options: str, month: str = "2020-11") -> Result:
        return CliRunner().invoke(trace, [claim, "--month", month, "--records", sample_table, *options])

    return run


@pytest.fixture
def ledger(november_ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> Ledger:
    """November's claims, made once for all tests instead of once for each."""
    monkeypatch.setattr(lineages, "_ledger", lambda *_, **__: november_ledger)
    return november_ledger


def test_a_number_is_followed_to_its_definition_rules_filter_and_record(traced: Traced) -> None:
    ran = traced("civilians.month.party.sdf.children")
    assert ran.exit_code == 0
    # The report on November 2020 as published: one child killed by the SDF.
    assert ran.output.startswith("civilians.month.party.sdf.children = 1 people\n")
    for said in (
        "civilians killed; 2020-11; the Syrian Democratic Forces; children",
        "METHOD M9: Parties. The party is the one to which the source attributes the death.",
        "AND party = 'sdf'\n    AND age_group = 'child'",
        f"Records, 1, the same in both counts; SHA-256 of their ids {digest(['SY-2020-11-0060'])}\n  SY-2020-11-0060\n",
    ):
        assert said in ran.output


@pytest.mark.usefixtures("ledger")
def test_the_first_twenty_records_are_printed_and_all_of_them_when_asked(traced: Traced) -> None:
    def ids(*options: str) -> list[str]:
        lines = traced("torture.month", *options).output.splitlines()
        return [line for line in lines if line.startswith("  SY-2020-11-")]

    assert len(ids()) == SHOWN
    assert "and 10 more: --all prints them" in traced("torture.month").output
    assert len(ids("--all")) == 30  # as published


@pytest.mark.usefixtures("ledger")
def test_the_answer_as_json_holds_every_record(traced: Traced) -> None:
    said = json.loads(traced("torture.month", "--json").output)
    assert (said["claim"]["value"], said["counted_again"], said["agrees"]) == (30, 30, True)
    assert digest(said["record_ids"]) == said["claim"]["digest"]
    assert list(said["rules"]) == ["M13", "M5"]


def test_a_year_is_followed_too_and_its_incidents_are_counted_once(traced: Traced) -> None:
    ran = traced("massacres.year", month="2020")
    assert ran.exit_code == 0
    assert "massacres.year = 42 incidents" in ran.output  # as published
    assert "count(DISTINCT incident_id)" in ran.output


@pytest.mark.usefixtures("ledger")
def test_a_share_is_followed_to_the_claims_it_was_made_from(november: ReportRecords) -> None:
    found = lineage("torture.month.party.sdf.share", november)
    made_from = {one.id: one.value for one in found.made_from}
    assert made_from == {"torture.month.party.sdf": 3, "torture.month": 30}
    assert (found.sql, found.again, found.agrees) == (None, None, True)


def test_a_published_figure_is_followed_to_its_source(november: ReportRecords, ledger: Ledger) -> None:
    found = lineage("civilians.month_last_year", november)
    assert found.sources == ledger["civilians.month_last_year"].of
    assert found.made_from == ()


@pytest.mark.usefixtures("ledger")
def test_a_misspelt_claim_is_refused_with_the_nearest(november: ReportRecords) -> None:
    with pytest.raises(
        UnknownClaim, match=r"2020-11 makes no claim .*nearest are civilians\.month\.party\.sdf, "
    ) as said:
        lineage("civilians.month.party.sfd", november)
    assert said.value.exit_code == 2


def test_a_misspelt_month_is_refused_before_anything_is_read(traced: Traced) -> None:
    ran = traced("civilians.month", "--records", "nowhere", month="202011")
    assert isinstance(ran.exception, BadMonth)


@pytest.mark.usefixtures("ledger")
@pytest.mark.parametrize(
    ("wrong", "said"),
    [("age_group IS NOT NULL", "1 records, SQL counts 2"), ("sex = 'female'", "1 records, SQL as many, but others")],
)
def test_counts_that_differ_are_said_and_exit_1(
    wrong: str, said: str, traced: Traced, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sql_filter.AGE_SEX, "children", wrong)
    ran = traced("civilians.month.party.sdf.children")
    assert ran.exit_code == 1
    assert f"THE TWO COUNTS DIFFER: the report counts {said}." in ran.output


@pytest.mark.usefixtures("ledger")
def test_a_count_that_sql_does_not_understand_is_no_agreement(november: ReportRecords) -> None:
    found = lineage("civilians.month", november)
    assert not replace(found, again=None).agrees


def test_each_rule_is_quoted_from_the_method() -> None:
    found = rules_of("M4 M26")
    assert found["M4"] == "Minimum. Every toll is a minimum, and every report says so with the toll."
    assert found["M26"].startswith("Submissions. What is sent in on a form")


def test_every_rule_that_a_claim_names_is_in_the_method(ledger: Ledger) -> None:
    assert all(rules_of(one.rule) for one in ledger.values())
