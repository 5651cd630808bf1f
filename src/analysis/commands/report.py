"""`toll report`: the report of a month, a half-year or a year."""

from pathlib import Path

import click
import nbformat

from analysis.commands.options import (
    edition_option,
    json_option,
    language_option,
    out_option,
    print_json,
    progress_bar,
    records_option,
    vintage_option,
)
from analysis.period import parse_when


@click.command()
@click.argument("when", metavar="YYYY-MM|YYYY-H1|YYYY")
@records_option
@out_option
@vintage_option
@edition_option
@click.option("--revision", "reason", metavar="REASON",
              help="Make a published report again, as a revision beside it, and say why.")  # fmt: skip
@language_option
@json_option
def report(
    when: str,
    records: str,
    out: Path,
    vintage: int | None,
    edition: str,
    reason: str | None,
    language: str,
    as_json: bool,
) -> None:
    """Make the report of a month, a half-year or a year: HTML, PDF, claims, tables and figures in a folder of OUT."""
    reported = parse_when(when)
    from analysis.running.reports import make_report, notebook_of  # heavy: not for --help, nor for a misspelt month
    from analysis.toll.since import headline_ids

    steps = 3 + sum(cell.cell_type == "code" for cell in nbformat.read(notebook_of(reported), as_version=4).cells)
    with progress_bar(quiet=as_json) as progress:
        task = progress.add_task("Starting", total=steps)
        made = make_report(
            reported, location=records, out=out, vintage=vintage, reason=reason, language=language, edition=edition,
            on_step=lambda name: progress.update(task, description=name, advance=1) if name else None,
        )  # fmt: skip
        progress.update(task, description="Done", completed=steps)
    headlines = {claim: made.ledger.value(claim) for claim in headline_ids(reported)}
    if as_json:
        files = [path.relative_to(made.folder).as_posix() for path in made.files]
        return print_json({"month": when, "folder": str(made.folder), "files": files, "claims": headlines})
    killed, children, women, torture = headlines.values()
    click.echo(f"{when}: {killed} civilians, {children} children, {women} women; {torture} due to torture.")
    for path in made.files:
        if path.parent == made.folder:
            click.echo(f"  {path}")
    return click.echo(f"  {made.folder / 'tables'}, {made.folder / 'figures'}")
