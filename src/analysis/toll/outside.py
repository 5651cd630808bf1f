"""Figures that others published and nobody here computes: cited with source and date, and only while they are current.

`data/external.csv` holds the outside figures, `data/references.csv` the fixed texts (resolutions, historical dates).
"""

from functools import cache

import pandas as pd

from analysis.errors import BadText
from analysis.month import Month
from analysis.places import DATA
from analysis.texts import language_of
from analysis.toll.claims import Claim
from analysis.toll.definitions import Vocabulary


@cache
def read_external() -> pd.DataFrame:
    """One row an outside figure, indexed by key, with the months in which it may be cited."""
    return pd.read_csv(DATA / "external.csv", dtype=str, keep_default_na=False, index_col="key")


@cache
def read_references() -> pd.DataFrame:
    """One row a fixed text with a number in it, indexed by key."""
    return pd.read_csv(DATA / "references.csv", dtype=str, keep_default_na=False, index_col="key")


def reference(key: str, language: str) -> str:
    """The fixed text of a key. Raises BadText for an unknown key."""
    table = read_references()
    if key not in table.index:
        raise BadText(f"The reference {key!r} is not in data/references.csv. Add it there, with what it refers to.")
    return str(table.at[key, f"text_{language_of(language)}"])


def is_current(key: str, month: Month) -> bool:
    """Whether a fixed text may be mentioned in a month: its facts have a time. Raises KeyError for an unknown key."""
    row = read_references().loc[key]
    return row["valid_from"] <= str(month) <= (row["valid_to"] or "9999-12")


def external_source(key: str, language: str = "en") -> dict[str, str]:
    """Where an outside figure comes from, in a language: `source`, `date` and `url`."""
    row = read_external().loc[key]
    source = row.get(f"source_{language_of(language)}") or row["source"]
    return {"source": str(source), "date": str(row["source_date"]), "url": str(row["url"])}


def external_claims(month: Month, *, language: str = "en") -> list[Claim]:
    """The outside figures that are current in a month (METHOD M17)."""
    table = read_external()
    current = table[(table["valid_from"] <= str(month)) & (str(month) <= table["valid_to"])]
    text = Vocabulary(language)["derived"]["external"]
    return [
        Claim(
            id=f"external.{key}",
            value=int(row["value"]),
            unit=row["unit"],
            rule="M17",
            where=text.format(
                what=row[f"what_{language_of(language)}"],
                source=external_source(str(key), language)["source"],
                date=row["source_date"],
            ),
            basis="external",
            of=(row["url"],),
        )
        for key, row in current.iterrows()
    ]
