"""Revisions: what changed in a month's or a year's toll between two vintages, by reason, with the records.

A record counts while it stands (not withdrawn, no duplicate of another), is of a civilian (METHOD M1), is verified (M3)
and was documented in the period (M5). What counted before and does not now, or the other way round, has changed the
toll, under one reason a record. Where several hold, the first of this order is the reason, which is the order in which
records are excluded (M21): it is new or gone, it was withdrawn, it repeats another record (M20), its month of
documentation was corrected (M5), its status (M1), its verification (M3); what is left is a change of the method.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from analysis.codelists import NOT_RECORDED
from analysis.errors import TotalsDisagree, first_three
from analysis.month import Month
from analysis.texts import read_words
from analysis.toll.claims import Claim, digest
from analysis.toll.two_vintages import SHIFTED, TwoVintages, counted_ids, plain

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
    frame = plain(records).set_index("record_id").reindex(sorted(ids))
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
    frame = plain(records).set_index("record_id").loc[list(ids), list(SHIFTED)].astype(object)
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
