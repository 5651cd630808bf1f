"""The vintages of the records table: one import one version, what each came from, and how long it was the newest."""

import dataclasses
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pandas as pd
from deltalake import DeltaTable
from deltalake.exceptions import DeltaError

from analysis.codelists import SYRIA
from analysis.errors import BadRecords

DEFAULT = "data/records"
_FILL = "Make it from an extract with `toll import`; `make data` fills it with the reconstruction that comes along."
# What a commit says under another name, or what follows from other commits.
_NOT_SAID = ("version", "source", "sha256", "sources")


def records_location(given: str | None = None) -> str:
    """Where the records are: what was given, else TOLL_RECORDS, else data/records in the working directory."""
    return given or os.environ.get("TOLL_RECORDS") or DEFAULT


@dataclass(frozen=True)
class Vintage:
    """One version of the records table and the import it came from; `source` is what the mapping says of its source.

    `rows` counts the records the table holds, withdrawn ones too. `rows_in` = `accepted` + `quarantined` + `left_out`
    are rows of the source; `new`, `changed`, `withdrawn` and `unchanged` are records. `quarantine` names a file.
    `sources` are the imports that the table's records came by: of each mapping the latest, this version's included.
    """

    version: int
    source_file: str
    sha256: str
    rows: int
    source: dict[str, str]
    mapping: str = ""
    mapping_sha256: str = ""
    profile: str = SYRIA
    rows_in: int = 0
    accepted: int = 0
    quarantined: int = 0
    left_out: int = 0
    new: int = 0
    changed: int = 0
    withdrawn: int = 0
    unchanged: int = 0
    extract_date: str = ""
    quarantine: str = ""
    who: str = ""
    note: str = ""
    sources: tuple["Vintage", ...] = field(default=(), compare=False, repr=False)


def open_table(location: str, vintage: int | None = None) -> DeltaTable:
    """Open the table at a version, the newest where none is given.

    Raises BadRecords where there is no table, no such version, or the table is damaged.
    """
    try:
        if "://" not in location and not Path(location).exists():
            raise BadRecords(f"There is no records table at {location}. {_FILL}")
        if not DeltaTable.is_deltatable(location):
            raise BadRecords(f"What is at {location} is not a records table. {_FILL}")
        return DeltaTable(location, version=vintage)
    except (DeltaError, OSError, OverflowError) as error:
        newest = 0 if vintage is None else open_table(location).version()
        if vintage is not None and not 0 <= vintage <= newest:
            raise BadRecords(
                f"The records table at {location} has no vintage {vintage}. Its vintages run from 0 to {newest}."
            ) from None
        raise BadRecords(
            f"The records table at {location} cannot be opened{'' if vintage is None else f' at vintage {vintage}'}: "
            f"{first_line(error)}. Restore it from a copy, or import the extract into a new folder."
        ) from None


def read_vintage(location: str, vintage: int | None = None) -> Vintage:
    """What the version that would be read came from: its import's commit metadata, and that of its `sources`."""
    version = open_table(location, vintage).version()
    found = [one for one, _ in read_vintages(location) if one.version <= version]
    last = found[-1] if found and found[-1].version == version else _vintage(version, {})
    latest = {one.mapping: one for one in [*found, last]}
    return dataclasses.replace(last, sources=tuple(latest[mapping] for mapping in sorted(latest)))


def read_vintages(location: str) -> list[tuple[Vintage, datetime]]:
    """Every version of the table, oldest first, with the time of its commit."""
    # The newest table is asked: history() always begins with the newest commit, and numbers it as the version opened.
    commits = sorted(open_table(location).history(), key=lambda one: int(one["version"]))
    return [
        (_vintage(one["version"], one), datetime.fromtimestamp(one.get("timestamp", 0) / 1000, UTC)) for one in commits
    ]


def superseded_on(location: str, vintage: int | None = None) -> date | None:
    """The day (UTC) on which the vintage after this one was committed; None for the newest."""
    if vintage is None:
        return None
    return next((when.date() for one, when in read_vintages(location) if one.version > vintage), None)


def sources_of(vintage: Vintage, records: pd.DataFrame) -> list[Vintage]:
    """The imports that some records of a vintage came by: of each mapping the latest, in the order of their names.

    In    records as `read_months` gives them. Those that do not say what they came by came with the vintage itself.
    """
    blank = pd.Series("", index=records.index)
    found = set(records.get("imported_as", blank).astype(object).where(lambda names: names.notna(), ""))
    known = {one.mapping: one for one in vintage.sources}
    met = {one.version: one for one in (known.get(mapping, vintage) for mapping in sorted(found))}
    return list(met.values()) or [vintage]


def as_told(vintage: Vintage) -> dict[str, Any]:
    """A vintage as a program is told of it: its own import alone."""
    return {key: value for key, value in dataclasses.asdict(vintage).items() if key != "sources"}


def metadata(vintage: Vintage) -> dict[str, str]:
    """A vintage as a commit keeps it: everything as text."""
    names = [one.name for one in dataclasses.fields(Vintage) if one.name not in _NOT_SAID]
    return {name: str(getattr(vintage, name)) for name in names} | {
        "source_sha256": vintage.sha256,
        "source": json.dumps(vintage.source, ensure_ascii=False, sort_keys=True),
    }


def _vintage(version: int, commit: Mapping[str, Any]) -> Vintage:
    said = {
        one.name: int(commit[one.name]) if one.type is int else str(commit[one.name])
        for one in dataclasses.fields(Vintage)
        if one.name in commit and one.name not in _NOT_SAID
    }
    known: dict[str, Any] = {"source_file": "not recorded", "rows": 0} | said
    sha256, source = str(commit.get("source_sha256", "not recorded")), dict(json.loads(commit.get("source", "{}")))
    return Vintage(version=version, sha256=sha256, source=source, **known)


def first_line(error: Exception) -> str:
    """The first line of what a library says, ready to stand in a sentence."""
    lines = str(error).strip().splitlines()
    return lines[0].rstrip(".") if lines else type(error).__name__
