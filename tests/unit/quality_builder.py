"""Invented records for the quality gate, one row a person, in the types of the records table; a small suite."""

import copy
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.month import Month
from analysis.records.contract import parse_text, read_contract

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


GOOD_SUITE: dict[str, Any] = {
    "name": "one",
    "meta": {"frame": "records"},
    "expectations": [
        {
            "type": "expect_column_values_to_be_in_set",
            "kwargs": {"column": "party", "value_set": {"$PARAMETER": "parties"}},
            "severity": "critical",
            "description": "Every party is a code of its list",
            "meta": {
                "id": "one.party",
                "reason": "A reason.",
                "rule": "M9",
                "action": "An action.",
                "fault": {"set": {"party": "martian"}},
            },
        }
    ],
}


def write_suite(folder: Path, document: dict[str, Any], name: str = "one") -> Path:
    (folder / f"{name}.json").write_text(json.dumps(document), encoding="utf-8")
    return folder


def changed(**changes: Any) -> dict[str, Any]:
    """The good suite, its one expectation changed."""
    document = copy.deepcopy(GOOD_SUITE)
    document["expectations"][0] |= changes
    return document


def text_records(*changes: dict[str, str]) -> pd.DataFrame:
    """One good record per argument, all text, with the fields that the argument changes; ids R-1, R-2 …"""
    blank = dict.fromkeys(read_contract().index, "")
    rows = [
        blank | {"record_id": f"R-{nth}", "name": f"Invented {nth}"} | RECORD | change
        for nth, change in enumerate(changes, 1)
    ]
    return pd.DataFrame(rows, dtype=str)


def records(*changes: dict[str, str]) -> pd.DataFrame:
    """The same, typed as the records table gives them."""
    return parse_text(text_records(*changes)).to_pandas(date_as_object=False)


def year_of_records(each: Sequence[int] = (3, 3, 3, 3)) -> pd.DataFrame:
    """The last months up to November 2020, so many good records in each."""
    months = [*MONTH.back(len(each) - 1), MONTH]
    days = [f"{month}-15" for month, deaths in zip(months, each, strict=True) for _ in range(deaths)]
    return records(*[{"date_documented": day, "date_of_death": day, "date_of_incident": day} for day in days])
