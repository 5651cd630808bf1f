"""Decisions on duplicates: which records are of the same person, as data in data/duplicates.yml (METHOD M25).

Nothing is merged: a record that repeats another is kept, and named. Finding pairs that may be of the same person is
the importing's work.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.errors import BadRecords, first_three
from analysis.places import DATA
from analysis.records.entries import holds, is_day, read_entries, refuse, said

DECISIONS = DATA / "duplicates.yml"
SAME, DIFFERENT = "same", "different"
_KEYS = ("pair", "decision", "by", "date", "reason")


@dataclass(frozen=True)
class Decision:
    """One decision: of the same person, `keep` counts and `repeat` does not, or of different people."""

    keep: str
    repeat: str
    decision: str
    by: str
    date: date
    reason: str
    line: int = 0


def read_decisions(path: Path = DECISIONS) -> list[Decision]:
    """Read and check data/duplicates.yml, in its own order.

    Raises BadRecords, with the line, for an entry that says too little, a pair decided twice, a record that repeats
    two others or, along a chain, itself.
    """
    entries = read_entries(path, _KEYS)
    refuse(path, [f"line {line}: {told}" for line, entry in entries for told in _faults(entry)])
    decisions = [
        Decision(
            keep=entry["pair"][0],
            repeat=entry["pair"][1],
            decision=entry["decision"],
            by=entry["by"],
            date=date.fromisoformat(entry["date"]),
            reason=entry["reason"],
            line=line,
        )
        for line, entry in entries
    ]
    refuse(path, [*_contradictions(decisions)])
    return decisions


def due_decisions(decisions: Sequence[Decision], superseded: date | None = None) -> list[Decision]:
    """The decisions that a vintage is read with: those made while it was the newest.

    `superseded` is the day on which the next vintage was committed, None for the newest.
    """
    return [one for one in decisions if holds(one.date, superseded)]


def apply_decisions(records: pd.DataFrame, decisions: Sequence[Decision]) -> tuple[pd.DataFrame, list[str]]:
    """The records with `duplicate_of` as decided, and the ids of those that were marked.

    In    typed records, with all that the decisions are about, and what is due of their vintage.
    A repeat is marked only while the record that is kept stands: where the source withdrew that, the next one of the
    same person counts in its place.
    Raises BadRecords where a record that is not verified would be kept over one that is: nobody would count.
    """
    live = set(records.loc[~_filled(records["withdrawn"]), "record_id"])
    marks = _marks([one for one in decisions if one.decision == SAME], live)
    marked = records["record_id"].isin(list(marks)) & ~_filled(records["duplicate_of"])
    repeats = list(records.loc[marked, "record_id"])
    _require_verified(records, {repeat: marks[repeat] for repeat in repeats})
    values = records["duplicate_of"].astype(object).mask(marked, records["record_id"].map(marks))
    return records.assign(duplicate_of=values.astype(records["duplicate_of"].dtype)), repeats


def _require_verified(records: pd.DataFrame, marks: Mapping[str, str]) -> None:
    verified = set(records.loc[records["verification"].astype(str).eq("verified"), "record_id"])
    lost = [f"{kept} over {repeat}" for repeat, kept in marks.items() if repeat in verified and kept not in verified]
    if lost:
        raise BadRecords(
            f"{len(lost)} decisions in data/duplicates.yml keep a record that is not verified over one that is "
            f"({first_three(lost)}): of that person nothing would count. Keep the verified record: write it first."
        )


def _filled(values: pd.Series) -> "pd.Series[bool]":
    return values.notna() & values.ne("")


def _faults(entry: Mapping[str, Any]) -> list[str]:
    pair = entry["pair"]
    two = isinstance(pair, list) and len(pair) == 2 and all(said(one) for one in pair) and pair[0] != pair[1]
    faults = [] if two else ["its pair is not two different record ids"]
    faults += [f"its {key} is blank" for key in ("by", "reason") if not said(entry[key])]
    faults += [] if is_day(entry["date"]) else ["its date is not of the form YYYY-MM-DD"]
    good = entry["decision"] in (SAME, DIFFERENT)
    return faults + ([] if good else [f"its decision is neither {SAME} nor {DIFFERENT}"])


def _contradictions(decisions: Sequence[Decision]) -> Iterator[str]:
    pairs: dict[frozenset[str], int] = {}
    kept: dict[str, str] = {}
    for one in decisions:
        before = pairs.setdefault(frozenset((one.keep, one.repeat)), one.line)
        if before != one.line:
            yield f"line {one.line}: line {before} decides the same pair"
        elif one.decision == SAME and one.repeat in kept:
            yield f"line {one.line}: the record it marks already repeats another: name the one that is kept"
        elif one.decision == SAME:
            kept[one.repeat] = one.keep
            if _goes_round(one.repeat, kept):
                yield f"line {one.line}: by way of other decisions the record repeats itself"


def _goes_round(repeat: str, kept: Mapping[str, str]) -> bool:
    seen = {repeat}
    while repeat in kept:
        repeat = kept[repeat]
        if repeat in seen:
            return True
        seen.add(repeat)
    return False


def _marks(same: Sequence[Decision], live: Collection[str]) -> dict[str, str]:
    """Record -> the record that it repeats: of each person's records held, the one kept before the others counts."""
    kept = {one.repeat: one.keep for one in same}
    people: dict[str, list[str]] = {}
    for repeat in kept:
        last = repeat
        while last in kept:
            last = kept[last]
        people.setdefault(last, [last]).append(repeat)
    held = [[record for record in group if record in live] for group in people.values()]
    return {repeat: counts for counts, *repeats in (group for group in held if group) for repeat in repeats}
