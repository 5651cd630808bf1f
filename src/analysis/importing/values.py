"""What one value of a source becomes by a rule of its mapping: a code, a day, a number, or what is wrong with it."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from analysis.codelists import CodeList, read_codelist
from analysis.importing.mapping import Mapping, Rule
from analysis.records.contract import read_contract

PRECISIONS = {"%Y-%m": "month", "%Y": "year"}
UNKNOWN = "unknown"


@dataclass(frozen=True)
class Value:
    """What one value of a source becomes: `text` ('' for not recorded), a date's precision, or what is wrong.

    `blanked` is a value that the rule cannot read and that its `unresolved: not_recorded` leaves blank.
    """

    text: str = ""
    precision: str = ""
    fault: str = ""
    blanked: str = ""


Read = Callable[[str, Rule], Value]


def resolve(raw: str, rule: Rule, mapping: Mapping, read: Read) -> Value:
    """What one value of the source becomes under a rule."""
    if not raw or raw in mapping.blank or raw in rule.blank:
        return Value()
    if raw in rule.unknown:
        return read(UNKNOWN, rule)
    text = _matched(raw, rule)
    if text is None:
        return _unresolved(raw, f"{raw!r} is not of the form {rule.match}", rule, read)
    mapped = _mapped(text, rule)
    value = read(mapped, rule) if mapped else Value()
    return _unresolved(text, value.fault, rule, read) if value.fault else value


def reader_of(name: str, profile: str) -> Read:
    """How a value of a field is read, by the field's type in the contract."""
    kind, codes = read_contract().loc[name, ["type", "codes"]]
    if codes:
        known = read_codelist(codes, profile)
        words, file = spellings(known), _aliases_file(known)
        if kind == "code":
            return lambda text, _: _code(text, words, file)
        return lambda text, rule: _several(text, rule, lambda each: _code(each, words, file))
    if kind == "texts":
        return lambda text, rule: _several(text, rule, Value)
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


def _unresolved(text: str, fault: str, rule: Rule, read: Read) -> Value:
    if rule.unresolved == "quarantine":
        return Value(fault=fault)
    return read(UNKNOWN, rule) if rule.unresolved == UNKNOWN else Value(blanked=text)


def _aliases_file(codelist: CodeList) -> str:
    # A quotation mark in the name of a folder would make it hard to tell where a value that a reason quotes ends.
    return codelist.file.removesuffix(".csv").translate({ord("'"): "_", ord('"'): "_"}) + ".aliases.csv"


def _code(text: str, words: dict[str, str], file: str) -> Value:
    code = words.get(fold(text))
    if code is None:
        return Value(fault=f"{text!r} is in no list: give its code under `values:` in the mapping, or in {file}")
    return Value(code)


def _several(text: str, rule: Rule, read_one: Callable[[str], Value]) -> Value:
    values = [part.strip() for part in text.split(rule.separator)] if rule.separator else [text]
    found = [read_one(each) for each in values if each]
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
