"""`toll batch`: the reports of many months, half-years and years."""

import os
import time
from collections.abc import Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console

from analysis.commands.batch_table import summary, watching
from analysis.commands.options import (
    edition_option,
    fresh_option,
    isolated_option,
    json_option,
    keep_quality,
    language_option,
    out_option,
    print_json,
    records_option,
    vintage_option,
)
from analysis.editions import read_edition
from analysis.errors import BadParameter, BatchStopped, BatchUnfinished
from analysis.period import parse_list
from analysis.texts import languages_asked

if TYPE_CHECKING:
    from analysis.running.orders import Order, Outcome


@click.command()
@click.argument("listed", metavar="[YYYY-MM..YYYY-MM,YYYY-H1,YYYY,YYYY-MM+YYYY …]", required=False)
@records_option
@out_option
@vintage_option
@edition_option
@click.option("--workers", type=click.IntRange(min=1), metavar="N", help="How many processes  [default: one a core]")
@click.option("--scheduler", metavar="tcp://HOST:PORT", help="Work on a Dask cluster that reaches records and OUT.")
@click.option("--resume", is_flag=True, help="Go on after a stop; without a list, with that of the last batch in OUT.")
@language_option
@fresh_option
@isolated_option
@json_option
def batch(
    listed: str | None,
    records: str,
    out: Path,
    vintage: int | None,
    edition: str,
    workers: int | None,
    scheduler: str | None,
    resume: bool,
    language: str,
    fresh: bool,
    isolated: bool,
    as_json: bool,
) -> None:
    """Make the reports of many months: one that fails stops no other, and what has not changed is not made again."""
    if not listed and not resume:
        raise BadParameter("No months were named. Name them like this: toll batch 2020-01..2020-12,2020.")
    if listed:
        parse_list(listed)
    languages_asked(language)
    read_edition(edition)
    from analysis.program import source_digest  # heavy, with what follows: not for --help, nor for a misspelt month
    from analysis.running.batch import in_order, plan_batch, remembered, write_page
    from analysis.running.orders import Order

    began = time.perf_counter()
    where = records if "://" in records else str(Path(records).resolve())
    kept = keep_quality(fresh=fresh)
    order = Order("", where, str(out.resolve()), vintage, language, edition, isolated, kept, program=source_digest())
    plan = plan_batch(listed or remembered(out, edition), order, fresh=fresh)
    ended, stopped = _carried_out(plan, scheduler, workers or _cores(), quiet=as_json)
    outcomes, seconds = in_order(plan, ended), time.perf_counter() - began
    page = write_page(out, outcomes, seconds, edition)
    if as_json:
        print_json({"page": str(page), "seconds": round(seconds, 1), "reports": [asdict(one) for one in outcomes]})
    else:
        Console().print(summary(outcomes))
        click.echo(f"  {page}")
    _raise_for(outcomes, page, stopped, edition)


def _carried_out(
    plan: Sequence["Order | Outcome"], scheduler: str | None, workers: int, *, quiet: bool
) -> tuple[list["Outcome"], bool]:
    """Have the plan carried out, with a table of what is under way; what has ended, and whether it was interrupted."""
    from analysis.running.batch import carry_out
    from analysis.running.cluster import run_on_cluster
    from analysis.running.workers import run_here

    run = partial(run_on_cluster, scheduler=scheduler) if scheduler else partial(run_here, workers=workers)
    with watching(len(plan), quiet=quiet) as watched:
        try:
            for outcome in carry_out(plan, run, watched.step):
                watched.end(outcome)
        except KeyboardInterrupt:
            return watched.ended, True
    return watched.ended, False


def _cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _raise_for(outcomes: Sequence["Outcome"], page: Path, stopped: bool, edition: str) -> None:
    """Say what is left to do. Raises BatchStopped, or BatchUnfinished with the name of every report that failed."""
    from analysis.running.orders import FAILED, NOT_BEGUN
    from analysis.running.publications import asked_for

    left, again = [one.when for one in outcomes if one.kind == NOT_BEGUN], f"toll batch --resume{asked_for(edition)}"
    failed = [f"{one.when} ({one.kind})" for one in outcomes if one.kind in FAILED]
    if stopped:
        raise BatchStopped(
            f"Interrupted: {len(outcomes) - len(left)} of {len(outcomes)} reports are settled, and each in its folder "
            f"is whole. The same command goes on with the other {len(left)}, or: {again}."
        )
    if failed:
        raise BatchUnfinished(
            f"{len(failed)} of {len(outcomes)} reports were not made: {', '.join(failed)}. The others are not touched "
            f"by that. {page} says why of each; once it is put right, the same command makes those alone."
        )
