"""A records table on object storage: imported, reported and counted like one on a disk, by deltalake's own options."""

import json
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest
from commands import run
from invented_records import text_records

from analysis.errors import BadParameter
from analysis.places import DATA
from analysis.records.changes import Changes, table_schema
from analysis.records.contract import parse_text
from analysis.records.engines import ENGINES, Engine, require_engine
from analysis.records.vintages import Vintage
from analysis.records.writing import Overtaken, read_held, write_changes
from analysis.toll.claims import Ledger

RECORDS = "s3://toll/records"


@pytest.fixture(scope="module")
def storage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The environment of a program that keeps records in s3://toll, on a server of this machine."""
    beside = Path(sys.prefix) / "s3" / "bin" / "moto_server"
    server = str(beside) if beside.exists() else shutil.which("moto_server")
    if not server:
        pytest.skip("No server that speaks S3 is installed: `make engines` installs one")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    with (tmp_path_factory.mktemp("s3") / "log").open("w") as log:
        running = subprocess.Popen([server, "-H", "127.0.0.1", "-p", address.split(":")[1]], stdout=log, stderr=log)
        try:
            make_bucket(f"http://{address}/toll")
            keys = {"AWS_ACCESS_KEY_ID": "invented", "AWS_SECRET_ACCESS_KEY": "invented", "AWS_REGION": "us-east-1"}
            yield {"AWS_ENDPOINT_URL": f"http://{address}", "AWS_ALLOW_HTTP": "true", **keys}
        finally:
            running.terminate()
            running.wait()


def make_bucket(url: str) -> None:
    for _ in range(600):
        try:
            urllib.request.urlopen(urllib.request.Request(url, method="PUT"), timeout=5).close()
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise AssertionError("The server did not start.")


@pytest.fixture(scope="module")
def stored(storage: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The same, with the reconstruction of 2020 imported."""
    extract, folder = DATA / "reconstruction" / "records.csv", tmp_path_factory.mktemp("stored")
    ran = run("toll", "import", extract, "--records", RECORDS, cwd=folder, **storage)
    assert ran.returncode == 0, ran.stderr
    return storage


def test_an_import_to_object_storage_is_a_vintage_there(stored: dict[str, str], tmp_path: Path) -> None:
    ran = run("toll", "vintages", "--records", RECORDS, "--json", cwd=tmp_path, **stored)
    assert [(one["version"], one["rows"]) for one in json.loads(ran.stdout)] == [(0, 1734)]


def test_the_report_from_object_storage_makes_the_same_claims(
    stored: dict[str, str], tmp_path: Path, november_ledger: Ledger
) -> None:
    ran = run("toll", "trace", "civilians.month", "--month", "2020-11", "--records", RECORDS, "--json",
              cwd=tmp_path, **stored)  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    claim = json.loads(ran.stdout)["claim"]
    assert (claim["value"], claim["digest"]) == (172, november_ledger["civilians.month"].digest)


@pytest.mark.parametrize("engine", ENGINES)
def test_every_engine_counts_from_object_storage(
    stored: dict[str, str], tmp_path: Path, november_ledger: Ledger, engine: Engine
) -> None:
    try:
        require_engine(engine)
    except BadParameter as missing:
        pytest.skip(str(missing))
    ran = run("toll", "count", "2020-11", "--engine", engine, "--records", RECORDS, "--json", cwd=tmp_path,
              PYSPARK_SUBMIT_ARGS="--master local[2] pyspark-shell", **stored)  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    claims = {one["id"]: one for one in json.loads(ran.stdout)}
    assert len(claims) > 500
    assert [one for one, claim in claims.items() if claim["digest"] != november_ledger[one].digest] == []


def test_of_two_imports_at_once_the_second_is_overtaken(
    storage: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    # The store itself has to refuse a version that is there: there is no file that could be locked.
    for name, value in storage.items():
        monkeypatch.setenv(name, value)
    where, said = "s3://toll/twice", Vintage(0, "invented.csv", "", 1, {})
    write_changes(where, read_held(where), Changes([table({})]), {}, said)
    both = read_held(where), read_held(where)
    assert write_changes(where, both[0], Changes([table({"record_id": "R-2"})]), {}, said).version == 1
    with pytest.raises(Overtaken):
        write_changes(where, both[1], Changes([table({"record_id": "R-3"})]), {}, said)
    assert sorted(read_held(where).records.index) == ["R-1", "R-2"]


def table(change: dict[str, str]) -> pa.Table:
    """One invented record as an import writes it."""
    found = parse_text(text_records(change))
    blank = {field.name: pa.nulls(1, field.type) for field in table_schema() if field.name not in found.column_names}
    return pa.table({**{name: found[name] for name in found.column_names}, **blank}).select(table_schema().names)


def test_a_bucket_without_records_is_refused(storage: dict[str, str], tmp_path: Path) -> None:
    ran = run("toll", "count", "2020-11", "--records", "s3://toll/elsewhere", cwd=tmp_path, **storage)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert "is not a records table" in ran.stderr
