"""The written side of a report: files under notebooks/texts/<language>/, made for people who write.

A country may have texts of its own in notebooks/texts/<language>/<profile>/; they stand in for those of the same name.
"""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

from analysis.places import TEXTS


def find_text(language: str, profile: str, name: str) -> Path | None:
    """The file of a text, the country's own before the common one; None where there is neither."""
    found = [path for path in (TEXTS / language / profile / name, TEXTS / language / name) if path.is_file()]
    return found[0] if found else None


@cache
def read_words(language: str, name: str, profile: str = "") -> dict[str, Any]:
    """Read notebooks/texts/<language>/<name>.yml, or the country's own."""
    path = find_text(language, profile, f"{name}.yml") or TEXTS / language / f"{name}.yml"
    return dict(yaml.safe_load(path.read_text(encoding="utf-8")))
