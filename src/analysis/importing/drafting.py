"""A first mapping, drafted from a file: each column with the values met, each guess marked as a guess.

Values are shown only of columns that hold few of them: those are codes, and no column of names has few values.
"""

import re
from pathlib import Path

import pandas as pd

from analysis.codelists import read_codelist
from analysis.errors import BadRecords
from analysis.importing.reading import Reading, detect_encoding, read_source
from analysis.importing.translating import fold, spellings
from analysis.records.contract import read_contract

FEW, ENOUGH_ROWS = 30, 20
DATE = re.compile(r"(?P<iso>\d{4}-\d{2}-\d{2})|(?P<european>\d{1,2}[./]\d{1,2}[./]\d{4})")
HINTS = {
    "record_id": ("id", "uid", "code", "number", "reference"),
    "name": ("name", "full name", "victim"),
    "sex": ("sex", "gender"),
    "age": ("age",),
    "status": ("status", "civilian"),
    "occupation": ("occupation", "profession", "job"),
    "date_of_death": ("date of death", "death date", "date", "died"),
    "date_documented": ("date documented", "documented", "recorded on"),
    "date_of_incident": ("date of incident", "incident date", "event date"),
    "governorate": ("governorate", "province", "department", "region", "state", "location"),
    "place": ("place", "city", "town", "village"),
    "party": ("party", "perpetrator", "actor", "responsible"),
    "cause": ("cause", "cause of death", "method"),
    "incident_id": ("incident", "event"),
}


def draft_mapping(extract: Path, *, sheet: str = "", delimiter: str = ",") -> str:
    """A mapping file for an extract, to be finished by hand. Raises BadRecords for a file that cannot be read."""
    encoding = _encoding(extract)
    reading = Reading(encoding=encoding, sheet=sheet, delimiter=delimiter)
    rows = pd.concat([chunk.rows for chunk in read_source(extract, reading)], ignore_index=True)
    if rows.empty:
        raise BadRecords(f"{extract.name} holds no row: there is nothing to draft a mapping from.")
    guesses = {field: column for field in HINTS if (column := _guess(field, rows))}
    return "\n".join(
        [*_head(extract, encoding, delimiter, sheet, guesses), *_fields(rows, guesses), *_columns(rows), ""]
    )


def _encoding(extract: Path) -> str:
    if extract.is_dir() or extract.suffix.lower() != ".csv":
        return ""
    found = detect_encoding(extract)
    return "" if found.lower().replace("-", "_") in ("ascii", "utf_8", "utf8", "utf_8_sig") else found


def _guess(field: str, rows: pd.DataFrame) -> str:
    """The column whose heading says a field's name; '' where none does."""
    headings = {fold(re.sub(r"[_\\/]+", " ", column)): column for column in rows.columns}
    exact = [headings[hint] for hint in HINTS[field] if hint in headings]
    partly = [column for heading, column in headings.items() for hint in HINTS[field] if hint in heading.split()]
    return next(iter([*exact, *partly]), "")


def _head(extract: Path, encoding: str, delimiter: str, sheet: str, guesses: dict[str, str]) -> list[str]:
    name = re.sub(r"[^a-z0-9]+", "-", extract.stem.lower()).strip("-") or "source"
    stand_in = "date_documented" not in guesses
    read = {"encoding": encoding, "delimiter": delimiter if delimiter != "," else "", "sheet": sheet}
    said = ", ".join(f"{key}: {_quoted(value)}" for key, value in read.items() if value)
    return [
        "# yaml-language-server: $schema=mapping.schema.json",
        f"# Drafted from {extract.name}. Everything marked GUESS is a guess: check it, or take it out.",
        f"source: {name}",
        "title: TO DO, what these records are",
        "producer: TO DO, who recorded them",
        "profile: syria                  # GUESS: a folder of data/profiles",
        "complete: false                 # true: each extract holds every record, and what it lacks is withdrawn",
        *(
            ["documented_from: date_of_death  # GUESS: the file seems to have no date of documentation"]
            if stand_in
            else []
        ),
        *([f"read: {{{said}}}"] if said else []),
        f"record_id: {{columns: [{_quoted(guesses.get('record_id', 'TO DO'))}]}}  # GUESS",
        "",
        "fields:",
    ]


def _fields(rows: pd.DataFrame, guesses: dict[str, str]) -> list[str]:
    lines: list[str] = []
    for field, column in guesses.items():
        if field == "record_id":
            continue
        lines += [f"  {field}:                       # GUESS", f"    column: {_quoted(column)}"]
        kind, values = read_contract().at[field, "type"], _few(rows[column])
        if kind == "date":
            lines.append(f"    dates: [{', '.join(_quoted(form) for form in _forms(rows[column]))}]")
        elif kind == "code":
            lines += _values_to_code(read_contract().at[field, "codes"], values)
    for field, value in (("status", "civilian"), ("verification", "verified")):
        if field not in guesses:
            lines.append(f"  {field}: {{constant: {value}}}   # GUESS")
    return lines


def _values_to_code(codelist: str, values: list[str]) -> list[str]:
    """The values that neither the code list nor its aliases know, each waiting for its code."""
    known = spellings(read_codelist(codelist))
    strange = [value for value in values if fold(value) not in known]
    if not strange:
        return []
    return [f"    values:                      # TO DO: for each its code of {codelist}.csv",
            *(f"      {_quoted(value)}: " for value in strange)]  # fmt: skip


def _columns(rows: pd.DataFrame) -> list[str]:
    """Every column as a comment: how many rows fill it, and its values where they are few."""
    lines = ["", "# The columns of the file:"]
    for column in rows.columns:
        filled, values = int(rows[column].ne("").sum()), _few(rows[column])
        told = f": {', '.join(_quoted(value) for value in values)}" if values else ""
        lines.append(f"#   {_quoted(column)}, filled in {filled} of {len(rows)} rows{told}")
    return lines


def _few(values: "pd.Series[str]") -> list[str]:
    """The values of a column where they are codes: few, and each met often; else none, for they may be names."""
    met = values[values.ne("")].value_counts()
    return (
        sorted(str(each) for each in met.index) if len(met) <= FEW and len(met) * 2 <= met.sum() >= ENOUGH_ROWS else []
    )


def _forms(values: "pd.Series[str]") -> list[str]:
    first = next((found for found in (DATE.search(each) for each in values) if found), None)
    if first is None or first["iso"]:
        return ["%Y-%m-%d"]
    return ["%d" + first[0][-5] + "%m" + first[0][-5] + "%Y"]


def _quoted(text: str) -> str:
    """A value as YAML shows it: plain where that is safe, else in double quotes."""
    safe = re.fullmatch(r"[A-Za-z]([\w .-]*[\w.])?", text) and text.lower() not in (
        "yes",
        "no",
        "true",
        "false",
        "null",
        "on",
        "off",
    )
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")
    return text if safe else f'"{escaped}"'
