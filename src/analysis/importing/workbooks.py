"""Excel workbooks as text, looked through before they are opened.

A formula, a merged range, an error value or a number too large to be exact would be read as something else than what a
person sees in the cell; each is refused with its address, and nothing is guessed.
"""

import math
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pandas as pd
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from analysis.errors import BadRecords
from analysis.importing.tables import EXACT, OnBytes, as_text, check_names, text_table, three_of, without_blank_end
from analysis.importing.workbook_scan import NOT_READ, address, scan_workbook


def read_workbook(
    path: Path, sheet: str, header_row: int, *, chunk_rows: int, on_bytes: OnBytes | None = None
) -> Iterator[pd.DataFrame]:
    """Read one sheet of a workbook in frames of at most `chunk_rows` records.

    Out   every column text: dates YYYY-MM-DD, whole numbers without a point, numbers in full, true and false.
    Row i of all frames together is the i-th row below the header; blank rows as in `read_csv`.
    Raises BadRecords for a file that is damaged, protected, too large unpacked or no workbook, and for a sheet with
    formulas, merged cells or errors among its records.
    """
    name = scan_workbook(path, sheet)
    yield from without_blank_end(_frames(path, name, header_row, chunk_rows, on_bytes))


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
        return BadRecords(f"{path.name} is damaged: its cells cannot be read. {NOT_READ}")
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
        f"{address(top + 1, left + 1)}:{address(bottom + 1, right + 1)}"
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
            f"Cell {address(number, _left(sheet) + column + 1)} of the sheet '{name}' in {path.name} holds a number "
            "too large to be kept exactly by a spreadsheet. Ask the source for it as text."
        ) from None


def _exact_text(value: object) -> str:
    if not _is_exact(value):
        raise OverflowError
    return as_text(value)


def _is_exact(value: object) -> bool:
    return not isinstance(value, float) or (math.isfinite(value) and not (value.is_integer() and abs(value) > EXACT))


def _check_width(
    path: Path, name: str, sheet: CalamineSheet, texts: list[list[str]], *, row_before: int, width: int
) -> None:
    beyond = [
        address(number, _left(sheet) + column)
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
