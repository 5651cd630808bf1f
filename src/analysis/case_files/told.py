"""The value of a field as JSON has it, and as a reader is told it: codes by their labels, dates as exactly as known."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pandas as pd

from analysis.case_files.contents import Asked
from analysis.case_files.free_text import inert
from analysis.codelists import read_codelist
from analysis.records.contract import read_contract
from analysis.sections.wording import day, digits

UNKNOWN = "unknown"
_IN_FULL = "0.##########"  # Babel rounds to three decimals where nothing is said: a hundred metres on the ground


def plain(record: dict[str, Any]) -> dict[str, Any]:
    """A record's fields as JSON has them: a day as text, a list as a list, None where nothing is recorded."""
    return {field: _plain(record[field], kind) for field, kind in read_contract()["type"].items()}


def _plain(value: Any, kind: str) -> Any:
    if kind in ("texts", "sources"):
        return list(value) if value is not None and len(value) else None
    if pd.isna(value):
        return None
    match kind:
        case "date":
            return value.date().isoformat()
        case "flag":
            return bool(value)
        case "number":
            return int(value) if float(value).is_integer() else float(value)
        case _:
            return str(value)


def harmless(value: Any) -> Any:
    """A plain value with every text in it inert; None where nothing is left of it."""
    if isinstance(value, str):
        return "\n".join(inert(value)) or None
    if isinstance(value, list):
        return [one for one in map(harmless, value) if one is not None] or None
    return {key: harmless(one) for key, one in value.items()} if isinstance(value, dict) else value


def lines(field: str, value: Any, asked: Asked) -> list[str]:
    """A value that is recorded, in words, one line or several. Raises UnknownCode for a code that is in no list."""
    kind, codes = read_contract().at[field, "type"], read_contract().at[field, "codes"]
    words = asked.words
    if codes:
        found = read_codelist(codes, asked.profile)
        return [found.label(code, asked.language) for code in (value if kind == "texts" else [value])]
    match kind:
        case "flag":
            return [words[str(value).lower()]]
        case "number":
            return [digits(value, asked.language, _IN_FULL)]
        case "sources":
            return [line for source in value for line in _source(source, asked)]
        case "texts":
            headings = asked.headings() if field == "allocated" else {}
            return [headings.get(one, one) for one in value]
        case _:
            return str(value).split("\n")


def date_line(iso: str | None, precision: str | None, asked: Asked) -> str:
    """A date with its precision; where there is none, the code list's word for unknown."""
    words, precisions = asked.words, read_codelist("precisions")
    if iso is None:
        return precisions.label(UNKNOWN, asked.language)
    known = words["not_recorded"] if precision is None else precisions.label(precision, asked.language)
    return str(words["date"]).format(
        date=day(date.fromisoformat(iso), asked.language, precision or "day"), precision=known
    )


def _source(source: dict[str, str | None], asked: Asked) -> Iterator[str]:
    said = {key: value or asked.words["not_recorded"] for key, value in source.items()}
    yield str(asked.words["source"]).format(**said)
    yield str(asked.words["sha256"]).format(**said)
