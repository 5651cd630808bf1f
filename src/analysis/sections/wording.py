"""How numbers are put into words: counted nouns, shares, ranks, changes and dates, by the rules of METHOD M16.

The words themselves stand in notebooks/texts/<language>/wording.yml.
"""

from collections.abc import Sequence
from datetime import date
from math import floor
from typing import Any

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal

from analysis.errors import BadText
from analysis.method import method
from analysis.month import Month
from analysis.period import When
from analysis.texts import read_words

SPELLED_BELOW = 10


def wording(language: str) -> dict[str, Any]:
    return read_words(language, "wording")


def digits(number: int | float, language: str) -> str:
    """A number in digits, thousands separated: 1,635."""
    return format_decimal(number, locale=language)


def tenths(share: float, language: str) -> str:
    """A share as a table shows it: 26.7%."""
    return f"{format_decimal(share, '0.0', locale=language)}%"


def spell(number: int, language: str) -> str:
    """A whole number as it stands in a sentence: a word below ten, digits from ten on."""
    words: list[str] = wording(language)["numbers"]
    return words[number] if 0 <= number < SPELLED_BELOW else digits(number, language)


def noun(number: int, name: str, language: str) -> str:
    """The form of a noun that goes with a number. Raises BadText for a noun that wording.yml does not hold."""
    forms = wording(language)["nouns"].get(name)
    if forms is None:
        raise BadText(f"The noun {name!r} is not in notebooks/texts/{language}/wording.yml. Add its forms there.")
    return str(forms[Locale.parse(language).plural_form(number)])


def listed(items: Sequence[str], language: str) -> str:
    """Words in a row: a, b and c."""
    words = wording(language)
    if len(items) < 2:
        return "".join(items)
    return str(words["list_two"]).format(str(words["list_comma"]).join(items[:-1]), items[-1])


def percent(share: float, language: str) -> str:
    """A share in whole percent, and on which side of it the exact share lies: nearly 27%, 50%, just over 14%."""
    whole = floor(share + 0.5)
    side = "exact" if abs(share - whole) < 0.05 else "below" if share < whole else "above"
    if whole == 0 and share > 0:
        whole, side = 1, "under_one"
    return str(wording(language)["share"][side]).format(percent=digits(whole, language))


def place(rank: int, of: int, language: str) -> str:
    """A rank in words: highest, second highest … and lowest for the last of several."""
    places: list[str] = wording(language)["places"]
    return places[-1] if rank == of and of > 2 else places[rank - 1]


def trend(change_percent: float, language: str) -> str:
    """The verb for a change in percent; the bounds are data/method.yml's."""
    bounds, words = method()["trend_words"], wording(language)["trend"]
    if abs(change_percent) <= bounds["slight"]:
        return str(words["slight"])
    steep = "steep_" if abs(change_percent) >= bounds["steep"] else ""
    return str(words[f"{steep}{'rise' if change_percent > 0 else 'fall'}"])


def month_name(month: Month, language: str, *, year: bool = True) -> str:
    """November 2020, or November."""
    return format_date(month.first, "LLLL y" if year else "LLLL", locale=language)


def period_name(when: When, language: str) -> str:
    """November 2020, the first half of 2020, or 2020."""
    if isinstance(when, Month):
        return month_name(when, language)
    year = format_date(when.first, "y", locale=language)
    return str(wording(language)["halves"][when.half]).format(year=year) if when.half else year


def short_month_name(month: Month, language: str) -> str:
    """Nov: for the axis of a chart."""
    return format_date(month.first, "LLL", locale=language)


def day(when: date, language: str, precision: str = "day") -> str:
    """A date as exactly as it is known: 13 November 2020, October 2019, 2018."""
    pattern = {"day": "d MMMM y", "month": "LLLL y", "year": "y"}[precision]
    return format_date(when, pattern, locale=language)
