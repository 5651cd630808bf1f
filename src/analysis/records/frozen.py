"""The records of one report, frozen: a folder with what the report read, from which it can be made again anywhere.

`records.csv` holds the records as an extract writes them (all statuses, corrected, repeats marked) with `month` and the
mapping each came by; `about.json` holds the rest: the vintage, the months held, and the months that had moved.
"""

import csv
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from analysis.editions import INTERNAL
from analysis.errors import BadRecords
from analysis.records.contract import ARROW_TYPES, arrow_schema, parse_value, read_contract
from analysis.records.table import IMPORTED_AS, typed
from analysis.records.vintages import Vintage, as_told

RECORDS, ABOUT = "records.csv", "about.json"


@dataclass(frozen=True, eq=False)
class Frozen:
    """What one report read: `about` holds plain values, `records` one row a record, typed as the table gives them."""

    records: pd.DataFrame
    vintage: Vintage
    about: dict[str, Any]

    @property
    def edition(self) -> str:
        """The edition whose report read them."""
        return str(self.about.get("parameters", {}).get("edition", INTERNAL))


def is_frozen(location: str) -> bool:
    """Whether a location holds the frozen records of one report rather than a records table."""
    return "://" not in location and (Path(location) / ABOUT).is_file()


def write_frozen(folder: Path, frozen: Frozen) -> None:
    """Write frozen records: the same records give the same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    told = {"vintage": as_told(frozen.vintage), "sources": [as_told(one) for one in frozen.vintage.sources]}
    about = json.dumps({**frozen.about, **told}, ensure_ascii=False, indent=1)
    (folder / ABOUT).write_text(about + "\n", encoding="utf-8")
    fields = _fields()
    with (folder / RECORDS).open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(fields)
        rows.writerows([_text(value) for value in row] for row in frozen.records[fields].itertuples(index=False))


def read_frozen(location: str) -> Frozen:
    """Read frozen records. Raises BadRecords where they are damaged or not in the contract's columns."""
    folder = Path(location)
    try:
        about = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
        sources = tuple(Vintage(**one) for one in about.pop("sources"))
        vintage = Vintage(**about.pop("vintage"), sources=sources)
        texts = pd.read_csv(folder / RECORDS, dtype=str, keep_default_na=False, usecols=_fields())
        return Frozen(typed(_parsed(texts), vintage.profile), vintage, about)
    except (OSError, ValueError, KeyError, TypeError, pa.ArrowException) as error:
        raise BadRecords(
            f"The frozen records in {folder} cannot be read ({type(error).__name__}): they are damaged, or not in the "
            "columns of data/record-contract.csv. Unpack the bundle again."
        ) from None


def _fields() -> list[str]:
    return [*arrow_schema().names, IMPORTED_AS.name]


def _parsed(texts: pd.DataFrame) -> pa.Table:
    kinds = {**read_contract()["type"], "month": "text", IMPORTED_AS.name: "text"}
    schema = pa.schema([*arrow_schema(), IMPORTED_AS])
    columns = {
        field: pa.array([parse_value(text, kind) if text else None for text in texts[field]], ARROW_TYPES[kind])
        for field, kind in kinds.items()
    }
    return pa.table(columns, schema=schema)


def _text(value: object) -> str:
    """A value as an extract writes it; '' where it is blank."""
    if isinstance(value, str):
        return value
    if isinstance(value, Iterable):
        parts = list(value)
        return json.dumps(parts, ensure_ascii=False) if _are_sources(parts) else "|".join(str(part) for part in parts)
    if value is None or pd.isna(value):
        return ""
    if isinstance(value, date):  # a timestamp is one too
        return value.strftime("%Y-%m-%d")
    return str(value).lower() if isinstance(value, bool | np.bool_) else repr(float(value))  # type: ignore[arg-type]


def _are_sources(parts: list[object]) -> bool:
    return any(isinstance(part, dict) for part in parts)
