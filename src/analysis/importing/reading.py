"""Reading a source of any kind as text, in chunks: a file, a folder of files or a query of a database.

What is read is exactly what the source holds, or BadRecords; what it means is left to the mapping.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from analysis.errors import BadRecords
from analysis.importing.csv_files import read_csv
from analysis.importing.csv_shape import Dialect
from analysis.importing.tables import OnBytes, as_text, check_names, three_of
from analysis.importing.workbooks import read_workbook

KINDS = {".csv": "csv", ".xlsx": "xlsx", ".parquet": "parquet"}
# A folder that holds one of these holds records that would be passed over in silence.
_OTHER_TABLES = (".xls", ".xlsm", ".xlsb", ".ods", ".tsv")


@dataclass(frozen=True)
class Reading:
    """How to read a source, from a mapping's `read:` part; what is left out is found or has its usual value."""

    kind: str = ""
    encoding: str = ""
    delimiter: str = ","
    quote: str = '"'
    sheet: str = ""
    header_row: int = 1


@dataclass(frozen=True)
class Chunk:
    """Some rows of a source, all text, '' where blank; `first_row` is the number of the first of them in `file`.

    Rows are counted as a spreadsheet does: a CSV's or a sheet's header is row 1 where nothing is above it. In Parquet
    and databases, which have no header row, the first record is row 1.
    """

    file: str
    rows: pd.DataFrame
    first_row: int


def read_source(
    source: Path | str,
    reading: Reading = Reading(),
    *,
    query: str = "",
    chunk_rows: int = 100_000,
    on_bytes: OnBytes | None = None,
) -> Iterator[Chunk]:
    """Read a file, all the files of a folder (sorted by name), or the rows of a database URL's `query`.

    Out   chunks of at most `chunk_rows` rows in the source's own columns. A blank row between records stays, as a row
    of blanks; blank rows after the last record are left out. `on_bytes` is told the bytes read and their total.
    Raises BadRecords, some of it only while the chunks are read: use nothing of them before the last one.
    """
    if is_url(source):
        # SQLAlchemy takes a third of a second to import; only who reads a database waits for it.
        from analysis.importing.databases import database_label, read_database

        frames = read_database(str(source), query, chunk_rows=chunk_rows)
        yield from _numbered(database_label(str(source)), frames, 1)
        return
    if reading.header_row < 1:
        raise BadRecords("The mapping's `header_row:` under `read:` counts from 1.")
    files = source_files(Path(source), reading.kind)
    sizes = [_size(file) for file in files]
    columns: list[str] = []
    for position, file in enumerate(files):
        told = _shifted(on_bytes, sum(sizes[:position]), sum(sizes))
        for chunk in _read_file(file, reading, chunk_rows, told):
            columns = columns or list(chunk.rows.columns)
            yield _in_columns(chunk, columns, files[0].name)


def is_url(source: Path | str) -> bool:
    """Whether a source is a database URL."""
    return isinstance(source, str) and "://" in source


def source_files(source: Path, kind: str = "") -> list[Path]:
    """The files that a path stands for: itself, or what a folder holds, sorted by name. Raises BadRecords."""
    if not source.is_dir():
        if not source.is_file():
            raise BadRecords(f"There is no file {source}. Correct the path.")
        return [source]
    try:
        seen = sorted(path for path in source.iterdir() if path.is_file() and not path.name.startswith((".", "~$")))
    except OSError as error:
        raise BadRecords(f"The folder {source} cannot be read: {error.strerror}.") from None
    found = [path for path in seen if KINDS.get(path.suffix.lower()) and kind in ("", KINDS[path.suffix.lower()])]
    passed = [path.name for path in seen if path.suffix.lower() in _OTHER_TABLES]
    if passed:
        many = "tables" if len(passed) > 1 else "a table"
        raise BadRecords(
            f"The folder {source} holds {many} of a kind that cannot be read ({three_of(passed)}). Save as .csv, "
            ".xlsx or .parquet, or move away."
        )
    if not found:
        raise BadRecords(f"The folder {source} holds no {kind or 'csv, xlsx or parquet'} file. Correct the path.")
    return found


def source_sha256(source: Path | str, *, query: str = "", kind: str = "") -> str:
    """The SHA-256 of what was read: a file's bytes; a folder's names and hashes, in order; the rows of a query."""
    if is_url(source):
        return rows_sha256(chunk.rows for chunk in read_source(source, query=query))
    path = Path(source)
    if not path.is_dir():
        return _file_sha256(source_files(path)[0])
    lines = (f"{_file_sha256(file)}  {file.name}\n" for file in source_files(path, kind))
    return hashlib.sha256("".join(lines).encode("utf-8", "surrogateescape")).hexdigest()


