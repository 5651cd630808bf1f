"""`toll report`: the report of a month."""

from pathlib import Path

import click
import nbformat

from analysis.commands.options import json_option, out_option, print_json, progress_bar, records_option, vintage_option
from analysis.month import Month

HEADLINES = ("civilians.month", "civilians.month.children", "civilians.month.women", "torture.month")


@click.command()
@click.argument("month", metavar="YYYY-MM")
@records_option
@out_option
@vintage_option
@json_option
def report(month: str, records: str, out: Path, vintage: int | None, as_json: bool) -> None:
    """Make the report of a month: HTML, PDF, claims, tables and figures in OUT/YYYY-MM."""
    when = Month.parse(month)
    from analysis.running.reports import MONTHLY, make_report  # heavy: not for --help, nor for a misspelt month

    steps = 3 + sum(cell.cell_type == "code" for cell in nbformat.read(MONTHLY, as_version=4).cells)
    with progress_bar(quiet=as_json) as progress:
        task = progress.add_task("Starting", total=steps)
        made = make_report(
            when, location=records, out=out, vintage=vintage,
            on_step=lambda name: progress.update(task, description=name, advance=1) if name else None,
        )  # fmt: skip
        progress.update(task, description="Done", completed=steps)
    headlines = {claim: made.ledger.value(claim) for claim in HEADLINES}
    if as_json:
        files = [path.relative_to(made.folder).as_posix() for path in made.files]
        return print_json({"month": month, "folder": str(made.folder), "files": files, "claims": headlines})
    killed, children, women, torture = headlines.values()
    click.echo(f"{month}: {killed} civilians, {children} children, {women} women; {torture} due to torture.")
    for path in made.files:
        if path.parent == made.folder:
            click.echo(f"  {path}")
    return click.echo(f"  {made.folder / 'tables'}, {made.folder / 'figures'}")
