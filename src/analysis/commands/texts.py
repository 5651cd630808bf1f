"""`toll texts`: the texts of the reports, looked at before there is a month."""

import dataclasses
import sys

import click

from analysis.commands.options import json_option, print_json


@click.group()
def texts() -> None:
    """Look after the texts of the reports, notebooks/texts."""


@texts.command()
@click.option("--language", help="Only the texts of this language.")
@click.option("--profile", help="Only the texts that reports of this country show.")
@json_option
def check(language: str | None, profile: str | None, as_json: bool) -> None:
    """Say what is wrong with the texts, without a month and without records. Exit 1 where something is."""
    from analysis.editing.check import check_texts

    found = check_texts(language=language, profile=profile)
    wrong = sum(one.severity != "info" for one in found)
    if as_json:
        print_json([dataclasses.asdict(one) for one in found])
    else:
        for one in found:
            click.echo(f"{one.file}, line {one.line}: {one.severity}: {one.what}. {one.action}")
        click.echo(f"{wrong} to mend, {len(found) - wrong} to know.")
    sys.exit(1 if wrong else 0)
