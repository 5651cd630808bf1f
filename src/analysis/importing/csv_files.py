"""CSV files as text, exactly as they were written.

The whole file is looked through before its first row is used: encoding, NUL bytes, endless lines, the shape of its
quotes. A plain file (UTF-8, every quote where RFC 4180 puts it, no blank lines) is then read by Arrow, any other by the
csv module, which is slower and knows the line of every fault. On a plain file the two give the same rows.
"""

import csv
import io
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pyarrow as pa
import pyarrow.csv as arrow_csv

from analysis.errors import BadRecords
from analysis.importing.csv_shape import Dialect, check_marks, is_plain
from analysis.importing.encodings import LIMIT, check_text, resolve_encoding
from analysis.importing.tables import OnBytes, check_names, counted, text_table, three_of, without_blank_end

if TYPE_CHECKING:
    from _csv import Reader

_ARROW_BLOCK, _ROWS_AT_ONCE = 1 << 24, 10_000


def read_csv(
    path: Path, dialect: Dialect, *, chunk_rows: int, on_bytes: OnBytes | None = None
) -> Iterator[pd.DataFrame]:
    """Read a CSV file in frames of at most `chunk_rows` records.

    Out   every column text, as written; row i of all frames together is record i below the header. A blank line between
    records stays as a row of blanks, so that rows can be counted; blank lines at the end are left out.
    Raises BadRecords for a file that is damaged or not what `dialect` says.
    """
    check_marks(path, dialect)
    encoding = resolve_encoding(path, dialect.encoding)
    check_text(path, encoding)
    header = _read_header(path, dialect, encoding)
    found = False
    for frame in without_blank_end(_frames(path, dialect, encoding, header, chunk_rows, on_bytes)):
        found = True
        yield frame
    if not found:
        raise BadRecords(f"{path.name} has column names and not one record. Export it again.")


def _frames(
    path: Path, dialect: Dialect, encoding: str, header: list[str], chunk_rows: int, on_bytes: OnBytes | None
) -> Iterator[pd.DataFrame]:
    read = 0
    if encoding in ("utf-8", "utf-8-sig") and is_plain(path, dialect):
        try:
            for frame in _chunked(_quick_tables(path, dialect, header, on_bytes), chunk_rows):
                yield frame
                read += len(frame)
            return
        except pa.ArrowInvalid:
            # A ragged row, or one too long for a block: the exact reader names the line, or reads on from there.
            pass
    yield from _chunked(_exact_tables(path, dialect, header, on_bytes, encoding=encoding, skip=read), chunk_rows)


def _quick_tables(path: Path, dialect: Dialect, header: list[str], on_bytes: OnBytes | None) -> Iterator[pa.Table]:
    size = path.stat().st_size
    read = arrow_csv.ReadOptions(block_size=_ARROW_BLOCK, column_names=header, skip_rows_after_names=dialect.header_row)
    parse = arrow_csv.ParseOptions(
        delimiter=dialect.delimiter, quote_char=dialect.quote or False, newlines_in_values=bool(dialect.quote)
    )
    text = arrow_csv.ConvertOptions(column_types=dict.fromkeys(header, pa.large_string()), strings_can_be_null=False)
    with path.open("rb") as file, arrow_csv.open_csv(file, read, parse, text) as batches:
        for batch in batches:
            yield pa.table(batch)
            if on_bytes:
                on_bytes(min(file.tell(), size), size)


def _exact_tables(
    path: Path, dialect: Dialect, header: list[str], on_bytes: OnBytes | None, *, encoding: str, skip: int
) -> Iterator[pa.Table]:
    size = path.stat().st_size
    with path.open("rb") as raw, io.TextIOWrapper(raw, encoding=encoding, newline="") as file:
        rows = islice(_records(path.name, _reader(file, dialect), len(header), dialect.header_row), skip, None)
        while True:
            with _field_limit():
                batch = list(islice(rows, _ROWS_AT_ONCE))
            if not batch:
                return
            try:
                yield text_table(header, batch)
            except UnicodeError:
                raise BadRecords(
                    f"{path.name} is not {encoding}: it holds halves of characters. Correct `encoding:` under `read:`."
                ) from None
            if on_bytes:
                on_bytes(min(raw.tell(), size), size)


