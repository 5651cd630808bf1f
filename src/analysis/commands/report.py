"""`toll report`: the report of a month, a half-year or a year."""

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from analysis.commands.options import (
    edition_option,
    fresh_option,
    isolated_option,
    json_option,
    keep_quality,
    language_option,
    out_option,
    print_json,
    progress_bar,
    records_option,
    report_argument,
    vintage_option,
)
from analysis.editions import INTERNAL
from analysis.period import When, parse_report, parts
from analysis.program import rarely_collect
from analysis.quality.ahead import running_ahead

if TYPE_CHECKING:
    from analysis.running.reports import Report


@click.command()
@report_argument
@records_option
@out_option
@vintage_option
@edition_option
@click.option("--revision", "reason", metavar="REASON",
              help="Make a published report again, as a revision beside it, and say why.")  # fmt: skip
@language_option
@fresh_option
@isolated_option
@json_option
def report(
    when: str,
    records: str,
    out: Path,
    vintage: int | None,
    edition: str,
    reason: str | None,
    language: str,
    fresh: bool,
    isolated: bool,
    as_json: bool,
) -> None:
    """Make the report of a month, a half-year or a year: HTML, PDF, claims, tables and figures in a folder of OUT.

    With 2020-12+2020 the report of December tells the year too that it ends; with 2020-06+2020-H1 the half-year.
    """
    reported = parse_report(when)
    folder = keep_quality(fresh=fresh)
    asked = {"location": records, "out": out, "vintage": vintage, "reason": reason, "language": language,
             "edition": edition}  # fmt: skip
    ahead = folder if reported.span == "month" and edition == INTERNAL else ""
    with running_ahead(ahead, when, records, vintage):  # the gate begins before anything heavy is imported here
        made = _make(reported, asked, isolated=isolated, quiet=as_json)
    from analysis.toll.since import headline_ids

    headlines = {claim: made.ledger.value(claim) for one in parts(reported) for claim in headline_ids(one)}
    if as_json:
        files = [path.relative_to(made.folder).as_posix() for path in made.files]
        return print_json({"month": when, "folder": str(made.folder), "files": files, "claims": headlines})
    for one in parts(reported):
        killed, children, women, torture = (headlines[claim] for claim in headline_ids(one))
        click.echo(f"{one}: {killed} civilians, {children} children, {women} women; {torture} due to torture.")
    for path in made.files:
        if path.parent == made.folder:
            click.echo(f"  {path}")
    return click.echo(f"  {made.folder / 'tables'}, {made.folder / 'figures'}")


def _make(reported: When, asked: dict[str, Any], *, isolated: bool, quiet: bool) -> "Report":
    """Make the report, with a bar that names the section under way."""
    rarely_collect()
    import nbformat  # heavy, with what follows: not for --help, nor for a misspelt month

    from analysis.running.execution import execute
    from analysis.running.in_process import execute_in_process
    from analysis.running.reports import make_report, notebook_of

    if not isolated:
        _import_ahead()
    rarely_collect()
    steps = 3 + sum(cell.cell_type == "code" for cell in nbformat.read(notebook_of(reported), as_version=4).cells)
    with progress_bar(quiet=quiet) as progress:
        task = progress.add_task("Starting", total=steps)
        made = make_report(
            reported, **asked, execute=execute if isolated else execute_in_process,
            on_step=lambda name: progress.update(task, description=name, advance=1) if name else None,
        )  # fmt: skip
        progress.update(task, description="Done", completed=steps)
    return made


def _import_ahead() -> None:
    """Import what the notebook and the check of its pages will need, while the gate runs on the other core."""
    for module in ("analysis.proofreading.number_check", "analysis.sections.figures"):
        import_module(module)
