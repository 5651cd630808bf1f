"""Tallying: what is behind each claim, whatever the batches in which the records come."""

import hashlib
from itertools import pairwise

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.toll.claims import digest
from analysis.toll.tally import ids_behind, tally

IDS = ["R-1", "R-10", "R-2", "R-é", "R-ي"]
INCIDENTS = ["I-1", None, "I-1", "I-2", None]
FIRST, SECOND = [True, True, False, True, False], [True, False, True, True, False]
ASKED = [("first",), ("first", "second"), ("second", "first"), (), ("never",)]


def batches(*sizes: int) -> list[pa.RecordBatch]:
    """The five records in batches of these sizes, in the order of their ids."""
    whole = pa.table(
        {"record_id": IDS, "incident_id": INCIDENTS, "first": FIRST, "second": SECOND, "never": [False] * 5}
    )
    ends = [sum(sizes[:nth]) for nth in range(len(sizes) + 1)]
    return [
        pa.RecordBatch.from_pydict(whole.slice(start, end - start).to_pydict(), schema=whole.schema)
        for start, end in pairwise(ends)
    ]


def test_all_conditions_have_to_hold_and_their_order_does_not_matter() -> None:
    found = tally(batches(5), ASKED)
    assert [behind.records for behind in found] == [3, 2, 2, 5, 0]
    assert found[1].sha256.hexdigest() == found[2].sha256.hexdigest() == digest(["R-1", "R-é"])


def test_nobody_has_the_digest_of_nothing() -> None:
    assert tally([], ASKED)[0].sha256.hexdigest() == hashlib.sha256(b"").hexdigest()
    assert tally(batches(5), ASKED)[4].sha256.hexdigest() == hashlib.sha256(b"").hexdigest()


@pytest.mark.parametrize("sizes", [(5,), (1, 1, 1, 1, 1), (2, 0, 3), (0, 4, 1)])
def test_the_batches_do_not_move_a_digest(sizes: tuple[int, ...]) -> None:
    found = tally(batches(*sizes), ASKED)
    assert [behind.sha256.hexdigest() for behind in found] == [
        digest(["R-1", "R-10", "R-é"]), digest(["R-1", "R-é"]), digest(["R-1", "R-é"]), digest(IDS), digest([]),
    ]  # fmt: skip


def test_incidents_are_counted_where_they_are_asked_for_and_blank_ones_are_none() -> None:
    found = tally(batches(2, 3), ASKED, incidents=[0, 3])
    assert [behind.incidents for behind in found] == [{"I-1", "I-2"}, set(), set(), {"I-1", "I-2"}, set()]


@settings(max_examples=50, derandomize=True, deadline=None)
@given(st.lists(st.tuples(st.text(min_size=1), st.booleans()), unique_by=lambda one: one[0]), st.integers(1, 5))
def test_any_ids_give_the_digest_that_a_claim_has(people: list[tuple[str, bool]], size: int) -> None:
    people = sorted(people)
    columns = {
        "record_id": pa.array([one for one, _ in people], pa.string()),
        "incident_id": pa.nulls(len(people), pa.string()),
        "held": pa.array([held for _, held in people], pa.bool_()),
    }
    (found,) = tally(pa.table(columns).to_batches(max_chunksize=size), [("held",)])
    assert found.sha256.hexdigest() == digest(one for one, held in people if held)


def test_the_ids_behind_a_claim_are_those_of_its_digest_in_order() -> None:
    behind = ids_behind(batches(2, 3), ASKED)
    assert behind[:2] == [["R-1", "R-10", "R-é"], ["R-1", "R-é"]]
    assert [digest(ids) for ids in behind] == [one.sha256.hexdigest() for one in tally(batches(5), ASKED)]
