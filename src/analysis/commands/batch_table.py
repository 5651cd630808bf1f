"""What one sees while a batch is being made: the reports under way and their sections, and every failure."""

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.live import Live
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from analysis.running.orders import Outcome


class Watched:
    """A table that is written anew as sections start and reports end."""

    def __init__(self, number: int) -> None:
        self.number, self.began = number, time.perf_counter()
        self.under_way: dict[str, tuple[str, float]] = {}
        self.ended: list[Outcome] = []

    def step(self, when: str, section: str) -> None:
        now = time.perf_counter()
        before = self.under_way.get(when, ("Starting", now))
        self.under_way[when] = (section or before[0], before[1])

    def end(self, outcome: "Outcome") -> None:
        self.under_way.pop(outcome.when, None)
        self.ended.append(outcome)

    def __rich__(self) -> Table:
        from analysis.running.orders import FAILED

        now, kinds = time.perf_counter(), Counter(one.kind for one in self.ended)
        told = ", ".join(f"{number} {kind}" for kind, number in kinds.items()) or "none has ended yet"
        table = Table("Report", "Section", "Seconds", title=f"{len(self.ended)} of {self.number}: {told}")
        for when, (section, since) in sorted(self.under_way.items()):
            table.add_row(when, section, f"{now - since:.0f}")
        for one in self.ended:
            if one.kind in FAILED:
                table.add_row(one.when, Text(f"{one.kind}: {one.said}"[:90]), f"{one.seconds:.0f}", style="red")
        table.caption = f"{now - self.began:.0f} seconds"
        return table


@contextmanager
def watching(number: int, *, quiet: bool) -> Iterator[Watched]:
    """A live table on standard error, gone when it is done; nothing where standard error is no terminal."""
    console, watched = Console(stderr=True, quiet=quiet), Watched(number)
    if quiet or not console.is_terminal:
        yield watched
        return
    with Live(get_renderable=watched.__rich__, console=console, refresh_per_second=4, transient=True):
        yield watched


def summary(outcomes: Sequence["Outcome"]) -> Table:
    """Every report's outcome, its seconds, and why."""
    table = Table("Report", "Outcome", "Seconds", "Why")
    for one in outcomes:
        table.add_row(one.when, one.kind, f"{one.seconds:.1f}" if one.seconds else "", Text(one.said))
    return table
