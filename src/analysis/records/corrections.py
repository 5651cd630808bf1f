"""Corrections: what a source got wrong, as data in data/corrections.yml, applied on each reading (METHOD M24).

The records table is never edited. Verifying a submission is a correction too, of `verification`, by a
named person on a day.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from analysis.codelists import SYRIA, read_codelist
from analysis.errors import StaleCorrection, first_three
from analysis.places import DATA
from analysis.records.contract import UNDATED, parse_value, read_contract
from analysis.records.entries import holds, is_day, read_entries, refuse, said

CORRECTIONS = DATA / "corrections.yml"
STATUSES = ("open", "applied", "rejected")
_KEYS = ("record_id", "field", "was", "now", "reason", "source", "reported", "by", "status")
# A record keeps its id for ever, its month follows from its date, and what it stands on is the source's own.
_FIXED = ("record_id", "sources")


@dataclass(frozen=True)
class Correction:
    """One entry: `was` and `now` as an extract writes them, '' where not recorded; `line` is where it stands."""

    record_id: str
    field: str
    was: str
    now: str
    reason: str
    source: str
    reported: date
    by: str
    status: str
    until: int | None = None
    line: int = 0


@dataclass(frozen=True)
class Applied:
    """A correction that was applied to a record."""

    record_id: str
    field: str
    reported: date
    line: int


def read_corrections(path: Path = CORRECTIONS, *, profile: str = SYRIA) -> list[Correction]:
    """Read and check data/corrections.yml, every entry of it, in its own order; codes are those of a profile.

    Raises BadRecords, with the line, for an unknown field, a value that the field cannot hold, a missing reason,
    source, day or name, and for a field of a record that is corrected twice.
    """
    entries = read_entries(path, _KEYS, optional=("until",))
    faults = [f"line {line}: {told}" for line, entry in entries for told in _faults(entry, profile)]
    refuse(path, faults)
    corrections = [_correction(line, entry) for line, entry in entries]
    refuse(path, _repeated(corrections))
    return corrections


def due_corrections(
    corrections: Sequence[Correction], vintage: int, superseded: date | None = None
) -> list[Correction]:
    """The corrections that a vintage is read with: applied, not ended, and decided while it was the newest.

    `superseded` is the day on which the next vintage was committed, None for the newest.
    """
    return [
        one
        for one in corrections
        if one.status == "applied" and (one.until is None or vintage <= one.until) and holds(one.reported, superseded)
    ]


def apply_corrections(records: pd.DataFrame, corrections: Sequence[Correction]) -> tuple[pd.DataFrame, list[Applied]]:
    """The records as corrected, and what was applied; corrections of records that are not here change nothing.

    In    typed records, as the records table gives them, and what is due of their vintage.
    Out   the same rows in the same order; `month` follows a corrected date_documented.
    Raises StaleCorrection where the record does not say `was`.
    """
    rows = dict(zip(records["record_id"], range(len(records)), strict=True))
    due = [one for one in corrections if one.record_id in rows]
    stale = [one for one in due if _as_text(records[one.field].iloc[rows[one.record_id]]) != one.was]
    if stale:
        raise StaleCorrection(
            f"{len(stale)} corrections do not find what they correct ({first_three(_name(one) for one in stale)}). "
            "The source has fixed it, or says something else by now: remove the entry from data/corrections.yml, or "
            "write with `until` the last vintage that it is for."
        )
    columns = {field: _corrected(records, field, due, rows) for field in sorted({one.field for one in due})}
    if "date_documented" in columns:
        columns["month"] = _months(records, columns["date_documented"])
    return records.assign(**columns), [Applied(one.record_id, one.field, one.reported, one.line) for one in due]


def _faults(entry: dict[str, Any], profile: str) -> list[str]:
    """Everything that is wrong with one entry."""
    field = entry["field"]
    if field not in read_contract().index or field in _FIXED:
        return ["its field is none of data/record-contract.csv that can be corrected"]
    blank = [key for key in ("record_id", "reason", "source", "by") if not said(entry[key])]
    faults = [f"its {key} is blank" for key in blank]
    if not is_day(entry["reported"]):
        faults.append("its day of `reported` is not of the form YYYY-MM-DD")
    if entry["status"] not in STATUSES:
        faults.append(f"its status is none of {', '.join(STATUSES)}")
    if "until" in entry and not str(entry["until"]).isdecimal():
        faults.append("its `until` is not the number of a vintage")
    was, now = entry["was"], entry["now"]
    if not isinstance(was, str) or not isinstance(now, str):
        return [*faults, "its `was` or `now` is not one value: write lists as a|b"]
    for key, text in (("was", was), ("now", now)):
        faults += [f"its `{key}` {told}" for told in _unfit(field, text, profile)]
    if was == now:
        faults.append("its `was` and `now` are the same")
    if not now and read_contract().at[field, "required"] == "yes":
        faults.append(f"its `now` is blank, and a record needs its {field}")
    return faults


def _unfit(field: str, text: str, profile: str) -> list[str]:
    """Why a field cannot hold a value, if it cannot."""
    kind, codes = read_contract().loc[field, ["type", "codes"]]
    try:
        values = _typed(text, kind)
    except (ValueError, KeyError):
        return [f"is not a {kind}"]
    if not (codes and text):
        return []
    codelist = read_codelist(codes, profile)
    met = values if isinstance(values, list) else [values]
    return [] if set(met) <= set(codelist.codes) else [f"is not in {codelist.file}"]


def _correction(line: int, entry: dict[str, Any]) -> Correction:
    until = int(entry["until"]) if "until" in entry else None
    return Correction(**{**entry, "reported": date.fromisoformat(entry["reported"]), "until": until}, line=line)


def _repeated(corrections: Sequence[Correction]) -> list[str]:
    seen: dict[tuple[str, str, int | None], int] = {}
    faults = []
    for one in (one for one in corrections if one.status == "applied"):
        before = seen.setdefault((one.record_id, one.field, one.until), one.line)
        if before != one.line:
            faults.append(f"line {one.line}: line {before} corrects the same field of the same record")
    return faults


def _as_text(value: Any) -> str:
    """A typed value as an extract writes it."""
    if isinstance(value, list | tuple | np.ndarray):
        return "|".join(str(one) for one in value)
    if value is None or pd.isna(value):
        return ""
    if isinstance(value, bool | np.bool_):
        return str(bool(value)).lower()
    if isinstance(value, float | np.floating):
        return f"{value:g}"
    return f"{value:%Y-%m-%d}" if isinstance(value, date | pd.Timestamp) else str(value)


def _typed(text: str, kind: str) -> Any:
    """A value as the records table holds it. Raises ValueError or KeyError."""
    value = parse_value(text, kind) if text else None
    return pd.Timestamp(value) if isinstance(value, date) else value


def _corrected(records: pd.DataFrame, field: str, due: Sequence[Correction], rows: dict[str, int]) -> pd.Series:
    """One column with its corrections, of the type it had."""
    values = records[field].astype(object).copy()
    kind = read_contract().at[field, "type"]
    for one in (one for one in due if one.field == field):
        values.iat[rows[one.record_id]] = _typed(one.now, kind)
    return values.astype(records[field].dtype)


def _months(records: pd.DataFrame, documented: pd.Series) -> pd.Series:
    months = pd.to_datetime(documented).dt.strftime("%Y-%m").astype(object)
    return months.where(pd.notna(documented), UNDATED).astype(records["month"].dtype)


def _name(correction: Correction) -> str:
    return f"{correction.record_id}: {correction.field}, line {correction.line}"
