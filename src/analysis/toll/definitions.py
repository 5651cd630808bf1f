"""What the monthly report counts: every count claim's id, rule, condition and words.

Ids follow `<measure>.<period>[.<dimension>.<code>][.<part>]`; rules are METHOD's numbers.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from urllib.parse import quote

import narwhals as nw
import pandas as pd

from analysis.codelists import NOT_RECORDED, SYRIA, CodeList, read_codelist
from analysis.method import method
from analysis.month import Month
from analysis.period import When
from analysis.profiles import country_words
from analysis.records.contract import coded_fields
from analysis.toll.counting import Definition

EVERYONE = nw.col("record_id").is_null() | ~nw.col("record_id").is_null()
OCCUPATIONS = ("medical", "media", "civil_defense", "relief")
AGE_SEX = ("children", "women", "men", "adults", NOT_RECORDED)


@dataclass(frozen=True)
class Vocabulary:
    """The words of the definitions in one language."""

    language: str
    profile: str = SYRIA

    def codelist(self, name: str) -> CodeList:
        return read_codelist(name, self.profile)

    def __getitem__(self, group: str) -> dict[str, str]:
        words: dict[str, str] = country_words(self.language, "definitions", self.profile)[group]
        return words

    def label(self, codelist: str, code: str) -> str:
        return self.codelist(codelist).label(code, self.language)


@cache
def is_code(field: str, code: str) -> nw.Expr:
    return nw.col(field) == code


@cache
def is_blank(field: str) -> nw.Expr:
    return nw.col(field).is_null()


CHILD = is_code("age_group", "child")
WOMAN = is_code("sex", "female") & is_code("age_group", "adult")
MAN = is_code("sex", "male") & is_code("age_group", "adult")


def measure(name: str, words: Vocabulary) -> Definition:
    """One of the things that are counted, before any period (METHOD M1, M12, M13, M14, M15)."""
    rule, holds = {
        "civilians": ("M1", EVERYONE),
        "torture": ("M13", nw.col("torture")),
        "landmines": ("M12", is_code("cause", "landmine")),
        "massacres": ("M14", ~is_blank("massacre_month")),
        **{code: ("M15", is_code("occupation", code)) for code in OCCUPATIONS},
    }[name]
    text = words["measures"][name].format(threshold=method()["massacre_threshold"])
    return Definition(name, rule, text, holds, "incidents" if name == "massacres" else "people")


def period(name: str, months: Sequence[Month], words: Vocabulary, *, of: str = "month") -> Definition:
    """Documented in some months (METHOD M5, M6); `of` is the column that holds the month."""
    text = words["periods"][name].format(first=months[0], month=months[-1])
    return Definition(name, "M5" if len(months) == 1 else "M6", text, _within(tuple(months), of), "same")


@cache
def _within(months: tuple[Month, ...], column: str) -> nw.Expr:
    return nw.col(column).is_in([str(month) for month in months])


def one_month(month: Month, words: Vocabulary, *, of: str = "month") -> Definition:
    """One month of several, as a dimension: `month.2020-03`; `of` as for a period."""
    text = words["periods"]["one_month"].format(month=month)
    return Definition(f"month.{month}", "M5", text, _within((month,), of), "same")


def one_year(year: int, months: Sequence[Month], words: Vocabulary, *, of: str = "month") -> Definition:
    """The months of one year among several, as a dimension: `year.2020`; `of` as for a period (METHOD M30)."""
    text = words["periods"]["one_month"].format(month=year)
    return Definition(f"year.{year}", "M6", text, _within(tuple(months), of), "same")


def parts(words: Vocabulary) -> list[Definition]:
    """Children and women among those counted: they never overlap (METHOD M2)."""
    named = {"children": CHILD, "women": WOMAN}
    return [Definition(name, "M2", words["parts"][name], holds, "people") for name, holds in named.items()]


def _by(
    dimension: str, field: str, codes: Iterable[str], rule: str, words: Vocabulary, *, of: str = ""
) -> list[Definition]:
    text, codelist = words["dimensions"][dimension], coded_fields()[field]
    return [
        Definition(
            f"{dimension}.{code}",
            rule,
            text.format(label=words.label(codelist, code)),
            is_code(of or field, code),
            "same",
        )
        for code in codes
    ]


def _not_recorded(dimension: str, field: str, rule: str, words: Vocabulary) -> Definition:
    return Definition(f"{dimension}.{NOT_RECORDED}", rule, words["not_recorded"][dimension], is_blank(field), "same")


def by_party(months: Sequence[Month], words: Vocabulary, *, of: str = "party") -> list[Definition]:
    """Each party in force in one of the months, in list order, and those not recorded (METHOD M9)."""
    parties = words.codelist("parties")
    in_force = {code for month in months for code in parties.valid(month)}
    named = _by("party", "party", [code for code in parties.codes if code in in_force], "M9", words, of=of)
    return [*named, _not_recorded("party", of, "M9", words)]


def by_other(words: Vocabulary, *, party: str = "party", bucket: str = "bucket") -> list[Definition]:
    """Each kind of other party, and those whose kind is not recorded (METHOD M11)."""
    kinds = _by("other", "bucket", words.codelist("buckets").codes, "M11", words, of=bucket)
    return [
        replace(kind, holds=is_code(party, "other") & kind.holds)
        for kind in [*kinds, _not_recorded("other", bucket, "M11", words)]
    ]


def by_governorate(words: Vocabulary) -> list[Definition]:
    """Each governorate of death, and those not recorded (METHOD M8)."""
    places = _by("governorate", "governorate", words.codelist("governorates").codes, "M8", words)
    return [*places, _not_recorded("governorate", "governorate", "M8", words)]


def by_age_sex(words: Vocabulary) -> list[Definition]:
    """Children, women and men as recorded; nobody becomes a man by subtraction (METHOD M2)."""
    adults = is_code("age_group", "adult") & ~WOMAN.fill_null(False) & ~MAN.fill_null(False)
    known = [CHILD, WOMAN, MAN, adults]
    rest = ~(known[0].fill_null(False) | is_code("age_group", "adult").fill_null(False))
    texts = words["age_sex"]
    return [
        Definition(f"age_sex.{code}", "M2", texts[code], holds, "same")
        for code, holds in zip(AGE_SEX, [*known, rest], strict=True)
    ]


def crossed(base: Definition, by: Iterable[Definition], then: Iterable[Definition] = ()) -> list[Definition]:
    """A breakdown of `base`: each of its codes, followed by each of that code's parts."""
    then = list(then)
    return [each for code in by for each in [base & code, *(base & code & part for part in then)]]


