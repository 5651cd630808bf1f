"""Small cells: which numbers of a cross-table are shown as a range, so that none can be worked out (METHOD M29).

A cell under the threshold is shown as a range; as many further cells are withheld as it takes to keep every value of
that range possible. What such a further cell is shown as follows from what is shown already, and tells nothing new.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence

from analysis.toll.bounds import Range, Sum, possible

TOTAL = "total"


def table_sums(rows: Sequence[str], columns: Sequence[str]) -> list[Sum]:
    """What the margins of a cross-table tell: cells are `row.column`, margins have `total` in the place of either."""
    across = [Sum(f"{row}.{TOTAL}", tuple(f"{row}.{column}" for column in columns)) for row in (*rows, TOTAL)]
    down = [Sum(f"{TOTAL}.{column}", tuple(f"{row}.{column}" for row in rows)) for column in (*columns, TOTAL)]
    return [*across, *down]


def small(value: int, threshold: int) -> Range | None:
    """The range that a cell under the threshold is shown as; None for a zero, which stands, and for larger ones."""
    return Range(1, threshold - 1) if 0 < value < threshold else None


def protected(
    values: Mapping[str, int],
    sums: Sequence[Sum],
    ranges: Mapping[str, Range],
    *,
    withhold: Sequence[str] = (),
    withheld: Collection[str] = (),
) -> dict[str, Range]:
    """The cells that are not shown as they are, each with what is shown in its place.

    In    the value of every cell that a sum names, and the `ranges` that some are shown as. Cells of `withheld` are
          shown to nobody, or as what follows from the rest; those of `withhold` may join them, the first ones first,
          and a zero only where nothing else is left.
    Out   every number of each of the `ranges` is possible for whoever knows the sums and all that is shown. Where that
          cannot be had, the range is what remains possible.
    """

    def narrowed(hidden: Collection[str]) -> list[str]:
        return [one for one, kept in ranges.items() if not _seen(one, values, sums, ranges, hidden).holds(kept)]

    joined: list[str] = []
    while worked_out := narrowed([*withheld, *joined]):
        left = [one for one in withhold if one not in (*ranges, *withheld, *joined)]
        if not left:
            break
        joined.append(_next(worked_out, values, sums, left))
    for one in tuple(joined):  # what came after it may have made it needless
        fewer = [other for other in joined if other != one]
        joined = joined if narrowed([*withheld, *fewer]) else fewer
    hidden = [*withheld, *joined]
    return {cell: _seen(cell, values, sums, ranges, hidden) for cell in (*ranges, *hidden)}


def _next(worked_out: Sequence[str], values: Mapping[str, int], sums: Sequence[Sum], left: Sequence[str]) -> str:
    """The cell to withhold next: one that a sum ties to a cell that can still be worked out, else any."""
    near = {cell for one in sums if set(one.cells) & set(worked_out) for cell in one.cells}
    return min([one for one in left if one in near] or left, key=lambda one: values[one] == 0)


def _seen(
    cell: str, values: Mapping[str, int], sums: Sequence[Sum], ranges: Mapping[str, Range], hidden: Iterable[str]
) -> Range:
    """What a cell can be for a reader who is shown all but the ranges and the hidden cells."""
    unknown = dict.fromkeys(hidden, Range(0, None)) | dict(ranges)
    shown = {name: value for name, value in values.items() if name not in unknown}
    return possible(cell, shown, unknown, sums)
