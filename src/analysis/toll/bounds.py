"""What a cell of a table can be for whoever knows the others: the least and the most that the sums leave possible."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import inf


@dataclass(frozen=True)
class Range:
    """The whole numbers from `low` to `high`, both included; without `high` there is no end to them."""

    low: int
    high: int | None

    def __str__(self) -> str:
        return f"{self.low}+" if self.high is None else f"{self.low}–{self.high}"

    def holds(self, other: "Range") -> bool:
        """Whether every number of another range is in this one."""
        ends = self.high is None or (other.high is not None and other.high <= self.high)
        return self.low <= other.low and ends


@dataclass(frozen=True)
class Sum:
    """A reader knows that some cells add up to `total`; of an `open` sum, that they are not more."""

    total: str
    parts: tuple[str, ...]
    open: bool = False

    @property
    def cells(self) -> tuple[str, ...]:
        return self.total, *self.parts


def possible(cell: str, shown: Mapping[str, int], unknown: Mapping[str, Range], sums: Iterable[Sum]) -> Range:
    """The least and the most that a cell can be, given what is shown and the ranges that the others are known to be in.

    Raises ValueError where no numbers fit what is shown.
    """
    tied = _tied(cell, shown, unknown, sums)
    names = sorted({cell, *(name for one in tied for name in one.cells if name in unknown)})
    if _is_forest(names, tied):
        return _narrowed(cell, shown, {name: unknown[name] for name in names}, tied)
    low, high = (_extreme(names, names.index(cell), shown, unknown, tied, sign=sign) for sign in (1, -1))
    assert low is not None  # no cell is below nought
    return Range(low, high)


def _tied(cell: str, shown: Mapping[str, int], unknown: Mapping[str, Range], sums: Iterable[Sum]) -> list[Sum]:
    """The sums that say anything of a cell: those it is in, those that unknown cells of these are in, and so on."""
    left, reached, found = [one for one in sums if _tells(one, unknown, shown)], {cell}, list[Sum]()
    while near := [one for one in left if reached & set(one.cells)]:
        found += near
        left = [one for one in left if one not in near]
        reached |= {name for one in near for name in one.cells if name in unknown}
    return found


def _tells(one: Sum, unknown: Mapping[str, Range], shown: Mapping[str, int]) -> bool:
    """Whether a sum can narrow anything: an open one cannot where its parts never come to more than its total."""
    most = [Range(shown[name], shown[name]) if name in shown else unknown[name] for name in one.parts]
    ends = [each.high for each in most if each.high is not None]
    return not one.open or one.total not in shown or len(ends) < len(most) or sum(ends) > shown[one.total]


def _is_forest(names: Sequence[str], sums: Sequence[Sum]) -> bool:
    """Whether no two ways lead from one unknown cell to another: then one narrows the next, and nothing else does."""
    ties = sum(name in names for one in sums for name in one.cells)
    return ties == len(names) + len(sums) - 1


def _narrowed(cell: str, shown: Mapping[str, int], unknown: Mapping[str, Range], sums: Sequence[Sum]) -> Range:
    """What is left of a cell's range once each sum has narrowed the cells in it, until none narrows any more."""
    low = dict(shown) | {name: one.low for name, one in unknown.items()}
    high: dict[str, float] = dict(shown) | {
        name: inf if one.high is None else one.high for name, one in unknown.items()
    }
    before: tuple[dict[str, int], dict[str, float]] | None = None
    while before != (low, high):
        before = dict(low), dict(high)
        for one in sums:
            _narrow(one, low, high)
    if any(low[name] > high[name] for name in before[0]):
        raise ValueError(f"No numbers fit what is shown of {cell}.")
    return Range(low[cell], None if high[cell] == inf else int(high[cell]))


def _narrow(one: Sum, low: dict[str, int], high: dict[str, float]) -> None:
    """Narrow the cells of a sum to what the others leave them."""
    total, least, most = one.total, sum(low[name] for name in one.parts), sum(high[name] for name in one.parts)
    low[total] = max(low[total], least)
    high[total] = high[total] if one.open else min(high[total], most)
    for name in one.parts:
        others = sum(high[other] for other in one.parts if other != name)
        high[name] = min(high[name], high[total] - least + low[name])
        if not one.open and others < inf:
            low[name] = max(low[name], low[total] - int(others))


def _extreme(
    names: Sequence[str],
    at: int,
    shown: Mapping[str, int],
    unknown: Mapping[str, Range],
    sums: Sequence[Sum],
    *,
    sign: int,
) -> int | None:
    """The least (`sign` 1) or the most (-1) that the cell `at` can be, as an integer program; None without an end."""
    import numpy as np  # heavy: only where an edition withholds
    from scipy.optimize import Bounds, LinearConstraint, milp

    place = {name: nth for nth, name in enumerate(names)}
    rows, least, most = np.zeros((len(sums), len(names))), np.zeros(len(sums)), np.zeros(len(sums))
    for row, one in enumerate(sums):
        for name, weight in _terms(one):
            if name in place:
                rows[row, place[name]] += weight
            else:
                least[row] -= weight * shown[name]
        most[row] = np.inf if one.open else least[row]
    objective = np.zeros(len(names))
    objective[at] = sign
    high = [np.inf if unknown[name].high is None else unknown[name].high for name in names]
    found = milp(
        objective, integrality=np.ones(len(names)), bounds=Bounds([unknown[name].low for name in names], high),
        constraints=LinearConstraint(rows, least, most) if sums else (),
    )  # fmt: skip
    if found.x is None and sign < 0:  # there are numbers that fit, for the least was found: they have no end
        return None
    if found.x is None:
        raise ValueError(f"No numbers fit what is shown of {names[at]}: {found.message}")
    return round(found.x[at])


def _terms(one: Sum) -> Iterator[tuple[str, int]]:
    """A sum as weights: the total less its parts."""
    yield one.total, 1
    yield from product(one.parts, (-1,))
