"""The records table: a Delta Lake table, one import one version (a vintage), nothing overwritten.

Read by month, so that a report touches only the partitions it counts.
"""

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pyarrow as pa
from deltalake import CommitProperties, DeltaTable, write_deltalake
from deltalake.exceptions import DeltaError

from analysis.codelists import read_codelist
from analysis.errors import BadMonth, BadRecords
from analysis.month import Month
from analysis.records.contract import arrow_schema, read_contract

DEFAULT = "data/records"
_FILL = "Make it from an extract with `toll import`; `make data` fills it with the reconstruction that comes along."


def records_location(given: str | None = None) -> str:
    """Where the records are: what was given, else TOLL_RECORDS, else data/records in the working directory."""
    return given or os.environ.get("TOLL_RECORDS") or DEFAULT


@dataclass(frozen=True)
class Vintage:
    """One version of the records table and the import it came from; `source` is what the extract says of itself."""

    version: int
    source_file: str
    sha256: str
    rows: int
    source: dict[str, str]


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
            f"{_first_line(error)}. Restore it from a copy, or import the extract into a new folder."
        ) from None


def read_vintage(location: str, vintage: int | None = None) -> Vintage:
    """What the version that would be read came from: its import's commit metadata."""
    version = open_table(location, vintage).version()
    # The newest table is asked: history() always begins with the newest commit, and numbers it as the version opened.
    commits = open_table(location).history()
    commit = next((one for one in commits if one["version"] == version), {})
    return Vintage(
        version=version,
        source_file=str(commit.get("source_file", "not recorded")),
        sha256=str(commit.get("source_sha256", "not recorded")),
        rows=int(commit.get("rows", 0)),
        source=dict(json.loads(commit.get("source", "{}"))),
    )


def months_held(location: str, vintage: int | None = None) -> list[Month]:
    """The months that have records, oldest first, from the table's log alone."""
    table = open_table(location, vintage)
    return sorted({Month.parse(partition["month"]) for partition in table.partitions()})


def read_months(location: str, months: Sequence[Month], *, vintage: int | None = None) -> pd.DataFrame:
    """Read the records documented in some months, and no other partition.

    Out   one row per record, sorted by record_id; codes categorical in list order, dates as timestamps, flags boolean.
    Raises BadRecords if the table is missing, damaged or not in the contract's columns.
    """
    table = open_table(location, vintage)
    try:
        found = table.to_pyarrow_table(filters=[("month", "in", [str(month) for month in months])])
        return _typed(found.select(arrow_schema().names))
    except (DeltaError, OSError, KeyError, pa.ArrowException) as error:
        raise BadRecords(
            f"The records table at {location} is damaged, or not in the columns of data/record-contract.csv: "
            f"{_first_line(error)}. Restore it from a copy, or import the extract into a new folder."
        ) from None


def require_month(location: str, month: Month, vintage: int | None = None) -> None:
    """Refuse a month that has no records at all. Raises BadMonth."""
    held = months_held(location, vintage)
    if month not in held:
        span = f"It has {held[0]} to {held[-1]}." if held else "It is empty."
        raise BadMonth(f"The records table at {location} has no record documented in {month}. {span}")


def write_records(
    location: str, records: pa.Table, *, source_file: str, sha256: str, source: dict[str, str] | None = None
) -> Vintage:
    """Import one complete extract as one atomic commit: a new vintage.

    Raises BadRecords if the table cannot be written.
    """
    said = {
        "source_file": source_file,
        "source_sha256": sha256,
        "rows": str(records.num_rows),
        "source": json.dumps(source or {}, ensure_ascii=False, sort_keys=True),
    }
    try:
        write_deltalake(
            location, records, mode="overwrite", partition_by=["month"], commit_properties=CommitProperties(said)
        )
    except (DeltaError, OSError) as error:
        raise BadRecords(f"The records cannot be written to {location}: {_first_line(error)}.") from None
    return read_vintage(location)


def _typed(found: pa.Table) -> pd.DataFrame:
    contract = read_contract()
    frame = found.to_pandas(date_as_object=False)
    for field, kind in contract["type"].items():
        if kind == "code":
            codes = read_codelist(contract.at[field, "codes"]).codes
            frame[field] = pd.Categorical(frame[field], categories=[*codes, *_strange(frame[field], codes)])
        elif kind == "flag":
            frame[field] = frame[field].astype("boolean")
    return frame.sort_values("record_id", ignore_index=True)


def _strange(values: pd.Series, codes: list[str]) -> list[str]:
    """Codes met outside the list stay visible: the quality gate reports them, nothing turns them into a blank."""
    return sorted(set(values.dropna()) - set(codes))


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return lines[0].rstrip(".") if lines else type(error).__name__
