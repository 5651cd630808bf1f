"""A half-year or a year put together: what its gate finds, and the ledger of every claim that its report makes."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from analysis.month import Month
from analysis.period import Period, When
from analysis.quality.frames import quality_window
from analysis.quality.gate import Finding, gravest_first
from analysis.quality.kept import check_month
from analysis.toll.claims import Claim, Ledger
from analysis.toll.comparisons import breakdown, derived, period_comparisons
from analysis.toll.consistency import require_consistent
from analysis.toll.counting import count, reworded
from analysis.toll.definitions import OCCUPATIONS, Vocabulary
from analysis.toll.edition_ledger import in_edition
from analysis.toll.footing import allocated_claims, check_claims, method_claims, record_claims, vintage_claim
from analysis.toll.monthly import require_breakdown, require_breakdowns
from analysis.toll.period_definitions import periodic
from analysis.toll.reconciliation import published_claims, reconcile, verdict_claims
from analysis.toll.report_records import ReportRecords, published_figures


def periodic_ledger(
    records: ReportRecords,
    findings: Mapping[Month, Sequence[Finding]],
    *,
    language: str = "en",
    counted_as: Ledger | None = None,
) -> Ledger:
    """Every claim of the report of a half-year or a year.

    `findings` are what the quality gate found, month by month; `counted_as` as for a month.
    Raises TotalsDisagree if a breakdown, or the months, do not add up to a toll.
    """
    when, words = _period(records), Vocabulary(language, records.profile)
    definitions = periodic(when, language=language, profile=records.profile, held=records.held)
    counts = reworded(counted_as or period_counts(records), definitions)
    published = published_figures(records)
    ledger = Ledger(counts)
    if "civilians.year_before" not in ledger:
        ledger = ledger.extended(_published_before(when, published, words))
    require_period_sums(ledger, when.span)
    ledger = ledger.extended(period_comparisons(ledger, when, words))
    whole = ledger.extended(
        [
            *_months_as_published(ledger, when, published, words),
            *published_claims(when, published, language),
            *verdict_claims(reconcile(ledger, when, published), when, language),
            vintage_claim(records.vintage, when, words),
            *record_claims(records.reported, when, words),
            months_without_records(records, words),
            *allocated_claims(records.reported, when, words),
            *gate_claims(findings, when, words),
            *method_claims(words),
        ]
    )
    require_consistent(whole)
    return in_edition(whole, records)


def period_counts(records: ReportRecords) -> Ledger:
    """The counts of the report of a half-year or a year, to be put into the words of each language."""
    definitions = periodic(_period(records), profile=records.profile, held=records.held)
    return Ledger(count(records.countable, definitions))


def _period(records: ReportRecords) -> Period:
    assert isinstance(records.when, Period)
    return records.when


def _published_before(when: Period, published: pd.DataFrame, words: Vocabulary) -> list[Claim]:
    """The toll of the same period of the year before, as published."""
    before = when.year_before
    figures = _tolls(published, str(before), before.span)
    return [_as_published(row, ".".join(filter(None, ("civilians.year_before", row["part"]))), str(before), words)
            for row in figures.to_dict("records")]  # fmt: skip


def _tolls(published: pd.DataFrame, period: str, span: str) -> pd.DataFrame:
    """The toll published for a period, its children and women; of figures given twice, the first."""
    found = published[published["period"].eq(period) & published["span"].eq(span)]
    return found[found["measure"].eq("civilians") & found["dimension"].eq("")].drop_duplicates("claim")


def _as_published(row: Mapping[Any, Any], claim_id: str, period: str, words: Vocabulary) -> Claim:
    where = words["derived"]["published"].format(id="civilians", period=period)
    return Claim(claim_id, row["value"], "people", "M7", where, basis="published", of=tuple(row["sources"].split("|")))


def _months_as_published(ledger: Ledger, when: Period, published: pd.DataFrame, words: Vocabulary) -> list[Claim]:
    """Each month's toll as published for it, their sum, and how far what is known today has moved from them.

    The sum is claimed where every month was published.
    """
    toll = f"civilians.{when.span}"
    figures = {month: _tolls(published, str(month), "month") for month in when.months}
    months = {
        month: _as_published(row, f"published.{toll}.month.{month}", str(month), words)
        for month, table in figures.items()
        for row in table[table["part"].eq("")].to_dict("records")
    }
    moved = [_moved(ledger[f"{toll}.month.{month}"], claim, words) for month, claim in months.items()]
    if len(months) < len(when.months):
        return [*months.values(), *moved]
    total = derived(f"published.{toll}.months", sum(int(one.value) for one in months.values()), "people",
                    words["derived"]["published_months"], months.values())  # fmt: skip
    return [*months.values(), total, *moved, _moved(ledger[toll], total, words)]


def _moved(now: Claim, published: Claim, words: Vocabulary) -> Claim:
    where = words["derived"]["change"].format(now=now.id, before=published.id)
    return derived(
        f"{now.id}.since_published", int(now.value) - int(published.value), "people", where, (now, published)
    )


def months_without_records(records: ReportRecords, words: Vocabulary) -> Claim:
    """The months of the period of which the table has no record: their toll is nought, and that is not knowledge."""
    missing = [str(month) for month in records.when.months if month not in records.held]
    text = words["derived"]["months_without_records"]
    return Claim(f"records.{records.when.span}.months_without", len(missing), "months", "M5", text, of=tuple(missing))


def period_findings(records: ReportRecords) -> dict[Month, list[Finding]]:
    """What the quality gate finds in each month of the period that has records (METHOD M22)."""
    held = [month for month in records.when.months if month in records.held]
    profile = records.profile
    return {month: check_month(_window(records, month), month, profile=profile) for month in held}


def _window(records: ReportRecords, month: Month) -> pd.DataFrame:
    """What the gate of a month looks at: the month and the months before it, and no later one."""
    months = [str(one) for one in quality_window(month)]
    return records.window[records.window["month"].isin(months)]


def gate_claims(findings: Mapping[Month, Sequence[Finding]], when: When, words: Vocabulary) -> list[Claim]:
    """How many checks passed, found something or met no row, in the period and in each of its months (METHOD M22).

    For each check that found something: in how many months, and the rows it tested and found failing in them.
    """
    stem, said = f"quality.{when.span}", words["quality"]
    claims = check_claims(stem, [one for found in findings.values() for one in found], words, str(when))
    for month, found in findings.items():
        claims += check_claims(f"{stem}.month.{month}", found, words, str(month))
    return claims + [
        Claim(f"{stem}.check.{check}.{name}", number, unit, failed[0].rule,
              said["of_period"].format(name=said[f"{name}_alone"], check=check, when=when))
        for check, failed in failed_by_check(findings).items()
        for name, number, unit in (
            ("months", len(failed), "months"),
            ("tested", sum(one.tested for one in failed), "rows"),
            ("failing", sum(one.failing for one in failed), "rows"),
        )
    ]  # fmt: skip


def failed_by_check(findings: Mapping[Month, Sequence[Finding]]) -> dict[str, list[Finding]]:
    """What each check that found something found, a finding a month; the gravest checks first."""
    found: dict[str, list[Finding]] = {}
    for one in gravest_first(one for each in findings.values() for one in each):
        if one.status == "failed":
            found.setdefault(one.id, []).append(one)
    return found


def require_period_sums(ledger: Ledger, span: str) -> None:
    """Refuse the period if a breakdown, or its months, do not add up to its toll (METHOD M21)."""
    require_breakdowns(ledger, span)
    toll = f"civilians.{span}"
    require_breakdown(ledger, toll, f"{toll}.month")
    for part in ("children", "women"):
        require_breakdown(ledger, toll, f"{toll}.month", part)
    for month in breakdown(ledger, f"{toll}.month"):
        for dimension in ("party", "governorate"):
            require_breakdown(ledger, month.id, f"{month.id}.{dimension}")
    for measure_name in ("torture", "massacres", "landmines", *OCCUPATIONS):
        require_breakdown(ledger, f"{measure_name}.{span}", f"{measure_name}.{span}.month")
