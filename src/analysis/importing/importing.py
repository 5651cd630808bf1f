"""Importing: a source's rows become a new vintage of the records table, and none of them is lost.

Rows read = rows accepted + rows quarantined + rows left out by the mapping. One import is one commit, or none.
"""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from analysis.errors import BadRecords, ReportError, TotalsDisagree, first_three
from analysis.importing.csv_files import three_of
from analysis.importing.mapping import MAPPINGS, Mapping, Rule, find_mapping, read_mapping
from analysis.importing.quarantine import (
    ADDED,
    READING,
    is_quarantine,
    kinds_of,
    mapping_named_in,
    quarantine_folder,
    refused_rows,
    write_quarantine,
)
from analysis.importing.reading import Chunk, Reading, is_url, read_source, source_sha256
from analysis.importing.translating import source_ids, translate
from analysis.places import DATA
from analysis.records.contract import ARROW_TYPES, UNDATED, read_contract
from analysis.records.contract import _parse_value as parse_value
from analysis.records.table import Held, Overtaken, Vintage, read_held, read_vintage, table_schema, write_changes

CONTRACT = "contract"
_TRIES, _CHUNK, _SHOWN = 5, 50_000, 5
_UNREADABLE = object()
OnBytes = Callable[[int, int], None]


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


@dataclass(frozen=True)
class Imported:
    """What an import did, or would do: the vintage it made, and whether it is a new one.

    `reasons` counts the quarantined rows by kind of reason; `first` are the first records as they are read.
    """

    vintage: Vintage
    is_new: bool
    reasons: dict[str, int]
    first: pd.DataFrame


@dataclass
class _Intake:
    """What has been read so far."""

    rows_in: int = 0
    accepted: int = 0
    left_out: int = 0
    new: int = 0
    unchanged: int = 0
    changed: list[pa.Table] = field(default_factory=list)
    refused: list[pd.DataFrame] = field(default_factory=list)
    first: list[pd.DataFrame] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)
    refused_ids: set[str] = field(default_factory=set)
    left_out_ids: set[str] = field(default_factory=set)

    @property
    def quarantined(self) -> int:
        return sum(map(len, self.refused))


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
    return Mapping(CONTRACT, {}, sha256, Reading(), "syria", ("record_id",), "", rules)


def import_extract(
    extract: Extract, location: str, *, on_bytes: OnBytes | None = None, dry_run: bool = False
) -> Imported:
    """Import an extract as one new vintage, all that can be accepted of it; what cannot goes into quarantine.

    Where nothing has changed there is no new vintage. A dry run writes nothing at all.
    Raises BadRecords for a source that cannot be read or of which no row can be accepted, TotalsDisagree if a row is
    neither accepted, quarantined nor left out; the last vintage then stays as it was.
    """
    for _ in range(_TRIES):
        try:
            return _import_once(extract, location, on_bytes, dry_run)
        except Overtaken:
            continue
    raise BadRecords(
        f"Others were importing into {location} at the same time, {_TRIES} times over. Nothing was imported: try again."
    )


def _import_once(extract: Extract, location: str, on_bytes: OnBytes | None, dry_run: bool) -> Imported:
    sha256 = _sha256(extract)
    held = read_held(location)
    intake = _Intake()
    files: dict[str, None] = {}
    for chunk in _chunks(extract, on_bytes):
        files[chunk.file] = None
        _take_in(chunk, extract.mapping, held, intake)
    if not any(map(is_url, extract.sources)) and _sha256(extract) != sha256:
        raise BadRecords(f"{_named(extract, files)} changed while it was read. Nothing was imported: try again.")
    _check_totals(intake)
    withdrawn = _withdrawn(extract, held, intake, sha256)
    vintage = _vintage(extract, _named(extract, files), sha256, held, intake, withdrawn)
    refused = pd.concat(intake.refused, ignore_index=True) if intake.quarantined else pd.DataFrame()
    if intake.quarantined and not dry_run:
        path = write_quarantine(refused, quarantine_folder(location, extract.mapping.source), sha256)
        vintage = replace(vintage, quarantine=path.as_posix())
    reasons = kinds_of(refused[ADDED[-1]]) if intake.quarantined else {}
    first = pd.concat(intake.first, ignore_index=True).head(_SHOWN) if intake.first else pd.DataFrame()
    if dry_run:
        return Imported(vintage, False, reasons, first)
    if not intake.accepted:
        raise _none_accepted(vintage, reasons)
    if not (vintage.new or vintage.changed or vintage.withdrawn):
        return Imported(replace(vintage, version=read_vintage(location).version), False, reasons, first)
    changed = pa.concat_tables([table_schema().empty_table(), *intake.changed])
    return Imported(write_changes(location, held, changed, withdrawn, vintage), True, reasons, first)


