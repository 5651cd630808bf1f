"""CSV files as text, exactly as they were written.

The whole file is looked through before its first row is used: encoding, NUL bytes, endless lines, the shape of its
quotes. A plain file (UTF-8, every quote where RFC 4180 puts it, no blank lines) is then read by Arrow, any other by the
csv module, which is slower and knows the line of every fault. On a plain file the two give the same rows.
"""

import codecs
import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv as arrow_csv
from charset_normalizer import from_bytes

from analysis.errors import BadRecords

if TYPE_CHECKING:
    from _csv import Reader

OnBytes = Callable[[int, int], None]
LIMIT = 1 << 20
_BLOCK, _SAMPLE, _ARROW_BLOCK, _ROWS_AT_ONCE = 1 << 20, 1 << 15, 1 << 24, 10_000
_UTF8_MARK = codecs.BOM_UTF8
# UTF-32 first: its little-endian mark begins with that of UTF-16.
_MARKS = {
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
    _UTF8_MARK: "utf-8-sig",
}
_OTHER_FILES = {
    b"PK\x03\x04": "an Excel workbook or another zip file; export it as CSV, or write `kind: xlsx` under `read:`",
    b"PAR1": "a Parquet file; write `kind: parquet` under `read:`",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook; open it in a spreadsheet program and save it as CSV in UTF-8",
    b"\x1f\x8b": "a gzip archive; unpack it first",
    b"%PDF": "a PDF file; ask the source for the table behind it",
}
# What extracts are written in, most common first. Left to choose among all it knows, the detector prefers curiosities.
_LIKELY = [
    *(f"cp{page}" for page in (1256, 1252, 1251, 1250, 1253, 1254, 1255, 1257, 1258, 866, 850, 437, 864, 720)),
    *("iso8859_6", "iso8859_2", "iso8859_5", "iso8859_9", "koi8_r", "mac_roman"),
    *("gb18030", "big5", "shift_jis", "euc_jp", "euc_kr"),
]
_A_VALUE = re.compile(r"[\s\d.,:/+-]*\d[\s\d.,:/+-]*")


@dataclass(frozen=True)
class Dialect:
    """How a CSV file is written; an encoding that is not said is UTF-8, with or without a byte order mark."""

    encoding: str = ""
    delimiter: str = ","
    quote: str = '"'
    header_row: int = 1


def read_csv(
    path: Path, dialect: Dialect, *, chunk_rows: int, on_bytes: OnBytes | None = None
) -> Iterator[pd.DataFrame]:
    """Read a CSV file in frames of at most `chunk_rows` records.

    Out   every column text, as written; row i of all frames together is record i below the header. A blank line between
    records stays as a row of blanks, so that rows can be counted; blank lines at the end are left out.
    Raises BadRecords for a file that is damaged or not what `dialect` says.
    """
    _check_marks(path, dialect)
    encoding = resolve_encoding(path, dialect.encoding)
    _check_text(path, encoding)
    header = _read_header(path, dialect, encoding)
    found = False
    for frame in without_blank_end(_frames(path, dialect, encoding, header, chunk_rows, on_bytes)):
        found = True
        yield frame
    if not found:
        raise BadRecords(f"{path.name} has column names and not one record. Export it again.")


def detect_encoding(path: Path) -> str:
    """Say what a file's text looks like: "utf-8", or the name to write in a mapping; "" where nothing fits.

    It is a guess from the first lines that are not plain ASCII: for messages and drafts, never for reading.
    """
    with path.open("rb") as file:
        start = file.read(4)
    marked = _mark(start)
    if marked:
        return marked.removesuffix("-sig")
    sample = _telling_lines(path)
    if _decodes(sample, "utf-8"):
        return "utf-8"
    found = list(from_bytes(sample, cp_isolation=_LIKELY))
    likely = [one.encoding for one in found if (one.chaos, one.coherence) == (found[0].chaos, found[0].coherence)]
    best = min(likely, key=_LIKELY.index, default="")
    return re.sub(r"^cp125", "windows-125", best).replace("_", "-")


def resolve_encoding(path: Path, said: str) -> str:
    """The codec to read a file with: UTF-8, or the one that the mapping says. Raises BadRecords where they disagree."""
    with path.open("rb") as file:
        marked = _mark(file.read(4))
    if not said:
        if marked[:6] in ("utf-16", "utf-32"):
            raise BadRecords(f"{path.name} is not UTF-8: its first bytes say {marked}. {_say_encoding(marked)}")
        return "utf-8-sig"
    try:
        name = codecs.lookup(said).name if "".encode(said) is not None else ""
    except (LookupError, ValueError, TypeError):
        raise BadRecords(
            f"The mapping says `encoding: {said}`, and there is no such encoding. {path.name} looks like "
            f"{detect_encoding(path) or 'no encoding known here'}."
        ) from None
    looks = marked or ("utf-8" if not name.startswith("utf") and _is_surely_utf8(path) else "")
    if looks and not name.startswith(looks[: 5 if looks.startswith("utf-8") else 6]):
        raise BadRecords(
            f"The mapping says `encoding: {said}`, and {path.name} is {looks.removesuffix('-sig')} by its bytes. "
            "Read so, its names would be garbled. Correct or take out the line under `read:`."
        )
    return marked or name


