"""Pseudonyms: what records say in place of names, free text and record ids (METHOD M27, M29).

A text becomes a keyed digest of its folded spelling: equal texts stay equal and blanks stay blank, so that the quality
gate finds what it found; without the secret nobody can try names until one fits.
"""

import hashlib
import hmac
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import pandas as pd

from analysis.quality.duplicates import folded
from analysis.records.contract import read_contract
from analysis.records.vintages import Vintage

# What a record names another record, or itself, by.
IDS = ("record_id", "duplicate_of")
CONSENT = "publication"  # of data/codelists/purposes.csv (METHOD M19)
TOLD = "told_"
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


def nameless(records: pd.DataFrame, secret: bytes, *, told: bool = False) -> pd.DataFrame:
    """Records without a name, free text or record id, in the order of their pseudonyms.

    With `told`, what a text about a case may print stands in `told_<field>`, blank where the family has not agreed that
    the case is published (METHOD M19): the field itself holds a pseudonym like all others, so that equals stay equal.
    """
    contract = read_contract()
    changed = {field: _map(records[field], lambda one: record_pseudonym(one, secret)) for field in IDS}
    changed["withdrawn"] = _map(records["withdrawn"], lambda text: pseudonym(text, secret))
    changed["allocated"] = _map(records["allocated"], lambda names: [one for one in names if one in contract.index])
    if told:
        agreed = records["consents"].map(agrees).to_numpy(bool)
        changed |= {f"{TOLD}{field}": records[field].astype(object).where(agreed, None) for field in PRINTED}
    return pseudonymous(records, "", secret).assign(**changed).sort_values("record_id", ignore_index=True)


def agrees(consents: object) -> bool:
    """Whether what a family has agreed to holds the publication of the case."""
    return isinstance(consents, Iterable) and CONSENT in consents


def nameless_vintage(vintage: Vintage) -> Vintage:
    """An import without what a person wrote of it, and without the name of its file."""
    sources = tuple(nameless_vintage(one) for one in vintage.sources)
    return replace(vintage, source_file="extract", quarantine="", who="", note="", sources=sources)


def record_pseudonym(record_id: str, secret: bytes) -> str:
    """The pseudonym of a record: without the secret nobody can try record ids until one fits."""
    return "r-" + hmac.new(secret, f"record {record_id}".encode(), hashlib.sha256).hexdigest()[:16]


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
