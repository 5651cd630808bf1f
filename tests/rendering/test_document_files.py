"""claims.json, tables/*.csv and figures/*.svg."""

import csv
import hashlib
import json
from pathlib import Path

import pytest
from invented_report import chart, made_claims

from analysis.places import DATA
from analysis.rendering.document import Document
from analysis.rendering.document_files import format_csv, write_files
from analysis.sections.blocks import Cell, Column, Row, Table
from analysis.toll.claims import Ledger


def column(*cells: Cell) -> Table:
    return Table("t", "T", (Column("words", "Words"),), tuple(Row((cell,)) for cell in cells))


def test_every_table_and_figure_has_its_files(document: Document, tmp_path: Path) -> None:
    write_files([document], tmp_path)
    names = sorted(str(file.relative_to(tmp_path)) for file in tmp_path.rglob("*.*"))
    assert names == [
        "claims.json",
        "figures/months.svg",
        "figures/parties_chart.svg",
        "tables/claims.csv",
        "tables/months.csv",
        "tables/parties.csv",
        "tables/parties_chart.csv",
    ]
    assert (tmp_path / "figures/months.svg").read_text() == chart("months", "x").svg


def test_claims_json_is_the_ledgers_own(document: Document, tmp_path: Path) -> None:
    write_files([document], tmp_path)
    written = (tmp_path / "claims.json").read_text(encoding="utf-8")
    assert written == Ledger(made_claims()).to_json()
    assert json.loads(written)[0]["id"] == "civilians.month"


def test_files_are_the_same_each_time(document: Document, tmp_path: Path) -> None:
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        write_files([document], tmp_path / folder)
    first, second = (
        {file.name: file.read_bytes() for file in (tmp_path / folder).rglob("*.*")} for folder in ("one", "two")
    )
    assert first == second


def test_csv_holds_bare_values_where_there_are_any(document: Document, tmp_path: Path) -> None:
    write_files([document], tmp_path)
    lines = (tmp_path / "tables/parties.csv").read_bytes().decode().split("\n")
    assert lines[:2] == ["party,deaths,share", "Red River Front,11,35%"]
    assert lines[4:] == ["All parties,31,1.0", ""]


def test_quotes_commas_and_lines_survive() -> None:
    words = 'Al "Bab", east\nside'
    assert list(csv.reader(format_csv(column(Cell(words))).splitlines(keepends=True))) == [["words"], [words]]


@pytest.mark.parametrize("words", ["=1+1", "+cmd", "-x", "@sum", "\tx", "-1-1", " =1+1", "＝1+1", "－1+1"])
def test_words_that_a_spreadsheet_would_run_are_defused(words: str) -> None:
    assert format_csv(column(Cell(words))) == f"words\n'{words}\n"


@pytest.mark.parametrize(("cell", "written"), [(Cell("-3"), "-3"), (Cell("−3", -3), "-3"), (Cell("+2.5"), "+2.5")])
def test_numbers_are_left_alone(cell: Cell, written: str) -> None:
    assert format_csv(column(cell)) == f"words\n{written}\n"


def test_fonts_are_those_that_their_readme_names() -> None:
    readme = (DATA / "fonts" / "README.md").read_text(encoding="utf-8")
    files = sorted((DATA / "fonts").glob("*.ttf"))
    assert files
    assert [file.name for file in files if hashlib.sha256(file.read_bytes()).hexdigest() not in readme] == []
