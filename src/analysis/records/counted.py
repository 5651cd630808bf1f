"""Which records count: verified civilians (METHOD M1, M3); everything else is excluded under a name."""

import narwhals as nw
import pandas as pd

from analysis.errors import TotalsDisagree
from analysis.records.contract import read_contract

CIVILIAN = nw.col("status").cast(nw.String) == "civilian"
VERIFIED = nw.col("verification").cast(nw.String) == "verified"


def counted(records: pd.DataFrame) -> pd.DataFrame:
    """The records that count: verified civilians (METHOD M1, M3); codes become plain text, ready to be compared."""
    codes = [name for name, kind in read_contract()["type"].items() if kind == "code"]
    frame = nw.from_native(records).filter(CIVILIAN & VERIFIED)
    return nw.to_native(frame.with_columns(nw.col(codes).cast(nw.String)))


def exclusions(records: pd.DataFrame) -> pd.DataFrame:
    """The way from records read to records counted, one row a step: `step`, `records`.

    A record is excluded once, under the first reason that holds. Raises TotalsDisagree if the steps do not add up.
    """
    frame = nw.from_native(records)
    read = len(frame)
    fighters = len(frame.filter(nw.col("status").cast(nw.String) == "combatant"))
    undetermined = len(frame.filter(nw.col("status").cast(nw.String) == "not_determined"))
    unverified = len(frame.filter(CIVILIAN & ~VERIFIED))
    left = len(frame.filter(CIVILIAN & VERIFIED))
    if read - fighters - undetermined - unverified != left:
        raise TotalsDisagree(
            f"{read} records were read, {fighters + undetermined + unverified} excluded by reason and {left} counted: "
            "some records have no status. Fill the status, or correct the records."
        )
    steps = ["read", "fighters", "status_not_determined", "not_verified", "counted"]
    return pd.DataFrame({"step": steps, "records": [read, -fighters, -undetermined, -unverified, left]})
