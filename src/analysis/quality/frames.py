"""The frames that the quality suites look at: records, incidents and months, with the columns that a check needs.

A derived column is blank where its rule does not apply: Great Expectations skips blanks, so that the rows it says
it tested are the rows that the rule is about.
"""

from collections.abc import Iterable

import narwhals as nw
import numpy as np
import pandas as pd

from analysis.codelists import SYRIA, age_group_of, read_codelist
from analysis.method import method
from analysis.month import Month
from analysis.profiles import read_profile
from analysis.quality.borders import degrees_outside
from analysis.quality.duplicates import folded, met_in, same_person
from analysis.records.contract import coded_fields, read_contract
from analysis.records.counted import COUNTS

DATES = ("date_documented", "date_of_death", "date_of_incident", "date_of_arrest", "date_of_notice")
_PERIODS = {"month": "datetime64[M]", "year": "datetime64[Y]"}


def quality_window(month: Month) -> list[Month]:
    """The months to read for the gate: those that the volume is compared with, then the month (METHOD M22)."""
    return [*month.back(int(method()["volume_months"])), month]


def quality_frames(window: pd.DataFrame, month: Month, *, profile: str = SYRIA) -> dict[str, pd.DataFrame]:
    """The frames by name; each has `record_ids`, the records behind a row.

    In    one row per record of `quality_window`, all statuses and verifications, in the contract's columns and `month`.
    Out   `records`: one row per record of the month; `incidents`: one row per incident that a counted record of the
          month belongs to, over the window; `months`: one row per month of the window that has records.
    """
    window = _add_counted(window)
    records = plain(window[_looked_at(window, month)]).pipe(_add_dates)
    records = records.assign(same_person_day=same_person(records, {"day"}))
    records = records.assign(same_person_period=same_person(records, {"month", "year"}))
    in_month = records["month"] == str(month)
    return {
        "records": _records(records, in_month, profile),
        "incidents": _incidents(records, in_month),
        "months": _months(window, month),
    }


def _looked_at(window: pd.DataFrame, month: Month) -> "pd.Series[bool]":
    """The records of the month, and of the others those that share an incident or a date of death with one of them."""
    in_month = window["month"] == str(month)
    incident, death = (window.loc[in_month, field].dropna() for field in ("incident_id", "date_of_death"))
    return in_month | window["incident_id"].isin(incident) | window["date_of_death"].isin(death)


def plain(window: pd.DataFrame) -> pd.DataFrame:
    """Codes, flags and texts as plain objects, blank as None: one kind of blank for every check."""
    contract = read_contract()["type"]
    fields = [field for field, kind in contract.items() if kind in {"code", "flag", "text"}]
    return window.assign(**{field: _blank_as_none(window[field]) for field in fields})


def _blank_as_none(values: pd.Series) -> pd.Series:
    objects = values.to_numpy(dtype=object, copy=True)
    objects[values.isna().to_numpy()] = None
    return pd.Series(objects, index=values.index, dtype=object)


def _add_counted(records: pd.DataFrame) -> pd.DataFrame:
    """Mark what the toll counts, by the toll's own condition (METHOD M1, M3)."""
    marked = nw.from_native(records).select(COUNTS.fill_null(False).alias("counted")).to_native()
    return records.assign(counted=marked["counted"].astype(bool))


def _add_dates(records: pd.DataFrame) -> pd.DataFrame:
    """For each date the first and the last day that it can mean at its precision (METHOD M5)."""
    spans: dict[str, np.ndarray] = {}
    for field in DATES:
        days = pd.to_datetime(records[field]).to_numpy("datetime64[D]")
        precision = records[f"{field}_precision"].fillna("day")
        earliest = latest = np.where(precision.isin(["day", *_PERIODS]), days, np.datetime64("NaT", "D"))
        for name, unit in _PERIODS.items():
            first = days.astype(unit)
            earliest = np.where(precision == name, first.astype("datetime64[D]"), earliest)
            latest = np.where(precision == name, (first + 1).astype("datetime64[D]") - 1, latest)
        spans |= {
            f"{field}_earliest": earliest.astype("datetime64[s]"),
            f"{field}_latest": latest.astype("datetime64[s]"),
        }
    return records.assign(**spans)


def _records(records: pd.DataFrame, in_month: pd.Series, profile: str) -> pd.DataFrame:
    month = records[in_month].reset_index(drop=True)
    before = records[~in_month & records["counted"]]
    fighters = records[records["status"] == "combatant"]
    return month.assign(
        record_ids=[(record,) for record in month["record_id"]],
        month_documented=_month_documented(month),
        death_day_number=_day_number(month["date_of_death_latest"]),
        incident_day_number=_day_number(month["date_of_incident_latest"]),
        named=(month["name"].map(folded) != "").astype(object).where(month["name"].map(folded) != "", None),
        strange_precisions=_strange_precisions(month),
        dates_against_precision=_dates_against_precision(month),
        party_in_force=_party_in_force(month, profile),
        candidates=_count(month["candidate_parties"]),
        strange_candidates=_strange(month, "candidate_parties", profile),
        strange_consents=_strange(month, "consents", profile),
        consents_to_publication=_holding(month["consents"], "publication"),
        source_count=_count(month["sources"]),
        age_group_of_age=_age_group_of_age(month["age"]),
        woman_and_child=_woman_and_child(month),
        coordinates_given=month[["latitude", "longitude"]].notna().sum(axis="columns"),
        degrees_outside=degrees_outside(month["longitude"], month["latitude"], read_profile(profile).map),
        documented_before=met_in(month["same_person_day"], before["same_person_day"]),
        recorded_as_fighter=met_in(month["same_person_day"], fighters["same_person_day"]),
    )


