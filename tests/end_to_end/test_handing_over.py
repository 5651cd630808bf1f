"""`toll cases`: what it writes and says, whom it leaves out, and that no name stands anywhere but in the files."""

import csv
import io
import json
import signal
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from commands import contents, names, refusal, run, surroundings
from invented_records import text_records

from analysis.case_files import handing_over
from analysis.command import cli
from analysis.errors import CannotPublish
from analysis.files import sha256_of
from analysis.records.contract import parse_text
from analysis.records.writing import write_records

UN = "un_special_rapporteur"
# Invented names whose words occur nowhere else.
MEANT = {"R-1": "Quillon Vexley", "R-2": "زنبقة المختلقة"}
OTHERS = {
    "R-3": {"name": "Brindle Otherpurpose", "consents": "publication"},
    "R-4": {"name": "Marrow Nopurpose", "consents": ""},
    "R-5": {"name": "Cobble Combatant", "consents": UN, "status": "combatant"},
    "R-6": {"name": "Thistle Submitted", "consents": UN, "verification": "submitted"},
    "R-7": {"name": "Fennel Withdrawn", "consents": UN, "withdrawn": "not in the source any more"},
    "R-8": {"name": "Sorrel Repeat", "consents": UN, "duplicate_of": "R-1"},
    "R-9": {"name": "Juniper October", "consents": UN, "date_documented": "2020-10-20"},
}
FOLDER = "2020-11-un-special-rapporteur"
FILES = ["R-1.docx", "R-1.json", "R-2.docx", "R-2.json", "handed-over.csv"]
ASKED = ("cases", "2020-11", "--for", "un-special-rapporteur")


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Nine invented records; two of them are counted in November with consent for the purpose, two without."""
    location = str(tmp_path_factory.mktemp("cases") / "records")
    meant = [{"name": name, "consents": f"publication|{UN}"} for name in MEANT.values()]
    write_records(location, parse_text(text_records(*meant, *OTHERS.values())), source_file="invented.csv", sha256="")
    return location


def hand_over(table: str, out: Path, *more: str) -> Result:
    return CliRunner().invoke(cli, [*ASKED, "--records", table, "--out", str(out), *more])


def texts_of(folder: Path) -> dict[str, str]:
    """What each file says: of a document all its parts."""
    texts = {}
    for path in sorted(folder.rglob("*")):
        if path.suffix == ".docx":
            with zipfile.ZipFile(path) as archive:
                texts[path.name] = "".join(archive.read(name).decode("latin-1") for name in archive.namelist())
                texts[path.name] += archive.read("word/document.xml").decode()
        elif path.is_file():
            texts[path.name] = path.read_text(encoding="utf-8")
    return texts


def test_only_counted_records_with_consent_for_this_purpose_leave(table: str, tmp_path: Path) -> None:
    ran = hand_over(table, tmp_path)
    assert (ran.exit_code, ran.stdout) == (
        0,
        "2020-11: 4 records counted; 2 with consent for this purpose; 2 without, nothing of them is written.\n"
        f"  {tmp_path}/cases/{FOLDER}\n",
    )
    assert names(tmp_path / "cases") == [FOLDER]
    assert names(tmp_path / "cases" / FOLDER) == FILES
    texts = texts_of(tmp_path)
    assert [one for one in OTHERS if any(f'"{one}"' in text or f">{one}<" in text for text in texts.values())] == []


def test_names_stand_in_the_files_of_the_person_and_nowhere_else(table: str, tmp_path: Path) -> None:
    told = [hand_over(table, tmp_path), hand_over(table, tmp_path, "--language", "ar", "--json")]
    texts = texts_of(tmp_path)
    for record, name in MEANT.items():
        first = name.split()[0]
        assert {file for file, text in texts.items() if first in text} == {f"{record}.docx", f"{record}.json"}
    words = [word for person in OTHERS.values() for word in person["name"].split()]
    assert [word for word in words for text in texts.values() if word in text] == []
    said = " ".join([*(ran.output for ran in told), *map(str, tmp_path.rglob("*"))])
    assert [word for word in (*words, *" ".join(MEANT.values()).split()) if word in said] == []


def test_a_program_gets_the_numbers_and_the_records(table: str, tmp_path: Path) -> None:
    ran = hand_over(table, tmp_path, "--json")
    assert json.loads(ran.stdout) == {
        "when": "2020-11", "purpose": UN, "language": "en", "vintage": 0, "counted": 4, "with_consent": 2,
        "without_consent": 2, "folder": f"{tmp_path}/cases/{FOLDER}", "record_ids": ["R-1", "R-2"],
    }  # fmt: skip


def test_the_list_names_the_files_by_their_digests(table: str, tmp_path: Path) -> None:
    hand_over(table, tmp_path)
    folder = tmp_path / "cases" / FOLDER
    rows = list(csv.DictReader(io.StringIO((folder / "handed-over.csv").read_text(encoding="utf-8"))))
    assert [(row["record_id"], row["purpose"], row["vintage"]) for row in rows] == [("R-1", UN, "0"), ("R-2", UN, "0")]
    for row in rows:
        assert row["docx_sha256"] == sha256_of(folder / f"{row['record_id']}.docx")
        assert row["json_sha256"] == sha256_of(folder / f"{row['record_id']}.json")


def test_only_the_owner_may_read_the_folder(table: str, tmp_path: Path) -> None:
    hand_over(table, tmp_path)
    assert (tmp_path / "cases" / FOLDER).stat().st_mode & 0o777 == 0o700


def test_the_same_records_give_the_same_bytes_anywhere(table: str, tmp_path: Path) -> None:
    hand_over(table, tmp_path / "here")
    elsewhere = {"TZ": "Pacific/Kiritimati", "LC_ALL": "C", "PYTHONHASHSEED": "7"}
    ran = run("toll", *ASKED, "--records", table, "--out", tmp_path / "there", cwd=tmp_path, **elsewhere)
    assert ran.returncode == 0, ran.stderr
    assert contents(tmp_path / "here") == contents(tmp_path / "there")


def test_a_year_holds_the_cases_of_its_months(table: str, tmp_path: Path) -> None:
    ran = CliRunner().invoke(cli, ["cases", "2020", "--for", UN, "--records", table, "--out", str(tmp_path), "--json"])
    told = json.loads(ran.stdout)
    assert (told["counted"], told["record_ids"]) == (5, ["R-1", "R-2", "R-9"])


def test_no_consent_at_all_is_a_result(sample_table: str, tmp_path: Path) -> None:
    """The reconstruction of November 2020: 172 civilians as published, of no family's consent."""
    ran = hand_over(sample_table, tmp_path)
    assert ran.exit_code == 0
    assert ran.stdout.startswith("2020-11: 172 records counted; 0 with consent for this purpose; 172 without, ")
    assert names(tmp_path / "cases" / FOLDER) == ["handed-over.csv"]


