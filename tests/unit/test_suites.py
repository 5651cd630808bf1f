"""The suites' files, and what reading them refuses."""

import json
from pathlib import Path

import pytest
from invented_records import MONTH
from quality_builder import GOOD_SUITE, changed, write_suite

from analysis.errors import QualityGateFailed
from analysis.month import Month
from analysis.places import EXPECTATIONS
from analysis.quality.suites import named_parameters, read_suites, suite_parameters


def refusal(folder: Path) -> str:
    with pytest.raises(QualityGateFailed) as error:
        read_suites(MONTH, folder)
    return str(error.value)


def test_every_tracked_suite_loads_as_many_expectations_as_its_file_holds() -> None:
    suites = read_suites(MONTH)
    held = {
        file.stem: json.loads(file.read_text(encoding="utf-8"))["expectations"] for file in EXPECTATIONS.glob("*.json")
    }
    assert {suite.name: len(suite.checks) for suite in suites} == {name: len(all_of) for name, all_of in held.items()}
    assert {suite.name: len(suite.loaded.expectations) for suite in suites} == {n: len(held[n]) for n in held}


def test_there_are_more_expectations_than_the_twenty_five_asked_for() -> None:
    assert sum(len(suite.checks) for suite in read_suites(MONTH)) >= 25


def test_a_severity_reaches_great_expectations_as_the_file_says() -> None:
    for suite in read_suites(MONTH):
        loaded = {one.meta["id"]: one.severity.value for one in suite.loaded.expectations}
        assert loaded == {check.id: check.severity for check in suite.checks}


def test_no_tracked_suite_carries_an_id_of_great_expectations() -> None:
    documents = [json.loads(file.read_text(encoding="utf-8")) for file in EXPECTATIONS.glob("*.json")]
    assert not [document["name"] for document in documents if "id" in document]
    assert not [one["meta"]["id"] for document in documents for one in document["expectations"] if "id" in one]


def test_a_good_suite_is_read(tmp_path: Path) -> None:
    (suite,) = read_suites(MONTH, write_suite(tmp_path, GOOD_SUITE))
    assert (suite.name, suite.frame, [check.id for check in suite.checks]) == ("one", "records", ["one.party"])


def test_the_codes_of_a_list_are_given_to_the_suite_and_not_written_in_it() -> None:
    parties = suite_parameters(MONTH)["parties"]
    assert {"syrian_regime", "other"} <= set(parties)
    assert not [file for file in EXPECTATIONS.glob("*.json") if "opposition_sna" in file.read_text(encoding="utf-8")]


def test_the_month_is_a_parameter() -> None:
    assert suite_parameters(Month.parse("2021-02"))["month"] == ["2021-02"]


def test_parameters_are_found_at_any_depth() -> None:
    assert list(named_parameters({"a": [{"b": {"$PARAMETER": "month"}}], "c": {"$PARAMETER": "parties"}})) == [
        "month",
        "parties",
    ]


def test_a_misspelt_expectation_type_is_an_error(tmp_path: Path) -> None:
    message = refusal(write_suite(tmp_path, changed(type="expect_column_values_to_be_in_sett")))
    assert "one.json, one.party: expect_column_values_to_be_in_sett not found" in message


def test_a_misspelt_argument_is_an_error(tmp_path: Path) -> None:
    message = refusal(write_suite(tmp_path, changed(kwargs={"column": "party", "valueset": []})))
    assert "one.json, one.party: expect_column_values_to_be_in_set does not take it so" in message


def test_an_unknown_key_of_an_expectation_is_an_error(tmp_path: Path) -> None:
    assert "severty" in refusal(write_suite(tmp_path, changed(severty="info")))


@pytest.mark.parametrize("severity", ["fatal", "CRITICAL", None])
def test_an_unknown_severity_is_an_error(tmp_path: Path, severity: str | None) -> None:
    message = refusal(write_suite(tmp_path, changed(severity=severity)))
    assert f"its severity is {severity!r}, not one of critical, warning, info" in message


@pytest.mark.parametrize("key", ["id", "reason", "rule", "action", "fault"])
def test_missing_meta_is_an_error(tmp_path: Path, key: str) -> None:
    meta = {name: value for name, value in GOOD_SUITE["expectations"][0]["meta"].items() if name != key}
    assert f"no meta.{key}" in refusal(write_suite(tmp_path, changed(meta=meta)))


def test_an_unknown_parameter_is_an_error(tmp_path: Path) -> None:
    kwargs = {"column": "party", "value_set": {"$PARAMETER": "partys"}}
    assert "a parameter 'partys', which nobody gives" in refusal(write_suite(tmp_path, changed(kwargs=kwargs)))


def test_an_empty_suite_is_an_error(tmp_path: Path) -> None:
    assert "one.json holds no expectation" in refusal(write_suite(tmp_path, GOOD_SUITE | {"expectations": []}))


def test_a_folder_without_suites_is_an_error(tmp_path: Path) -> None:
    assert "there is none" in refusal(tmp_path)


def test_an_unreadable_file_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "one.json").write_text("{", encoding="utf-8")
    assert "one.json cannot be read" in refusal(tmp_path)


def test_a_suite_for_a_frame_that_does_not_exist_is_an_error(tmp_path: Path) -> None:
    assert "no meta.frame out of" in refusal(write_suite(tmp_path, GOOD_SUITE | {"meta": {"frame": "people"}}))


def test_an_id_used_in_two_suites_is_an_error(tmp_path: Path) -> None:
    write_suite(tmp_path, GOOD_SUITE)
    write_suite(tmp_path, GOOD_SUITE | {"name": "two"}, "two")
    assert "2 expectations have the meta.id 'one.party'" in refusal(tmp_path)


def test_the_problems_of_all_files_are_reported_at_once(tmp_path: Path) -> None:
    write_suite(tmp_path, changed(type="expect_nothing", severity="fatal"))
    write_suite(tmp_path, {"name": "two", "meta": {"frame": "records"}, "expectations": []}, "two")
    message = refusal(tmp_path)
    assert "expect_nothing not found" in message
    assert "'fatal'" in message
    assert "two.json holds no expectation" in message
