"""`toll topic`: one party or place, landmines, torture, massacres, two clocks, attribution, over many months."""

from pathlib import Path

import click
import nbformat

from analysis.commands.options import (
    json_option,
    language_option,
    out_option,
    print_json,
    progress_bar,
    records_option,
    vintage_option,
)

NAMES = ("party", "governorate", "landmines", "torture", "massacres", "clocks", "attribution")


@click.command()
@click.argument("name", metavar="TOPIC", type=click.Choice(NAMES))
@click.argument("code", default="")
@click.option("--from", "first", metavar="YYYY-MM", default="", help="The first month  [default: the table's own]")
@click.option("--to", "last", metavar="YYYY-MM", default="", help="The last month  [default: the table's own]")
@records_option
@out_option
@vintage_option
@language_option
@json_option
def topic(
    name: str,
    code: str,
    first: str,
    last: str,
    records: str,
    out: Path,
    vintage: int | None,
    language: str,
    as_json: bool,
) -> None:
    """Make the report of one TOPIC over many months: HTML, PDF, claims, tables and figures in a folder of OUT.

    TOPIC is party or governorate, each with a CODE of its code list, or landmines, torture, massacres. Of all
    civilians, clocks sets the months of death beside those of documentation, and attribution says how far each
    party's toll depends on cases that are not decided.
    """
    from analysis.running.topics import make_topic, topic_notebook  # heavy: not for --help, nor for a misspelt topic

    steps = 3 + sum(cell.cell_type == "code" for cell in nbformat.read(topic_notebook(name), as_version=4).cells)
    with progress_bar(quiet=as_json) as progress:
        task = progress.add_task("Starting", total=steps)
        made = make_topic(
            name, code, location=records, out=out, first=first, last=last, vintage=vintage, language=language,
            on_step=lambda step: progress.update(task, description=step, advance=1) if step else None,
        )  # fmt: skip
        progress.update(task, description="Done", completed=steps)
    if as_json:
        files = [path.relative_to(made.folder).as_posix() for path in made.files]
        return print_json({"topic": name, "code": code, "folder": str(made.folder), "files": files})
    for path in made.files:
        if path.parent == made.folder:
            click.echo(f"  {path}")
    return click.echo(f"  {made.folder / 'tables'}, {made.folder / 'figures'}")
