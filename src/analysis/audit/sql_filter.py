"""Count claims as SQL conditions, read from their ids and written from METHOD.md's words.

Apart from the first definitions (`analysis.toll.definitions`, `counting`), and importing neither, so that a rule that
is wrong in one of them is seen. An id that is not understood has no filter: nothing is guessed.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import unquote

from analysis.codelists import SYRIA, read_codelist
from analysis.month import Month
from analysis.period import When, compared
from analysis.records.contract import read_contract

# METHOD M1, M3 and M25: who counts, and for whom else a record stands.
STANDS = "withdrawn IS NULL AND duplicate_of IS NULL"
COUNTED = f"status = 'civilian' AND verification = 'verified' AND {STANDS}"
ATTRITION = {
    "read": "true",
    "withdrawn": "withdrawn IS NOT NULL",
    "duplicates": "withdrawn IS NULL AND duplicate_of IS NOT NULL",
    "fighters": f"{STANDS} AND status = 'combatant'",
    "status_not_determined": f"{STANDS} AND status = 'not_determined'",
    "not_verified": f"{STANDS} AND status = 'civilian' AND verification IS DISTINCT FROM 'verified'",
    "counted": COUNTED,
}
MEASURES = {
    "civilians": "true",
    "torture": "torture",
    "landmines": "cause = 'landmine'",
    **{code: f"occupation = '{code}'" for code in ("medical", "media", "civil_defense", "relief")},
}
# METHOD M2: the groups never overlap, and nobody becomes a man by subtraction.
AGE_SEX = {
    "children": "age_group = 'child'",
    "women": "age_group = 'adult' AND sex = 'female'",
    "men": "age_group = 'adult' AND sex = 'male'",
    "adults": "age_group = 'adult' AND (sex IS NULL OR sex NOT IN ('female', 'male'))",
    "not_recorded": "(age_group IS NULL OR age_group NOT IN ('child', 'adult'))",
}
CODE_LISTS = {"party": "parties", "other": "buckets", "governorate": "governorates"}
COLUMNS = {"party": "party", "other": "bucket", "governorate": "governorate"}
MASSACRE_COLUMNS = {"party": "massacre_party", "other": "massacre_kind"}
# METHOD M10: of a party's toll, what no other party is a candidate of; with what it is a candidate of itself.
BOUNDS = {
    "least": "({own} AND NOT {other})",
    "most": "({own} OR {candidate})",
    "may_lose": "({own} AND {other})",
    "may_gain": "({candidate} AND NOT {own})",
}
CLAIM = re.compile(
    r"(?P<measure>\w+)\.(?P<period>\w+)(\.month\.(?P<month>\d{4}-\d\d))?"
    r"(\.(?P<dimension>party|other|governorate|age_sex)\.(?P<code>\w+)|\.day\.(?P<day>[\w-]+)|\.incident\.(?P<incident>.+?))?"
    r"(\.month\.(?P<own_month>\d{4}-\d\d)|\.year\.(?P<year>\d{4})|\.(?P<within>party|governorate)\.(?P<where>\w+))?"
    r"(\.(?P<part>children|women|deaths|death_recorded|died_earlier|without\.cause|without\.incident_id"
    r"|least|most|may_lose|may_gain))?"
)
STEP = re.compile(r"records\.(?P<span>\w+)\.((?P<step>\w+)|allocated\.(?P<field>\w+))")


@dataclass(frozen=True)
class Filter:
    """A count claim in SQL: what a record must fulfil, and whether `*` or each `DISTINCT incident_id` counts."""

    conditions: tuple[str, ...]
    of: str = "*"

    @property
    def sql(self) -> str:
        """The whole question: the claim's value, and the ids of the records behind it."""
        asked = f"count({self.of}), list(record_id ORDER BY record_id)"
        return f"SELECT {asked}\nFROM deaths\nWHERE " + "\n  AND ".join(self.conditions)


def sql_filter(claim_id: str, when: When, *, profile: str = SYRIA) -> Filter | None:
    """A claim's filter, read from its id; None for a claim that counts no records, or is not understood."""
    step, claim = STEP.fullmatch(claim_id), CLAIM.fullmatch(claim_id)
    try:
        if step:
            return _filter(_attrition(step, when))
        if claim and claim["measure"] == "massacres":
            return _filter(_massacre(claim, when, profile), of="*" if claim["part"] else "DISTINCT incident_id")
        return _filter(_people(claim, when, profile)) if claim else None
    except KeyError:  # a measure, period, code or part that METHOD.md and the code lists do not have
        return None


def _filter(conditions: Iterable[str], of: str = "*") -> Filter:
    return Filter(tuple(one for one in conditions if one != "true"), of)


def _attrition(step: re.Match[str], when: When) -> Iterator[str]:
    """A step from records read to records counted (METHOD M21), or a field filled by a written rule (M20)."""
    _known(step["span"], [when.span])
    yield _between("date_documented", when.first, when.last)
    if step["step"]:
        yield ATTRITION[step["step"]]
    else:
        yield COUNTED
        yield f"list_contains(allocated, {_text(_known(step['field'], read_contract().index))})"


