"""A case as others get it: the fields of data/case-file.yml in words, by section, from one record (METHOD M19)."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any, Literal

from analysis.case_files.consent import may_leave
from analysis.case_files.contents import Asked
from analysis.case_files.told import UNKNOWN, date_line, harmless, lines, plain
from analysis.records.contract import read_contract

State = Literal["recorded", "unknown", "not_recorded", "withheld"]


@dataclass(frozen=True)
class Entry:
    """One field of a case: its heading, its value as JSON has it, and its words, one line or several.

    `state` keeps apart what the source says is unknown, what is not recorded (METHOD M20), and what does not leave.
    """

    field: str
    heading: str
    state: State
    value: Any
    lines: tuple[str, ...]

    @property
    def is_free(self) -> bool:
        """Whether somebody wrote the words, in whatever language: they are not from a list, nor the program's own."""
        contract = read_contract()
        said = self.state == "recorded" and not contract.at[self.field, "codes"]
        return said and contract.at[self.field, "type"] in ("text", "texts", "sources")


@dataclass(frozen=True)
class Section:
    """One part of a case under a heading."""

    key: str
    heading: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Case:
    """One record as it is handed over; `record_sha256` is the digest of what leaves, as the records table holds it.

    What does not leave is not in the digest: whoever has it could try names until one fits.
    """

    record_id: str
    asked: Asked
    sections: tuple[Section, ...]
    record_sha256: str

    def words(self, key: str) -> str:
        """One of the file's own phrases, filled with what the file is about."""
        return str(self.asked.words[key]).format(
            record_id=self.record_id,
            purpose=self.asked.purpose_label,
            country=self.asked.country,
            vintage=self.asked.vintage,
        )


def make_case(record: dict[str, Any], asked: Asked) -> Case:
    """A record as a case file. Raises UnknownCode for a code that is in no list, or has no label in the language."""
    values = plain(record)
    shown = {field: harmless(value) for field, value in values.items()}
    sections = tuple(
        Section(key, heading, tuple(_entry(field, words, shown, asked) for field, words in headings.items()))
        for key, heading, headings in asked.sections()
    )
    entries = [entry for section in sections for entry in section.entries]
    leaves = {entry.field: values[entry.field] for entry in entries if entry.state != "withheld"}
    canonical = json.dumps(leaves, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return Case(shown["record_id"], asked, sections, hashlib.sha256(canonical.encode()).hexdigest())


def case_json(case: Case) -> str:
    """A case for programs, as data/case-file.schema.json describes it: the same record gives the same bytes."""
    asked = case.asked
    sections = [
        {
            "key": section.key,
            "heading": section.heading,
            "fields": [
                {"field": one.field, "heading": one.heading, "state": one.state, "value": one.value,
                 "words": list(one.lines)}
                for one in section.entries
            ],
        }
        for section in case.sections
    ]  # fmt: skip
    told = {
        "record_id": case.record_id,
        "record_sha256": case.record_sha256,
        "purpose": {"code": asked.purpose, "label": asked.purpose_label},
        "language": asked.language,
        "country": asked.country,
        "vintage": asked.vintage,
        "given": case.words("footer"),
        "sections": sections,
        "not_held": asked.not_held,
    }
    return json.dumps(told, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def _entry(field: str, heading: str, values: dict[str, Any], asked: Asked) -> Entry:
    """One field of a case, told or, where there is nothing to tell, why not."""
    state = _state(field, values, asked)
    value, precision = values[field], values.get(f"{field}_precision")
    if state in ("withheld", "not_recorded"):
        return Entry(field, heading, state, None, (asked.words[state],))
    if read_contract().at[field, "type"] == "date":
        told = {"day": None if state == UNKNOWN else value, "precision": precision}
        return Entry(field, heading, state, told, (date_line(told["day"], precision, asked),))
    return Entry(field, heading, state, value, tuple(lines(field, value, asked)))


def _state(field: str, values: dict[str, Any], asked: Asked) -> State:
    contract = read_contract()
    if not may_leave(field, asked.purpose, publish_name=values["publish_name"] is True):
        return "withheld"
    if contract.at[field, "type"] == "date" and values[f"{field}_precision"] == UNKNOWN:
        return "unknown"
    if values[field] is None:
        return "not_recorded"
    return "unknown" if contract.at[field, "codes"] and values[field] == UNKNOWN else "recorded"
