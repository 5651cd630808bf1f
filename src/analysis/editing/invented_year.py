"""An invented year in which everything happens, in every month: to learn which claims a country's reports can make.

No record of it is of a person. For each party, and each kind of other party, there are people of each age and sex,
massacres, torture and mines, in every place; and there is a record for each reason to leave one out.
"""

from collections.abc import Iterator
from functools import cache
from itertools import cycle, product

import pandas as pd

from analysis.codelists import read_codelist
from analysis.method import method
from analysis.month import Month
from analysis.period import Period, When
from analysis.profiles import read_profile
from analysis.records.contract import parse_text, read_contract
from analysis.records.vintages import Vintage
from analysis.toll.definitions import OCCUPATIONS
from analysis.toll.outside import read_external
from analysis.toll.report_records import ReportRecords

INVENTED = "invented"
PEOPLE = (("", "child"), ("female", "adult"), ("male", "adult"), ("", "adult"), ("", ""))
LEFT_OUT = (
    {"withdrawn": INVENTED},
    {"duplicate_of": INVENTED},
    {"status": "combatant"},
    {"status": "not_determined"},
    {"verification": "pending"},
)
COMMON = {"status": "civilian", "verification": "verified", "torture": "true", "cause": "landmine",
          "date_documented_precision": "day", "date_of_death_precision": "day"}  # fmt: skip


@cache
def telling_months(profile: str) -> tuple[Month, ...]:
    """As few months as show every party that is ever in force, and every outside figure while it is current."""
    began = read_profile(profile).began.isoformat()[:7]
    parties, external = read_codelist("parties", profile).table["valid_from"], read_external()
    starts = {Month.parse(max(first[:7], began)) for first in parties}
    starts |= {Month.parse(first) for first in external["valid_from"] if first >= began}
    shown = {month: {*in_force("parties", profile, month), *_current(external, month)} for month in starts}
    chosen: list[Month] = []
    left = set().union(*shown.values())
    while left:
        chosen.append(max(shown, key=lambda month: (len(shown[month] & left), month)))
        left -= shown[chosen[-1]]
    return tuple(chosen)


def _current(external: pd.DataFrame, month: Month) -> list[str]:
    return list(external.index[(external["valid_from"] <= str(month)) & (str(month) <= external["valid_to"])])


@cache
def in_force(codelist: str, profile: str, month: Month) -> tuple[str, ...]:
    return tuple(read_codelist(codelist, profile).valid(month))


def invented_records(when: When, profile: str) -> ReportRecords:
    """What a report of a month or of a longer period would read, had all this happened in its year and the one before.

    Of a longer period, the last month counts as one without records.
    """
    window = _two_years(profile, when.first.year)
    vintage = Vintage(0, INVENTED, "", len(window), {"published": INVENTED}, profile=profile)
    held = [month for year in (when.first.year - 1, when.first.year) for month in Period(year).months]
    without = None if isinstance(when, Month) else when.months[-1]
    return ReportRecords(when, vintage, window, tuple(month for month in held if month != without))


@cache
def _two_years(profile: str, year: int) -> pd.DataFrame:
    rows = [row for one in (year - 1, year) for month in Period(one).months for row in _rows(profile, month)]
    blank = dict.fromkeys(read_contract().index, "")
    return parse_text(pd.DataFrame([blank | row for row in rows], dtype=str), profile).to_pandas(date_as_object=False)


def _rows(profile: str, month: Month) -> Iterator[dict[str, str]]:
    """A massacre for each party, each kind of other party and none; behind them one record for each reason to leave."""
    parties, kinds, places = (in_force(name, profile, month) for name in ("parties", "buckets", "governorates"))
    groups = [*((party, "") for party in parties), *product(["other"], kinds), ("", "")]
    # Enough of each to make a massacre, of all to make shares, and somebody in every place.
    least = max(method()["share_minimum_base"], len(places) + 1)
    size = max(len(PEOPLE), method()["massacre_threshold"], -(-least // len(groups)))
    dated = COMMON | {"date_documented": f"{month}-15", "date_of_death": f"{month.shift(-1)}-15"}
    where = cycle([*places, ""])
    for (group, (party, bucket)), nth in product(enumerate(groups), range(size)):
        again, kind = divmod(nth, len(PEOPLE))
        yield dated | {
            "record_id": f"{INVENTED}-{month}-{group}-{nth}", "incident_id": f"{INVENTED}-{month}-{group}",
            "party": party, "bucket": bucket, "governorate": next(where),
            "sex": PEOPLE[kind][0], "age_group": PEOPLE[kind][1],
            "occupation": OCCUPATIONS[(group + again) % len(OCCUPATIONS)],
            "allocated": "|".join(read_contract().index),
        }  # fmt: skip
    for nth, reason in enumerate(LEFT_OUT):
        yield dated | {"record_id": f"{INVENTED}-{month}-{nth}"} | reason
