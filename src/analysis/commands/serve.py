"""`toll serve`: the reports and the page that lists them, in a browser on this machine."""

from contextlib import suppress
from pathlib import Path

import click

from analysis.commands.options import out_option


@click.command()
@out_option
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="0 takes a free one.")
def serve(out: Path, port: int) -> None:
    """Show the reports in OUT to this machine alone, read only, until Ctrl-C."""
    from analysis.running.serving import address_of, report_server  # heavy: not for --help

    with report_server(out, port) as server, suppress(KeyboardInterrupt):
        click.echo(f"{address_of(server)}  (Ctrl-C ends)")
        server.serve_forever()
