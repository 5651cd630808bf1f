"""Whether two records are of the same person: same name, date of death and place (METHOD M20).

People without a name are never duplicates. Only digests leave this module, so that no check holds a name.
"""

import hashlib

import pandas as pd


def same_person(records: pd.DataFrame, precisions: set[str]) -> pd.Series:
    """A digest that two records share when name, date of death and place are the same, else blank.

    Somebody without a name, a date of one of the precisions or a place is nobody's duplicate. Letter case and spaces
    make no difference; the place is that inside the governorate, where recorded.
    """
    precision = records["date_of_death_precision"].fillna("day")
    keys = zip(
        records["name"].map(folded),
        pd.to_datetime(records["date_of_death"]).dt.strftime("%Y-%m-%d"),
        precision.where(precision.isin(precisions)),
        records["governorate"].where(records["governorate"] != "unknown").fillna("").map(folded),
        records["place"].map(folded),
        strict=True,
    )
    return pd.Series([_person(*key) for key in keys], index=records.index, dtype=object)


def _person(name: str, day: object, precision: object, governorate: str, place: str) -> str | None:
    if not name or pd.isna(day) or pd.isna(precision) or not (governorate or place):
        return None
    return hashlib.sha256("\n".join([name, str(day), str(precision), governorate, place]).encode()).hexdigest()


def folded(text: object) -> str:
    return " ".join(text.casefold().split()) if isinstance(text, str) else ""


def met_in(keys: pd.Series, others: pd.Series) -> pd.Series:
    """Whether a person's digest is among others; blank for whoever has no digest."""
    return keys.isin(others.dropna()).astype(object).where(keys.notna(), None)
