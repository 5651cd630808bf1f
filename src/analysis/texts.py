"""The written side of a report: files under notebooks/texts/<language>/, made for people who write.

A country may have texts of its own in notebooks/texts/<language>/<profile>/; they stand in for those of the same name.
Where a language is asked for, a BCP 47 tag will do as well.
"""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

from analysis.errors import BadParameter
from analysis.places import TEXTS


def language_of(tag: str) -> str:
    """The language of a BCP 47 tag, as files and columns are named for it: ar of ar-SY."""
    return tag.partition("-")[0]


def languages_asked(asked: str) -> tuple[str, ...]:
    """The languages of a report from words like "en,ar", the first one first.

    Raises BadParameter for a language that nothing is written in, for one asked twice and for none.
    """
    named = [one.strip() for one in asked.split(",")]
    known = sorted(folder.name for folder in TEXTS.iterdir() if (folder / "wording.yml").is_file())
    unknown = [one for one in named if one not in known]
    if unknown or len(set(named)) != len(named):
        fault = f"no texts are written in {unknown[0]!r}" if unknown else "a language is named twice"
        raise BadParameter(
            f"The language {asked!r} cannot be used: {fault}. There is {', '.join(known)}; for several, join them with "
            "a comma: en,ar."
        )
    return tuple(named)


def find_text(language: str, profile: str, name: str) -> Path | None:
    """The file of a text, the country's own before the common one; None where there is neither."""
    folder = TEXTS / language_of(language)
    found = [path for path in (folder / profile / name, folder / name) if path.is_file()]
    return found[0] if found else None


@cache
def read_words(language: str, name: str, profile: str = "") -> dict[str, Any]:
    """Read notebooks/texts/<language>/<name>.yml, or the country's own."""
    path = find_text(language, profile, f"{name}.yml") or TEXTS / language_of(language) / f"{name}.yml"
    return dict(yaml.safe_load(path.read_text(encoding="utf-8")))
