"""`toll batch`: many months by several processes, each whole or not at all, and none in another's way."""

import csv
import json
import os
import shutil
import signal
from functools import partial
from pathlib import Path

import duckdb
import nbformat
import pytest
from commands import WHOLE, Made, Shared, contents, names, refusal, run, start
from test_interruptions import PAGE, PATIENCE, being_made, wait_for

from analysis.program import source_digest
from analysis.running.made_from import changed_since, inputs_of, note_inputs
from analysis.running.orders import Order, make_one

Answer = dict[str, dict[str, str]]
COLUMNS = ("uid", "Name", "Province", "Sex", "Status", "Age", "Area \\ Place of birth", "Occupation", "Date of death",
           "Martyrdom location", "Cause of Death", "Actors", "Type of Weapon")  # fmt: skip
PARTY = "Syrian government and affiliated militias"
SEXES = ("Adult - Male", "Adult - Female", "Child - Male", "Child - Female")
BATCH_PUBLIC = "batch.public.html"
PLACES, CAUSES = ("Homs", "Daraa: Inkhil", "Idlib"), ("Shooting", "Shelling", "Detention - Torture")
# Nobody reaches the age of the one who died in June; nobody is recorded as dead in May.
MONTHS = {"2013-03": 31, "2013-04": 24, "2013-06": 12}


@pytest.fixture(scope="session")
def table(shared: Shared) -> Path:
    """The invented people, imported."""

    def make(folder: Path) -> None:
        write_dead(folder / "dead.csv")
        again = ("toll", "import", folder / "dead.csv", "--source", "vdc-syria", "--records", folder / "table")
        ran = run(*again, cwd=folder)
        assert ran.returncode == 0, ran.stderr

    return shared("invented", make) / "table"


@pytest.fixture
def raw(table: Path) -> Path:
    """The file that the table was imported from."""
    return table.parent / "dead.csv"


def write_dead(file: Path) -> None:
    """Invented people in the form of a public list of the dead, civilians and fighters; June has one who cannot be."""
    dead = [(month, nr) for month, number in MONTHS.items() for nr in range(number)]
    with file.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.writer(opened)
        writer.writerow(COLUMNS)
        for uid, (month, nr) in enumerate(dead, 1):
            age = "150" if month == "2013-06" and nr == 0 else str(20 + nr) if nr % 4 < 2 else str(1 + nr % 16)
            status = "Non-Civilian" if nr % 5 == 4 else "Civilian"
            day = f"{month}-{1 + nr % 28:02}"
            where, how = PLACES[nr % 3], CAUSES[nr % 3]
            said = [uid, f"Person {uid}", "Homs", SEXES[nr % 4], status, age, "", "", day, where, how, PARTY, ""]
            writer.writerow(said)


def batch(listed: str, table: Path, out: Path, *more: object) -> tuple[int, Answer, str]:
    """Run a batch; its exit code, each report's outcome, and what it said on standard error."""
    ran = run("toll", "batch", listed, "--records", table, "--out", out, "--json", *more, cwd=out.parent)
    answer = json.loads(ran.stdout) if ran.stdout else {"reports": []}
    return ran.returncode, {one["when"]: one for one in answer["reports"]}, ran.stderr


@pytest.fixture(scope="session")
def spring(table: Path, shared: Shared) -> tuple[Path, int, Answer, str]:
    """March to June 2013 by two processes: OUT, and how it ended."""

    def make(folder: Path) -> None:
        ended = batch("2013-03..2013-06", table, folder / "reports", "--workers", 2)
        (folder / "ended.json").write_text(json.dumps(ended), encoding="utf-8")

    folder = shared("spring", make)
    code, outcomes, said = json.loads((folder / "ended.json").read_text(encoding="utf-8"))
    return folder / "reports", code, outcomes, said


@pytest.fixture
def made(spring: tuple[Path, int, Answer, str], tmp_path: Path) -> Path:
    """A copy of what the batch made, to work on."""
    return shutil.copytree(spring[0], tmp_path / "reports")


