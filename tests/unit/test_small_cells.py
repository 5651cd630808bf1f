"""Whoever knows all that is shown of a table cannot narrow a range: tried against every table that could be meant."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.toll.bounds import Range, Sum, possible
from analysis.toll.small_cells import protected, small, table_sums

THRESHOLD = 5


def with_margins(rows: list[list[int]]) -> dict[str, int]:
    """A table's cells and margins by name."""
    cells = {f"r{r}.c{c}": value for r, row in enumerate(rows) for c, value in enumerate(row)}
    cells |= {f"r{r}.total": sum(row) for r, row in enumerate(rows)}
    cells |= {f"total.c{c}": sum(column) for c, column in enumerate(zip(*rows, strict=True))}
    return cells | {"total.total": sum(map(sum, rows))}


def sums_of(rows: list[list[int]]) -> list[Sum]:
    return table_sums([f"r{r}" for r in range(len(rows))], [f"c{c}" for c in range(len(rows[0]))])


def shown_table(rows: list[list[int]]) -> dict[str, Range]:
    """What the rule makes of a table: its small cells as ranges; other cells, then margins, free to be withheld."""
    values = with_margins(rows)
    inner = [cell for cell in values if "total" not in cell]
    ranges = {cell: kept for cell in inner if (kept := small(values[cell], THRESHOLD))}
    order = sorted(values, key=lambda cell: (cell.count("total"), values[cell]))
    return protected(values, sums_of(rows), ranges, withhold=order)


# Every table of two by two with cells up to nine, a row each, in the order of the cells of `with_margins`.
EVERY_TABLE = np.array(
    [list(with_margins([[a, b], [c, d]]).values()) for a, b, c, d in product(range(10), repeat=4)], dtype=int
)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(st.integers(0, 6), min_size=2, max_size=2), min_size=2, max_size=2))
def test_each_value_of_a_range_is_that_of_some_table_that_looks_the_same(rows: list[list[int]]) -> None:
    shown, values = shown_table(rows), with_margins(rows)
    seen = [shown.get(cell, Range(value, value)) for cell, value in values.items()]
    low, high = [one.low for one in seen], [one.high if one.high is not None else 99 for one in seen]
    alike = EVERY_TABLE[((low <= EVERY_TABLE) & (high >= EVERY_TABLE)).all(axis=1)]
    for column, (cell, value) in enumerate(values.items()):
        if "total" not in cell and 0 < value < THRESHOLD:
            assert {*alike[:, column].tolist()} >= {1, 2, 3, 4}, (cell, shown)


TABLES = st.integers(2, 3).flatmap(
    lambda width: st.lists(st.lists(st.integers(0, 30), min_size=width, max_size=width), min_size=2, max_size=4)
)


@settings(max_examples=25, deadline=None)
@given(TABLES)
def test_knowing_every_range_that_is_shown_narrows_none_of_them(rows: list[list[int]]) -> None:
    shown, values = shown_table(rows), with_margins(rows)
    known = {cell: value for cell, value in values.items() if cell not in shown}
    for cell, told in shown.items():
        assert possible(cell, known, shown, sums_of(rows)) == told
        assert told.low < (told.high or told.low + 1)
        assert told.holds(Range(values[cell], values[cell]))


def test_a_cell_under_the_threshold_is_a_range_and_a_zero_stands() -> None:
    assert [str(small(value, THRESHOLD)) for value in (0, 1, 4, 5)] == ["None", "1–4", "1–4", "None"]


def test_a_small_cell_alone_in_its_row_and_column_takes_others_with_it() -> None:
    # 3 | 20   23      Without the margins' help: r0 alone would be 23 - 20, c0 alone 33 - 30.
    # 30 | 9   39
    shown = shown_table([[3, 20], [30, 9]])
    assert set(shown) == {"r0.c0", "r0.c1", "r1.c0", "r1.c1"}
    assert {cell: str(kept) for cell, kept in shown.items()} == {
        "r0.c0": "1–4", "r0.c1": "19–22", "r1.c0": "29–32", "r1.c1": "7–10",
    }  # fmt: skip


def test_two_small_cells_that_hide_each_other_take_no_other_cell() -> None:
    rows = [[2, 3, 20], [3, 2, 30]]
    assert set(shown_table(rows)) == {"r0.c0", "r0.c1", "r1.c0", "r1.c1"}


def test_small_cells_that_add_up_to_an_end_of_their_ranges_do_not_hide_each_other() -> None:
    # 1 and 1 add up to 2: both are 1, whatever range they are shown as.
    values = {"a": 1, "b": 1, "c": 20, "total": 22}
    ranges = {"a": Range(1, 4), "b": Range(1, 4)}
    shown = protected(values, [Sum("total", ("a", "b", "c"))], ranges, withhold=["c"])
    assert {cell: str(kept) for cell, kept in shown.items()} == {"a": "1–4", "b": "1–4", "c": "14–20"}


def test_what_a_table_without_small_cells_shows_stays_as_it_is() -> None:
    assert shown_table([[5, 0], [70, 9]]) == {}


def test_a_range_that_nothing_can_keep_whole_is_told_as_what_remains_possible() -> None:
    shown = protected({"a": 2, "rest": 0, "toll": 2}, [Sum("toll", ("a",), open=True)], {"a": Range(1, 4)})
    assert shown == {"a": Range(1, 2)}


def test_a_cell_without_an_upper_end_says_so() -> None:
    assert str(possible("a", {}, {"a": Range(3, None)}, [])) == "3+"


def test_numbers_that_nothing_fits_are_refused() -> None:
    with pytest.raises(ValueError, match="No numbers fit"):
        possible("a", {"total": 3}, {"a": Range(5, 9)}, [Sum("total", ("a",))])
