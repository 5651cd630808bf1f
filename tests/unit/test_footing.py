"""What a toll stands on: records read, fields filled by rule, checks run, parameters of the method."""

from invented_records import MONTH, records

from analysis.quality.gate import Finding
from analysis.toll.claims import Claim, digest
from analysis.toll.footing import allocated_claims, method_claims, quality_claims, record_claims


def by_id(claims: list[Claim]) -> dict[str, Claim]:
    return {claim.id: claim for claim in claims}


def values(claims: list[Claim]) -> dict[str, object]:
    return {claim.id: claim.value for claim in claims}


def test_the_way_from_records_read_to_records_counted_is_claimed_step_by_step() -> None:
    # METHOD M21: 6 - 1 - 1 - 1 - 1 - 1 = 1.
    frame = records(
        {},
        {"withdrawn": "The source took it back."},
        {"duplicate_of": "R-1"},
        {"status": "combatant"},
        {"status": "not_determined"},
        {"verification": "pending"},
    )
    assert values(record_claims(frame, MONTH)) == {
        "records.month.read": 6,
        "records.month.withdrawn": 1,
        "records.month.duplicates": 1,
        "records.month.fighters": 1,
        "records.month.status_not_determined": 1,
        "records.month.not_verified": 1,
        "records.month.counted": 1,
    }


def test_fields_filled_by_rule_are_counted_over_the_records_that_count() -> None:
    frame = records(
        {"allocated": "governorate|cause"},
        {"allocated": "governorate"},
        {"allocated": "governorate", "status": "combatant"},
        {"allocated": ""},
    )
    claims = by_id(allocated_claims(frame, MONTH))
    assert values(list(claims.values())) == {
        "records.month.allocated.cause": 1,
        "records.month.allocated.governorate": 2,
    }
    assert claims["records.month.allocated.governorate"].digest == digest(["R-1", "R-2"])


def test_where_no_rule_filled_anything_nothing_is_claimed() -> None:
    assert allocated_claims(records({}, {}), MONTH) == []
    assert allocated_claims(records({}).iloc[:0], MONTH) == []


def finding(check: str, status: str, tested: int, failing: int) -> Finding:
    known = {"id": check, "status": status, "tested": tested, "failing": failing}
    return Finding(**(dict.fromkeys(Finding.__dataclass_fields__, "") | known))  # type: ignore[arg-type]


def test_the_gate_s_checks_are_counted_by_result_and_a_check_that_tested_nothing_has_not_passed() -> None:
    # METHOD M22.
    found = values(
        quality_claims(
            [finding("a", "passed", 9, 0), finding("b", "failed", 9, 2), finding("c", "not_exercised", 0, 0)]
        )
    )
    assert found == {
        "quality.month.checks": 3,
        "quality.month.passed": 1,
        "quality.month.failed": 1,
        "quality.month.not_exercised": 1,
        "quality.month.check.a.tested": 9,
        "quality.month.check.a.failing": 0,
        "quality.month.check.b.tested": 9,
        "quality.month.check.b.failing": 2,
        "quality.month.check.c.tested": 0,
        "quality.month.check.c.failing": 0,
    }


def test_a_gate_that_was_not_run_has_no_checks() -> None:
    assert set(values(quality_claims([])).values()) == {0}


def test_the_method_s_parameters_are_claims() -> None:
    # METHOD M14, M16.
    claims = by_id(method_claims())
    assert claims["method.massacre_threshold"].value == 5
    assert claims["method.share_minimum_base"].value == 30
    assert {claim.basis for claim in claims.values()} == {"method"}
