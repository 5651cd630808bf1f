"""Options that several commands share, and how they print."""

import json
import os
from datetime import date
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

report_argument = click.argument("when", metavar="YYYY-MM|YYYY-H1|YYYY|YYYY-MM+YYYY")
records_option = click.option(
    "--records", metavar="PATH_OR_URL", envvar="TOLL_RECORDS", default="data/records", show_default=True,
    help="The records table (environment: TOLL_RECORDS).",
)  # fmt: skip
out_option = click.option(
    "--out", metavar="DIR", default="reports", show_default=True, type=click.Path(path_type=Path, file_okay=False),
    help="The folder that reports go to.",
)  # fmt: skip
edition_option = click.option(
    "--edition", metavar="NAME", default="internal", show_default=True,
    help="What the report may show: internal, auditor or public (data/editions.yml).",
)  # fmt: skip
vintage_option = click.option("--vintage", type=click.IntRange(min=0), help="The version of the records table.")
language_option = click.option(
    "--language", metavar="LANGUAGES", default="en", show_default=True,
    help="The languages to write it in, from one count: en, ar, or en,ar.",
)  # fmt: skip
fresh_option = click.option("--fresh", is_flag=True, help="Use nothing again that an earlier run found.")
isolated_option = click.option(
    "--isolated",
    is_flag=True,
    help="Run each notebook in a process of its own, as Jupyter does: slower, the same bytes.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print the answer as JSON.")


def _day(_: click.Context, option: click.Parameter, text: str | None) -> date:
    """The day of today where none is given: the only clock that a command reads."""
    try:
        day = date.fromisoformat(text) if text is not None else date.today()  # noqa: DTZ011 (the user's own day)
    except ValueError:
        day = None
    if day is None or (text is not None and day.isoformat() != text):
        raise click.BadParameter(f"{text!r} is no day. Write it as YYYY-MM-DD.", param=option)
    return day


date_option = click.option("--date", "day", metavar="YYYY-MM-DD", callback=_day, help="The day  [default: today]")


def keep_quality(*, fresh: bool) -> str:
    """Let notebooks keep what the quality gate finds, and use it again where nothing it looks at has changed.

    Out   the folder: TOLL_QUALITY, else one in the user's cache; '' where everything is to be done afresh.
    """
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    folder = "" if fresh else os.environ.get("TOLL_QUALITY", str(Path(cache) / "toll-report" / "quality"))
    os.environ["TOLL_QUALITY"] = folder
    return folder


def print_json(answer: Any) -> None:
    """Print an answer for a program to read."""
    click.echo(json.dumps(answer, ensure_ascii=False, indent=2))


def progress_bar(*, quiet: bool) -> Progress:
    """A bar on standard error, gone when it is done."""
    columns = (TextColumn("{task.description:<36}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=Console(stderr=True, quiet=quiet), transient=True)
