"""Tables of text, which every kind of source is read as: column names, values written as text, no blank end."""

import json
import math
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, time
from decimal import Decimal

import numpy as np
import pandas as pd
import pyarrow as pa

from analysis.errors import BadRecords

# Is told the bytes read so far, and their total.
OnBytes = Callable[[int, int], None]
# Beyond it not every whole number is one that a spreadsheet can hold.
EXACT = 1 << 53
_A_VALUE = re.compile(r"[\s\d.,:/+-]*\d[\s\d.,:/+-]*")


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
            f"{where} has no name for {counted(len(blank), 'column')} (column {three_of(blank)}, from the left). "
            "Name every column, or say which row holds the names with `header_row:` under `read:`."
        )
    seen: set[str] = set()
    twice = list(dict.fromkeys(name for name in names if name in seen or seen.add(name)))  # type: ignore[func-returns-value]
    if twice:
        said = three_of([f"'{name[:60]}'" for name in twice])
        raise BadRecords(
            f"{where} names {counted(len(twice), 'column')} more than once ({said}). Give each column its own name, "
            "so that no value can be taken for another."
        )
    return list(names)


def text_table(names: Sequence[str], rows: Sequence[Sequence[str]]) -> pa.Table:
    """Make a table of text from rows as wide as `names`."""
    columns = zip(*rows, strict=True) if rows else [()] * len(names)
    return pa.table([pa.array(column, pa.large_string()) for column in columns], names=list(names))


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


def three_of(said: Sequence[str], count: int | None = None) -> str:
    """Name the first three in the order given, and say how many more there are."""
    more = (len(said) if count is None else count) - 3
    return ", ".join(said[:3]) + (f" and {more:,} more" if more > 0 else "")


def counted(count: int, noun: str) -> str:
    """A number of things, in words: 1 row, 2 rows."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _float_text(value: float) -> str:
    if math.isnan(value):
        return ""
    return str(int(value)) if value.is_integer() and abs(value) <= EXACT else repr(value)
