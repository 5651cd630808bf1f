"""Translating: a source's rows become records of the contract, by the rules of its mapping.

A row that cannot be read is kept whole with every reason it failed for, not only the first.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import pandas as pd

from analysis.codelists import CodeList, age_group_of, read_codelist
from analysis.importing.mapping import Condition, Mapping, Rule
from analysis.records.contract import read_contract

PRECISIONS = {"%Y-%m": "month", "%Y": "year"}
UNKNOWN = "unknown"
# Marks of direction turn text around wherever it is shown; they are no part of a value.
_MARKS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")

# Row of the chunk -> everything that is wrong with it.
Faults = defaultdict[int, list[str]]


@dataclass(frozen=True)
class Value:
    """What one value of a source becomes: `text` ('' for not recorded), a date's precision, or what is wrong."""

    text: str = ""
    precision: str = ""
    fault: str = ""


@dataclass(frozen=True)
class Translated:
    """A chunk of rows, translated.

    `records` has one row per record in the contract's columns, all text; `rows` holds the row of the chunk that each
    came from; `reasons` says for each row of the chunk why it cannot be accepted ('' where it can), `kept` whether the
    mapping keeps it at all.
    """

    records: pd.DataFrame
    rows: "pd.Series[int]"
    reasons: "pd.Series[str]"
    kept: "pd.Series[bool]"


def translate(chunk: pd.DataFrame, mapping: Mapping) -> Translated:
    """Translate a chunk of text columns ('' where blank). Codes are those of the lists, their labels or aliases."""
    frame = pd.DataFrame({column: _by_value(chunk[column], _clean) for column in sorted(mapping.columns)})
    faults: Faults = defaultdict(list)
    columns: dict[str, pd.Series] = {}
    for name, rules in mapping.fields.items():
        columns |= _field(frame, name, rules, mapping, faults)
    records = pd.DataFrame(columns, index=frame.index).reindex(columns=list(read_contract().index), fill_value="")
    records = records.assign(record_id=_record_ids(frame, mapping)).pipe(_derive, mapping)
    _require(records, faults)
    records, rows = _one_a_person(records, frame, mapping, faults)
    reasons = pd.Series({row: "; ".join(told) for row, told in faults.items()}, dtype=str).reindex(
        frame.index, fill_value=""
    )
    kept = _holds(frame, mapping.keep)
    good = (rows.map(reasons).eq("") & rows.map(kept)).to_numpy()
    return Translated(records[good].reset_index(drop=True), rows[good].reset_index(drop=True), reasons, kept)


def _clean(text: str) -> str:
    return _MARKS.sub("", text).strip()


def _by_value(values: "pd.Series[str]", function: Callable[[str], str]) -> "pd.Series[str]":
    """Apply a function once a distinct value: sources repeat themselves."""
    return values.map({each: function(each) for each in values.unique()})


def _holds(frame: pd.DataFrame, conditions: Sequence[Condition]) -> "pd.Series[bool]":
    holds = pd.Series(True, index=frame.index)
    for one in conditions:
        values = frame[one.column]
        holds &= (values.isin(one.among) if one.among else True) & ~values.isin(one.not_among)
    return holds


def _field(
    frame: pd.DataFrame, name: str, rules: Sequence[Rule], mapping: Mapping, faults: Faults
) -> dict[str, pd.Series]:
    """One field, and its precision where it is a date: the first rule that gives something counts."""
    texts = pd.Series("", index=frame.index, dtype=str)
    precisions = texts.copy()
    read = _reader(name, mapping.profile)
    for rule in rules:
        raw = _raw(frame, rule)[texts.eq("") & precisions.eq("") & _holds(frame, rule.when)]
        known = {each: _resolve(each, rule, mapping, read) for each in raw.unique()}
        texts.update(raw.map({each: value.text for each, value in known.items()}))
        precisions.update(raw.map({each: value.precision for each, value in known.items()}))
        wrong = {each: f"{name}: {value.fault}" for each, value in known.items() if value.fault}
        for row, told in raw[raw.isin(list(wrong))].map(wrong).items():
            faults[row].append(told)
    return {name: texts} | ({f"{name}_precision": precisions} if f"{name}_precision" in read_contract().index else {})


