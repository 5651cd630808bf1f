"""Consent: which purposes there are, whose records may leave for one, and what of them (METHOD M19)."""

from collections.abc import Iterable

import pandas as pd

from analysis.codelists import read_codelist
from analysis.errors import BadParameter, BadRecords
from analysis.importing.names import fold_name, is_named
from analysis.records.contract import read_contract

NAMES = ("name", "aliases")


def find_purpose(text: str) -> str:
    """The code of a purpose, which may be written with - for _. Raises BadParameter for one that is in no list."""
    purposes, code = read_codelist("purposes"), text.replace("-", "_")
    if code not in purposes.codes:
        known = ", ".join(each.replace("_", "-") for each in purposes.codes)
        raise BadParameter(f"There is no purpose {text!r}. Known are {known}; add another to {purposes.file}.")
    return code


def with_consent(people: pd.DataFrame, purpose: str) -> pd.DataFrame:
    """The records whose own consents hold the purpose; no other purpose, and no blank, is consent for it."""
    return people[[purpose in _values(consents) for consents in people["consents"]]]


def may_leave(field: str, purpose: str, *, publish_name: bool) -> bool:
    """Whether a field may leave for a purpose that the family has agreed to.

    The list of purposes says what each shows: all that is recorded, or, where the case becomes public, the fields that
    the contract calls public, and the name where the family has agreed to that too.
    """
    if read_codelist("purposes").attribute("shows").get(purpose) == "all":
        return True
    return publish_name if field in NAMES else bool(read_contract().at[field, "shown"] == "public")


def require_nameless_ids(people: pd.DataFrame) -> None:
    """Refuse records whose id holds the person's name: files are named after it. Raises BadRecords, naming none."""
    named = people.loc[people["name"].map(is_named), ["name", "record_id"]]
    telling = [set(fold_name(name).split()) <= set(fold_name(record).split()) for name, record in named.to_numpy()]
    if any(telling):
        raise BadRecords(
            f"{sum(telling)} of these records have the person's name in their record_id, after which files are named. "
            "Nothing is written. Give them other ids in the mapping of their source."
        )


def _values(listed: object) -> list[object]:
    return list(listed) if isinstance(listed, Iterable) and not isinstance(listed, str) else []
