"""Revisions: what changed in a month's or a year's toll between two vintages, by reason, with the records.

A record counts while it stands (not withdrawn, no duplicate of another), is of a civilian (METHOD M1), is verified (M3)
and was documented in the period (M5). What counted before and does not now, or the other way round, has changed the
toll, under one reason a record. Where several hold, the first of this order is the reason, which is the order in which
records are excluded (M21): it is new or gone, it was withdrawn, it repeats another record (M20), its month of
documentation was corrected (M5), its status (M1), its verification (M3); what is left is a change of the method.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from analysis.codelists import NOT_RECORDED
from analysis.errors import BadMonth, BadParameter, BadRecords, TotalsDisagree, first_three
from analysis.importing.duplicates import apply_decisions, read_decisions
from analysis.month import Month
from analysis.records.corrections import corrected_records, in_months, read_corrections
from analysis.records.counted import exclusions
from analysis.records.table import Vintage, open_table, read_vintage, read_vintages, records_location
from analysis.texts import read_words
from analysis.toll.claims import Claim, digest

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

# What kept a record out of the count, in order of precedence -> the reason why it counts now, or no longer does.
GAINED = {
    "absent": "late",
    "withdrawn": "restored",
    "duplicate": "duplicate_undone",
    "month": "moved_in",
    "status": "reclassified_in",
    "verification": "verified",
    "nothing": "definition_in",
}
LOST = {
    "absent": "withdrawn",
    "withdrawn": "withdrawn",
    "duplicate": "duplicate",
    "month": "moved_out",
    "status": "reclassified_out",
    "verification": "unverified",
    "nothing": "definition_out",
}
RULES = {
    "late": "M5",
    "verified": "M3",
    "unverified": "M3",
    "moved_in": "M5",
    "moved_out": "M5",
    "reclassified_in": "M1",
    "reclassified_out": "M1",
    "definition_in": "M7",
    "definition_out": "M7",
}
TOTALS = ("before", "now")
_YEAR = re.compile(r"\d{4}", re.ASCII)


@dataclass(frozen=True)
class Step:
    """One reason: how much it changed the toll, and the records it changed; of the two totals, the toll itself."""

    reason: str
    change: int
    record_ids: tuple[str, ...]
    words: str


@dataclass(frozen=True)
class Shift:
    """Records that are in the toll before and now, and moved inside it: a field from one code to another."""

    field: str
    was: str
    now: str
    record_ids: tuple[str, ...]


@dataclass(frozen=True)
class Moved:
    """A month whose toll was another in an earlier vintage: the records counted then and now."""

    month: Month
    vintage: int
    was: frozenset[str]
    now: frozenset[str]


@dataclass(frozen=True, eq=False)
class TwoVintages:
    """A month or a year at two vintages: every record that belongs to it at one of them, as it is at each.

    `was` and `now` have one row a record and the columns FIELDS.
    """

    period: str
    months: tuple[Month, ...]
    before: Vintage
    after: Vintage
    was: pd.DataFrame
    now: pd.DataFrame


def parse_period(text: object) -> tuple[Month, ...]:
    """The months of a period written as YYYY-MM or YYYY. Raises BadMonth."""
    if isinstance(text, str) and _YEAR.fullmatch(text) and int(text) > 0:
        return tuple(Month(int(text), number) for number in range(1, 13))
    return (Month.parse(text),)


def read_two_vintages(period: str, before: int | None, after: int | None, location: str | None = None) -> TwoVintages:
    """Read a period at two vintages; the later one is the newest where none is given.

    Raises BadMonth for a period that is none or has no record at either vintage, BadParameter for vintages that do not
    follow each other, BadRecords for a table that cannot be read.
    """
    months, where = parse_period(period), records_location(location)
    if before is None:
        raise BadParameter("The earlier vintage was not given. Name it: `toll vintages` lists them.")
    earlier, later = read_vintage(where, before), read_vintage(where, after)
    if earlier.version >= later.version:
        raise BadParameter(
            f"The earlier vintage {earlier.version} does not come before the later vintage {later.version}. "
            "Name two vintages, the older one first."
        )
    was, now = (_read(where, months, vintage) for vintage in (earlier, later))
    ids = {*_ids_in(was, months), *_ids_in(now, months)}
    if not ids:
        raise BadMonth(
            f"The records table at {where} has no record documented in {period}, neither at vintage "
            f"{earlier.version} nor at vintage {later.version}."
        )
    was, now = (
        _read(where, months, vintage, also=ids - set(found["record_id"])) if ids - set(found["record_id"]) else found
        for vintage, found in ((earlier, was), (later, now))
    )
    return TwoVintages(period, months, earlier, later, *(_only(frame, ids) for frame in (was, now)))


def _read(location: str, months: Sequence[Month], vintage: Vintage, *, also: Collection[str] = ()) -> pd.DataFrame:
    """The records of some months as corrected and decided, with those `also` asked for and those moved elsewhere."""
    fixes, known = read_corrections(profile=vintage.profile), read_decisions()
    pairs = {record for one in known for record in (one.keep, one.repeat)}
    records, _ = corrected_records(
        location, months, vintage=vintage.version, corrections=fixes, also=sorted({*also, *pairs})
    )
    return apply_decisions(records, known)[0]


def _ids_in(records: pd.DataFrame, months: Sequence[Month]) -> list[str]:
    return list(records.loc[in_months(records, months), "record_id"])


def _only(records: pd.DataFrame, ids: Collection[str]) -> pd.DataFrame:
    return records.loc[records["record_id"].isin(list(ids)), list(FIELDS)].reset_index(drop=True)


def counted_ids(records: pd.DataFrame, months: Collection[Month]) -> frozenset[str]:
    """The records that count in some months. Raises BadRecords if a record stands twice in the vintage."""
    frame = _plain(records)
    repeated = frame["record_id"][frame["record_id"].duplicated()].unique()
    if len(repeated):
        raise BadRecords(f"{len(repeated)} record_id are used twice in one vintage ({first_three(repeated)}).")
    return frozenset(exclusions(frame[frame["month"].isin([str(month) for month in months])])["counted"])


def revisions(
    before: pd.DataFrame,
    after: pd.DataFrame,
    months: Collection[Month],
    *,
    counted_before: Collection[str] | None = None,
    language: str = "en",
) -> list[Step]:
    """From the total before to the total now: the first and the last step, and between them each reason with a record.

    In    every record that was or is in the period, at the earlier and at the later vintage; FIELDS.
          `counted_before`: what the earlier report counted, only where it followed another version of the method.
    Raises TotalsDisagree if the steps do not lead from one total to the other.
    """
    was = counted_ids(before, months) if counted_before is None else frozenset(counted_before)
    now = counted_ids(after, months)
    then, today = _kept_out(before, was | now, months), _kept_out(after, was | now, months)
    found = _by_reason(then & ~today, now - was, GAINED) | _by_reason(today & ~then, was - now, LOST)
    unexplained = [one for reason, ids in found.items() if reason.startswith("definition") for one in ids]
    if unexplained and counted_before is None:
        raise TotalsDisagree(
            f"{len(unexplained)} records changed the toll for no reason that is known ({first_three(unexplained)}). "
            "If the method has changed between the two reports, say what the earlier one counted."
        )
    words = read_words(language, "revisions")["reasons"]
    gains = frozenset(GAINED.values())
    steps = [
        Step("before", len(was), tuple(sorted(was)), words["before"]),
        *(Step(reason, len(found[reason]) * (1 if reason in gains else -1), tuple(sorted(found[reason])), text)
          for reason, text in words.items() if reason in found),
        Step("now", len(now), tuple(sorted(now)), words["now"]),
    ]  # fmt: skip
    require_steps(steps)
    return steps


def _kept_out(records: pd.DataFrame, ids: Collection[str], months: Collection[Month]) -> pd.DataFrame:
    """For each record, what keeps it out of the count at a vintage: a column each, in order of precedence."""
    frame = _plain(records).set_index("record_id").reindex(sorted(ids))
    return pd.DataFrame(
        {
            "absent": ~frame.index.isin(records["record_id"]),
            "withdrawn": frame["withdrawn"].notna(),
            "duplicate": frame["duplicate_of"].notna(),
            "month": ~frame["month"].isin([str(month) for month in months]),
            "status": frame["status"].fillna("").ne("civilian"),
            "verification": frame["verification"].fillna("").ne("verified"),
        },
        index=frame.index,
        dtype=bool,
    )


def _by_reason(kept_out: pd.DataFrame, ids: Collection[str], reasons: Mapping[str, str]) -> dict[str, list[str]]:
    """Records under their reasons: the first thing that keeps each out at one vintage and not at the other."""
    found: dict[str, list[str]] = {}
    for record, obstacle in kept_out.assign(nothing=True).loc[sorted(ids)].idxmax(axis="columns").items():
        found.setdefault(reasons[str(obstacle)], []).append(str(record))
    return found


def _plain(records: pd.DataFrame) -> pd.DataFrame:
    """Codes as plain text, ready to be compared; a field that is not there is blank."""
    texts = [field for field in FIELDS if field != "torture"]
    return records.reindex(columns=list(FIELDS)).astype(dict.fromkeys(texts, "string"))


def require_steps(steps: Sequence[Step]) -> None:
    """Refuse steps that do not lead from the total before to the total now, or that name a record twice.

    Raises TotalsDisagree.
    """
    before, *between, now = steps
    if before.change + sum(step.change for step in between) != now.change:
        raise TotalsDisagree(
            f"The total before, {before.change}, and {len(between)} steps do not add up to the total now, {now.change}."
        )
    ids = [one for step in between for one in step.record_ids]
    if len(set(ids)) != len(ids) or any(abs(step.change) != len(step.record_ids) for step in steps):
        raise TotalsDisagree(
            f"The {len(between)} steps from {before.change} to {now.change} do not name their records."
        )


def shifts(before: pd.DataFrame, after: pd.DataFrame, months: Collection[Month]) -> list[Shift]:
    """The records in the toll at both vintages that moved inside it, by field and by pair, the largest pair first."""
    both = sorted(counted_ids(before, months) & counted_ids(after, months))
    was, now = (_codes(frame, both) for frame in (before, after))
    found: dict[tuple[str, str, str], list[str]] = {}
    for field in SHIFTED:
        moved = was[field].ne(now[field])
        for record, *codes in zip(was.index[moved], was.loc[moved, field], now.loc[moved, field], strict=True):
            found.setdefault((field, *codes), []).append(str(record))
    made = [Shift(*key, tuple(sorted(ids))) for key, ids in found.items()]
    fields = list(SHIFTED)
    return sorted(made, key=lambda one: (fields.index(one.field), -len(one.record_ids), one.was, one.now))


def _codes(records: pd.DataFrame, ids: Sequence[str]) -> pd.DataFrame:
    frame = _plain(records).set_index("record_id").loc[list(ids), list(SHIFTED)].astype(object)
    torture = frame["torture"].map({True: "true", False: "false"})
    return frame.assign(torture=torture).fillna(NOT_RECORDED)


def revision_claims(
    two: TwoVintages, steps: Sequence[Step], moved: Sequence[Shift], *, language: str = "en"
) -> list[Claim]:
    """Every number of a revision: both totals, their difference, each step and each shift.

    Ids are `revision.<month or year>.before`, `.now`, `.difference`, `.reason.<code>` and `.<field>.<was>.<now>`.
    """
    words = read_words(language, "revisions")["claims"]
    stem = revision_stem(two.months)
    said = {"period": two.period, "before": two.before.version, "after": two.after.version}
    vintages = {"before": two.before.version, "now": two.after.version}
    totals = {f"{stem}.{step.reason}": step.change for step in steps if step.reason in TOTALS}
    difference = words["difference"].format(now=f"{stem}.now", before=f"{stem}.before")
    return [
        *(_counted(f"{stem}.{step.reason}", step.change, "M1 M3 M5", words["total"].format(
            period=two.period, vintage=vintages[step.reason]), step.record_ids)
          for step in steps if step.reason in TOTALS),
        Claim(f"{stem}.difference", steps[-1].change - steps[0].change, "people", "M16", difference,
              basis="claims", of=tuple(totals)),
        *(_counted(f"{stem}.reason.{step.reason}", step.change, RULES.get(step.reason, "M21"),
                   words["step"].format(reason=step.words, **said), step.record_ids)
          for step in steps if step.reason not in TOTALS),
        *(_counted(f"{stem}.{one.field}.{one.was}.{one.now}", len(one.record_ids), SHIFTED[one.field],
                   words["shift"].format(field=one.field, was=one.was, now=one.now, **said), one.record_ids)
          for one in moved),
    ]  # fmt: skip


def revision_stem(months: Sequence[Month]) -> str:
    return "revision.month" if len(months) == 1 else "revision.year"


def _counted(claim_id: str, value: int, rule: str, where: str, ids: Collection[str]) -> Claim:
    return Claim(claim_id, value, "people", rule, where, len(ids), digest(ids))


def read_moved(months: Sequence[Month], *, location: str | None = None, vintage: int | None = None) -> list[Moved]:
    """The months whose toll was another in an earlier vintage, each with the earliest vintage that differs.

    A vintage without any record of a month had no report of it; one whose extract was drawn before the month was over
    had none either. Cost: the table's log once a vintage, and a month's partition once for each set of
    files that it has ever consisted of; where an import leaves a month's files alone, nothing is read again.
    """
    where = records_location(location)
    *earlier, newest = read_vintages(where)[: None if vintage is None else vintage + 1]
    seen: dict[object, frozenset[str]] = {}
    now = _tolls(where, newest[0], months, seen)
    found: dict[Month, Moved] = {}
    for one, _ in earlier:
        left = [month for month in months if month not in found and _over(month, one.extract_date)]
        for month, was in _tolls(where, one, left, seen).items():
            if len(was) != len(now.get(month, ())):
                found[month] = Moved(month, one.version, was, now.get(month, frozenset()))
    return [found[month] for month in months if month in found]


def _over(month: Month, drawn: str) -> bool:
    """Whether an extract drawn on a day (YYYY-MM-DD) can hold the whole month; yes where the day is not recorded."""
    return not drawn or drawn >= month.last.isoformat()


def _tolls(
    location: str, vintage: Vintage, months: Sequence[Month], seen: dict[object, frozenset[str]]
) -> dict[Month, frozenset[str]]:
    """The records counted in each month that a vintage holds; what was counted from the same files is `seen`."""
    if not months:
        return {}
    table, tolls = open_table(location, vintage.version), {}
    for month in months:
        files = frozenset(table.file_uris(file_pruning_predicate=[("month", "=", str(month))]))
        # What people decided may be for some vintages only: then no two vintages are taken for the same.
        key = (month, files, vintage.version if read_corrections(profile=vintage.profile) or read_decisions() else None)
        if files and key not in seen:
            seen[key] = counted_ids(_read(location, [month], vintage), [month])
        if files:
            tolls[month] = seen[key]
    return tolls
