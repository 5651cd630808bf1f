"""The proof that each expectation, and the gate, catch the fault they are there for."""

from pathlib import Path

import pandas as pd
import pytest
from invented_country import BOLIVIA, year_of_bolivia
from invented_records import MONTH, records, year_of_records
from quality_builder import changed, write_suite

from analysis.codelists import read_codelist
from analysis.errors import QualityGateFailed
from analysis.quality.faults import Proof, plant, prove
from analysis.quality.frames import plain
from analysis.quality.suites import read_suites


@pytest.fixture(scope="module")
def proofs() -> list[Proof]:
    return prove(year_of_records(), MONTH, read_suites(MONTH))


def test_every_planted_fault_is_caught_by_its_expectation_and_by_no_other(proofs: list[Proof]) -> None:
    assert not [str(proof) for proof in proofs if not proof.holds]


def test_there_is_one_proof_for_each_expectation(proofs: list[Proof]) -> None:
    assert [proof.id for proof in proofs] == [check.id for suite in read_suites(MONTH) for check in suite.checks]


def test_the_gate_stops_a_month_for_critical_faults_only(proofs: list[Proof]) -> None:
    assert {(proof.severity == "critical", proof.stopped) for proof in proofs} == {(True, True), (False, False)}


def test_a_check_that_the_month_does_not_exercise_is_proved_too() -> None:
    suites = [suite for suite in read_suites(MONTH) if suite.name in {"volumes", "incidents", "torture"}]
    assert all(proof.holds for proof in prove(records({}), MONTH, suites))


def test_a_check_that_the_month_fails_by_itself_is_proved_too() -> None:
    suites = [suite for suite in read_suites(MONTH) if suite.name in {"ages", "places"}]
    window = records({"age": "130"}, {"latitude": "1", "longitude": "1"})
    assert all(proof.holds for proof in prove(window, MONTH, suites))


def test_faults_are_planted_in_the_codes_of_the_country() -> None:
    planted = plant(plain(year_of_bolivia().window), MONTH, {"set": {}}, profile=BOLIVIA).iloc[-1]
    assert planted["party"] in read_codelist("parties", BOLIVIA).codes
    assert planted["governorate"] in read_codelist("governorates", BOLIVIA).codes


def test_the_faults_of_another_country_are_proved_too_but_for_the_border_that_it_has_no_map_of() -> None:
    names = {"attribution", "codes-of-killings", "places"}
    suites = [suite for suite in read_suites(MONTH, profile=BOLIVIA) if suite.name in names]
    assert {suite.name for suite in suites} == names
    proofs = prove(year_of_bolivia().window, MONTH, suites, profile=BOLIVIA)
    (unproved,) = [proof for proof in proofs if not proof.holds]
    assert (unproved.id, unproved.not_provable) == ("places.inside_country", "no map in the profile bolivia")
    assert str(unproved).startswith("not provable  places.inside_country (warning): ")
    assert str(unproved).endswith(": no map in the profile bolivia")


def test_a_fault_that_nothing_catches_does_not_hold(tmp_path: Path) -> None:
    meta = {"id": "one.party", "reason": "A.", "rule": "M9", "action": "B.", "fault": {"set": {"sex": "female"}}}
    (proof,) = prove(records({}), MONTH, read_suites(MONTH, write_suite(tmp_path, changed(meta=meta))))
    assert (proof.caught, proof.holds) == (False, False)
    assert str(proof) == "FAILS  one.party (critical): 1 x sex = female: caught by nothing; the month goes on"


def test_a_fault_with_an_unknown_parameter_is_refused(tmp_path: Path) -> None:
    fault = {"set": {"party": {"$PARAMETER": "partie"}}}
    meta = {"id": "one.party", "reason": "A.", "rule": "M9", "action": "B.", "fault": fault}
    suites = read_suites(MONTH, write_suite(tmp_path, changed(meta=meta)))
    with pytest.raises(QualityGateFailed, match="'partie', which nobody gives"):
        prove(records({}), MONTH, suites)


def test_a_fault_is_planted_in_a_copy() -> None:
    window = year_of_records()
    before = window.copy(deep=True)
    planted = plant(plain(window), MONTH, {"set": {"party": "martian"}, "month": {"sex": None}})
    pd.testing.assert_frame_equal(window, before)
    assert len(planted) == len(window) + 1
    assert planted.loc[planted["month"] == "2020-11", "sex"].isna().all()
    assert planted.loc[planted["month"] != "2020-11", "sex"].notna().all()


def test_the_proofs_of_two_runs_are_the_same() -> None:
    suites = [suite for suite in read_suites(MONTH) if suite.name == "ages"]
    assert prove(year_of_records(), MONTH, suites) == prove(year_of_records(), MONTH, suites)
