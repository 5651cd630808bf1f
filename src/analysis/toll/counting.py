"""Counting: pure, written once as narwhals expressions, so that pandas, DuckDB or Spark can carry them out.

What is counted here are the records that analysis.records.counted lets through.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import narwhals as nw
import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.errors import TotalsDisagree
from analysis.method import method
from analysis.toll.claims import Claim, digest

Ids = npt.NDArray[np.object_]


@dataclass(frozen=True, eq=False)
class Definition:
    """What is counted: `holds` is the condition on a record and `words` says the same; `unit` is people or incidents.

    Definitions combine: `civilians & month & party & children` has the id `civilians.month.party.sdf.children`.
    """

    id: str
    rule: str
    words: str
    holds: nw.Expr
    unit: str = "people"
    combined: tuple["Definition", ...] = ()

    @property
    def conditions(self) -> tuple[nw.Expr, ...]:
        """The conditions that all have to hold, each as it was first written: many definitions share them."""
        return tuple(one.holds for one in self.combined) or (self.holds,)

    def __and__(self, other: "Definition") -> "Definition":
        rules = dict.fromkeys([*self.rule.split(), *other.rule.split()])
        return Definition(
            id=f"{self.id}.{other.id}",
            rule=" ".join(rules),
            words=f"{self.words}; {other.words}",
            holds=self.holds & other.holds,
            unit=other.unit if other.unit != "same" else self.unit,
            combined=(*(self.combined or (self,)), *(other.combined or (other,))),
        )


def mark_massacres(records: pd.DataFrame) -> pd.DataFrame:
    """Add `massacre_month`, `massacre_party` and `massacre_bucket`, blank where the incident is no massacre.

    A massacre belongs to the month in which its incident reached the threshold: someone who dies of wounds later
    belongs to it, so a later record can make one. It is listed under the party and kind that most of its dead are
    attributed to, of equal ones the first by code (METHOD M14).
    """
    frame = nw.from_native(records)
    nth = nw.col("record_id").cum_count().over("incident_id", order_by=["date_documented", "record_id"])
    reached = (
        frame.filter(~nw.col("incident_id").is_null())
        .with_columns(nth=nth)
        .filter(nw.col("nth") == method()["massacre_threshold"])
        .select("incident_id", massacre_month=nw.col("month"))
    )
    leading = (
        frame.join(reached, on="incident_id", how="inner")
        .with_columns(bucket=nw.when(nw.col("party") == "other").then(nw.col("bucket")))
        .group_by("incident_id", "party", "bucket")
        .agg(deaths=nw.len())
        .sort("deaths", "party", "bucket", descending=[True, False, False], nulls_last=True)
        .unique("incident_id", keep="first", maintain_order=True)
        .select("incident_id", massacre_party=nw.col("party"), massacre_bucket=nw.col("bucket"))
    )
    marked = reached.join(leading, on="incident_id", how="left")
    return nw.to_native(frame.join(marked, on="incident_id", how="left"))


def count(records: pd.DataFrame, definitions: Sequence[Definition]) -> list[Claim]:
    """Count every definition over the counted records, in one pass; a condition that many share is looked at once.

    In    one row per counted record, with `massacre_month`.
    Out   one claim per definition, in order; `records` and `digest` are of the records behind it.
    """
    return [_claim(*found) for found in find(records, definitions)]


def find(records: pd.DataFrame, definitions: Sequence[Definition]) -> Iterator[tuple[Definition, Ids, Ids]]:
    """Every definition with the ids of the records behind it and of their incidents; in and order as for `count`."""
    frame = nw.from_native(records)
    shared = {id(condition): condition for one in definitions for condition in one.conditions}
    marks = [condition.fill_null(False).alias(str(name)) for name, condition in shared.items()]
    table = frame.select("record_id", "incident_id", *marks).to_pandas()
    holds = {name: table[str(name)].to_numpy(bool) for name in shared}
    # Plain arrays: a frame cut out for each of two thousand definitions takes longer than all the counting.
    people, incidents = (table[name].to_numpy(object) for name in ("record_id", "incident_id"))
    for one in definitions:
        those = np.logical_and.reduce([holds[id(condition)] for condition in one.conditions])
        yield one, people[those], incidents[those]


def reworded(counted: Mapping[str, Claim], definitions: Sequence[Definition]) -> list[Claim]:
    """Claims that are counted already, in the words of these definitions: one count serves every language."""
    return [replace(counted[one.id], where=one.words) for one in definitions]


def _claim(definition: Definition, people: Ids, incidents: Ids) -> Claim:
    value = len(people) if definition.unit == "people" else pd.Series(incidents).nunique()
    return Claim(
        id=definition.id,
        value=int(value),
        unit=definition.unit,
        rule=definition.rule,
        where=definition.words,
        records=len(people),
        digest=digest(people),
    )


def require_sum(total: Claim, parts: Iterable[Claim]) -> None:
    """Refuse a breakdown that does not add up to its toll. Raises TotalsDisagree."""
    parts = list(parts)
    found = sum(int(part.value) for part in parts)
    if found != total.value:
        raise TotalsDisagree(
            f"The {len(parts)} parts of the breakdown {parts[0].id if parts else total.id} add up to {found}, "
            f"the toll {total.id} is {total.value}. A record carries a code that its list does not hold."
        )
