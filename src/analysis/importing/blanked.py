"""Values left blank: what `unresolved: not_recorded` makes of a value that no rule reads is told, and not silent.

A misspelt place would otherwise only be missed in a toll by region.
"""

from collections import Counter
from collections.abc import Mapping as Dict
from dataclasses import dataclass

import numpy as np

from analysis.importing.columns import Column
from analysis.importing.mapping import Mapping, Rule
from analysis.records.contract import read_contract

HIDDEN = "…"
_MOST = 10
_LONGEST = 60  # what is longer is free text, and may name a person

Counts = Dict[str, Counter[str]]


@dataclass(frozen=True)
class Blanked:
    """The values of one field that were left blank: in how many accepted rows, and the most frequent of them.

    Values that must not be shown are counted together as "…"; `others` are the distinct values after the first ten.
    """

    rows: int
    values: dict[str, int]
    others: int


def hidden_columns(mapping: Mapping) -> set[str]:
    """The columns of a source that may hold what is never shown: names, and what is written about a case."""
    never = read_contract().index[read_contract()["shown"] == "never"]
    return {column for name in never for rule in mapping.fields.get(name, ()) for column in rule.columns}


def as_shown(text: str, name: str, rule: Rule, hidden: set[str]) -> str:
    """A value that a field leaves blank as it may be shown; '' where there is none."""
    never = read_contract().at[name, "shown"] == "never" or not hidden.isdisjoint(rule.columns)
    return HIDDEN if text and (never or len(text) > _LONGEST) else text


def count_blanked(blanked: Dict[str, Column], accepted: "np.ndarray", counts: dict[str, Counter[str]]) -> None:
    """Add what the accepted rows of a chunk have left blank, by field."""
    for name, column in blanked.items():
        times = np.bincount(column.codes[accepted], minlength=len(column.texts)).tolist()
        found = {text: count for text, count in _added(column.texts, times).items() if text and count}
        if found:
            counts.setdefault(name, Counter()).update(found)


def _added(texts: list[str], times: list[int]) -> Counter[str]:
    """How often each text is met; one text may stand in several places."""
    added: Counter[str] = Counter()
    for text, count in zip(texts, times, strict=True):
        added[text] += count
    return added


def told_blanked(counts: Counts) -> dict[str, Blanked]:
    """What was left blank, by field in the contract's order; the most frequent values first."""
    told = {}
    for name in read_contract().index:
        if name in counts:
            ordered = sorted(counts[name].items(), key=lambda one: (-one[1], one[0]))
            told[name] = Blanked(counts[name].total(), dict(ordered[:_MOST]), max(0, len(ordered) - _MOST))
    return told
