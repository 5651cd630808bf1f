"""What the report of a half-year or a year counts: every count claim's id, rule, condition and words.

Ids follow `<measure>.<span>[.month.<YYYY-MM>][.<dimension>.<code>][.<part>]`; the span is `half` or `year`.
"""

from collections.abc import Iterable, Sequence

from analysis.codelists import SYRIA
from analysis.month import Month
from analysis.period import Period
from analysis.toll.counting import Definition
from analysis.toll.definitions import (
    OCCUPATIONS,
    Vocabulary,
    by_age_sex,
    by_governorate,
    by_other,
    by_party,
    crossed,
    died_earlier,
    massacre_people,
    massacres_in,
    measure,
    one_month,
    parts,
    period,
)


def periodic(
    when: Period, *, language: str = "en", profile: str = SYRIA, held: Iterable[Month] = ()
) -> list[Definition]:
    """Every count of the report of a half-year or a year, toll first, month by month in each.

    `held` are the months the records table holds: the same period of the year before is counted where it holds all.
    """
    words = Vocabulary(language, profile)
    this = period(when.span, when.months, words)
    months = [one_month(each, words) for each in when.months]
    return [
        *_civilians(when, this, months, words),
        *_year_before(when, set(held), words),
        *died_earlier(when, this, words),
        *_torture(when, this, months, words),
        *_landmines_and_occupations(this, months, words),
        *_massacres(when, words),
    ]


def _civilians(when: Period, this: Definition, months: Sequence[Definition], words: Vocabulary) -> list[Definition]:
    toll, people = measure("civilians", words) & this, parts(words)
    parties, places = by_party(when.months, words), by_governorate(words)
    return [
        toll,
        *crossed(toll, people),
        *crossed(toll, parties, people),
        *crossed(toll, by_other(words), people),
        *crossed(toll, places),
        *crossed(toll, by_age_sex(words)),
        *crossed(toll, months, [*people, *parties, *places]),
    ]


def _year_before(when: Period, held: set[Month], words: Vocabulary) -> list[Definition]:
    before = when.year_before
    if not set(before.months) <= held:
        return []
    toll = measure("civilians", words) & period("year_before", before.months, words)
    return [toll, *crossed(toll, parts(words))]


def _torture(when: Period, this: Definition, months: Sequence[Definition], words: Vocabulary) -> list[Definition]:
    toll, parties = measure("torture", words) & this, by_party(when.months, words)
    return [toll, *crossed(toll, parts(words)), *crossed(toll, parties), *crossed(toll, months, parties)]


def _landmines_and_occupations(this: Definition, months: Sequence[Definition], words: Vocabulary) -> list[Definition]:
    tolls = [measure(name, words) & this for name in ("landmines", *OCCUPATIONS)]
    return [each for toll in tolls for each in [toll, *crossed(toll, parts(words)), *crossed(toll, months)]]


def _massacres(when: Period, words: Vocabulary) -> list[Definition]:
    toll = measure("massacres", words) & period(when.span, when.months, words, of="massacre_month")
    months = [one_month(each, words, of="massacre_month") for each in when.months]
    return [*massacres_in(when.span, when.months, words), *crossed(toll, months, massacre_people(words))]
