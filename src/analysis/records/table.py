"""The records table read by month, so that a report touches only the partitions it counts.

A Delta Lake table: one import is one version (a vintage), and nothing is overwritten.
"""

from collections.abc import Sequence
from typing import Any

import pandas as pd
import pyarrow as pa
from deltalake import DeltaTable
from deltalake.exceptions import DeltaError

from analysis.codelists import read_codelist
from analysis.errors import BadMonth, BadRecords
from analysis.interruption import go_on_unless_asked
from analysis.month import Month
from analysis.records.contract import UNDATED, arrow_schema, read_contract
from analysis.records.vintages import first_line, open_table, read_vintage

IMPORTED_AS = pa.field("imported_as", pa.string())


def months_held(location: str, vintage: int | None = None) -> list[Month]:
    """The months that have records, oldest first, from the table's log alone; undated records are of no month."""
    table = open_table(location, vintage)
    return sorted({Month.parse(one["month"]) for one in table.partitions() if one["month"] != UNDATED})


def read_months(
    location: str, months: Sequence[Month | str], *, vintage: int | None = None, also: Sequence[str] = ()
) -> pd.DataFrame:
    """Read the records documented in some months, and no other partition; `also` names records of any month.

    Out   one row per record, sorted by record_id; codes categorical in list order, dates as timestamps, flags boolean;
          `imported_as` names the mapping that each record came by.
    Raises BadRecords if the table is missing, damaged or not in the contract's columns.
    """
    table = open_table(location, vintage)
    try:
        wanted = [[("month", "in", [str(month) for month in months])]] if months else []
        wanted += [[("record_id", "in", list(also))]] if also else []
        return typed(_in_contract(read_arrow(table, filters=wanted)), read_vintage(location, table.version()).profile)
    except (DeltaError, OSError, KeyError, pa.ArrowException) as error:
        raise damaged(location, error) from None


def read_arrow(table: DeltaTable, **asked: Any) -> pa.Table:
    """The records of an opened table; `asked` is deltalake's own, such as `columns` and `filters`.

    An interruption ends it: deltalake drops the exception that comes while it lists the files to be read.
    """
    found = table.to_pyarrow_table(**asked)
    go_on_unless_asked()
    return found


def require_month(location: str, month: Month, vintage: int | None = None) -> None:
    """Refuse a month that has no records at all. Raises BadMonth."""
    held = months_held(location, vintage)
    if month not in held:
        span = f"It has {held[0]} to {held[-1]}." if held else "It is empty."
        raise BadMonth(f"The records table at {location} has no record documented in {month}. {span}")


def damaged(location: str, error: Exception) -> BadRecords:
    """What to say of a table that cannot be read."""
    return BadRecords(
        f"The records table at {location} is damaged, or not in the columns of data/record-contract.csv: "
        f"{first_line(error)}. Restore it from a copy, or import the extract into a new folder."
    )


def _in_contract(found: pa.Table) -> pa.Table:
    """The contract's columns and `imported_as`; what a vintage had not yet, of what may be blank, is blank."""
    contract, wanted = read_contract(), [*arrow_schema(), IMPORTED_AS]
    optional = {*contract.index[contract["required"] != "yes"], IMPORTED_AS.name}
    blank = [field for field in wanted if field.name in optional - set(found.column_names)]
    for field in blank:
        found = found.append_column(field, pa.nulls(found.num_rows, field.type))
    return found.select([field.name for field in wanted])


def typed(found: pa.Table, profile: str) -> pd.DataFrame:
    """Records as a report reads them: codes categorical in list order, flags boolean, sorted by record_id."""
    contract = read_contract()
    frame = found.to_pandas(date_as_object=False)
    for field, kind in contract["type"].items():
        if kind == "code":
            codes = read_codelist(contract.at[field, "codes"], profile).codes
            frame[field] = pd.Categorical(frame[field], categories=[*codes, *_strange(frame[field], codes)])
        elif kind == "flag":
            frame[field] = frame[field].astype("boolean")
    return frame.sort_values("record_id", ignore_index=True)


def _strange(values: pd.Series, codes: list[str]) -> list[str]:
    """Codes met outside the list stay visible: the quality gate reports them, nothing turns them into a blank."""
    return sorted(set(values.dropna().unique()) - set(codes))
