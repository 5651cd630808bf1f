"""Quarantine: the rows of a source that an import refused, kept whole, with every reason, to be corrected."""

import os
import re
from collections import Counter
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pandas as pd

from analysis.errors import BadRecords, CannotPublish, first_three
from analysis.importing.reading import Chunk, Reading, read_source
from analysis.records.contract import read_contract

ROW, FILE, MAPPING, REASONS = "quarantine_row", "quarantine_file", "quarantine_mapping", "quarantine_reasons"
ADDED = [ROW, FILE, MAPPING, REASONS]
# How a quarantine file is written, whatever its source was.
READING = Reading(kind="csv", encoding="utf-8")
_QUOTED = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"")
_MANY = 3


def quarantine_folder(location: str, source: str) -> Path:
    """Where a source's refused rows are kept: beside a local table and not in it, else in data/quarantine."""
    beside = Path("data") if "://" in location else Path(location).parent
    return beside / "quarantine" / source


def refused_rows(chunk: Chunk, reasons: "pd.Series[str]", source: str) -> pd.DataFrame:
    """The rows that have a reason, in the source's own columns, with where they stood and why they were refused.

    A row that was refused before keeps the place where it stood in its first file.
    """
    bad = reasons.index[reasons.ne("")]
    rows = chunk.rows.loc[bad]
    places = pd.Series([str(chunk.first_row + row) for row in bad], index=bad, dtype="str")
    if is_quarantine(chunk.rows):
        return rows.assign(**{MAPPING: source, REASONS: reasons[bad]})
    return rows.assign(**{ROW: places, FILE: chunk.file, MAPPING: source, REASONS: reasons[bad]})


def is_quarantine(rows: pd.DataFrame) -> bool:
    """Whether rows come from a quarantine file."""
    return set(ADDED) <= set(rows.columns)


def write_quarantine(rows: pd.DataFrame, folder: Path, sha256: str) -> Path:
    """Write refused rows as CSV, named after the hash of what was imported; the file is whole or not there.

    A file of that name that says something else may hold somebody's corrections: it stays, and a number is added.
    Raises CannotPublish where the folder cannot be written.
    """
    content = rows.to_csv(index=False, lineterminator="\n").encode("utf-8")
    partial = folder / f".{sha256[:12]}.partial-{os.getpid()}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        target = _free(folder, sha256[:12], content)
        try:
            partial.write_bytes(content)
            partial.replace(target)
        finally:
            partial.unlink(missing_ok=True)
    except OSError as error:
        raise CannotPublish(
            f"The quarantined rows cannot be written to {folder}: {error.strerror or error}. Nothing was imported. "
            "Free some room, or make the folder writable."
        ) from None
    return target


def _free(folder: Path, name: str, content: bytes) -> Path:
    nth = 1
    while True:
        target = folder / (f"{name}.csv" if nth == 1 else f"{name}-{nth}.csv")
        if not target.exists() or target.read_bytes() == content:
            return target
        nth += 1


def mapping_named_in(file: Path) -> str:
    """The mapping that the rows of a quarantine file were refused by. Raises BadRecords where it is none."""
    named: set[str] = set()
    for chunk in read_source(file, READING):
        if not is_quarantine(chunk.rows):
            raise BadRecords(
                f"{file.name} is not a quarantine file: it does not have the columns {', '.join(ADDED)}. Name its "
                "source with --source, or its mapping with --mapping."
            )
        named |= set(chunk.rows[MAPPING])
    if len(named) != 1:
        raise BadRecords(
            f"The column {MAPPING} of {file.name} names {len(named)} mappings ({first_three(named)}), and should name "
            "one: the one it was refused by. Correct it, or name the mapping with --mapping."
        )
    return named.pop()


def kinds_of(reasons: Iterable[str]) -> dict[str, int]:
    """How many rows were refused for each kind of reason, most first; a row counts under each of its reasons.

    Of the values only those missing in a code list are named, and of a row with several faults only where others share
    the value: its columns may have been shifted, and what stands where a code should be may be a person's name.
    """
    each = [_split(told) for told in reasons if told]
    alone = {told[0] for told in each if len(told) == 1}
    times = Counter(one for told in each for one in told)
    kinds: Counter[str] = Counter()
    for one, count in times.items():
        named = "is in no list" in one and (one in alone or times[one] >= _MANY)
        kinds[one[:200] if named else _QUOTED.sub("a value", one)] += count
    return dict(sorted(kinds.items(), key=lambda kind: (-kind[1], kind[0])))


def _split(told: str) -> list[str]:
    """The single reasons of a row; a value that a reason quotes is never split, whatever it holds."""
    quoted = _QUOTED.findall(told)
    parts = _between().split(_QUOTED.sub("\0", told))
    values = iter(quoted)
    return [re.sub("\0", lambda _: next(values), part) for part in parts if part]


@cache
def _between() -> re.Pattern[str]:
    """What stands between two reasons: each begins with a field's name."""
    return re.compile(f"; (?=(?:{'|'.join(read_contract().index)}): )")
