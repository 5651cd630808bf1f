"""`toll verify` and `toll diff`: a bundle checked part by part, and two bundles side by side."""

import json
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from analysis.commands.options import json_option, keep_quality, print_json, progress_bar

if TYPE_CHECKING:
    from analysis.audit.bundle_diff import Difference
    from analysis.audit.verdicts import Verification

SHOWN = 10
bundle_file = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.command()
@click.argument("bundle", type=bundle_file)
@click.option("--signer", type=bundle_file, help="The public key that the bundle should be signed with.")
@click.option(
    "--record", type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Note the result in this report's folder, for reports/index.html.",
)  # fmt: skip
@click.option(
    "--records", metavar="PATH_OR_URL",
    help="The records table that a public bundle keeps back; with it, and the key in TOLL_KEYS, all of it is checked.",
)  # fmt: skip
@json_option
def verify(bundle: Path, signer: Path | None, record: Path | None, records: str | None, as_json: bool) -> None:
    """Make a bundle's report again, offline, and say of every claim, table, figure and file whether it holds.

    Exit 0 only if all of it holds that can be checked, 1 if anything does not.
    """
    keep_quality(fresh=True)
    from analysis.audit.verify import verify as verified  # heavy: not for --help

    with progress_bar(quiet=as_json) as progress:
        task = progress.add_task("Starting", total=4)
        found = verified(
            bundle, signer=signer, records=records,
            on_step=lambda step: progress.update(task, description=step, advance=1),
        )  # fmt: skip
    if record:
        _record(found, record)
    if as_json:
        print_json(found.to_json())
    else:
        _print(found)
    sys.exit(0 if found.holds else 1)


def _record(found: "Verification", folder: Path) -> None:
    """Note a verification beside the report that it is about, and on the page of published reports."""
    from analysis.files import replace_file
    from analysis.running.publishing import write_index

    said = {
        "date": f"{datetime.now(UTC):%Y-%m-%d}",
        "verdict": _verdict(found),
        "claims": found.counts("claim"),
    }
    replace_file(folder / "verification.json", json.dumps(said, indent=1) + "\n")
    write_index(folder.parent)


def _verdict(found: "Verification") -> str:
    if not found.holds:
        return "differs"
    return "holds as far as it can be checked without the records" if found.withheld else "identical"


def _print(found: "Verification") -> None:
    """Count the verdicts by kind, and name what is not identical: at most SHOWN of a kind, the rest by number."""
    from analysis.audit.verdicts import WORDS

    click.echo(f"Report {found.report}:")
    for kind in dict.fromkeys(one.kind for one in found.verdicts):
        told = ", ".join(f"{count:,} {WORDS[result]}" for result, count in found.counts(kind).items())
        click.echo(f"  {kind:<12} {told}")
        strange = [one for one in found.verdicts if one.kind == kind and (one.result != "identical" or one.detail)]
        for one in strange[:SHOWN]:
            mark = " " if one.holds else "!"
            click.echo(f"  {mark} {one.name}: {WORDS[one.result]}{f': {one.detail}' if one.detail else ''}")
        if len(strange) > SHOWN:
            click.echo(f"    and {len(strange) - SHOWN:,} more: --json names them all")
    if not found.holds:
        click.echo("Not all of it holds: see the lines with an exclamation mark.")
    elif found.withheld:
        click.echo(f"All that can be checked holds; {found.withheld:,} parts need the records, which are not in it.")
    else:
        click.echo("All of it holds.")


@click.command()
@click.argument("was", type=bundle_file)
@click.argument("now", type=bundle_file)
@json_option
def diff(was: Path, now: Path, as_json: bool) -> None:
    """Show which claims differ between two bundles, by how much, and which records came and went."""
    from analysis.audit.bundle_diff import diff as differences

    found = differences(was, now)
    if as_json:
        return print_json([asdict(one) | {"by": one.by} for one in found])
    for one in found:
        click.echo(_told(one))
    return click.echo(f"{len(found):,} claims differ." if found else "Every claim is the same.")


def _told(one: "Difference") -> str:
    from analysis.errors import first_three

    by = f" ({one.by:+,})" if one.by is not None else ""
    came = f"; came: {first_three(one.came)}" if one.came else ""
    went = f"; went: {first_three(one.went)}" if one.went else ""
    value = f"{'not claimed' if one.was is None else one.was} -> {'not claimed' if one.now is None else one.now}"
    return f"{one.claim}: {value}{by}{came}{went}"