def _raw(frame: pd.DataFrame, rule: Rule) -> "pd.Series[str]":
    if rule.constant:
        return pd.Series(rule.constant, index=frame.index)
    if rule.column:
        return frame[rule.column]
    parts = [frame[rule.parts[part]] for part in ("year", "month", "day") if part in rule.parts]
    return pd.Series(["-".join(one).rstrip("-") for one in zip(*parts, strict=True)], index=frame.index)


def _resolve(raw: str, rule: Rule, mapping: Mapping, read: Callable[[str, Rule], Value]) -> Value:
    """What one value of the source becomes under a rule."""
    if raw in ("", *mapping.blank, *rule.blank):
        return Value()
    if raw in rule.unknown:
        return read(UNKNOWN, rule)
    text = _matched(raw, rule)
    if text is None:
        return _unresolved(f"{raw!r} is not of the form {rule.match}", rule, read)
    text = _mapped(text, rule)
    value = read(text, rule) if text else Value()
    return _unresolved(value.fault, rule, read) if value.fault else value


def _matched(raw: str, rule: Rule) -> str | None:
    if not rule.match:
        return raw
    found = re.search(rule.match, raw)
    return None if found is None else (found["value"] if "value" in found.groupdict() else found[0]).strip()


def _mapped(text: str, rule: Rule) -> str:
    if text in rule.values:
        return rule.values[text]
    for pattern, value in rule.patterns.items():
        if re.search(pattern, text):
            return value
    return text if rule.otherwise is None else rule.otherwise


def _unresolved(fault: str, rule: Rule, read: Callable[[str, Rule], Value]) -> Value:
    if rule.unresolved == "quarantine":
        return Value(fault=fault)
    return read(UNKNOWN, rule) if rule.unresolved == UNKNOWN else Value()


def _reader(name: str, profile: str) -> Callable[[str, Rule], Value]:
    """How a value of a field is read, by the field's type in the contract."""
    kind, codes = read_contract().loc[name, ["type", "codes"]]
    if kind == "code":
        words = spellings(read_codelist(codes, profile))
        return lambda text, _: _code(text, words, codes)
    if kind == "texts":
        words = spellings(read_codelist(codes, profile)) if codes else {}
        return lambda text, rule: _several(text, rule, words, codes)
    return {"date": _date, "number": _number, "flag": _flag}.get(kind, lambda text, _: Value(text))


def fold(text: str) -> str:
    """A spelling without case, and with single spaces."""
    return " ".join(text.casefold().split())


def spellings(codelist: CodeList) -> dict[str, str]:
    """Every spelling that a code list knows: aliases, labels, codes."""
    labels = [column for column in codelist.table.columns if column.startswith(("label_", "short_"))]
    words = {fold(codelist.table.at[code, column]): code for column in labels for code in codelist.codes}
    return (
        words | {fold(seen): code for seen, code in codelist.aliases.items()} | {code: code for code in codelist.codes}
    )


def _code(text: str, words: dict[str, str], codes: str) -> Value:
    code = words.get(fold(text))
    if code is None:
        return Value(fault=f"{text!r} is in no list: add it to {codes}.csv or {codes}.aliases.csv")
    return Value(code)


def _several(text: str, rule: Rule, words: dict[str, str], codes: str) -> Value:
    values = [part.strip() for part in text.split(rule.separator)] if rule.separator else [text]
    found = [_code(each, words, codes) if codes else Value(each) for each in values if each]
    return Value("|".join(each.text for each in found), fault="; ".join(each.fault for each in found if each.fault))


