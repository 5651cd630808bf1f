"""Worker processes of this machine: each makes one report after another, and one that dies takes only its own with it.

They are forked from a server that has imported the program once. Orders and outcomes go through pipes: nothing listens
on a port, where any user of the machine could ask for work to be done.
"""

import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkServerContext, ForkServerProcess

from analysis.interruption import end_when_asked
from analysis.program import rarely_collect
from analysis.running.orders import ERROR, OnStep, Order, Outcome, make_one

# Imported by the server before it forks; none of them starts a thread. Great Expectations takes longer than all of
# them together: each worker imports it by itself, on its own core, and only where a month has to be checked.
EVERYTHING = (
    "analysis.running.orders",
    "analysis.running.execution",
    "analysis.running.in_process",
    "analysis.running.reports",
    "analysis.proofreading.number_check",
    "analysis.quality.kept",
    "analysis.sections.figures",
)
PATIENCE = 10  # seconds that a worker has for clearing up when it is asked to end


def run_here(orders: Sequence[Order], on_step: OnStep, *, workers: int) -> Iterator[Outcome]:
    """Make reports in so many processes; their outcomes as they come. Closing the iterator ends the processes."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([*EVERYTHING])
    with _pool(context, min(workers, len(orders))) as pool:
        waiting = [*reversed(orders)]
        for worker in pool:
            worker.begin(waiting.pop())
        while busy := {worker.pipe: worker for worker in pool if worker.order}:
            for pipe in wait([*busy]):
                worker = busy[pipe]  # type: ignore[index]
                outcome = worker.heard(on_step)
                if outcome is None:
                    continue
                yield outcome
                if waiting:
                    worker.begin(waiting.pop())


class _Worker:
    """One process, and the order that it is at."""

    def __init__(self, context: ForkServerContext) -> None:
        self.context = context
        self.order: Order | None = None
        self.start()

    def start(self) -> None:
        self.pipe, theirs = self.context.Pipe()
        self.process: ForkServerProcess = self.context.Process(target=work, args=(theirs,), daemon=True)
        self.process.start()
        theirs.close()

    def begin(self, order: Order) -> None:
        if not self.process.is_alive():
            self.start()
        self.order = order
        self.pipe.send(order)

    def heard(self, on_step: OnStep) -> Outcome | None:
        """The outcome that the worker tells; None for a section that it starts. Its death is an outcome too."""
        assert self.order is not None
        try:
            said = self.pipe.recv()
        except (EOFError, OSError):
            self.process.join()
            said = Outcome(
                self.order.when,
                ERROR,
                f"Its process ended with {_how(self.process.exitcode)}, often for lack of memory. The last good report "
                "is unchanged: run it again, with fewer --workers.",
            )
        if isinstance(said, Outcome):
            self.order = None
            return said
        on_step(self.order.when, said)
        return None


@contextmanager
def _pool(context: ForkServerContext, workers: int) -> Iterator[list[_Worker]]:
    """Workers that are ended whatever happens: asked first, so that none leaves a half-written folder behind."""
    pool: list[_Worker] = []
    try:
        pool += (_Worker(context) for _ in range(workers))
        yield pool
    finally:
        for worker in pool:
            worker.process.terminate()
        for worker in pool:
            worker.process.join(PATIENCE)
            worker.process.kill()


def _how(code: int | None) -> str:
    return signal.Signals(-code).name if code and code < 0 else f"exit code {code}"


def work(pipe: Connection) -> None:
    """What a worker does: it makes the reports that it is told to make, until it is asked to end or nobody is left."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group: it is the command's to end us
    end_when_asked(signal.SIGTERM)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        for nth in count():
            if nth < 2:  # once more when the first report has brought in what only a report needs
                rarely_collect()
            pipe.send(make_one(pipe.recv(), on_step=pipe.send))
    except (EOFError, OSError, KeyboardInterrupt):
        return


def _end_with_parent() -> None:
    """A command that was killed leaves no worker behind that goes on making reports."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
    os._exit(1)
