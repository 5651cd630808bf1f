"""A small invented source with the faults of real ones, and its mapping: it is nobody's list of the dead."""

from collections.abc import Mapping as Dict
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from analysis.importing.extracts import Extract
from analysis.importing.importing import Imported, import_extract
from analysis.importing.mapping import read_mapping

MAPPING = """
source: invented
title: An invented list
producer: Nobody
complete: true
record_id: {prefix: INV-, columns: [nr]}
keep: [{column: list, not_in: [injured]}]
fields:
  name: {column: Name}
  sex: {column: Sex, values: {M: male, F: female}}
  age: {column: Age, blank: ["0"]}
  status: {column: Status, values: {Civilian: civilian, Fighter: combatant}}
  verification: {constant: verified}
  date_documented: {column: Died, unknown: ["0000-00-00"], dates: ["%Y-%m-%d"]}
  date_of_death: {column: Died, unknown: ["0000-00-00"], dates: ["%Y-%m-%d"]}
  governorate: {column: Where, match: "^(?P<value>[^:]+)"}
  place: {column: Where, match: "(?P<value>[^:]+)$"}
  party: {column: By, values: {Regime: syrian_regime}}
  cause: {constant: shelling}
"""
ROW = {"nr": "1", "Name": "Invented One", "Sex": "M", "Age": "34", "Status": "Civilian", "Died": "2020-11-03",
       "Where": "Idlib: Mstomeh", "By": "Regime", "list": "dead", "remark": ' said "so", twice'}  # fmt: skip
BLANK = dict.fromkeys(ROW, "")


def source_rows(*changes: Dict[str, str]) -> list[dict[str, str]]:
    """One good row per argument, numbered from 1, with what the argument changes."""
    return [ROW | {"nr": str(nth), "Name": f"Invented {nth}"} | change for nth, change in enumerate(changes, 1)]


def write_source(file: Path, rows: Sequence[Dict[str, str]]) -> Path:
    pd.DataFrame(list(rows), columns=list(ROW), dtype=str).to_csv(file, index=False)
    return file


def extract_of(file: Path, **more: object) -> Extract:
    """The file with the invented mapping, which is written beside it."""
    mapping = file.parent / "invented.yml"
    mapping.write_text(MAPPING, encoding="utf-8")
    return Extract((str(file),), read_mapping(mapping), **more)  # type: ignore[arg-type]


def import_rows(
    folder: Path, *changes: Dict[str, str], rows: Sequence[Dict[str, str]] = (), **more: object
) -> Imported:
    """Import rows into the table `records` of a folder, from a file of their own."""
    file = write_source(folder / "source.csv", [*source_rows(*changes), *rows])
    return import_extract(extract_of(file, **more), str(folder / "records"))
