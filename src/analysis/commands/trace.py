"""`toll trace`: one number of a report followed to the records behind it."""

import sys
from dataclasses import asdict
from textwrap import fill, indent
from typing import TYPE_CHECKING, Any

import click

from analysis.commands.options import json_option, print_json, records_option, vintage_option
from analysis.period import parse_when

if TYPE_CHECKING:
    from analysis.audit.lineage import Lineage

SHOWN = 20


@click.command()
@click.argument("claim")
@click.option("--month", "when", metavar="YYYY-MM|YYYY-H1|YYYY", required=True, help="What the report is about.")
@records_option
@vintage_option
@click.option("--all", "every", is_flag=True, help=f"Print every record, not only the first {SHOWN}.")
@json_option
def trace(claim: str, when: str, records: str, vintage: int | None, every: bool, as_json: bool) -> None:
    """Follow a CLAIM (its id in claims.json) to its definition, its rules, its filter and the records behind it.

    Exit 1 where the two counts, the report's and the one in SQL, do not agree.
    """
    reported = parse_when(when)
    from analysis.audit.lineage import lineage  # heavy: not for --help, nor for a misspelt month
    from analysis.toll.report_records import read_report_records

    found = lineage(claim, read_report_records(reported, location=records, vintage=vintage))
    if as_json:
        print_json(_plain(found))
    else:
        _print(found, every)
    sys.exit(0 if found.agrees else 1)


def _plain(found: "Lineage") -> dict[str, Any]:
    """Every record, whatever is printed."""
    return {
        "claim": asdict(found.claim),
        "rules": found.rules,
        "sql": found.sql,
        "counted_again": found.again.value if found.again else None,
        "agrees": found.agrees,
        "made_from": [asdict(one) for one in found.made_from],
        "sources": found.sources,
        "record_ids": found.again.record_ids if found.again else None,
    }


def _print(found: "Lineage", every: bool) -> None:
    claim = found.claim
    click.echo(f"{claim.id} = {_value(claim.value)} {claim.unit}\n{claim.where}\n")
    for number, words in found.rules.items():
        click.echo(fill(f"METHOD {number}: {words}", width=110, subsequent_indent="  "))
    if found.sql:
        click.echo(f"\nCounted again in SQL on DuckDB:\n{indent(found.sql, '  ')}")
    if found.made_from or found.sources:
        click.echo(f"\nMade from {len(found.made_from) + len(found.sources)}:")
    for one in found.made_from:
        click.echo(f"  {one.id} = {_value(one.value)} {one.unit}  ({one.where})")
    for source in found.sources:
        click.echo(f"  {source}")
    _print_records(found, every)


def _print_records(found: "Lineage", every: bool) -> None:
    ids = found.again.record_ids if found.again else ()
    if not found.agrees:
        click.echo(
            f"\nTHE TWO COUNTS DIFFER: the report counts {found.claim.records} records, SQL {_otherwise(found)}."
        )
    elif found.again and found.claim.digest:
        click.echo(f"\nRecords, {len(ids):,}, the same in both counts; SHA-256 of their ids {found.claim.digest}")
    shown = ids if every else ids[:SHOWN]
    for one in shown:
        click.echo(f"  {one}")
    if len(ids) > len(shown):
        click.echo(f"  and {len(ids) - len(shown):,} more: --all prints them")


def _otherwise(found: "Lineage") -> str:
    if not found.again:
        return "does not understand the claim's id"
    number = len(found.again.record_ids)
    return "as many, but others" if number == found.claim.records else f"counts {number:,}"


def _value(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:,}"
