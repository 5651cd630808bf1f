"""The record contract: one row a person, fields and types as data/record-contract.csv says."""

import json
import math
from datetime import date
from functools import cache

import pandas as pd
import pyarrow as pa

from analysis.codelists import SYRIA, read_codelist
from analysis.errors import BadRecords, UnknownCode, first_three
from analysis.places import DATA

# Records without a date of documentation belong to no month; they are kept under this name.
UNDATED = "undated"
SOURCE = pa.struct([("kind", pa.string()), ("reference", pa.string()), ("sha256", pa.string())])
ARROW_TYPES = {
    "text": pa.string(),
    "code": pa.string(),
    "texts": pa.list_(pa.string()),
    "number": pa.float64(),
    "date": pa.date32(),
    "flag": pa.bool_(),
    "sources": pa.list_(SOURCE),
}


@cache
def read_contract() -> pd.DataFrame:
    """The fields in order, indexed by name: `type`, `codes`, `required`, `shown`, `definition`."""
    return pd.read_csv(DATA / "record-contract.csv", dtype=str, keep_default_na=False, index_col="field")


def arrow_schema() -> pa.Schema:
    """The records table's schema; `month` (YYYY-MM of date_documented) is what it is partitioned by."""
    fields = [pa.field(name, ARROW_TYPES[kind]) for name, kind in read_contract()["type"].items()]
    return pa.schema([*fields, pa.field("month", pa.string())])


def coded_fields() -> dict[str, str]:
    """Field -> the code list its values come from (several values in a `texts` field)."""
    return {field: codes for field, codes in read_contract()["codes"].items() if codes}


def parse_text(frame: pd.DataFrame, profile: str = SYRIA) -> pa.Table:
    """Turn an extract in the contract's own columns, all text and '' where blank, into typed records.

    In    one row per record; lists are separated by '|', flags are true or false, sources are JSON.
    Out   the same rows in the same order, typed, with `month`.
    Raises BadRecords for a missing or unknown column, an unreadable value, a blank in a required field or a
    repeated record_id; UnknownCode for a value outside its code list.
    """
    contract = read_contract()
    _check_columns(list(frame.columns), list(contract.index))
    _check_required(frame, list(contract.index[contract["required"] == "yes"]))
    columns = {
        field: pa.array(_parse_column(frame, field, kind, profile), ARROW_TYPES[kind])
        for field, kind in contract["type"].items()
    }
    months = frame["date_documented"].str.slice(0, 7).replace("", UNDATED).to_list()
    return pa.table(columns | {"month": pa.array(months, pa.string())}, schema=arrow_schema())


def parse_value(text: str, kind: str) -> object:
    """One value of a field of a type. Raises ValueError, KeyError or TypeError for a text that is none."""
    match kind:
        case "number":
            return _parse_number(text)
        case "date":
            return _parse_day(text)
        case "flag":
            return {"true": True, "false": False}[text]
        case "texts":
            return text.split("|")
        case "sources":
            return _parse_sources(text)
        case _:
            return text


def _check_columns(found: list[str], wanted: list[str]) -> None:
    missing, unknown = sorted(set(wanted) - set(found)), sorted(set(found) - set(wanted))
    if missing or unknown:
        raise BadRecords(
            f"The extract does not have the columns of data/record-contract.csv: {len(missing)} missing "
            f"({first_three(missing) or 'none'}), {len(unknown)} unknown ({first_three(unknown) or 'none'})."
        )


def _check_required(frame: pd.DataFrame, required: list[str]) -> None:
    for field in required:
        blank = frame.loc[frame[field] == "", "record_id"]
        if len(blank):
            raise BadRecords(f"{len(blank)} records have no {field} ({first_three(blank)}). Fill it in the extract.")
    repeated = frame.loc[frame["record_id"].duplicated(), "record_id"].unique()
    if len(repeated):
        raise BadRecords(f"{len(repeated)} record_id are used twice ({first_three(repeated)}). Give each its own.")


def _parse_column(frame: pd.DataFrame, field: str, kind: str, profile: str) -> list[object]:
    texts, ids = frame[field], frame["record_id"]
    try:
        values = [parse_value(text, kind) if text else None for text in texts]
    except (ValueError, KeyError, TypeError):
        bad = [record for record, text in zip(ids, texts, strict=True) if text and not _readable(text, kind)]
        raise BadRecords(
            f"{len(bad)} records have a {field} that is not a {kind} ({first_three(bad)}). Correct them in the extract."
        ) from None
    _check_codes(field, kind, values, ids, profile)
    return values


def _parse_number(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(text)
    return number


def _parse_day(text: str) -> date:
    """A day in full: strptime and fromisoformat both take shorter spellings, of which no month could be made."""
    day = date.fromisoformat(text)
    if day.isoformat() != text:
        raise ValueError(text)
    return day


def _parse_sources(text: str) -> list[dict[str, object]]:
    found = json.loads(text)
    if not isinstance(found, list):
        raise TypeError(text)
    sources = [{"kind": one["kind"], "reference": one["reference"], "sha256": one.get("sha256")} for one in found]
    pa.array([sources], ARROW_TYPES["sources"])  # raises TypeError where one of them is no text
    return sources


def _readable(text: str, kind: str) -> bool:
    try:
        parse_value(text, kind)
    except (ValueError, KeyError, TypeError):
        return False
    return True


def _check_codes(field: str, kind: str, values: list[object], ids: pd.Series, profile: str) -> None:
    codelist = coded_fields().get(field)
    if not codelist:
        return
    known = read_codelist(codelist, profile)
    met = pd.Series(values, index=ids.to_list(), dtype=object).dropna()
    met = met.explode() if kind == "texts" else met
    strange = met[~met.isin(known.codes)]
    if len(strange):
        raise UnknownCode(
            f"{len(strange)} records have a {field} that is not in {known.file}: "
            f"{first_three(set(strange))} (records {first_three(set(strange.index))}). "
            "Add the code to the list, or correct the records."
        )
