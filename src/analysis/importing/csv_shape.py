"""The shape of a CSV file, looked at before a row is read: is it CSV at all, and may the quick reader have it?"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from analysis.errors import BadRecords
from analysis.importing.encodings import UTF8_MARK

_BLOCK = 1 << 20
_OTHER_FILES = {
    b"PK\x03\x04": "an Excel workbook or another zip file; export it as CSV, or write `kind: xlsx` under `read:`",
    b"PAR1": "a Parquet file; write `kind: parquet` under `read:`",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook; open it in a spreadsheet program and save it as CSV in UTF-8",
    b"\x1f\x8b": "a gzip archive; unpack it first",
    b"%PDF": "a PDF file; ask the source for the table behind it",
}


@dataclass(frozen=True)
class Dialect:
    """How a CSV file is written; an encoding that is not said is UTF-8, with or without a byte order mark."""

    encoding: str = ""
    delimiter: str = ","
    quote: str = '"'
    header_row: int = 1


def check_marks(path: Path, dialect: Dialect) -> None:
    """Check that a file may be CSV, and can be told apart by a mapping's marks. Raises BadRecords."""
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


def is_plain(path: Path, dialect: Dialect) -> bool:
    """Whether Arrow and the csv module must agree: each quote opens or closes a field or is doubled; no blank line."""
    if not (dialect.delimiter + dialect.quote).isascii():
        return False
    quote, edge = ord(dialect.quote or "\0"), np.zeros(256, dtype=bool)
    edge[[ord(dialect.delimiter), 10, 13, quote]] = True
    inside, tail = 0, dialect.delimiter.encode() + b"\n"
    with path.open("rb") as file:
        if file.read(3) != UTF8_MARK:
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
