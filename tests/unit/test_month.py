"""The reporting month: one spelling, and neighbours that are right at every edge of the calendar."""

from datetime import date

import pytest

from analysis.errors import BadMonth
from analysis.month import Month


def test_a_month_is_year_and_month_with_a_hyphen() -> None:
    assert Month.parse("2020-11") == Month(2020, 11)
    assert str(Month.parse("2020-11")) == "2020-11"


@pytest.mark.parametrize(
    "given",
    ["2020-13", "2020-00", "2020_11", "202011", 202011, 2020.11, "Nov 2020", "", None, " 2020-11", "2020-11 ",
     "2020-11\n", "2020-1", "20-11", "2020-11-01", "2020/11", "0000-11", "-2020-11", b"2020-11", date(2020, 11, 1)],
)  # fmt: skip
def test_anything_else_is_refused_and_the_message_shows_the_right_form(given: object) -> None:
    with pytest.raises(BadMonth, match=r"Write year and month as YYYY-MM, for example 2020-11\."):
        Month.parse(given)


@pytest.mark.parametrize("given", ["٢٠٢٠-١١", "２０２０-１１", "2020-1１"])
def test_digits_of_other_scripts_are_refused(given: str) -> None:
    with pytest.raises(BadMonth):
        Month.parse(given)


def test_the_message_names_what_was_given() -> None:
    with pytest.raises(BadMonth, match="given as 202011"):
        Month.parse(202011)
    with pytest.raises(BadMonth, match="given as no month"):
        Month.parse("")


@pytest.mark.parametrize(
    ("month", "last"), [("2020-11", 30), ("2020-12", 31), ("2020-02", 29), ("2021-02", 28), ("2100-02", 28)]
)
def test_a_month_runs_from_its_first_to_its_last_day(month: str, last: int) -> None:
    found = Month.parse(month)
    assert found.first == date(found.year, found.number, 1)
    assert found.last == date(found.year, found.number, last)


@pytest.mark.parametrize(
    ("months", "found"), [(0, "2020-11"), (1, "2020-12"), (2, "2021-01"), (-11, "2019-12"), (-12, "2019-11")]
)
def test_months_are_shifted_over_the_turn_of_the_year(months: int, found: str) -> None:
    assert str(Month.parse("2020-11").shift(months)) == found


def test_the_year_so_far_runs_from_january_to_the_month() -> None:
    assert [str(each) for each in Month.parse("2020-03").year_so_far] == ["2020-01", "2020-02", "2020-03"]
    assert [str(each) for each in Month.parse("2020-01").year_so_far] == ["2020-01"]


def test_the_months_before_come_oldest_first_and_without_the_month() -> None:
    assert [str(each) for each in Month.parse("2020-02").back(3)] == ["2019-11", "2019-12", "2020-01"]


def test_months_sort_by_time() -> None:
    assert sorted([Month(2020, 2), Month(2019, 12), Month(2020, 1)]) == [
        Month(2019, 12),
        Month(2020, 1),
        Month(2020, 2),
    ]