def reports(out: Path) -> dict[str, str]:
    """Every file in OUT, hidden ones too, but for the page, which says how many seconds each took."""
    return {name: digest for name, digest in contents(out).items() if name != "batch.html"}


def test_month_that_fails_stops_no_other_and_each_is_named(spring: tuple[Path, int, Answer, str]) -> None:
    out, code, outcomes, said = spring
    kinds = {when: one["kind"] for when, one in outcomes.items()}
    assert kinds == {"2013-03": "made", "2013-04": "made", "2013-05": "error", "2013-06": "gate failed"}
    assert code == 1
    assert said.startswith("Error: 2 of 4 reports were not made: 2013-05 (error), 2013-06 (gate failed). ")
    assert "no record documented in 2013-05" in outcomes["2013-05"]["said"]
    assert "VDC-56" in outcomes["2013-06"]["said"]  # 31 + 24 people before the first of June
    assert [name for name in names(out) if not name.startswith(".")] == ["2013-03", "2013-04", "batch.html"]
    assert names(out / "2013-03") == WHOLE


def test_each_toll_is_what_a_count_of_the_raw_file_gives(spring: tuple[Path, int, Answer, str], raw: Path) -> None:
    counted = duckdb.sql(
        f"""select strftime("Date of death", '%Y-%m'), count(*), count(*) filter (Sex like 'Child%'),
            count(*) filter (Sex = 'Adult - Female') from '{raw}' where Status = 'Civilian' group by 1"""
    ).fetchall()
    for month, *expected in counted:
        if month != "2013-06":
            claims = json.loads((spring[0] / month / "claims.json").read_text(encoding="utf-8"))
            values = {claim["id"]: claim["value"] for claim in claims}
            assert [values[f"civilians.month{part}"] for part in ("", ".children", ".women")] == expected


def test_page_says_what_became_of_each_without_script_or_request(spring: tuple[Path, int, Answer, str]) -> None:
    page = (spring[0] / "batch.html").read_text(encoding="utf-8")
    assert "2 made, 1 gate failed, 1 error" in page
    assert '<a href="2013-03/report.en.html">2013-03</a>' in page
    assert "no record documented in 2013-05" in page
    assert [word for word in ("<script", "http:", "https:", "<link", "@import") if word in page] == []


def test_batch_gives_the_bytes_of_a_run_in_a_kernel_of_its_own(good: Made, records: Path, tmp_path: Path) -> None:
    code, outcomes, _ = batch("2020-10..2020-11", records, tmp_path / "reports", "--workers", 1)
    assert (code, outcomes["2020-11"]["kind"]) == (0, "made")
    assert contents(tmp_path / "reports" / "2020-11") == contents(good.folder)
    notebook = nbformat.read(tmp_path / "reports" / "2020-11" / "report.ipynb", as_version=4)
    shown = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    drawn = [one for one in shown if "application/vnd.toll-report.figure" in one.data]
    assert len(drawn) == len(list((good.folder / "figures").iterdir())) >= 7
    assert all("<svg" in one.data["application/vnd.toll-report.figure"] for one in drawn)


def test_what_has_not_changed_is_not_made_again_and_what_has_is(made: Path, table: Path) -> None:
    before = contents(made)
    code, outcomes, _ = batch("2013-03..2013-04", table, made)
    assert (code, {one["kind"] for one in outcomes.values()}) == (0, {"unchanged"})
    assert {name: digest for name, digest in contents(made).items() if "/" in name and "last" not in name} == {
        name: digest for name, digest in before.items() if "/" in name and "last" not in name
    }
    whole = (made / "2013-04" / "claims.json").read_bytes()
    (made / "2013-04" / "claims.json").write_bytes(whole.replace(b"24", b"25"))
    code, outcomes, _ = batch("2013-03..2013-04", table, made)
    assert {when: (one["kind"], one["said"]) for when, one in outcomes.items()} == {
        "2013-03": ("unchanged", "what it is made from is as it was"),
        "2013-04": ("made", "a file of it changed"),
    }
    assert (made / "2013-04" / "claims.json").read_bytes() == whole


