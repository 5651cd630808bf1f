"""`toll revisions`: how a month's or a year's toll changed between two vintages, by reason."""

from collections.abc import Collection, Sequence
from dataclasses import asdict

import click

from analysis.commands.options import json_option, print_json, records_option


@click.command()
@click.argument("period", metavar="YYYY-MM|YYYY-H1|YYYY")
@click.option("--from", "before", required=True, type=click.IntRange(min=0), help="The earlier vintage.")
@click.option("--to", "after", type=click.IntRange(min=0), help="The later vintage; the newest where none is named.")
@records_option
@json_option
def revisions(period: str, before: int, after: int | None, records: str, as_json: bool) -> None:
    """Show old total, each reason with its records, and new total; then what moved inside the toll."""
    from analysis.toll import revisions as found  # heavy: not for --help
    from analysis.toll.two_vintages import read_two_vintages

    two = read_two_vintages(period, before, after, records)
    steps, moved = found.revisions(two.was, two.now, two.months), found.shifts(two.was, two.now, two.months)
    if as_json:
        said = {"period": period, "from": two.before.version, "to": two.after.version, "decided": sorted(two.decided)}
        return print_json(said | {"steps": [asdict(one) for one in steps], "shifts": [asdict(one) for one in moved]})
    click.echo(f"{period}, vintage {two.before.version} -> {two.after.version}")
    for step in steps:
        total = step.reason in found.TOTALS
        named = "" if total else _named(step.record_ids, two.decided)
        click.echo(f"  {step.change:{'' if total else '+'},}".rjust(9) + f"  {step.words}{named}")
    if moved:
        click.echo("In the toll at both vintages, and moved inside it:")
    for one in moved:
        what = f"{one.field}: {one.was} -> {one.now}"
        click.echo(f"{len(one.record_ids):>9,}  {what}{_named(one.record_ids, two.decided)}")
    return None


def _named(ids: Sequence[str], decided: Collection[str]) -> str:
    """The first records, and how many of all were changed by people here and not by the source."""
    from analysis.errors import first_three

    here = sum(one in decided for one in ids)
    return f"  ({first_three(ids)}{f'; {here} by a correction or decision' if here else ''})"
