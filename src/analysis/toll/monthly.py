"""One month put together: the ledger of every claim that its report makes."""

from collections.abc import Sequence

import pandas as pd

from analysis.codelists import SYRIA
from analysis.month import Month
from analysis.quality.gate import Finding
from analysis.toll.claims import Claim, Ledger
from analysis.toll.comparisons import breakdown, monthly_comparisons
from analysis.toll.consistency import require_consistent
from analysis.toll.counting import Definition, count, require_sum, reworded
from analysis.toll.days import by_day
from analysis.toll.definitions import Vocabulary, massacres_of, monthly
from analysis.toll.edition_ledger import in_edition
from analysis.toll.footing import allocated_claims, method_claims, quality_claims, record_claims, vintage_claim
from analysis.toll.outside import external_claims
from analysis.toll.reconciliation import published_claims, reconcile, verdict_claims
from analysis.toll.report_records import ReportRecords, published_figures


def monthly_ledger(
    records: ReportRecords, findings: Sequence[Finding], *, language: str = "en", counted_as: Ledger | None = None
) -> Ledger:
    """Every claim of the month's report: counts, comparisons, published and outside figures, the checks' own numbers.

    `counted_as` are the month's counts already made (`month_counts`), of which only the words may be others.
    Raises TotalsDisagree if a breakdown does not add up to its toll, ClaimsContradict if two claims contradict each
    other.
    """
    month, words = records.month, Vocabulary(language, records.profile)
    frame = records.counted
    published = published_figures(records)
    definitions = counted_in_month(records, frame, language=language)
    counts = reworded(counted_as or month_counts(records), definitions)
    counted_ids = {claim.id for claim in counts}
    counts += [claim for claim in earlier_published(month, published, language) if claim.id not in counted_ids]
    ledger = Ledger(counts)
    require_sums(ledger)
    ledger = Ledger([*counts, *monthly_comparisons(ledger, month, language=language, profile=records.profile)])
    verdicts = reconcile(ledger, month, published)
    whole = Ledger(
        [
            *ledger.values(),
            *(external_claims(month, language=language) if records.profile == SYRIA else []),
            *published_claims(month, published, language),
            *verdict_claims(verdicts, month, language),
            vintage_claim(records.vintage, month, words),
            *record_claims(records.reported, month, words),
            *allocated_claims(records.reported, month, words),
            *quality_claims(findings, words),
            *method_claims(words),
        ]
    )
    require_consistent(whole)
    return in_edition(whole, records)


def month_counts(records: ReportRecords) -> Ledger:
    """The counts of the month's report, to be put into the words of each language."""
    return Ledger(count(records.countable, counted_in_month(records, records.counted)))


def counted_in_month(records: ReportRecords, frame: pd.DataFrame, *, language: str = "en") -> list[Definition]:
    """Every count of the month's report, those of its massacres included; `frame` as for `massacres_of`."""
    return [
        *monthly(records.month, language=language, profile=records.profile, held=records.held),
        *massacres_of(frame, records.month, language=language),
        *by_day(records.month, Vocabulary(language, records.profile)),
    ]


def earlier_published(month: Month, published: pd.DataFrame, language: str) -> list[Claim]:
    """The same month a year before and the whole year before, as published."""
    named = {"month_last_year": str(month.shift(-12)), "last_year": str(month.year - 1)}
    text = Vocabulary(language)["derived"]["published"]
    total = published[(published["measure"] == "civilians") & (published["dimension"] == "")]
    return [
        Claim(
            id=".".join(part for part in ("civilians", name, row["part"]) if part),
            value=row["value"],
            unit="people",
            rule="M7",
            where=text.format(id="civilians", period=period),
            basis="published",
            of=tuple(row["sources"].split("|")),
        )
        for name, period in named.items()
        for _, row in total[total["period"].eq(period) & total["span"].isin(["month", "year"])].iterrows()
    ]


def require_sums(ledger: Ledger) -> None:
    """Refuse the month if a breakdown does not add up to its toll (METHOD M21)."""
    for span in ("month", "ytd"):
        require_breakdowns(ledger, span)
    for dimension in ("age_sex", "day"):
        require_breakdown(ledger, "civilians.month", f"civilians.month.{dimension}")
    require_breakdown(ledger, "civilians.ytd", "civilians.ytd.month")
    require_breakdown(ledger, "torture.ytd", "torture.ytd.month")


def require_breakdowns(ledger: Ledger, span: str) -> None:
    """Refuse breakdowns by party, kind or governorate that do not add up to a span's tolls."""
    for measure, dimension, part in (
        ("civilians", "party", ""),
        ("civilians", "party", "children"),
        ("civilians", "party", "women"),
        ("civilians", "governorate", ""),
        ("torture", "party", ""),
        ("massacres", "party", ""),
    ):
        require_breakdown(ledger, f"{measure}.{span}", f"{measure}.{span}.{dimension}", part)
    require_breakdown(ledger, f"civilians.{span}.party.other", f"civilians.{span}.other")


def require_breakdown(ledger: Ledger, total: str, stem: str, part: str = "") -> None:
    """Refuse the claims `<stem>.<code>[.<part>]` if they do not add up to `<total>[.<part>]`. Raises TotalsDisagree."""
    suffix = f".{part}" if part else ""
    require_sum(ledger[total + suffix], [ledger[claim.id + suffix] for claim in breakdown(ledger, stem)])
