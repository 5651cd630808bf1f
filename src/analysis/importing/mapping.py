"""Mappings: how a source's columns become fields of the record contract, as data in data/mappings/<source>.yml.

A mapping is checked against data/mappings/mapping.schema.json, and a fault is named with its line.
"""

import hashlib
import json
import re
from collections.abc import Mapping as Dict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

from analysis.codelists import SYRIA
from analysis.errors import BadMapping, BadParameter
from analysis.importing.reading import Reading
from analysis.places import DATA
from analysis.profiles import read_profile
from analysis.records.contract import read_contract

MAPPINGS = DATA / "mappings"
SCHEMA = "data/mappings/mapping.schema.json"


@dataclass(frozen=True)
class Condition:
    """A row is meant where the column's value is in `among`, or is not in `not_among`."""

    column: str
    among: tuple[str, ...] = ()
    not_among: tuple[str, ...] = ()


@dataclass(frozen=True)
class Rule:
    """One way to fill a field from a row; the schema says what each part means."""

    column: str = ""
    parts: Dict[str, str] = field(default_factory=dict)
    constant: str = ""
    when: tuple[Condition, ...] = ()
    match: str = ""
    values: Dict[str, str] = field(default_factory=dict)
    patterns: Dict[str, str] = field(default_factory=dict)
    blank: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()
    separator: str = ""
    otherwise: str | None = None
    unresolved: str = "quarantine"

    @property
    def columns(self) -> list[str]:
        """Every column of the source that the rule reads."""
        return [*([self.column] if self.column else []), *self.parts.values(), *(one.column for one in self.when)]


@dataclass(frozen=True)
class Mapping:
    """A source's mapping; `about` is what is kept with each import (title, producer, notices)."""

    source: str
    about: Dict[str, str]
    sha256: str
    reading: Reading
    profile: str
    record_id: tuple[str, ...]
    prefix: str
    fields: Dict[str, tuple[Rule, ...]]
    complete: bool = False
    documented_from: str = ""
    blank: tuple[str, ...] = ()
    keep: tuple[Condition, ...] = ()
    dead: str = ""
    incident: tuple[str, ...] = ()
    incident_prefix: str = ""

    @property
    def columns(self) -> set[str]:
        """Every column of the source that the mapping reads."""
        rules = [column for rules in self.fields.values() for rule in rules for column in rule.columns]
        return {*self.record_id, *rules, *(one.column for one in self.keep), *([self.dead] if self.dead else [])}


ABOUT = ("title", "title_ar", "producer", "licence", "published", "notice_en", "notice_ar")


def find_mapping(source: str) -> Path:
    """The file of a shipped mapping. Raises BadMapping, naming those that exist."""
    path = MAPPINGS / f"{source}.yml"
    if not path.is_file():
        known = ", ".join(sorted(each.stem for each in MAPPINGS.glob("*.yml")))
        raise BadMapping(
            f"There is no mapping for the source {source!r}. Known are {known}; for another file name one with "
            "--mapping, and draft it with `toll mapping new`."
        )
    return path


def read_mapping(path: Path) -> Mapping:
    """Read and check a mapping. Raises BadMapping, naming the line."""
    try:
        text = path.read_text(encoding="utf-8")
        tree, said = yaml.compose(text), yaml.safe_load(text)
    except (OSError, ValueError) as error:
        raise BadMapping(f"The mapping {path} cannot be read: {error}.") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f", line {mark.line + 1}" if mark else ""
        raise BadMapping(f"{path.name}{line}: this is not YAML: {getattr(error, 'problem', error)}.") from None
    if isinstance(said, dict) and "/" in str(said.get("profile", "")):
        # A path starts from the mapping: the folder of a country may lie beside it, outside the repository.
        said["profile"] = str((path.parent / said["profile"]).resolve())
    _check(said, tree, path.name)
    return _mapping(said, hashlib.sha256(text.encode()).hexdigest())


