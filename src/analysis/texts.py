"""The written side of a report: files under notebooks/texts/<language>/, made for people who write."""

from functools import cache
from typing import Any

import yaml

from analysis.places import TEXTS


@cache
def read_words(language: str, name: str) -> dict[str, Any]:
    """Read notebooks/texts/<language>/<name>.yml."""
    return dict(yaml.safe_load((TEXTS / language / f"{name}.yml").read_text(encoding="utf-8")))
