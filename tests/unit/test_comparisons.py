"""Shares, ranks, changes and superlatives, on hand-made claims."""

import pytest

from analysis.month import Month
from analysis.toll.claims import Claim, Ledger
from analysis.toll.comparisons import among_months, breakdown, change, monthly_comparisons, ranks, share
from analysis.toll.definitions import Vocabulary

WORDS = Vocabulary("en")


def claim(claim_id: str, value: int) -> Claim:
    return Claim(claim_id, value, "people", "M1", "invented")


def places(**deaths: int) -> list[Claim]:
    return [claim(f"civilians.month.governorate.{code}", number) for code, number in deaths.items()]


def found(claims: list[Claim]) -> dict[str, object]:
    return {one.id.rpartition("governorate.")[2]: one.value for one in claims}


def test_a_share_is_in_percent_to_two_decimals_and_names_its_base() -> None:
    # METHOD M16; 46 of 172 is 26.744...
    (made,) = share(claim("civilians.month.governorate.deir_ez_zor", 46), claim("civilians.month", 172), WORDS)
    assert (made.id, made.value, made.unit) == ("civilians.month.governorate.deir_ez_zor.share", 26.74, "percent")
    assert made.of == ("civilians.month.governorate.deir_ez_zor", "civilians.month")
    assert "civilians.month" in made.where


@pytest.mark.parametrize(("base", "made"), [(0, 0), (1, 0), (29, 0), (30, 1), (31, 1)])
def test_below_a_base_of_thirty_no_share_is_made(base: int, made: int) -> None:
    assert len(share(claim("part", min(base, 1)), claim("whole", base), WORDS)) == made


def test_nothing_has_no_share() -> None:
    assert share(claim("part", 0), claim("whole", 100), WORDS) == []


def test_ranks_go_from_the_highest_and_equal_numbers_share_the_better_rank() -> None:
    assert found(ranks(places(a=3, b=7, c=3, d=1), "governorates", WORDS)) == {
        "a.rank": 2,
        "b.rank": 1,
        "c.rank": 2,
        "d.rank": 4,
    }


def test_who_has_nothing_has_no_rank() -> None:
    assert found(ranks(places(a=0, b=2), "governorates", WORDS)) == {"b.rank": 1}
    assert ranks(places(a=0), "governorates", WORDS) == []
    assert ranks([], "governorates", WORDS) == []


def test_a_breakdown_holds_its_codes_without_their_parts() -> None:
    ledger = Ledger([*places(a=1, unknown=2, not_recorded=3), claim("civilians.month.governorate.a.children", 1)])
    assert [one.value for one in breakdown(ledger, "civilians.month.governorate")] == [1, 2, 3]
    assert [one.value for one in breakdown(ledger, "civilians.month.governorate", recorded=True)] == [1]


@pytest.mark.parametrize(
    ("now", "before", "expected"),
    [
        # 46 of 126 is 36.507... percent.
        (172, 126, [46, 36.51]),
        (172, 277, [-105, -37.91]),
        (100, 100, [0, 0.0]),
        (0, 30, [-30, -100.0]),
        # From zero, and from fewer than thirty, no percentage is made.
        (5, 0, [5]),
        (0, 0, [0]),
        (58, 29, [29]),
    ],
)
def test_a_change_is_a_difference_and_where_the_base_allows_a_percentage(
    now: int, before: int, expected: list[float]
) -> None:
    made = change(claim("civilians.month", now), claim("civilians.previous_month", before), WORDS)
    assert [one.value for one in made] == expected
    ids = ["civilians.month.change.previous_month", "civilians.month.change.previous_month.percent"]
    assert [one.id for one in made] == ids[: len(expected)]


def year(*deaths: int) -> tuple[Ledger, Month]:
    """A ledger with the months of a year so far, and its last month."""
    claims = [claim(f"civilians.ytd.month.2020-{number:02d}", each) for number, each in enumerate(deaths, 1)]
    return Ledger(claims), Month(2020, len(deaths))


@pytest.mark.parametrize(
    ("deaths", "rank", "since"),
    [
        ((286, 276, 145, 172), 3, "2020-02"),
        ((5, 3, 5, 5), 1, "2020-03"),
        ((9, 3, 5), 2, "2020-01"),
        ((1, 2, 3), 1, "none"),
        ((4,), 1, "none"),
    ],
)
def test_a_month_has_its_place_in_the_year_and_the_latest_earlier_month_with_as_many(
    deaths: tuple[int, ...], rank: int, since: str
) -> None:
    made = {one.id: one.value for one in among_months(*year(*deaths)[:1], "civilians", year(*deaths)[1], WORDS)}
    assert made == {"civilians.month.rank_of_year": rank, "civilians.month.highest_since": since}


def test_a_month_without_deaths_has_no_place_in_the_year() -> None:
    ledger, month = year(3, 0)
    assert among_months(ledger, "civilians", month, WORDS) == []


def test_unknown_places_have_shares_but_no_rank(november_ledger: Ledger) -> None:
    # METHOD M16. In November 2020 more places are not recorded than in any one governorate.
    stem = "civilians.month.governorate.not_recorded"
    assert november_ledger.count(stem) > 0
    assert f"{stem}.share" in november_ledger
    assert f"{stem}.rank" not in november_ledger


def test_comparisons_are_claims_made_from_claims_that_exist(november_ledger: Ledger) -> None:
    made = monthly_comparisons(november_ledger, Month.parse("2020-11"))
    assert {one.basis for one in made} == {"claims"}
    assert {one.rule for one in made} == {"M16"}
    assert not [one.id for one in made if not one.of or any(each not in november_ledger for each in one.of)]
