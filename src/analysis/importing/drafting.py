"""A first mapping, drafted from a file: each column with the values met, each guess marked as a guess.

Values are shown only of columns that hold few of them: those are codes, and no column of names has few values.
"""

import csv
import re
from collections import Counter
from itertools import islice
from pathlib import Path

import pandas as pd

from analysis.codelists import read_codelist
from analysis.errors import BadRecords
from analysis.importing.encodings import detect_encoding
from analysis.importing.reading import Reading, read_source
from analysis.importing.values import fold, spellings
from analysis.records.contract import read_contract

FEW, ENOUGH_ROWS = 30, 20
DELIMITERS, LOOKED_AT = ",;\t|", 60
DATES = {
    r"\d{4}-\d\d-\d\d": "%Y-%m-%d",
    r"\d{4}-\d\d": "%Y-%m",
    r"\d{4}": "%Y",
    r"\d{1,2}(?P<mark>[./-])\d{1,2}(?P=mark)\d{4}": "%d{mark}%m{mark}%Y",
    r"\d{1,2}(?P<mark>[./-])\d{4}": "%m{mark}%Y",
}
HINTS = {
    "record_id": ("id", "uid", "code", "number", "reference"),
    "name": ("name", "full name", "victim"),
    "sex": ("sex", "gender"),
    "age": ("age",),
    "status": ("status", "civilian", "type of victims", "victim type"),
    "occupation": ("occupation", "profession", "job"),
    "date_of_death": ("date of death", "death date", "date", "died"),
    "date_documented": ("date documented", "documented", "recorded on", "entered on", "date added", "added"),
    "date_of_incident": ("date of incident", "incident date", "event date"),
    "governorate": ("governorate", "province", "department", "region", "state", "location"),
    "place": ("place", "city", "town", "village"),
    "party": ("party", "perpetrator", "actor", "responsible"),
    "cause": ("cause", "cause of death", "method"),
    "incident_id": ("incident", "event"),
    "latitude": ("latitude", "lat"),
    "longitude": ("longitude", "long", "lon", "lng"),
}
# Event data: the column that says for how many dead a row stands.
DEAD = ("dead", "deaths", "killed", "killed min", "fatalities", "number killed", "reported fatalities")


def draft_mapping(extract: Path, *, sheet: str = "", delimiter: str = "", header_row: int = 0) -> str:
    """A mapping file for an extract, to be finished by hand; delimiter and header row of a CSV are found if not given.

    Raises BadRecords for a file that cannot be read.
    """
    reading = _reading(extract, sheet, delimiter, header_row)
    rows = pd.concat([chunk.rows for chunk in read_source(extract, reading)], ignore_index=True)
    if rows.empty:
        raise BadRecords(f"{extract.name} holds no row: there is nothing to draft a mapping from.")
    guesses = {field: column for field in HINTS if (column := _guess(HINTS[field], rows))}
    head = _head(extract, reading, guesses, dead=_guess(DEAD, rows))
    return "\n".join([*head, *_fields(rows, guesses), *_columns(rows), ""])


def _reading(extract: Path, sheet: str, delimiter: str, header_row: int) -> Reading:
    """How to read the extract: its encoding, its delimiter and the row that names its columns."""
    encoding = _encoding(extract)
    if extract.suffix.lower() == ".csv" and extract.is_file():
        delimiter, found = _shape(extract, encoding, delimiter or DELIMITERS)
        header_row = header_row or found
    return Reading(encoding=encoding, sheet=sheet, delimiter=delimiter or ",", header_row=header_row or 1)


