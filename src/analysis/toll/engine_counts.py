"""The counts of a month, a half-year or a year, carried out by an engine: the same claims, whichever counts."""

import narwhals as nw

from analysis.errors import BadParameter
from analysis.month import Month
from analysis.period import Period
from analysis.records.counted import counted
from analysis.records.decided import Due, read_due
from analysis.records.engines import Engine, collected, decided_frame
from analysis.records.frozen import is_frozen
from analysis.records.table import months_held
from analysis.records.vintages import read_vintage
from analysis.toll.claims import Ledger
from analysis.toll.counting import Definition, count, mark_massacres
from analysis.toll.days import by_day
from analysis.toll.definitions import Vocabulary, massacres_of, monthly
from analysis.toll.period_definitions import periodic
from analysis.toll.report_records import WINDOW, require_records


def engine_counts(
    when: Month | Period,
    *,
    location: str,
    vintage: int | None = None,
    engine: Engine = "pandas",
    due: Due | None = None,
) -> Ledger:
    """Every claim of a report that counts records, counted by an engine from the table itself, at one vintage.

    `due` is what people decided; where it is not given, what data/corrections.yml and data/duplicates.yml say.
    Raises BadMonth where there are no records, BadRecords for a missing or damaged table, BadParameter for an engine
    that is not installed and for frozen records, which are no table.
    """
    if is_frozen(location):
        raise BadParameter(f"What is at {location} are the frozen records of one report. `toll verify` counts them.")
    read = read_vintage(location, vintage)
    require_records(location, when, read.version)
    months = [*when.months[0].back(WINDOW), *when.months]
    held = decided_frame(engine, location, months, due or read_due(location, read.version))
    frame = mark_massacres(counted(held.to_native()))
    claims = count(frame, count_definitions(when, location, read.version, read.profile))
    if isinstance(when, Month):
        dead = collected(nw.from_native(frame).filter(nw.col("massacre_month") == str(when))).to_native()
        claims += count(dead, massacres_of(dead, when))
    return Ledger(claims)


def count_definitions(when: Month | Period, location: str, version: int, profile: str) -> list[Definition]:
    """What a report counts: its months, and those of the year before where the table holds them."""
    held = months_held(location, version)
    if isinstance(when, Month):
        return [*monthly(when, profile=profile, held=held), *by_day(when, Vocabulary("en", profile))]
    return periodic(when, profile=profile, held=held)
