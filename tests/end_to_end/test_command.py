"""The `toll` command: what it refuses and how, and that it starts fast."""

import csv
import json
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from commands import contents, names, refusal, run

from analysis.command import cli
from analysis.places import DATA, EXPECTATIONS
from analysis.quality import suites

COMMANDS = (
    "report", "quality", "import", "vintages", "revisions", "duplicates", "mapping", "form", "publish", "evidence",
    "trace", "bundle", "verify", "diff", "sign", "keygen", "cases", "texts", "serve",
    "batch", "topic", "count",
)  # fmt: skip
HEAVY = [
    "pandas",
    "numpy",
    "pyarrow",
    "deltalake",
    "great_expectations",
    "matplotlib",
    "papermill",
    "nbconvert",
    "typst",
    "duckdb",
    "rocrate",
    "docx",
]


def refused(reports: Path, *arguments: object, code: int = 2) -> str:
    """The message of a command that must refuse and leave the good report and everything beside it alone."""
    before = contents(reports)
    message = refusal(run("toll", *arguments, cwd=reports.parent), code)
    assert contents(reports) == before
    assert names(reports) == ["2020-11"]
    return message


@pytest.mark.parametrize("month", ["", "2020-13", "2020-00", "2020_11", "202011", "Nov 2020", "2020-11-01", " 2020-11"])
def test_what_is_no_month_is_refused(month: str, reports: Path) -> None:
    message = refused(reports, "report", month, "--out", reports)
    assert message == (
        f"The month was given as {repr(month) if month else 'no month'}. "
        "Write year and month as YYYY-MM, for example 2020-11."
    )


def test_no_month_at_all_is_refused(reports: Path) -> None:
    assert refused(reports, "report", "--out", reports) == "Missing argument 'YYYY-MM|YYYY-H1|YYYY|YYYY-MM+YYYY'."


def test_unknown_option_is_refused_by_its_name(reports: Path) -> None:
    assert refused(reports, "report", "2020-11", "--recrods", "x", "--out", reports).startswith(
        "No such option '--recrods'"
    )


def test_unknown_command_is_refused_by_its_name(reports: Path) -> None:
    assert refused(reports, "reprot", "2020-11").startswith("No such command 'reprot'")


@pytest.mark.parametrize("command", ["report", "quality"])
def test_month_without_records_is_refused_with_the_months_there_are(command: str, reports: Path, records: Path) -> None:
    out = ["--out", reports] if command == "report" else []
    assert refused(reports, command, "2019-05", "--records", records, *out) == (
        f"The records table at {records} has no record documented in 2019-05. It has 2020-01 to 2020-12."
    )


def test_missing_records_are_refused_with_how_to_make_them(reports: Path) -> None:
    message = refused(reports, "report", "2020-11", "--out", reports)
    assert message.startswith("There is no records table at data/records. ")
    assert "`toll import`" in message
    assert "`make data`" in message


@pytest.mark.parametrize("kind", ["file", "folder"])
def test_what_is_no_records_table_is_refused(kind: str, reports: Path, tmp_path: Path) -> None:
    there = tmp_path / "there"
    if kind == "file":
        there.write_text("record_id\n")
    else:
        there.mkdir()
    message = refused(reports, "report", "2020-11", "--records", there, "--out", reports)
    assert message.startswith((f"What is at {there} is not", f"The records table at {there} cannot be opened: "))
    assert "mport" in message


def cut_short(table: Path) -> None:
    for file in (table / "month=2020-11").iterdir():
        file.write_bytes(file.read_bytes()[:100])


def garble(table: Path) -> None:
    """Leave the ends, which say what the file is, and turn over every bit of the first half between them."""
    for file in (table / "month=2020-11").iterdir():
        content = file.read_bytes()
        half = len(content) // 2
        file.write_bytes(content[:4] + bytes(byte ^ 0xFF for byte in content[4:half]) + content[half:])


def lose_a_month(table: Path) -> None:
    shutil.rmtree(table / "month=2020-11")


def garble_the_log(table: Path) -> None:
    next((table / "_delta_log").glob("*.json")).write_text("{garbage")


def lose_the_log(table: Path) -> None:
    shutil.rmtree(table / "_delta_log")


@pytest.mark.parametrize("damage", [cut_short, garble, lose_a_month, garble_the_log, lose_the_log])
def test_damaged_records_are_refused(
    damage: Callable[[Path], None], reports: Path, records: Path, tmp_path: Path
) -> None:
    table = shutil.copytree(records, tmp_path / "damaged")
    damage(table)
    message = refused(reports, "report", "2020-11", "--records", table, "--out", reports)
    assert str(table) in message
    assert "Restore it from a copy" in message or "Make it from an extract" in message


def test_vintage_that_is_not_there_is_refused_with_those_that_are(reports: Path, records: Path) -> None:
    asked = "report", "2020-11", "--records", records, "--out", reports, "--vintage"
    message = refused(reports, *asked, 99)
    assert message == f"The records table at {records} has no vintage 99. Its vintages run from 0 to 0."
    assert refused(reports, *asked, "latest").startswith("Invalid value for '--vintage'")
    assert refused(reports, *asked, -1).startswith("Invalid value for '--vintage'")


