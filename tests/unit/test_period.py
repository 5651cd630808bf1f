"""Half-years and years: one spelling, and the months that each covers."""

from datetime import date

import pytest

from analysis.errors import BadMonth
from analysis.month import Month
from analysis.period import MonthAndPeriod, Period, as_asked, earlier, parse_list, parse_when, parts, when_of


def test_a_period_is_written_as_a_year_or_a_half_year() -> None:
    for text, period in {"2020": Period(2020), "2020-H1": Period(2020, 1), "2020-H2": Period(2020, 2)}.items():
        assert Period.parse(text) == period
        assert str(period) == text


@pytest.mark.parametrize(
    "given", ["2020-H3", "2020-H0", "2020-h1", "20", 2020, "2020 ", "2020-H", "", None, "0000", "٢٠٢٠"]
)
def test_anything_else_is_refused(given: object) -> None:
    with pytest.raises(BadMonth, match="Write"):
        parse_when(given)


def test_what_a_report_is_about_is_read_by_its_spelling() -> None:
    assert parse_when("2020-11") == Month(2020, 11)
    assert parse_when("2020-H2") == Period(2020, 2)
    assert [parse_when(text).span for text in ("2020-11", "2020-H2", "2020")] == ["month", "half", "year"]


def test_a_half_year_has_six_months_and_a_year_twelve() -> None:
    assert [str(month) for month in Period(2020, 1).months] == [f"2020-0{number}" for number in range(1, 7)]
    assert Period(2020, 1).months + Period(2020, 2).months == Period(2020).months
    assert (Period(2020, 1).first, Period(2020, 1).last) == (date(2020, 1, 1), date(2020, 6, 30))
    assert (Period(2020, 2).first, Period(2020).last) == (date(2020, 7, 1), date(2020, 12, 31))


def test_a_period_is_compared_with_the_same_period_of_the_year_before() -> None:
    assert earlier(Period(2020, 2), "year_before") == Period(2019, 2)
    assert earlier(Month(2020, 1), "previous_month") == Month(2019, 12)
    assert earlier(Month(2020, 1), "month_last_year") == Month(2019, 1)


def test_list_is_read_in_its_order_and_what_is_named_twice_is_taken_once() -> None:
    found = [str(one) for one in parse_list("2019-11..2020-02, 2020-01,2020,2020-H1")]
    assert found == ["2019-11", "2019-12", "2020-01", "2020-02", "2020", "2020-H1"]


def test_list_may_have_a_month_with_its_period_but_no_report_twice() -> None:
    listed = "2020-01..2020-05,2020-06+2020-H1,2020"
    assert [as_asked(one) for one in parse_list(listed)][-2:] == ["2020-06+2020-H1", "2020"]
    with pytest.raises(BadMonth, match=r"has 2020-12 and 2020-12\+2020, which are both the report of 2020-12: "):
        parse_list("2020-01..2020-12,2020-12+2020")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2020-13",
        "2020-11+2020",
        "2020-12+",
        "+2020",
        "2020-12+2020+2020",
        "2020-02..2020-01",
        "2020..2021",
        "2020-01..",
        "2020-01,,2020-02",
    ],
)
def test_list_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(BadMonth):
        parse_list(text)


@pytest.mark.parametrize(("month", "period"), [("2020-12", "2020"), ("2020-12", "2020-H2"), ("2020-06", "2020-H1")])
def test_a_month_is_told_with_a_period_that_it_ends_and_is_what_the_report_is_called(month: str, period: str) -> None:
    both = when_of({"month": month, "period": period, "language": "en"})
    assert both == MonthAndPeriod(Month.parse(month), Period.parse(period))
    assert (str(both), both.span, parts(both)) == (month, "month", (Month.parse(month), Period.parse(period)))
    assert [earlier(both, one) for one in ("previous_month", "year_before")] == [
        Month.parse(month).shift(-1),
        Period.parse(period).year_before,
    ]


def test_what_a_notebook_was_about_is_read_from_its_parameters() -> None:
    assert when_of({"month": "2020-11"}) == Month(2020, 11)
    assert when_of({"period": "2020-H1"}) == Period(2020, 1)
    with pytest.raises(BadMonth, match=r"2020-11 does not end 2020: 2020-12 does\."):
        when_of({"month": "2020-11", "period": "2020"})
