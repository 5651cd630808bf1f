"""`toll bundle`, `toll sign`, `toll keygen`: everything an auditor needs, in one file, and who answers for it."""

from pathlib import Path

import click

from analysis.commands.options import (
    edition_option,
    json_option,
    out_option,
    print_json,
    records_option,
    report_argument,
)
from analysis.period import parse_report


@click.command()
@report_argument
@records_option
@out_option
@edition_option
@json_option
def bundle(when: str, records: str, out: Path, edition: str, as_json: bool) -> None:
    """Pack a finished report, its records and what it was made with into OUT/YYYY-MM/toll-YYYY-MM.zip.

    Names and free text of the records are left out, in a public edition the records themselves; the same report gives
    the same bytes. OUT/index.html leads to the bundle of a published report.
    """
    reported = parse_report(when)
    from analysis.audit.bundle import latest, make_bundle  # heavy: not for --help
    from analysis.editions import read_edition
    from analysis.running.publishing import list_again

    read_edition(edition)  # refused before anything is looked for

    report = latest(out, reported, edition)
    made = make_bundle(reported, report, location=records, out=report / f"toll-{report.name}.zip")
    list_again(out, reported, edition)
    size = made.stat().st_size
    if as_json:
        return print_json({"report": when, "bundle": str(made), "bytes": size})
    click.echo(f"{made}: {size:,} bytes. Whoever has it can check it with `toll verify {made.name}`,")
    if read_edition(edition).records:
        return click.echo("or unpack it and count again with nothing but Python: `python recount.py`.")
    return click.echo("as far as that goes without the records, which are not in it; whoever has them adds --records.")


key_option = click.option(
    "--key", type=click.Path(path_type=Path, dir_okay=False), help="The signing key; else the one `toll keygen` made."
)


@click.command()
@click.argument("bundle", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@key_option
def sign(bundle: Path, key: Path | None) -> None:
    """Sign a bundle: its manifest, and with it every file, is answered for by the holder of the key."""
    from analysis.audit import keys
    from analysis.audit.bundle import sign_bundle
    from analysis.secrets import keys_folder

    signer = sign_bundle(bundle, key or keys_folder() / keys.PRIVATE)
    click.echo(f"{bundle}: signed by {signer}. Publish this and signing.pub where your readers know you.")


@click.command()
@click.option(
    "--folder", type=click.Path(path_type=Path, file_okay=False), help="Where to keep them; else TOLL_KEYS, else "
    "~/.config/toll-report.",
)  # fmt: skip
def keygen(folder: Path | None) -> None:
    """Make a pair of keys to sign bundles with (Ed25519); an existing one is never overwritten."""
    from analysis.audit import keys
    from analysis.secrets import keys_folder

    public = keys.make_keys(folder or keys_folder())
    click.echo(f"{public.with_name(keys.PRIVATE)}: keep it secret, and keep a copy of it.")
    click.echo(f"{public}: give it to your readers; its fingerprint is {keys.fingerprint(public.read_bytes())}.")
