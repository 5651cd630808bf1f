"""The notebook of revisions, run by plain papermill on two vintages, and the pages made of it."""

from pathlib import Path

import nbformat
import pandas as pd
import pytest
from commands import names, run

from analysis.places import DATA, NOTEBOOKS
from analysis.records.contract import parse_text
from analysis.records.writing import write_records
from analysis.rendering.document import Document, Numbered, read_document
from analysis.rendering.html_writer import write_html
from analysis.rendering.typst_writer import write_pdf


@pytest.fixture(scope="module")
def two_vintages(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The reconstruction, after an earlier vintage that lacks three records of November and has two of them pending."""
    frame = pd.read_csv(DATA / "reconstruction" / "records.csv", dtype=str, keep_default_na=False)
    november = frame.index[frame["date_documented"].str.startswith("2020-11")]
    earlier = frame.drop(november[:3])
    earlier.loc[november[5:7], "verification"] = "pending"
    where = str(tmp_path_factory.mktemp("revised") / "records")
    for vintage in (earlier, frame):
        write_records(where, parse_text(vintage), source_file="reconstruction.csv", sha256="0" * 64)
    return where


def papermill(folder: Path, records: str, *parameters: object) -> "tuple[int, str]":
    notebook = NOTEBOOKS / "revisions.ipynb"
    ran = run("papermill", notebook, "out.ipynb", *parameters, cwd=folder, TOLL_RECORDS=records)
    return ran.returncode, ran.stderr.strip().splitlines()[-1] if ran.stderr.strip() else ""


@pytest.fixture(scope="module")
def document(two_vintages: str, tmp_path_factory: pytest.TempPathFactory) -> Document:
    folder = tmp_path_factory.mktemp("notebook")
    code, said = papermill(folder, two_vintages, "-p", "month", "2020-11", "-p", "before", 0, "-p", "after", 1)
    assert code == 0, said
    assert names(folder) == ["out.ipynb"]
    return read_document(nbformat.read(folder / "out.ipynb", as_version=4))


def table(document: Document, name: str) -> list[list[object]]:
    (block,) = [one.block for one in document.blocks
                if isinstance(one, Numbered) and one.kind == "table" and one.block.name == name]  # fmt: skip
    return [[cell.text if cell.value is None else cell.value for cell in row.cells] for row in block.rows]


def test_the_steps_lead_from_the_total_before_to_the_published_total(document: Document):
    # 172 as published for November 2020; three are new and two are verified: 172 - 3 - 2 = 167.
    assert [row[1:] for row in table(document, "revision-steps")] == [[167, ""], [3, 3], [2, 2], [172, ""]]
    assert document.ledger.value("revision.month.difference") == 5


def test_the_sentence_with_the_toll_is_no_longer_true_and_both_numbers_have_their_claims(document: Document):
    assert table(document, "revision-claims")[0] == ["civilians.month", 167, 172]
    assert document.ledger.value("before.civilians.month") == 167
    assert document.ledger.value("now.civilians.month") == 172
    assert document.ledger["now.civilians.month"].digest == document.ledger["revision.month.now"].digest


def test_every_claim_has_its_row_and_the_pages_can_be_written(document: Document):
    # read_document has followed every link to its row already; the writers do so again.
    assert len(table(document, "claims-revisions")) == len(document.ledger)
    page = write_html(document)
    assert "has changed from 167 to 172 civilians killed" in page
    assert write_pdf(document).startswith(b"%PDF-")


def test_vintages_that_do_not_follow_each_other_stop_the_notebook(two_vintages: str, tmp_path: Path):
    code, said = papermill(tmp_path, two_vintages, "-p", "month", "2020-11", "-p", "before", 1, "-p", "after", 0)
    assert code != 0
    assert said.startswith("BadParameter: The earlier vintage 1 does not come before the later vintage 0.")
