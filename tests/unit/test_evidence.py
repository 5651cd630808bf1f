"""Photos, videos and documents: found, missing or changed in each copy, and what a report says of it."""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner
from invented_records import month_records, records, text_records

from analysis.command import cli
from analysis.errors import BadDocument, BadParameter
from analysis.month import Month
from analysis.period import Period
from analysis.records.contract import parse_text
from analysis.records.evidence import (
    FolderCheck,
    Reference,
    check_folder,
    hash_files,
    list_files,
    month_counts,
    overall,
    read_references,
    result_file,
)
from analysis.records.writing import write_records
from analysis.sections.narrative import Story
from analysis.toll.evidence import evidence_claims
from analysis.toll.monthly import monthly_ledger

NOVEMBER = Month.parse("2020-11")


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def reference(name: str, content: bytes | None = None, month: str = "2020-11") -> Reference:
    return Reference("R-1", month, name, sha256(content) if content is not None else "", name)


def folder_with(folder: Path, **files: bytes) -> Path:
    for name, content in files.items():
        path = folder / name.replace("__", "/").replace("_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


def checked(folder: Path, *references: Reference) -> FolderCheck:
    return check_folder(references, hash_files(list_files(folder)))


@pytest.mark.parametrize(
    ("asked", "result"),
    [
        (reference("a.jpg", b"A"), "found"),
        (reference("renamed.jpg", b"A"), "found"),  # the content is there, under another name
        (reference("a.jpg"), "found"),  # nothing but a name is recorded
        (reference("sub/b.mp4"), "found"),
        (reference("b.mp4"), "found"),
        (reference("a.jpg", b"other"), "changed"),
        (reference("c.pdf"), "missing"),
        (reference("c.pdf", b"C"), "missing"),
        (reference("A.JPG"), "missing"),
    ],
)
def test_file_is_found_by_its_content_else_by_its_name(asked: Reference, result: str, tmp_path: Path) -> None:
    assert checked(folder_with(tmp_path, a_jpg=b"A", sub__b_mp4=b"B"), asked).results == (result,)


def test_files_that_no_record_means_are_counted(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, a_jpg=b"A", copy__a_jpg=b"A", b_jpg=b"B", c_jpg=b"C")
    # Both files with the content of a.jpg are meant, and the changed b.jpg; c.jpg is not.
    assert checked(folder, reference("a.jpg", b"A"), reference("b.jpg", b"before")).unreferenced == 1


def test_hidden_files_are_no_files_of_a_copy(tmp_path: Path) -> None:
    (tmp_path / ".hidden").mkdir()
    for name in (".DS_Store", ".hidden/a.jpg", "b.jpg"):
        (tmp_path / name).write_bytes(b"x")
    assert list(list_files(tmp_path).files) == ["b.jpg"]


def test_accents_written_in_another_way_are_the_same_name(tmp_path: Path) -> None:
    (tmp_path / "cafe\u0301.jpg").write_bytes(b"A")
    assert checked(tmp_path, reference("caf\u00e9.jpg")).results == ("found",)


def test_progress_counts_every_byte_once(tmp_path: Path) -> None:
    read: list[int] = []
    hash_files(list_files(folder_with(tmp_path, a_bin=b"x" * 2_500_000, b_bin=b"y")), read.append)
    assert sum(read) == 2_500_001


def test_copies_hold_a_file_only_if_each_of_them_does(tmp_path: Path) -> None:
    asked = [reference("a.jpg", b"A"), reference("b.jpg", b"B"), reference("c.jpg", b"C")]
    one = checked(folder_with(tmp_path / "one", a_jpg=b"A", b_jpg=b"B", c_jpg=b"C"), *asked)
    two = checked(folder_with(tmp_path / "two", a_jpg=b"A", c_jpg=b"other"), *asked)
    assert overall([one, two]) == ["found", "missing", "changed"]
    assert month_counts(asked, overall([one, two]), ["2020-11", "2020-12"]) == {
        "2020-11": {"references": 3, "found": 1, "missing": 1, "changed": 1},
        "2020-12": {"references": 0, "found": 0, "missing": 0, "changed": 0},
    }


def told(*sources: dict[str, str]) -> str:
    return json.dumps([{"kind": "publication", "reference": "an invented publication"}, *sources])


PHOTO = {"kind": "photo", "reference": "IMG-1.jpg", "sha256": sha256(b"photo").upper()}
VIDEO = {"kind": "video", "reference": "VID-9.mp4"}
OF_A_PERSON = {"kind": "document", "reference": "Person-certificate.pdf"}
ADDRESS = {"kind": "document", "reference": "box 3, the papers of the family"}


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Four records of November and one of October; R-3 and R-4 have references that are better not repeated."""
    where = str(tmp_path_factory.mktemp("evidence") / "records")
    changes: Sequence[dict[str, str]] = [
        {"sources": told(PHOTO, VIDEO)},
        {"sources": told()},
        {"sources": told(OF_A_PERSON), "name": "Invented Person"},
        {"sources": told(ADDRESS)},
        {"sources": told(PHOTO), "date_documented": "2020-10-20", "date_of_death": "2020-10-01"},
    ]
    write_records(where, parse_text(text_records(*changes)), source_file="invented.csv", sha256="0" * 64)
    return where


def test_references_are_files_of_records_and_no_publications(table: str) -> None:
    found = read_references(table, ["2020-10", "2020-11"])
    assert [(one.record_id, one.month, one.name) for one in found] == [
        ("R-5", "2020-10", "IMG-1.jpg"),
        ("R-1", "2020-11", "IMG-1.jpg"),
        ("R-1", "2020-11", "VID-9.mp4"),
        ("R-3", "2020-11", "Person-certificate.pdf"),
        ("R-4", "2020-11", "box 3, the papers of the family"),
    ]
    assert found[0].sha256 == sha256(b"photo")


def test_reference_with_a_name_or_free_words_is_said_by_its_record(table: str) -> None:
    shown = [one.shown for one in read_references(table, ["2020-11"])]
    assert shown == ["IMG-1.jpg", "VID-9.mp4", "R-3", "R-4"]


def check(*arguments: object) -> tuple[int, str, str]:
    ran = CliRunner().invoke(cli, ["evidence", "check", *map(str, arguments)])
    return getattr(ran.exception, "exit_code", ran.exit_code), ran.stdout, str(ran.exception or "")


def test_check_names_what_is_missing_ends_with_1_and_keeps_its_result(table: str, tmp_path: Path) -> None:
    copy = folder_with(tmp_path / "copy", **{"IMG-1_jpg": b"photo", "other_txt": b"x"})
    result = tmp_path / "result.json"
    asked = copy, "--records", table, "--month", "2020-11", "--date", "2020-12-03", "--result", result
    code, said, error = check(*asked)
    assert code == 1
    assert f"{copy}: found 1, missing 3 (R-3, R-4, VID-9.mp4), changed 0, unreferenced 1" in said
    assert error.startswith(f"Files that records reference are missing from {copy}, or are not what they were: 3 (R-3,")
    kept = json.loads(result.read_text(encoding="utf-8"))
    assert (kept["date"], kept["vintage"]) == ("2020-12-03", 0)
    assert kept["months"] == {"2020-11": {"references": 4, "found": 1, "missing": 3, "changed": 0}}
    assert "Person" not in said + error + result.read_text(encoding="utf-8")


def test_check_of_a_whole_copy_ends_with_0(table: str, tmp_path: Path) -> None:
    copy = folder_with(tmp_path / "copy", **{"IMG-1_jpg": b"photo"})
    code, said, _ = check(
        copy, "--records", table, "--month", "2020-10", "--result", tmp_path / "r", "--date", "2020-12-03", "--json"
    )
    answer = json.loads(said)
    assert code == 0
    assert answer["folders"][0]["found"] == 1
    assert answer["result"] == str(tmp_path / "r")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--month", "2020-11", "--period", "2020"], "Both --month and --period"),
        (["--month", "2019-05"], "no record documented in 2019-05"),
        (["--month", "202011"], "Write year and month as YYYY-MM"),
        (["--date", "2020-2-3"], "is no day. Write it as YYYY-MM-DD."),
    ],
)
def test_wrong_use_is_refused(options: list[str], message: str, table: str, tmp_path: Path) -> None:
    ran = CliRunner().invoke(cli, ["evidence", "check", str(tmp_path), "--records", table, *options])
    assert ran.exit_code != 0
    assert message in f"{ran.output}{ran.exception}"
    assert not Path(f"{table}.evidence.json").exists()


def test_file_that_cannot_be_read_stops_the_check_without_its_name(tmp_path: Path) -> None:
    folder = folder_with(tmp_path / "copy", a_jpg=b"A")
    kept = list_files(folder)
    (folder / "a.jpg").unlink()
    with pytest.raises(BadParameter) as refused:
        hash_files(kept)
    assert "a.jpg" not in str(refused.value)


def test_result_of_a_table_at_a_url_has_no_place_of_its_own() -> None:
    assert result_file("s3://bucket/records") is None
    assert result_file("data/records/") == Path("data/records.evidence.json")


def with_result(folder: Path, **months: dict[str, int]) -> str:
    kept = {"date": "2020-12-03", "vintage": 7, "folders": [], "months": months}
    (folder / "records.evidence.json").write_text(json.dumps(kept), encoding="utf-8")
    return str(folder / "records")


COUNTS = {"references": 5, "found": 3, "missing": 1, "changed": 1}


def test_report_says_the_result_of_its_month_in_one_line(tmp_path: Path) -> None:
    location = with_result(tmp_path, **{"2020-11": COUNTS})
    ledger = monthly_ledger(month_records(records({})), [])
    without = Story(ledger, NOVEMBER, links=False)
    story = Story(ledger.extended(evidence_claims(NOVEMBER, location=location)), NOVEMBER, links=False)
    more = story.text("quality").removeprefix(without.text("quality")).strip()
    assert "\n" not in more
    assert more == (
        "References of these records to photos, videos and documents: 5; found unchanged in every copy: 3; missing: 1; "
        "changed: 1 (checked on [2020-12-03](#claim-evidence.month.checked), vintage 7 of the records)."
    )


def test_report_of_a_period_adds_its_months_up(tmp_path: Path) -> None:
    location = with_result(tmp_path, **{"2020-11": COUNTS, "2020-12": COUNTS, "2021-01": COUNTS})
    values = {one.id: one.value for one in evidence_claims(Period.parse("2020"), location=location)}
    assert values["evidence.year.references"] == 10
    assert values["evidence.year.missing"] == 2
    # The report that tells December too says of both: one id never means two numbers (METHOD M23).
    december = {one.id: one.value for one in evidence_claims(Month(2020, 12), location=location)}
    assert (december["evidence.month.references"], december.keys() & values.keys()) == (5, set())


def test_report_without_a_result_for_its_month_says_nothing(tmp_path: Path) -> None:
    assert evidence_claims(NOVEMBER, location=str(tmp_path / "records")) == []
    assert evidence_claims(NOVEMBER, location=with_result(tmp_path, **{"2020-10": COUNTS})) == []
    assert evidence_claims(NOVEMBER, location="s3://bucket/records") == []


@pytest.mark.parametrize("content", ["", "{}", '{"date": "2020-12-03", "vintage": 0, "months": {"2020-11": {}}}'])
def test_damaged_result_is_refused(content: str, tmp_path: Path) -> None:
    (tmp_path / "records.evidence.json").write_text(content)
    with pytest.raises(BadDocument, match="is damaged"):
        evidence_claims(NOVEMBER, location=str(tmp_path / "records"))
