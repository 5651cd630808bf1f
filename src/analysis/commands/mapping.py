"""`toll mapping new`: a first mapping, drafted from a file."""

from pathlib import Path

import click


@click.group()
def mapping() -> None:
    """Mappings: how a source's columns become fields of a record."""


@mapping.command()
@click.argument("extract", type=click.Path(path_type=Path, exists=True))
@click.option("--sheet", default="", help="The worksheet, where a workbook has several.")
@click.option("--delimiter", default=",", show_default=True, help="What separates the fields of a CSV file.")
def new(extract: Path, sheet: str, delimiter: str) -> None:
    """Draft a mapping from a file and print it: columns, values met, guesses marked as guesses."""
    from analysis.importing.drafting import draft_mapping

    click.echo(draft_mapping(extract, sheet=sheet, delimiter=delimiter), nl=False)
