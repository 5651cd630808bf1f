"""What the monthly report counts: children, women, parties, places and dates, on small months of invented people."""

from collections.abc import Sequence

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from invented_records import MONTH, claims_of, records

from analysis.codelists import NOT_RECORDED, read_codelist
from analysis.month import Month
from analysis.records.contract import coded_fields
from analysis.records.counted import exclusions
from analysis.toll.counting import Definition, mark_massacres, require_sum
from analysis.toll.definitions import massacres_of, monthly


def values(window: pd.DataFrame, *starts: str, month: Month = MONTH, held: Sequence[Month] = ()) -> dict[str, int]:
    """The counts of the report whose ids begin so, without those that are zero."""
    chosen = [one for one in monthly(month, held=held) if one.id.startswith(starts)]
    return {claim.id: int(claim.value) for claim in claims_of(window, chosen).values() if claim.value}


def ends(window: pd.DataFrame, stem: str) -> dict[str, int]:
    """The same for one breakdown, by what follows its stem."""
    return {claim.removeprefix(f"{stem}."): value for claim, value in values(window, f"{stem}.").items()}


PEOPLE = [
    {"sex": "female", "age_group": "child"},
    {"sex": "male", "age_group": "child"},
    {"sex": "", "age_group": "child"},
    {"sex": "female", "age_group": "adult"},
    {"sex": "male", "age_group": "adult"},
    {"sex": "", "age_group": "adult"},
    {"sex": "female", "age_group": ""},
    {"sex": "male", "age_group": "unknown"},
    {"sex": "", "age_group": ""},
]


def test_a_girl_is_a_child_and_no_woman_and_a_woman_is_adult() -> None:
    # METHOD M2: three children; of the three of female sex only the adult is a woman.
    people = values(records(*PEOPLE), "civilians.month.children", "civilians.month.women")
    assert people == {"civilians.month.children": 3, "civilians.month.women": 1}


def test_nobody_becomes_a_man_by_subtraction() -> None:
    # One man, one adult of no recorded sex; three of whom neither child nor adult is recorded.
    assert ends(records(*PEOPLE), "civilians.month.age_sex") == {
        "children": 3,
        "women": 1,
        "men": 1,
        "adults": 1,
        NOT_RECORDED: 3,
    }


def test_the_month_has_its_first_and_last_day_and_no_other() -> None:
    days = ["2020-10-31", "2020-11-01", "2020-11-30", "2020-12-01"]
    window = records(*[{"date_documented": day} for day in days])
    assert values(window, "civilians.month", "civilians.ytd")["civilians.month"] == 2


def test_the_year_so_far_begins_in_january_and_ends_with_the_month() -> None:
    days = ["2019-12-31", "2020-01-01", "2020-02-29", "2020-11-30", "2020-12-01"]
    found = ends(records(*[{"date_documented": day} for day in days]), "civilians.ytd.month")
    assert found == {"2020-01": 1, "2020-02": 1, "2020-11": 1}


def test_in_january_the_year_so_far_is_the_month() -> None:
    window = records({"date_documented": "2019-12-31"}, {"date_documented": "2020-01-31"})
    found = values(window, "civilians.month", "civilians.ytd", month=Month.parse("2020-01"))
    assert found["civilians.month"] == found["civilians.ytd"] == 1


def test_a_blank_place_is_not_recorded_and_an_unknown_place_is_unknown() -> None:
    # METHOD M20.
    window = records({"governorate": "idlib"}, {"governorate": ""}, {"governorate": ""}, {"governorate": "unknown"})
    assert ends(window, "civilians.month.governorate") == {"idlib": 1, NOT_RECORDED: 2, "unknown": 1}


def test_a_kind_of_other_parties_that_is_blank_is_not_recorded() -> None:
    window = records(
        {"party": "other", "bucket": "landmines"}, {"party": "other", "bucket": ""}, {"party": "isis", "bucket": ""}
    )
    assert ends(window, "civilians.month.other") == {"landmines": 1, NOT_RECORDED: 1}


def test_a_bucket_counts_only_with_other_parties() -> None:
    assert ends(records({"party": "isis", "bucket": "landmines"}), "civilians.month.other") == {}


def test_landmines_are_a_total_by_cause_over_all_parties() -> None:
    # METHOD M12.
    window = records(
        {"party": "other", "bucket": "landmines", "cause": "landmine"},
        {"party": "isis", "cause": "landmine", "age_group": "child"},
    )
    assert values(window, "landmines.month") == {"landmines.month": 2, "landmines.month.children": 1}


