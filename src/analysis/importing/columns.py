"""Columns of text that hold each distinct text once: sources repeat themselves, and what is read once is known."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa


@dataclass(frozen=True)
class Column:
    """A column of texts: row i holds `texts[codes[i]]`."""

    codes: "np.ndarray"
    texts: list[str]


def column_of(values: "pd.Series[str] | Sequence[str]") -> Column:
    """A column from the text of each row, in which nothing is missing ('' for blank)."""
    codes, texts = pd.factorize(values if isinstance(values, pd.Series) else np.array(values, dtype=object))
    return Column(codes, texts.tolist())


def repeated(text: str, rows: int) -> Column:
    """A column that holds one text in every row."""
    return Column(np.zeros(rows, dtype=np.int64), [text])


def texts_of(column: Column) -> list[str]:
    """The text of each row."""
    return [column.texts[code] for code in column.codes.tolist()]


def spread(told: Sequence[str], codes: "np.ndarray") -> pa.Array:
    """What is told of each distinct text, for each row."""
    return pa.array(told, pa.large_string()).take(pa.array(codes, pa.int64()))


def marked(column: Column, holds: Callable[[str], bool]) -> "np.ndarray":
    """The rows whose text fulfils a condition, as a mask."""
    return np.array([holds(text) for text in column.texts], dtype=bool)[column.codes]
