"""The `toll` command: it parses, calls and prints, and holds no analysis.

Exit 0 when done, 1 when a gate failed, 2 for wrong use or unusable input, 3 for a defect, 130 when interrupted.
"""

import logging
import signal
import sys
from pathlib import Path
from traceback import extract_tb

import click

from analysis.commands.batch import batch
from analysis.commands.bundle import bundle, keygen, sign
from analysis.commands.cases import cases
from analysis.commands.count import count
from analysis.commands.duplicates import duplicates
from analysis.commands.evidence import evidence
from analysis.commands.form import form
from analysis.commands.import_ import import_
from analysis.commands.mapping import mapping
from analysis.commands.publish import publish
from analysis.commands.quality import quality
from analysis.commands.report import report
from analysis.commands.revisions import revisions
from analysis.commands.serve import serve
from analysis.commands.texts import texts
from analysis.commands.topic import topic
from analysis.commands.trace import trace
from analysis.commands.verify import diff, verify
from analysis.commands.vintages import vintages
from analysis.errors import ReportError
from analysis.interruption import end_when_asked
from analysis.program import rarely_collect


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="toll-report")
def cli() -> None:
    """Make monthly reports of civilians killed: every number computed, followed to its records, repeatable."""


for each in (
    report,
    topic,
    batch,
    publish,
    serve,
    quality,
    import_,
    vintages,
    revisions,
    duplicates,
    mapping,
    form,
    bundle,
    verify,
    diff,
    trace,
    count,
    sign,
    keygen,
    evidence,
    cases,
    texts,
):
    cli.add_command(each)


def main() -> None:
    """Run the command; whatever goes wrong is one paragraph and an exit code, never a traceback."""
    end_when_asked(signal.SIGINT, signal.SIGTERM)
    rarely_collect()
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


def _stop(message: str, code: int) -> None:
    click.echo(f"Error: {message}", err=True)
    sys.exit(code)
