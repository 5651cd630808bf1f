"""Editions: what a report for the organisation itself, for an auditor and for everybody may show (METHOD M29)."""

from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

import yaml

from analysis.errors import BadParameter
from analysis.places import DATA

INTERNAL = "internal"


@dataclass(frozen=True)
class Edition:
    """One edition, as data/editions.yml says it; `small_cells` is None where every count is shown."""

    name: str
    record_ids: Literal["recorded", "pseudonyms", "none"]
    fields: tuple[str, ...]
    free_text: bool
    cases: Literal["all", "consented", "none"]
    lineage: bool
    records: bool
    digests: Literal["plain", "keyed"]
    small_cells: int | None

    @property
    def is_nameless(self) -> bool:
        """Whether records are known by pseudonyms, and their own words left out, before anything is made of them."""
        return self.record_ids != "recorded"


def read_edition(name: str) -> Edition:
    """An edition by its name. Raises BadParameter for a name that is none."""
    known = _editions()
    if name not in known:
        raise BadParameter(f"There is no edition {name!r}. The editions are {', '.join(known)}; see data/editions.yml.")
    return known[name]


@cache
def _editions() -> dict[str, Edition]:
    told = yaml.safe_load((DATA / "editions.yml").read_text(encoding="utf-8"))
    return {name: Edition(name, **_typed(said)) for name, said in told.items()}


def _typed(said: dict[str, Any]) -> dict[str, Any]:
    cells = said["small_cells"]
    return said | {"fields": tuple(said["fields"]), "small_cells": cells if isinstance(cells, int) else None}


def threshold(edition: Edition, profile: str) -> int | None:
    """Below how many people an edition shows a range, by the country's own threshold where it has one; None: never."""
    from analysis.profiles import read_profile  # heavy: a command knows the editions before there is something to do

    own = read_profile(profile).small_cells
    return edition.small_cells if edition.small_cells is None or own is None else own
