"""Taking in the rows of an extract, chunk by chunk: each is accepted, refused or left out, and none is lost."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from analysis.errors import TotalsDisagree
from analysis.importing.blanked import count_blanked
from analysis.importing.columns import column_of
from analysis.importing.mapping import Mapping
from analysis.importing.quarantine import refused_rows
from analysis.importing.reading import Chunk
from analysis.importing.translating import Faults, Translated, source_ids, translate
from analysis.records.changes import Changes, table_schema
from analysis.records.contract import ARROW_TYPES, UNDATED, parse_value, read_contract
from analysis.records.writing import Held

SHOWN = 5
_UNREADABLE = object()


@dataclass
class Intake:
    """What has been read so far: rows of the source, and what becomes of the records they hold."""

    rows_in: int = 0
    accepted: int = 0
    left_out: int = 0
    new: int = 0
    unchanged: int = 0
    changed: Changes = field(default_factory=Changes)
    refused: list[pd.DataFrame] = field(default_factory=list)
    first: list[pd.DataFrame] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)
    refused_ids: set[str] = field(default_factory=set)
    left_out_ids: set[str] = field(default_factory=set)
    blanked: dict[str, Counter[str]] = field(default_factory=dict)

    @property
    def quarantined(self) -> int:
        return sum(map(len, self.refused))


def take_in(chunk: Chunk, mapping: Mapping, held: Held, intake: Intake) -> None:
    """Translate a chunk, and sort its rows: accepted, refused, left out."""
    translated = translate(chunk.rows, mapping)
    faults = _accept(translated, mapping, held, intake)
    reasons = translated.reasons.where(translated.kept, "").to_numpy(dtype=object, copy=True)
    for row, told in faults.items():
        reasons[row] = reasons[row] or "; ".join(told)
    refused, left_out = reasons != "", ~translated.kept.to_numpy()
    intake.rows_in += len(chunk.rows)
    intake.left_out += int(left_out.sum())
    intake.refused_ids |= set(source_ids(chunk.rows[refused], mapping))
    intake.left_out_ids |= set(source_ids(chunk.rows[left_out], mapping))
    count_blanked(translated.blanked, ~refused & ~left_out, intake.blanked)
    if refused.any():
        intake.refused.append(refused_rows(chunk, pd.Series(reasons, dtype="str"), mapping.source))


def _accept(translated: Translated, mapping: Mapping, held: Held, intake: Intake) -> Faults:
    """Take the records that are sound: those that are new or changed with all they say. Of the others, say why not."""
    records, rows = translated.records, translated.rows.to_numpy()
    texts = pa.Table.from_pandas(records, preserve_index=False)
    known = held.records.index.get_indexer(pd.Index(records["record_id"]))
    faults = _clashes(records["record_id"], rows, known, held, mapping, intake.ids)
    digests = np.array(_digests(texts), dtype=object)
    differs = _differs(digests, known, held)
    read = differs & ~np.isin(rows, list(faults))
    parsed, unreadable = _parse(texts.filter(pa.array(read)), rows[read])
    faults.update(unreadable)
    good = ~np.isin(rows, list(faults))
    taken = read & good
    if taken.any():
        intake.changed.add(_typed(parsed.filter(pa.array(good[read])), mapping, digests[taken].tolist()))
    intake.accepted += len(np.unique(rows[good]))
    intake.new += int((taken & (known < 0)).sum())
    intake.unchanged += int((good & ~differs).sum())
    intake.first += [records[good].head(SHOWN)] if sum(map(len, intake.first)) < SHOWN else []
    intake.ids.update(records["record_id"][good].tolist())
    return faults


def check_totals(intake: Intake) -> None:
    """Rows read = accepted + quarantined + left out. Raises TotalsDisagree."""
    if intake.rows_in != intake.accepted + intake.quarantined + intake.left_out:
        raise TotalsDisagree(
            f"{intake.rows_in:,} rows were read, {intake.accepted:,} accepted, {intake.quarantined:,} quarantined and "
            f"{intake.left_out:,} left out by the mapping: this does not add up, and nothing was imported. It is a "
            "defect of the program: please report it."
        )


def _clashes(
    ids: "pd.Series[str]", rows: "np.ndarray", known: "np.ndarray", held: Held, mapping: Mapping, taken: set[str]
) -> Faults:
    """The rows whose record ids are used already: by an earlier row, or by another source."""
    faults: Faults = defaultdict(list)
    again = ids.duplicated().to_numpy() | np.array([one in taken for one in ids.tolist()], dtype=bool)
    for row in dict.fromkeys(rows[again].tolist()):
        faults[row].append("record_id: an earlier row of the extract has the same")
    owners = held.records["mapping"].iloc[known[known >= 0]].astype(str).tolist()
    strange = zip(rows[known >= 0].tolist(), owners, strict=True)
    for row, owner in {row: owner for row, owner in strange if owner not in ("", mapping.source)}.items():
        faults[row].append(f"record_id: it belongs to a record of the source {owner}")
    return faults


def _differs(digests: "np.ndarray", known: "np.ndarray", held: Held) -> "np.ndarray":
    """The records that are not held, or are held and say something else."""
    differs = known < 0
    before = held.records["digest"].iloc[known[~differs]].to_numpy(dtype=object)
    differs[~differs] = before != digests[~differs]
    return differs


def _digests(records: pa.Table) -> list[str]:
    """A short hash of all that each record says; a blank field, or one that the contract adds, is no part."""
    if not records.num_rows:
        return []
    empty, end = pa.scalar("", pa.large_string()), pa.scalar("\0", pa.large_string())
    told = []
    for name in records.column_names:
        values = records[name].cast(pa.large_string())
        filled = pc.not_equal(values, empty)
        if pc.any(filled).as_py():
            said = pc.binary_join_element_wise(pa.scalar(f"{name}=", pa.large_string()), values, end, empty)
            told.append(pc.if_else(filled, said, empty))
    joined = pc.binary_join_element_wise(*told, empty).cast(pa.large_binary())
    return [hashlib.blake2b(one, digest_size=12).hexdigest() for one in joined.to_pylist()]


def _parse(records: pa.Table, rows: "np.ndarray") -> tuple[pa.Table, Faults]:
    """Type the fields of records whose codes are known, once a distinct value; rows with a value that its field cannot
    hold are said, and have it blank."""
    faults: Faults = defaultdict(list)
    columns = {}
    for name, kind in read_contract()["type"].items():
        if kind in ("text", "code"):
            texts = records[name]
            columns[name] = pc.if_else(pc.equal(texts, ""), None, texts).cast(ARROW_TYPES[kind])
            continue
        column = column_of(records[name].to_pandas())
        values = [_value(text, kind) for text in column.texts]
        bad = [at for at, value in enumerate(values) if value is _UNREADABLE]
        for row in dict.fromkeys(rows[np.isin(column.codes, bad)].tolist()) if bad else ():
            faults[row].append(f"{name}: it is not a {kind} that a record can hold")
        good = [None if value is _UNREADABLE else value for value in values]
        columns[name] = pa.array(good, ARROW_TYPES[kind]).take(pa.array(column.codes))
    return pa.table(columns), faults


def _value(text: str, kind: str) -> object:
    try:
        return parse_value(text, kind) if text else None
    except (ValueError, KeyError, TypeError):
        return _UNREADABLE


def _typed(records: pa.Table, mapping: Mapping, digests: Sequence[str]) -> pa.Table:
    """Records as the table holds them: with their month, the mapping they came by, and their digest."""
    months = pc.fill_null(pc.strftime(records["date_documented"], format="%Y-%m"), UNDATED)
    origin = pa.repeat(mapping.source, records.num_rows)
    columns = {name: records[name] for name in records.column_names}
    told = {"month": months, "imported_as": origin, "digest": pa.array(digests, pa.string())}
    return pa.table({**columns, **told}, schema=table_schema())