def test_torture_is_inside_the_toll() -> None:
    # METHOD M13.
    found = values(records({"torture": "true"}, {}), "civilians.month.party", "torture.month.party")
    assert found == {"civilians.month.party.syrian_regime": 2, "torture.month.party.syrian_regime": 1}


def test_occupations_followed_are_counted_and_zero_is_a_claim() -> None:
    # METHOD M15.
    chosen = [one for one in monthly(MONTH) if one.id in ("medical.month", "media.month", "civil_defense.month")]
    found = claims_of(records({"occupation": "media"}, {"occupation": "another"}, {"occupation": ""}), chosen)
    assert {claim.id: claim.value for claim in found.values()} == {
        "medical.month": 0,
        "media.month": 1,
        "civil_defense.month": 0,
    }


def test_parties_are_those_in_force_in_the_month() -> None:
    def parties(month: str) -> list[str]:
        stem = "civilians.month.party."
        found = [one.id.removeprefix(stem) for one in monthly(Month.parse(month)) if one.id.startswith(stem)]
        return [each for each in found if "." not in each]

    assert parties("2020-11") == [*read_codelist("parties").codes, NOT_RECORDED]
    # METHOD M9; the list of Syria: the regime ended in December 2024, two others in January 2025.
    assert parties("2025-02") == ["russia", "isis", "sdf", "coalition", "other", NOT_RECORDED]


def test_the_year_so_far_has_the_parties_that_were_in_force_in_one_of_its_months() -> None:
    window = records(
        {"date_documented": "2025-01-10", "party": "hts"}, {"date_documented": "2025-02-10", "party": "other"}
    )
    found = values(window, "civilians.ytd.party", "civilians.month.party", month=Month.parse("2025-02"))
    assert found == {
        "civilians.ytd.party.hts": 1,
        "civilians.ytd.party.other": 1,
        "civilians.month.party.other": 1,
    }


@pytest.mark.parametrize(
    ("death", "precision", "earlier"),
    [
        ("2020-10-31", "day", True),
        ("2020-11-01", "day", False),
        ("2020-11-30", "day", False),
        ("2020-10-01", "month", True),
        ("2020-11-01", "month", False),
        ("2020-01-01", "year", False),
        ("2019-01-01", "year", True),
        ("2012-02-29", "day", True),
        ("", "unknown", False),
        ("", "", False),
    ],
)
def test_who_died_before_the_month_is_told_only_where_the_precision_allows(
    death: str, precision: str, earlier: bool
) -> None:
    # METHOD M5: a date of which only the year is known is before the month only if the year is.
    window = records({"date_of_death": death, "date_of_death_precision": precision})
    found = values(window, "civilians.month.died_earlier", "civilians.month.death_recorded")
    assert ("civilians.month.died_earlier" in found) is earlier
    assert ("civilians.month.death_recorded" in found) is (death != "")


def test_earlier_months_are_claimed_only_where_the_table_holds_them() -> None:
    window = records({}, {"date_documented": "2020-10-02"}, {"date_documented": "2019-11-02", "age_group": "child"})
    names = ("civilians.previous_month", "civilians.month_last_year")
    held = [MONTH, MONTH.shift(-1), MONTH.shift(-12)]
    assert values(window, *names, held=held) == {
        "civilians.previous_month": 1,
        "civilians.month_last_year": 1,
        "civilians.month_last_year.children": 1,
    }
    assert not [one for one in monthly(MONTH, held=[MONTH]) if one.id.startswith(names)]


def massacre(number: int, incident: str, **changes: str) -> list[dict[str, str]]:
    return [{"incident_id": incident} | changes] * number


def test_massacres_are_counted_with_their_dead_by_party_and_kind() -> None:
    window = records(
        *massacre(5, "I-1", party="other", bucket="landmines"),
        *massacre(6, "I-2", party="russia", age_group="child"),
        *massacre(4, "I-3"),
    )
    found = values(window, "massacres.month")
    assert found == {
        "massacres.month": 2,
        "massacres.month.deaths": 11,
        "massacres.month.children": 6,
        "massacres.month.party.russia": 1,
        "massacres.month.party.russia.deaths": 6,
        "massacres.month.party.russia.children": 6,
        "massacres.month.party.other": 1,
        "massacres.month.party.other.deaths": 5,
        "massacres.month.other.landmines": 1,
        "massacres.month.other.landmines.deaths": 5,
    }


