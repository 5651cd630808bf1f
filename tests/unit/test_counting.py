"""Counting: who is behind a number, and which incident is a massacre of which month."""

import hashlib

import narwhals as nw
import pandas as pd
import pytest
from invented_records import claims_of, records

from analysis.errors import TotalsDisagree
from analysis.records.counted import counted
from analysis.toll.claims import Claim
from analysis.toll.counting import Definition, count, mark_massacres, require_sum
from analysis.toll.definitions import CHILD, EVERYONE

ALL = Definition("all", "M1", "everyone", EVERYONE)
CHILDREN = Definition("children", "M2", "children", CHILD)
INCIDENTS = Definition("incidents", "M14", "incidents", ~nw.col("incident_id").is_null(), "incidents")


def dead(number: int, day: str = "2020-11-20", incident: str = "I-1", **changes: str) -> list[dict[str, str]]:
    """So many people killed in one incident and documented on one day."""
    return [{"incident_id": incident, "date_documented": day} | changes] * number


def massacres(*people: dict[str, str]) -> dict[str, str]:
    """Massacre month by record, of the records that count."""
    marked = mark_massacres(counted(records(*people)))
    return marked.dropna(subset="massacre_month").set_index("record_id")["massacre_month"].to_dict()


def test_a_claim_counts_its_records_and_names_them_by_their_digest() -> None:
    claim = claims_of(records({"age_group": "child"}, {}, {"age_group": "child"}), [CHILDREN])["children"]
    assert (claim.value, claim.records, claim.unit, claim.basis) == (2, 2, "people", "records")
    assert claim.digest == hashlib.sha256(b"R-1\nR-3").hexdigest()


def test_a_blank_field_holds_for_no_condition() -> None:
    assert claims_of(records({"age_group": ""}, {"age_group": "child"}), [CHILDREN])["children"].value == 1


def test_nobody_is_counted_where_there_is_nobody() -> None:
    found = claims_of(records({}).iloc[:0], [ALL, CHILDREN, INCIDENTS])
    assert [claim.value for claim in found.values()] == [0, 0, 0]
    assert found["all"].digest == hashlib.sha256(b"").hexdigest()


def test_incidents_are_counted_once_and_their_people_are_the_records() -> None:
    found = claims_of(records(*dead(3), *dead(2, incident="I-2"), {}), [INCIDENTS])["incidents"]
    assert (found.value, found.records, found.unit) == (2, 5, "incidents")


def test_claims_stand_in_the_order_of_their_definitions() -> None:
    assert list(claims_of(records({}), [CHILDREN, ALL])) == ["children", "all"]


def test_definitions_combine_their_ids_rules_words_and_conditions() -> None:
    both = ALL & CHILDREN
    assert (both.id, both.rule, both.words, both.unit) == ("all.children", "M1 M2", "everyone; children", "people")
    assert (CHILDREN & CHILDREN).rule == "M2"
    assert claims_of(records({}, {"age_group": "child"}), [both])["all.children"].value == 1


def test_a_dimension_keeps_the_unit_and_a_part_sets_its_own() -> None:
    same = Definition("d", "M8", "d", EVERYONE, "same")
    assert (INCIDENTS & same).unit == "incidents"
    assert (INCIDENTS & CHILDREN).unit == "people"


def test_the_same_person_under_two_ids_counts_twice_because_nobody_here_decides_who_is_the_same() -> None:
    # The quality gate stops on duplicates; the count never drops a record by itself.
    twin = {"name": "Invented Twin"}
    assert claims_of(records(twin, twin), [ALL])["all"].value == 2


def test_five_dead_in_one_incident_are_a_massacre() -> None:
    # METHOD M14.
    assert massacres(*dead(5)) == dict.fromkeys(["R-1", "R-2", "R-3", "R-4", "R-5"], "2020-11")


def test_four_dead_are_no_massacre() -> None:
    assert massacres(*dead(4), *dead(4, incident="I-2")) == {}


def test_people_without_an_incident_are_no_massacre() -> None:
    assert massacres(*[{}] * 6) == {}


def test_the_fifth_documented_a_month_later_makes_the_massacre_of_that_month_with_all_five_dead() -> None:
    found = massacres(*dead(4, "2020-10-31"), *dead(1, "2020-11-01"))
    assert found == dict.fromkeys(["R-1", "R-2", "R-3", "R-4", "R-5"], "2020-11")


def test_a_sixth_documented_later_belongs_to_the_massacre_and_moves_it_to_no_other_month() -> None:
    found = massacres(*dead(5, "2020-10-31"), *dead(1, "2020-11-01"))
    assert found == dict.fromkeys([f"R-{nth}" for nth in range(1, 7)], "2020-10")


def test_the_order_of_the_records_does_not_decide_the_month() -> None:
    found = massacres(*dead(1, "2020-11-01"), *dead(4, "2020-10-31"))
    assert set(found.values()) == {"2020-11"}


@pytest.mark.parametrize("fifth", [{"status": "combatant"}, {"status": "not_determined"}, {"verification": "pending"}])
def test_fighters_and_the_unverified_do_not_count_towards_the_threshold(fifth: dict[str, str]) -> None:
    assert massacres(*dead(4), *dead(1, **fifth)) == {}
    assert len(massacres(*dead(5), *dead(1, **fifth))) == 5


def test_marking_massacres_keeps_every_record_once_and_leaves_those_given_untouched() -> None:
    people = counted(records(*dead(5), {}, *dead(2, incident="I-2")))
    before = people.copy(deep=True)
    marked = mark_massacres(people)
    assert list(marked["record_id"]) == list(people["record_id"])
    assert marked["massacre_month"].notna().sum() == 5
    pd.testing.assert_frame_equal(people, before)


def test_counting_leaves_the_records_untouched() -> None:
    marked = mark_massacres(counted(records({}, {"age_group": "child"})))
    before = marked.copy(deep=True)
    count(marked, [ALL, CHILDREN])
    pd.testing.assert_frame_equal(marked, before)


def parts(*values: int) -> list[Claim]:
    return [Claim(f"toll.part.{nth}", value, "people", "M1", "") for nth, value in enumerate(values)]


def test_a_breakdown_that_adds_up_passes() -> None:
    require_sum(Claim("toll", 5, "people", "M1", ""), parts(2, 0, 3))
    require_sum(Claim("toll", 0, "people", "M1", ""), [])


@pytest.mark.parametrize("values", [(2, 2), (2, 4), ()])
def test_a_breakdown_that_does_not_add_up_is_refused_with_both_numbers(values: tuple[int, ...]) -> None:
    with pytest.raises(TotalsDisagree, match=rf"add up to {sum(values)}, the toll toll is 5"):
        require_sum(Claim("toll", 5, "people", "M1", ""), parts(*values))
