"""Half-years, years and spans: months in a row that one report covers, asked for the same things as a single month."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Literal

from analysis.errors import BadMonth
from analysis.month import Month

_WRITTEN = re.compile(r"(\d{4})(?:-H([12]))?", re.ASCII)


@dataclass(frozen=True, order=True)
class Period:
    """A year, or its first or second half (`half` 1 or 2, 0 for the whole year)."""

    year: int
    half: int = 0

    @classmethod
    def parse(cls, text: object) -> "Period":
        """Read a period written as YYYY or YYYY-H1. Raises BadMonth for anything else."""
        written = _WRITTEN.fullmatch(text) if isinstance(text, str) else None
        if not written or int(written[1]) < 2:
            raise BadMonth(f"The period was given as {text!r}. Write a year as 2020, a half-year as 2020-H1.")
        return cls(int(written[1]), int(written[2] or 0))

    def __str__(self) -> str:
        return f"{self.year:04d}{f'-H{self.half}' if self.half else ''}"

    @property
    def span(self) -> Literal["half", "year"]:
        """What claims call a period of this length: `civilians.year.party.sdf`."""
        return "half" if self.half else "year"

    @property
    def months(self) -> list[Month]:
        numbers = {0: range(1, 13), 1: range(1, 7), 2: range(7, 13)}[self.half]
        return [Month(self.year, number) for number in numbers]

    @property
    def first(self) -> date:
        return self.months[0].first

    @property
    def last(self) -> date:
        return self.months[-1].last

    @property
    def year_before(self) -> "Period":
        """The same period of the year before: a year with a year, a first half with a first half."""
        return Period(self.year - 1, self.half)


@dataclass(frozen=True, order=True)
class Span:
    """Any months in a row, the first and the last one included (METHOD M30)."""

    begin: Month
    end: Month

    @classmethod
    def parse(cls, first: object, last: object) -> "Span":
        """Read the first and the last month, written as YYYY-MM. Raises BadMonth, also where it ends too soon."""
        begin, end = Month.parse(first), Month.parse(last)
        if end < begin:
            raise BadMonth(f"The span was given as {begin} to {end}: it ends before it begins. Change the two months.")
        return cls(begin, end)

    def __str__(self) -> str:
        return f"{self.begin}\u2013{self.end}"

    @property
    def span(self) -> Literal["span"]:
        """What claims call months of any number: `torture.span.month.2020-03`."""
        return "span"

    @property
    def months(self) -> list[Month]:
        long = (self.end.year - self.begin.year) * 12 + self.end.number - self.begin.number
        return [self.begin.shift(step) for step in range(long + 1)]

    @property
    def years(self) -> dict[int, list[Month]]:
        """Its months by calendar year; the first and the last year may be there in part."""
        return {year: list(months) for year, months in groupby(self.months, key=lambda month: month.year)}

    @property
    def first(self) -> date:
        return self.begin.first

    @property
    def last(self) -> date:
        return self.end.last


@dataclass(frozen=True)
class MonthAndPeriod:
    """A month and the half-year or year that it ends: one report tells both, and is the report of the month."""

    month: Month
    period: Period

    @classmethod
    def parse(cls, month: object, period: object) -> "MonthAndPeriod":
        """Read a month and the period that ends with it. Raises BadMonth, also where it does not."""
        told = cls(Month.parse(month), Period.parse(period))
        if told.period.months[-1] != told.month:
            raise BadMonth(
                f"{told.month} does not end {told.period}: {told.period.months[-1]} does. The report of June can tell "
                "the first half of its year too, that of December the second half or the year."
            )
        return told

    def __str__(self) -> str:
        return str(self.month)

    @property
    def span(self) -> Literal["month"]:
        """What claims call what the report is about; those of the period have its own span."""
        return "month"

    @property
    def months(self) -> list[Month]:
        """Every month that the report tells of."""
        return self.period.months

    @property
    def first(self) -> date:
        return self.period.first

    @property
    def last(self) -> date:
        return self.month.last


When = Month | Period | Span | MonthAndPeriod


def parse_when(text: object) -> Month | Period:
    """Read what a report is about: a month as YYYY-MM, a half-year as YYYY-H1, a year as YYYY. Raises BadMonth."""
    if isinstance(text, str) and _WRITTEN.fullmatch(text):
        return Period.parse(text)
    return Month.parse(text)


def parse_report(text: str) -> When:
    """Read what one report is asked to be about: as `parse_when` does, or 2020-12+2020 for both. Raises BadMonth."""
    month, both, period = text.partition("+")
    return MonthAndPeriod.parse(month, period) if both else parse_when(text)


def as_asked(when: When) -> str:
    """How a report is asked for: 2020-11, 2020-H1, or 2020-12+2020 for a month and the period that it ends."""
    return "+".join(map(str, parts(when)))


def when_of(parameters: Mapping[str, object]) -> When:
    """What a report is about, by its notebook's parameters: a month, a longer period, or both. Raises BadMonth."""
    month, period = parameters.get("month"), parameters.get("period")
    return MonthAndPeriod.parse(month, period) if month and period else parse_when(month or period)


def parts(when: When) -> tuple[When, ...]:
    """What a report is about, each by itself: one, or a month and the period that it ends."""
    return (when.month, when.period) if isinstance(when, MonthAndPeriod) else (when,)


def compared(when: When) -> dict[str, When]:
    """What a report is compared with: the month before and that of last year, the year before; a span with nothing."""
    if isinstance(when, Month):
        return {"previous_month": when.shift(-1), "month_last_year": when.shift(-12)}
    if isinstance(when, MonthAndPeriod):
        return compared(when.month) | compared(when.period)
    return {"year_before": when.year_before} if isinstance(when, Period) else {}


def earlier(when: When, name: str) -> When:
    """What a report is compared with: `previous_month`, `month_last_year`, or the `year_before` of a longer period."""
    return compared(when)[name]


def parse_list(text: str) -> list[When]:
    """Read a list such as `2020-01..2020-11,2020-12+2020`: months, half-years, years, and months up to another.

    Raises BadMonth for what is none, a span that ends before it begins, or a month both alone and with a period: they
    would be one report. What is named twice is taken once.
    """
    found: list[When] = []
    for part in text.split(","):
        first, between, last = part.strip().partition("..")
        found += Span.parse(first, last).months if between else [parse_report(first)]
    listed = list(dict.fromkeys(found))
    for name, alike in groupby(sorted(listed, key=str), key=str):
        if len(told := [as_asked(one) for one in alike]) > 1:
            raise BadMonth(
                f"The list has {' and '.join(told)}, which are both the report of {name}: name it once, as in "
                "2020-01..2020-11,2020-12+2020."
            )
    return listed
