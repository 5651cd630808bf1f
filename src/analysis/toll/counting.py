"""Counting: pure, written once as narwhals expressions, so that pandas, DuckDB or Spark can carry them out.

What is counted here are the records that analysis.records.counted lets through.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import narwhals as nw
import pyarrow as pa
from narwhals.typing import IntoFrame, IntoFrameT

from analysis.errors import TotalsDisagree
from analysis.method import method
from analysis.records.engines import beside, collected, ordered_batches
from analysis.toll.claims import Claim
from analysis.toll.tally import Behind, Conditions, ids_behind, tally


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


def mark_massacres(records: IntoFrameT) -> IntoFrameT:
    """Add `massacre_month`, `massacre_party` and `massacre_bucket`, blank where the incident is no massacre.

    A massacre belongs to the month in which its incident reached the threshold: someone who dies of wounds later
    belongs to it, so a later record can make one. It is listed under the party and kind that most of its dead are
    attributed to, of equal ones the first by code (METHOD M14).
    An engine finds the incidents of as many dead, and their dead; these few are looked at in pandas.
    """
    frame: Any = nw.from_native(records)
    large = (
        frame.filter(~nw.col("incident_id").is_null())
        .group_by("incident_id")
        .agg(deaths=nw.len())
        .filter(nw.col("deaths") >= method()["massacre_threshold"])
        .select("incident_id")
    )
    fields = ["record_id", "incident_id", "date_documented", "month", "party", "bucket"]
    dead = collected(frame.select(fields).join(_beside(collected(large), frame), on="incident_id", how="inner"))
    return frame.join(_beside(_massacres(dead), frame), on="incident_id", how="left").to_native()


def _massacres(dead: nw.DataFrame[Any]) -> nw.DataFrame[Any]:
    """Month, party and kind of each massacre, one a row; `dead` are those of incidents that reach the threshold."""
    nth = nw.col("record_id").cum_count().over("incident_id", order_by=["date_documented", "record_id"])
    reached = (
        dead.with_columns(nth=nth)
        .filter(nw.col("nth") == method()["massacre_threshold"])
        .select("incident_id", massacre_month=nw.col("month"))
    )
    leading = (
        dead.with_columns(bucket=nw.when(nw.col("party") == "other").then(nw.col("bucket")))
        .group_by("incident_id", "party", "bucket")
        .agg(deaths=nw.len())
        .sort("deaths", "party", "bucket", descending=[True, False, False], nulls_last=True)
        .unique("incident_id", keep="first", maintain_order=True)
        .select("incident_id", massacre_party=nw.col("party"), massacre_bucket=nw.col("bucket"))
    )
    return reached.join(leading, on="incident_id", how="left")


def _beside(few: nw.DataFrame[Any], frame: Any) -> Any:
    """A few incidents, all text, ready to be joined with the frame that they were found in."""
    if isinstance(frame, nw.DataFrame):
        return few
    texts = pa.schema([(name, pa.string()) for name in few.columns])
    return beside(pa.Table.from_pandas(few.to_native(), schema=texts, preserve_index=False), frame)


def count(records: IntoFrame, definitions: Sequence[Definition]) -> list[Claim]:
    """Count every definition over the counted records, in one pass; a condition that many share is looked at once.

    In    one row per counted record, with `massacre_month`, in pandas or held by an engine.
    Out   one claim per definition, in order; `records` and `digest` are of the records behind it.
    The engine looks at the conditions and puts the records in order; they are tallied as they come.
    """
    incidents = [nth for nth, one in enumerate(definitions) if one.unit == "incidents"]
    found = tally(_marked(records, definitions), [_names(one) for one in definitions], incidents)
    return [_claim(one, behind) for one, behind in zip(definitions, found, strict=True)]


def find(records: IntoFrame, definitions: Sequence[Definition]) -> dict[str, list[str]]:
    """The sorted ids of the records behind every definition, by its id; in and order as for `count`."""
    found = ids_behind(_marked(records, definitions), [_names(one) for one in definitions])
    return {one.id: ids for one, ids in zip(definitions, found, strict=True)}


def _marked(records: IntoFrame, definitions: Sequence[Definition]) -> Iterator[pa.RecordBatch]:
    """The records in the order of their ids, marked with each condition that holds for them."""
    frame: Any = nw.from_native(records)
    shared = {name: each for one in definitions for name, each in zip(_names(one), one.conditions, strict=True)}
    marks = [condition.fill_null(False).alias(name) for name, condition in shared.items()]
    return ordered_batches(frame.select("record_id", "incident_id", *marks), "record_id")


def _names(definition: Definition) -> Conditions:
    return tuple(str(id(condition)) for condition in definition.conditions)


def reworded(counted: Mapping[str, Claim], definitions: Sequence[Definition]) -> list[Claim]:
    """Claims that are counted already, in the words of these definitions: one count serves every language."""
    return [replace(counted[one.id], where=one.words) for one in definitions]


def _claim(definition: Definition, behind: Behind) -> Claim:
    return Claim(
        id=definition.id,
        value=len(behind.incidents) if definition.unit == "incidents" else behind.records,
        unit=definition.unit,
        rule=definition.rule,
        where=definition.words,
        records=behind.records,
        digest=behind.sha256.hexdigest(),
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
