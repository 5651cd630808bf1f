"""Which records count, and how the others are accounted for."""

import pandas as pd
import pytest
from invented_records import month_records, records

from analysis.errors import TotalsDisagree
from analysis.records.counted import counted, exclusions
from analysis.toll.footing import record_claims


def steps(frame: pd.DataFrame) -> dict[str, int]:
    return {step: len(ids) for step, ids in exclusions(frame).items()}


def test_only_verified_civilians_count() -> None:
    # METHOD M1, M3.
    frame = records(
        {},
        {"status": "combatant"},
        {"status": "not_determined"},
        {"verification": "submitted"},
        {"verification": "pending"},
        {"status": "combatant", "verification": "pending"},
        {"withdrawn": "The source took it back."},
        {"duplicate_of": "R-1"},
    )
    assert list(counted(frame)["record_id"]) == ["R-1"]


def test_exclusions_add_up_by_reason() -> None:
    # One fighter who is also unverified is excluded once, as a fighter; what is withdrawn or a duplicate is excluded
    # as that first: 12 - 3 - 2 - 2 - 1 - 2 = 2.
    frame = records(
        {},
        {},
        {"status": "combatant"},
        {"status": "combatant", "verification": "pending"},
        {"status": "not_determined"},
        {"verification": "pending"},
        {"verification": "submitted"},
        {"withdrawn": "The source took it back."},
        {"withdrawn": "The source took it back.", "status": "combatant"},
        {"withdrawn": "The source took it back.", "duplicate_of": "R-1"},
        {"duplicate_of": "R-1"},
        {"duplicate_of": "R-1", "verification": "pending"},
    )
    found = steps(frame)
    assert list(found) == [
        "read", "withdrawn", "duplicates", "fighters", "status_not_determined", "not_verified", "counted"
    ]  # fmt: skip
    assert found == {
        "read": 12,
        "withdrawn": 3,
        "duplicates": 2,
        "fighters": 2,
        "status_not_determined": 1,
        "not_verified": 2,
        "counted": 2,
    }


def test_collateral_damage_counts() -> None:
    # METHOD M1: a qualification of its own, which does not change the count.
    assert len(counted(records({"legal_qualification": "collateral"}))) == 1


def test_no_records_are_no_exclusions() -> None:
    nobody = records({}).iloc[:0]
    assert set(steps(nobody).values()) == {0}
    assert counted(nobody).empty


@pytest.mark.parametrize("status", [None, "martian"])
def test_a_record_without_a_known_status_stops_the_month(status: str | None) -> None:
    frame = records({}, {}).assign(status=["civilian", status])
    with pytest.raises(TotalsDisagree, match="2 records were read, 0 excluded by reason and 1 counted"):
        exclusions(frame)


def test_a_record_without_a_known_verification_is_excluded_by_name() -> None:
    frame = records({}, {}, {}).assign(verification=["verified", None, "martian"])
    assert steps(frame)["not_verified"] == 2


def test_codes_of_counted_records_are_plain_text() -> None:
    frame = records({}).assign(party=pd.Categorical(["isis"], categories=["syrian_regime", "isis"]))
    assert counted(frame)["party"].dtype != "category"
    assert list(counted(frame)["party"]) == ["isis"]


def test_counting_leaves_the_records_untouched() -> None:
    frame = records({}, {"status": "combatant"})
    before = frame.copy(deep=True)
    counted(frame)
    exclusions(frame)
    pd.testing.assert_frame_equal(frame, before)


def test_only_the_month_s_own_records_are_in_its_account() -> None:
    window = month_records(records({}, {"date_documented": "2020-10-31"}, {"status": "combatant"}))
    claims = {claim.id: claim.value for claim in record_claims(window.reported, window.month)}
    assert claims["records.month.read"] == 2
    assert claims["records.month.counted"] == 1