def rows_sha256(frames: Iterable[pd.DataFrame]) -> str:
    """The SHA-256 of rows in whatever order a database gave them: of their names and the sum of their own hashes."""
    total, count, names = 0, 0, ""
    for frame in frames:
        names = repr(list(frame.columns))
        for row in frame.itertuples(index=False, name=None):
            total += int.from_bytes(hashlib.sha256(repr(row).encode()).digest())
            count += 1
    return hashlib.sha256(f"{names}\n{count}\n{total % (1 << 256):064x}".encode()).hexdigest()


def _read_file(file: Path, reading: Reading, chunk_rows: int, on_bytes: OnBytes | None) -> Iterator[Chunk]:
    kind = reading.kind or KINDS.get(file.suffix.lower(), "")
    if kind not in KINDS.values():
        raise BadRecords(
            f"What kind of file {file.name} is cannot be told from its name. Write `kind: csv`, `xlsx` or `parquet` "
            "under `read:` in the mapping."
        )
    try:
        if kind == "csv":
            dialect = Dialect(reading.encoding, reading.delimiter, reading.quote, reading.header_row)
            frames = read_csv(file, dialect, chunk_rows=chunk_rows, on_bytes=on_bytes)
        elif kind == "xlsx":
            frames = read_workbook(file, reading.sheet, reading.header_row, chunk_rows=chunk_rows, on_bytes=on_bytes)
        else:
            frames = _read_parquet(file, chunk_rows, on_bytes)
        yield from _numbered(file.name, frames, 1 if kind == "parquet" else reading.header_row + 1)
    except OSError as error:
        raise BadRecords(f"{file} cannot be read: {error.strerror or 'its disk fails'}.") from None


def _read_parquet(path: Path, chunk_rows: int, on_bytes: OnBytes | None) -> Iterator[pd.DataFrame]:
    size = path.stat().st_size
    try:
        with pq.ParquetFile(path, page_checksum_verification=True) as file:
            names = check_names(file.schema_arrow.names, f"The schema of {path.name}")
            total, done = file.metadata.num_rows, 0
            for batch in file.iter_batches(batch_size=chunk_rows):
                yield pa.table([_arrow_text(path, name, batch.column(name)) for name in names], names=names).to_pandas()
                done += batch.num_rows
                if on_bytes:
                    on_bytes(min(size, size * done // max(total, 1)), size)
    except (pa.ArrowException, OSError, ValueError, OverflowError, NotImplementedError):
        raise BadRecords(
            f"{path.name} is damaged, cut short, or no Parquet file. Export it again, or say its `kind:` under `read:`."
        ) from None
    if not done:
        raise BadRecords(f"{path.name} has column names and not one record. Export it again.")


def _arrow_text(path: Path, name: str, column: pa.Array) -> pa.Array:
    """One column as text: by Arrow where its way of writing is ours, value by value where it is not."""
    column.validate(full=True)
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    kind = column.type
    if pa.types.is_struct(kind) or pa.types.is_map(kind):
        raise BadRecords(f"The column '{name}' of {path.name} holds fields within fields. Export each as a column.")
    if pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_integer(kind):
        return column.cast(pa.large_string()).fill_null("")
    try:
        return pa.array([as_text(value) for value in column.to_pylist()], pa.large_string())
    except TypeError:
        raise BadRecords(f"The column '{name}' of {path.name} holds bytes, not text. Export it as text.") from None


def _numbered(file: str, frames: Iterable[pd.DataFrame], first_row: int) -> Iterator[Chunk]:
    for frame in frames:
        yield Chunk(file, frame, first_row)
        first_row += len(frame)


def _in_columns(chunk: Chunk, columns: list[str], first_file: str) -> Chunk:
    """Put a chunk's columns in the order of the first file's. Raises BadRecords where they are not the same."""
    found = list(chunk.rows.columns)
    if found == columns:
        return chunk
    missing = [f"'{name}'" for name in columns if name not in found]
    added = [f"'{name}'" for name in found if name not in columns]
    if missing or added:
        said = " and ".join(
            [f"lacks {three_of(missing)}"] * bool(missing) + [f"has {three_of(added)} besides"] * bool(added)
        )
        raise BadRecords(
            f"{chunk.file} does not have the columns of {first_file}: it {said}. The files of a folder are one table: "
            "give them the same columns, or import them one by one."
        )
    return Chunk(chunk.file, chunk.rows[columns], chunk.first_row)


def _shifted(on_bytes: OnBytes | None, before: int, total: int) -> OnBytes | None:
    if on_bytes is None:
        return None
    return lambda done, _: on_bytes(before + done, total)


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError as error:
        raise BadRecords(f"{file} cannot be read: {error.strerror}.") from None


def _file_sha256(file: Path) -> str:
    try:
        with file.open("rb") as opened:
            return hashlib.file_digest(opened, "sha256").hexdigest()
    except OSError as error:
        raise BadRecords(f"{file} cannot be read: {error.strerror}.") from None
