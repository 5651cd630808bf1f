"""Records made for measuring, as many as asked for: the same each time, made from the number of the row alone.

Two years of deaths in all the fields that are counted: blanks, records that do not count, about one massacre in seven
thousand records, and some that only a death documented a month later makes one.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from deltalake import CommitProperties, write_deltalake

from analysis.codelists import SYRIA, read_codelist
from analysis.month import Month
from analysis.records.contract import coded_fields
from analysis.records.table import IMPORTED_AS
from analysis.records.vintages import Vintage, metadata
from analysis.records.writing import table_schema

Numbers = np.ndarray[Any, Any]
MONTHS = [Month(year, number) for year in (2019, 2020) for number in range(1, 13)]
CHUNK = 700_000
GROUP, MASSACRES = 7, 1009  # of so many groups of seven rows, one dies in one incident


def write_made(location: str, rows: int) -> None:
    """Write a records table with so many made records, as one vintage."""
    batches = pa.RecordBatchReader.from_batches(table_schema(), _batches(rows))
    told = metadata(Vintage(0, "made.csv", "", rows, {"title": "Made records"}, profile=SYRIA))
    write_deltalake(location, batches, partition_by=["month"], commit_properties=CommitProperties(told))


def _batches(rows: int) -> Iterator[pa.RecordBatch]:
    for first in range(0, rows, CHUNK):
        yield from made(np.arange(first, min(first + CHUNK, rows))).to_batches()


def made(nr: Numbers) -> pa.Table:
    """The records of these row numbers; their ids do not follow the order of the months."""
    group = nr // GROUP
    massacre = group % MASSACRES == 0
    late = (nr % GROUP == 4) & (group % 2 == 0)
    month = np.where(massacre, _drawn(group, 1, 23) + late, _drawn(nr, 1, 24))
    documented = np.array([one.first for one in MONTHS], "datetime64[D]")[month] + _drawn(nr, 2, 28)
    incident, known = np.where(massacre, group, nr // 2 + 10**9), massacre | (_drawn(nr // 2, 3, 2) == 0)
    columns = {
        "record_id": _texts("M-", (nr * 7919) % 1_000_000_007, nr >= 0),
        "incident_id": _texts("I-", incident, known),
        "sex": _codes("sex", nr, 4),
        "age_group": _codes("age_group", nr, 5),
        "occupation": _codes("occupation", nr, 6, often=("another", 30)),
        "status": _codes("status", nr, 7, often=("civilian", 40), blank=False),
        "verification": _codes("verification", nr, 8, often=("verified", 40), blank=False),
        "governorate": _codes("governorate", nr, 9),
        "cause": _codes("cause", nr, 10),
        "party": _codes("party", np.where(massacre, group, nr), 11, often=("other", 8)),
        "bucket": _codes("bucket", nr, 12),
        "torture": pa.array(_drawn(nr, 13, 12) == 0, mask=_drawn(nr, 14, 50) == 0),
        "date_documented": pa.array(documented),
        "date_documented_precision": pa.array(np.full(len(nr), "day")),
        "date_of_death": pa.array(documented - _drawn(nr, 15, 60), mask=_drawn(nr, 16, 9) == 0),
        "date_of_death_precision": _codes("date_of_death_precision", nr, 17, often=("day", 10)),
        "withdrawn": _texts("for measuring ", nr, _drawn(nr, 18, 500) == 0),
        "duplicate_of": _texts("M-", nr, _drawn(nr, 19, 400) == 0),
        "month": pa.array(np.array([str(one) for one in MONTHS])[month]),
        IMPORTED_AS.name: pa.array(np.full(len(nr), "made")),
    }
    blank = {field.name: pa.nulls(len(nr), field.type) for field in table_schema() if field.name not in columns}
    return pa.table({**columns, **blank}).select(table_schema().names).cast(table_schema())


def _drawn(nr: Numbers, field: int, below: int) -> Numbers:
    """A number below `below` for each row: mixed from the row's number and the field's, without any chance."""
    mixed = (nr.astype(np.uint64) + np.uint64(field * 1_000_003)) * np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(29))) * np.uint64(0xBF58476D1CE4E5B9)
    return ((mixed >> np.uint64(33)) % np.uint64(below)).astype(np.int64)


def _codes(field: str, nr: Numbers, seed: int, *, often: tuple[str, int] | None = None, blank: bool = True) -> pa.Array:
    """A code of the field's list for each row, one of them `often`, and a blank where there may be one."""
    codes: Sequence[str | None] = read_codelist(coded_fields()[field], SYRIA).codes
    chosen = [*codes, *([None] if blank else []), *([often[0]] * often[1] if often else [])]
    return pa.DictionaryArray.from_arrays(pa.array(_drawn(nr, seed, len(chosen))), pa.array(chosen)).cast(pa.string())


def _texts(prefix: str, values: Numbers, where: Numbers) -> pa.Array:
    return pa.array([f"{prefix}{one:09d}" if here else None for one, here in zip(values, where, strict=True)])
