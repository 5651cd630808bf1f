"""`toll vintages`: every import of the records table, and what it changed."""

import click

from analysis.commands.options import json_option, print_json, records_option


@click.command()
@records_option
@json_option
def vintages(records: str, as_json: bool) -> None:
    """List the imports: version, date, source file and hash, rows, records, who and note."""
    from analysis.records.vintages import as_told, read_vintages

    found = read_vintages(records)
    if as_json:
        return print_json([as_told(vintage) | {"imported": when.isoformat()} for vintage, when in found])
    from rich.console import Console
    from rich.table import Table

    table = Table("Vintage", "Imported (UTC)", "Source", "SHA-256", "Rows in", "Accepted", "Quarantined", "Left out",
                  "New", "Changed", "Withdrawn", "Who", "Note")  # fmt: skip
    for one, when in found:
        rows = (one.rows_in, one.accepted, one.quarantined, one.left_out, one.new, one.changed, one.withdrawn)
        source = f"{one.source_file} ({one.mapping})" if one.mapping else one.source_file
        table.add_row(str(one.version), f"{when:%Y-%m-%d %H:%M}", source, one.sha256[:12],
                      *(f"{count:,}" for count in rows), one.who, one.note)  # fmt: skip
    # As wide as it has to be: where nobody looks on a terminal, nothing is cut off.
    console = Console(markup=False)
    return console.print(table) if console.is_terminal else Console(markup=False, width=240).print(table)
