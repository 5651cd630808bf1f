"""recount.py, as an auditor runs it: in an unpacked bundle, with nothing but Python's standard library."""

import csv
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from analysis.audit import recount
from analysis.records.frozen import write_frozen
from analysis.toll.claims import Ledger
from analysis.toll.periodic import periodic_ledger
from analysis.toll.report_records import ReportRecords, frozen_of, read_report_records

SCRIPT = Path(recount.__file__)
Ran = subprocess.CompletedProcess[str]


def unpacked(folder: Path, read: ReportRecords, ledger: Ledger) -> Path:
    """What recount.py finds in a bundle, itself included."""
    write_frozen(folder / "records", frozen_of(read, []))
    (folder / "report").mkdir()
    (folder / "report" / "claims.json").write_text(ledger.to_json(), encoding="utf-8")
    shutil.copy(SCRIPT, folder)
    return folder


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory, november: ReportRecords, november_ledger: Ledger) -> Path:
    return unpacked(tmp_path_factory.mktemp("november"), november, november_ledger)


@pytest.fixture
def small(tmp_path: Path, bundle: Path) -> Path:
    """A copy of November's bundle, to be tampered with, that claims little and so is counted soon."""
    shutil.copytree(bundle, tmp_path, dirs_exist_ok=True)
    wanted = ("civilians.month.party.sdf", "massacres.month.party.other", "records.month", "civilians.month.children")
    change_claims(tmp_path, lambda claims: [one for one in claims if one["id"].startswith(wanted)])
    return tmp_path


def change_claims(folder: Path, change: Callable[[list[dict[str, Any]]], list[dict[str, Any]]]) -> None:
    file = folder / "report" / "claims.json"
    file.write_text(json.dumps(change(json.loads(file.read_text(encoding="utf-8")))), encoding="utf-8")


def say(claim: str, **fields: object) -> Callable[[list[dict[str, Any]]], list[dict[str, Any]]]:
    """The claims, with some fields of one of them changed."""
    return lambda claims: [one | (fields if one["id"] == claim else {}) for one in claims]


def change_records(folder: Path, change: Callable[[list[dict[str, str]]], list[dict[str, str]]]) -> None:
    file = folder / "records" / "records.csv"
    with file.open(encoding="utf-8", newline="") as opened:
        rows = list(csv.DictReader(opened))
    with file.open("w", encoding="utf-8", newline="") as opened:
        written = csv.DictWriter(opened, rows[0].keys())
        written.writeheader()
        written.writerows(change(rows))


def run(*arguments: object, script: Path = SCRIPT) -> Ran:
    """Run it alone: -I takes no notice of the environment, -S leaves out every installed package."""
    words = [sys.executable, "-I", "-S", str(script), *map(str, arguments)]
    return subprocess.run(words, capture_output=True, text=True, check=False)


def differing(ran: Ran) -> list[str]:
    """The claims that it says differ; and it says so with its exit code too."""
    found = [line.split()[1] for line in ran.stdout.splitlines() if line.startswith("DIFFERS: ")]
    assert ran.returncode == (1 if found else 0), ran.stdout + ran.stderr
    return found


def test_every_count_of_november_agrees_in_the_folder_of_the_script(bundle: Path, november_ledger: Ledger) -> None:
    ran = run(script=bundle / "recount.py")
    counts = sum(one.basis == "records" and not one.id.startswith("quality.") for one in november_ledger.values())
    assert differing(ran) == []
    assert f"All {counts} counts agree with the records." in ran.stdout
    assert "Claims of 2020-11, counted again from 1635 records" in ran.stdout


def test_it_says_how_many_claims_it_does_not_count_and_why(bundle: Path, november_ledger: Ledger) -> None:
    said = run(bundle).stdout
    for basis, words in {"claims": "shares, ranks and comparisons", "published": "published"}.items():
        assert f"{sum(one.basis == basis for one in november_ledger.values())} {words}" in said


def test_every_count_of_a_year_agrees(tmp_path: Path, sample_table: str) -> None:
    read = read_report_records("2020", location=sample_table)
    assert differing(run(unpacked(tmp_path, read, periodic_ledger(read, {})))) == []


def test_a_number_that_was_changed_is_found_with_what_the_records_give(small: Path) -> None:
    change_claims(small, say("civilians.month.party.sdf", value=8))
    ran = run(small)
    assert differing(ran) == ["civilians.month.party.sdf"]
    assert "DIFFERS: civilians.month.party.sdf says 8, the records give 7." in ran.stdout
    assert "agree with the records" not in ran.stdout


def test_a_record_that_was_removed_is_found_in_every_claim_that_counts_it(small: Path) -> None:
    change_records(small, lambda rows: [one for one in rows if one["record_id"] != "SY-2020-11-0060"])
    found = differing(run(small))
    assert {"civilians.month.party.sdf", "civilians.month.party.sdf.children", "records.month.read"} <= set(found)


def test_a_record_that_was_moved_to_another_party_is_found(small: Path) -> None:
    change_records(
        small, lambda rows: [one | ({"party": "isis"} if one["record_id"] == "SY-2020-11-0060" else {}) for one in rows]
    )
    assert differing(run(small)) == ["civilians.month.party.sdf", "civilians.month.party.sdf.children"]


def test_the_same_number_of_other_records_is_found(small: Path) -> None:
    change_claims(small, say("civilians.month.party.sdf", digest="0" * 64))
    ran = run(small)
    assert differing(ran) == ["civilians.month.party.sdf"]
    assert "was counted from other records than these" in ran.stdout


@pytest.mark.parametrize("field", ["records", "digest"])
def test_a_count_that_does_not_name_its_records_any_more_is_found(field: str, small: Path) -> None:
    change_claims(small, say("civilians.month.party.sdf", **{field: None}))
    assert differing(run(small)) == ["civilians.month.party.sdf"]


def test_a_claim_made_twice_is_counted_twice(small: Path) -> None:
    change_claims(small, lambda claims: [claims[0] | {"value": 9}, *claims])
    assert len(differing(run(small))) == 1


@pytest.mark.parametrize("claim", ["civilians.month.shoes", "civilians.month.party", "civilians.week", "civilians", ""])
def test_an_id_that_it_cannot_read_does_not_pass(claim: str, small: Path) -> None:
    change_claims(small, say("civilians.month.party.sdf", id=claim))
    ran = run(small)
    assert ran.returncode == 1
    assert "is an id that this script cannot read" in ran.stdout


def test_a_bundle_without_any_count_does_not_pass(small: Path) -> None:
    change_claims(small, lambda _: [])
    assert run(small).returncode == 1


@pytest.mark.parametrize("file", ["report/claims.json", "records/records.csv", "records/about.json"])
@pytest.mark.parametrize("damage", ["missing", "empty", "no text"])
def test_a_damaged_bundle_is_one_readable_line_and_exit_2(file: str, damage: str, small: Path) -> None:
    if damage == "missing":
        (small / file).unlink()
    else:
        (small / file).write_bytes(b"" if damage == "empty" else b"\xff\xfe\x00")
    ran = run(small)
    if file.endswith(".csv") and damage == "empty":  # a table without a row: every count differs
        assert ran.returncode == 1
    else:
        assert ran.returncode == 2
        assert len(ran.stderr.splitlines()) == 1
        assert "is no unpacked bundle, or a damaged one" in ran.stderr


def test_it_is_short_enough_to_be_read_and_imports_the_standard_library_alone() -> None:
    text = SCRIPT.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 250
    imported = {
        line.split()[1].partition(".")[0] for line in text.splitlines() if line.startswith(("import ", "from "))
    }
    assert imported <= sys.stdlib_module_names
