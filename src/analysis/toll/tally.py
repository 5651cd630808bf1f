"""Tallying: how many records are behind each claim, and the digest of their ids, from records that come in order.

The digest is one SHA-256 over all the ids of a claim in order (METHOD M23), so it cannot be spread over machines; here
it grows batch by batch, and no more than a batch is held.
"""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

Conditions = tuple[str, ...]
Where = np.ndarray[Any, Any]


@dataclass(eq=False)
class Behind:
    """What is behind one claim so far: how many records, the SHA-256 of their ids one a line, and their incidents."""

    records: int = 0
    sha256: "hashlib._Hash" = field(default_factory=hashlib.sha256)
    incidents: set[str] = field(default_factory=set)

    def add(self, records: int, ids: pa.Buffer) -> None:
        """Add records that come after those so far; `ids` are theirs, one a line."""
        if records:
            self.sha256.update(b"\n" if self.records else b"")
            self.sha256.update(ids)
            self.records += records


def tally(
    batches: Iterable[pa.RecordBatch], asked: Sequence[Conditions], incidents: Collection[int] = ()
) -> list[Behind]:
    """What is behind each claim asked for: the records that all its conditions hold for.

    In    records in the order of `record_id`, with `incident_id` and a column for each condition, true or false.
    Out   one a claim, in order; those at the positions `incidents` with their incidents, blank ones left out.
    """
    found = [Behind() for _ in asked]
    for batch in batches:
        places = _places(batch, asked)
        for behind, where, ids in zip(found, places, _joined(batch["record_id"], places), strict=True):
            behind.add(len(where), ids.as_buffer())
        for nth in incidents:
            found[nth].incidents |= set(batch["incident_id"].take(pa.array(places[nth])).drop_null().to_pylist())
    return found


def ids_behind(batches: Iterable[pa.RecordBatch], asked: Sequence[Conditions]) -> list[list[str]]:
    """The ids of the records behind each claim, in order; in as for `tally`."""
    found: list[list[str]] = [[] for _ in asked]
    for batch in batches:
        for ids, where in zip(found, _places(batch, asked), strict=True):
            ids += batch["record_id"].take(pa.array(where)).to_pylist()
    return found


def _places(batch: pa.RecordBatch, asked: Sequence[Conditions]) -> list[Where]:
    """For each claim, where in the batch its records are."""
    holds = {name: batch[name].to_numpy(zero_copy_only=False) for name in {*sum(asked, ())}}
    known: dict[Conditions, Where] = {(): np.arange(batch.num_rows, dtype=np.int32)}
    return [_where(conditions, holds, known) for conditions in asked]


def _where(conditions: Conditions, holds: Mapping[str, Where], known: dict[Conditions, Where]) -> Where:
    """Where all conditions hold: the last is looked at only where the others do, and those are looked at once."""
    if conditions not in known:
        others = _where(conditions[:-1], holds, known)
        known[conditions] = others[holds[conditions[-1]][others]]
    return known[conditions]


def _joined(ids: pa.Array, places: Sequence[Where]) -> pa.Array:
    """For each claim, the ids of its records in the batch, one a line."""
    ends = np.cumsum([0, *map(len, places)], dtype=np.int32)
    taken = ids.cast(pa.string()).take(pa.array(np.concatenate([*places, np.array([], np.int32)])))
    return pc.binary_join(pa.ListArray.from_arrays(pa.array(ends), taken), "\n")
