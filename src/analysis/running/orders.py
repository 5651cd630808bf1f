"""One report of many: what is to be made, whether there is anything to make, and what became of it.

Each is by itself: one that fails stops no other, and shares nothing with it.
"""

import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Lock
from traceback import extract_tb

from analysis.editions import INTERNAL, read_edition
from analysis.errors import BadParameter, ReportError
from analysis.period import When, parse_report
from analysis.program import source_digest
from analysis.quality import kept
from analysis.running.made_from import SECRET, changed_since, note_inputs
from analysis.running.publications import day_of, folder_of, publications
from analysis.secrets import PSEUDONYMS, secret_digest

PUBLISHED, UNCHANGED, MADE, GATE_FAILED, ERROR = "published", "unchanged", "made", "gate failed", "error"
NOT_BEGUN = "not begun"
FAILED = (GATE_FAILED, ERROR)
OnStep = Callable[[str, str], None]  # told what is reported, and the section that starts
_one_at_a_time = Lock()  # a process runs one notebook: its names, and where its records are, belong to the process


@dataclass(frozen=True)
class Order:
    """One report to be made, as a worker gets it: `why`, where from and where to, by which `program` (a digest).

    `quality` is the folder of kept findings, `inputs` has a digest of each thing that the report is made from.
    """

    when: str
    location: str
    out: str
    vintage: int | None = None
    language: str = "en"
    edition: str = INTERNAL
    isolated: bool = False
    quality: str = ""
    program: str = ""
    inputs: Mapping[str, str] = field(default_factory=dict)
    why: str = ""

    @property
    def reported(self) -> When:
        """What the report is about."""
        return parse_report(self.when)

    @property
    def folder(self) -> Path:
        """Where the report goes while it is not published: each edition has a folder of its own."""
        return folder_of(Path(self.out), self.reported, edition=self.edition)


@dataclass(frozen=True)
class Outcome:
    """What became of one report: how it ended, in how many seconds, and what there is to say of it."""

    when: str
    kind: str
    said: str = ""
    seconds: float = 0.0


def planned(order: Order, *, fresh: bool) -> Order | Outcome:
    """What there is to do for a report, and why; or its outcome, where there is nothing to do.

    A published report is left alone. One of which nothing has changed is too, unless everything is asked for afresh.
    """
    try:
        published = publications(Path(order.out), order.reported, order.edition)
    except ReportError as error:
        return Outcome(order.when, ERROR, str(error))
    if published:
        last = published[-1]
        return Outcome(order.when, PUBLISHED, f"on {day_of(last)}, revision {last.revision}: left alone")
    why = changed_since(order.folder, order.inputs)
    if why or fresh:
        return replace(order, why=why or "asked for afresh")
    return Outcome(order.when, UNCHANGED, "what it is made from is as it was")


def make_one(order: Order, on_step: Callable[[str], None] = lambda _: None) -> Outcome:
    """Make one report; whatever goes wrong with it is its outcome, and nobody else's."""
    with _one_at_a_time:
        began = time.perf_counter()
        try:
            _make(order, on_step)
            kind, said = MADE, order.why
        except ReportError as error:
            kind, said = GATE_FAILED if error.exit_code == 1 else ERROR, str(error)
        except Exception as error:  # noqa: BLE001 (an edge like the command's; its text may quote a record)
            where = extract_tb(error.__traceback__)[-1]
            place = f"{type(error).__name__} in {Path(where.filename).name}, line {where.lineno}"
            kind, said = ERROR, f"{place}. This is a defect of the program: please report it."
        return Outcome(order.when, kind, said, time.perf_counter() - began)


def _make(order: Order, on_step: Callable[[str], None]) -> None:
    from analysis.running.execution import execute  # heavy: a batch with nothing to make asks for none of it
    from analysis.running.in_process import execute_in_process
    from analysis.running.reports import make_report

    _require_same(order)
    os.environ[kept.FOLDER] = order.quality
    make_report(order.reported, location=order.location, out=Path(order.out), vintage=order.vintage,
                language=order.language, edition=order.edition, on_step=on_step,
                execute=execute if order.isolated else execute_in_process)  # fmt: skip
    note_inputs(order.folder, order.inputs)


def _require_same(order: Order) -> None:
    """Refuse work on a machine that has another program, or another key, than the one that sends it."""
    if order.program != source_digest():
        raise BadParameter(
            "This worker runs another version of the program than the command that sends it work. Install the same "
            "one on both: reports of one batch are made by one program."
        )
    if read_edition(order.edition).is_nameless and order.inputs[SECRET] != secret_digest():
        raise BadParameter(
            f"This worker has another {PSEUDONYMS} than the command that sends it work. Give both the same one, in the "
            "folder that TOLL_KEYS names: with two keys one person would have two pseudonyms in the reports of a batch."
        )