def _people(claim: re.Match[str], when: When, profile: str) -> Iterator[str]:
    """The people killed, or some of them, by month of documentation (METHOD M1, M5, M12, M13, M15)."""
    parts: dict[str | None, str] = {
        None: "true",
        "children": AGE_SEX["children"],
        "women": AGE_SEX["women"],
        "death_recorded": "date_of_death IS NOT NULL",
        "died_earlier": _died_before(when.first),
        **{f"without.{field}": f"{field} IS NULL" for field in ("cause", "incident_id")},
    }
    yield COUNTED
    yield MEASURES[claim["measure"]]
    yield from _documented("date_documented", claim, when)
    if claim["part"] in BOUNDS and claim["dimension"] == "party":
        yield _bound(claim["part"], claim["code"], profile)
        return
    yield from _among(COLUMNS, claim, profile)
    if claim["day"]:
        yield _died_on(claim["day"], *_periods(when)[_known(claim["period"], ["month"])])
    yield parts[claim["incident"] or claim["part"]]


def _bound(part: str, code: str, profile: str) -> str:
    """What of a party's toll is open, and what of others' could be its own (METHOD M10)."""
    codes = read_codelist("parties", profile).codes
    own = "party IS NULL" if code == "not_recorded" else f"party = {_text(_known(code, codes))}"
    others = ", ".join(_text(one) for one in codes if one != code)
    return BOUNDS[part].format(
        own=f"coalesce({own}, false)",
        other=f"coalesce(list_has_any(candidate_parties, [{others}]), false)",
        candidate=f"coalesce(list_contains(candidate_parties, {_text(code)}), false)",
    )


def _massacre(claim: re.Match[str], when: When, profile: str) -> Iterator[str]:
    """Massacres of a period, and everybody recorded as killed in them, in whichever month (METHOD M14)."""
    parts = {"deaths": "true", "children": AGE_SEX["children"], "women": AGE_SEX["women"]}
    if claim["day"]:
        raise KeyError(claim["day"])
    yield COUNTED
    yield from _documented("massacre_reached", claim, when)
    yield from _among(MASSACRE_COLUMNS, claim, profile)
    if claim["incident"]:
        incident = unquote(claim["incident"].replace("~", "%"))  # any other sign than \w.- is written as its bytes: ~20
        yield f"incident_id = {_text(incident)}"
    if claim["part"] or claim["incident"]:
        yield parts[claim["part"]]


def _documented(column: str, claim: re.Match[str], when: When) -> Iterator[str]:
    """The period, and one month of it (METHOD M5, M6)."""
    first, last = _periods(when)[claim["period"]]
    yield _between(column, first, last)
    if asked := claim["month"] or claim["own_month"]:
        month = {str(each): each for each in _months(first, last)}[asked]
        yield _between(column, month.first, month.last)
    if claim["year"]:
        year = {str(each.year): each.year for each in _months(first, last)}[claim["year"]]
        yield _between(column, date(year, 1, 1), date(year, 12, 31))


def _periods(when: When) -> dict[str, tuple[date, date]]:
    """First and last day of each period that claims of a report may be about."""
    periods: dict[str, When] = {when.span: when} | compared(when)
    days = {name: (one.first, one.last) for name, one in periods.items()}
    return days | ({"ytd": (date(when.year, 1, 1), when.last)} if isinstance(when, Month) else {})


def _months(first: date, last: date) -> Iterator[Month]:
    month = Month(first.year, first.month)
    while month.first <= last:
        yield month
        month = month.shift(1)


def _among(columns: Mapping[str, str], claim: re.Match[str], profile: str) -> Iterator[str]:
    """One code of a breakdown, and of another behind it (METHOD M2, M8, M9, M11, M30)."""
    yield from _coded(columns, claim["dimension"], claim["code"], profile)
    yield from _coded(columns, claim["within"], claim["where"], profile)


def _coded(columns: Mapping[str, str], dimension: str | None, code: str, profile: str) -> Iterator[str]:
    """The code of one breakdown; "not recorded" is a blank and no code (M20)."""
    if dimension == "age_sex" and columns is COLUMNS:
        yield AGE_SEX[code]
    elif dimension:
        if dimension == "other":
            yield f"{columns['party']} = 'other'"
        if code == "not_recorded":
            yield f"{columns[dimension]} IS NULL"
        else:
            yield f"{columns[dimension]} = {_text(_known(code, read_codelist(CODE_LISTS[dimension], profile).codes))}"


def _known(code: str, codes: Collection[str]) -> str:
    """A code that a list holds. Raises KeyError for any other."""
    if code not in codes:
        raise KeyError(code)
    return code


def _died_before(first: date) -> str:
    """Known to have died before a day: of a date of which only the year is known, its year decides (METHOD M5)."""
    by_day = f"date_of_death_precision IN ('day', 'month') AND date_of_death < DATE '{first}'"
    by_year = f"date_of_death_precision = 'year' AND year(date_of_death) < {first.year}"
    return f"({by_day} OR {by_year})"


def _died_on(code: str, first: date, last: date) -> str:
    """On a day of the month, on an exact day before or after it, or on no day that is exactly known (METHOD M5)."""
    exact = "date_of_death IS NOT NULL AND date_of_death_precision IS NOT DISTINCT FROM 'day'"
    days = [str(first.replace(day=nth)) for nth in range(1, last.day + 1)]
    named = {
        **{day: f"{exact} AND date_of_death = DATE '{day}'" for day in days},
        "earlier": f"{exact} AND date_of_death < DATE '{first}'",
        "later": f"{exact} AND date_of_death > DATE '{last}'",
        "not_recorded": f"NOT ({exact})",
    }
    return named[code]


def _between(column: str, first: date, last: date) -> str:
    return f"{column} BETWEEN DATE '{first}' AND DATE '{last}'"


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