def check_names(names: Sequence[str], where: str) -> list[str]:
    """Return column names that can be used: none blank, none twice, and not values. Raises BadRecords."""
    if not any(name.strip() for name in names):
        raise BadRecords(f"{where} holds no column names. Say which row does with `header_row:` under `read:`.")
    blank = [f"{at}" for at, name in enumerate(names, 1) if not name.strip()]
    if 2 * sum(bool(_A_VALUE.fullmatch(name)) for name in names) > len(names):
        raise BadRecords(
            f"{where} seems to hold values, not column names: more than half are numbers or dates. Put a row of column "
            "names above the records, or say which row holds them with `header_row:` under `read:`."
        )
    if blank:
        raise BadRecords(
            f"{where} has no name for {_counted(len(blank), 'column')} (column {three_of(blank)}, from the left). "
            "Name every column, or say which row holds the names with `header_row:` under `read:`."
        )
    seen: set[str] = set()
    twice = list(dict.fromkeys(name for name in names if name in seen or seen.add(name)))  # type: ignore[func-returns-value]
    if twice:
        said = three_of([f"'{name[:60]}'" for name in twice])
        raise BadRecords(
            f"{where} names {_counted(len(twice), 'column')} more than once ({said}). Give each column its own name, "
            "so that no value can be taken for another."
        )
    return list(names)


def text_table(names: Sequence[str], rows: Sequence[Sequence[str]]) -> pa.Table:
    """Make a table of text from rows as wide as `names`."""
    columns = zip(*rows, strict=True) if rows else [()] * len(names)
    return pa.table([pa.array(column, pa.large_string()) for column in columns], names=list(names))


def three_of(said: Sequence[str], count: int | None = None) -> str:
    """Name the first three in the order given, and say how many more there are."""
    more = (len(said) if count is None else count) - 3
    return ", ".join(said[:3]) + (f" and {more:,} more" if more > 0 else "")


def without_blank_end(frames: Iterable[pd.DataFrame]) -> Iterator[pd.DataFrame]:
    """Leave out the blank rows after the last record, and keep those between records."""
    held = 0
    for frame in frames:
        filled = len(frame)
        if filled and not any(frame.iloc[-1]):
            (positions,) = np.nonzero((frame != "").any(axis=1).to_numpy())
            filled = int(positions[-1]) + 1 if len(positions) else 0
        while filled and held:
            size = min(held, len(frame))
            yield text_table(list(frame.columns), [[""] * frame.shape[1]] * size).to_pandas()
            held -= size
        if filled:
            yield frame.iloc[:filled].reset_index(drop=True)
        held += len(frame) - filled


def _frames(
    path: Path, dialect: Dialect, encoding: str, header: list[str], chunk_rows: int, on_bytes: OnBytes | None
) -> Iterator[pd.DataFrame]:
    read = 0
    if encoding in ("utf-8", "utf-8-sig") and _is_plain(path, dialect):
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
        f"{_counted(count, 'row')} of {name} {verb} not have the {_counted(width, 'field')} of its header (line "
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


def _check_marks(path: Path, dialect: Dialect) -> None:
    marks = {"delimiter": dialect.delimiter, "quote": dialect.quote or "'"}
    wrong = [name for name, mark in marks.items() if len(mark) != 1 or mark in "\r\n\0\ufeff"]
    if wrong or dialect.delimiter == dialect.quote:
        said = " and ".join(f"`{name}:`" for name in wrong or marks)
        raise BadRecords(
            f"The mapping's {said} under `read:` cannot be used: one character each, not the same one twice."
        )
    with path.open("rb") as file:
        start = file.read(4)
    if not start:
        raise BadRecords(f"{path.name} is empty: it holds not one byte. Export it again.")
    other = next((what for mark, what in _OTHER_FILES.items() if start.startswith(mark)), "")
    if other:
        raise BadRecords(f"{path.name} is not a CSV file but {other}.")


