"""What a report was made from, as digests kept beside it in OUT/.made-from: is there anything to make it again for?

The reports themselves hold none of it, so that a batch gives the same bytes as single runs.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from analysis.audit.inputs import LEFT_OUT, input_files
from analysis.codelists import PROFILES
from analysis.editions import INTERNAL, read_edition
from analysis.files import files_of, replace_file, sha256_of
from analysis.period import When, as_asked
from analysis.places import ROOT
from analysis.program import files_digest, packages, source_digest
from analysis.records.evidence import result_file
from analysis.records.frozen import is_frozen, read_frozen
from analysis.records.vintages import Vintage, open_table, read_vintage, read_vintages
from analysis.running.publishing import is_of_report
from analysis.secrets import pseudonym_secret, secret_digest

FOLDER = ".made-from"
# What the digests are of, as the answer to "what has changed?".
RECORDS, PROGRAM, TEXTS, PACKAGES, SETTINGS, SECRET, ABOUT = (
    "its records",
    "the program",
    "its texts and data",
    "a package",
    "settings",
    "the key of its pseudonyms",
    "what it is about",
)


def inputs_of(location: str, *, vintage: int | None, language: str = "en", edition: str = INTERNAL) -> dict[str, str]:
    """A digest of each thing that the reports of some records are made from, whatever their month.

    Raises BadRecords where there are no records, BadParameter where a new key of pseudonyms cannot be kept.
    """
    profile, records = _frozen(location) if is_frozen(location) else _table(location, vintage)
    files = {ROOT / name for name in (*input_files(profile, language), *LEFT_OUT)}
    country = PROFILES / profile
    texts = [files_digest(ROOT, files), files_digest(country, country.rglob("*"))]
    parts: dict[str, object] = {
        RECORDS: [records, _file(result_file(location))],
        PROGRAM: source_digest(),
        TEXTS: texts,
        PACKAGES: packages(),
        SETTINGS: {"language": language, "vintage": vintage, "edition": edition},
    }
    return {name: _digest(part) for name, part in parts.items()} | _secret(edition)


def about(when: When) -> dict[str, str]:
    """What a report is about, where the name of its folder does not say it: a month that is told with its period."""
    return {ABOUT: _digest(as_asked(when))} if str(when) != as_asked(when) else {}


def changed_since(folder: Path, inputs: Mapping[str, str]) -> str:
    """Why the finished report in a folder is to be made again, in words; '' where it is what these inputs give."""
    if not folder.is_dir():
        return "there was none"
    try:
        told = json.loads(_file_of(folder).read_text(encoding="utf-8"))
        was, report = dict(told["inputs"]), str(told["report"])
    except (OSError, ValueError, TypeError, KeyError):
        return "nothing says what it was made from"
    changed = [name for name in {**inputs, **was} if was.get(name) != inputs.get(name)]
    if changed:
        return f"{' and '.join(changed)} changed"
    return "" if report == _report(folder) else "a file of it changed"


def note_inputs(folder: Path, inputs: Mapping[str, str]) -> None:
    """Keep what the report now in a folder was made from. Raises CannotPublish."""
    _file_of(folder).parent.mkdir(exist_ok=True)
    told = {"inputs": dict(inputs), "report": _report(folder)}
    replace_file(_file_of(folder), json.dumps(told, indent=1) + "\n")


def _file_of(folder: Path) -> Path:
    """Beside the report, by its folder's name: each edition has its own."""
    return folder.parent / FOLDER / f"{folder.name}.json"


def _report(folder: Path) -> str:
    return files_digest(folder, (path for path in files_of(folder).values() if is_of_report(path)))


def _table(location: str, vintage: int | None) -> tuple[str, object]:
    """The profile, and every version of the table: what is the newest decides what an older one is read with."""
    versions = [(_told(one), when.isoformat()) for one, when in read_vintages(location)]
    read = read_vintage(location, vintage)
    return read.profile, [str(open_table(location).metadata().id), read.version, versions]


def _told(vintage: Vintage) -> dict[str, object]:
    return {name: value for name, value in asdict(vintage).items() if name != "sources"}


def _frozen(location: str) -> tuple[str, object]:
    folder = Path(location)
    return read_frozen(location).vintage.profile, files_digest(folder, folder.rglob("*"))


def _file(path: Path | None) -> str:
    return sha256_of(path) if path and path.is_file() else ""


def _secret(edition: str) -> dict[str, str]:
    """The key that an edition's pseudonyms hang on, made now where there is none: not by several workers at once."""
    if not read_edition(edition).is_nameless:
        return {}
    pseudonym_secret()
    return {SECRET: secret_digest()}


def _digest(part: object) -> str:
    return hashlib.sha256(json.dumps(part, sort_keys=True).encode()).hexdigest()