def monthly(
    month: Month, *, language: str = "en", profile: str = SYRIA, held: Iterable[Month] = ()
) -> list[Definition]:
    """Every count of the monthly report, toll first, in the order of the report.

    `held` are the months the records table holds: a month before or a year before that it lacks is not claimed.
    """
    words = Vocabulary(language, profile)
    this = period("month", [month], words)
    so_far = period("ytd", month.year_so_far, words)
    return [
        *_civilians(month, this, so_far, words),
        *_earlier(month, set(held), words),
        *died_earlier(month, this, words),
        *_torture(month, this, so_far, words),
        *_landmines_and_occupations(this, so_far, words),
        *_massacres(month, words),
    ]


def _civilians(month: Month, this: Definition, so_far: Definition, words: Vocabulary) -> list[Definition]:
    toll, people = measure("civilians", words), parts(words)
    months = [one_month(each, words) for each in month.year_so_far]
    return [
        toll & this,
        *crossed(toll & this, people),
        toll & so_far,
        *crossed(toll & so_far, people),
        *crossed(toll & this, by_party([month], words), people),
        *crossed(toll & so_far, by_party(month.year_so_far, words), people),
        *crossed(toll & this, by_other(words), people),
        *crossed(toll & so_far, by_other(words), people),
        *crossed(toll & this, by_governorate(words)),
        *crossed(toll & so_far, by_governorate(words)),
        *crossed(toll & this, by_age_sex(words)),
        *crossed(toll & so_far, months, people),
    ]


