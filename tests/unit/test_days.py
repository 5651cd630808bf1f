"""The toll by day of death: who stands on a day, who beside it, and when there is a calendar."""

import pytest
from invented_records import MONTH, claims_of, month_records, records

from analysis.audit.sql_count import sql_counts
from analysis.codelists import SYRIA
from analysis.month import Month
from analysis.proofreading.drawn_numbers import NUMBER
from analysis.sections.figures import calendar_figures
from analysis.sections.narrative import Story
from analysis.toll.claims import Claim, Ledger
from analysis.toll.days import BESIDE, Place, by_day, calendar
from analysis.toll.definitions import Vocabulary
from analysis.toll.monthly import monthly_ledger

STEM = "civilians.month.day"


def died(day: str, precision: str = "day") -> dict[str, str]:
    return {"date_of_death": day, "date_of_death_precision": precision}


EVERYBODY = (
    died("2020-11-01"), died("2020-11-30"), died("2020-11-30"), died("2020-10-31"), died("2019-11-30"),
    died("2020-12-01"), died("2020-11-01", "month"), died("2020-01-01", "year"), died("", ""), died("", "unknown"),
)  # fmt: skip


def test_death_stands_on_a_day_only_where_the_day_is_exactly_known() -> None:
    found = {one: claim.value for one, claim in claims_of(records(*EVERYBODY), by_day(MONTH, Vocabulary("en"))).items()}
    assert {one: number for one, number in found.items() if number} == {
        f"{STEM}.2020-11-01": 1, f"{STEM}.2020-11-30": 2, f"{STEM}.earlier": 2, f"{STEM}.later": 1,
        f"{STEM}.not_recorded": 4,
    }  # fmt: skip
    assert len(found) == 30 + len(BESIDE)
    assert sum(found.values()) == len(EVERYBODY)


def test_sql_finds_the_same_dead_on_each_day_and_beside_it() -> None:
    made = claims_of(records(*EVERYBODY), by_day(MONTH, Vocabulary("en")))
    again = sql_counts(records(*EVERYBODY), list(made), MONTH, profile=SYRIA)
    assert {one: (claim.value, claim.digest) for one, claim in made.items()} == {
        one: (found.value, found.digest) for one, found in again.items()
    }


NOT_THERE = [f"{STEM}.2020-12-01", f"{STEM}.2020-11-31", f"{STEM}.never", "civilians.ytd.day.earlier",
             "massacres.month.day.2020-11-01"]  # fmt: skip


@pytest.mark.parametrize("claim", NOT_THERE)
def test_day_that_the_month_does_not_have_is_not_counted_in_sql(claim: str) -> None:
    assert sql_counts(records(*EVERYBODY), [claim], MONTH, profile=SYRIA) == {}


def test_days_stand_in_the_weeks_of_a_calendar() -> None:
    # 1 November 2020 was a Sunday, 29 February 2020 a Saturday.
    by_monday = calendar(MONTH, first_weekday=0)
    assert [(one.week, one.column) for one in by_monday[:2]] == [(0, 6), (1, 0)]
    assert by_monday[-1] == Place(MONTH.last, 5, 0)
    assert [(one.week, one.column) for one in calendar(MONTH, first_weekday=6)[:2]] == [(0, 0), (0, 1)]
    leap = Month.parse("2020-02")  # its first day is a Saturday too: four whole weeks and a day
    assert calendar(leap, first_weekday=5)[-1] == Place(leap.last, 4, 0)
    assert len({(one.week, one.column) for one in by_monday}) == 30


def story(language: str, *deaths: dict[str, str]) -> Story:
    return Story(monthly_ledger(month_records(records(*deaths)), [], language=language), MONTH, language)


def test_calendar_says_in_its_table_what_it_draws() -> None:
    made = story("en", *EVERYBODY)
    (figure,) = calendar_figures(made)
    rows = {row.cells[0].text: row.cells[1] for row in figure.numbers.rows}
    assert (rows["30 November 2020"].text, rows["On an earlier day"].text, rows["Day not recorded"].text) == (
        "2",
        "2",
        "4",
    )
    assert sum(int(one.text) for one in rows.values()) == len(EVERYBODY)
    assert {one.claim for one in rows.values()} == {one for one in made.ledger if one.startswith(f"{STEM}.")}
    drawn = [word for word in figure.svg.split("<!-- ")[1:] if NUMBER.fullmatch(word.partition(" -->")[0])]
    assert len(drawn) == len(rows)
    assert figure.alt.endswith("On an earlier day 2, On a later day 1 and Day not recorded 4.")


def test_weeks_of_an_arabic_calendar_begin_as_its_country_has_it_and_run_from_the_right() -> None:
    (figure,) = calendar_figures(story("ar", *EVERYBODY))
    words = [word.partition(" -->")[0] for word in figure.svg.split("<!-- ")[1:]]
    weekdays = [
        word for word in words if word in ("السبت", "الأحد", "الاثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة")
    ]
    assert weekdays[0] == "السبت"
    assert "7 تشرين الثاني" in words  # the first Saturday, and so the second week


@pytest.mark.parametrize(("known", "unknown", "figures"), [(2, 2, 1), (1, 2, 0), (0, 1, 0)])
def test_calendar_is_left_out_where_too_few_days_are_recorded(known: int, unknown: int, figures: int) -> None:
    """At least half: see calendar_share in data/chart-style.yml."""
    deaths = [died("2020-11-05")] * known + [died("", "")] * unknown
    assert len(calendar_figures(story("en", *deaths))) == figures


def test_month_without_a_death_has_no_calendar() -> None:
    nothing = [Claim(one, 0, "people", "M5", "") for one in ("civilians.month", f"{STEM}.not_recorded")]
    assert calendar_figures(Story(Ledger(nothing), MONTH)) == []