def _shape(extract: Path, encoding: str, delimiters: str) -> tuple[str, int]:
    """What divides the first lines into the most fields, and the first row with all of them filled below title lines.

    A row that fills half its fields is no title: where such a one comes first and is not whole, its names are wanting.
    """
    with extract.open(encoding=encoding or "utf-8-sig", errors="replace", newline="") as file:
        lines = list(islice(file, LOOKED_AT))
    tables = {mark: list(csv.reader(lines, delimiter=mark)) for mark in delimiters}
    widths = {mark: Counter(map(len, rows)).most_common(1)[0][0] if rows else 0 for mark, rows in tables.items()}
    mark = max(delimiters, key=lambda each: widths[each])
    filled = [sum(bool(cell.strip()) for cell in row) for row in tables[mark]]
    first = next((nth for nth, cells in enumerate(filled, 1) if cells * 2 > widths[mark]), 1)
    return mark, first


def _encoding(extract: Path) -> str:
    if extract.is_dir() or extract.suffix.lower() != ".csv":
        return ""
    found = detect_encoding(extract)
    return "" if found.lower().replace("-", "_") in ("ascii", "utf_8", "utf8", "utf_8_sig") else found


def _guess(hints: tuple[str, ...], rows: pd.DataFrame) -> str:
    """The column whose heading says one of the hints, in one or several; '' where none does."""
    headings = {" ".join(re.findall(r"\w+", fold(column.replace("_", " ")))): column for column in rows.columns}
    exact = [headings[hint] for hint in hints if hint in headings]
    partly = [
        column for heading, column in headings.items() for hint in hints for word in heading.split()
        if hint in (word, word.removesuffix("s"))
    ]  # fmt: skip
    return next(iter([*exact, *partly]), "")


def _head(extract: Path, reading: Reading, guesses: dict[str, str], *, dead: str) -> list[str]:
    name = re.sub(r"[^a-z0-9]+", "-", extract.stem.lower()).strip("-") or "source"
    stand_in = "date_documented" not in guesses
    read = {"encoding": reading.encoding, "delimiter": reading.delimiter.strip(","), "sheet": reading.sheet}
    above = [f"header_row: {reading.header_row}"] if reading.header_row > 1 else []
    said = ", ".join([*(f"{key}: {_quoted(value)}" for key, value in read.items() if value), *above])
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
        *([f"dead: {_quoted(dead)}  # GUESS: a row may stand for several dead"] if dead else []),
        f"record_id: {{columns: [{_quoted(guesses.get('record_id', 'TO DO'))}]}}  # GUESS",
        "",
        "fields:",
    ]


def _fields(rows: pd.DataFrame, guesses: dict[str, str]) -> list[str]:
    lines: list[str] = []
    for field, column in guesses.items():
        if field == "record_id":
            continue
        lines += [f"  {field}:  # GUESS", f"    column: {_quoted(column)}"]
        kind, values = read_contract().at[field, "type"], _few(rows[column])
        if kind == "date":
            lines.append(_dates(rows[column]))
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
    return [f"    values:  # TO DO: for each its code of {codelist}.csv",
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


def _dates(values: "pd.Series[str]") -> str:
    """The forms in which a column writes its dates, and how many of its values are written otherwise."""
    given = [value for value in values if value]
    forms = [_form(value) for value in given]
    # The day stands before the month, unless a number shows that it cannot.
    numbers = [re.match(r"(\d{1,2})[./-](\d{1,2})[./-]\d{4}$", value) for value in given]
    month_first = any(one and int(one[2]) > 12 for one in numbers) and not any(
        one and int(one[1]) > 12 for one in numbers
    )
    known = list(dict.fromkeys(form for form in forms if form)) or ["%Y-%m-%d"]
    if month_first:
        known = [re.sub("^%d(.)%m", r"%m\1%d", form) for form in known]
    other = forms.count("")
    told = f"  # TO DO: {other} of {len(given)} values are written in another way" if other else ""
    return f"    dates: [{', '.join(_quoted(form) for form in known)}]{told}"


def _form(value: str) -> str:
    for pattern, form in DATES.items():
        if found := re.fullmatch(pattern, value):
            return form.format(**found.groupdict())
    return ""


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
