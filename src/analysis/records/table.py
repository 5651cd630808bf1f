"""The records table: a Delta Lake table, one import one version (a vintage), nothing overwritten.

Read by month, so that a report touches only the partitions it counts.
"""

import dataclasses
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from deltalake import CommitProperties, DeltaTable, write_deltalake
from deltalake.exceptions import CommitFailedError, DeltaError

from analysis.codelists import SYRIA, read_codelist
from analysis.errors import BadMonth, BadRecords
from analysis.month import Month
from analysis.records.contract import UNDATED, arrow_schema, read_contract

HELD = ("record_id", "imported_as", "digest", "month", "withdrawn")
DEFAULT = "data/records"
_FILL = "Make it from an extract with `toll import`; `make data` fills it with the reconstruction that comes along."


def records_location(given: str | None = None) -> str:
    """Where the records are: what was given, else TOLL_RECORDS, else data/records in the working directory."""
    return given or os.environ.get("TOLL_RECORDS") or DEFAULT


@dataclass(frozen=True)
class Vintage:
    """One version of the records table and the import it came from; `source` is what the mapping says of its source.

    `rows` counts the records the table holds, withdrawn ones too. `rows_in` = `accepted` + `quarantined` + `left_out`
    are rows of the source; `new`, `changed`, `withdrawn` and `unchanged` are records. `quarantine` names a file.
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


class Overtaken(Exception):
    """Another import was committed since the table was read: nothing was written, and the import may begin again."""


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
    return _vintage(version, next((one for one in commits if one["version"] == version), {}))


def read_vintages(location: str) -> list[tuple[Vintage, datetime]]:
    """Every version of the table, oldest first, with the time of its commit."""
    commits = sorted(open_table(location).history(), key=lambda one: int(one["version"]))
    return [
        (_vintage(one["version"], one), datetime.fromtimestamp(one.get("timestamp", 0) / 1000, UTC)) for one in commits
    ]


def _vintage(version: int, commit: Mapping[str, Any]) -> Vintage:
    said = {
        one.name: int(commit[one.name]) if one.type is int else str(commit[one.name])
        for one in dataclasses.fields(Vintage)
        if one.name in commit and one.name not in ("version", "source", "sha256")
    }
    known: dict[str, Any] = {"source_file": "not recorded", "rows": 0} | said
    sha256, source = str(commit.get("source_sha256", "not recorded")), dict(json.loads(commit.get("source", "{}")))
    return Vintage(version=version, sha256=sha256, source=source, **known)


def months_held(location: str, vintage: int | None = None) -> list[Month]:
    """The months that have records, oldest first, from the table's log alone; undated records are of no month."""
    table = open_table(location, vintage)
    return sorted({Month.parse(one["month"]) for one in table.partitions() if one["month"] != UNDATED})


def read_months(
    location: str, months: Sequence[Month], *, vintage: int | None = None, also: Sequence[str] = ()
) -> pd.DataFrame:
    """Read the records documented in some months, and no other partition; `also` names records of any month.

    Out   one row per record, sorted by record_id; codes categorical in list order, dates as timestamps, flags boolean.
    Raises BadRecords if the table is missing, damaged or not in the contract's columns.
    """
    table = open_table(location, vintage)
    try:
        wanted = [[("month", "in", [str(month) for month in months])]]
        wanted += [[("record_id", "in", list(also))]] if also else []
        found = table.to_pyarrow_table(filters=wanted)
        return _typed(_in_contract(found), _profile(table))
    except (DeltaError, OSError, KeyError, pa.ArrowException) as error:
        raise _damaged(location, error) from None


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
    vintage = Vintage(0, source_file, sha256, records.num_rows, source or {})
    properties = CommitProperties(_metadata(vintage))
    try:
        write_deltalake(location, records, mode="overwrite", partition_by=["month"], commit_properties=properties)
    except (DeltaError, OSError) as error:
        raise BadRecords(f"The records cannot be written to {location}: {_first_line(error)}.") from None
    return read_vintage(location)


@dataclass(frozen=True)
class Held:
    """What the table holds when an import begins: `records` by record_id, with what tells whether one has changed."""

    table: DeltaTable | None
    records: pd.DataFrame


def read_held(location: str) -> Held:
    """Read what an import compares with: `mapping`, `digest`, `month`, and whether each record is `withdrawn`.

    A table that is not there yet holds nothing. Raises BadRecords for one that is damaged.
    """
    if not _is_there(location):
        return Held(None, _held(pa.table({name: pa.array([], pa.string()) for name in HELD})))
    table = open_table(location)
    try:
        present = {field.name for field in table.schema().fields}
        return Held(table, _held(table.to_pyarrow_table(columns=[name for name in HELD if name in present])))
    except (DeltaError, OSError, KeyError, pa.ArrowException) as error:
        raise _damaged(location, error) from None


def _is_there(location: str) -> bool:
    """Whether anything but an empty folder is there."""
    path = Path(location)
    if "://" in location:
        return bool(DeltaTable.is_deltatable(location))
    return path.exists() and not (path.is_dir() and not any(path.iterdir()))


def _held(found: pa.Table) -> pd.DataFrame:
    texts = {name: _texts(found, name) for name in HELD}
    return pd.DataFrame(
        {
            "mapping": pd.Categorical(texts["imported_as"]),
            "digest": texts["digest"].to_numpy(),
            "month": pd.Categorical(texts["month"]),
            "withdrawn": texts["withdrawn"].ne("").to_numpy(),
        },
        index=pd.Index(texts["record_id"], name="record_id"),
    )


