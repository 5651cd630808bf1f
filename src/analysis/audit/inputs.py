"""Everything but the records that a report is made from: the tracked files that it reads, and the program itself."""

import subprocess
from collections.abc import Iterable
from importlib import metadata

from packaging.requirements import Requirement

from analysis.editions import INTERNAL, read_edition
from analysis.places import ROOT
from analysis.profiles import read_profile
from analysis.texts import languages_asked

LOCK = ROOT / "requirements.lock"
_EVERYWHERE = (
    "METHOD.md",
    "requirements.lock",
    "data/*.yml",
    "data/*.csv",
    "data/codelists/*",
    "data/published/*",
    "data/mappings/*.yml",
    "expectations/*.json",
    "notebooks/*.ipynb",
)
# What people decided names records of every month, and quotes them: it is applied already to the records of a bundle.
LEFT_OUT = ("data/corrections.yml", "data/duplicates.yml")
_BOUND_TO_RECORDS = ("/cases/", "/incidents/")


def input_files(profile: str, languages: str, edition: str = INTERNAL) -> list[str]:
    """The tracked files that a country's report in some languages ("en,ar") reads, as paths from the root, sorted.

    Texts about single people and incidents are left out where the edition shows no free text (METHOD M29): what it
    tells of a case stands in its pages.
    """
    country = read_profile(profile)
    texts = [f"notebooks/texts/{one}/{each}" for one in languages_asked(languages) for each in ("*", f"{profile}/**/*")]
    patterns = [*_EVERYWHERE, f"data/profiles/{profile}/**/*", *texts]
    patterns += [f"data/maps/{country.map.stem}.*"] if country.map and country.map.is_relative_to(ROOT) else []
    found = {path.relative_to(ROOT).as_posix() for each in patterns for path in ROOT.glob(each) if path.is_file()}
    bound = () if read_edition(edition).free_text else _BOUND_TO_RECORDS
    return sorted(name for name in found.difference(LEFT_OUT) if not any(part in name for part in bound))


def commit() -> str:
    """The commit that is checked out; '' where this is no checkout or git is not there."""
    try:
        asked = subprocess.run(["git", "-C", str(ROOT), "rev-parse", "HEAD"], capture_output=True, text=True)
    except OSError:
        return ""
    return asked.stdout.strip() if asked.returncode == 0 else ""


def not_as_locked(lock: Iterable[str]) -> list[str]:
    """The packages that are installed here in another version than a lock's lines say: `name version, not version`."""
    requirements = [Requirement(line.rstrip("\\ ")) for line in lock if "==" in line and line[0].isalnum()]
    wanted = [one for one in requirements if one.marker is None or one.marker.evaluate()]
    found = [(one, _installed(one.name)) for one in wanted]
    return [f"{one.name} {here}, not {_pin(one)}" for one, here in found if here not in ("", _pin(one))]


def _pin(requirement: Requirement) -> str:
    return next(iter(requirement.specifier)).version


def _installed(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return ""