def _date(text: str, rule: Rule) -> Value:
    if text == UNKNOWN:
        return Value(precision=UNKNOWN)
    for form in rule.dates or ("%Y-%m-%d", *(PRECISIONS if rule.parts else ())):
        try:
            when = datetime.strptime(text, form)  # noqa: DTZ007 (a day has no time zone)
        except ValueError:
            continue
        precision = (
            "day" if "%d" in form or "%j" in form else "month" if "%m" in form or "%b" in form.lower() else "year"
        )
        return Value(f"{when:%Y-%m-%d}", precision)
    return Value(fault="it is not a date of the forms that the mapping names")


def _number(text: str, _: Rule) -> Value:
    if text == UNKNOWN:
        return Value()
    try:
        return Value(f"{float(text.replace(',', '.')):.15g}")
    except ValueError:
        return Value(fault="it is not a number")


def _flag(text: str, _: Rule) -> Value:
    if text == UNKNOWN:
        return Value()
    return Value(fold(text)) if fold(text) in ("true", "false") else Value(fault="it is neither true nor false")


def _record_ids(frame: pd.DataFrame, mapping: Mapping) -> "pd.Series[str]":
    parts = [frame[column] for column in mapping.record_id]
    return pd.Series(
        [f"{mapping.prefix}{'-'.join(one)}" if all(one) else "" for one in zip(*parts, strict=True)], index=frame.index
    )


def _derive(records: pd.DataFrame, mapping: Mapping) -> pd.DataFrame:
    """What follows from other fields: the date that stands in, the age group that the age decides, the incident."""
    if mapping.documented_from:
        stand_in = {
            f"date_documented{part}": records[f"{mapping.documented_from}{part}"] for part in ("", "_precision")
        }
        records = records.assign(**stand_in)
    undated = records["date_documented"].eq("") & records["date_documented_precision"].eq("")
    records.loc[undated, "date_documented_precision"] = UNKNOWN
    records["age_group"] = records["age_group"].mask(records["age_group"].eq(""), _by_value(records["age"], _age_group))
    records["torture"] = records["torture"].mask(records["torture"].eq(""), "false")
    if mapping.incident:
        keys = records[list(mapping.incident)]
        formed = mapping.incident_prefix + keys.agg("/".join, axis=1)
        records["incident_id"] = records["incident_id"].mask(
            records["incident_id"].eq("") & keys.ne("").all(axis=1), formed
        )
    return records


def _age_group(age: str) -> str:
    return (age_group_of(float(age)) if age else None) or ""


def _require(records: pd.DataFrame, faults: Faults) -> None:
    contract = read_contract()
    for name in contract.index[contract["required"].eq("yes")]:
        for row in records.index[records[name].eq("")]:
            faults[row].append(f"{name}: nothing is given, and a record needs it")


def _one_a_person(
    records: pd.DataFrame, frame: pd.DataFrame, mapping: Mapping, faults: Faults
) -> tuple[pd.DataFrame, "pd.Series[int]"]:
    """A row that stands for several dead becomes as many records, numbered after its id."""
    rows = pd.Series(records.index, index=records.index)
    if not mapping.dead:
        return records, rows
    dead = pd.to_numeric(frame[mapping.dead], errors="coerce")
    for row in dead.index[dead.isna() | (dead < 1) | (dead % 1 != 0)]:
        faults[row].append(f"{mapping.dead}: it is not a number of dead, one or more")
    times = dead.where(dead.ge(1) & (dead % 1).eq(0), 1).astype(int)
    repeated = rows.repeat(times)
    nth = repeated.groupby(repeated).cumcount() + 1
    several = records.loc[repeated].reset_index(drop=True)
    numbered = [
        f"{one}-{n}" if times[row] > 1 else one for one, n, row in zip(several["record_id"], nth, repeated, strict=True)
    ]
    return several.assign(record_id=numbered), repeated.reset_index(drop=True)


def source_ids(chunk: pd.DataFrame, mapping: Mapping) -> "pd.Series[str]":
    """The record id that each row of a source is to have, accepted or not; '' where a part of it is blank."""
    frame = pd.DataFrame({column: _by_value(chunk[column], _clean) for column in mapping.record_id})
    return _record_ids(frame, mapping)