def test_the_dead_of_a_massacre_include_those_documented_before_its_month() -> None:
    window = records(*massacre(4, "I-1", date_documented="2020-10-31"), *massacre(1, "I-1"))
    found = values(window, "massacres.month.deaths", "massacres.ytd.deaths", "civilians.month.children")
    assert found == {"massacres.month.deaths": 5, "massacres.ytd.deaths": 5}


def test_a_massacre_of_an_earlier_month_is_in_the_year_and_not_in_the_month() -> None:
    window = records(*massacre(5, "I-1", date_documented="2020-10-31"), *massacre(1, "I-1"))
    found = values(window, "massacres.month", "massacres.ytd.deaths")
    assert found == {"massacres.ytd.deaths": 6}


def test_each_massacre_of_the_month_has_claims_of_its_own() -> None:
    window = records(*massacre(5, "I-1", age_group="child"), *massacre(5, "I-0", date_documented="2020-10-01"))
    found = claims_of(window, massacres_of(mark_massacres(window), MONTH))
    assert {claim.id: claim.value for claim in found.values()} == {
        "massacres.month.incident.I-1.deaths": 5,
        "massacres.month.incident.I-1.children": 5,
        "massacres.month.incident.I-1.women": 0,
    }


def test_every_count_has_an_id_of_the_grammar_a_rule_and_words() -> None:
    definitions = monthly(MONTH, held=[MONTH, MONTH.shift(-1), MONTH.shift(-12)])
    ids = [one.id for one in definitions]
    assert len(set(ids)) == len(ids)
    periods = {"month", "ytd", "previous_month", "month_last_year"}
    assert {one.id.split(".")[1] for one in definitions} == periods
    assert not [one.id for one in definitions if not one.words or not one.rule or "{" in one.words]
    assert {one.unit for one in definitions} == {"people", "incidents"}


RECORDED_OR_NOT = {
    field: ["", *read_codelist(codes).codes]
    for field, codes in coded_fields().items()
    if field in ("sex", "age_group", "governorate", "bucket")
}
PERSON = st.fixed_dictionaries(
    {field: st.sampled_from(codes) for field, codes in RECORDED_OR_NOT.items()}
    | {
        "status": st.sampled_from(["civilian", "civilian", *read_codelist("statuses").codes]),
        "verification": st.sampled_from(["verified", "verified", *read_codelist("verifications").codes]),
        "date_documented": st.sampled_from(["2019-12-31", "2020-02-29", "2020-10-31", "2020-11-01", "2020-11-30"]),
        "party": st.sampled_from(["", *read_codelist("parties").codes]),
        "torture": st.sampled_from(["true", "false"]),
    }
)
STEMS = {
    "civilians.month": ("party", "governorate", "age_sex"),
    "civilians.month.party.other": ("other",),
    "civilians.ytd": ("party", "governorate", "month"),
    "torture.month": ("party",),
    "torture.ytd": ("party", "month"),
}


def breakdowns() -> dict[str, list[Definition]]:
    """The breakdowns of the report, each under its toll, without the parts of its codes."""
    definitions = {one.id: one for one in monthly(MONTH)}
    stems = [(toll, f"{toll.removesuffix('.party.other')}.{each}") for toll, names in STEMS.items() for each in names]
    return {
        stem: [definitions[toll], *(one for name, one in definitions.items() if name.rpartition(".")[0] == stem)]
        for toll, stem in stems
    }


@settings(max_examples=15, deadline=None, derandomize=True)
@given(st.lists(PERSON, max_size=14))
def test_every_breakdown_adds_up_to_its_toll_and_every_record_read_is_counted_or_excluded(
    people: list[dict[str, str]],
) -> None:
    # METHOD M21. The first two make sure that there is something to read; neither counts.
    window = records({"status": "combatant"}, {"verification": "pending"}, *people)
    grouped = breakdowns()
    assert all(len(each) > 2 for each in grouped.values())
    claims = claims_of(window, list({one.id: one for each in grouped.values() for one in each}.values()))
    for toll, *codes in grouped.values():
        require_sum(claims[toll.id], [claims[each.id] for each in codes])
    steps = {step: len(ids) for step, ids in exclusions(window).items()}
    assert steps["read"] == len(people) + 2 == sum(steps.values()) - steps["read"]
    verified = [one for one in people if (one["status"], one["verification"]) == ("civilian", "verified")]
    assert steps["counted"] == len(verified)
    assert claims["civilians.month"].value == sum(one["date_documented"].startswith("2020-11") for one in verified)
    assert claims["civilians.ytd"].value == sum(one["date_documented"].startswith("2020") for one in verified)
