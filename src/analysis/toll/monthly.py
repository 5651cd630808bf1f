"""One month put together: its records at one vintage, and the ledger of every claim that its report makes."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from analysis.codelists import SYRIA
from analysis.importing.duplicates import decided_months
from analysis.month import Month
from analysis.quality.gate import Finding
from analysis.records.counted import counted
from analysis.records.published import read_published
from analysis.records.table import Vintage, months_held, read_vintage, records_location, require_month
from analysis.toll.claims import Claim, Ledger
from analysis.toll.comparisons import breakdown, monthly_comparisons
from analysis.toll.counting import count, mark_massacres, require_sum
from analysis.toll.definitions import Vocabulary, massacres_of, monthly
from analysis.toll.footing import allocated_claims, method_claims, quality_claims, record_claims
from analysis.toll.outside import external_claims
from analysis.toll.reconciliation import Verdict, published_claims, reconcile, verdict_claims

WINDOW = 12


@dataclass(frozen=True, eq=False)
class MonthRecords:
    """The records a month's report looks at, and the vintage they were read from.

    `window` holds the month, the year so far and the twelve months before, one row per record, every status, corrected
    and with repeats marked as people decided (METHOD M24, M25); `corrections` counts what was corrected.
    """

    month: Month
    vintage: Vintage
    window: pd.DataFrame
    held: tuple[Month, ...]
    corrections: int = 0

    @property
    def profile(self) -> str:
        """The country's profile, as the extract's mapping names it."""
        return self.vintage.profile

    @property
    def of_month(self) -> pd.DataFrame:
        return self.window[self.window["month"] == str(self.month)]


def read_month_records(month: Month | str, *, location: str | None = None, vintage: int | None = None) -> MonthRecords:
    """Read what a month's report needs, and nothing else, at one vintage (the newest where none is given).

    Raises BadMonth for a month that is none or has no records, BadRecords for a missing or damaged table.
    """
    month = month if isinstance(month, Month) else Month.parse(month)
    where = records_location(location)
    read = read_vintage(where, vintage)
    require_month(where, month, read.version)
    decided = decided_months(where, [*month.back(WINDOW), month], vintage=read.version)
    return MonthRecords(month, read, decided.records, tuple(months_held(where, read.version)), len(decided.corrections))


def monthly_ledger(records: MonthRecords, findings: Sequence[Finding], *, language: str = "en") -> Ledger:
    """Every claim of the month's report: counts, comparisons, published and outside figures, the checks' own numbers.

    Raises TotalsDisagree if a breakdown does not add up to its toll.
    """
    month = records.month
    frame = mark_massacres(counted(records.window))
    published = published_figures(records)
    counts = count(
        frame,
        [*monthly(month, language=language, profile=records.profile, held=records.held), *massacres_of(frame, month)],
    )
    counted_ids = {claim.id for claim in counts}
    counts += [claim for claim in earlier_published(month, published, language) if claim.id not in counted_ids]
    ledger = Ledger(counts)
    require_sums(ledger)
    ledger = Ledger([*counts, *monthly_comparisons(ledger, month, language=language)])
    verdicts = reconcile(ledger, month, published)
    return Ledger(
        [
            *ledger.values(),
            *(external_claims(month, language=language) if records.profile == SYRIA else []),
            *published_claims(month, published, language),
            *verdict_claims(verdicts, month),
            *record_claims(records.of_month, month),
            *allocated_claims(records.of_month, month),
            *quality_claims(findings),
            *method_claims(),
        ]
    )


def month_verdicts(records: MonthRecords, ledger: Ledger) -> list[Verdict]:
    """Each figure published for the month beside ours (METHOD M7)."""
    return reconcile(ledger, records.month, published_figures(records))


def published_figures(records: MonthRecords) -> pd.DataFrame:
    """The published figures that the records may be compared with: those their extract names, else none."""
    figures = read_published()
    return figures if "published" in records.vintage.source else figures.iloc[:0]


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
    for measure, dimension, part in (
        ("civilians", "party", ""),
        ("civilians", "party", "children"),
        ("civilians", "party", "women"),
        ("civilians", "governorate", ""),
        ("torture", "party", ""),
        ("massacres", "party", ""),
    ):
        for period in ("month", "ytd"):
            _require(ledger, f"{measure}.{period}", f"{measure}.{period}.{dimension}", part)
    for period in ("month", "ytd"):
        _require(ledger, f"civilians.{period}.party.other", f"civilians.{period}.other", "")
    _require(ledger, "civilians.month", "civilians.month.age_sex", "")
    _require(ledger, "civilians.ytd", "civilians.ytd.month", "")
    _require(ledger, "torture.ytd", "torture.ytd.month", "")


def _require(ledger: Ledger, total: str, stem: str, part: str) -> None:
    suffix = f".{part}" if part else ""
    require_sum(ledger[total + suffix], [ledger[claim.id + suffix] for claim in breakdown(ledger, stem)])
