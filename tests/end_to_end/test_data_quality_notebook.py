"""The look at a vintage, run for real: what waits, what is recorded, what people decided, and nobody's name."""

import json
from pathlib import Path

import nbformat
import pandas as pd
import pytest
from click.testing import CliRunner
from commands import run
from invented_records import text_records

from analysis.commands.duplicates import duplicates
from analysis.places import NOTEBOOKS
from analysis.records.contract import parse_text
from analysis.records.writing import write_records
from analysis.rendering.document import Document, read_document
from analysis.rendering.html_writer import write_html
from analysis.sections.blocks import Figure, Table

PEOPLE = (
    {"name": "Quentin Verysecret"},
    {"name": "Quenttin Verysecret", "description": "hidden words"},
    {"name": "Another Verysecret", "verification": "submitted"},
    {"name": "", "status": "combatant", "age": "", "age_group": ""},
    {"name": "", "withdrawn": "the source took it back"},
    {"name": "", "date_documented": "", "date_documented_precision": "unknown"},
)


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    location = tmp_path_factory.mktemp("data_quality") / "records"
    write_records(str(location), parse_text(text_records(*PEOPLE)), source_file="invented.csv", sha256="0" * 64)
    return location


@pytest.fixture(scope="module")
def executed(table: Path) -> Path:
    folder = table.parent
    ran = run("papermill", NOTEBOOKS / "data_quality.ipynb", "out.ipynb", cwd=folder, TOLL_RECORDS=str(table))
    assert ran.returncode == 0, ran.stderr
    return folder / "out.ipynb"


@pytest.fixture(scope="module")
def document(executed: Path) -> Document:
    """Reading it back checks that every number leads to the row of its claim."""
    return read_document(nbformat.read(executed, as_version=4))


def rows(document: Document, name: str) -> list[list[str]]:
    tables = [one.block for one in document.blocks if hasattr(one, "block") and isinstance(one.block, Table)]
    (found,) = [table for table in tables if table.name == f"vintage-{name}"]
    return [[cell.text for cell in row.cells] for row in found.rows]


def test_records_read_are_records_counted_and_left_out_by_reason(document: Document) -> None:
    # and the undated R-6 count; R-3 is submitted, R-4 a fighter, R-5 withdrawn.
    assert [row[1] for row in rows(document, "steps")] == ["6", "1", "0", "1", "0", "1", "3"]
    assert document.ledger.value("records.vintage.undated") == 1


def test_submissions_stand_in_the_queue_by_id(document: Document) -> None:
    assert rows(document, "queue") == [["R-3", "2020-11", "not known"]]


def test_completeness_adds_up_to_the_records_that_stand(document: Document) -> None:
    found = {row[0]: (int(row[1]), int(row[2])) for row in rows(document, "completeness")}
    assert {sum(numbers) for numbers in found.values()} == {5}
    assert found["age"] == (4, 1)
    assert found["consents"] == (0, 5)


def test_heat_map_shows_what_its_table_says_and_adds_up_to_completeness(document: Document) -> None:
    (figure,) = [one.block for one in document.blocks if hasattr(one, "block") and isinstance(one.block, Figure)]
    numbers = {row.cells[0].text: row.cells[1].text for row in figure.numbers.rows}
    assert (numbers["All records, Nov 2020"], numbers["All records, Undated"]) == ("4", "1")
    assert (numbers["age, Nov 2020"], numbers["age, Undated"]) == ("1", "0")
    for field, _, blank in rows(document, "completeness"):
        assert int(numbers[f"{field}, Nov 2020"]) + int(numbers[f"{field}, Undated"]) == int(blank)


def test_delays_are_those_of_records_with_both_days(document: Document) -> None:
    # Four died on 10 November and were documented on the 20th; of the fifth nobody knows when it was documented.
    assert document.ledger.value("delays.vintage.known") == 4
    assert rows(document, "delays") == [[percent, "10"] for percent in ("0", "25", "50", "75", "90", "100")]
    assert rows(document, "days") == [["Nothing", "", ""]]
    assert rows(document, "unlisted") == [["Nothing", "", ""]]


def test_pairs_stand_by_ids_and_score(document: Document) -> None:
    ((pair, score, why),) = rows(document, "pairs")
    # One letter more in 19: the names agree by 97 of a hundred, weighted 60; date and place are the same, 25 and 15.
    assert (pair, score, why) == ("R-1 / R-2", "98", "similar names, same date of death, same place")


def test_nothing_corrected_is_said(document: Document) -> None:
    assert rows(document, "corrections") == [["Nothing", "", ""]]


def test_fields_that_are_never_shown_stay_out(document: Document, executed: Path) -> None:
    shown = executed.read_text(encoding="utf-8") + write_html(document)
    assert [word for word in ("Verysecret", "Quentin", "hidden words") if word in shown] == []
    assert {"name", "aliases", "description"}.isdisjoint(row[0] for row in rows(document, "completeness"))


def test_nbconvert_writes_the_page(executed: Path, tmp_path: Path) -> None:
    ran = run("jupyter", "nbconvert", "--to", "toll_pdf", executed, "--output-dir", tmp_path, cwd=tmp_path)
    assert ran.returncode == 0, ran.stderr
    assert (tmp_path / "out.pdf").read_bytes().startswith(b"%PDF-")


def test_the_command_prints_pairs_to_decide_by_their_ids(table: Path) -> None:
    ran = CliRunner().invoke(duplicates, ["--records", str(table), "--month", "2020-11", "--json"])
    assert ran.exit_code == 0, ran.output
    (pair,) = json.loads(ran.stdout)
    assert (pair["record_a"], pair["record_b"], pair["score"]) == ("R-1", "R-2", 98)
    assert "erysecret" not in ran.stdout
    assert pd.DataFrame([pair])["same_date"].tolist() == [True]
