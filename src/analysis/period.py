"""Half-years and years: months in a row that one report covers, asked for the same things as a single month."""

import re
from dataclasses import dataclass
from datetime import date
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


When = Month | Period


def parse_when(text: object) -> When:
    """Read what a report is about: a month as YYYY-MM, a half-year as YYYY-H1, a year as YYYY. Raises BadMonth."""
    if isinstance(text, str) and _WRITTEN.fullmatch(text):
        return Period.parse(text)
    return Month.parse(text)


def earlier(when: When, name: str) -> When:
    """What a report is compared with: `previous_month`, `month_last_year`, or the `year_before` of a longer period."""
    if isinstance(when, Month):
        return when.shift({"previous_month": -1, "month_last_year": -12}[name])
    return {"year_before": when.year_before}[name]
