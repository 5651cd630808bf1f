"""`toll cases`: case files for others, of the records whose family has agreed to that."""

from pathlib import Path

import click

from analysis.commands.options import json_option, out_option, print_json, progress_bar, records_option
from analysis.period import parse_when


@click.command()
@click.argument("when", metavar="YYYY-MM|YYYY-H1|YYYY")
@click.option("--for", "purpose", metavar="PURPOSE", required=True,
              help="What the family has agreed to: a code of data/codelists/purposes.csv.")  # fmt: skip
@click.option("--language", default="en", show_default=True, help="The language of the files: en or ar.")
@records_option
@out_option
@json_option
def cases(when: str, purpose: str, language: str, records: str, out: Path, as_json: bool) -> None:
    """Write a case file (DOCX and JSON) for each counted record with consent for a purpose, in OUT/cases/.

    Names stand in these files and nowhere else. The newest vintage is read: consent that was taken back holds no more,
    and the folder of an earlier run, in whatever language, is replaced as a whole.
    """
    asked = parse_when(when)
    from analysis.case_files.handing_over import hand_over  # heavy: not for --help, nor for a misspelt month

    with progress_bar(quiet=as_json) as progress:
        task = progress.add_task("Cases", total=None)
        made = hand_over(
            asked, purpose, location=records, out=out, language=language,
            on_case=lambda done, of: progress.update(task, completed=done, total=of),
        )  # fmt: skip
    agreed, without = len(made.record_ids), made.counted - len(made.record_ids)
    if as_json:
        return print_json({
            "when": when, "purpose": made.asked.purpose, "language": language, "vintage": made.asked.vintage,
            "counted": made.counted, "with_consent": agreed, "without_consent": without,
            "folder": str(made.folder), "record_ids": list(made.record_ids),
        })  # fmt: skip
    click.echo(
        f"{when}: {made.counted:,} records counted; {agreed:,} with consent for this purpose; {without:,} without, "
        "nothing of them is written."
    )
    return click.echo(f"  {made.folder}")
