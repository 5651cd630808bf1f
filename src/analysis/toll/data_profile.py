"""A profile of a vintage for the analyst: where blanks gather, how late deaths are documented, days that look made up.

All of it is of the records that stand: neither withdrawn nor repeats of another (METHOD M22). Ids, days, counts only.
"""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import pandas as pd

from analysis.importing.quarantine import REASONS, kinds_of
from analysis.method import method
from analysis.records.contract import UNDATED
from analysis.records.vintages import Vintage
from analysis.toll.claims import Claim, digest

Said = Callable[..., str]
UNLISTED = " is in no list"


def time_of(standing: pd.DataFrame) -> "pd.Series[str]":
    """The month of each record, or its year where there are more months than one picture holds; "undated" last."""
    months = standing["month"].astype(str)
    if months[months.ne(UNDATED)].nunique() > method()["profile"]["columns"]:
        return months.where(months.eq(UNDATED), months.str[:4])
    return months


def blanks(standing: pd.DataFrame, recorded: pd.DataFrame) -> pd.DataFrame:
    """In which records of each month a field is blank.

    In    `recorded`: a row a field, `field` and the `ids` of the records in which it is recorded.
    Out   a row a field and month, in their order: `field`, `time`, `ids`.
    """
    by_time = standing.groupby(time_of(standing))["record_id"].agg(list)
    times = sorted(by_time.index, key=lambda time: (time == UNDATED, time))
    rows = [
        (row.field, time, sorted(set(by_time[time]) - have))
        for row, have in zip(recorded.itertuples(), map(set, recorded["ids"]), strict=True)
        for time in times
    ]
    return pd.DataFrame(rows, columns=["field", "time", "ids"])


def delays(standing: pd.DataFrame) -> "pd.Series[int]":
    """Days from death to documentation, by record id, shortest first; only where both days are known."""
    known = _day_known(standing, "date_of_death") & _day_known(standing, "date_documented")
    found = standing[known]
    days = (pd.to_datetime(found["date_documented"]) - pd.to_datetime(found["date_of_death"])).dt.days
    return pd.Series(days.to_numpy(), index=found["record_id"].to_numpy(), dtype="int64").sort_values(kind="stable")


def percentile(ordered: Sequence[int], percent: int) -> int:
    """The value that so many percent reach at most: one that was met (nearest rank), never one between two."""
    return ordered[max(0, -(-percent * len(ordered) // 100) - 1)]


def suspicious_days(standing: pd.DataFrame) -> pd.DataFrame:
    """Days to which improbably many deaths are dated (METHOD M22): often the first of a month, put for a day not known.

    Out   `day`, `ids`, `usual`: what the middle one of the days of its year has on which anybody died; most first.
    """
    dated = standing[_day_known(standing, "date_of_death")]
    by_day = dated.groupby(pd.to_datetime(dated["date_of_death"]))["record_id"].agg(list)
    rule, sizes = method()["profile"]["suspicious_day"], by_day.map(len)
    usual = {year: percentile(sorted(each), 50) for year, each in sizes.groupby(sizes.index.year)}
    rows = [
        (day.date().isoformat(), by_day[day], usual[day.year])
        for day, size in sizes.items()
        if size >= rule["least"]
        and size >= usual[day.year] * (rule["times_on_first"] if day.day == 1 else rule["times"])
    ]
    return pd.DataFrame(sorted(rows, key=lambda row: (-len(row[1]), row[0])), columns=["day", "ids", "usual"])


def read_unlisted(vintage: Vintage) -> tuple[dict[str, int], int]:
    """The values that no code list had, and how many rows were quarantined for each, as far as the files are there.

    Of each mapping the latest import is looked at. Also out: how many quarantine files are gone.
    """
    files = sorted({Path(one.quarantine) for one in (vintage.sources or (vintage,)) if one.quarantine})
    there = [file for file in files if file.is_file()]
    told = [pd.read_csv(file, dtype=str, keep_default_na=False)[REASONS] for file in there]
    kinds = kinds_of(pd.concat(told)) if told else {}
    return {kind: rows for kind, rows in kinds.items() if UNLISTED in kind}, len(files) - len(there)


def profile_claims(
    standing: pd.DataFrame, recorded: pd.DataFrame, unlisted: tuple[dict[str, int], int], said: Said
) -> Iterable[Claim]:
    """Every claim of the profile; `said` puts into words what one counts."""
    for time, ids in standing.groupby(time_of(standing))["record_id"]:
        yield ids_claim(f"records.vintage.standing.time.{time}", list(ids), "M21", said("standing_time", time=time))
    for row in blanks(standing, recorded).itertuples():
        name = f"completeness.vintage.{row.field}.blank.time.{row.time}"
        yield ids_claim(name, row.ids, "M20", said("blank_time", row.field, time=row.time))
    yield from _delay_claims(delays(standing), said)
    days = suspicious_days(standing)
    yield number_claim("days.vintage.suspicious", len(days), "M22", said("suspicious"))
    for day in days.itertuples():
        name = f"days.vintage.suspicious.{day.day}"
        yield ids_claim(name, day.ids, "M22", said("suspicious_day", day=day.day))
        yield number_claim(f"{name}.usual", day.usual, "M22", said("usual_day", year=day.day[:4]))
    kinds, gone = unlisted
    yield number_claim("quarantine.vintage.gone", gone, "M22", said("quarantine_gone"))
    for nth, (kind, rows) in enumerate(kinds.items(), 1):
        yield number_claim(f"quarantine.vintage.unlisted.{nth}", rows, "M22", said("unlisted", kind=kind))


def _delay_claims(days: "pd.Series[int]", said: Said) -> Iterable[Claim]:
    ids, ordered = [str(one) for one in days.index], [int(one) for one in days]
    yield ids_claim("delays.vintage.known", ids, "M5", said("delays_known"))
    negative = [one for one, number in zip(ids, ordered, strict=True) if number < 0]
    yield ids_claim("delays.vintage.negative", negative, "M5", said("delays_negative"))
    for percent in method()["profile"]["delay_percentiles"] if ordered else []:
        where = said("delays_percentile", percent=percent)
        name, value = f"delays.vintage.percentile.{percent}", percentile(ordered, percent)
        yield Claim(name, value, "days", "M5", where, len(ids), digest(ids))


def ids_claim(claim: str, ids: Sequence[str], rule: str, where: str) -> Claim:
    """A claim that counts records."""
    return Claim(claim, len(ids), "records", rule, where, len(ids), digest(ids))


def number_claim(claim: str, value: int, rule: str, where: str) -> Claim:
    """A claim that counts what is no record: its unit is what it is about."""
    return Claim(claim, value, claim.partition(".")[0], rule, where)


def _day_known(records: pd.DataFrame, field: str) -> "pd.Series[bool]":
    return records[field].notna() & records[f"{field}_precision"].astype(str).eq("day")
