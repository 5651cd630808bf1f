"""`toll mapping new`: a first mapping, drafted from a file."""

from pathlib import Path

import click


@click.group()
def mapping() -> None:
    """Mappings: how a source's columns become fields of a record."""


@mapping.command()
@click.argument("extract", type=click.Path(path_type=Path, exists=True))
@click.option("--sheet", default="", help="The worksheet, where a workbook has several.")
@click.option("--delimiter", default="", help="What separates the fields of a CSV file, where it is not found.")
@click.option("--header-row", type=click.IntRange(min=1), help="The row that names the columns, below titles.")
def new(extract: Path, sheet: str, delimiter: str, header_row: int | None) -> None:
    """Draft a mapping from a file and print it: columns, values met, guesses marked as guesses."""
    from analysis.importing.drafting import draft_mapping

    click.echo(draft_mapping(extract, sheet=sheet, delimiter=delimiter, header_row=header_row or 0), nl=False)
