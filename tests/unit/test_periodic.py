"""The report of a half-year or a year: its counts, its months beside what was published of them, its gate."""

import pandas as pd
import pytest
from invented_records import month_records, records

from analysis.errors import BadMonth, QualityGateFailed, TotalsDisagree
from analysis.month import Month
from analysis.period import Period
from analysis.quality.gate import gate_months
from analysis.sections import conclusions, period_tables
from analysis.sections.cover import report_cover
from analysis.sections.narrative import Story
from analysis.toll.claims import Claim, Ledger
from analysis.toll.comparisons import breakdown
from analysis.toll.periodic import period_findings, periodic_ledger, require_period_sums
from analysis.toll.reconciliation import reconcile
from analysis.toll.report_records import ReportRecords, published_figures, read_report_records

TEXTS = ("background", "work", "period_toll", "period_months", "toll_parties", "toll_people", "toll_governorates",
         "torture", "occupations", "massacres", "reconciliation", "claims")  # fmt: skip


@pytest.fixture(scope="module")
def year(sample_table: str) -> ReportRecords:
    return read_report_records("2020", location=sample_table)


@pytest.fixture(scope="module")
def ledger(year: ReportRecords) -> Ledger:
    return periodic_ledger(year, {})


# The year 2020 as SNHR published it: data/published/figures.csv, period 2020.
YEAR = {
    "civilians.year": 1734, "civilians.year.children": 326, "civilians.year.women": 169,
    "civilians.year.party.syrian_regime": 432, "civilians.year.party.russia": 211, "civilians.year.party.isis": 21,
    "civilians.year.party.hts": 26, "civilians.year.party.opposition_sna": 27, "civilians.year.party.sdf": 63,
    "civilians.year.party.coalition": 7, "civilians.year.party.other": 947, "torture.year": 157, "massacres.year": 42,
}  # fmt: skip


@pytest.mark.parametrize(("claim", "value"), YEAR.items())
def test_the_year_is_what_was_published_of_it(ledger: Ledger, claim: str, value: int) -> None:
    assert ledger.value(claim) == value


def test_no_figure_published_for_the_year_differs(year: ReportRecords, ledger: Ledger) -> None:
    results = [verdict.result for verdict in reconcile(ledger, year.when, published_figures(year))]
    assert results.count("equal") == ledger.value("reconciliation.year.equal") == 36
    assert "differs" not in results


def test_the_months_as_published_and_as_known_today_stand_side_by_side(ledger: Ledger) -> None:
    assert ledger.value("published.civilians.year.months") == ledger.value("civilians.year") == 1734
    assert ledger.value("civilians.year.since_published") == 0
    assert ledger.value("published.civilians.year.month.2020-11") == 172


def test_what_moved_since_a_month_was_published_is_claimed_by_month(year: ReportRecords) -> None:
    window = year.window[year.window["record_id"] != "SY-2020-11-0001"]
    ledger = periodic_ledger(ReportRecords(year.when, year.vintage, window, year.held), {})
    moved = {month: ledger.value(f"civilians.year.month.2020-{month:02d}.since_published") for month in (10, 11, 12)}
    assert moved == {10: 0, 11: -1, 12: 0}
    assert ledger.value("civilians.year.since_published") == -1


def test_half_years_add_up_to_the_year(sample_table: str, ledger: Ledger) -> None:
    halves = [periodic_ledger(read_report_records(f"2020-H{half}", location=sample_table), {}) for half in (1, 2)]
    for claim in ("civilians.{}", "civilians.{}.children", "torture.{}", "massacres.{}", "civilians.{}.party.other"):
        assert sum(int(half.value(claim.format("half"))) for half in halves) == ledger.value(claim.format("year"))
    assert halves[0].value("civilians.half") == 1006  # published for 2020-H1


def test_a_year_before_that_the_table_does_not_hold_is_cited_as_published(ledger: Ledger) -> None:
    before = ledger["civilians.year_before"]
    assert (before.value, before.basis) == (3364, "published")
    assert ledger.value("civilians.year.change.year_before") == 1734 - 3364


