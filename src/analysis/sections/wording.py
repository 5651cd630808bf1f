"""How numbers are put into words: counted nouns, shares, ranks, changes and dates, by the rules of METHOD M16.

The words themselves stand in notebooks/texts/<language>/wording.yml. Where a language is asked for, a BCP 47 tag will
do as well: `ar` is what wording.yml's `locale` says, `ar-SY` has the Syrian months, `ar-SY-u-nu-arab` other digits.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import cache, lru_cache
from math import floor
from typing import Any, Literal

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal

from analysis.errors import BadText
from analysis.method import method
from analysis.month import Month
from analysis.period import MonthAndPeriod, Span, When
from analysis.texts import language_of, read_words

Case = Literal["nominative", "genitive", "accusative"]
NUMERALS = {"latn": "0123456789", "arab": "٠١٢٣٤٥٦٧٨٩"}
# Alifs of every kind, and what is left out: vowel marks, the long stroke between letters.
FOLDED = str.maketrans("أإآٱ", "اااا", "".join(map(chr, range(0x64B, 0x653))) + "\u0640\u0670")


def wording(language: str) -> dict[str, Any]:
    return read_words(language, "wording")


def tag_of(language: str) -> str:
    """The tag that a language alone stands for."""
    return language if "-" in language else str(wording(language)["locale"])


def direction(language: str) -> Literal["ltr", "rtl"]:
    """Which way the language is written."""
    return "rtl" if locale_of(language).text_direction == "rtl" else "ltr"


@cache
def locale_of(language: str) -> Locale:
    return Locale.parse(tag_of(language).partition("-u-")[0], sep="-")


def numerals_of(language: str) -> str:
    """The numbering system, as Unicode calls it: latn unless the tag names another."""
    return tag_of(language).partition("-u-nu-")[2] or "latn"


def in_numerals(text: str, language: str) -> str:
    """A text with its digits in those of the language; Babel writes 0-9 in every language."""
    return text.translate(str.maketrans(NUMERALS["latn"], NUMERALS[numerals_of(language)]))


@lru_cache(maxsize=10_000, typed=True)
def digits(number: int | float, language: str, pattern: str | None = None) -> str:
    """A number in digits, thousands separated: 1,635."""
    system = numerals_of(language)
    return in_numerals(format_decimal(number, pattern, locale_of(language), numbering_system=system), language)


def percent_sign(language: str) -> str:
    """The sign behind a number; in Arabic with the marks that keep it there beside a word of the other direction."""
    return str(locale_of(language).number_symbols[numerals_of(language)]["percentSign"])


def tenths(share: float, language: str) -> str:
    """A share as a table shows it: 26.7%."""
    return digits(share, language, "0.0") + percent_sign(language)


def spell(number: int, language: str, gender: str = "") -> str:
    """A whole number as it stands in a sentence: a word as far as wording.yml has one, digits beyond.

    Where the words differ with the gender of what is counted, `gender` says which; the masculine without it.
    """
    numbers: dict[str, list[str]] | list[str] = wording(language)["numbers"]
    words = numbers if isinstance(numbers, list) else numbers[gender or "masculine"]
    return words[number] if 0 <= number < len(words) else digits(number, language)


def category(number: int, language: str) -> str:
    """The CLDR plural category: one and other; in Arabic zero, one, two, few, many, other."""
    return str(locale_of(language).plural_form(number))


def by_category(forms: Mapping[str, Any], number: int, language: str) -> Any:
    """The form for a number; `other` where its category has none of its own."""
    return forms.get(category(number, language), forms["other"])


def counted(
    number: int, name: str, language: str, *, case: Case = "nominative", mark: Callable[[str], str] = str
) -> str:
    """A number with its noun: one child, 172 civilians; طفلان, ثلاثة أطفال, 11 طفلاً.

    `case` matters in languages that have cases. `mark` is put on the number, or on the whole where the noun holds it.
    Raises BadText for a noun that wording.yml does not hold.
    """
    forms = wording(language)["nouns"].get(name)
    if forms is None:
        file = f"notebooks/texts/{language_of(language)}/wording.yml"
        raise BadText(f"The noun {name!r} is not in {file}. Add its forms there.")
    form = by_category(forms, number, language)
    form = str(form[case] if isinstance(form, dict) else form)
    if "{number}" not in form:
        return mark(form)
    return form.format(number=mark(spell(number, language, forms.get("gender", ""))))


def ranged(value: str, language: str) -> str:
    """A range (1–4, or 53+ without an end) as the language writes it."""
    low, _, high = value.rstrip("+").partition("–")
    form = str(wording(language)["range"]["closed" if high else "open"])
    return form.format(low=digits(int(low), language), high=digits(int(high), language) if high else "")


def shown_value(value: int | float | str, language: str, *, is_range: bool) -> str:
    """A claim's value without its unit: digits, a range, or the word that it is."""
    if not isinstance(value, str):
        return digits(value, language)
    return ranged(value, language) if is_range else value