def _sha256(extract: Extract) -> str:
    each = [source_sha256(source, query=extract.query, kind=extract.reading.kind) for source in extract.sources]
    return each[0] if len(each) == 1 else hashlib.sha256("\n".join(each).encode()).hexdigest()


def _named(extract: Extract, files: dict[str, None]) -> str:
    """What the import's sources are called, without the folders of this machine."""
    if any(map(is_url, extract.sources)):
        return ", ".join(files)
    return ", ".join(Path(source).name for source in extract.sources)


def _chunks(extract: Extract, on_bytes: OnBytes | None) -> Iterator[Chunk]:
    """All chunks of all sources, which have to be in the same columns."""
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


def _take_in(chunk: Chunk, mapping: Mapping, held: Held, intake: _Intake) -> None:
    """Translate a chunk, and sort its rows: accepted, refused, left out."""
    translated = translate(chunk.rows, mapping)
    records, rows = translated.records, translated.rows
    known = held.records.index.get_indexer(pd.Index(records["record_id"]))
    faults = _clashes(records, rows, known, held, mapping, intake.ids)
    digests = np.array(_digests(records), dtype=object)
    before = held.records["digest"].to_numpy(dtype=object)[known] if len(held.records) else digests
    differs = (known < 0) | (before != digests)
    good = ~rows.isin(list(faults)).to_numpy()
    parsed, unreadable = _parse(records[differs & good], rows[differs & good])
    for row, told in unreadable.items():
        faults[row] += told
    readable = ~rows[differs & good].isin(list(unreadable)).to_numpy()
    good &= ~rows.isin(list(unreadable)).to_numpy()
    told = pd.Series({row: "; ".join(each) for row, each in faults.items()}, dtype=str)
    reasons = translated.reasons.where(translated.kept, "")
    reasons = reasons.mask(reasons.eq("") & reasons.index.isin(told.index), told.reindex(reasons.index, fill_value=""))
    ids = source_ids(chunk.rows, mapping)
    taken = differs & good
    intake.rows_in += len(chunk.rows)
    intake.accepted += rows[good].nunique()
    intake.left_out += int((~translated.kept).sum())
    intake.new += int((taken & (known < 0)).sum())
    intake.unchanged += int((good & ~differs).sum())
    if taken.any():
        parsed = {name: values.filter(pa.array(readable)) for name, values in parsed.items()}
        intake.changed.append(_typed(parsed, mapping, digests[taken].tolist()))
    intake.refused += [refused_rows(chunk, reasons, mapping.source)] if reasons.ne("").any() else []
    intake.first += [records[good].head(_SHOWN)] if sum(map(len, intake.first)) < _SHOWN else []
    intake.ids |= set(records["record_id"][good])
    intake.refused_ids |= set(ids[reasons.ne("")])
    intake.left_out_ids |= set(ids[~translated.kept])


def _clashes(
    records: pd.DataFrame, rows: "pd.Series[int]", known: np.ndarray, held: Held, mapping: Mapping, taken: set[str]
) -> "defaultdict[int, list[str]]":
    """The rows whose record ids are used already: by an earlier row, or by another source."""
    ids, faults = records["record_id"], defaultdict(list)
    for row in rows[ids.duplicated() | ids.isin(taken)].unique():
        faults[row].append("record_id: an earlier row of the extract has the same")
    if len(held.records):
        owner = held.records["mapping"].astype(str).to_numpy()[known]
        strange = (known >= 0) & (owner != "") & (owner != mapping.source)
        for row, name in dict(zip(rows[strange], owner[strange], strict=True)).items():
            faults[row].append(f"record_id: it belongs to a record of the source {name}")
    return faults


def _digests(records: pd.DataFrame) -> list[str]:
    """A short hash of all that each record says; a blank field, or one that the contract adds, is no part."""
    told = []
    for name in records.columns[records.ne("").any()]:
        codes, values = pd.factorize(records[name])
        told.append(np.array([f"{name}={value}\0" if value else "" for value in values], dtype=object)[codes].tolist())
    each = ("".join(one).encode("utf-8", "surrogatepass") for one in zip(*told, strict=True))
    return [hashlib.blake2b(one, digest_size=12).hexdigest() for one in each]


