"""The toll of a month by day of death, and the days as a calendar sets them (METHOD M5).

A month is one of documentation: whoever died on an exact day before or after it, and whoever's day nobody knows,
is counted beside the days, so that all of them add up to the toll.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import narwhals as nw

from analysis.codelists import NOT_RECORDED
from analysis.month import Month
from analysis.toll.counting import Definition
from analysis.toll.definitions import Vocabulary, crossed, is_blank, is_code, measure, midnight, period

BESIDE = ("earlier", "later", NOT_RECORDED)


@dataclass(frozen=True)
class Place:
    """Where a day stands in a calendar: its week of the month and its column, both from nought."""

    day: date
    week: int
    column: int


def days_of(month: Month) -> list[date]:
    """Every day of a month."""
    return [month.first + timedelta(days=nth) for nth in range(month.last.day)]


def calendar(month: Month, first_weekday: int) -> list[Place]:
    """Each day of a month in its place; weeks begin with `first_weekday`, Monday being nought."""
    columns = [(day.weekday() - first_weekday) % 7 for day in days_of(month)]
    return [Place(day, (day.day - 1 + columns[0]) // 7, at) for day, at in zip(days_of(month), columns, strict=True)]


def by_day(month: Month, words: Vocabulary) -> list[Definition]:
    """The toll of a month by day of death, and beside the days those who did not die on one of them."""
    toll = measure("civilians", words) & period("month", [month], words)
    return crossed(toll, _days(month, words))


def _days(month: Month, words: Vocabulary) -> Iterator[Definition]:
    texts, died = words["days"], nw.col("date_of_death")
    known = (~is_blank("date_of_death") & is_code("date_of_death_precision", "day")).fill_null(False)
    first, after = midnight(month.first), midnight(month.shift(1).first)
    for day in days_of(month):
        text = texts["day"].format(day=day.isoformat())
        yield Definition(f"day.{day.isoformat()}", "M5", text, known & (died == midnight(day)), "same")
    for code, holds in zip(BESIDE, (known & (died < first), known & (died >= after), ~known), strict=True):
        yield Definition(f"day.{code}", "M5", texts[code].format(month=month), holds, "same")
