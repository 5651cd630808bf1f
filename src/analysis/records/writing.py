"""Writing the records table: an import is one commit that replaces the months it touches, and nothing is overwritten.

The files of a month as it was stay, for the vintages before. An import that is killed can leave files behind that no
vintage names: nobody reads them. The table is never vacuumed, which would take the older vintages' files too.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from deltalake import CommitProperties, DeltaTable, PostCommitHookProperties, write_deltalake
from deltalake.exceptions import CommitFailedError, DeltaError

from analysis.errors import BadRecords
from analysis.records.changes import Changes, table_schema
from analysis.records.table import damaged, read_arrow
from analysis.records.vintages import Vintage, first_line, metadata, open_table, read_vintage

HELD = ("record_id", "imported_as", "digest", "month", "withdrawn")
# Left to itself, the table forgets vintages that are older than a month each time that it has grown by a hundred.
KEEP_ALL = PostCommitHookProperties(cleanup_expired_logs=False)

Mode = Literal["error", "append", "overwrite"]


class Overtaken(Exception):
    """Another import was committed since the table was read: nothing was written, and the import may begin again."""


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
        return Held(table, _held(read_arrow(table, columns=[name for name in HELD if name in present])))
    except (DeltaError, OSError, KeyError, pa.ArrowException) as error:
        raise damaged(location, error) from None


def write_changes(
    location: str, held: Held, changed: Changes, withdrawn: Mapping[str, str], vintage: Vintage
) -> Vintage:
    """Commit an import: its new and changed records, and the reason by record_id of those withdrawn; all or nothing.

    Only the months that these records are in, or were in, are written anew; where there are none, the commit says no
    more than where the import came from.
    Raises Overtaken where another import came first, BadRecords where the table cannot be written.
    """
    try:
        if held.table is None:
            _commit(location, _months(changed.months, changed), vintage, mode="error")
            return replace(vintage, version=0)
        replaced = held.records["month"][held.records.index.isin(changed.ids.to_pandas())].astype(str)
        moved = held.records["month"][held.records.index.isin([*withdrawn])].astype(str)
        months = sorted({*changed.months, *replaced, *moved})
        version = held.table.version()
        if months:
            within = f"month IN ({', '.join(map(repr, months))})"
            stay = Changes(_kept(held.table, month, replaced.index[replaced == month], withdrawn) for month in months)
            _commit(held.table, _months(months, stay, changed), vintage, months=within)
        else:
            _commit(held.table, _months([]), vintage, mode="append")
    except (DeltaError, OSError) as error:
        if isinstance(error, CommitFailedError) or (held.table is None and _is_there(location)):
            raise Overtaken from None
        raise BadRecords(f"The records cannot be written to {location}: {first_line(error)}.") from None
    return replace(vintage, version=version + 1)


def _months(months: Sequence[str], *held: Changes) -> pa.RecordBatchReader:
    """The records of some months, month by month: all at once they could be more than fits into memory."""
    batches = (batch for month in months for records in held for batch in records.of_month(month))
    return pa.RecordBatchReader.from_batches(table_schema(), batches)


def write_records(
    location: str, records: pa.Table, *, source_file: str, sha256: str, source: dict[str, str] | None = None
) -> Vintage:
    """Write one complete extract over all that the table holds, as one commit: a new vintage.

    Raises BadRecords if the table cannot be written.
    """
    vintage = Vintage(0, source_file, sha256, records.num_rows, source or {})
    try:
        _commit(location, records.to_reader(), vintage)
    except (DeltaError, OSError) as error:
        raise BadRecords(f"The records cannot be written to {location}: {first_line(error)}.") from None
    return read_vintage(location)


def _commit(
    where: str | DeltaTable,
    records: pa.RecordBatchReader,
    vintage: Vintage,
    *,
    mode: Mode = "overwrite",
    months: str | None = None,
) -> None:
    """Write records as one commit that says where they came from; of `overwrite`, in place of what the months hold."""
    # With no retries the commit is the next version or none at all: what was read is what is replaced.
    write_deltalake(
        where, records, partition_by=["month"], predicate=months,
        mode=mode,  # type: ignore[arg-type]  # mypy asks for one mode, not for one of three
        schema_mode=None if mode == "error" else "merge",
        commit_properties=CommitProperties(metadata(vintage), max_commit_retries=0),
        post_commithook_properties=KEEP_ALL,
    )  # fmt: skip


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


def _kept(table: DeltaTable, month: str, replaced: "pd.Index[str]", withdrawn: Mapping[str, str]) -> pa.Table:
    """The records of a month that an import does not replace, those that it withdraws with the reason."""
    found = read_arrow(table, filters=[("month", "=", month)])
    found = found.filter(pc.invert(pc.is_in(found["record_id"], pa.array(replaced, pa.string()))))
    reasons = pa.array([withdrawn.get(one) for one in found["record_id"].to_pylist()], pa.string())
    gone = pc.is_valid(reasons)
    columns = {field.name: _column(found, field) for field in table_schema()}
    columns["withdrawn"] = pc.if_else(gone, reasons, columns["withdrawn"])
    columns["digest"] = pc.if_else(gone, "", columns["digest"])
    return pa.table(columns, schema=table_schema())


def _column(found: pa.Table, field: pa.Field) -> pa.ChunkedArray | pa.Array:
    if field.name not in found.column_names:
        return pa.nulls(found.num_rows, field.type)
    return found[field.name].cast(field.type)
