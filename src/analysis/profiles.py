"""Profiles: what changes with the country. A folder of data/profiles with profile.yml and code lists of its own."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from analysis.codelists import PROFILES, SYRIA
from analysis.errors import BadParameter
from analysis.places import DATA, named
from analysis.texts import language_of, read_words

# The lists that each country has of its own, and the columns without which a report cannot be made.
OWN_LISTS = {
    name: ("code", "order", "label_en", *more, "valid_from", "valid_to")
    for name, more in {"parties": ("colour",), "buckets": ("colour",), "governorates": ()}.items()
}
# Below three people there is no range to show: one person is one.
SMALLEST = 3
FORMS = {
    "code": (r"[a-z][a-z0-9_]*", "small letters, digits and _"),
    "order": (r"\d+", "a whole number"),
    "label_en": (r"\S.*", "words"),
    "colour": (r"#[0-9a-fA-F]{6}", "#rrggbb"),
    "valid_from": (r"\d{4}-\d\d-\d\d", "a day, YYYY-MM-DD"),
    "valid_to": (r"(\d{4}-\d\d-\d\d)?", "a day, YYYY-MM-DD, or blank"),
}


@dataclass(frozen=True)
class Profile:
    """A country: by language its name, its word for its regions and the locale of its months and digits.

    `began` is the day its records begin, `map` its map if it has one, `small_cells` its own threshold for small
    numbers of people (METHOD M29) if it has one.
    """

    name: str
    country: dict[str, str]
    region: dict[str, dict[str, str]]
    locale: dict[str, str]
    began: date
    map: Path | None
    small_cells: int | None = None

    def country_name(self, language: str) -> str:
        """The country's name. Raises BadParameter where the profile does not say it in the language."""
        if language_of(language) not in self.country:
            raise self._without("country", language, "the country's name", "The name")
        return self.country[language_of(language)]

    def tag(self, language: str) -> str:
        """The BCP 47 tag whose months and digits a language has in this country: ar-SY for ar."""
        return self.locale.get(language, language)

    def region_words(self, language: str) -> dict[str, str]:
        """The country's word for its regions, as texts ask for it: region, regions, and with a capital Region, Regions.

        Raises BadParameter where the profile does not say it in the language.
        """
        if language_of(language) not in self.region:
            example = "{one: department, several: departments}"
            raise self._without("region", language, "the country's word for its regions", example)
        said = self.region[language_of(language)]
        words = {"region": str(said["one"]), "regions": str(said["several"])}
        return words | {key.capitalize(): word[:1].upper() + word[1:] for key, word in words.items()}

    def _without(self, key: str, language: str, what: str, example: str) -> BadParameter:
        file, key = named(PROFILES / self.name / "profile.yml"), f"{key}_{language_of(language)}"
        return BadParameter(f"{file} does not say {key}, {what}. Add it like this: `{key}: {example}`.")


@cache
def read_profile(name: str = SYRIA) -> Profile:
    """Read data/profiles/<name>/profile.yml and check the folder; a full path is a folder of one's own.

    Raises BadParameter, naming what is wrong with it.
    """
    path = PROFILES / name / "profile.yml"
    if not path.is_file():
        known = ", ".join(sorted(each.parent.name for each in PROFILES.glob("*/profile.yml")))
        raise BadParameter(
            f"There is no profile {name!r} in data/profiles. Known are {known}; add a folder for another, or name the "
            "path of one of your own (docs/bring-your-own-data.md)."
        )
    said = _said(path)
    faults = [*_word_faults(said), *_list_faults(path.parent / "codelists")]
    if faults:
        raise BadParameter(
            f"The profile {named(path.parent)} cannot be used: {'; '.join(faults[:3])}{_more(faults)}. "
            "Correct the files; docs/bring-your-own-data.md says what each must hold."
        )
    # An absolute path stays what it is: a map of one's own need not lie in the repository.
    drawn = DATA / "maps" / said["map"] if said.get("map") else None
    country, region, locale = (_by_language(key, said) for key in ("country", "region", "locale"))
    return Profile(name, country, region, locale, said["began"], drawn, said.get("small_cells"))


