"""Excel workbooks as text, looked through before they are opened.

A formula, a merged range, an error value or a number too large to be exact would be read as something else than what a
person sees in the cell; each is refused with its address, and nothing is guessed.
"""

import json
import math
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from functools import cache
from itertools import islice
from pathlib import Path
from typing import IO
from xml.parsers import expat

import pandas as pd
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from analysis.errors import BadRecords
from analysis.importing.csv_files import OnBytes, check_names, text_table, three_of, without_blank_end

_MOST_BYTES, _MOST_TIMES = 1 << 30, 200
# The reader sets aside room for every cell between the first used and the last, 32 bytes each.
_ROOM, _MOST_ROOM = 1 << 22, 1 << 26
_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384
_EXACT = 1 << 53
_OLE = b"\xd0\xcf\x11\xe0"
_ZIP_FAULTS = (
    *(zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError),
    *(NotImplementedError, RuntimeError, ValueError, OverflowError),
)
_ADDRESS = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")
_NOT_READ = "Open it in a spreadsheet program, save it again as .xlsx, and try that file."


@dataclass(frozen=True)
class _Scan:
    """What the XML of a sheet says that its values do not; of formulas and errors, the number and the first three."""

    formulas: tuple[int, list[str]]
    errors: tuple[int, list[str]]
    cells: int
    last_row: int
    last_column: int


def read_workbook(
    path: Path, sheet: str, header_row: int, *, chunk_rows: int, on_bytes: OnBytes | None = None
) -> Iterator[pd.DataFrame]:
    """Read one sheet of a workbook in frames of at most `chunk_rows` records.

    Out   every column text: dates YYYY-MM-DD, whole numbers without a point, numbers in full, true and false.
    Row i of all frames together is the i-th row below the header; blank rows as in `read_csv`.
    Raises BadRecords for a file that is damaged, protected, too large unpacked or no workbook, and for a sheet with
    formulas, merged cells or errors among its records.
    """
    with _open_zip(path) as archive:
        parts = _sheet_parts(path, archive)
        name = _chosen(path, sheet, list(parts))
        scan = _scan(path, archive, parts[name])
    _check_scan(path, name, scan)
    yield from without_blank_end(_frames(path, name, header_row, chunk_rows, on_bytes))


def sheet_names(path: Path) -> list[str]:
    """The names of a workbook's sheets, in order. Raises BadRecords as `read_workbook` does."""
    with _open_zip(path) as archive:
        return list(_sheet_parts(path, archive))


def as_text(value: object) -> str:
    """Write one typed value as text: '' for none, ISO dates, whole numbers without a point, lists joined with "|".

    Raises TypeError for bytes, which are no text.
    """
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return _float_text(value)
    if isinstance(value, Decimal):
        return "" if value.is_nan() else format(value, "f")
    if isinstance(value, date | time):
        # A time with a zone keeps its midnight: elsewhere it is another day.
        return value.isoformat().removesuffix("T00:00:00")
    if isinstance(value, list | tuple):
        return "|".join(map(as_text, value))
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False, sort_keys=True, default=as_text)
    if isinstance(value, bytes | bytearray | memoryview):
        raise TypeError("bytes are no text")
    return str(value)


def _float_text(value: float) -> str:
    if math.isnan(value):
        return ""
    return str(int(value)) if value.is_integer() and abs(value) <= _EXACT else repr(value)


def _open_zip(path: Path) -> zipfile.ZipFile:
    """Open a workbook as the zip file that it is, once that is known to be safe; every part of it is whole."""
    with path.open("rb") as file:
        start = file.read(4)
        if start == _OLE:
            raise _old_or_protected(path, file)
    if start[:2] != b"PK":
        what = "is empty" if not start else "is not an Excel workbook, whatever its name says"
        raise BadRecords(f"{path.name} {what}. {_NOT_READ}")
    try:
        archive = zipfile.ZipFile(path)
    except _ZIP_FAULTS:
        raise BadRecords(f"{path.name} is damaged or cut short, or no workbook. {_NOT_READ}") from None
    try:
        _check_parts(path, archive)
    except BaseException:
        archive.close()
        raise
    return archive