def counted_range(value: str, name: str, language: str, *, mark: Callable[[str], str] = str) -> str:
    """A range with its noun, in the form that many take: 1–4 media workers."""
    forms = wording(language)["nouns"][name]
    last = int(re.findall(r"\d+", value)[-1])
    return str(by_category(forms, max(last, 3), language)).format(number=mark(ranged(value, language)))


def among(number: int, parts: Sequence[str], language: str, *, whole: bool) -> str:
    """The children and women among a toll, to stand behind it: , including one child; ، بينهم طفل واحد."""
    words = wording(language)
    form = words["made_up_of"] if whole else by_category(words["including"], number, language)
    return str(form).format(list=listed(parts, language)) if parts else ""


def listed(items: Sequence[str], language: str) -> str:
    """Words in a row: a, b and c."""
    words = wording(language)
    if len(items) < 2:
        return "".join(items)
    last = words["list_two" if len(items) == 2 else "list_last"]
    return str(last).format(str(words["list_comma"]).join(items[:-1]), items[-1])


def percent(share: float, language: str) -> str:
    """A share in whole percent, and on which side of it the exact share lies: nearly 27%, 50%, just over 14%."""
    whole = floor(share + 0.5)
    side = "exact" if abs(share - whole) < 0.05 else "below" if share < whole else "above"
    if whole == 0 and share > 0:
        whole, side = 1, "under_one"
    form = str(wording(language)["share"][side])
    return form.format(percent=digits(whole, language), sign=percent_sign(language))


def place(rank: int, of: int, language: str) -> str:
    """A rank in words: highest, second highest … and lowest for the last of several."""
    places: list[str] = wording(language)["places"]
    return places[-1] if rank == of and of > 2 else places[rank - 1]


def changed(difference: str, before: str, language: str, *, more: bool, percent: str = "") -> str:
    """How much a toll differs from an earlier one; `difference` and `percent` are in words already."""
    key = ("more" if more else "fewer") + ("" if percent else "_few")
    return str(wording(language)["change"][key]).format(difference=difference, before=before, percent=percent)


def trend(change_percent: float, language: str) -> str:
    """The word for a change in percent; the bounds are data/method.yml's."""
    bounds, words = method()["trend_words"], wording(language)["trend"]
    if abs(change_percent) <= bounds["slight"]:
        return str(words["slight"])
    steep = "steep_" if abs(change_percent) >= bounds["steep"] else ""
    return str(words[f"{steep}{'rise' if change_percent > 0 else 'fall'}"])


def dated(when: date, language: str, form: str) -> str:
    """A date in one of the forms of wording.yml."""
    return in_numerals(format_date(when, wording(language)["dates"][form], locale=locale_of(language)), language)


def month_name(month: Month, language: str, *, year: bool = True) -> str:
    """November 2020, or November."""
    return dated(month.first, language, "month" if year else "month_alone")


def year_name(when: date, language: str) -> str:
    """2020; عام 2020."""
    return str(wording(language)["year"]).format(year=dated(when, language, "year"))


def period_name(when: When, language: str) -> str:
    """November 2020, the first half of 2020, 2020, or the months from January to November 2020."""
    if isinstance(when, Month | MonthAndPeriod):
        return month_name(when.months[-1], language)
    if isinstance(when, Span):
        ends = {"first": month_name(when.begin, language), "last": month_name(when.end, language)}
        return str(wording(language)["span"]).format(**ends) if when.begin < when.end else ends["first"]
    if not when.half:
        return year_name(when.first, language)
    return str(wording(language)["halves"][when.half]).format(year=dated(when.first, language, "year"))


def short_month_name(month: Month, language: str) -> str:
    """Nov: for the axis of a chart."""
    return dated(month.first, language, "short_month")


def day(when: date, language: str, precision: str = "day") -> str:
    """A date as exactly as it is known: 13 November 2020, October 2019, 2018."""
    return year_name(when, language) if precision == "year" else dated(when, language, precision)


def folded(text: str) -> str:
    """A text as forbidden words are looked for in it: without vowel marks, every alif alike. English stays as it is."""
    return text if text.isascii() else text.translate(FOLDED)


def forbidden(words: Mapping[str, Any], numeral: str) -> re.Pattern[str]:
    """Whatever a sentence may only take from a claim, looked for in a `folded` text; `numeral` matches a digit."""
    lists = [words[f"forbidden_{kind}"] for kind in ("numbers", "superlatives", "comparatives")]
    longest_first = sorted({folded(str(word)) for one in lists for word in one}, key=lambda word: (-len(word), word))
    by_letter: dict[str, list[str]] = {}  # few ways to begin, so that most words of a text are soon passed over
    for phrase in longest_first:
        first, *more = phrase.split() or [""]
        by_letter.setdefault(first[:1], []).append(r"\s+".join(map(re.escape, (first[1:], *more))))
    phrases = "|".join(f"{re.escape(letter)}(?:{'|'.join(rest)})" for letter, rest in by_letter.items())
    return re.compile(
        rf"(?<![^\W_])(?:[^\W_]*{numeral}[^\W_]*|{words['prefix']}(?:{phrases}))(?![^\W_])", re.IGNORECASE
    )
