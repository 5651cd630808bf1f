"""`toll count`: the counts of a month, a half-year or a year, carried out by an engine."""

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from analysis.commands.options import json_option, print_json, records_option, vintage_option
from analysis.period import parse_when

if TYPE_CHECKING:
    from analysis.records.engines import Engine


@click.command()
@click.argument("when", metavar="YYYY-MM|YYYY-H1|YYYY")
@records_option
@vintage_option
@click.option(
    "--engine", type=click.Choice(["pandas", "duckdb", "dask", "spark"]), default="pandas", show_default=True,
    help="What counts; docs/engines.md says from which size on which one pays.",
)  # fmt: skip
@click.option("--claim", "asked", metavar="ID", multiple=True, help="Only this claim, as often as given.")
@json_option
def count(
    when: str, records: str, vintage: int | None, engine: "Engine", asked: tuple[str, ...], as_json: bool
) -> None:
    """Count the records of a month, a half-year or a year: each claim's id, value, unit, records, and digest.

    The same claims as in the report's claims.json, whichever engine counts them; the records table is read by the
    engine and never loaded as a whole.
    """
    reported = parse_when(when)
    from analysis.toll.engine_counts import engine_counts  # heavy: not for --help, nor for a misspelt month

    ledger = engine_counts(reported, location=records, vintage=vintage, engine=engine)
    claims = [ledger[claim] for claim in asked] or list(ledger.values())
    if as_json:
        return print_json([asdict(one) for one in claims])
    for one in claims:
        click.echo(f"{one.id}  {one.value:,} {one.unit}  {one.records:,} records  {one.digest}")
    return None