def test_new_import_is_a_reason_to_make_again(made: Path, raw: Path, tmp_path: Path) -> None:
    again = ("toll", "import", raw, "--source", "vdc-syria", "--records", tmp_path / "table")
    assert [run(*again, cwd=tmp_path).returncode for _ in range(2)] == [0, 0]
    first, second = (inputs_of(str(tmp_path / "table"), vintage=vintage) for vintage in (0, None))
    assert first != second
    assert changed_since(made / "2013-03", second) == "its records changed"


def test_published_report_is_left_alone(made: Path, table: Path) -> None:
    ran = run("toll", "publish", "2013-03", "--out", made, "--date", "2013-04-01", cwd=made)
    assert ran.returncode == 0, ran.stderr
    before = contents(made / "2013-03")
    code, outcomes, _ = batch("2013-03..2013-04", table, made)
    assert code == 0
    assert outcomes["2013-03"]["kind"] == "published"
    assert outcomes["2013-03"]["said"] == "on 1 April 2013, revision 1: left alone"
    assert contents(made / "2013-03") == before


def test_editions_stand_side_by_side_and_leave_each_other_alone(
    made: Path, table: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOLL_KEYS", str(tmp_path / "keys"))
    before, public = contents(made), ("--edition", "public")
    code, outcomes, said = batch("2013-04", table, made, *public)
    assert (code, outcomes["2013-04"]["said"]) == (0, "there was none"), said
    after = contents(made)
    assert {name: after.get(name) for name in before} == before
    assert {name.partition("/")[0] for name in after.keys() - before} == {".made-from", "2013-04.public", BATCH_PUBLIC}
    page = (made / BATCH_PUBLIC).read_text(encoding="utf-8")
    assert "The public edition: 1 made" in page
    assert '<a href="2013-04.public/report.en.html">2013-04</a>' in page
    ran = run("toll", "publish", "2013-04", "--out", made, "--date", "2013-05-01", *public, cwd=made)
    assert ran.returncode == 0, ran.stderr
    code, outcomes, _ = batch("2013-04", table, made, *public)
    assert (code, outcomes["2013-04"]["kind"]) == (0, "published")
    code, outcomes, _ = batch("2013-04", table, made)
    assert (code, outcomes["2013-04"]["kind"]) == (0, "unchanged")


def test_an_edition_is_made_again_with_another_key_and_refused_by_a_worker_that_has_one(
    made: Path, table: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def asked(keys: str) -> dict[str, str]:
        monkeypatch.setenv("TOLL_KEYS", str(tmp_path / keys))
        return inputs_of(str(table), vintage=None, edition="auditor")

    note_inputs(made / "2013-04", asked("mine"))
    assert changed_since(made / "2013-04", asked("mine")) == ""
    assert changed_since(made / "2013-04", asked("another")) == "the key of its pseudonyms changed"
    order = Order("2013-04", str(table), str(made), edition="auditor", program=source_digest(), inputs=asked("mine"))
    monkeypatch.setenv("TOLL_KEYS", str(tmp_path / "of a worker"))
    refused = make_one(order)
    assert (refused.kind, refused.said.partition(" than")[0]) == ("error", "This worker has another pseudonyms.key")
    assert not (tmp_path / "of a worker").exists()


def test_batch_that_is_killed_and_resumed_gives_the_same_folder(
    spring: tuple[Path, int, Answer, str], table: Path, tmp_path: Path
) -> None:
    """Killed with kill -9 when its first report is begun, and again when the page of its second is written."""
    out = tmp_path / "reports"
    asked = "batch", "2013-03..2013-04", "--records", table, "--out", out, "--workers", 1
    for number, file in enumerate(("", PAGE)):
        process = start("toll", *asked, *(["--resume"] if number else []), cwd=tmp_path)
        wait_for(partial(_is_past, out, number, file), process)
        process.kill()
        process.communicate()
        assert all(names(folder) == WHOLE for folder in out.glob("2013-*"))
    ran = run("toll", "batch", "--resume", "--records", table, "--out", out, "--json", cwd=tmp_path)
    assert ran.returncode == 0, ran.stderr
    made = {name: digest for name, digest in reports(spring[0]).items() if "last" not in name}
    assert {name: digest for name, digest in reports(out).items() if "last" not in name} == made


def _is_past(out: Path, number: int, file: str) -> bool:
    """Whether so many reports are there, and the next one has come as far as a file."""
    return len(list(out.glob("2013-*"))) == number and being_made(out, file) != []


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_interrupted_batch_says_how_far_it_is_and_leaves_nothing_half(
    sign: signal.Signals, table: Path, tmp_path: Path
) -> None:
    out = tmp_path / "reports"
    process = start(
        "toll", "batch", "2013-03..2013-04", "--records", table, "--out", out, "--workers", "1", cwd=tmp_path
    )
    wait_for(lambda: being_made(out), process)
    process.send_signal(sign)
    stdout, stderr = process.communicate(timeout=PATIENCE)
    assert process.returncode == 130, stderr
    assert stderr.startswith("Error: Interrupted: 0 of 2 reports are settled")
    assert stdout.count("not begun") == 2
    assert names(out) == [".made-from", "batch.html"]


def test_death_of_a_worker_costs_its_own_month_alone(table: Path, tmp_path: Path) -> None:
    out = tmp_path / "reports"
    process = start("toll", "batch", "2013-03..2013-04", "--records", table, "--out", out, "--workers", "1", "--json",
                    cwd=tmp_path)  # fmt: skip
    wait_for(lambda: being_made(out), process)
    os.kill(int(being_made(out)[0].name.rpartition("-")[2]), signal.SIGKILL)
    stdout, stderr = process.communicate(timeout=PATIENCE)
    kinds = {one["when"]: one["kind"] for one in json.loads(stdout)["reports"]}
    assert kinds == {"2013-03": "error", "2013-04": "made"}
    assert "SIGKILL" in stdout
    assert stderr.startswith("Error: 1 of 2 reports were not made: 2013-03 (error).")


def test_batch_on_a_cluster_gives_the_same_bytes(
    spring: tuple[Path, int, Answer, str], table: Path, tmp_path: Path
) -> None:
    distributed = pytest.importorskip("distributed", reason="Dask is not installed.")
    with distributed.LocalCluster(n_workers=1, threads_per_worker=2, dashboard_address=None, processes=True) as cluster:
        address = cluster.scheduler_address
        code, outcomes, said = batch("2013-03..2013-05", table, tmp_path / "reports", "--scheduler", address)
    assert (code, [one["kind"] for one in outcomes.values()]) == (1, ["made", "made", "error"]), said
    for month in ("2013-03", "2013-04"):
        assert contents(tmp_path / "reports" / month) == contents(spring[0] / month)


@pytest.mark.parametrize(
    ("asked", "code", "told"),
    [
        ((), 2, "No months were named."),
        (("2020-13",), 2, "The month was given as '2020-13'."),
        (("--resume",), 2, "There is no batch in "),
        (("--resume", "--edition", "public"), 2, "There is no batch of the public edition in "),
        (("2020-01", "--edition", "publik"), 2, "There is no edition 'publik'."),
        (("2020-01", "--scheduler", "tcp://127.0.0.1:9"), 2, "No Dask scheduler answers at tcp://127.0.0.1:9"),
    ],
)
def test_wrong_use_is_refused(asked: tuple[str, ...], code: int, told: str, table: Path, tmp_path: Path) -> None:
    ran = run("toll", "batch", *asked, "--records", table, "--out", tmp_path / "reports", cwd=tmp_path)
    assert refusal(ran, code).startswith(told)
