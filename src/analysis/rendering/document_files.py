"""The files that come with a report: its claims, the numbers of each table and chart, the charts."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from analysis.files import as_cell
from analysis.rendering.document import Document, Numbered
from analysis.sections.blocks import Cell, Figure, Table
from analysis.texts import language_of


def write_files(documents: Sequence[Document], folder: Path) -> None:
    """Write claims.json, tables/<name>.csv and figures/<name>.svg into a folder that exists.

    In    a report's document in each of its languages. Claims and tables are those of the first one; the charts of the
          others have their language in the name: figures/<name>.ar.svg.
    """
    document, *others = documents
    (folder / "claims.json").write_text(document.ledger.to_json(), encoding="utf-8", newline="\n")
    for name in ("tables", "figures"):
        (folder / name).mkdir(exist_ok=True)
    for block in (numbered.block for numbered in document.blocks if isinstance(numbered, Numbered)):
        table = block.numbers if isinstance(block, Figure) else block
        (folder / "tables" / f"{block.name}.csv").write_text(format_csv(table), encoding="utf-8", newline="\n")
        if isinstance(block, Figure):
            (folder / "figures" / f"{block.name}.svg").write_text(block.svg, encoding="utf-8", newline="\n")
    for other in others:
        _write_charts(other, folder / "figures")


def _write_charts(document: Document, folder: Path) -> None:
    for numbered in document.blocks:
        if isinstance(numbered, Numbered) and isinstance(numbered.block, Figure):
            name = f"{numbered.block.name}.{language_of(document.cover.language)}.svg"
            (folder / name).write_text(numbered.block.svg, encoding="utf-8", newline="\n")


def format_csv(table: Table) -> str:
    """A table as CSV (RFC 4180, but lines end in LF): bare values where there are any, else the words."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(column.key for column in table.columns)
    writer.writerows([_bare(cell) for cell in row.cells] for row in table.rows)
    return text.getvalue()


def _bare(cell: Cell) -> str | int | float:
    """The cell's value, where it has one; else its words."""
    value = cell.text if cell.value is None else cell.value
    return as_cell(value) if isinstance(value, str) else value
