"""Extracts: the dated files that records come in, read whole and checked before anything is written."""

import hashlib
from pathlib import Path

import pandas as pd
import yaml

from analysis.errors import BadRecords
from analysis.records.contract import parse_text
from analysis.records.table import Vintage, write_records

SIDECAR = ("title", "producer", "notice_en", "notice_ar", "published")


def import_extract(extract: Path, location: str) -> Vintage:
    """Import a CSV in the contract's own columns as a new vintage; all of it or nothing.

    `<stem>.source.yml` beside it may say what it is (title, producer, notice); that is kept with the import.
    Raises BadRecords for a file that cannot be read, UnknownCode for a value in no code list.
    """
    source = _read_sidecar(extract.with_suffix(".source.yml"))
    try:
        frame = pd.read_csv(extract, dtype=str, keep_default_na=False, encoding="utf-8")
    except (OSError, ValueError) as error:
        said = str(error).strip()
        raise BadRecords(f"The extract {extract} cannot be read: {said}. It must be a CSV file in UTF-8.") from None
    if frame.empty:
        raise BadRecords(f"The extract {extract} holds no record. Export it again; nothing was imported.")
    sha256 = hashlib.sha256(extract.read_bytes()).hexdigest()
    return write_records(location, parse_text(frame), source_file=extract.name, sha256=sha256, source=source)


def _read_sidecar(path: Path) -> dict[str, str]:
    if not path.is_file():
        return {}
    try:
        said = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, ValueError):
        said = None
    if not isinstance(said, dict) or set(said) - set(SIDECAR):
        raise BadRecords(f"{path} does not describe an extract. It may say {', '.join(SIDECAR)}, and nothing else.")
    return {key: str(value) for key, value in said.items()}
