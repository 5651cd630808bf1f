"""The photos, videos and documents that records reference, compared with the folders they are kept in.

The files themselves are read to be hashed and never copied; what is said of them is counts and references.
"""

import hashlib
import json
import os
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.errors import BadParameter, ReportError, first_three
from analysis.files import replace_file
from analysis.month import Month
from analysis.places import DATA
from analysis.records.contract import UNDATED
from analysis.records.table import months_held, read_months
from analysis.records.vintages import read_vintage

BLOCK = 1 << 20
RESULTS = ("found", "missing", "changed")
_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")


class EvidenceIncomplete(ReportError):
    """A copy does not hold every file that the records reference, as it was when it was recorded."""

    exit_code = 1


@dataclass(frozen=True)
class Reference:
    """One file that one record references; `shown` is what may be said of it, `sha256` is '' where none is recorded."""

    record_id: str
    month: str
    name: str
    sha256: str
    shown: str


@dataclass(frozen=True)
class Kept:
    """The files of one folder: their sizes, or their hashes, by path from the folder."""

    folder: Path
    files: Mapping[str, Any]


@dataclass(frozen=True)
class FolderCheck:
    """What one folder has of the references, in their order, and how many of its files none of them means."""

    folder: Path
    results: tuple[str, ...]
    unreferenced: int

    def of(self, references: Sequence[Reference], result: str) -> list[Reference]:
        return [one for one, found in zip(references, self.results, strict=True) if found == result]


def months_to_check(location: str, months: Sequence[Month], vintage: int | None = None) -> list[str]:
    """The months named; where none is, all months of the table, and the records without one."""
    return [str(month) for month in months] or [*map(str, months_held(location, vintage)), UNDATED]


def read_references(location: str, months: Iterable[str], *, vintage: int | None = None) -> list[Reference]:
    """The files that the records of some months reference.

    Out   one a record and file, by month and record id; what is of no kind in data/evidence-kinds.csv, as a publication
          is, is no file and left out.
    """
    version = read_vintage(location, vintage).version
    kinds = set(pd.read_csv(DATA / "evidence-kinds.csv", dtype=str)["kind"])
    found: list[Reference] = []
    for month in months:  # one at a time: a large table need not fit into memory
        records = read_months(location, [month], vintage=version)
        told = records[["record_id", "name", "sources"]].itertuples(index=False, name="Told")
        found += [one for row in told for one in _references(row, month, kinds)]
    return found


def _references(row: Any, month: str, kinds: set[str]) -> Iterable[Reference]:
    for source in row.sources if hasattr(row.sources, "__len__") else ():
        if source["kind"] in kinds and source["reference"]:
            name = _normal(source["reference"].strip())
            sha256 = (source["sha256"] or "").strip().lower()
            yield Reference(row.record_id, month, name, sha256, _shown(name, row.record_id, row.name))


def _shown(name: str, record_id: str, person: object) -> str:
    """The reference where it is a plain file name or an id without the person's name, else the record's id."""
    words = re.findall(r"\w{3,}", person.lower()) if isinstance(person, str) else []
    hidden = not _PLAIN.fullmatch(name) or any(word in name.lower() for word in words)
    return record_id if hidden else name


def list_files(folder: Path) -> Kept:
    """The files below a folder with their sizes; what is hidden (a name that begins with a dot) is left out."""
    found = {}
    for root, folders, names in os.walk(folder, onerror=_refuse):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(root, name)
            if not name.startswith(".") and path.is_file():
                found[path.relative_to(folder).as_posix()] = path.stat().st_size
    return Kept(folder, found)


def hash_files(kept: Kept, on_bytes: Callable[[int], object] = lambda _: None) -> Kept:
    """The same files with their SHA-256; `on_bytes` is told how many bytes were read. Raises BadParameter."""
    return Kept(kept.folder, {name: _sha256(kept.folder / name, on_bytes) for name in kept.files})


def _sha256(path: Path, on_bytes: Callable[[int], object]) -> str:
    found = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while block := file.read(BLOCK):
                found.update(block)
                on_bytes(len(block))
    except OSError as error:
        _refuse(error)
    return found.hexdigest()


def _refuse(error: OSError) -> None:
    """A file's name may hold a person's: the folder named on the command line has to do."""
    raise BadParameter(
        f"A file or folder of a copy cannot be read: {error.strerror or type(error).__name__}. Nothing was written. "
        "Give yourself the right to read all of it, or mend the disk."
    ) from None


def check_folder(references: Sequence[Reference], hashed: Kept) -> FolderCheck:
    """Compare a folder with the references: by SHA-256 where a reference has one, else by its name.

    A reference names a file by its name alone or by its path from the folder. `changed` is a file of that name with
    another content; the content under another name is `found`.
    """
    by_name: dict[str, set[str]] = {}
    by_hash: dict[str, set[str]] = {}
    for path, sha256 in hashed.files.items():
        for name in {_normal(path), _normal(path).rpartition("/")[2]}:
            by_name.setdefault(name, set()).add(path)
        by_hash.setdefault(sha256, set()).add(path)
    results, meant = [], set()
    for one in references:
        named = by_name.get(one.name, set())
        same = by_hash.get(one.sha256, set()) if one.sha256 else named
        results.append("found" if same else "changed" if named else "missing")
        meant |= same | named
    return FolderCheck(hashed.folder, tuple(results), len(hashed.files.keys() - meant))


def overall(checks: Sequence[FolderCheck]) -> list[str]:
    """What holds of each reference in all copies: found in each; else changed in one; else missing from one."""
    each = zip(*(check.results for check in checks), strict=True)
    found = [set(results) for results in each]
    return ["changed" if "changed" in one else "missing" if "missing" in one else "found" for one in found]


def month_counts(references: Sequence[Reference], results: Sequence[str], months: Iterable[str]) -> dict[str, Any]:
    """For each month the references, and how many were found in every copy, missing from one or changed in one."""
    found = Counter((one.month, result) for one, result in zip(references, results, strict=True))
    counts = {month: {result: found[month, result] for result in RESULTS} for month in months}
    return {month: {"references": sum(one.values()), **one} for month, one in counts.items()}


def require_complete(references: Sequence[Reference], checks: Iterable[FolderCheck]) -> None:
    """Refuse copies that lack a file, or have another one in its place. Raises EvidenceIncomplete."""
    bad = [(check, one) for check in checks for name in ("missing", "changed") for one in check.of(references, name)]
    if bad:
        folders = list(dict.fromkeys(str(check.folder) for check, _ in bad))
        raise EvidenceIncomplete(
            f"Files that records reference are missing from {', '.join(folders)}, or are not what they were: "
            f"{len(bad)} ({first_three({one.shown for _, one in bad})}). Restore them from another copy."
        )


def write_result(file: Path, told: Mapping[str, Any]) -> None:
    """Keep the result of a check, for the reports to say. Raises CannotPublish."""
    replace_file(file, json.dumps(told, ensure_ascii=False, indent=1) + "\n")


def result_file(location: str) -> Path | None:
    """Where the result of a check is kept: beside the records table; None for a table that is at no path."""
    return None if "://" in location else Path(f"{location.rstrip('/')}.evidence.json")


def _normal(text: str) -> str:
    """One spelling of a name: file systems differ in how they write accents."""
    return unicodedata.normalize("NFC", text)
