"""`toll duplicates`: pairs of records that may be of the same person and that nobody has decided yet."""

import click

from analysis.commands.options import json_option, print_json, records_option, vintage_option
from analysis.month import Month


@click.command()
@click.option("--month", "month", metavar="YYYY-MM", help="Only pairs with a record documented in this month.")
@records_option
@vintage_option
@json_option
def duplicates(month: str | None, records: str, vintage: int | None, as_json: bool) -> None:
    """Print pairs of records that may be of the same person, for people to decide in data/duplicates.yml."""
    when = None if month is None else Month.parse(month)
    from analysis.importing.duplicates import undecided_pairs

    pairs = undecided_pairs(records, month=when, vintage=vintage)
    if as_json:
        return print_json(pairs.to_dict("records"))
    for pair in pairs.itertuples():
        click.echo(f"{pair.score:>3}  {pair.record_a}  {pair.record_b}  {pair.reasons}")
    return click.echo(f"{len(pairs)} pairs to decide; write what is decided into data/duplicates.yml.")
