"""The reporting month: parsed once, strictly, and asked for its neighbours."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from analysis.errors import BadMonth

_WRITTEN = re.compile(r"(\d{4})-(\d{2})", re.ASCII)


@dataclass(frozen=True, order=True)
class Month:
    """One calendar month; it holds the days from `first` up to, not including, `next.first`."""

    year: int
    number: int

    @classmethod
    def parse(cls, text: object) -> "Month":
        """Read a month written as YYYY-MM.

        Anything but text in exactly that form is refused: papermill turns 202011 into a number and 2020.10 into 2020.1.
        Raises BadMonth.
        """
        written = _WRITTEN.fullmatch(text) if isinstance(text, str) else None
        if not written or int(written[1]) < 1 or not 1 <= int(written[2]) <= 12:
            shown = repr(text) if text != "" else "no month"
            raise BadMonth(f"The month was given as {shown}. Write year and month as YYYY-MM, for example 2020-11.")
        return cls(int(written[1]), int(written[2]))

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.number:02d}"

    def shift(self, months: int) -> "Month":
        """The month so many months later (earlier when negative)."""
        year, number = divmod(self.year * 12 + self.number - 1 + months, 12)
        return Month(year, number + 1)

    @property
    def span(self) -> Literal["month"]:
        """What claims call a period of this length: `civilians.month.party.sdf`."""
        return "month"

    @property
    def months(self) -> list["Month"]:
        """The month alone: months, half-years and years are asked alike."""
        return [self]

    @property
    def first(self) -> date:
        return date(self.year, self.number, 1)

    @property
    def last(self) -> date:
        return self.shift(1).first - timedelta(days=1)

    @property
    def year_so_far(self) -> list["Month"]:
        """January up to this month (METHOD M6)."""
        return [Month(self.year, number) for number in range(1, self.number + 1)]

    def back(self, months: int) -> list["Month"]:
        """The months before this one, oldest first."""
        return [self.shift(-step) for step in range(months, 0, -1)]