def _parse(records: pd.DataFrame, rows: "pd.Series[int]") -> tuple[dict[str, pa.Array], "defaultdict[int, list[str]]"]:
    """Type the fields of records whose codes are known, once a distinct value; rows with a value that its field cannot
    hold are said, and have it blank."""
    faults: defaultdict[int, list[str]] = defaultdict(list)
    columns = {}
    for name, kind in read_contract()["type"].items():
        codes, texts = pd.factorize(records[name])
        values = [_value(text, kind) for text in texts]
        bad = [at for at, value in enumerate(values) if value is _UNREADABLE]
        for row in rows[np.isin(codes, bad)].unique() if bad else ():
            faults[row].append(f"{name}: it is not a {kind} that a record can hold")
        good = [None if value is _UNREADABLE else value for value in values]
        columns[name] = pa.array(good, ARROW_TYPES[kind]).take(pa.array(codes))
    return columns, faults


def _value(text: str, kind: str) -> object:
    try:
        return parse_value(text, kind) if text else None
    except (ValueError, KeyError, TypeError):
        return _UNREADABLE


def _typed(columns: dict[str, pa.Array], mapping: Mapping, digests: Sequence[str]) -> pa.Table:
    days = columns["date_documented"]
    months = pc.fill_null(pc.strftime(days, format="%Y-%m"), UNDATED)
    origin = pa.array([mapping.source] * len(days), pa.string())
    return pa.table(
        {**columns, "month": months, "imported_as": origin, "digest": pa.array(digests, pa.string())},
        schema=table_schema(),
    )


def _check_totals(intake: _Intake) -> None:
    if intake.rows_in != intake.accepted + intake.quarantined + intake.left_out:
        raise TotalsDisagree(
            f"{intake.rows_in:,} rows were read, {intake.accepted:,} accepted, {intake.quarantined:,} quarantined and "
            f"{intake.left_out:,} left out by the mapping: this does not add up, and nothing was imported. It is a "
            "defect of the program: please report it."
        )


def _withdrawn(extract: Extract, held: Held, intake: _Intake, sha256: str) -> dict[str, str]:
    """The records of this source that a complete extract no longer holds, each with the reason; a row in quarantine
    is still held by the extract."""
    if not extract.complete:
        return {}
    mine = held.records["mapping"].eq(extract.mapping.source) & ~held.records["withdrawn"]
    named = extract.extract_date or sha256[:12]
    found = {}
    for record in held.records.index[mine]:
        row = {record, record.rpartition("-")[0]} if extract.mapping.dead else {record}
        if record in intake.ids or row & intake.refused_ids:
            continue
        said = "left out by the mapping in" if row & intake.left_out_ids else "no longer in"
        found[record] = f"{said} the extract of {named}"
    return found


def _vintage(
    extract: Extract, name: str, sha256: str, held: Held, intake: _Intake, withdrawn: dict[str, str]
) -> Vintage:
    mapping = extract.mapping
    said = {"documented_from": mapping.documented_from} if mapping.documented_from else {}
    return Vintage(
        version=0,
        source_file=name,
        sha256=sha256,
        rows=len(held.records) + intake.new,
        source={**mapping.about, **said},
        mapping=mapping.source,
        mapping_sha256=mapping.sha256,
        profile=mapping.profile,
        rows_in=intake.rows_in,
        accepted=intake.accepted,
        quarantined=intake.quarantined,
        left_out=intake.left_out,
        new=intake.new,
        changed=sum(table.num_rows for table in intake.changed) - intake.new,
        withdrawn=len(withdrawn),
        unchanged=intake.unchanged,
        extract_date=extract.extract_date,
        who=extract.who,
        note=extract.note,
    )


def _none_accepted(vintage: Vintage, reasons: dict[str, int]) -> ReportError:
    told = "; ".join(f"{kind} ({count:,} rows)" for kind, count in list(reasons.items())[:3])
    kept = f"All of them are kept in {vintage.quarantine}: {told}. " if vintage.quarantined else ""
    return BadRecords(
        f"Of the {vintage.rows_in:,} rows of {vintage.source_file} none was accepted ({vintage.quarantined:,} "
        f"quarantined, {vintage.left_out:,} left out by the mapping {vintage.mapping}), and the records table is as it "
        f"was. {kept}Look at the mapping with --dry-run."
    )


def shown(records: pd.DataFrame) -> pd.DataFrame:
    """Records as they may be shown on a screen: names and free text give way to "…"."""
    never = read_contract().index[read_contract()["shown"] == "never"]
    hidden = {name: records[name].where(records[name].eq(""), "…") for name in never if name in records.columns}
    return records.assign(**hidden)
