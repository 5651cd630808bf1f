"""`toll evidence`: whether the photos, videos and documents that records reference are still there, and unchanged."""

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from analysis.commands.options import date_option, json_option, print_json, records_option, vintage_option
from analysis.errors import BadParameter, first_three
from analysis.month import Month
from analysis.period import Period

if TYPE_CHECKING:
    from analysis.records.evidence import FolderCheck, Reference


@click.group()
def evidence() -> None:
    """Compare the files that records reference with the copies and backups of them."""


@evidence.command()
@click.argument(
    "folders", metavar="FOLDER...", nargs=-1, required=True,
    type=click.Path(path_type=Path, exists=True, file_okay=False),
)  # fmt: skip
@records_option
@vintage_option
@click.option("--month", metavar="YYYY-MM", help="Only the records of this month.")
@click.option("--period", metavar="YYYY|YYYY-H1", help="Only the records of this year or half-year.")
@click.option("--result", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False),
              help="Where the result goes, for the reports to say  [default: RECORDS.evidence.json]")  # fmt: skip
@date_option
@json_option
def check(
    folders: tuple[Path, ...], records: str, vintage: int | None, month: str | None, period: str | None,
    result: Path | None, day: date, as_json: bool,
) -> None:  # fmt: skip
    """Find missing and changed files in each FOLDER, and files that no record means; exit 1 where not all is there."""
    if month and period:
        raise BadParameter("Both --month and --period were given. Name one of them, or none for all records.")
    when = Month.parse(month) if month else Period.parse(period) if period else None
    from analysis.records import evidence as found  # heavy: not for --help
    from analysis.records.vintages import read_vintage
    from analysis.toll.report_records import require_records

    kept_in = result or found.result_file(records)
    if kept_in is None:
        raise BadParameter("The records are at a URL, beside which no result can be kept. Name a file with --result.")
    version = read_vintage(records, vintage).version
    if when:
        require_records(records, when, version)
    months = found.months_to_check(records, when.months if when else (), version)
    references = found.read_references(records, months, vintage=version)
    checks = _checks(folders, references, quiet=as_json)
    counts = found.month_counts(references, found.overall(checks), months)
    folders_told = [_told(one, references) for one in checks]
    told = {"date": day.isoformat(), "vintage": version, "folders": folders_told, "months": counts}
    found.write_result(kept_in, told)
    if as_json:
        print_json(told | {"result": str(kept_in)})
    else:
        _print(folders_told, len(references))
    found.require_complete(references, checks)


def _checks(folders: Iterable[Path], references: "Sequence[Reference]", *, quiet: bool) -> "list[FolderCheck]":
    """Hash every file of every folder, under a bar of bytes."""
    from analysis.records import evidence as found

    kept = [found.list_files(folder) for folder in dict.fromkeys(folders)]
    columns = TextColumn("{task.description:<36}"), BarColumn(), DownloadColumn(), TimeRemainingColumn()
    with Progress(*columns, console=Console(stderr=True, quiet=quiet), transient=True) as bar:
        task = bar.add_task("Hashing", total=sum(sum(one.files.values()) for one in kept))
        return [
            found.check_folder(references, found.hash_files(one, lambda size: bar.update(task, advance=size)))
            for one in kept
        ]


def _told(check: "FolderCheck", references: "Sequence[Reference]") -> dict[str, Any]:
    """One folder in numbers, with the first missing and changed files."""
    from analysis.records.evidence import RESULTS

    named = {result: check.of(references, result) for result in RESULTS}
    return {
        "folder": str(check.folder),
        **{result: len(ones) for result, ones in named.items()},
        "unreferenced": check.unreferenced,
        "first_missing": first_three({one.shown for one in named["missing"]}),
        "first_changed": first_three({one.shown for one in named["changed"]}),
    }


def _print(folders: Iterable[dict[str, Any]], references: int) -> None:
    click.echo(f"References to photos, videos and documents: {references:,}")
    for one in folders:
        first = {name: f" ({one[f'first_{name}']})" if one[name] else "" for name in ("missing", "changed")}
        numbers = [f"{name} {one[name]:,}{first.get(name, '')}"
                   for name in ("found", "missing", "changed", "unreferenced")]  # fmt: skip
        click.echo(f"  {one['folder']}: {', '.join(numbers)}")
