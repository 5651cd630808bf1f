"""Handing cases over: the files of every counted record whose family has agreed to the purpose, in one folder."""

import csv
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from analysis.case_files.case import Case, case_json, make_case
from analysis.case_files.consent import find_purpose, require_nameless_ids, with_consent
from analysis.case_files.contents import Asked, find_language
from analysis.case_files.word_file import word_file
from analysis.files import as_cell, sha256_of
from analysis.period import When
from analysis.records.counted import counted
from analysis.records.decided import decided_months
from analysis.records.vintages import read_vintage, records_location
from analysis.running.folders import replacing
from analysis.toll.report_records import require_records

LIST = "handed-over.csv"
HEADINGS = ("record_id", "purpose", "vintage", "docx_sha256", "json_sha256")


@dataclass(frozen=True)
class HandedOver:
    """The cases of a month or longer period that may leave for a purpose, written; `counted` are all that count."""

    folder: Path
    asked: Asked
    counted: int
    record_ids: tuple[str, ...]


def hand_over(
    when: When,
    purpose: str,
    *,
    location: str,
    out: Path,
    language: str = "en",
    on_case: Callable[[int, int], None] = lambda *_: None,
) -> HandedOver:
    """Write the case files of a month or period in `out`/cases/<when>-<purpose>/, the whole folder or nothing.

    The records are those of the newest vintage with all that people decided: consent that was taken back since an
    earlier one holds no more. Nothing of a record without consent is written (METHOD M19). `on_case` is told how many
    files there are of how many.

    Raises BadParameter for an unknown purpose or language; BadMonth, BadRecords, UnknownCode, CannotPublish.
    """
    code, language = find_purpose(purpose), find_language(language)
    where, target = records_location(location), out / "cases" / f"{when}-{code.replace('_', '-')}"
    read = read_vintage(where)
    asked = Asked(code, language, read.profile, read.version, when.last)
    require_records(where, when, read.version)
    people = counted(decided_months(where, when.months, vintage=read.version).records)
    agreed = with_consent(people, code)
    require_nameless_ids(agreed)
    rows = []
    with replacing(target) as folder:
        folder.chmod(0o700)  # names are inside
        for nth, record in enumerate(agreed.to_dict("records"), 1):
            rows.append(_write_case(make_case(record, asked), folder))
            on_case(nth, len(agreed))
        _write_list(folder / LIST, rows)
    return HandedOver(target, asked, len(people), tuple(agreed["record_id"]))


def file_name(record_id: str) -> str:
    """A record id as the name of a file: what is no letter, digit, dot, hyphen or low line is written as %xx."""
    return "".join(each if each.isalnum() or each in "._-" else quote(each, safe="") for each in record_id)


def _write_case(case: Case, folder: Path) -> list[str]:
    """Write the two files of a case, neither over another one; its row in the list of what is in the folder."""
    stem, asked = file_name(case.record_id), case.asked
    files = {f"{stem}.docx": word_file(case), f"{stem}.json": case_json(case).encode()}
    for name, content in files.items():
        with (folder / name).open("xb") as file:
            file.write(content)
    return [as_cell(case.record_id), asked.purpose, str(asked.vintage), *(sha256_of(folder / name) for name in files)]


def _write_list(file: Path, rows: list[list[str]]) -> None:
    with file.open("w", encoding="utf-8", newline="") as opened:
        csv.writer(opened, lineterminator="\n").writerows([HEADINGS, *rows])
