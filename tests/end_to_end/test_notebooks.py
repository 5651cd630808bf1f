"""The notebook as a file that people read, and as plain papermill and nbconvert run it by hand."""

import ast
import json
import re
import statistics
from pathlib import Path
from typing import Any

import nbformat
import pytest
from commands import Made, names, papermill, run

from analysis.places import NOTEBOOKS
from analysis.rendering.document import read_document

FILES = sorted(NOTEBOOKS.glob("*.ipynb"))
MACHINERY = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda, ast.For, ast.While, ast.If, ast.IfExp,
             ast.Try, ast.With, ast.comprehension)  # fmt: skip
PARAMETER = re.compile(r"\w+: (str|int|float|bool) = \S+  # \S.*")


@pytest.fixture(params=FILES, ids=lambda file: file.stem)
def notebook(request: pytest.FixtureRequest) -> dict[str, Any]:
    return json.loads(request.param.read_text(encoding="utf-8"))


def code_cells(notebook: dict[str, Any]) -> list[dict[str, Any]]:
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]


def source(cell: dict[str, Any]) -> str:
    return "".join(cell["source"])


def tagged(notebook: dict[str, Any], tag: str) -> list[dict[str, Any]]:
    return [cell for cell in notebook["cells"] if tag in cell["metadata"].get("tags", [])]


def test_the_product_is_there() -> None:
    assert "monthly_report" in [file.stem for file in FILES]


def test_notebook_is_short_enough_to_be_read(notebook: dict[str, Any]) -> None:
    lines = [len(source(cell).splitlines()) for cell in code_cells(notebook)]
    assert 12 <= len(notebook["cells"]) <= 40
    assert statistics.median(lines) <= 3
    assert max(lines) <= 15


def test_notebook_opens_with_its_title_and_its_parameters(notebook: dict[str, Any]) -> None:
    title, parameters = notebook["cells"][:2]
    assert source(title).startswith("# ")
    assert tagged(notebook, "parameters") == [parameters]


def test_no_cell_holds_machinery(notebook: dict[str, Any]) -> None:
    found = [
        (cell["id"], type(node).__name__)
        for cell in code_cells(notebook)
        for node in ast.walk(ast.parse(source(cell)))
        if isinstance(node, MACHINERY)
    ]
    assert found == []


def test_every_parameter_is_typed_and_explained(notebook: dict[str, Any]) -> None:
    (cell,) = tagged(notebook, "parameters")
    assert [line for line in source(cell).splitlines() if not PARAMETER.fullmatch(line)] == []


def test_notebook_is_stripped_of_what_runs_leave(notebook: dict[str, Any]) -> None:
    assert [cell["id"] for cell in code_cells(notebook) if cell["outputs"] or cell["execution_count"]] == []
    assert tagged(notebook, "injected-parameters") == []
    assert "papermill" not in notebook["metadata"]


def test_notebook_names_its_kernel(notebook: dict[str, Any]) -> None:
    # papermill 2.7.0 refuses a notebook that names none.
    assert notebook["metadata"]["kernelspec"]["name"] == "python3"


def test_cells_have_names_of_their_own(notebook: dict[str, Any]) -> None:
    ids = [cell["id"] for cell in notebook["cells"]]
    assert len(ids) == len(set(ids))
    assert notebook["nbformat_minor"] >= 5


def test_every_code_cell_names_its_section(notebook: dict[str, Any]) -> None:
    assert [cell["id"] for cell in code_cells(notebook) if not cell["metadata"].get("section")] == []


def test_notebook_is_valid(notebook: dict[str, Any]) -> None:
    nbformat.validate(notebook)


def test_plain_papermill_makes_the_claims_of_the_command(executed: Path, good: Made) -> None:
    by_hand = read_document(nbformat.read(executed, as_version=4)).ledger.to_json()
    assert by_hand == (good.folder / "claims.json").read_text(encoding="utf-8")


def test_plain_papermill_leaves_nothing_but_its_output(executed: Path) -> None:
    assert [name for name in names(executed.parent) if not name.startswith("out.")] == []


@pytest.mark.parametrize(("form", "start"), [("html", b"<!doctype html>"), ("pdf", b"%PDF-")])
def test_nbconvert_writes_the_pages_from_another_folder(
    form: str, start: bytes, executed: Path, tmp_path: Path
) -> None:
    ran = run("jupyter", "nbconvert", "--to", f"toll_{form}", executed, "--output-dir", tmp_path, cwd=tmp_path)
    assert ran.returncode == 0, ran.stderr
    assert names(tmp_path) == [f"out.{form}"]
    assert (tmp_path / f"out.{form}").read_bytes().lower().startswith(start.lower())


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        (["-p", "mnth", "2020-11"], "BadParameter: The notebook has no parameter mnth. "),
        (["-p", "month", "2020-11", "-p", "recrods", "x"], "BadParameter: The notebook has no parameter recrods. "),
        (["-p", "month", "202011"], "BadMonth: The month was given as 202011. "),
        (["-p", "month", "2020_11"], "BadMonth: The month was given as 202011. "),
        (["-p", "month", "Nov 2020"], "BadMonth: The month was given as 'Nov 2020'. "),
        (["-p", "month", "2020-13"], "BadMonth: The month was given as '2020-13'. "),
        ([], "BadMonth: The month was given as no month. "),
        (["-p", "month", "2020-11", "-p", "edition", "secret"], "BadParameter: There is no edition 'secret'. "),
    ],
)
def test_notebook_stops_at_a_bad_parameter(parameters: list[str], message: str, records: Path, tmp_path: Path) -> None:
    ran = papermill(tmp_path, *parameters, records=records)
    assert ran.returncode != 0
    said = ran.stderr.strip().splitlines()[-1]
    assert said.startswith(message)
    if "has no parameter" in message:
        assert "parameters are month, records, vintage, language, revision, reason, edition: correct the name" in said
    elif message.startswith("BadMonth"):
        assert said.endswith("Write year and month as YYYY-MM, for example 2020-11.")
    else:
        assert said.endswith("The editions are internal, auditor, public; see data/editions.yml.")
    assert sections_run(tmp_path / "out.ipynb") <= {"Parameters", "", "Records"}


def sections_run(file: Path) -> set[str]:
    """The sections of a notebook that papermill got to."""
    cells = json.loads(file.read_text(encoding="utf-8"))["cells"]
    return {
        cell["metadata"].get("section", "")
        for cell in cells
        if cell["cell_type"] == "code" and (cell["execution_count"] or cell["outputs"])
    }


def test_every_code_cell_is_run_when_all_is_well(executed: Path) -> None:
    """What the test above stands on: a cell that was run can be told from one that was not."""
    cells = json.loads(executed.read_text(encoding="utf-8"))["cells"]
    sections = {cell["metadata"].get("section", "") for cell in cells if cell["cell_type"] == "code"}
    assert sections_run(executed) == sections
    assert len(sections) > 10
