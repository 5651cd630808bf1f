"""`toll publish`: the finished report of a month, a half-year or a year becomes the published one."""

from dataclasses import asdict
from datetime import date
from pathlib import Path

import click

from analysis.commands.options import date_option, edition_option, json_option, out_option, print_json, report_argument
from analysis.period import parse_report


@click.command()
@report_argument
@out_option
@date_option
@edition_option
@json_option
def publish(when: str, out: Path, day: date, edition: str, as_json: bool) -> None:
    """Publish the finished report in OUT, its newest revision: from then on it is never overwritten."""
    reported = parse_report(when)
    from analysis.running.publications import folder_of  # heavy: not for --help, nor for a misspelt month
    from analysis.running.publishing import INDEX, publish_report

    made = publish_report(out, reported, day, edition)
    folder = folder_of(out, reported, made.revision, edition)
    if as_json:
        return print_json({"folder": str(folder), "index": str(out / INDEX), **asdict(made)})
    click.echo(f"{when}, revision {made.revision}, published on {made.date}: {len(made.files)} files in {folder}.")
    return click.echo(f"  {out / INDEX}")
