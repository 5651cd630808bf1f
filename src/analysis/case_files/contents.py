"""What a case file holds, in which order and under which headings: data/case-file.yml, in the words of one language."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import yaml

from analysis.codelists import read_codelist
from analysis.errors import BadParameter
from analysis.places import DATA
from analysis.profiles import read_profile

FILE = DATA / "case-file.yml"


@cache
def read_case_file() -> dict[str, Any]:
    """What the file says: `languages`, `sections`, `left_out`, `not_held`."""
    return dict(yaml.safe_load(FILE.read_text(encoding="utf-8")))


def find_language(text: str) -> str:
    """A language of case files. Raises BadParameter for one that they are not written in."""
    known = read_case_file()["languages"]
    if text not in known:
        raise BadParameter(
            f"There are no case files in {text!r}, but in {', '.join(known)}. Their words stand in data/case-file.yml."
        )
    return text


@dataclass(frozen=True)
class Asked:
    """What case files are made for and from: purpose, language; the records' country, vintage and last day."""

    purpose: str
    language: str
    profile: str
    vintage: int
    last: date

    @property
    def words(self) -> dict[str, Any]:
        """The files' own phrases."""
        return dict(read_case_file()["languages"][self.language])

    @property
    def purpose_label(self) -> str:
        return read_codelist("purposes").label(self.purpose, self.language)

    @property
    def country(self) -> str:
        said = read_profile(self.profile).country
        return said.get(self.language, said["en"])

    @property
    def not_held(self) -> list[str]:
        """What others ask for and no record has a field for."""
        return list(read_case_file()["not_held"][self.language])

    def sections(self) -> Iterator[tuple[str, str, dict[str, str]]]:
        """The sections in order: key, heading, and the heading of each field."""
        region = read_profile(self.profile).region_words(self.language)
        for section in read_case_file()["sections"]:
            headings = {one["field"]: one[self.language].format(**region) for one in section["fields"]}
            yield section["key"], section[self.language], headings

    def headings(self) -> dict[str, str]:
        """The heading of each field of a case file."""
        return {field: heading for _, _, fields in self.sections() for field, heading in fields.items()}