@cache
def country_words(language: str, name: str, profile: str = SYRIA) -> dict[str, Any]:
    """Read notebooks/texts/<language>/<name>.yml with {region} and {regions} in the country's own words."""
    regions = read_profile(profile).region_words(language)
    filled: dict[str, Any] = _filled(read_words(language, name, profile), regions)
    return filled


def _filled(words: Any, regions: dict[str, str]) -> Any:
    """Words in any nesting, the country's put in; every other {brace} waits for who fills it."""
    if isinstance(words, dict):
        return {key: _filled(value, regions) for key, value in words.items()}
    if isinstance(words, str):
        return re.sub(r"\{([Rr]egions?)\}", lambda brace: regions[brace[1]], words)
    return words


def _said(path: Path) -> dict[str, Any]:
    try:
        said = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (ValueError, yaml.YAMLError) as error:
        raise BadParameter(f"{named(path)} cannot be read: {' '.join(str(error).split())}. Correct the file.") from None
    return said if isinstance(said, dict) else {}


def _by_language(key: str, said: dict[str, Any]) -> dict[str, Any]:
    return {name.removeprefix(f"{key}_"): value for name, value in said.items() if name.startswith(f"{key}_")}


def _word_faults(said: dict[str, Any]) -> Iterator[str]:
    """What profile.yml does not say, or not in the way it is read."""
    if not isinstance(said.get("country_en"), str):
        yield "profile.yml does not say country_en, the country's name"
    if not isinstance(said.get("began"), date):
        yield "profile.yml does not say began, the first day that the records can cover (YYYY-MM-DD)"
    regions = _by_language("region", said) or {"en": None}
    for language, words in regions.items():
        if not isinstance(words, dict) or {*words} != {"one", "several"}:
            yield f"profile.yml does not say region_{language} like `{{one: department, several: departments}}`"
    small = said.get("small_cells", SMALLEST)
    if not isinstance(small, int) or small < SMALLEST:
        yield f"profile.yml says small_cells: {small!r}, not a whole number from {SMALLEST} on (a range needs two)"
    drawn = DATA / "maps" / str(said.get("map") or "")
    if said.get("map") and not (drawn.is_file() and drawn.with_suffix(".yml").is_file()):
        yield f"there is no map {named(drawn)} with a .yml beside it"


def _list_faults(folder: Path) -> Iterator[str]:
    """What the country's own code lists lack: a list, a column, a value that cannot be read as what it is."""
    for name, columns in OWN_LISTS.items():
        file = folder / f"{name}.csv"
        if not file.is_file():
            yield f"codelists/{name}.csv is missing"
            continue
        try:
            table = pd.read_csv(file, dtype=str, keep_default_na=False)
        except ValueError as error:
            yield f"codelists/{name}.csv is no CSV in UTF-8 ({' '.join(str(error).split())})"
            continue
        lacking = [column for column in columns if column not in table.columns]
        if lacking:
            yield f"codelists/{name}.csv has no column {', '.join(lacking)}"
            continue
        yield from _row_faults(table[list(columns)], f"codelists/{name}.csv")
        if name == "parties" and "other" not in set(table["code"]):
            yield "codelists/parties.csv has no code other, for parties that nobody could identify"
        yield from _alias_faults(folder / f"{name}.aliases.csv", set(table["code"]))


def _row_faults(table: pd.DataFrame, file: str) -> Iterator[str]:
    yield from (f"{file} has the code {code} twice" for code in table["code"][table["code"].duplicated()])
    for column in table.columns:
        pattern, words = FORMS[column]
        wrong = table.loc[~table[column].str.fullmatch(pattern), column]
        yield from (f"{file}, line {int(row) + 2}: {column} is {value!r}, not {words}" for row, value in wrong.items())


def _alias_faults(file: Path, codes: set[str]) -> Iterator[str]:
    """Spellings that mean no code of the list beside them."""
    if file.is_file():
        table = pd.read_csv(file, dtype=str, keep_default_na=False)
        if not {"seen", "code"} <= set(table.columns):
            yield f"codelists/{file.name} has no columns seen and code"
        else:
            strange = table.loc[~table["code"].isin(codes), "code"]
            yield from (
                f"codelists/{file.name}, line {int(row) + 2}: {code!r} is in no list" for row, code in strange.items()
            )


def _more(faults: list[str]) -> str:
    return f" and {len(faults) - 3} more" if len(faults) > 3 else ""
