"""A month or a longer period at two vintages: its records as each has them, with what was decided at the time.

And the months whose toll was another in an earlier vintage.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from analysis.editions import INTERNAL, read_edition
from analysis.errors import BadMonth, BadParameter, BadRecords, first_three
from analysis.month import Month
from analysis.period import parse_when
from analysis.records.corrections import Correction
from analysis.records.counted import exclusions
from analysis.records.decided import Decided, Due, decided_records, in_months, read_due
from analysis.records.decisions import Decision
from analysis.records.frozen import is_frozen, read_frozen
from analysis.records.vintages import Vintage, open_table, read_vintage, read_vintages, records_location
from analysis.secrets import pseudonym_secret
from analysis.toll.pseudonyms import record_pseudonym

# The breakdowns that a record can move in without changing the toll, each with its rule.
SHIFTED = {
    "party": "M9 M10",
    "bucket": "M11",
    "cause": "M12",
    "torture": "M13",
    "occupation": "M15",
    "governorate": "M8",
    "age_group": "M2",
    "sex": "M2",
    "month": "M5",
}
DECIDING = ("record_id", "month", "status", "verification", "withdrawn", "duplicate_of")
FIELDS = tuple(dict.fromkeys([*DECIDING, *SHIFTED]))


@dataclass(frozen=True)
class Moved:
    """A month whose toll was another in an earlier vintage: the records counted then and now."""

    month: Month
    vintage: int
    was: frozenset[str]
    now: frozenset[str]


@dataclass(frozen=True, eq=False)
class TwoVintages:
    """A month or a longer period at two vintages: every record that belongs to it at one of them, as it is at each.

    `was` and `now` have one row a record and the columns FIELDS. `decided` are the records that a correction (METHOD
    M24) or a decision on duplicates (M25) changes at one of the two alone: what else changed, the source changed.
    """

    period: str
    months: tuple[Month, ...]
    before: Vintage
    after: Vintage
    was: pd.DataFrame
    now: pd.DataFrame
    decided: frozenset[str] = frozenset()


def read_two_vintages(
    period: str,
    before: int | None,
    after: int | None,
    location: str | None = None,
    *,
    corrections: Sequence[Correction] | None = None,
    decisions: Sequence[Decision] | None = None,
) -> TwoVintages:
    """Read a month, a half-year or a year at two vintages; the later one is the newest where none is given.

    Each is read with what was decided while it was the newest; where none are given, the corrections and decisions are
    those of data/corrections.yml and data/duplicates.yml.
    Raises BadMonth for a period that is none or has no record at either vintage, BadParameter for vintages that do not
    follow each other, BadRecords for a table that cannot be read.
    """
    months, where = tuple(parse_when(period).months), records_location(location)
    if before is None:
        raise BadParameter("The earlier vintage was not given. Name it: `toll vintages` lists them.")
    earlier, later = read_vintage(where, before), read_vintage(where, after)
    if earlier.version >= later.version:
        raise BadParameter(
            f"The earlier vintage {earlier.version} does not come before the later vintage {later.version}. "
            "Name two vintages, the older one first."
        )
    dues = [read_due(where, one.version, corrections=corrections, decisions=decisions) for one in (earlier, later)]
    found = [decided_records(where, months, due) for due in dues]
    ids = {one for each in found for one in each.records.loc[in_months(each.records, months), "record_id"]}
    if not ids:
        raise BadMonth(
            f"The records table at {where} has no record documented in {period}, neither at vintage "
            f"{earlier.version} nor at vintage {later.version}."
        )
    was, now = (_with_all(where, months, *each, ids) for each in zip(dues, found, strict=True))
    return TwoVintages(period, months, earlier, later, _only(was, ids), _only(now, ids), _decided(was, now))


def _with_all(location: str, months: Sequence[Month], due: Due, found: Decided, ids: Collection[str]) -> Decided:
    """What was read, and with it the records that belong to the period at the other vintage."""
    left = set(ids) - set(found.records["record_id"])
    return decided_records(location, months, due, also=left) if left else found


def _only(found: Decided, ids: Collection[str]) -> pd.DataFrame:
    records = found.records
    return records.loc[records["record_id"].isin(list(ids)), list(FIELDS)].reset_index(drop=True)


def _decided(was: Decided, now: Decided) -> frozenset[str]:
    told = [
        {*((one.record_id, one.field, one.line) for one in each.corrections), *((one, "", 0) for one in each.repeats)}
        for each in (was, now)
    ]
    return frozenset(record for record, _, _ in told[0] ^ told[1])


def counted_ids(records: pd.DataFrame, months: Collection[Month]) -> frozenset[str]:
    """The records that count in some months. Raises BadRecords if a record stands twice in the vintage."""
    frame = plain(records)
    repeated = frame["record_id"][frame["record_id"].duplicated()].unique()
    if len(repeated):
        raise BadRecords(f"{len(repeated)} record_id are used twice in one vintage ({first_three(repeated)}).")
    return frozenset(exclusions(frame[frame["month"].isin([str(month) for month in months])])["counted"])


def plain(records: pd.DataFrame) -> pd.DataFrame:
    """Codes as plain text, ready to be compared; a field that is not there is blank."""
    texts = [field for field in FIELDS if field != "torture"]
    return records.reindex(columns=list(FIELDS)).astype(dict.fromkeys(texts, "string"))


def read_moved(
    months: Sequence[Month],
    *,
    location: str | None = None,
    vintage: int | None = None,
    edition: str = INTERNAL,
    corrections: Sequence[Correction] | None = None,
    decisions: Sequence[Decision] | None = None,
) -> list[Moved]:
    """The months whose toll was another in an earlier vintage, each with the earliest vintage that differs.

    For an edition that names no record, the records by their pseudonyms (METHOD M29).

    A vintage without any record of a month had no report of it; one whose extract was drawn before the month was over
    had none either. Cost: the table's log once a vintage, and a month's partition once for each set of
    files that it has ever consisted of; where an import leaves a month's files alone, nothing is read again.
    """
    where = records_location(location)
    nameless = read_edition(edition).is_nameless
    if is_frozen(where):
        frozen = read_frozen(where)
        thawed = [_frozen_moved(one) for one in frozen.about["moved"]]
        return _nameless(thawed) if nameless and not read_edition(frozen.edition).is_nameless else thawed
    *earlier, newest = [one for one, _ in read_vintages(where)][: None if vintage is None else vintage + 1]
    if not earlier:
        return []
    dues = [read_due(where, one.version, corrections=corrections, decisions=decisions) for one in [*earlier, newest]]
    seen: dict[object, frozenset[str]] = {}
    now = _sources(where, dues[-1], months)
    found: dict[Month, Moved] = {}
    for one, due in zip(earlier, dues, strict=False):
        left = [month for month in months if month not in found and _over(month, one.extract_date)]
        for month, files in _sources(where, due, left).items():
            if files == now.get(month):
                continue
            was, is_now = _toll(where, due, month, files, seen), frozenset[str]()
            if month in now:
                is_now = _toll(where, dues[-1], month, now[month], seen)
            if len(was) != len(is_now):
                found[month] = Moved(month, one.version, was, is_now)
    moved = [found[month] for month in months if month in found]
    return _nameless(moved) if nameless else moved


def _nameless(moved: Iterable[Moved]) -> list[Moved]:
    def hidden(record_ids: Iterable[str]) -> frozenset[str]:
        return frozenset(record_pseudonym(one, secret) for one in record_ids)

    secret = pseudonym_secret()
    return [replace(one, was=hidden(one.was), now=hidden(one.now)) for one in moved]


def _frozen_moved(told: Mapping[str, Any]) -> Moved:
    return Moved(Month.parse(told["month"]), told["vintage"], frozenset(told["was"]), frozenset(told["now"]))


def _over(month: Month, drawn: str) -> bool:
    """Whether an extract drawn on a day (YYYY-MM-DD) can hold the whole month; yes where the day is not recorded."""
    return not drawn or drawn >= month.last.isoformat()


def _sources(location: str, due: Due, months: Sequence[Month]) -> dict[Month, object]:
    """What the toll of each month that a vintage holds is counted from: where that is the same, so is the toll."""
    table, sources = open_table(location, due.vintage), dict[Month, object]()
    for month in months:
        files = frozenset(table.file_uris(file_pruning_predicate=[("month", "=", str(month))]))
        if files:
            # What people decided may be for some vintages only: then no two vintages are taken for the same.
            sources[month] = (month, files, due.vintage if due.corrections or due.decisions else None)
    return sources


def _toll(location: str, due: Due, month: Month, source: object, seen: dict[object, frozenset[str]]) -> frozenset[str]:
    """The records counted in a month of a vintage; what was counted from the same source is `seen`."""
    if source not in seen:
        seen[source] = counted_ids(decided_records(location, [month], due).records, [month])
    return seen[source]
