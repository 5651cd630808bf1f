"""The `toll` command: it parses, calls and prints, and holds no analysis.

Exit 0 when done, 1 when a gate failed, 2 for wrong use or unusable input, 3 for a defect, 130 when interrupted.
"""

import json
import logging
import signal
import sys
from dataclasses import asdict
from pathlib import Path
from traceback import extract_tb
from typing import Any, NoReturn

import click
import nbformat
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from analysis.errors import QualityGateFailed, ReportError, first_three
from analysis.month import Month

HEADLINES = ("civilians.month", "civilians.month.children", "civilians.month.women", "torture.month")

records_option = click.option(
    "--records", metavar="PATH_OR_URL", envvar="TOLL_RECORDS", default="data/records", show_default=True,
    help="The records table (environment: TOLL_RECORDS).",
)  # fmt: skip
out_option = click.option(
    "--out", metavar="DIR", default="reports", show_default=True, type=click.Path(path_type=Path, file_okay=False),
    help="The folder that reports go to.",
)  # fmt: skip
vintage_option = click.option("--vintage", type=click.IntRange(min=0), help="The version of the records table.")
json_option = click.option("--json", "as_json", is_flag=True, help="Print the answer as JSON.")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="toll-report")
def cli() -> None:
    """Make monthly reports of civilians killed: every number computed, followed to its records, repeatable."""


@cli.command()
@click.argument("month", metavar="YYYY-MM")
@records_option
@out_option
@vintage_option
@json_option
def report(month: str, records: str, out: Path, vintage: int | None, as_json: bool) -> None:
    """Make the report of a month: HTML, PDF, claims, tables and figures in OUT/YYYY-MM."""
    when = Month.parse(month)
    from analysis.running.reports import MONTHLY, make_report  # heavy: not for --help, nor for a misspelt month

    steps = 3 + sum(cell.cell_type == "code" for cell in nbformat.read(MONTHLY, as_version=4).cells)
    with _progress(quiet=as_json) as progress:
        task = progress.add_task("Starting", total=steps)
        made = make_report(
            when, location=records, out=out, vintage=vintage,
            on_step=lambda name: progress.update(task, description=name, advance=1) if name else None,
        )  # fmt: skip
        progress.update(task, description="Done", completed=steps)
    headlines = {claim: made.ledger.value(claim) for claim in HEADLINES}
    if as_json:
        files = [path.relative_to(made.folder).as_posix() for path in made.files]
        return _print_json({"month": month, "folder": str(made.folder), "files": files, "claims": headlines})
    killed, children, women, torture = headlines.values()
    click.echo(f"{month}: {killed} civilians, {children} children, {women} women; {torture} due to torture.")
    for path in made.files:
        if path.parent == made.folder:
            click.echo(f"  {path}")
    return click.echo(f"  {made.folder / 'tables'}, {made.folder / 'figures'}")


@cli.command()
@click.argument("month", metavar="YYYY-MM")
@records_option
@vintage_option
@click.option("--prove", is_flag=True, help="Plant one fault for each check in a copy, and show that it is caught.")
@json_option
def quality(month: str, records: str, vintage: int | None, prove: bool, as_json: bool) -> None:
    """Run the quality gate on a month; exit 1 where it fails."""
    when = Month.parse(month)
    from analysis.quality import faults, frames, suites
    from analysis.quality import gate as checks
    from analysis.toll import monthly

    window = monthly.read_month_records(when, location=records, vintage=vintage).window
    expected = suites.read_suites(when)
    if prove:
        proofs = faults.prove(window, when, expected)
        return _print_proofs(proofs, as_json)
    findings = checks.run_suites(frames.quality_frames(window, when), expected)
    if as_json:
        _print_json([asdict(finding) for finding in findings])
    else:
        _print_findings(checks.gravest_first(findings))
    return checks.gate(findings)


@cli.command("import")
@click.argument("extract", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@records_option
@json_option
def import_(extract: Path, records: str, as_json: bool) -> None:
    """Import an extract (CSV in the columns of data/record-contract.csv) as a new vintage of the records table."""
    from analysis.records.extracts import import_extract

    vintage = import_extract(extract, records)
    if as_json:
        return _print_json(asdict(vintage) | {"records": records})
    return click.echo(f"{records}: vintage {vintage.version}, {vintage.rows} records from {vintage.source_file}.")


def _progress(*, quiet: bool) -> Progress:
    columns = (TextColumn("{task.description:<36}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=Console(stderr=True, quiet=quiet), transient=True)


def _print_json(answer: Any) -> None:
    click.echo(json.dumps(answer, ensure_ascii=False, indent=2))


def _print_findings(findings: list[Any]) -> None:
    table = Table("Check", "Severity", "Tested", "Failing", "Result", "First records")
    for one in findings:
        numbers = str(one.tested), str(one.failing)
        table.add_row(one.check, one.severity, *numbers, one.status, first_three(one.record_ids))
    Console().print(table)


def _print_proofs(proofs: list[Any], as_json: bool) -> None:
    missed = [proof for proof in proofs if not proof.holds]
    if as_json:
        _print_json([asdict(proof) for proof in proofs])
    else:
        for proof in proofs:
            click.echo(str(proof))
        click.echo(f"{len(proofs) - len(missed)} of {len(proofs)} planted faults were caught.")
    if missed:
        raise QualityGateFailed(
            f"{len(missed)} planted faults were not caught ({first_three(proof.id for proof in missed)}): these checks "
            "do not bite. Correct the expectation, or the fault it names."
        )


def main() -> None:
    """Run the command; whatever goes wrong is one paragraph and an exit code, never a traceback."""
    signal.signal(signal.SIGTERM, _interrupt)
    logging.getLogger().addHandler(logging.NullHandler())  # libraries add tracebacks of their own to an interrupted run
    try:
        cli.main(standalone_mode=False)
    except ReportError as error:
        _stop(str(error), error.exit_code)
    except click.UsageError as error:
        error.show()
        sys.exit(2)
    except click.ClickException as error:
        _stop(error.format_message(), 2)
    except (click.Abort, KeyboardInterrupt):
        _stop("Interrupted. Nothing was published; what was there before is unchanged.", 130)
    except Exception as error:  # noqa: BLE001 (the outer edge; its text may quote a record and is not repeated)
        where = extract_tb(error.__traceback__)[-1]
        place = f"{type(error).__name__} in {Path(where.filename).name}, line {where.lineno}"
        _stop(f"{place}. This is a defect of the program, and nothing was published: please report it.", 3)


def _interrupt(*_: object) -> NoReturn:
    """Being asked to end is the same as Ctrl-C: what was begun is removed."""
    raise KeyboardInterrupt


def _stop(message: str, code: int) -> None:
    click.echo(f"Error: {message}", err=True)
    sys.exit(code)