def of_two_years() -> ReportRecords:
    """One dead in every month of 2019, two in March 2020, none in the other months of 2020."""
    days = [f"2019-{number:02d}-15" for number in range(1, 13)] + ["2020-03-10", "2020-03-11"]
    made = records(*[{"date_documented": day, "date_of_death": day, "date_of_incident": day} for day in days])
    return month_records(made, Period(2020))


def test_a_year_before_that_the_table_holds_is_counted() -> None:
    ledger = periodic_ledger(of_two_years(), {})
    assert (ledger.value("civilians.year_before"), ledger["civilians.year_before"].basis) == (12, "records")
    assert ledger.value("civilians.year.change.year_before") == -10


def test_months_without_records_are_named_and_are_not_months_without_deaths() -> None:
    found = of_two_years()
    ledger = periodic_ledger(found, {})
    assert ledger.value("records.year.months_without") == 11
    text = Story(ledger, found.when, links=False).text("period_months")
    assert "no record at all of 11 months: January, February, April" in text
    assert "The month with the highest toll is March, with two civilians." in text


def test_a_period_without_any_record_is_refused(sample_table: str) -> None:
    with pytest.raises(BadMonth, match=r"no record documented in 2019-H1\. It has 2020-01 to 2020-12\."):
        read_report_records("2019-H1", location=sample_table)


def test_months_that_do_not_add_up_to_the_toll_stop_the_report(ledger: Ledger) -> None:
    changed = dict(ledger)
    one = changed["civilians.year.month.2020-03"]
    changed[one.id] = Claim(one.id, int(one.value) + 1, one.unit, one.rule, one.where)
    with pytest.raises(TotalsDisagree):
        require_period_sums(Ledger(changed.values()), "year")


def test_every_month_with_records_passes_the_gate_by_itself() -> None:
    good = month_records(records({}, {"date_documented": "2020-12-02"}), Period(2020, 2))
    findings = period_findings(good)
    assert [str(month) for month in findings] == ["2020-11", "2020-12"]
    gate_months(findings)
    ledger = periodic_ledger(good, findings)
    checks = [ledger.value(f"quality.half.month.2020-{month}.checks") for month in (11, 12)]
    assert ledger.value("quality.half.checks") == sum(map(int, checks))


def test_one_month_with_a_critical_failure_stops_the_period_and_is_named() -> None:
    bad = month_records(records({}, {"date_documented": "2020-12-02"}), Period(2020, 2))
    bad.window.loc[bad.window["record_id"] == "R-2", "date_documented"] = pd.Timestamp("2020-11-02")
    with pytest.raises(QualityGateFailed, match=r"1 month of the period \(2020-12\) did not pass") as raised:
        gate_months(period_findings(bad))
    assert "R-2" in str(raised.value)


def test_the_year_says_its_headlines_and_fills_every_text(year: ReportRecords, ledger: Ledger) -> None:
    story = Story(ledger, year.when, profile=year.profile)
    cover = report_cover(story, year)
    assert (
        cover.title
        == "1,734 civilians killed in Syria in 2020, 326 children and 169 women among them; 157 died due to torture"
    )
    assert (cover.report_date, dict(cover.facts)["Data's cut-off"]) == ("2021-01-01", "31 December 2020")
    for name in TEXTS:
        text = story.text(name)
        assert "2020" in text or name in ("work", "claims", "toll_people", "toll_governorates", "period_months")
        assert "since the beginning of the year" not in text.lower()
    assert "In 2020, mines killed" in conclusions.conclusions_text(story)


def test_the_tables_of_the_year_add_up(year: ReportRecords, ledger: Ledger) -> None:
    story = Story(ledger, year.when, profile=year.profile)
    table = period_tables.by_month_table(story, "period-party-months", "civilians.year", "party", "parties")
    *rows, total = [[cell.value for cell in row.cells[1:]] for row in table.rows]
    assert [sum(column) for column in zip(*rows, strict=True)] == total
    assert len(table.columns) == 1 + 12 + 1
    months = period_tables.months_table(story)
    assert [cell.value for cell in months.rows[-1].cells[1:]] == [1734, 326, 169, 1734, 0]
    assert len(breakdown(ledger, "civilians.year.month")) == len(months.rows) - 1 == 12


def test_the_last_month_of_a_period_is_its_reporting_month_for_dated_facts(year: ReportRecords) -> None:
    assert year.month == Month(2020, 12)
