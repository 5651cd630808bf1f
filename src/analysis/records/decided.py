"""The records of some months as people left them: corrected (METHOD M24), and repeats marked (M25).

Each vintage is read with what was decided while it was the newest, so that it stays as it was reported; the newest is
read with everything.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import pandas as pd

from analysis.month import Month
from analysis.records.contract import UNDATED
from analysis.records.corrections import Applied, Correction, apply_corrections, due_corrections, read_corrections
from analysis.records.decisions import SAME, Decision, apply_decisions, due_decisions, read_decisions
from analysis.records.table import months_held, read_months
from analysis.records.vintages import read_vintage, superseded_on


@dataclass(frozen=True)
class Due:
    """What a vintage is read with: the corrections and the decisions that were made while it was the newest."""

    vintage: int
    corrections: tuple[Correction, ...]
    decisions: tuple[Decision, ...]


@dataclass(frozen=True, eq=False)
class Decided:
    """Records, corrected, repeats marked; the corrections applied to them, and which decisions marked as `repeats`."""

    records: pd.DataFrame
    corrections: list[Applied]
    repeats: list[str]


def decided_months(
    location: str,
    months: Sequence[Month | str],
    *,
    vintage: int | None = None,
    corrections: Sequence[Correction] | None = None,
    decisions: Sequence[Decision] | None = None,
) -> Decided:
    """Read the records of some months as people left them: those that a corrected date moves in or out included.

    `months` may hold "undated". Where none are given, the corrections and decisions are those of data/corrections.yml
    and data/duplicates.yml. Out: one row per record, sorted by record_id.
    """
    due = read_due(location, vintage, corrections=corrections, decisions=decisions)
    found = decided_records(location, months, due)
    here = found.records[in_months(found.records, months)].reset_index(drop=True)
    ids = set(here["record_id"])
    applied = [one for one in found.corrections if one.record_id in ids]
    return Decided(here, applied, [repeat for repeat in found.repeats if repeat in ids])


def read_due(
    location: str,
    vintage: int | None = None,
    *,
    corrections: Sequence[Correction] | None = None,
    decisions: Sequence[Decision] | None = None,
) -> Due:
    """What people decided of a vintage, the newest where none is given, while it was the newest."""
    read = read_vintage(location, vintage)
    day = superseded_on(location, read.version)
    fixes = read_corrections(profile=read.profile) if corrections is None else corrections
    known = read_decisions() if decisions is None else decisions
    return Due(read.version, tuple(due_corrections(fixes, read.version, day)), tuple(due_decisions(known, day)))


def decided_records(location: str, months: Sequence[Month | str], due: Due, *, also: Collection[str] = ()) -> Decided:
    """Read the records of some months with what is due, and with them the records `also` asked for, those that a
    correction moves out of the months, and those that a decision sets beside one."""
    records = read_months(location, months, vintage=due.vintage, also=sorted({*_from_elsewhere(due), *also}))
    return _decided(records, due)


def as_decided(location: str, months: Sequence[Month | str], due: Due) -> tuple[list[str], pd.DataFrame]:
    """The ids of all records that people decided about, and of those the ones that some months look at, as decided."""
    elsewhere = _from_elsewhere(due)
    touched = sorted({*elsewhere, *(one.record_id for one in due.corrections)})
    if not touched:
        return [], pd.DataFrame()
    found = read_months(location, [], vintage=due.vintage, also=touched)
    return touched, _decided(found[in_months(found, months) | found["record_id"].isin(elsewhere)], due).records


def _from_elsewhere(due: Due) -> set[str]:
    """The records that are read whatever their month: a correction moves them, or a decision is about them."""
    moved = {one.record_id for one in due.corrections if one.field == "date_documented"}
    return moved | {record for one in due.decisions if one.decision == SAME for record in (one.keep, one.repeat)}


def _decided(records: pd.DataFrame, due: Due) -> Decided:
    corrected, applied = apply_corrections(records, due.corrections)
    marked, repeats = apply_decisions(corrected, due.decisions)
    return Decided(marked, applied, repeats)


def in_months(records: pd.DataFrame, months: Sequence[Month | str]) -> "pd.Series[bool]":
    """Which records are of some months."""
    return records["month"].isin([str(month) for month in months])


def all_months(location: str, vintage: int | None = None) -> list[Month | str]:
    """Every month that has records, and what is of no month."""
    return [*months_held(location, vintage), UNDATED]