def _check_parts(path: Path, archive: zipfile.ZipFile) -> None:
    members = archive.infolist()
    unpacked, packed = sum(member.file_size for member in members), path.stat().st_size
    if unpacked > _MOST_BYTES or unpacked > _MOST_TIMES * packed:
        raise BadRecords(
            f"{path.name} says that it unpacks from {packed:,} to {unpacked:,} bytes, more than 1 GiB or 200 times its "
            "size: it was not opened. If it is no trap, export its sheet as CSV."
        )
    if any(member.flag_bits & 1 for member in members):
        raise BadRecords(f"{path.name} is a zip file with a password. Save the workbook without one.")
    try:
        broken = archive.testzip() is not None or len({member.filename for member in members}) < len(members)
    except _ZIP_FAULTS:
        broken = True
    if broken:
        raise BadRecords(f"{path.name} is damaged: a part of it does not unpack to what it should be. {_NOT_READ}")


def _old_or_protected(path: Path, file: IO[bytes]) -> BadRecords:
    mark, rest = "EncryptedPackage".encode("utf-16-le"), b""
    while block := file.read(1 << 20):
        if mark in rest + block:
            return BadRecords(f"{path.name} is protected with a password. Save it without one, and import that file.")
        rest = block[-len(mark) :]
    return BadRecords(f"{path.name} is a workbook in the old .xls form, whatever its name says. {_NOT_READ}")


