"""Pseudonyms: what a bundle's records say in place of names and free text (METHOD M27).

A text becomes a keyed digest of its folded spelling: equal texts stay equal and blanks stay blank, so that the quality
gate finds what it found; without the secret nobody can try names until one fits.
"""

import hashlib
import hmac
from collections.abc import Callable, Iterable
from typing import Any

import pandas as pd

from analysis.quality.duplicates import folded
from analysis.records.contract import read_contract

# Free text that a report prints of massacres and notable cases: where it does, it is no secret any more.
PRINTED = ("place", "place_of_custody")


def pseudonymous(records: pd.DataFrame, printed: str, secret: bytes) -> pd.DataFrame:
    """Records without a name or free text; a place that the report itself prints (`printed`, its text) stays."""
    known = folded(printed)

    def hidden(text: Any) -> Any:
        return pseudonym(text, secret)

    def unless_printed(text: Any) -> Any:
        return text if folded(text) in known else hidden(text)

    contract = read_contract()
    texts = contract.index[contract["type"].eq("text") & contract["shown"].ne("public")]
    changed = {field: _map(records[field], unless_printed if field in PRINTED else hidden) for field in texts}
    changed["aliases"] = _map(records["aliases"], lambda names: [hidden(name) for name in names])
    changed["sources"] = _map(records["sources"], lambda sources: _hidden_sources(sources, hidden))
    return records.assign(**changed)


def _hidden_sources(sources: Iterable[dict[str, Any]], hidden: Callable[[Any], Any]) -> list[dict[str, Any]]:
    """Sources by kind and digest: a reference can hold whoever told."""
    return [{**source, "reference": hidden(source["reference"])} for source in sources]


def _map(values: pd.Series, change: Callable[[Any], Any]) -> pd.Series:
    return pd.Series([value if _is_blank(value) else change(value) for value in values], values.index, dtype=object)


def _is_blank(value: Any) -> bool:
    return value is None or (not isinstance(value, Iterable) and bool(pd.isna(value)))


def pseudonym(text: str, secret: bytes) -> str:
    """The pseudonym of a text; a text of spaces alone stays what it is."""
    if not folded(text):
        return text
    return "p-" + hmac.new(secret, folded(text).encode(), hashlib.sha256).hexdigest()[:16]
