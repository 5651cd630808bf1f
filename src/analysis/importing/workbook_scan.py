"""Looking through an Excel workbook before it is opened: is it whole, is it safe, and what do its values not say?

A formula, an error value or a stray cell far below the table would be read as something else than what a person sees;
each is refused with its address.
"""

import re
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import IO
from xml.parsers import expat

from analysis.errors import BadRecords
from analysis.importing.tables import three_of

_MOST_BYTES, _MOST_TIMES = 1 << 30, 200
# The reader sets aside room for every cell between the first used and the last, 32 bytes each.
_ROOM, _MOST_ROOM = 1 << 22, 1 << 26
_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384
_OLE = b"\xd0\xcf\x11\xe0"
_ZIP_FAULTS = (
    *(zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError),
    *(NotImplementedError, RuntimeError, ValueError, OverflowError),
)
_ADDRESS = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")
NOT_READ = "Open it in a spreadsheet program, save it again as .xlsx, and try that file."


@dataclass(frozen=True)
class _Scan:
    """What the XML of a sheet says that its values do not; of formulas and errors, the number and the first three."""

    formulas: tuple[int, list[str]]
    errors: tuple[int, list[str]]
    cells: int
    last_row: int
    last_column: int


def scan_workbook(path: Path, sheet: str) -> str:
    """Look through a workbook; the name of the sheet that holds the records, the only one where `sheet` names none.

    Raises BadRecords for a file that is damaged, protected, too large unpacked or no workbook, and for a sheet with
    formulas or errors.
    """
    with _open_zip(path) as archive:
        parts = _sheet_parts(path, archive)
        name = _chosen(path, sheet, list(parts))
        scan = _scan(path, archive, parts[name])
    _check_scan(path, name, scan)
    return name


def address(row: int, column: int) -> str:
    """A cell's address as a spreadsheet shows it: row 2, column 28 is AB2."""
    letters = ""
    while column > 0:
        column, letter = divmod(column - 1, 26)
        letters = chr(65 + letter) + letters
    return f"{letters}{row}"


def _open_zip(path: Path) -> zipfile.ZipFile:
    """Open a workbook as the zip file that it is, once that is known to be safe; every part of it is whole."""
    with path.open("rb") as file:
        start = file.read(4)
        if start == _OLE:
            raise _old_or_protected(path, file)
    if start[:2] != b"PK":
        what = "is empty" if not start else "is not an Excel workbook, whatever its name says"
        raise BadRecords(f"{path.name} {what}. {NOT_READ}")
    try:
        archive = zipfile.ZipFile(path)
    except _ZIP_FAULTS:
        raise BadRecords(f"{path.name} is damaged or cut short, or no workbook. {NOT_READ}") from None
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
        raise BadRecords(f"{path.name} is damaged: a part of it does not unpack to what it should be. {NOT_READ}")


def _old_or_protected(path: Path, file: IO[bytes]) -> BadRecords:
    mark, rest = "EncryptedPackage".encode("utf-16-le"), b""
    while block := file.read(1 << 20):
        if mark in rest + block:
            return BadRecords(f"{path.name} is protected with a password. Save it without one, and import that file.")
        rest = block[-len(mark) :]
    return BadRecords(f"{path.name} is a workbook in the old .xls form, whatever its name says. {NOT_READ}")


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
        raise BadRecords(f"{path.name} holds no worksheet. {NOT_READ}")
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
        found[what] = count + 1, [*first, address(row, column)] if count < 3 else first

    def on_row(said: dict[str, str]) -> None:
        nonlocal row, column
        row, column = int(said["r"]) if said.get("r", "").isdecimal() else row + 1, 0

    def on_cell(said: dict[str, str]) -> None:
        nonlocal row, column, here, cells, last_row, last_column
        cells, before = cells + 1, here
        row, column = here = _position(path, said["r"]) if "r" in said else (row, column + 1)
        if here <= before:
            raise BadRecords(f"{path.name} is damaged: cell {address(*here)} is there twice or out of turn. {NOT_READ}")
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
        raise BadRecords(f"{path.name} declares XML entities in {part}, as no spreadsheet program does. {NOT_READ}")

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
        raise BadRecords(f"{path.name} is damaged, or no Excel workbook: it has no {part}. {NOT_READ}") from None
    except (expat.ExpatError, *_ZIP_FAULTS):
        raise BadRecords(f"{path.name} is damaged: its part {part} cannot be read. {NOT_READ}") from None


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
        raise BadRecords(f"The cells {where} reach beyond what a sheet can hold: the file is damaged. {NOT_READ}")
    if room > _MOST_ROOM or (room > _ROOM and room > 8 * scan.cells):
        raise BadRecords(
            f"The cells {where} reach to {address(scan.last_row, scan.last_column)}, {room:,} cells and most of them "
            "empty. Delete the rows and columns beyond the table and save the workbook, or export the sheet as CSV."
        )


def _position(path: Path, address: str) -> tuple[int, int]:
    found = _ADDRESS.fullmatch(address)
    if not found:
        raise BadRecords(f"{path.name} is damaged: a cell of it has no proper address. {NOT_READ}")
    return int(found[2]), _column(found[1])


@cache
def _column(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = 26 * number + ord(letter) - 64
    return number
