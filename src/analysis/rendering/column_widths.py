"""How large a table is set, and how its columns share the line of a printed page, reckoned in letters."""

import re
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from analysis.sections.blocks import Table

# Letters that fit on a line of the PDF (160 mm), and what the gap between two columns takes of them.
LINE, SMALL_LINE, GAP = 96, 116, 2
# Behind these a word may be broken: Typst and the template of the PDF do the same.
BREAKS = re.compile(r"\s+|(?<=[A-Za-z][._])|(?<=[-/])(?=\D)")


def is_small(table: Table) -> bool:
    """A table that is looked things up in (its rows are link targets), or that is far too wide, is set small."""
    return any(row.anchor for row in table.rows) or sum(max(map(len, column)) for column in _texts(table)) > 1.5 * LINE


@lru_cache(maxsize=64)
def widths(table: Table) -> list[float]:
    """Each column's part of the line; 0 for a column that is as wide as its longest words.

    Where every text fits on one line the first column takes what is left.
    """
    texts = _texts(table)
    most = [max(map(len, column)) for column in texts]
    room = (SMALL_LINE if is_small(table) else LINE) - GAP * (len(texts) - 1)
    if sum(most) <= room:
        return [1.0, *(0.0 for _ in most[1:])]
    return _shared(texts, room)


def _texts(table: Table) -> list[list[str]]:
    """Column by column, the heading first."""
    return [[column.label, *(row.cells[at].text for row in table.rows)] for at, column in enumerate(table.columns)]


def _shared(texts: list[list[str]], room: int) -> list[float]:
    """Share the room: each column gets its longest word, then letter by letter goes to where it saves most height."""
    lengths = np.array([[len(text) for text in column] for column in texts], dtype=float)
    most = lengths.max(axis=1)
    widths = np.array([max(len(word) for text in column for word in BREAKS.split(text)) for column in texts], float)
    one_more = np.eye(len(texts))
    while widths.sum() < room and (widths < most).any():
        heights = [_height(lengths, widths + more) if wants else np.inf
                   for more, wants in zip(one_more, widths < most, strict=True)]  # fmt: skip
        widths += one_more[int(np.argmin(heights))]
    return [float(width) + GAP for width in widths]


def _height(lengths: NDArray[np.float64], widths: NDArray[np.float64]) -> float:
    """About how high the table is: a row is as high as its longest cell, but the others count a little as well."""
    lines = lengths / widths[:, None]
    return float(np.cbrt((lines**3).sum(axis=0)).sum())
