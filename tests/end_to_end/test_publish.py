"""`toll publish` and `toll report --revision`: the sample month published, a record corrected, a revision beside it."""

import csv
import json
import shutil
from pathlib import Path

import nbformat
import pytest
from commands import MONTH, WHOLE, Made, Shared, contents, names, refusal, run

from analysis.places import DATA
from analysis.rendering.document import Numbered, read_document

REASON = "A record waits to be verified again"
PENDING = "SY-2020-11-0100"  # one of the 172 of November 2020


@pytest.fixture(scope="module")
def revised(shared: Shared, good: Made, records: Path) -> Path:
    """`reports`: the sample month published, and its revision from a second vintage; `before`: the first, untouched."""

    def make(folder: Path) -> None:
        shutil.copytree(good.folder, folder / "reports" / MONTH)
        shutil.copytree(records, folder / "records")
        _run(folder, "publish", MONTH, "--out", "reports", "--date", "2020-12-01")
        shutil.copytree(folder / "reports", folder / "before")
        _write_corrected(folder / "records.csv")
        _run(folder, "import", "records.csv", "--source", "reconstruction", "--records", "records")
        asked = "--records", "records", "--out", "reports", "--json"
        (folder / "stdout").write_text(_run(folder, "report", MONTH, *asked, "--revision", REASON), encoding="utf-8")

    return shared("revised", make)


def _run(folder: Path, *arguments: object) -> str:
    ran = run("toll", *arguments, cwd=folder)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def _write_corrected(file: Path) -> None:
    with (DATA / "reconstruction" / "records.csv").open(encoding="utf-8", newline="") as source:
        rows = list(csv.DictReader(source))
    for row in rows:
        row["verification"] = "pending" if row["record_id"] == PENDING else row["verification"]
    with file.open("w", encoding="utf-8", newline="") as extract:
        writer = csv.DictWriter(extract, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)


def claims(folder: Path) -> dict[str, object]:
    told = json.loads((folder / "claims.json").read_text(encoding="utf-8"))
    return {claim["id"]: claim["value"] for claim in told}


def test_revision_is_beside_the_published_report_which_stays(revised: Path) -> None:
    assert contents(revised / "reports" / MONTH) == contents(revised / "before" / MONTH)
    assert json.loads((revised / "stdout").read_text(encoding="utf-8"))["folder"] == f"reports/{MONTH}.r2"
    assert names(revised / "reports" / f"{MONTH}.r2") == WHOLE


def test_revision_claims_what_moved(revised: Path) -> None:
    # 172 as published for November 2020, one of them no longer verified.
    told = claims(revised / "reports" / f"{MONTH}.r2")
    assert (told["since_revision.before.civilians.month"], told["civilians.month"]) == (172, 171)
    assert (told["since_revision.revision"], told["since_revision.headlines"]) == (2, 1)
    before = claims(revised / "before" / MONTH)
    moved = [one for one, value in told.items() if one in before and before[one] != value]
    assert told["since_revision.moved"] == len(moved)


def test_first_page_and_the_section_behind_it_say_so(revised: Path) -> None:
    notebook = nbformat.read(revised / "reports" / f"{MONTH}.r2" / "report.ipynb", as_version=4)
    document = read_document(notebook)
    assert document.cover.notices[0].startswith(
        f"This is revision 2 of the report; it replaces revision 1. Reason: {REASON}. Civilians killed: 172 before, "
    )
    assert document.headings[0].text == "What this revision changes"
    assert next(one.block.name for one in document.blocks if isinstance(one, Numbered)) == "since-revision"
    assert str(revised) not in nbformat.writes(notebook)  # the claims before it came by no path


def test_published_month_is_not_made_again_and_nothing_is_touched(revised: Path) -> None:
    before = contents(revised / "reports")
    ran = run("toll", "report", MONTH, "--records", "records", "--out", "reports", cwd=revised)
    message = refusal(ran, 2)
    assert message.startswith("2020-11 was published on 1 December 2020 as revision 1, and a published report is never")
    assert contents(revised / "reports") == before


def test_publishing_twice_is_refused(revised: Path, tmp_path: Path) -> None:
    shutil.copytree(revised / "before", tmp_path / "reports")
    message = refusal(run("toll", "publish", MONTH, "--out", "reports", cwd=tmp_path), 2)
    assert message.startswith("2020-11 is published already, on 1 December 2020 as revision 1")
    assert contents(tmp_path / "reports") == contents(revised / "before")


def test_revision_is_published_and_listed_above_the_first(revised: Path, tmp_path: Path) -> None:
    shutil.copytree(revised / "reports", tmp_path / "reports")
    said = json.loads(_run(tmp_path, "publish", MONTH, "--out", "reports", "--date", "2020-12-08", "--json"))
    assert (said["folder"], said["revision"], said["reason"]) == (f"reports/{MONTH}.r2", 2, REASON)
    assert said["headlines"]["civilians.month"] == 171
    page = (tmp_path / "reports" / "index.html").read_text(encoding="utf-8")
    assert page.index("<b>171</b>") < page.index("Revision 1") < page.index("172 civilians killed")
    message = refusal(run("toll", "publish", MONTH, "--out", "reports", cwd=tmp_path), 2)
    assert "as revision 2" in message


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("publish", "2020-10"), "There is no finished report in reports/2020-10"),
        (("publish", "2020-13"), "The month was given as '2020-13'."),
        (("publish", MONTH, "--date", "1.12.2020"), "Invalid value for '--date'"),
        (("report", "2020-10", "--revision", REASON), "No report of 2020-10 in reports is published"),
        (("report", MONTH, "--revision", " "), "The reason of a revision is empty."),
    ],
)
def test_wrong_use_is_refused(arguments: tuple[str, ...], message: str, revised: Path) -> None:
    more = ("--records", "records") if arguments[0] == "report" else ()
    ran = run("toll", *arguments, *more, "--out", "reports", cwd=revised)
    assert refusal(ran, 2).startswith(message)