def test_out_that_is_a_file_is_refused(records: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("notes")
    ran = run("toll", "report", "2020-11", "--records", records, "--out", "file", cwd=tmp_path)
    assert refusal(ran, 2) == "Invalid value for '--out': Directory 'file' is a file."
    assert (tmp_path / "file").read_text() == "notes"


@pytest.mark.parametrize("out", ["file/below", "/proc/toll"])
def test_out_that_cannot_be_written_is_refused(out: str, records: Path, tmp_path: Path) -> None:
    if out.startswith("/proc") and sys.platform != "linux":
        pytest.skip("/proc, where nobody may write, is a thing of Linux.")
    (tmp_path / "file").write_text("notes")
    message = refusal(run("toll", "report", "2020-11", "--records", records, "--out", out, cwd=tmp_path), 2)
    assert message.startswith(f"The report cannot be written to {out}/2020-11: ")
    assert message.endswith("Free some room, or name a folder you may write to with --out.")


# An age no one reaches; a death after its documentation; a person of 20 recorded as a child.
FAULTS = {
    "SY-2020-11-0100": {"age": "150", "age_group": "adult"},
    "SY-2020-11-0101": {"date_of_death": "2020-12-24", "date_of_death_precision": "day"},
    "SY-2020-11-0102": {"age": "20", "age_group": "child"},
}


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A records table with three people of November 2020 whose records cannot be true."""
    folder = tmp_path_factory.mktemp("faulty")
    with (DATA / "reconstruction" / "records.csv").open(encoding="utf-8", newline="") as source:
        rows = [row | FAULTS.get(row["record_id"], {}) for row in csv.DictReader(source)]
    with (folder / "records.csv").open("w", encoding="utf-8", newline="") as extract:
        writer = csv.DictWriter(extract, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
    ran = run("toll", "import", folder / "records.csv", "--records", folder / "table", "--json", cwd=folder)
    assert ran.returncode == 0, ran.stderr
    answer = json.loads(ran.stdout)
    assert {key: answer[key] for key in ("version", "rows", "source_file")} == {
        "version": 0, "rows": 1734, "source_file": "records.csv"
    }  # fmt: skip
    return folder / "table"


def test_month_that_fails_the_gate_is_not_published_and_every_problem_is_named(reports: Path, faulty: Path) -> None:
    message = refused(reports, "report", "2020-11", "--records", faulty, "--out", reports, code=1)
    assert message.startswith("The month does not pass the quality gate: ")
    assert "nothing is published" in message
    assert [record for record in FAULTS if record not in message] == []
    assert "Ages lie between 0 and 120" in message
    assert "Correct the age; leave it blank where it is not known." in message


def test_quality_of_a_bad_month_ends_with_1_and_the_same_message(faulty: Path, tmp_path: Path) -> None:
    ran = run("toll", "quality", "2020-11", "--records", faulty, "--json", cwd=tmp_path)
    assert ran.returncode == 1
    failed = {
        record
        for finding in json.loads(ran.stdout)
        if finding["severity"] == "critical" and finding["status"] == "failed"
        for record in finding["record_ids"]
    }
    assert failed == set(FAULTS)
    assert ran.stderr.startswith("Error: The month does not pass the quality gate: ")
    assert ran.stderr.count("\n") == 1


def test_quality_of_a_good_month_ends_with_0_and_lists_every_check(records: Path, tmp_path: Path) -> None:
    written = [
        expectation["meta"]["id"]
        for file in sorted(EXPECTATIONS.glob("*.json"))
        for expectation in json.loads(file.read_text(encoding="utf-8"))["expectations"]
    ]
    ran = run("toll", "quality", "2020-11", "--records", records, "--json", cwd=tmp_path)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert [finding["id"] for finding in json.loads(ran.stdout)] == written
    assert len(written) >= 25


def quality(*arguments: str, records: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[int, str, str]:
    """`toll quality` in this process, with the suites of a folder."""
    monkeypatch.setattr(suites.read_suites, "__defaults__", (folder,))
    result = CliRunner().invoke(cli, ["quality", "2020-11", "--records", str(records), *arguments])
    return result.exit_code, result.stdout, "" if result.exception is None else str(result.exception)


def test_proof_says_of_each_check_that_its_fault_is_caught(
    records: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copy(EXPECTATIONS / "status.json", tmp_path)
    code, said, error = quality("--prove", records=records, folder=tmp_path, monkeypatch=monkeypatch)
    number = len(json.loads((tmp_path / "status.json").read_text(encoding="utf-8"))["expectations"])
    assert (code, error) == (0, "")
    assert said.splitlines()[-1] == f"{number} of {number} planted faults were caught."


def test_proof_fails_when_a_fault_is_not_caught(records: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    suite = json.loads((EXPECTATIONS / "status.json").read_text(encoding="utf-8"))
    first = suite["expectations"][0]
    first["meta"]["fault"] = {"set": {"status": "civilian"}}
    suite["expectations"] = [first]
    (tmp_path / "status.json").write_text(json.dumps(suite), encoding="utf-8")
    code, said, error = quality("--prove", "--json", records=records, folder=tmp_path, monkeypatch=monkeypatch)
    assert code == 1
    assert [proof["id"] for proof in json.loads(said)] == [first["meta"]["id"]]
    assert error.startswith(f"1 planted faults were not caught ({first['meta']['id']})")


def test_findings_are_a_table_with_the_gravest_first(
    records: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copy(EXPECTATIONS / "status.json", tmp_path)
    code, said, _ = quality(records=records, folder=tmp_path, monkeypatch=monkeypatch)
    assert code == 0
    assert "First records" in said
    assert "Everybody" in said


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", ["is empty", "Export it again"]),
        (b"record_id,sex\nR-1,male\n", ["does not have the columns of data/record-contract.csv", "missing"]),
        ("record_id,name\nR-1,caf\u00e9\n".encode("latin-1"), ["is not UTF-8: line 2", "encoding:"]),
        (b"\x00\xff\xfe\x00" * 100, ["is not UTF-8"]),
    ],
    ids=["empty", "missing columns", "not UTF-8", "not text"],
)
def test_extract_that_cannot_be_used_is_refused_and_nothing_is_imported(
    content: bytes, words: list[str], tmp_path: Path
) -> None:
    (tmp_path / "extract.csv").write_bytes(content)
    message = refusal(run("toll", "import", "extract.csv", "--records", "records", cwd=tmp_path), 2)
    assert "extract" in message
    assert [word for word in words if word not in message] == []
    assert names(tmp_path) == ["extract.csv"]


def test_extract_that_is_not_there_is_refused(tmp_path: Path) -> None:
    message = refusal(run("toll", "import", "none.csv", "--records", "records", cwd=tmp_path), 2)
    assert "There is no file none.csv" in message
    assert names(tmp_path) == []


def test_second_import_is_a_second_vintage_and_a_bad_or_an_equal_one_is_none(records: Path, tmp_path: Path) -> None:
    table = shutil.copytree(records, tmp_path / "records")
    folder = tmp_path / "data" / "reconstruction"
    shutil.copytree(DATA / "reconstruction", folder)
    extract = (folder / "records.csv", "--source", "reconstruction")
    (tmp_path / "bad.csv").write_text("record_id\nR-1\n")
    assert run("toll", "import", "bad.csv", "--records", table, cwd=tmp_path).returncode == 2
    again = run("toll", "import", *extract, "--records", table, cwd=tmp_path)
    assert again.stdout.startswith(f"{table}: records.csv changes nothing; vintage 0 stays the newest.\n")
    lines = (folder / "records.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    (folder / "records.csv").write_text("".join(lines[:-1]), encoding="utf-8")
    fewer = run("toll", "import", *extract, "--records", table, cwd=tmp_path)
    # A complete extract without the last record withdraws it: nothing is deleted, 1,734 are still held.
    assert fewer.stdout.startswith(f"{table}: vintage 1, 1734 records from records.csv.\n")
    assert "1,733 unchanged, 1 withdrawn" in fewer.stdout


def test_defect_is_one_paragraph_that_repeats_no_data(tmp_path: Path) -> None:
    """A defect is planted from outside: the command's own answer is broken in a process of its own."""
    plant = (
        "import sys; from analysis import command; from analysis.commands import report\n"
        "def defect(text): raise RuntimeError('the name of a person')\n"
        "report.parse_report = defect\n"
        "sys.argv = ['toll', 'report', '2020-11']; command.main()"
    )
    ran = subprocess.run([sys.executable, "-c", plant], cwd=tmp_path, capture_output=True, text=True, check=False)
    message = refusal(ran, 3)
    assert message.startswith("RuntimeError in ")
    assert "This is a defect" in message
    assert "the name of a person" not in ran.stderr


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], *([name, "--help"] for name in COMMANDS)])
def test_help_and_version_take_less_than_two_seconds_of_work(arguments: list[str], tmp_path: Path) -> None:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    ran = run("toll", *arguments, cwd=tmp_path)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ("0.1.0" if arguments == ["--version"] else "Usage: toll") in ran.stdout
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 2


@pytest.mark.parametrize("arguments", [[], ["--help"], *([name, "--help"] for name in COMMANDS), ["report", "2020_11"]])
def test_nothing_heavy_is_imported_before_there_is_something_to_do(arguments: list[str], tmp_path: Path) -> None:
    ask = (
        "import sys; from analysis import command; from click.testing import CliRunner\n"
        "CliRunner().invoke(command.cli, sys.argv[2:])\n"
        "print(*(set(sys.argv[1].split()) & set(sys.modules)))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", ask, " ".join(HEAVY), *arguments],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout.strip() == ""


def test_help_lists_every_command() -> None:
    assert sorted(cli.commands) == sorted(COMMANDS)
    said = CliRunner().invoke(cli, ["--help"]).stdout
    assert [name for name in COMMANDS if f"\n  {name} " not in said] == []
