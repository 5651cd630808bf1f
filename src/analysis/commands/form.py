"""`toll form`: the form for documenters, as an Excel workbook on standard output."""

import sys

import click

from analysis.errors import BadParameter


@click.command()
@click.option("--language", default="en", show_default=True, help="The language of the form: en or ar.")
@click.option("--profile", default="syria", show_default=True, help="The country whose parties and places it offers.")
def form(language: str, profile: str) -> None:
    """Print an Excel form for documenters: toll form --language ar > form.xlsx"""
    if sys.stdout.isatty():
        raise BadParameter("The form is an Excel file and no text. Write it to a file: toll form > form.xlsx.")
    from analysis.importing.forms import form_workbook

    sys.stdout.buffer.write(form_workbook(language, profile=profile))
