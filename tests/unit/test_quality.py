"""What the gate finds in small months of invented records, and what it says."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from invented_records import MONTH, records, text_records, year_of_records
from quality_builder import changed, write_suite

from analysis.errors import QualityGateFailed
from analysis.quality.frames import quality_frames, quality_window
from analysis.quality.gate import Finding, gate, gravest_first, run_suites
from analysis.quality.suites import Suite, read_suites
from analysis.records.contract import parse_text
from analysis.records.table import read_months
from analysis.records.writing import write_records


@pytest.fixture(scope="module")
def suites() -> list[Suite]:
    return read_suites(MONTH)


def find(window: pd.DataFrame, suites: Sequence[Suite], *names: str) -> dict[str, Finding]:
    """The findings by id, of the suites named or of all."""
    chosen = [suite for suite in suites if not names or suite.name in names]
    return {finding.id: finding for finding in run_suites(quality_frames(window, MONTH), chosen)}


def refusal(window: pd.DataFrame, suites: Sequence[Suite], *names: str) -> str:
    with pytest.raises(QualityGateFailed) as error:
        gate(find(window, suites, *names).values())
    return str(error.value)


def test_a_month_of_good_records_passes(suites: list[Suite]) -> None:
    findings = find(year_of_records(), suites)
    gate(findings.values())
    assert {one.id for one in findings.values() if one.status == "failed"} == {"completeness.incident_id"}


def test_an_empty_frame_is_not_exercised_and_the_gate_refuses_it(suites: list[Suite]) -> None:
    empty = records({}).iloc[:0]
    findings = find(empty, suites)
    failed = [one.id for one in findings.values() if one.status == "failed"]
    assert failed == ["identity.records_exist"]
    assert {one.status for one in findings.values() if one.id not in failed} == {"not_exercised"}
    assert {one.tested for one in findings.values()} == {0}
    assert "identity.records_exist: The month has records" in refusal(empty, suites)


def test_a_month_without_records_is_refused_though_other_months_have_some(suites: list[Suite]) -> None:
    assert "there are 0 rows" in refusal(year_of_records((3, 3, 3, 0)), suites)


def test_tested_are_the_rows_that_meet_the_condition_and_are_not_blank(suites: list[Suite]) -> None:
    window = records({}, {"sex": ""}, {"status": "combatant"}, {"party": "other", "bucket": "landmines"})
    findings = find(window, suites)
    assert findings["codes.sex"].tested == 3  # of four, one is blank
    assert findings["status.no_fighters_counted"].tested == 3  # of four, one does not count
    assert findings["attribution.landmine_bucket"].tested == 1
    assert findings["torture.cause_has_flag"].status == "not_exercised"


def test_all_critical_problems_of_all_suites_are_in_one_message(suites: list[Suite]) -> None:
    window = records({"bucket": "landmines"}, {"age": "130"}, {"date_of_incident": "2020-11-15"})
    message = refusal(window, suites)
    assert "3 critical checks failed" in message
    for check in ("ages.plausible", "attribution.bucket_only_with_other", "dates.incident_before_death"):
        assert f"{check}:" in message
    assert "(records R-3)" in message
    assert "Correct the age" in message


def test_a_message_names_three_records_and_the_number(suites: list[Suite]) -> None:
    message = refusal(records(*[{"age": "130"}] * 5), suites, "ages")
    assert "5 of 5 rows fail (records R-1, R-2, R-3 and 2 more)" in message


def test_all_failing_records_are_in_the_finding(suites: list[Suite]) -> None:
    findings = find(records(*[{"age": "130"}] * 5), suites, "ages")
    assert findings["ages.plausible"].record_ids == ("R-1", "R-2", "R-3", "R-4", "R-5")


def test_an_unknown_code_is_named_with_its_list(suites: list[Suite]) -> None:
    message = refusal(records({}).assign(party="martian"), suites, "codes-of-killings")
    assert "1 of 1 row fails (martian)" in message
    assert "data/profiles/<country>/codelists/parties.csv" in message


def test_what_is_not_written_like_a_code_stays_unsaid(suites: list[Suite]) -> None:
    message = refusal(records({}).assign(party="Invented Person"), suites, "codes-of-killings")
    assert "Invented Person" not in message


def test_an_unknown_code_in_the_records_table_reaches_the_gate(tmp_path: Path, suites: list[Suite]) -> None:
    table = parse_text(text_records({}, {}))
    place = table.schema.get_field_index("sex")
    table = table.set_column(place, table.schema.field("sex"), [["martian", "male"]])
    write_records(str(tmp_path / "records"), table, source_file="invented.csv", sha256="0")
    findings = find(read_months(str(tmp_path / "records"), quality_window(MONTH)), suites, "codes-of-people")
    assert (findings["codes.sex"].status, findings["codes.sex"].record_ids) == ("failed", ("R-1",))


def test_people_without_a_name_are_never_duplicates(suites: list[Suite]) -> None:
    findings = find(records({"name": ""}, {"name": ""}, {"name": "  "}, {"name": "  "}), suites, "duplicates")
    assert {one.status for one in findings.values()} == {"not_exercised"}


def test_same_name_date_and_place_is_a_duplicate_whatever_the_letter_case(suites: list[Suite]) -> None:
    window = records({"name": "An Invented Person"}, {"name": "an  invented person "}, {"name": "Another"})
    assert find(window, suites, "duplicates")["duplicates.same_person"].record_ids == ("R-1", "R-2")


@pytest.mark.parametrize("change", [{"date_of_death": "2020-11-11"}, {"place": "elsewhere"}, {"name": "Another"}])
def test_another_name_date_or_place_is_no_duplicate(suites: list[Suite], change: dict[str, str]) -> None:
    same = {"name": "An invented person"}
    findings = find(records(same, same | change), suites, "duplicates")
    assert findings["duplicates.same_person"].status == "passed"


def test_a_record_that_does_not_count_is_no_duplicate(suites: list[Suite]) -> None:
    same = {"name": "An invented person"}
    findings = find(records(same, same | {"verification": "pending"}), suites, "duplicates")
    assert findings["duplicates.same_person"].status == "passed"


def test_somebody_counted_in_a_month_before_is_found(suites: list[Suite]) -> None:
    same = {"name": "An invented person", "date_of_death": "2020-09-10", "date_of_incident": "2020-09-09"}
    findings = find(records(same, same | {"date_documented": "2020-09-20"}), suites, "duplicates")
    assert findings["duplicates.documented_before"].record_ids == ("R-1",)


def test_no_name_and_no_free_text_is_in_any_finding(suites: list[Suite]) -> None:
    hidden = {
        "name": "Hidden Person",
        "aliases": "Hidden Alias",
        "description": "Hidden story",
        "place": "Hidden village",
    }
    wrong = {"age": "130", "bucket": "landmines", "date_of_incident": "2020-11-15", "latitude": "1", "longitude": "1"}
    findings = find(records(hidden | wrong, hidden | wrong), suites)
    said = json.dumps([asdict(finding) for finding in findings.values()]) + refusal(records(hidden | wrong), suites)
    assert "hidden" not in said.lower()


@pytest.mark.parametrize(
    ("precision", "status"), [("day", "failed"), ("month", "passed"), ("year", "passed"), ("unknown", "not_exercised")]
)
def test_dates_are_compared_as_exactly_as_they_are_known(suites: list[Suite], precision: str, status: str) -> None:
    # Killed on 9 November, died "on the first": wrong by the day, right by the month and the year (METHOD M5).
    window = records({"date_of_death": "2020-11-01", "date_of_death_precision": precision})
    assert find(window, suites, "dates")["dates.incident_before_death"].status == status


@pytest.mark.parametrize(
    ("date", "precision", "status"),
    [("2020-11-10", "day", "passed"), ("2020-11-10", "", "failed"), ("2020-11-10", "unknown", "failed"),
     ("", "", "passed"), ("", "unknown", "passed"), ("", "month", "failed")],
)  # fmt: skip
def test_a_date_has_a_precision_and_a_precision_a_date(
    suites: list[Suite], date: str, precision: str, status: str
) -> None:
    window = records({"date_of_death": date, "date_of_death_precision": precision})
    assert find(window, suites, "dates")["dates.precision_agrees"].status == status


def test_the_last_day_of_the_month_is_in_the_month(suites: list[Suite]) -> None:
    findings = find(records({"date_documented": "2020-11-30"}), suites, "identity")
    assert findings["identity.documented_in_month"].status == "passed"


@pytest.mark.parametrize(
    ("age", "group", "passes"),
    [("17.9", "child", True), ("18", "adult", True), ("17.9", "adult", False), ("0", "child", True)],
)
def test_under_eighteen_is_a_child(suites: list[Suite], age: str, group: str, passes: bool) -> None:
    findings = find(records({"age": age, "age_group": group}), suites, "ages")
    assert (findings["ages.group_of_age"].status == "passed") is passes


def test_a_girl_is_not_a_woman(suites: list[Suite]) -> None:
    window = records(
        {"sex": "female", "age": "15", "age_group": "adult"}, {"sex": "female", "age": "15", "age_group": "child"}, {}
    )
    finding = find(window, suites, "children-and-women")["women.not_children"]
    assert (finding.tested, finding.record_ids) == (2, ("R-1",))


def test_a_party_that_did_not_exist_yet_is_found(suites: list[Suite]) -> None:
    # Russian forces are in the list from 30 September 2015.
    dates = {"date_of_death": "2015-09-29", "date_of_incident": "2015-09-29", "party": "russia"}
    later = {"date_of_death": "2015-09-30", "date_of_incident": "2015-09-30", "party": "russia"}
    findings = find(records(dates, later), suites, "attribution")
    assert findings["attribution.party_in_force"].record_ids == ("R-1",)


def test_a_record_without_a_party_is_a_warning_and_stops_nothing(suites: list[Suite]) -> None:
    window = records({}, {"party": ""})
    finding = find(window, suites, "identity")["identity.party_given"]
    assert (finding.severity, finding.status, finding.record_ids) == ("warning", "failed", ("R-2",))
    gate(find(window, suites, "identity", "codes-of-killings", "attribution").values())


def test_the_codes_that_pass_are_those_of_the_country() -> None:
    window = records({"party": "miners", "governorate": "beni"}, profile="bolivia")
    for profile, failed in (("bolivia", set()), ("syria", {"codes.party", "codes.governorate"})):
        chosen = [one for one in read_suites(MONTH, profile=profile) if one.name == "codes-of-killings"]
        findings = run_suites(quality_frames(window, MONTH, profile=profile), chosen)
        assert {one.id for one in findings if one.status == "failed"} == failed


def test_a_party_is_in_force_by_the_list_of_the_country() -> None:
    # data/profiles: security forces since 10 October 1982, the Syrian regime since 1 March 2011.
    early = {"date_of_incident": "2010-05-05", "date_of_death": "2010-05-05"}
    for profile, party, in_force in (("bolivia", "security_forces", True), ("syria", "syrian_regime", False)):
        place = {"bolivia": "beni", "syria": "idlib"}[profile]
        window = records(early | {"party": party, "governorate": place}, profile=profile)
        frame = quality_frames(window, MONTH, profile=profile)["records"]
        assert [bool(one) for one in frame["party_in_force"]] == [in_force]


def test_a_massacre_of_two_parties_is_found_with_all_its_records(suites: list[Suite]) -> None:
    window = records(*[{"incident_id": "I-1"}] * 4, {"incident_id": "I-1", "party": "russia"})
    finding = find(window, suites, "incidents")["incidents.massacre_party"]
    assert (finding.tested, finding.record_ids) == (1, ("R-1", "R-2", "R-3", "R-4", "R-5"))


def test_an_incident_is_looked_at_over_the_months_before(suites: list[Suite]) -> None:
    earlier = {"incident_id": "I-1", "date_documented": "2020-10-20", "date_of_death": "2020-10-10"}
    window = records(*[earlier] * 4, {"incident_id": "I-1", "party": "russia"})
    assert find(window, suites, "incidents")["incidents.massacre_party"].status == "failed"


def test_an_incident_of_other_months_alone_is_not_looked_at(suites: list[Suite]) -> None:
    earlier = {"incident_id": "I-1", "date_documented": "2020-10-20"}
    window = records(earlier, earlier | {"party": "russia"}, {})
    assert find(window, suites, "incidents")["incidents.party"].status == "not_exercised"


@pytest.mark.parametrize(
    ("deaths", "status"),
    [
        ((4, 4, 4, 12), "passed"),
        ((4, 4, 4, 13), "failed"),
        ((6, 6, 6, 2), "passed"),
        ((7, 7, 7, 2), "failed"),
        ((4, 4, 40), "not_exercised"),
    ],
)
def test_a_month_far_from_the_median_is_a_warning(suites: list[Suite], deaths: tuple[int, ...], status: str) -> None:
    # 13 / 4 = 3.25 is above 3; 2 / 6 is a third, 2 / 7 is below it; two months before are too few.
    finding = find(year_of_records(deaths), suites, "volumes")["volumes.usual"]
    assert (finding.severity, finding.status) == ("warning", status)


@pytest.mark.parametrize(
    ("latitude", "longitude", "status"),
    # Damascus; Kobani, on the border and within the tolerance; Beirut; Damascus with its coordinates swapped.
    [
        ("33.51", "36.29", "passed"),
        ("36.89", "38.35", "passed"),
        ("33.89", "35.5", "failed"),
        ("36.29", "33.51", "failed"),
    ],
)
def test_coordinates_lie_in_the_country(suites: list[Suite], latitude: str, longitude: str, status: str) -> None:
    findings = find(records({"latitude": latitude, "longitude": longitude}), suites, "places")
    assert findings["places.inside_country"].status == status


def test_without_a_map_of_the_country_no_coordinates_are_judged() -> None:
    window = records({"party": "miners", "governorate": "beni", "latitude": "0", "longitude": "0"}, profile="bolivia")
    frames = quality_frames(window, MONTH, profile="bolivia")
    chosen = [one for one in read_suites(MONTH, profile="bolivia") if one.name == "places"]
    findings = {one.id: one.status for one in run_suites(frames, chosen)}
    assert findings == {"places.coordinates_whole": "passed", "places.inside_country": "not_exercised"}


def test_a_check_that_cannot_be_carried_out_is_a_critical_failure(tmp_path: Path) -> None:
    kwargs = {"column": "no_such_column", "value_set": [1]}
    suite = read_suites(MONTH, write_suite(tmp_path, changed(kwargs=kwargs, severity="info")))
    (finding,) = find(records({}), suite).values()
    assert (finding.severity, finding.status, finding.tested) == ("critical", "failed", 0)
    assert "there is no column no_such_column" in refusal(records({}), suite)


@pytest.mark.parametrize(("highest", "status"), [(40, "passed"), (20, "failed")])
def test_a_check_of_a_whole_column_says_how_many_rows_it_tested(tmp_path: Path, highest: int, status: str) -> None:
    condition = {"type": "comparison", "column": {"name": "sex"}, "operator": "==", "parameter": "male"}
    kwargs: dict[str, Any] = {"column": "age", "max_value": highest, "row_condition": condition}
    document = changed(type="expect_column_max_to_be_between", kwargs=kwargs)
    suite = read_suites(MONTH, write_suite(tmp_path, document))
    (finding,) = find(records({}, {"age": ""}, {"sex": "female", "age": "50"}), suite).values()
    assert (finding.tested, finding.status) == (1, status)
    (empty,) = find(records({"age": "", "age_group": ""}), suite).values()
    assert (empty.tested, empty.status) == (0, "not_exercised")


def test_findings_are_the_same_on_two_runs_and_whatever_the_order_of_rows(suites: list[Suite]) -> None:
    window = records({"age": "130"}, {"bucket": "landmines"}, {"name": "Twice"}, {"name": "Twice"})
    first = run_suites(quality_frames(window, MONTH), suites)
    assert run_suites(quality_frames(window, MONTH), suites) == first
    assert run_suites(quality_frames(window.iloc[::-1], MONTH), suites) == first


def test_the_records_are_not_changed(suites: list[Suite]) -> None:
    window = year_of_records()
    before = window.copy(deep=True)
    find(window, suites)
    pd.testing.assert_frame_equal(window, before)


def test_the_gravest_findings_come_first_and_what_was_not_exercised_before_what_passed(suites: list[Suite]) -> None:
    findings = find(records({"age": "130"}, {"sex": ""}), suites).values()
    ordered = gravest_first(findings)
    order = ["failed critical", "failed warning", "failed info", "not_exercised", "passed"]
    ranks = [order.index(f"failed {one.severity}" if one.status == "failed" else one.status) for one in ordered]
    assert ranks == sorted(ranks)
    assert set(ranks) == {0, 1, 2, 3, 4}
    assert len(ordered) == len(findings)
