"""The figures as published, one row a figure, each under the id of the claim that computes the same number.

Owns the reading of data/published/; comparing them with what the records give is the reconciliation's work.
"""

from collections.abc import Mapping

import pandas as pd

from analysis.places import DATA


def read_published() -> pd.DataFrame:
    """Read data/published/figures.csv.

    Out   one row a published figure, file order, text as written ('' where blank), with `claim`, its claim id;
          `value` is a number: whole for people, places in a ranking and most shares.
    """
    figures = pd.read_csv(DATA / "published" / "figures.csv", dtype=str, keep_default_na=False)
    values = pd.Series([_number(text) for text in figures["value"]], index=figures.index, dtype=object)
    claims = [claim_id(row) for row in figures.to_dict("records")]
    return figures.assign(value=values, claim=claims)


def read_publications() -> pd.DataFrame:
    """Read data/published/sources.csv: who published the figures, indexed by `key`: `publisher`, `kind`, `url`."""
    return pd.read_csv(DATA / "published" / "sources.csv", dtype=str, keep_default_na=False, index_col="key")


def claim_id(figure: Mapping[str, object]) -> str:
    """The id of the claim for a figure, seen from the period it was published for: `torture.ytd.party.sdf.share`."""
    parts = (str(figure[column]) for column in ("measure", "span", "dimension", "code", "part"))
    return ".".join(part for part in parts if part)


def _number(text: str) -> int | float:
    return float(text) if "." in text else int(text)