def _check_text(path: Path, encoding: str) -> None:
    """Look through the whole file once: it must decode, without NUL bytes, in lines of at most 1 MiB."""
    decoder = io.IncrementalNewlineDecoder(codecs.getincrementaldecoder(encoding)(), translate=True)
    line, run = 1, 0
    with path.open("rb") as file:
        block = b"-"
        while block:
            block = file.read(_BLOCK)
            try:
                text = decoder.decode(block, final=not block)
            except UnicodeError as error:
                raise _wrong_encoding(path, encoding, line + _lines_before(error)) from None
            if "\0" in text:
                at = line + text.count("\n", 0, text.index("\0"))
                raise BadRecords(
                    f"Line {at} of {path.name} holds a NUL byte: the file is damaged, or is UTF-16 without the mark "
                    "that says so. Export it again as CSV in UTF-8."
                )
            ends = text.find("\n")
            if run + (len(text) if ends < 0 else ends) > LIMIT:
                raise BadRecords(
                    f"Line {line} of {path.name} is longer than 1 MiB: this is no table, or its line ends are missing. "
                    "Export it again."
                )
            run = run + len(text) if ends < 0 else len(text) - 1 - text.rfind("\n")
            line += text.count("\n")


def _wrong_encoding(path: Path, encoding: str, line: int) -> BadRecords:
    name = encoding.removesuffix("-sig").upper()
    looks = detect_encoding(path)
    if not looks or looks.upper() == name:
        guess = "Ask the source which encoding it writes, or for an export in UTF-8."
    else:
        guess = f"It looks like {looks}. {_say_encoding(looks)}"
    return BadRecords(f"{path.name} is not {name}: line {line} holds bytes that are no {name} text. {guess}")


def _say_encoding(name: str) -> str:
    return f"If that is right, write `encoding: {name}` under `read:` in the mapping."


def _lines_before(error: UnicodeError) -> int:
    good = error.object[: error.start] if isinstance(error, UnicodeDecodeError) else b""
    return good.count(b"\n") or good.count(b"\r")


def _mark(start: bytes) -> str:
    return next((name for mark, name in _MARKS.items() if start.startswith(mark)), "")


def _telling_lines(path: Path) -> bytes:
    """The first lines that are not ASCII: the only ones that tell one encoding from another."""
    found = b""
    with path.open("rb") as file:
        while len(found) < _SAMPLE and (block := file.read(_BLOCK)):
            if not block.isascii():
                # The last line of a block may be cut within a character.
                whole = block if len(block) < _BLOCK else block[: block.rfind(b"\n") + 1] or block
                found += b"\n".join(line for line in whole.splitlines() if not line.isascii())[: 2 * _SAMPLE]
    if len(found) <= _SAMPLE:
        return found
    cut = found.rfind(b"\n", 0, _SAMPLE)
    return found[: cut if cut > 0 else _SAMPLE]


def _decodes(sample: bytes, encoding: str) -> bool:
    try:
        sample.decode(encoding)
    except UnicodeError:
        return False
    return True


def _is_surely_utf8(path: Path) -> bool:
    """Whether at least three characters are written as UTF-8 and none is not: no other encoding does that by chance."""
    sample = _telling_lines(path)
    return _decodes(sample, "utf-8") and sum(byte >= 0xC0 for byte in sample) >= 3


def _is_plain(path: Path, dialect: Dialect) -> bool:
    """Whether Arrow and the csv module must agree: each quote opens or closes a field or is doubled; no blank line."""
    if not (dialect.delimiter + dialect.quote).isascii():
        return False
    quote, edge = ord(dialect.quote or "\0"), np.zeros(256, dtype=bool)
    edge[[ord(dialect.delimiter), 10, 13, quote]] = True
    inside, tail = 0, dialect.delimiter.encode() + b"\n"
    with path.open("rb") as file:
        if file.read(3) != _UTF8_MARK:
            file.seek(0)
        while block := file.read(_BLOCK):
            data = tail + block
            if any(blank in data for blank in (b"\n\n", b"\n\r", b"\r\r")):
                return False
            sound, inside = _quotes_fit(data, quote, edge, inside)
            if not sound:
                return False
            tail = data[-2:]
    sound, inside = _quotes_fit(tail + b"\n", quote, edge, inside)
    return sound and not inside


def _quotes_fit(data: bytes, quote: int, edge: "np.ndarray", inside: int) -> tuple[bool, int]:
    """Check the quotes between the first and the last byte, which belong to the blocks before and after."""
    values = np.frombuffer(data, dtype=np.uint8)
    at = np.flatnonzero(values[1:-1] == quote) + 1
    opens, closes = at[inside::2], at[1 - inside :: 2]
    return bool(edge[values[opens - 1]].all() and edge[values[closes + 1]].all()), (inside + len(at)) % 2


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
