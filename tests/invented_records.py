"""Invented records, one row a person, in the contract's columns: good ones, and what a test changes in them."""

import json
from collections.abc import Sequence

import pandas as pd

from analysis.codelists import SYRIA
from analysis.month import Month
from analysis.period import When
from analysis.records.contract import UNDATED, parse_text, read_contract
from analysis.records.counted import counted
from analysis.records.vintages import Vintage
from analysis.toll.claims import Claim
from analysis.toll.counting import Definition, count, mark_massacres
from analysis.toll.report_records import ReportRecords

MONTH = Month.parse("2020-11")
RECORD = {
    "sex": "male",
    "age": "34",
    "age_group": "adult",
    "occupation": "another",
    "status": "civilian",
    "verification": "verified",
    "date_documented": "2020-11-20",
    "date_documented_precision": "day",
    "date_of_death": "2020-11-10",
    "date_of_death_precision": "day",
    "date_of_incident": "2020-11-09",
    "date_of_incident_precision": "day",
    "governorate": "idlib",
    "place": "an invented village",
    "party": "syrian_regime",
    "responsibility": "sole",
    "cause": "shelling",
    "torture": "false",
    "sources": json.dumps([{"kind": "invented", "reference": "none"}]),
}


def text_records(*changes: dict[str, str]) -> pd.DataFrame:
    """One good record per argument, all text, with the fields that the argument changes; ids R-1, R-2 …"""
    blank = dict.fromkeys(read_contract().index, "")
    rows = [
        blank | {"record_id": f"R-{nth}", "name": f"Invented {nth}"} | RECORD | change
        for nth, change in enumerate(changes, 1)
    ]
    return pd.DataFrame(rows, dtype=str)


def records(*changes: dict[str, str], profile: str = SYRIA) -> pd.DataFrame:
    """The same, typed as the records table gives them."""
    return parse_text(text_records(*changes), profile).to_pandas(date_as_object=False)


def year_of_records(each: Sequence[int] = (3, 3, 3, 3)) -> pd.DataFrame:
    """The last months up to November 2020, so many good records in each."""
    months = [*MONTH.back(len(each) - 1), MONTH]
    days = [f"{month}-15" for month, deaths in zip(months, each, strict=True) for _ in range(deaths)]
    return records(*[{"date_documented": day, "date_of_death": day, "date_of_incident": day} for day in days])


def month_records(window: pd.DataFrame, month: When = MONTH, *, profile: str = SYRIA) -> ReportRecords:
    """What a report reads, with these records for its window; their extract names no published figures."""
    held = tuple(Month.parse(each) for each in sorted(window["month"].unique()) if each != UNDATED)
    return ReportRecords(month, Vintage(0, "invented.csv", "", len(window), {}, profile=profile), window, held)


def claims_of(window: pd.DataFrame, definitions: Sequence[Definition]) -> dict[str, Claim]:
    """The claims that definitions make over the records that count, by id."""
    return {claim.id: claim for claim in count(mark_massacres(counted(window)), definitions)}
