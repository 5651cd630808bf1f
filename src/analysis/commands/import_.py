"""`toll import`: the records of a source become a new vintage, and the rows that cannot are kept to be corrected."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from analysis.commands.options import json_option, print_json, progress_bar, records_option

if TYPE_CHECKING:
    from analysis.importing.extracts import Extract
    from analysis.importing.importing import Imported

_COUNTS = ("rows_in", "accepted", "quarantined", "left_out", "new", "changed", "withdrawn", "unchanged")


@click.command("import")
@click.argument("sources", metavar="SOURCE...", nargs=-1)
@click.option("--source", metavar="NAME", default="", help="The mapping in data/mappings that the source is read with.")
@click.option(
    "--mapping", metavar="FILE", type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A mapping of your own.",
)  # fmt: skip
@click.option("--query", metavar="SQL", default="", help="What to read, where SOURCE is a database URL.")
@click.option(
    "--quarantine", metavar="FILE", type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Import a corrected quarantine file, with the mapping it names.",
)  # fmt: skip
@click.option("--dry-run", is_flag=True, help="Say what would happen, and write nothing.")
@click.option("--partial", is_flag=True, help="The extract does not hold every record: withdraw nothing.")
@click.option("--extract-date", metavar="YYYY-MM-DD", type=click.DateTime(["%Y-%m-%d"]), help="The day of the extract.")
@click.option("--who", metavar="NAME", default="", help="Who imports; kept with the vintage.")
@click.option("--note", metavar="TEXT", default="", help="A note that is kept with the vintage.")
@records_option
@json_option
def import_(
    sources: tuple[str, ...], source: str, mapping: Path | None, query: str, quarantine: Path | None, dry_run: bool,
    partial: bool, extract_date: object, who: str, note: str, records: str, as_json: bool,
) -> None:  # fmt: skip
    """Import files, folders or a database as a new vintage of the records table.

    A file in the columns of data/record-contract.csv needs neither --source nor --mapping.
    """
    if bool(sources) == bool(quarantine):
        raise click.UsageError("Name one SOURCE or several, or a corrected file with --quarantine.")
    if source and (mapping or quarantine):
        raise click.UsageError("--source goes neither with --mapping nor with --quarantine.")
    from analysis.importing.extracts import Extract, choose_mapping, mapping_of_quarantine
    from analysis.importing.importing import import_extract

    chosen = mapping_of_quarantine(quarantine, mapping) if quarantine else choose_mapping(
        sources, source=source, mapping=mapping
    )  # fmt: skip
    extract = Extract(
        sources or (str(quarantine),), chosen, query, str(extract_date or "")[:10], who, note, partial, bool(quarantine)
    )
    with progress_bar(quiet=as_json) as progress:
        task = progress.add_task(f"Reading {chosen.source}, KiB", total=None)
        imported = import_extract(
            extract, records, dry_run=dry_run,
            on_bytes=lambda done, total: progress.update(task, completed=done >> 10, total=total >> 10),
        )  # fmt: skip
    if as_json:
        return print_json(_as_json(imported, records, dry_run=dry_run))
    return _print(imported, extract, records, dry_run=dry_run)


def _as_json(imported: "Imported", records: str, *, dry_run: bool) -> dict[str, object]:
    from analysis.importing.importing import shown
    from analysis.records.vintages import as_told

    answer = as_told(imported.vintage) | {"records": records, "is_new": imported.is_new, "reasons": imported.reasons}
    answer["blanked"] = {field: asdict(told) for field, told in imported.blanked.items()}
    if dry_run:
        return {key: value for key, value in answer.items() if key not in ("version", "rows", "quarantine")} | {
            "dry_run": True, "first": shown(imported.first).to_dict("records")
        }  # fmt: skip
    return answer


def _print(imported: "Imported", extract: "Extract", records: str, *, dry_run: bool) -> None:
    vintage = imported.vintage
    counts = {name: f"{getattr(vintage, name):,}" for name in _COUNTS}
    if dry_run:
        click.echo(f"Dry run, nothing is written: {vintage.source_file}, read with the mapping {vintage.mapping}.")
    elif imported.is_new and not (vintage.new or vintage.changed or vintage.withdrawn):
        click.echo(
            f"{records}: {vintage.source_file} changes no record, but the mapping {vintage.mapping} has changed since "
            f"it was last imported with: vintage {vintage.version}."
        )
    elif imported.is_new:
        click.echo(f"{records}: vintage {vintage.version}, {vintage.rows} records from {vintage.source_file}.")
    else:
        click.echo(f"{records}: {vintage.source_file} changes nothing; vintage {vintage.version} stays the newest.")
    click.echo(
        f"  {counts['rows_in']} rows read = {counts['accepted']} accepted + {counts['quarantined']} quarantined + "
        f"{counts['left_out']} left out by the mapping"
    )
    click.echo(
        f"  Records: {counts['new']} new, {counts['changed']} changed, {counts['unchanged']} unchanged, "
        f"{counts['withdrawn']} withdrawn{'' if extract.complete else ' (nothing is withdrawn by a partial import)'}"
    )
    if vintage.quarantined:
        click.echo("  Quarantined, by reason (a row may have several):")
        for kind, count in imported.reasons.items():
            click.echo(f"    {count:>9,}  {kind}")
    if vintage.quarantine:
        click.echo(f"  Correct the rows in {vintage.quarantine}, and import it with --quarantine.")
    _print_blanked(imported)
    if dry_run and not imported.first.empty:
        _print_first(imported)


def _print_blanked(imported: "Imported") -> None:
    if imported.blanked:
        click.echo('  Left blank by `unresolved: not_recorded`, by field ("…" for what is never shown):')
    for field, told in imported.blanked.items():
        values = [f"{value if value == '…' else repr(value)} ({count:,})" for value, count in told.values.items()]
        others = [f"{told.others:,} other values"] if told.others else []
        click.echo(f"    {told.rows:>9,}  {field}: {', '.join([*values, *others])}")


def _print_first(imported: "Imported") -> None:
    from rich.console import Console
    from rich.table import Table

    from analysis.importing.importing import shown

    first = shown(imported.first)
    first = first.loc[:, first.ne("").any()]
    table = Table("Field", *[f"Record {nth}" for nth in range(1, len(first) + 1)])
    for field in first.columns:
        table.add_row(field, *(value[:60] for value in first[field]))
    Console(markup=False).print(table)
