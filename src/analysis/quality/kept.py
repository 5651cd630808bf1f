"""What the quality gate finds in a month, kept: found anew wherever anything it looks at has changed.

Findings are kept in the folder that TOLL_QUALITY names, which commands set and a notebook run by hand does not have:
without it every check is run. They name records by id, as reports do.
"""

import hashlib
import json
import os
from contextlib import suppress
from dataclasses import asdict
from importlib import metadata
from pathlib import Path

import pandas as pd
import pyarrow as pa

from analysis.codelists import PROFILES, SYRIA
from analysis.files import replaced
from analysis.month import Month
from analysis.places import DATA, EXPECTATIONS
from analysis.program import files_digest, source_digest
from analysis.quality.frames import quality_frames
from analysis.quality.gate import Finding, run_suites
from analysis.quality.suites import read_suites
from analysis.quality.waiting import stem_of, waiting

FOLDER = "TOLL_QUALITY"
AT_MOST = 2_000  # findings of months in the folder; beyond them the oldest go
_PACKAGES = ("great-expectations", "narwhals", "numpy", "pandas", "pyarrow")


def check_month(window: pd.DataFrame, month: Month, *, profile: str = SYRIA) -> list[Finding]:
    """Run every suite on a month, or take what was found before in exactly the same.

    In    one row per record of the months that the gate looks at (see quality_frames).
    """
    folder = os.environ.get(FOLDER)
    asked = asked_of(window, month, profile) if folder else None
    if not folder or asked is None:
        return _checked(window, month, profile)
    with waiting(Path(folder), str(month)):
        return kept_or_checked(Path(folder), window, month, profile, asked)


def kept_or_checked(folder: Path, window: pd.DataFrame, month: Month, profile: str, asked: str) -> list[Finding]:
    """What is kept for a digest of everything that the checks look at; where there is nothing, it is found and kept."""
    file = folder / f"{stem_of(month)}-{asked}.json"
    try:
        told = json.loads(file.read_text(encoding="utf-8"))
        return [Finding(**{**one, "record_ids": tuple(one["record_ids"])}) for one in told]
    except (OSError, ValueError, TypeError, KeyError):
        found = _checked(window, month, profile)
    with suppress(Exception), replaced(file) as partial:  # a folder that is full or read-only: nothing is kept
        partial.write_text(json.dumps([asdict(one) for one in found], ensure_ascii=False), encoding="utf-8")
        _remove_oldest(folder)
    return found


def asked_of(window: pd.DataFrame, month: Month, profile: str) -> str | None:
    """One SHA-256 over all that the checks of a month look at: records, suites, code lists, the program, its packages.

    None for records that cannot be written down byte by byte: they are checked each time.
    """
    try:
        table = pa.Table.from_pandas(window.reset_index(drop=True), preserve_index=False)
    except pa.ArrowException:
        return None
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema.remove_metadata()) as stream:
        stream.write_table(table.combine_chunks().replace_schema_metadata())
    country = PROFILES / profile
    parts = [
        hashlib.sha256(sink.getvalue()).hexdigest(),
        files_digest(EXPECTATIONS, EXPECTATIONS.glob("*.json")),
        files_digest(DATA, [*DATA.glob("*.yml"), *DATA.glob("*.csv"), *DATA.glob("codelists/*"), *DATA.glob("maps/*")]),
        files_digest(country, country.rglob("*")),
        source_digest(),
        *(f"{name} {metadata.version(name)}" for name in _PACKAGES),
    ]
    return hashlib.sha256("\n".join([str(month), profile, *parts]).encode()).hexdigest()


def _checked(window: pd.DataFrame, month: Month, profile: str) -> list[Finding]:
    return run_suites(quality_frames(window, month, profile=profile), read_suites(month, profile=profile))


def _remove_oldest(folder: Path) -> None:
    kept = sorted(folder.glob("*.json"), key=lambda file: file.stat().st_mtime, reverse=True)
    for file in kept[AT_MOST:]:
        file.unlink(missing_ok=True)
