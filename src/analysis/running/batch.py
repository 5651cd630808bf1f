"""A batch: many reports made by workers, each whole or not at all, and a page that says what became of each."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from analysis.editions import INTERNAL
from analysis.errors import BadParameter, CannotPublish
from analysis.files import replace_file
from analysis.period import as_asked, parse_list, parse_report
from analysis.rendering.batch_page import Line, write_batch_page
from analysis.running.made_from import FOLDER, about, inputs_of
from analysis.running.orders import (
    ERROR,
    GATE_FAILED,
    MADE,
    NOT_BEGUN,
    PUBLISHED,
    UNCHANGED,
    OnStep,
    Order,
    Outcome,
    planned,
)
from analysis.running.publications import asked_for, folder_of

PAGE, LAST = "batch.html", "last-batch"  # of another edition than the internal one: batch.public.html, and so on
KINDS = (MADE, UNCHANGED, PUBLISHED, GATE_FAILED, ERROR, NOT_BEGUN)
Run = Callable[[Sequence[Order], OnStep], Iterator[Outcome]]


def remembered(out: Path, edition: str = INTERNAL) -> str:
    """The list of the last batch of an edition in OUT. Raises BadParameter where there was none."""
    try:
        return (out / FOLDER / _of(edition, LAST)).read_text(encoding="utf-8").strip()
    except OSError:
        named = "batch" if edition == INTERNAL else f"batch of the {edition} edition"
        raise BadParameter(
            f"There is no {named} in {out} to go on with. Name the months: toll batch 2020-01..2020-12"
            f"{asked_for(edition)}."
        ) from None


def _of(edition: str, name: str) -> str:
    """The name of a file of a batch in OUT: each edition has its own, so that none takes another's place."""
    stem, dot, ending = name.partition(".")
    return name if edition == INTERNAL else f"{stem}.{edition}{dot}{ending}"


def plan_batch(listed: str, common: Order, *, fresh: bool) -> list[Order | Outcome]:
    """What there is to do for each report of a list, and the outcome of each that needs nothing done.

    `common` is an order of no report yet. The list is kept in OUT, to go on with after a stop.
    Raises BadMonth for a wrong list, BadRecords where there are no records, CannotPublish where OUT is no folder.
    """
    whens = parse_list(listed)
    inputs = inputs_of(common.location, vintage=common.vintage, language=common.language, edition=common.edition)
    _remember(Path(common.out) / FOLDER / _of(common.edition, LAST), listed)
    orders = (replace(common, when=as_asked(when), inputs=inputs | about(when)) for when in whens)
    return [planned(order, fresh=fresh) for order in orders]


def _remember(file: Path, listed: str) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        out = file.parent.parent
        raise CannotPublish(f"Reports cannot be written to {out}: {error.strerror}. Name another --out.") from None
    replace_file(file, listed + "\n")


def carry_out(plan: Sequence[Order | Outcome], run: Run, on_step: OnStep) -> Iterator[Outcome]:
    """Make what a plan orders: each outcome as it comes, those first that are settled. Closing it ends the run."""
    yield from (one for one in plan if isinstance(one, Outcome))
    orders = [one for one in plan if isinstance(one, Order)]
    if orders:
        yield from run(orders, on_step)


def in_order(plan: Sequence[Order | Outcome], outcomes: Iterable[Outcome]) -> list[Outcome]:
    """An outcome for every report of a plan, in its order: those that nobody came to are not begun."""
    told = {one.when: one for one in outcomes}
    return [told.get(one.when, Outcome(one.when, NOT_BEGUN, "the batch was interrupted")) for one in plan]


def write_page(out: Path, outcomes: Sequence[Outcome], seconds: float, edition: str = INTERNAL) -> Path:
    """Write OUT/batch.html, of another edition OUT/batch.public.html: what became of each. Raises CannotPublish."""
    lines = [Line(one.when, one.kind, one.said, one.seconds, _address(out, one, edition)) for one in outcomes]
    page = out / _of(edition, PAGE)
    replace_file(page, write_batch_page(lines, kinds=KINDS, seconds=seconds, edition=edition))
    return page


def _address(out: Path, one: Outcome, edition: str) -> str:
    pages = sorted(folder_of(out, parse_report(one.when), edition=edition).glob("report.*.html"))
    return pages[0].relative_to(out).as_posix() if pages else ""
