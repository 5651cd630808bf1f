"""Which records count: verified civilians, once each (METHOD M1, M3); everything else is excluded under a name."""

from typing import Any, cast

import narwhals as nw
import pandas as pd
from narwhals.typing import IntoFrameT

from analysis.errors import TotalsDisagree
from analysis.records.contract import read_contract

CIVILIAN = nw.col("status").cast(nw.String) == "civilian"
VERIFIED = nw.col("verification").cast(nw.String) == "verified"
WITHDRAWN = ~nw.col("withdrawn").is_null()
DUPLICATE = ~nw.col("duplicate_of").is_null()
STANDS = ~WITHDRAWN & ~DUPLICATE
COUNTS = STANDS & CIVILIAN & VERIFIED


def counted(records: IntoFrameT) -> IntoFrameT:
    """The records that count: verified civilians (METHOD M1, M3); codes become plain text, ready to be compared."""
    frame: Any = nw.from_native(records)
    kinds, held = read_contract()["type"], frame.collect_schema().names()
    codes = [name for name in held if kinds.get(name) == "code"]
    return cast(IntoFrameT, frame.filter(COUNTS).with_columns(nw.col(codes).cast(nw.String)).to_native())


# A record is excluded once, under the first reason that holds.
EXCLUSIONS = {
    "withdrawn": WITHDRAWN,
    "duplicates": ~WITHDRAWN & DUPLICATE,
    "fighters": STANDS & (nw.col("status").cast(nw.String) == "combatant"),
    "status_not_determined": STANDS & (nw.col("status").cast(nw.String) == "not_determined"),
    "not_verified": STANDS & CIVILIAN & ~VERIFIED,
}


def exclusions(records: pd.DataFrame) -> dict[str, list[str]]:
    """The record ids of each step from records read to records counted: `read`, each reason by name, `counted`.

    Raises TotalsDisagree if the steps do not add up.
    """
    frame = nw.from_native(records)
    steps = {"read": _ids(frame)}
    steps |= {reason: _ids(frame.filter(holds)) for reason, holds in EXCLUSIONS.items()}
    steps |= {"counted": _ids(frame.filter(COUNTS))}
    excluded = sum(len(steps[reason]) for reason in EXCLUSIONS)
    if len(steps["read"]) - excluded != len(steps["counted"]):
        raise TotalsDisagree(
            f"{len(steps['read'])} records were read, {excluded} excluded by reason and {len(steps['counted'])} "
            "counted: some records have no status. Fill the status, or correct the records."
        )
    return steps


def _ids(frame: nw.DataFrame[pd.DataFrame]) -> list[str]:
    return [str(each) for each in frame["record_id"].to_list()]
