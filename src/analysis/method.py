"""The method's parameters, from data/method.yml: no threshold is written in Python."""

from functools import cache
from typing import Any

import yaml

from analysis.places import DATA


@cache
def method() -> dict[str, Any]:
    """All parameters, with the version of the method."""
    return dict(yaml.safe_load((DATA / "method.yml").read_text(encoding="utf-8")))
