"""Translating: a source's rows become records of the contract, by the rules of its mapping.

A row that cannot be read is kept whole with every reason it failed for, not only the first.
"""

import re
from collections import defaultdict
from collections.abc import Mapping as Dict
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from analysis.codelists import age_group_of
from analysis.importing.blanked import as_shown, hidden_columns
from analysis.importing.columns import Column, column_of, marked, repeated, spread, texts_of
from analysis.importing.mapping import Condition, Mapping, Rule
from analysis.importing.values import UNKNOWN, Value, reader_of, resolve
from analysis.records.contract import read_contract

# Marks of direction turn text around wherever it is shown, other controls hide it: they are no part of a value.
_MARKS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")

# Row of the chunk, from 0 -> everything that is wrong with it.
Faults = defaultdict[int, list[str]]


@dataclass(frozen=True)
class Translated:
    """A chunk of rows, translated.

    `records` has one row per record in the contract's columns, all text; `rows` holds the row of the chunk, from 0,
    that each came from; `reasons` says for each row of the chunk why it cannot be accepted ('' where it can), `kept`
    whether the mapping keeps it at all, `blanked` by field what `unresolved: not_recorded` left blank ('' where none).
    """

    records: pd.DataFrame
    rows: "pd.Series[int]"
    reasons: "pd.Series[str]"
    kept: "pd.Series[bool]"
    blanked: dict[str, Column]


@dataclass(frozen=True)
class _Field:
    """One field of each row; its precision where it is a date, and the value that was left blank."""

    texts: pa.Array
    precisions: pa.Array
    blanked: Column


def translate(chunk: pd.DataFrame, mapping: Mapping) -> Translated:
    """Translate a chunk of text columns ('' where blank). Codes are those of the lists, their labels or aliases."""
    columns = {name: _cleaned(chunk[name]) for name in sorted(mapping.columns)}
    faults: Faults = defaultdict(list)
    found = {name: _field(columns, len(chunk), name, rules, mapping, faults) for name, rules in mapping.fields.items()}
    fields = _with_precisions(found)
    fields["record_id"] = pa.array(_record_ids(columns, mapping), pa.large_string())
    records = _derive(_in_contract(fields, len(chunk)), mapping)
    _require(records, faults)
    records, rows = _one_a_person(records, columns, mapping, faults)
    reasons = np.full(len(chunk), "", dtype=object)
    for row, told in faults.items():
        reasons[row] = "; ".join(told)
    kept = _holds(columns, mapping.keep, len(chunk))
    good = (kept & (reasons == ""))[rows]
    return Translated(
        records[good].reset_index(drop=True),
        pd.Series(rows[good]),
        pd.Series(reasons, dtype="str"),
        pd.Series(kept),
        {name: one.blanked for name, one in found.items() if any(one.blanked.texts)},
    )


def source_ids(rows: pd.DataFrame, mapping: Mapping) -> list[str]:
    """The record id that each row of a source is to have, accepted or not; '' where a part of it is blank."""
    return _record_ids({name: _cleaned(rows[name]) for name in mapping.record_id}, mapping)


def _cleaned(values: "pd.Series[str]") -> Column:
    column = column_of(values)
    return Column(column.codes, [_MARKS.sub("", text).strip() for text in column.texts])


def _holds(columns: Dict[str, Column], conditions: Sequence[Condition], rows: int) -> "np.ndarray":
    holds = np.ones(rows, dtype=bool)
    for one in conditions:
        if one.among:
            holds &= marked(columns[one.column], one.among.__contains__)
        holds &= ~marked(columns[one.column], one.not_among.__contains__)
    return holds


def _field(
    columns: Dict[str, Column], rows: int, name: str, rules: Sequence[Rule], mapping: Mapping, faults: Faults
) -> _Field:
    """One field: the first rule that gives something counts."""
    read, hidden = reader_of(name, mapping.profile), hidden_columns(mapping)
    # Row i becomes values[found[i]]; the first of them is what a row becomes that no rule is for. What it has lost to
    # `unresolved: not_recorded` is told by values[lost[i]].
    values, found, lost = [Value()], np.zeros(rows, dtype=np.int64), np.zeros(rows, dtype=np.int64)
    for rule in rules:
        still = np.flatnonzero(_empty(values)[found] & _holds(columns, rule.when, rows))
        raw = _raw(columns, rule, rows)
        found[still] = len(values) + raw.codes[still]
        values += [_shown(resolve(text, rule, mapping, read), name, rule, hidden) for text in raw.texts]
        for row in still[np.array([value.fault != "" for value in values])[found[still]]].tolist():
            faults[row].append(f"{name}: {values[found[row]].fault}")
        if rule.unresolved == "not_recorded":
            first = still[np.array([value.blanked != "" for value in values])[found[still]] & (lost[still] == 0)]
            lost[first] = found[first]
    texts, precisions = ([getattr(value, part) for value in values] for part in ("text", "precision"))
    blanked = Column(np.where(_empty(values)[found], lost, 0), [value.blanked for value in values])
    return _Field(spread(texts, found), spread(precisions, found), blanked)