def _chunked(tables: Iterable[pa.Table], chunk_rows: int) -> Iterator[pd.DataFrame]:
    kept: pa.Table | None = None
    for table in tables:
        kept = table if kept is None else pa.concat_tables([kept, table])
        while kept.num_rows >= chunk_rows:
            yield kept.slice(0, chunk_rows).combine_chunks().to_pandas()
            kept = kept.slice(chunk_rows)
    if kept is not None and kept.num_rows:
        yield kept.combine_chunks().to_pandas()


def _records(name: str, reader: "Reader", width: int, header_row: int) -> Iterator[list[str]]:
    """Each record below the header, as wide as it; the first that is not ends the reading, once the rest is counted."""
    line = 1
    try:
        for _ in islice(reader, header_row):
            line = reader.line_num + 1
        for row in reader:
            if len(row) != width:
                if any(row):
                    raise _ragged(name, reader, width, line)
                row = [""] * width
            yield row
            line = reader.line_num + 1
    except (csv.Error, UnicodeError) as error:
        raise _broken(name, error, line, reader.line_num) from None


def _ragged(name: str, reader: "Reader", width: int, line: int) -> BadRecords:
    lines, count, after = [f"{line}"], 1, reader.line_num + 1
    for row in reader:
        if len(row) != width and any(row):
            count += 1
            lines += [f"{after}"] if count <= 3 else []
        after = reader.line_num + 1
    said = three_of(lines, count)
    verb = "does" if count == 1 else "do"
    return BadRecords(
        f"{counted(count, 'row')} of {name} {verb} not have the {counted(width, 'field')} of its header (line "
        f"{said}). A delimiter inside a value without quotes, or a file cut short, looks like this. Export the file "
        "again with text in quotes, or correct those lines."
    )


def _broken(name: str, error: Exception, line: int, last: int) -> BadRecords:
    """Say what the csv module found, without the value it found it in."""
    said = str(error)
    if "unexpected end" in said:
        return BadRecords(
            f"{name} ends inside a quoted value that opens in the record on line {line}: the file was cut off, or a "
            "closing quote is missing there. Export it again."
        )
    if "field limit" in said:
        return BadRecords(
            f"A value of {name} in the record on line {line} is longer than 1 MiB: most likely a closing quote is "
            "missing. Correct that line, or export the file again."
        )
    return BadRecords(
        f"Line {last} of {name} is not CSV: text follows a closing quote. A quote inside a quoted value is written "
        "twice. Correct that line, or say another `quote:` or `delimiter:` under `read:`."
    )


def _read_header(path: Path, dialect: Dialect, encoding: str) -> list[str]:
    row: list[str] | None = None
    line = 1
    with path.open(encoding=encoding, newline="") as file, _field_limit():
        reader = _reader(file, dialect)
        try:
            for _ in range(dialect.header_row):
                line = reader.line_num + 1
                row = next(reader, None)
        except csv.Error as error:
            raise _broken(path.name, error, line, reader.line_num) from None
    if row is None:
        raise BadRecords(
            f"{path.name} has no row {dialect.header_row}, where its column names should be. Export it again."
        )
    names = check_names(row, f"Row {dialect.header_row} of {path.name}")
    other = next((mark for mark in (";", "\t", "|", ",") if mark in names[0]), "")
    if len(names) == 1 and other:
        said = "\\t" if other == "\t" else other
        raise BadRecords(
            f'{path.name} has one column when its fields are divided by "{dialect.delimiter}", and the name of that '
            f'column holds "{said}". Write `delimiter: "{said}"` under `read:` in the mapping.'
        )
    return names


def _reader(file: Iterable[str], dialect: Dialect) -> "Reader":
    if not dialect.quote:
        return csv.reader(file, delimiter=dialect.delimiter, quoting=csv.QUOTE_NONE, strict=True)
    return csv.reader(file, delimiter=dialect.delimiter, quotechar=dialect.quote, strict=True)


@contextmanager
def _field_limit() -> Iterator[None]:
    """Hold the csv module to our limit: its own is smaller, and shared by the whole process."""
    before = csv.field_size_limit(LIMIT)
    try:
        yield
    finally:
        csv.field_size_limit(before)