def test_consent_that_was_taken_back_leaves_nothing_behind(table: str, sample_table: str, tmp_path: Path) -> None:
    hand_over(table, tmp_path)
    hand_over(sample_table, tmp_path)
    assert names(tmp_path / "cases" / FOLDER) == ["handed-over.csv"]


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        (("2020-11", "--for", "press"), "There is no purpose 'press'. Known are publication, un-special-rapporteur; "
         "add another to data/codelists/purposes.csv."),
        (("2020-11", "--for", UN, "--language", "fr"), "There are no case files in 'fr', but in en, ar. Their words "
         "stand in data/case-file.yml."),
        (("2020-11",), "Missing option '--for'."),
    ],
)  # fmt: skip
def test_wrong_use_is_refused(asked: tuple[str, ...], message: str, table: str, tmp_path: Path) -> None:
    ran = run("toll", "cases", *asked, "--records", table, cwd=tmp_path)
    assert refusal(ran, 2) == message
    assert names(tmp_path) == []


def test_a_month_without_records_is_refused(table: str, tmp_path: Path) -> None:
    ran = run("toll", "cases", "2020-12", "--for", UN, "--records", table, cwd=tmp_path)
    assert "has no record documented in 2020-12" in refusal(ran, 2)
    assert names(tmp_path) == []


@pytest.mark.parametrize("fault", [OSError(28, "No space left on device"), KeyboardInterrupt(), ValueError()])
def test_a_failing_run_leaves_no_half_folder(
    fault: BaseException, table: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand_over(table, tmp_path)
    before = contents(tmp_path)
    made = handing_over.word_file

    def failing(case: handing_over.Case) -> bytes:
        if case.record_id == "R-2":
            raise fault
        return made(case)

    monkeypatch.setattr(handing_over, "word_file", failing)
    ran = hand_over(table, tmp_path)
    assert ran.exit_code != 0
    assert isinstance(ran.exception, CannotPublish) == isinstance(fault, OSError)
    assert names(tmp_path / "cases") == [FOLDER]
    assert contents(tmp_path) == before


def test_a_killed_run_leaves_no_half_folder_and_the_next_one_clears_up(table: str, tmp_path: Path) -> None:
    plant = (
        "import os, signal, sys; from analysis import command; from analysis.case_files import handing_over\n"
        "made = handing_over.word_file\n"
        "def killed(case): return made(case) if case.record_id == 'R-1' else os.kill(os.getpid(), signal.SIGKILL)\n"
        "handing_over.word_file = killed\n"
        "sys.argv = ['toll', *sys.argv[1:]]; command.main()"
    )
    asked = [sys.executable, "-c", plant, *ASKED, "--records", table, "--out", str(tmp_path)]
    ran = subprocess.run(asked, cwd=tmp_path, env=surroundings({}), capture_output=True, check=False)
    assert ran.returncode == -signal.SIGKILL
    (left,) = names(tmp_path / "cases")
    assert left.startswith(f".{FOLDER}.partial-")
    assert (tmp_path / "cases" / left).stat().st_mode & 0o777 == 0o700
    assert hand_over(table, tmp_path).exit_code == 0
    assert names(tmp_path / "cases") == [FOLDER]
