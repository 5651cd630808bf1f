"""Extracts: what is to be imported, the mapping it is read with, and its rows in one set of columns."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from analysis.codelists import SYRIA
from analysis.errors import BadRecords, first_three
from analysis.importing.mapping import MAPPINGS, Mapping, Rule, find_mapping, read_mapping
from analysis.importing.quarantine import ADDED, READING, is_quarantine, mapping_named_in
from analysis.importing.reading import Chunk, Reading, is_url, read_source, source_sha256
from analysis.importing.tables import OnBytes, three_of
from analysis.places import DATA
from analysis.records.contract import read_contract

CONTRACT = "contract"
_CHUNK = 50_000


@dataclass(frozen=True)
class Extract:
    """What is to be imported: files, folders or a database URL, and the mapping they are read with.

    `partial` says that what is not in it is not withdrawn; `corrected` that it is a quarantine file.
    """

    sources: tuple[str, ...]
    mapping: Mapping
    query: str = ""
    extract_date: str = ""
    who: str = ""
    note: str = ""
    partial: bool = False
    corrected: bool = False

    @property
    def complete(self) -> bool:
        return self.mapping.complete and not self.partial and not self.corrected

    @property
    def reading(self) -> Reading:
        return READING if self.corrected else self.mapping.reading


def choose_mapping(sources: Sequence[str], *, source: str = "", mapping: Path | None = None) -> Mapping:
    """The mapping for some files: the one named, else that of data/<source>/, else the contract's own columns.

    Raises BadMapping, and BadRecords for a file in other columns whose source nobody named.
    """
    if mapping:
        return read_mapping(mapping)
    if source and source != CONTRACT:
        return read_mapping(find_mapping(source))
    folder = Path(sources[0]).resolve().parent
    if not source and folder.parent == DATA.resolve() and (MAPPINGS / f"{folder.name}.yml").is_file():
        return read_mapping(find_mapping(folder.name))
    return _contract_mapping(sources[0])


def mapping_of_quarantine(file: Path, mapping: Path | None = None) -> Mapping:
    """The mapping that a quarantine file is imported with: the one given, else the one it names."""
    named = mapping_named_in(file)
    return choose_mapping([str(file)], source=named, mapping=mapping)


def extract_sha256(extract: Extract) -> str:
    """The SHA-256 of a source, or of the hashes of several, one a line."""
    each = [source_sha256(source, query=extract.query, kind=extract.reading.kind) for source in extract.sources]
    return each[0] if len(each) == 1 else hashlib.sha256("\n".join(each).encode()).hexdigest()


def read_extract(extract: Extract, on_bytes: OnBytes | None) -> Iterator[Chunk]:
    """All chunks of all sources, their rows numbered from 0. Raises BadRecords for sources in different columns."""
    columns: list[str] = []
    for source in extract.sources:
        for chunk in read_source(source, extract.reading, query=extract.query, chunk_rows=_CHUNK, on_bytes=on_bytes):
            found = list(chunk.rows.columns)
            if not columns:
                _check_columns(chunk, extract)
            columns = columns or found
            if found != columns:
                raise BadRecords(
                    f"{chunk.file} does not have the columns of the source before it. Import them one by one."
                )
            yield Chunk(chunk.file, chunk.rows.reset_index(drop=True), chunk.first_row)


def _contract_mapping(source: str) -> Mapping:
    """The mapping of an extract in the columns of data/record-contract.csv: each field is the column of its name."""
    if is_url(source):
        raise BadRecords("Whose records a database holds has to be said: name its source with --source or --mapping.")
    columns = [name for name in next(read_source(source)).rows.columns if name not in ADDED]
    contract = read_contract()
    missing = set(contract.index[contract["required"] == "yes"]) - set(columns)
    unknown = set(columns) - set(contract.index)
    if missing or unknown:
        raise BadRecords(
            f"{Path(source).name} does not have the columns of data/record-contract.csv: {len(missing)} missing "
            f"({first_three(missing) or 'none'}), {len(unknown)} unknown ({first_three(unknown) or 'none'}). Name its "
            "source with --source or its mapping with --mapping; `toll mapping new` drafts one."
        )
    kinds = {name: kind for name, kind in contract["type"].items() if name in columns and name != "record_id"}
    rules = {name: (Rule(column=name, separator="|" if kind == "texts" else ""),) for name, kind in kinds.items()}
    sha256 = hashlib.sha256((DATA / "record-contract.csv").read_bytes()).hexdigest()
    return Mapping(CONTRACT, {}, sha256, Reading(), SYRIA, ("record_id",), "", rules)


def _check_columns(chunk: Chunk, extract: Extract) -> None:
    if is_quarantine(chunk.rows) and not extract.corrected:
        raise BadRecords(f"{chunk.file} is a quarantine file. Import it with --quarantine.")
    missing = sorted(extract.mapping.columns - set(chunk.rows.columns))
    if missing:
        told = three_of([f"'{name}'" for name in missing])
        raise BadRecords(
            f"{chunk.file} lacks {len(missing)} columns that the mapping {extract.mapping.source} reads ({told}). "
            "Correct the mapping, its `read:` part, or the file."
        )
