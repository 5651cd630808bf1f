"""Profiles: what changes with the country. A folder of data/profiles with profile.yml and code lists of its own."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import yaml

from analysis.codelists import PROFILES, SYRIA
from analysis.errors import BadParameter
from analysis.places import DATA


@dataclass(frozen=True)
class Profile:
    """A country: its name by language, the day its records begin, and its map where there is one."""

    name: str
    country: dict[str, str]
    began: date
    map: Path | None


@cache
def read_profile(name: str = SYRIA) -> Profile:
    """Read data/profiles/<name>/profile.yml. Raises BadParameter, naming the profiles that exist."""
    path = PROFILES / name / "profile.yml"
    if not path.is_file():
        known = ", ".join(sorted(each.parent.name for each in PROFILES.glob("*/profile.yml")))
        raise BadParameter(
            f"There is no profile {name!r} in data/profiles. Known are {known}; add a folder for another."
        )
    said = yaml.safe_load(path.read_text(encoding="utf-8"))
    country = {key.removeprefix("country_"): str(value) for key, value in said.items() if key.startswith("country_")}
    # An absolute path stays what it is: a map of one's own need not lie in the repository.
    return Profile(name, country, said["began"], DATA / "maps" / said["map"] if said.get("map") else None)