def _texts(found: pa.Table, name: str) -> pd.Series:
    if name not in found.column_names:
        return pd.Series("", index=range(found.num_rows), dtype="str")
    return found[name].cast(pa.string()).fill_null("").to_pandas().astype("str")


def write_changes(
    location: str, held: Held, changed: pa.Table, withdrawn: Mapping[str, str], vintage: Vintage
) -> Vintage:
    """Commit an import: its new and changed records, and the reason by record_id of those withdrawn; all or nothing.

    Only the months that these records are in, or were in, are written anew.
    Raises Overtaken where another import came first, BadRecords where the table cannot be written.
    """
    replaced = pa.array(changed["record_id"].to_pylist(), pa.string())
    moved = held.records.index.isin([*replaced.to_pylist(), *withdrawn])
    months = {*changed["month"].to_pylist(), *held.records["month"][moved].astype(str)}
    properties = CommitProperties(_metadata(vintage), max_commit_retries=0)
    try:
        if held.table is None:
            write_deltalake(location, changed, mode="error", partition_by=["month"], commit_properties=properties)
            return replace(vintage, version=0)
        version = held.table.version()
        kept = _kept(held.table, months, replaced, withdrawn)
        # With no retries the commit is the next version or none at all: what was read is what is replaced.
        write_deltalake(
            held.table, pa.concat_tables([kept, changed]), mode="overwrite", schema_mode="merge",
            predicate=f"month IN ({', '.join(repr(month) for month in sorted(months))})", commit_properties=properties,
        )  # fmt: skip
    except (DeltaError, OSError) as error:
        if isinstance(error, CommitFailedError) or (held.table is None and _is_there(location)):
            raise Overtaken from None
        raise BadRecords(f"The records cannot be written to {location}: {_first_line(error)}.") from None
    return replace(vintage, version=version + 1)


def table_schema() -> pa.Schema:
    """The contract's fields and `month`; the mapping each record came by, and a digest of what it says."""
    return pa.schema([*arrow_schema(), pa.field("imported_as", pa.string()), pa.field("digest", pa.string())])


def _kept(table: DeltaTable, months: set[str], replaced: pa.Array, withdrawn: Mapping[str, str]) -> pa.Table:
    """The records of some months that an import does not replace, those that it withdraws with the reason."""
    found = table.to_pyarrow_table(filters=[("month", "in", sorted(months))])
    found = found.filter(pc.invert(pc.is_in(found["record_id"], replaced)))
    gone = pc.is_in(found["record_id"], pa.array(list(withdrawn), pa.string()))
    reasons = pa.array([withdrawn.get(one) for one in found["record_id"].to_pylist()], pa.string())
    columns = {field.name: _column(found, field) for field in table_schema()}
    columns["withdrawn"] = pc.if_else(gone, reasons, columns["withdrawn"])
    columns["digest"] = pc.if_else(gone, "", columns["digest"])
    return pa.table(columns, schema=table_schema())


def _column(found: pa.Table, field: pa.Field) -> pa.ChunkedArray | pa.Array:
    if field.name not in found.column_names:
        return pa.nulls(found.num_rows, field.type)
    return found[field.name].cast(field.type)


def _metadata(vintage: Vintage) -> dict[str, str]:
    """A vintage as a commit keeps it: everything as text."""
    said = {name: str(value) for name, value in dataclasses.asdict(vintage).items()}
    del said["version"]
    return said | {
        "source_sha256": said.pop("sha256"),
        "source": json.dumps(vintage.source, ensure_ascii=False, sort_keys=True),
    }


def _in_contract(found: pa.Table) -> pa.Table:
    """The contract's columns; a vintage from before the contract had an optional field has it blank."""
    contract = read_contract()
    optional = set(contract.index[contract["required"] != "yes"])
    blank = [field for field in arrow_schema() if field.name in optional - set(found.column_names)]
    for field in blank:
        found = found.append_column(field, pa.nulls(found.num_rows, field.type))
    return found.select(arrow_schema().names)


def _profile(table: DeltaTable) -> str:
    return str(next(iter(table.history(1)), {}).get("profile", SYRIA))


def _typed(found: pa.Table, profile: str) -> pd.DataFrame:
    contract = read_contract()
    frame = found.to_pandas(date_as_object=False)
    for field, kind in contract["type"].items():
        if kind == "code":
            codes = read_codelist(contract.at[field, "codes"], profile).codes
            frame[field] = pd.Categorical(frame[field], categories=[*codes, *_strange(frame[field], codes)])
        elif kind == "flag":
            frame[field] = frame[field].astype("boolean")
    return frame.sort_values("record_id", ignore_index=True)


def _strange(values: pd.Series, codes: list[str]) -> list[str]:
    """Codes met outside the list stay visible: the quality gate reports them, nothing turns them into a blank."""
    return sorted(set(values.dropna()) - set(codes))


def _damaged(location: str, error: Exception) -> BadRecords:
    return BadRecords(
        f"The records table at {location} is damaged, or not in the columns of data/record-contract.csv: "
        f"{_first_line(error)}. Restore it from a copy, or import the extract into a new folder."
    )


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return lines[0].rstrip(".") if lines else type(error).__name__
