"""The records that a report looks at, read once at one vintage: its months, and those before them that it needs."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import pandas as pd
import pyarrow as pa

from analysis.editions import INTERNAL, Edition, read_edition, threshold
from analysis.errors import BadMonth, BadParameter
from analysis.method import method
from analysis.month import Month
from analysis.period import MonthAndPeriod, Span, When, parse_when
from analysis.records.contract import arrow_schema
from analysis.records.counted import counted
from analysis.records.decided import decided_months
from analysis.records.frozen import Frozen, is_frozen, read_frozen
from analysis.records.published import read_published
from analysis.records.table import months_held, require_month
from analysis.records.vintages import Vintage, read_vintage, records_location, sources_of
from analysis.secrets import pseudonym_secret
from analysis.toll.counting import mark_massacres
from analysis.toll.definitions import OCCUPATIONS
from analysis.toll.pseudonyms import nameless, nameless_vintage
from analysis.toll.two_vintages import Moved

WINDOW = 12


@dataclass(frozen=True, eq=False)
class ReportRecords:
    """The records a report looks at, and the vintage they were read from.

    `window` holds the report's months and the twelve months before, one row per record, every status, corrected and
    with repeats marked as people decided (METHOD M24, M25); `corrections` counts what was corrected. `held` are the
    months of which the table has records. For an `edition` that names no record all of it is nameless (METHOD M29).
    """

    when: When
    vintage: Vintage
    window: pd.DataFrame
    held: tuple[Month, ...]
    corrections: int = 0
    edition: str = INTERNAL

    @property
    def month(self) -> Month:
        """The reporting month, of a longer period the last one."""
        return self.when.months[-1]

    @property
    def profile(self) -> str:
        """The country's profile, as the extract's mapping names it."""
        return self.vintage.profile

    @cached_property
    def counted(self) -> pd.DataFrame:
        """The counted records of the window, each with the massacre that it belongs to (see mark_massacres)."""
        return mark_massacres(counted(self.window))

    @cached_property
    def countable(self) -> pa.Table:
        """The same in Arrow, which looks at a condition three times as fast as pandas; without the fields of lists."""
        lists = [field.name for field in arrow_schema() if pa.types.is_list(field.type)]
        return pa.Table.from_pandas(self.counted.drop(columns=lists), preserve_index=False)

    @property
    def reported(self) -> pd.DataFrame:
        """The records of the report's own months."""
        return self.window[self.window["month"].isin([str(month) for month in self.when.months])]


def read_report_records(
    when: When | str, *, location: str | None = None, vintage: int | None = None, edition: str = INTERNAL
) -> ReportRecords:
    """Read what the report of a month or of a longer period needs, and nothing else, at one vintage (else the newest).

    Raises BadMonth for what is no month or period, or has no records; BadRecords for a missing or damaged table;
    BadParameter for an unknown edition.
    """
    when = when if isinstance(when, When) else parse_when(when)
    where = records_location(location)
    shown = read_edition(edition)
    if is_frozen(where):
        return _thawed(when, where, shown)
    read = read_vintage(where, vintage)
    require_records(where, when, read.version)
    decided = decided_months(where, window_of(when), vintage=read.version)
    held, corrections = tuple(months_held(where, read.version)), len(decided.corrections)
    return _in_edition(ReportRecords(when, read, decided.records, held, corrections), shown)


def window_of(when: When) -> list[Month]:
    """The months that a report looks at: its own, and the twelve before."""
    return [*when.months[0].back(WINDOW), *when.months]


def read_span(first: str = "", last: str = "", *, location: str | None = None, vintage: int | None = None) -> Span:
    """The months from the first to the last one; where one is not given, the table's own first or last (METHOD M30).

    Raises BadMonth for what is no month, for an end before the beginning, and for an empty table.
    """
    where = records_location(location)
    held = months_held(where, vintage) if not (first and last) else []
    if not (first and last) and not held:
        raise BadMonth(f"The records table at {where} has no month with records. Import an extract.")
    return Span.parse(first or str(held[0]), last or str(held[-1]))


def _in_edition(records: ReportRecords, edition: Edition) -> ReportRecords:
    """The records as an edition knows them: nothing that is made of them can say more (METHOD M29)."""
    if not edition.is_nameless:
        return records
    window = nameless(records.window, pseudonym_secret(), told=edition.cases == "consented")
    return replace(records, window=window, vintage=nameless_vintage(records.vintage), edition=edition.name)


def _thawed(when: When, location: str, edition: Edition) -> ReportRecords:
    """What the report of this month or period, or this part of a report, read when its records were frozen.

    Raises BadMonth for another one; BadParameter where the records are frozen as another edition knows them.
    """
    frozen = read_frozen(location)
    if str(when) not in (frozen.about["when"], frozen.about.get("with")):
        raise BadMonth(f"The frozen records at {location} are those of {frozen.about['when']}, not of {when}.")
    held = tuple(Month.parse(month) for month in frozen.about["held"])
    window = frozen.records[frozen.records["month"].isin([str(month) for month in window_of(when)])]
    records = ReportRecords(
        when, frozen.vintage, window.reset_index(drop=True), held, frozen.about["corrections"], frozen.edition
    )
    if frozen.edition not in (INTERNAL, edition.name):
        raise BadParameter(
            f"The frozen records at {location} are those of the {frozen.edition} edition: no {edition.name} edition "
            f"can be made from them. Name --edition {frozen.edition}, or the records table."
        )
    return records if frozen.edition == edition.name else _in_edition(records, edition)


def frozen_of(records: ReportRecords, moved: Sequence[Moved]) -> Frozen:
    """What a report read, ready to be frozen: its records, its vintage, and the months that had moved."""
    about = {
        "when": str(records.when),
        **({"with": str(records.when.period)} if isinstance(records.when, MonthAndPeriod) else {}),
        "held": [str(month) for month in records.held],
        "corrections": records.corrections,
        "massacre_threshold": method()["massacre_threshold"],
        "moved": [
            {"month": str(one.month), "vintage": one.vintage, "was": sorted(one.was), "now": sorted(one.now)}
            for one in moved
        ],
    }
    return Frozen(records.window, records.vintage, about)


def require_records(location: str, when: When, vintage: int | None = None) -> None:
    """Refuse a month without any record, and a longer period of which no month has one. Raises BadMonth."""
    if is_frozen(location):
        return None
    if isinstance(when, Month | MonthAndPeriod):
        return require_month(location, when.months[-1], vintage)
    held = months_held(location, vintage)
    if not set(when.months) & set(held):
        span = f"It has {held[0]} to {held[-1]}." if held else "It is empty."
        raise BadMonth(f"The records table at {location} has no record documented in {when}. {span}")
    return None


def published_figures(records: ReportRecords) -> pd.DataFrame:
    """The published figures that the records may be compared with: those that their only source names, else none.

    Beside a count that an edition may show as a range none is set: that they agree would tell it (METHOD M29).
    """
    figures, sources = read_published(), sources_of(records.vintage, records.window)
    if threshold(read_edition(records.edition), records.profile) is not None:
        figures = figures[~figures["measure"].isin(OCCUPATIONS)]
    return figures if len(sources) == 1 and "published" in sources[0].source else figures.iloc[:0]