def _day_number(days: pd.Series) -> pd.Series:
    """A day as the number YYYYMMDD: a bound written so in a suite is readable, and compared fast."""
    return days.dt.year * 10_000 + days.dt.month * 100 + days.dt.day


def _month_documented(records: pd.DataFrame) -> pd.Series:
    """The month of date_documented; blank where only its year is known."""
    first, last = (records[f"date_documented_{end}"].dt.strftime("%Y-%m") for end in ("earliest", "latest"))
    return first.where(first == last).astype(object)


def _strange_precisions(records: pd.DataFrame) -> pd.Series:
    """How many of a record's dates have a precision that is not in the code list; blank where none has one."""
    given = records[[f"{field}_precision" for field in DATES]]
    strange = given.notna() & ~given.isin(read_codelist("precisions").codes)
    return strange.sum(axis="columns").astype(float).where(given.notna().any(axis="columns"))


def _dates_against_precision(records: pd.DataFrame) -> pd.Series:
    """How many of a record's dates are there without being known, or known without being there.

    A date of which nobody says how exactly it is known is not known as exactly as it looks.
    """
    against = pd.Series(0, index=records.index)
    for field in DATES:
        given, precision = records[field].notna(), records[f"{field}_precision"]
        known = precision.isin(["day", *_PERIODS])
        against += (given & (precision.isna() | (precision == "unknown"))) | (~given & known)
    return against


def _party_in_force(records: pd.DataFrame, profile: str) -> pd.Series:
    """Whether the party existed when the person may have been killed; blank for an unknown code (METHOD M9).

    Judged at the incident, else the death. Where neither is dated the party need only have existed before the
    death was documented: deaths at the hands of a party that is gone are documented for years.
    """
    parties = read_codelist("parties", profile).table
    start = pd.to_datetime(records["party"].map(parties["valid_from"]))
    end = pd.to_datetime(records["party"].map(parties["valid_to"]).replace("", None))
    earliest = records["date_of_incident_earliest"].fillna(records["date_of_death_earliest"])
    latest = records["date_of_incident_latest"].fillna(records["date_of_death_latest"])
    latest = latest.fillna(records["date_documented_latest"])
    in_force = ((start <= latest) | latest.isna()) & ~(end < earliest)
    return in_force.astype(object).where(records["party"].isin(parties.index), None)


def _count(lists: pd.Series) -> pd.Series:
    return lists.map(lambda values: len(_values(values))).astype(int)


def _values(values: object) -> list[object]:
    return list(values) if isinstance(values, Iterable) and not isinstance(values, str) else []


def _strange(records: pd.DataFrame, field: str, profile: str) -> pd.Series:
    """How many values of a field with several codes are not in its list; blank where there is none."""
    known = set(read_codelist(coded_fields()[field], profile).codes)
    counts = records[field].map(lambda values: len([one for one in _values(values) if one not in known]))
    return counts.astype(float).where(_count(records[field]) > 0)


def _holding(lists: pd.Series, code: str) -> pd.Series:
    return lists.map(lambda values: code in _values(values)).astype(bool)


def _age_group_of_age(ages: pd.Series) -> pd.Series:
    """The age group of each age; blank without one."""
    return pd.Series([age_group_of(age) for age in ages], index=ages.index, dtype=object)


def _woman_and_child(records: pd.DataFrame) -> pd.Series:
    """Whether a female is both child and woman, by age group or age; blank for everybody else (METHOD M2)."""
    groups = records[["age_group"]].assign(of_age=_age_group_of_age(records["age"]))
    both = (groups == "child").any(axis="columns") & (groups == "adult").any(axis="columns")
    asked = (records["sex"] == "female") & groups.isin(["child", "adult"]).any(axis="columns")
    return both.astype(object).where(asked, None)


def _incidents(records: pd.DataFrame, in_month: pd.Series) -> pd.DataFrame:
    counted = records[records["counted"] & records["incident_id"].notna()]
    touched = counted[counted["incident_id"].isin(counted.loc[in_month[counted.index], "incident_id"])]
    incidents = (
        _add_dates(touched)
        .groupby("incident_id", sort=True)
        .agg(
            deaths=("record_id", "size"),
            parties=("party", "nunique"),
            governorates=("governorate", "nunique"),
            dated=("date_of_incident_earliest", "count"),
            date_not_before=("date_of_incident_earliest", "max"),
            date_not_after=("date_of_incident_latest", "min"),
            record_ids=("record_id", lambda ids: tuple(sorted(ids))),
        )
    )
    return incidents.assign(massacre=incidents["deaths"] >= method()["massacre_threshold"]).reset_index()


def _months(records: pd.DataFrame, month: Month) -> pd.DataFrame:
    deaths = records.groupby("month", sort=True)["counted"].sum().astype(int)
    before = deaths[deaths.index < str(month)]
    months = deaths.rename("deaths").reset_index()
    reported = months["month"] == str(month)
    times = months["deaths"] / before.median() if len(before) and before.median() > 0 else pd.NA
    return months.assign(
        reported=reported,
        months_before=len(before),
        times_the_median=pd.to_numeric(pd.Series(times, index=months.index).where(reported), errors="coerce"),
        record_ids=[()] * len(months),
    )
