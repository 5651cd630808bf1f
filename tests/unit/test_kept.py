"""What the gate found is used again where nothing it looks at has changed, and found anew where anything has."""

from pathlib import Path

import pytest

from analysis.month import Month
from analysis.places import EXPECTATIONS
from analysis.quality import kept
from analysis.quality.kept import asked_of, check_month
from analysis.toll.report_records import ReportRecords, read_report_records

NOVEMBER = Month(2020, 11)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TOLL_QUALITY", str(tmp_path / "quality"))
    return tmp_path / "quality"


@pytest.fixture
def no_checks(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the checks were run")

    monkeypatch.setattr(kept, "run_suites", refuse)


def test_findings_that_are_kept_are_those_that_were_found(
    november: ReportRecords, folder: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    found = check_month(november.window, NOVEMBER)
    assert len([*folder.glob("2020-11-*.json")]) == 1
    request.getfixturevalue("no_checks")
    assert check_month(november.window, NOVEMBER) == found
    monkeypatch.delenv("TOLL_QUALITY")
    with pytest.raises(AssertionError, match="the checks were run"):
        check_month(november.window, NOVEMBER)


def test_damaged_file_is_found_anew(november: ReportRecords, folder: Path) -> None:
    found = check_month(november.window, NOVEMBER)
    (file,) = folder.glob("*.json")
    file.write_text(file.read_text(encoding="utf-8")[:-30], encoding="utf-8")
    assert check_month(november.window, NOVEMBER) == found


def test_records_read_again_ask_for_the_same(november: ReportRecords, sample_table: str) -> None:
    again = read_report_records(NOVEMBER, location=sample_table)
    assert asked_of(again.window, NOVEMBER, "syria") == asked_of(november.window, NOVEMBER, "syria")


def test_one_changed_value_asks_for_another(november: ReportRecords) -> None:
    window, asked = november.window, set()
    for field, value in {"age": 17.0, "place": "Elsewhere", "torture": None, "record_id": "SY-other"}.items():
        changed = window.copy()
        changed.loc[changed.index[-1], field] = value
        asked.add(asked_of(changed, NOVEMBER, "syria"))
    asked |= {asked_of(window.iloc[:-1], NOVEMBER, "syria"), asked_of(window, NOVEMBER.shift(-1), "syria")}
    assert len(asked - {asked_of(window, NOVEMBER, "syria")}) == 6


@pytest.mark.parametrize("what", ["an expectation", "the program", "a package"])
def test_another_rule_asks_for_another(
    what: str, november: ReportRecords, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = asked_of(november.window, NOVEMBER, "syria")
    if what == "an expectation":
        for file in EXPECTATIONS.glob("*.json"):
            (tmp_path / file.name).write_text(file.read_text(encoding="utf-8").replace("critical", "warning", 1))
        monkeypatch.setattr(kept, "EXPECTATIONS", tmp_path)
    elif what == "the program":
        monkeypatch.setattr(kept, "source_digest", lambda: "another")
    else:
        monkeypatch.setattr(kept.metadata, "version", lambda name: f"{name} of tomorrow")
    assert asked_of(november.window, NOVEMBER, "syria") != before


def test_folder_that_cannot_be_written_keeps_nothing_and_hinders_nothing(
    november: ReportRecords, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("TOLL_QUALITY", str(tmp_path / "file" / "quality"))
    assert len(check_month(november.window, NOVEMBER)) > 25


def test_no_name_and_no_free_text_is_kept(folder: Path, november: ReportRecords) -> None:
    window = november.window.assign(name="Amal Northwind", description="found by a river", place="Southgate")
    check_month(window, NOVEMBER)
    (file,) = folder.glob("*.json")
    assert [words for words in ("Northwind", "river", "Southgate") if words in file.read_text(encoding="utf-8")] == []
