"""What a report is made of: cover, prose, tables and figures, as plain values that travel through the notebook as JSON.

A number that a reader meets carries the id of its claim; the writers turn it into a link to the claim's row.
"""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Cell:
    """One table cell: the words shown, the bare value for the CSV (the words where None), the claim behind it."""

    text: str
    value: str | int | float | None = None
    claim: str | None = None


@dataclass(frozen=True)
class Column:
    """One table column: `key` names it in the CSV, `label` on the page; numbers are set flush to the end."""

    key: str
    label: str
    kind: Literal["text", "number"] = "text"


@dataclass(frozen=True)
class Row:
    """One table row; its first cell is the row's heading. `anchor` makes it a link target; totals are set apart."""

    cells: tuple[Cell, ...]
    anchor: str | None = None
    total: bool = False


@dataclass(frozen=True)
class Table:
    """A table; `name` is the stem of its CSV file, `note` says how to read it."""

    name: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    note: str = ""


@dataclass(frozen=True)
class Figure:
    """A chart: the SVG, what it shows in words, and the table of its numbers (same `name`: same file stem)."""

    name: str
    caption: str
    alt: str
    svg: str
    numbers: Table
    note: str = ""


@dataclass(frozen=True)
class RecordLists:
    """The records behind claims, for the page on the screen alone.

    `lists` pairs the ids of the claims that count the same records with the ids of these records.
    """

    caption: str
    lists: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]


@dataclass(frozen=True)
class Headline:
    """One of the large numbers on the cover."""

    value: str
    label: str
    claim: str


@dataclass(frozen=True)
class Cover:
    """The first page; `labels` holds the writers' own words ("Contents", "Notes" …) in the report's language."""

    title: str
    subtitle: str
    kicker: str
    headlines: tuple[Headline, ...]
    notices: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    labels: dict[str, str]
    language: str = "en"
    direction: Literal["ltr", "rtl"] = "ltr"
    report_date: str = ""


def claim_anchor(claim: str) -> str:
    """The anchor of a claim's row in the ledger."""
    return f"claim-{claim}"