def _sheet_parts(path: Path, archive: zipfile.ZipFile) -> dict[str, str]:
    """The sheets of a workbook, in order, with the part of the zip file that holds each."""
    parts: dict[str, str] = {}
    sheets: list[tuple[str, str]] = []

    def relation(said: dict[str, str]) -> None:
        if said.get("Type", "").endswith("/worksheet"):
            target = said.get("Target", "")
            parts[said.get("Id", "")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"

    def sheet(said: dict[str, str]) -> None:
        key = next((value for name, value in said.items() if name.endswith(" id")), "")
        sheets.append((said.get("name", ""), key))

    _parse(path, archive, "xl/_rels/workbook.xml.rels", {"Relationship": relation})
    _parse(path, archive, "xl/workbook.xml", {"sheet": sheet})
    found = {name: parts[key] for name, key in sheets if key in parts}
    if not found:
        raise BadRecords(f"{path.name} holds no worksheet. {_NOT_READ}")
    return found


def _chosen(path: Path, sheet: str, names: list[str]) -> str:
    held = ", ".join(f"'{name}'" for name in names)
    if not sheet and len(names) > 1:
        raise BadRecords(
            f"{path.name} has {len(names)} sheets ({held}). Say which one holds the records: `sheet: {names[0]}`, for "
            "example, under `read:` in the mapping."
        )
    if sheet and sheet not in names:
        raise BadRecords(f"{path.name} has no sheet '{sheet}'. It has {held}; correct `sheet:` under `read:`.")
    return sheet or names[0]


def _scan(path: Path, archive: zipfile.ZipFile, part: str) -> _Scan:
    """Walk through a sheet's XML, holding none of it: its formulas, its errors, and how far its cells reach."""
    row = column = cells = last_row = last_column = 0
    here = (0, 0)
    found: dict[str, tuple[int, list[str]]] = {"formula": (0, []), "error": (0, [])}

    def note(what: str) -> None:
        count, first = found[what]
        found[what] = count + 1, [*first, _address(row, column)] if count < 3 else first

    def on_row(said: dict[str, str]) -> None:
        nonlocal row, column
        row, column = int(said["r"]) if said.get("r", "").isdecimal() else row + 1, 0

    def on_cell(said: dict[str, str]) -> None:
        nonlocal row, column, here, cells, last_row, last_column
        cells, before = cells + 1, here
        row, column = here = _position(path, said["r"]) if "r" in said else (row, column + 1)
        if here <= before:
            raise BadRecords(
                f"{path.name} is damaged: cell {_address(*here)} is there twice or out of turn. {_NOT_READ}"
            )
        last_row, last_column = row, column if column > last_column else last_column
        if said.get("t") == "e":
            note("error")

    _parse(path, archive, part, {"row": on_row, "c": on_cell, "f": lambda _: note("formula")})
    return _Scan(found["formula"], found["error"], cells, last_row, last_column)


def _parse(
    path: Path, archive: zipfile.ZipFile, part: str, handlers: dict[str, Callable[[dict[str, str]], None]]
) -> None:
    """Hand the attributes of each element of a part to the handler of its local name. Entities are refused."""
    by_tag: dict[str, Callable[[dict[str, str]], None] | None] = {}

    def refuse(*_: object) -> None:
        raise BadRecords(f"{path.name} declares XML entities in {part}, as no spreadsheet program does. {_NOT_READ}")

    def element(tag: str, said: dict[str, str]) -> None:
        if tag not in by_tag:
            by_tag[tag] = handlers.get(tag.rpartition(" ")[2])
        handler = by_tag[tag]
        if handler:
            handler(said)

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartDoctypeDeclHandler, parser.StartElementHandler = refuse, element
    try:
        with archive.open(part) as file:
            parser.ParseFile(file)
    except KeyError:
        raise BadRecords(f"{path.name} is damaged, or no Excel workbook: it has no {part}. {_NOT_READ}") from None
    except (expat.ExpatError, *_ZIP_FAULTS):
        raise BadRecords(f"{path.name} is damaged: its part {part} cannot be read. {_NOT_READ}") from None


def _check_scan(path: Path, sheet: str, scan: _Scan) -> None:
    where = f"of the sheet '{sheet}' in {path.name}"
    for (count, first), what, todo in (
        (scan.formulas, "a formula", "Copy the sheet and paste it as values: what a formula gives is not a record."),
        (scan.errors, "an error value such as #N/A", "Correct or empty the cell."),
    ):
        if count:
            said = f"{count:,} cells {where} hold" if count > 1 else f"A cell {where} holds"
            raise BadRecords(f"{said} {what} ({three_of(first, count)}). {todo}")
    room = scan.last_row * scan.last_column
    if scan.last_row > _LAST_ROW or scan.last_column > _LAST_COLUMN:
        raise BadRecords(f"The cells {where} reach beyond what a sheet can hold: the file is damaged. {_NOT_READ}")
    if room > _MOST_ROOM or (room > _ROOM and room > 8 * scan.cells):
        raise BadRecords(
            f"The cells {where} reach to {_address(scan.last_row, scan.last_column)}, {room:,} cells and most of them "
            "empty. Delete the rows and columns beyond the table and save the workbook, or export the sheet as CSV."
        )


def _frames(
    path: Path, name: str, header_row: int, chunk_rows: int, on_bytes: OnBytes | None
) -> Iterator[pd.DataFrame]:
    sheet = _open_sheet(path, name)
    rows = _rows(path, sheet)
    names = _header(path, name, sheet, list(islice(rows, header_row)), header_row)
    _check_merged(path, name, sheet, header_row)
    done, total, size = header_row, max(sheet.total_height, 1), path.stat().st_size
    while batch := list(islice(rows, chunk_rows)):
        texts = [_row_texts(path, name, sheet, row, number) for number, row in enumerate(batch, done + 1)]
        _check_width(path, name, sheet, texts, row_before=done, width=len(names))
        yield text_table(names, [row[: len(names)] for row in texts]).to_pandas()
        done += len(batch)
        if on_bytes:
            on_bytes(min(size, size * done // total), size)
    if done == header_row:
        raise BadRecords(f"The sheet '{name}' in {path.name} has column names and not one record. Export it again.")


def _open_sheet(path: Path, name: str) -> CalamineSheet:
    try:
        with CalamineWorkbook.from_path(str(path)) as workbook:
            return workbook.get_sheet_by_name(name)
    except BaseException as error:  # noqa: BLE001
        raise _unreadable(path, error) from None


def _rows(path: Path, sheet: CalamineSheet) -> Iterator[list[object]]:
    rows = sheet.iter_rows()
    while True:
        try:
            row = next(rows, None)
        except BaseException as error:  # noqa: BLE001
            raise _unreadable(path, error) from None
        if row is None:
            return
        yield list(row)


def _unreadable(path: Path, error: BaseException) -> BaseException:
    """A fault of the file as BadRecords; the reader, written in Rust, panics on some with an error of its own."""
    known = isinstance(error, CalamineError | ValueError | OverflowError | OSError)
    if known or type(error).__name__ == "PanicException":
        return BadRecords(f"{path.name} is damaged: its cells cannot be read. {_NOT_READ}")
    return error


def _header(path: Path, name: str, sheet: CalamineSheet, above: list[list[object]], header_row: int) -> list[str]:
    """The column names, without the unnamed columns on the right, which must then be empty."""
    where = f"Row {header_row} of the sheet '{name}' in {path.name}"
    header = [as_text(value) for value in above[-1]] if len(above) == header_row else []
    first = sheet.start[0] + 1 if sheet.start else 0
    if not any(header) and first > header_row:
        raise BadRecords(
            f"{where} is blank; the first that is not is row {first}. If it holds the column names, write "
            f"`header_row: {first}` under `read:` in the mapping."
        )
    width = max((at for at, value in enumerate(header, 1) if value.strip()), default=0)
    return check_names(header[:width], where)


def _check_merged(path: Path, name: str, sheet: CalamineSheet, header_row: int) -> None:
    """A merged range has one value and several cells: in the header or below it, nobody can say whose value it is."""
    last_row, last_column = sheet.end or (0, 0)
    merged = [
        f"{_address(top + 1, left + 1)}:{_address(bottom + 1, right + 1)}"
        for (top, left), (bottom, right) in sorted(sheet.merged_cell_ranges or [])
        if bottom >= header_row - 1 and top <= last_row and left <= last_column
    ]
    if merged:
        raise BadRecords(
            f"The sheet '{name}' in {path.name} has merged cells among its records or their names "
            f"({three_of(merged)}). Unmerge them and give each cell its own value."
        )


def _row_texts(path: Path, name: str, sheet: CalamineSheet, row: list[object], number: int) -> list[str]:
    try:
        return [value if isinstance(value, str) else _exact_text(value) for value in row]
    except OverflowError:
        column = next(at for at, value in enumerate(row) if not _is_exact(value))
        raise BadRecords(
            f"Cell {_address(number, _left(sheet) + column + 1)} of the sheet '{name}' in {path.name} holds a number "
            "too large to be kept exactly by a spreadsheet. Ask the source for it as text."
        ) from None


def _exact_text(value: object) -> str:
    if not _is_exact(value):
        raise OverflowError
    return as_text(value)


def _is_exact(value: object) -> bool:
    return not isinstance(value, float) or (math.isfinite(value) and not (value.is_integer() and abs(value) > _EXACT))


def _check_width(
    path: Path, name: str, sheet: CalamineSheet, texts: list[list[str]], *, row_before: int, width: int
) -> None:
    beyond = [
        _address(number, _left(sheet) + column)
        for number, row in enumerate(texts, row_before + 1)
        for column, value in enumerate(row[width:], width + 1)
        if value
    ]
    if beyond:
        raise BadRecords(
            f"The sheet '{name}' in {path.name} has values in columns without a name ({three_of(beyond)}). "
            "Name every column, or empty those cells."
        )


def _left(sheet: CalamineSheet) -> int:
    return sheet.start[1] if sheet.start else 0


def _position(path: Path, address: str) -> tuple[int, int]:
    found = _ADDRESS.fullmatch(address)
    if not found:
        raise BadRecords(f"{path.name} is damaged: a cell of it has no proper address. {_NOT_READ}")
    return int(found[2]), _column(found[1])


@cache
def _column(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = 26 * number + ord(letter) - 64
    return number


def _address(row: int, column: int) -> str:
    letters = ""
    while column > 0:
        column, letter = divmod(column - 1, 26)
        letters = chr(65 + letter) + letters
    return f"{letters}{row}"
