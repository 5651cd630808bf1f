import fcntl
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from canaries import extract
from commands import MONTH, Made, Ran, Shared, papermill, run, start

from analysis.places import DATA

# Nothing of where, when or for whom a report is made may stand in it.
ELSEWHERE = {"TZ": "Pacific/Kiritimati", "LC_ALL": "C", "PYTHONHASHSEED": "1", "COLUMNS": "40"}
ELSEWHERE_AGAIN = {"TZ": "America/Caracas", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "2", "COLUMNS": "300"}


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Shared:
    """A folder filled once for all workers of pytest-xdist: a report takes long enough to be made only once."""
    base = tmp_path_factory.getbasetemp()
    base = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base

    def fill(name: str, make: Callable[[Path], None]) -> Path:
        folder, done = base / name, base / f"{name}.done"
        with (base / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not done.exists():
                shutil.rmtree(folder, ignore_errors=True)
                folder.mkdir()
                make(folder)
                done.touch()
        return folder

    return fill


@pytest.fixture(scope="session")
def imported(shared: Shared) -> Path:
    """`records`, filled by `toll import` with the reconstruction, and `stdout`, what the command printed."""

    def make(folder: Path) -> None:
        extract = DATA / "reconstruction" / "records.csv"
        ran = run("toll", "import", extract, "--records", folder / "records", cwd=folder)
        assert ran.returncode == 0, ran.stderr
        (folder / "stdout").write_text(ran.stdout, encoding="utf-8")

    return shared("imported", make)


@pytest.fixture(scope="session")
def records(imported: Path) -> Path:
    return imported / "records"


@pytest.fixture(scope="session")
def good(shared: Shared, records: Path) -> Made:
    """The report of November 2020, as `toll report` makes it with a kernel, and with nothing found before."""

    def make(folder: Path) -> None:
        asked = "report", MONTH, "--records", records, "--out", folder / "reports"
        ran = run("toll", *asked, "--isolated", "--fresh", cwd=folder)
        assert ran.returncode == 0, ran.stderr
        (folder / "stdout").write_text(ran.stdout, encoding="utf-8")

    folder = shared("good", make)
    return Made(folder / "reports" / MONTH, (folder / "stdout").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def bilingual(shared: Shared, records: Path) -> Path:
    """The report of November 2020 in English and Arabic, as one `toll report` makes it."""

    def make(folder: Path) -> None:
        asked = "report", MONTH, "--language", "en,ar", "--records", records, "--out", folder / "reports"
        ran = run("toll", *asked, cwd=folder)
        assert ran.returncode == 0, ran.stderr

    return shared("bilingual", make) / "reports" / MONTH


@pytest.fixture(scope="session")
def made_elsewhere(shared: Shared, imported: Path) -> Made:
    """The same month made by two commands at once, into one folder, in other places, zones, locales and hash seeds."""

    def make(folder: Path) -> None:
        (folder / "here").mkdir()
        shutil.copytree(imported / "records", folder / "here" / "data" / "records")
        asked = "report", MONTH, "--json", "--out", folder / "reports"
        runs = [
            start("toll", *asked, cwd=folder / "here", **ELSEWHERE),
            start("toll", *asked, cwd=folder, TOLL_RECORDS="here/data/records", **ELSEWHERE_AGAIN),
        ]
        ended = [(process.communicate(), process.returncode) for process in runs]
        assert [code for _, code in ended] == [0, 0], ended
        (folder / "stdout").write_text(ended[0][0][0], encoding="utf-8")

    folder = shared("made_elsewhere", make)
    return Made(folder / "reports" / MONTH, (folder / "stdout").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def executed(shared: Shared, records: Path) -> Path:
    """The notebook run by plain papermill, as somebody does by hand: `out.ipynb` in a folder of its own."""

    def make(folder: Path) -> None:
        ran = papermill(folder, "-p", "month", MONTH, records=records)
        assert ran.returncode == 0, ran.stderr

    return shared("executed", make) / "out.ipynb"


@pytest.fixture
def reports(good: Made, tmp_path: Path) -> Path:
    """A folder of reports that holds a good one, to be still there after whatever a test does."""
    shutil.copytree(good.folder, tmp_path / "reports" / MONTH)
    return tmp_path / "reports"


def _keep(folder: Path, name: str, ran: Ran) -> None:
    (folder / "said").mkdir(exist_ok=True)
    (folder / "said" / f"{name}.txt").write_text(ran.stdout + ran.stderr, encoding="utf-8")


@pytest.fixture(scope="session")
def lower_editions(shared: Shared) -> Path:
    """`out`, the folder of all reports, and `said`, what each command printed; the records lie elsewhere."""

    def make(folder: Path) -> None:
        own = folder.parent / "canaries"
        shutil.rmtree(own, ignore_errors=True)
        own.mkdir()
        file = own / "extract of Kanari, 0944123987.csv"
        extract().to_csv(file, index=False)
        keys = {"TOLL_KEYS": str(own / "keys"), "TOLL_RECORDS": str(own / "records")}
        ran = run("toll", "import", file, "--records", own / "records", "--who", "Kanari", "--note", "from Kanari",
                  cwd=own)  # fmt: skip
        assert ran.returncode == 0, ran.stderr
        for edition in ("public", "auditor"):
            asked = (MONTH, "--out", folder / "out", "--edition", edition)
            bundle = folder / "out" / f"{MONTH}.{edition}" / f"toll-{MONTH}.{edition}.zip"
            for name, words in {
                "report": ("report", *asked),
                "publish": ("publish", *asked, "--date", "2020-12-01"),
                "bundle": ("bundle", *asked),
            }.items():
                ran = run("toll", *words, cwd=folder, **keys)
                assert ran.returncode == 0, ran.stderr
                _keep(folder, f"{edition}-{name}", ran)
            if edition == "public":
                ran = run("toll", "verify", bundle, "--json", cwd=folder, **keys)
                assert ran.returncode == 0, ran.stdout
                _keep(folder, "verify", ran)
        asked = ("report", "2020-10", "--out", folder / "out", "--edition", "public")
        ran = run("toll", *asked, cwd=folder, **keys)
        assert ran.returncode == 1, ran.stdout + ran.stderr
        _keep(folder, "public-refused", ran)

    return shared("leaks", make)