def _earlier(month: Month, held: set[Month], words: Vocabulary) -> list[Definition]:
    named = {"previous_month": month.shift(-1), "month_last_year": month.shift(-12)}
    toll = measure("civilians", words)
    found = [toll & period(name, [when], words) for name, when in named.items() if when in held]
    return [each for one in found for each in [one, *crossed(one, parts(words))]]


def died_earlier(when: When, this: Definition, words: Vocabulary) -> list[Definition]:
    """Of how many of the dead the date of death is recorded, and how many are known to have died before (METHOD M5)."""
    texts, toll = words["dates"], measure("civilians", words) & this
    known = ~is_blank("date_of_death")
    precision = "date_of_death_precision"
    # A date of which only the year is known holds 1 January: it is earlier for certain only in an earlier year.
    by_day = (nw.col("date_of_death") < midnight(when.first)) & (
        is_code(precision, "day") | is_code(precision, "month")
    )
    by_year = (nw.col("date_of_death") < midnight(when.first.replace(month=1))) & is_code(precision, "year")
    earlier = known & (by_day | by_year)
    return [
        toll & Definition("death_recorded", "M5", texts["death_recorded"], known, "same"),
        toll & Definition("died_earlier", "M5", texts["died_earlier"].format(month=when), earlier, "same"),
    ]


def midnight(day: date) -> datetime:
    """The beginning of a day, as dates of records are compared."""
    return datetime(day.year, day.month, day.day)  # noqa: DTZ001 (dates of records have no time zone)


def _torture(month: Month, this: Definition, so_far: Definition, words: Vocabulary) -> list[Definition]:
    toll, parties = measure("torture", words), by_party(month.year_so_far, words)
    months = [one_month(each, words) for each in month.year_so_far]
    return [
        toll & this,
        *crossed(toll & this, parts(words)),
        *crossed(toll & this, by_party([month], words)),
        toll & so_far,
        *crossed(toll & so_far, parts(words)),
        *crossed(toll & so_far, parties),
        *crossed(toll & so_far, months, parties),
    ]


def _landmines_and_occupations(this: Definition, so_far: Definition, words: Vocabulary) -> list[Definition]:
    names = ["landmines", *OCCUPATIONS]
    tolls = [measure(name, words) & when for name in names for when in (this, so_far)]
    return [each for toll in tolls for each in [toll, *crossed(toll, parts(words))]]


def _massacres(month: Month, words: Vocabulary) -> list[Definition]:
    return [*massacres_in("month", [month], words), *massacres_in("ytd", month.year_so_far, words)]


def massacres_in(name: str, months: Sequence[Month], words: Vocabulary) -> list[Definition]:
    """The massacres of some months and the people killed in them, by party and kind of other party (METHOD M14)."""
    toll = measure("massacres", words) & period(name, months, words, of="massacre_month")
    people = massacre_people(words)
    return [
        toll,
        *crossed(toll, people),
        *crossed(toll, by_party(months, words, of="massacre_party"), people),
        *crossed(toll, by_other(words, party="massacre_party", bucket="massacre_bucket"), people),
    ]


def massacre_people(words: Vocabulary) -> list[Definition]:
    """The dead of massacres, and the children and women among them."""
    return [Definition("deaths", "M14", words["parts"]["deaths"], EVERYONE, "people"), *parts(words)]


def incident_code(incident_id: str) -> str:
    """An incident's id as part of a claim's: any sign but letters, digits, dots and dashes by its bytes (~20)."""
    return re.sub(r"[^\w.-]", lambda sign: quote(sign[0], safe="").replace("%", "~"), incident_id)


def massacres_of(records: pd.DataFrame, month: Month, *, language: str = "en") -> list[Definition]:
    """The dead, children and women of each massacre documented in the month.

    In    counted records with `massacre_month`.
    """
    words = Vocabulary(language)
    ids = sorted(records.loc[records["massacre_month"] == str(month), "incident_id"].dropna().unique())
    this = measure("massacres", words) & period("month", [month], words, of="massacre_month")
    text = words["dimensions"]["incident"]
    incidents = [
        Definition(f"incident.{incident_code(one)}", "M14", text.format(code=one), is_code("incident_id", one), "same")
        for one in ids
    ]
    return [this & each & part for each in incidents for part in massacre_people(words)]
