import os
import shutil
from collections.abc import Iterator

import pytest

from analysis.importing.extracts import Extract, choose_mapping
from analysis.importing.importing import import_extract
from analysis.places import DATA
from analysis.toll.claims import Ledger
from analysis.toll.monthly import monthly_ledger
from analysis.toll.report_records import ReportRecords, read_report_records


@pytest.fixture(scope="session")
def sample_table(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The location of a records table that holds the reconstruction of 2020, imported once."""
    location = str(tmp_path_factory.mktemp("sample") / "records")
    extract = str(DATA / "reconstruction" / "records.csv")
    import_extract(Extract((extract,), choose_mapping([extract])), location)
    return location


@pytest.fixture(scope="session")
def november(sample_table: str) -> ReportRecords:
    """What the report of the sample month, November 2020, reads."""
    return read_report_records("2020-11", location=sample_table)


@pytest.fixture(scope="session")
def november_ledger(november: ReportRecords) -> Ledger:
    """The sample month's claims, without those of a gate that was not run."""
    return monthly_ledger(november, [])


@pytest.fixture(scope="session")
def browser() -> Iterator[object]:
    """Chromium as it is installed on the machine; the tests that look at a page need one."""
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if not found:
        pytest.skip("No Chromium on this machine: install one to have the page looked at.")
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture(scope="session", autouse=True)
def kept_findings(tmp_path_factory: pytest.TempPathFactory) -> None:
    """What the quality gate finds is kept for the session, in no folder of the user's."""
    base = tmp_path_factory.getbasetemp()
    os.environ["TOLL_QUALITY"] = str((base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "quality")
