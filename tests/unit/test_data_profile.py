"""The profile of a vintage: blanks by month, delays, days that look made up, values in no list."""

from pathlib import Path

import pandas as pd
import pytest
from invented_records import records

from analysis.method import method
from analysis.records.vintages import Vintage
from analysis.toll.data_profile import (
    blanks,
    delays,
    percentile,
    profile_claims,
    read_unlisted,
    suspicious_days,
    time_of,
)


def documented(day: str, **more: str) -> dict[str, str]:
    return {"date_documented": day} | more


def died(day: str, times: int = 1) -> list[dict[str, str]]:
    return [{"date_of_death": day, "date_of_incident": "", "date_of_incident_precision": ""}] * times


def test_blanks_are_counted_by_month_and_stand_before_those_of_no_month() -> None:
    standing = records(
        documented("2020-11-20", cause=""),
        documented("2020-10-20"),
        documented("2020-10-21", cause=""),
        documented("", date_documented_precision="unknown"),
    )
    recorded = pd.DataFrame({"field": ["cause"], "ids": [["R-2", "R-4"]]})
    found = blanks(standing, recorded)
    assert [(row.time, row.ids) for row in found.itertuples()] == [
        ("2020-10", ["R-3"]), ("2020-11", ["R-1"]), ("undated", [])
    ]  # fmt: skip


def test_more_months_than_a_picture_holds_are_shown_by_year() -> None:
    most = method()["profile"]["columns"]
    days = [f"{2019 + nth // 12}-{nth % 12 + 1:02d}-15" for nth in range(most + 1)]
    assert set(time_of(records(*map(documented, days[:-1])))) == {day[:7] for day in days[:-1]}
    assert set(time_of(records(*map(documented, days)))) == {"2019", "2020"}


def test_delay_is_counted_only_where_both_days_are_known() -> None:
    standing = records(
        documented("2020-11-20"),  # died on the 10th
        documented("2020-11-09"),
        documented("2020-11-01", date_documented_precision="month"),
        documented("2020-11-20", date_of_death="2020-11-01", date_of_death_precision="month"),
        documented("2020-11-20", date_of_death="", date_of_death_precision=""),
    )
    assert delays(standing).to_dict() == {"R-2": -1, "R-1": 10}


@pytest.mark.parametrize(("percent", "value"), [(0, 1), (25, 1), (26, 2), (50, 2), (75, 5), (90, 40), (100, 40)])
def test_percentile_is_a_delay_that_was_met(percent: int, value: int) -> None:
    assert percentile([1, 2, 5, 40], percent) == value


def test_day_is_suspicious_by_number_and_by_what_is_usual_in_its_year() -> None:
    """Least 10, five times the middle day, on the first of a month twice: see data/method.yml."""
    usual = [one for nth in range(5) for one in died(f"2020-03-{nth + 10}", 3)]
    days = [*usual, *died("2020-03-20", 14), *died("2020-03-21", 15), *died("2020-04-01", 10), *died("2020-04-02", 10)]
    days += [*died("2019-01-01", 9), *died("2019-02-01", 4)]
    found = suspicious_days(records(*days))
    assert [(row.day, len(row.ids), row.usual) for row in found.itertuples()] == [
        ("2020-03-21", 15, 3), ("2020-04-01", 10, 3)
    ]  # fmt: skip


def test_dates_that_are_no_exact_days_are_not_suspicious() -> None:
    month = {"date_of_death": "2020-03-01", "date_of_death_precision": "month"}
    assert suspicious_days(records(*[month] * 40, *died("2020-03-12", 2))).empty


def test_values_in_no_list_are_counted_from_the_quarantine_and_lost_files_are_said(tmp_path: Path) -> None:
    reason = "governorate: 'Atlantis' is in no list: give its code in the mapping"
    told = [reason, reason, "status: nothing is given, and a record needs it"]
    file = tmp_path / "refused.csv"
    pd.DataFrame({"quarantine_reasons": told}).to_csv(file, index=False)
    there = Vintage(0, "a.csv", "", 0, {}, quarantine=str(file))
    lost = Vintage(0, "b.csv", "", 0, {}, quarantine=str(tmp_path / "gone.csv"))
    assert read_unlisted(there) == ({reason: 2}, 0)
    assert read_unlisted(Vintage(1, "a.csv", "", 0, {}, sources=(there, lost))) == ({reason: 2}, 1)
    assert read_unlisted(Vintage(0, "a.csv", "", 0, {})) == ({}, 0)


def test_every_number_of_the_profile_is_a_claim_that_names_its_records() -> None:
    standing = records(*died("2020-03-01", 12), *died("2020-03-05", 2), *died("2020-03-06", 2))
    recorded = pd.DataFrame({"field": ["cause"], "ids": [["R-1"]]})
    made = {one.id: one for one in profile_claims(standing, recorded, ({"a value": 3}, 0), lambda name, *_, **__: name)}
    assert made["completeness.vintage.cause.blank.time.2020-11"].value == 15
    assert made["records.vintage.standing.time.2020-11"].value == 16
    # all documented on 20 November: 264 days after 1 March, 260 after the 5th, 259 after the 6th
    assert [made[f"delays.vintage.percentile.{one}"].value for one in (0, 25, 50, 100)] == [259, 260, 264, 264]
    assert (made["days.vintage.suspicious"].value, made["days.vintage.suspicious.2020-03-01"].records) == (1, 12)
    assert made["days.vintage.suspicious.2020-03-01.usual"].value == 2
    assert made["quarantine.vintage.unlisted.1"].value == 3