def _shown(value: Value, name: str, rule: Rule, hidden: set[str]) -> Value:
    return replace(value, blanked=as_shown(value.blanked, name, rule, hidden)) if value.blanked else value


def _empty(values: Sequence[Value]) -> "np.ndarray":
    return np.array([not (value.text or value.precision) for value in values])


def _with_precisions(found: Dict[str, _Field]) -> dict[str, pa.Array]:
    """The fields; a date is as exact as its own form tells, where no rule gives its precision."""
    fields = {name: one.texts for name, one in found.items()}
    for name, one in found.items():
        precision = f"{name}_precision"
        if precision in read_contract().index:
            said = fields.get(precision, one.precisions)
            fields[precision] = pc.if_else(pc.equal(said, ""), one.precisions, said)
    return fields


def _raw(columns: Dict[str, Column], rule: Rule, rows: int) -> Column:
    if rule.constant:
        return repeated(rule.constant, rows)
    if rule.column:
        return columns[rule.column]
    parts = [texts_of(columns[rule.parts[part]]) for part in ("year", "month", "day") if part in rule.parts]
    return column_of(["-".join(one).rstrip("-") for one in zip(*parts, strict=True)])


def _record_ids(columns: Dict[str, Column], mapping: Mapping) -> list[str]:
    parts = zip(*(texts_of(columns[name]) for name in mapping.record_id), strict=True)
    return [f"{mapping.prefix}{'-'.join(one)}" if all(one) else "" for one in parts]


def _in_contract(fields: dict[str, pa.Array], rows: int) -> pd.DataFrame:
    """Records in the contract's columns, blank where the mapping says nothing."""
    blank = pa.repeat(pa.scalar("", pa.large_string()), rows)
    return pa.table({name: fields.get(name, blank) for name in read_contract().index}).to_pandas()


def _derive(records: pd.DataFrame, mapping: Mapping) -> pd.DataFrame:
    """What follows from other fields: the date that stands in, the age group that the age decides, the incident."""
    if mapping.documented_from:
        stand_in = {
            f"date_documented{part}": records[f"{mapping.documented_from}{part}"] for part in ("", "_precision")
        }
        records = records.assign(**stand_in)
    undated = records["date_documented"].eq("") & records["date_documented_precision"].eq("")
    records.loc[undated, "date_documented_precision"] = UNKNOWN
    records["age_group"] = records["age_group"].mask(records["age_group"].eq(""), _age_groups(records["age"]))
    records["torture"] = records["torture"].mask(records["torture"].eq(""), "false")
    if mapping.incident:
        parts = zip(*(records[name].tolist() for name in mapping.incident), strict=True)
        formed = [mapping.incident_prefix + "/".join(one) if all(one) else "" for one in parts]
        records["incident_id"] = records["incident_id"].mask(
            records["incident_id"].eq(""), pd.Series(formed, index=records.index, dtype="str")
        )
    return records


def _age_groups(ages: "pd.Series[str]") -> "pd.Series[str]":
    column = column_of(ages)
    groups = [(age_group_of(float(age)) if age else None) or "" for age in column.texts]
    return pd.Series(spread(groups, column.codes).to_pandas(), index=ages.index, dtype="str")


def _require(records: pd.DataFrame, faults: Faults) -> None:
    contract = read_contract()
    for name in contract.index[contract["required"].eq("yes")]:
        for row in records.index[records[name].eq("")]:
            faults[row].append(f"{name}: nothing is given, and a record needs it")


def _one_a_person(
    records: pd.DataFrame, columns: Dict[str, Column], mapping: Mapping, faults: Faults
) -> tuple[pd.DataFrame, "np.ndarray"]:
    """A row that stands for several dead becomes as many records, numbered after its id."""
    rows = np.arange(len(records))
    if not mapping.dead:
        return records, rows
    dead = pd.to_numeric(pd.Series(texts_of(columns[mapping.dead]), dtype="str"), errors="coerce")
    for row in dead.index[dead.isna() | (dead < 1) | (dead % 1 != 0)]:
        faults[row].append(f"{mapping.dead}: it is not a number of dead, one or more")
    times = dead.where(dead.ge(1) & (dead % 1).eq(0), 1).astype(int).to_numpy()
    repeats = rows.repeat(times)
    nth = pd.Series(repeats).groupby(repeats).cumcount() + 1
    several = records.loc[repeats].reset_index(drop=True)
    numbered = [
        f"{one}-{n}" if times[row] > 1 else one for one, n, row in zip(several["record_id"], nth, repeats, strict=True)
    ]
    return several.assign(record_id=numbered), repeats