@cache
def _validator() -> Draft202012Validator:
    schema = json.loads((MAPPINGS / "mapping.schema.json").read_text(encoding="utf-8"))
    return Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)


def _check(said: Any, tree: yaml.Node | None, name: str) -> None:
    errors = [best_match(iter([error])) or error for error in _validator().iter_errors(said)]
    faults = [(list(error.absolute_path), error.message) for error in errors]
    if not faults:
        contract = set(read_contract().index)
        fields = [*said["fields"], *said.get("incident", {}).get("fields", [])]
        faults = [(["fields", one], f"{one!r} is no field of data/record-contract.csv") for one in fields
                  if one not in contract]  # fmt: skip
        faults += [*_bad_patterns(said), *_bad_profile(said)]
    if faults:
        told = "; ".join(f"line {_line(tree, where)}: {message[:300]}" for where, message in faults[:3])
        number = "1 fault" if len(faults) == 1 else f"{len(faults)} faults"
        raise BadMapping(f"{name} has {number}: {told}. {SCHEMA} says what a mapping may hold.")


def _bad_profile(said: Dict[str, Any]) -> list[tuple[list[Any], str]]:
    """A country that there is no folder for, or a folder that cannot be used."""
    try:
        read_profile(said.get("profile", SYRIA))
    except BadParameter as error:
        return [(["profile"], str(error).rstrip("."))]
    return []


def _bad_patterns(said: Dict[str, Any]) -> list[tuple[list[Any], str]]:
    found = []
    for name, rules in said["fields"].items():
        for rule in rules if isinstance(rules, list) else [rules]:
            for pattern in [*([rule["match"]] if "match" in rule else []), *rule.get("patterns", {})]:
                try:
                    re.compile(pattern)
                except re.error as error:
                    found.append((["fields", name], f"the pattern {pattern!r} cannot be read: {error}"))
    return found


def _line(tree: yaml.Node | None, where: Sequence[Any]) -> int:
    """The line of a place in the file, or of the nearest thing around it."""
    node, line = tree, 1
    for step in where:
        found = _inner(node, step)
        if found is None:
            break
        named, node = found
        line = named.start_mark.line + 1
    return line


def _inner(node: yaml.Node | None, step: Any) -> tuple[yaml.Node, yaml.Node] | None:
    """What a step of a path leads to: the key, or the item, that names it, and the value."""
    if isinstance(node, yaml.MappingNode):
        return next(((key, value) for key, value in node.value if key.value == str(step)), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int):
        return node.value[step], node.value[step]
    return None


def _mapping(said: Dict[str, Any], sha256: str) -> Mapping:
    incident = said.get("incident", {})
    return Mapping(
        source=said["source"],
        about={key: str(said[key]) for key in ABOUT if key in said},
        sha256=sha256,
        reading=Reading(**said.get("read", {})),
        profile=said.get("profile", SYRIA),
        record_id=tuple(said["record_id"]["columns"]),
        prefix=said["record_id"].get("prefix", ""),
        fields={name: _rules(rules) for name, rules in said["fields"].items()},
        complete=said.get("complete", False),
        documented_from=said.get("documented_from", ""),
        blank=tuple(said.get("blank", ())),
        keep=_conditions(said.get("keep", [])),
        dead=said.get("dead", ""),
        incident=tuple(incident.get("fields", ())),
        incident_prefix=incident.get("prefix", ""),
    )


def _rules(said: Any) -> tuple[Rule, ...]:
    return tuple(_rule(rule) for rule in (said if isinstance(said, list) else [said]))


def _rule(said: Dict[str, Any]) -> Rule:
    lists = {key: tuple(said[key]) for key in ("blank", "unknown", "dates") if key in said}
    return Rule(**{**said, **lists, "when": _conditions(said.get("when", []))})


def _conditions(said: Sequence[Dict[str, Any]]) -> tuple[Condition, ...]:
    return tuple(Condition(one["column"], tuple(one.get("in", ())), tuple(one.get("not_in", ()))) for one in said)
