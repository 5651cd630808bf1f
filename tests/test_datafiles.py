"""The tracked files hold together: code lists, contract, rules, parameters, texts. Every test names all offenders."""

import csv
import hashlib
import json
import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pandas as pd
import yaml

from analysis.codelists import PROFILES, read_codelist
from analysis.importing.mapping import read_mapping
from analysis.method import method
from analysis.places import DATA, EXPECTATIONS, NOTEBOOKS, ROOT, TEXTS
from analysis.profiles import read_profile
from analysis.records.contract import ARROW_TYPES, read_contract
from analysis.records.published import read_publications, read_published
from analysis.toll.outside import read_external, read_references

COUNTRIES = sorted(path.parent.name for path in PROFILES.glob("*/profile.yml"))
OF_A_COUNTRY = {"parties", "buckets", "governorates"}


def lists_in(folder: Path) -> dict[str, Path]:
    return {path.stem: path for path in sorted(folder.glob("*.csv")) if "." not in path.stem}


COMMON = lists_in(DATA / "codelists")
# Each list by its name, that of a country with the country before it: bolivia/parties.
CODELISTS = COMMON | {
    f"{country}/{name}": path
    for country in COUNTRIES
    for name, path in lists_in(PROFILES / country / "codelists").items()
}
# Not the M01 of an incident id.
RULE = re.compile(r"(?<![\w-])M([1-9]\d?)\b")
LARGEST = 1_000_000
# What is made by running the project, for a copy that came without git.
MADE = re.compile(r"(^|/)(\.git|\.venv|\.\w+_cache|__pycache__|\.hypothesis|\.ipynb_checkpoints)/|^data/records/")


@cache
def project_files() -> tuple[Path, ...]:
    """The files of the project: what git tracks or would track, else all that is not made by running it."""
    names = _listed_by_git() or [path.relative_to(ROOT).as_posix() for path in ROOT.rglob("*")]
    found = {ROOT / name for name in names if name and not MADE.search(name)}
    return tuple(sorted(path for path in found if path.is_file()))


def _listed_by_git() -> list[str]:
    if not shutil.which("git"):
        return []
    listing = ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    return subprocess.run(listing, capture_output=True, text=True, check=False).stdout.split("\0")[:-1]


@cache
def words_of(path: Path) -> str:
    """A file's text; '' where it is not text."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


def sources(*folders: Path) -> Iterator[tuple[str, str]]:
    """Path and text of every project file in some folders."""
    for path in project_files():
        if any(path.is_relative_to(folder) for folder in folders):
            yield path.relative_to(ROOT).as_posix(), words_of(path)


def python() -> str:
    return "\n".join(text for name, text in sources(ROOT / "src") if name.endswith(".py"))


def templates() -> str:
    return "\n".join(text for _, text in sources(TEXTS / "en"))


def rows(name: str) -> pd.DataFrame:
    return pd.read_csv(CODELISTS[name], dtype=str, keep_default_na=False)


def repeated(values: "pd.Series[str]") -> list[str]:
    return sorted(value for value, times in Counter(value for value in values if value).items() if times > 1)


# -- code lists --------------------------------------------------------------------------------------------------------


def test_codes_and_places_in_a_list_are_unique_and_ascend():
    offenders = []
    for name in CODELISTS:
        table = rows(name)
        offenders += [(name, code) for code in repeated(table["code"])]
        order = [int(place) for place in table["order"]]
        offenders += [(name, "order")] if order != sorted(set(order)) else []
        offenders += [(name, code) for code in table["code"] if not re.fullmatch(r"[a-z][a-z0-9_]*", code)]
    assert not offenders


def test_labels_are_never_blank_and_never_shared():
    offenders = [
        (name, column, code)
        for name in CODELISTS
        for table in [rows(name)]
        for column in table.columns
        if column.startswith(("label_", "short_"))
        for code, words in zip(table["code"], table[column], strict=True)
        if not words.strip() or words != words.strip() or list(table[column]).count(words) > 1
    ]
    assert not offenders
    assert not [name for name in CODELISTS if not {"label_en", "label_ar"} <= set(rows(name).columns)]


def test_colours_are_hexadecimal_and_each_its_own():
    offenders = []
    for name in CODELISTS:
        table = rows(name)
        if "colour" in table:
            offenders += [(name, colour) for colour in repeated(table["colour"].str.lower())]
            offenders += [(name, one) for one in table["colour"] if not re.fullmatch(r"#[0-9a-f]{6}", one)]
    assert not offenders
    coloured = {f"{country}/{name}" for country in COUNTRIES for name in ("parties", "buckets")}
    assert {name for name in CODELISTS if "colour" in rows(name)} == coloured


def test_every_code_says_from_when_and_never_ends_before_it_starts():
    offenders = []
    for name in CODELISTS:
        for row in rows(name).to_dict("records"):
            dates = [row["valid_from"], *([row["valid_to"]] if row["valid_to"] else [])]
            if dates != sorted(dates) or not all(re.fullmatch(r"\d{4}-\d\d-\d\d", date) for date in dates):
                offenders.append((name, row["code"]))
    assert not offenders


def test_every_code_names_its_source():
    assert not [
        (name, code)
        for name in CODELISTS
        for code, said in zip(rows(name)["code"], rows(name)["source"], strict=True)
        if not said
    ]


def test_governorates_have_the_fourteen_p_codes_and_the_codes_of_the_map():
    table = rows("syria/governorates").set_index("code").drop(index="unknown")
    assert sorted(table["pcode"]) == [f"SY{number:02d}" for number in range(1, 15)]
    shapes = json.loads((DATA / "maps" / "governorates.geojson").read_text(encoding="utf-8"))["features"]
    key = yaml.safe_load((DATA / "maps" / "governorates.yml").read_text(encoding="utf-8"))["key"]
    assert sorted(shape["properties"][key] for shape in shapes) == sorted(table["iso_3166_2"])


def test_bolivia_has_its_nine_departments():
    # ISO 3166-2:BO.
    table = rows("bolivia/governorates").set_index("code").drop(index="unknown")
    assert sorted(table["iso_3166_2"]) == [f"BO-{letter}" for letter in "BCHLNOPST"]


def test_each_country_has_the_lists_of_its_own_and_no_other():
    offenders = {country: lists_in(PROFILES / country / "codelists").keys() ^ OF_A_COUNTRY for country in COUNTRIES}
    assert not {country: names for country, names in offenders.items() if names}
    assert {"syria", "bolivia"} <= set(COUNTRIES)


def test_a_country_has_a_name_in_each_language_and_the_map_that_it_names():
    offenders = []
    for country in COUNTRIES:
        profile = read_profile(country)
        offenders += [] if set(profile.country) >= {"en", "ar"} and all(profile.country.values()) else [country]
        offenders += [country] if profile.map and not profile.map.with_suffix(".yml").is_file() else []
        offenders += [country] if profile.map and not profile.map.is_file() else []
    assert not offenders


def test_every_alias_stands_for_a_code_of_its_list_and_is_neither_said_twice_nor_a_code_or_label_already():
    offenders = []
    for path in DATA.rglob("*.aliases.csv"):
        table = pd.read_csv(path, dtype=str, keep_default_na=False)
        listed = pd.read_csv(path.with_name(path.name.replace(".aliases", "")), dtype=str, keep_default_na=False)
        known = {*listed["code"], *listed["label_en"], *listed["label_ar"]}
        offenders += [(path.name, seen) for seen in repeated(table["seen"])]
        offenders += [(path.name, seen) for seen in table["seen"] if seen in known or seen != seen.strip() or not seen]
        offenders += [(path.name, code) for code in table["code"] if code not in set(listed["code"])]
        mappings = {one.stem for one in (DATA / "mappings").glob("*.yml")}
        offenders += [(path.name, source) for source in table["first_seen"] if source not in mappings]
    assert not offenders


# -- record contract ---------------------------------------------------------------------------------------------------


def test_every_field_of_the_contract_has_a_known_type_a_reader_and_a_definition():
    contract = read_contract()
    offenders = [
        field
        for field, row in contract.iterrows()
        if row["type"] not in ARROW_TYPES
        or row["shown"] not in ("public", "internal", "never")
        or row["required"] not in ("", "yes")
        or not row["definition"].strip()
    ]
    assert not offenders
    assert not repeated(contract.index.to_series())


def test_coded_fields_name_a_list_that_exists_and_every_list_has_a_field():
    contract = read_contract()
    assert not [field for field, row in contract.iterrows() if row["type"] == "code" and not row["codes"]]
    assert set(contract["codes"]) - {""} == set(COMMON) | OF_A_COUNTRY
    assert not set(COMMON) & OF_A_COUNTRY


def test_every_date_has_its_precision_and_a_name_is_never_public():
    contract = read_contract()
    dates = [field for field, kind in contract["type"].items() if kind == "date"]
    assert not [field for field in dates if contract["codes"].get(f"{field}_precision") != "precisions"]
    assert {contract.at[field, "shown"] for field in ("name", "aliases", "description")} == {"never"}


# -- rules -------------------------------------------------------------------------------------------------------------


def rules() -> list[int]:
    return [int(number) for number in re.findall(r"^\*\*M(\d+) ", words_of(ROOT / "METHOD.md"), re.MULTILINE)]


def test_the_rules_of_the_method_are_numbered_without_a_gap():
    assert rules() == list(range(1, len(rules()) + 1))


def test_every_rule_that_is_cited_stands_in_the_method():
    known = set(rules())
    offenders = [
        (name, f"M{number}")
        for name, text in sources(ROOT / "src", DATA, EXPECTATIONS, NOTEBOOKS, ROOT / "tests")
        for number in RULE.findall(text)
        if int(number) not in known and not name.endswith("test_datafiles.py")
    ]
    assert not offenders


def test_every_rule_of_the_method_is_cited_where_it_is_carried_out():
    cited = {
        int(number) for _, text in sources(ROOT / "src", DATA, EXPECTATIONS, TEXTS) for number in RULE.findall(text)
    }
    assert not [f"M{number}" for number in rules() if number not in cited]


def test_every_parameter_of_the_method_is_used_and_none_is_missing():
    asked = set(re.findall(r'method\(\)\["(\w+)"\]', python()))
    assert asked == set(method())


def test_every_file_that_an_expectation_sends_its_reader_to_exists():
    offenders = [
        (name, path)
        for name, text in sources(EXPECTATIONS)
        for path in re.findall(r"\b(?:data|expectations|notebooks)/[\w<>/.-]+\.(?:csv|yml|json|geojson|md)\b", text)
        for country in COUNTRIES
        if not (ROOT / path.replace("<country>", country)).is_file()
    ]
    assert not offenders


# -- texts, outside figures and fixed texts ----------------------------------------------------------------------------


def test_every_outside_figure_is_cited_by_a_text():
    assert set(re.findall(r'"external\.(\w+)"', templates())) >= set(read_external().index)


def test_every_fixed_text_is_used_by_a_text():
    assert set(re.findall(r'(?:fixed|current)\("(\w+)"\)', templates())) >= set(read_references().index)


def test_outside_figures_and_fixed_texts_are_said_in_both_languages_for_a_span_of_months():
    words = ["what_en", "what_ar", "source", "source_ar"]
    offenders = [key for key, row in read_external().iterrows() if not all(row[words])]
    offenders += [
        key for key, row in read_references().iterrows() if not (row["text_en"] and row["text_ar"] and row["what"])
    ]
    for table in (read_external(), read_references()):
        for key, row in table.iterrows():
            span = [month for month in (row["valid_from"], row["valid_to"]) if month]
            if span != sorted(span) or not all(re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", month) for month in span):
                offenders.append(key)
    assert not offenders


def test_outside_figures_are_whole_numbers_of_a_day_with_an_address():
    offenders = [
        key
        for key, row in read_external().iterrows()
        if not (row["value"].isdigit() and re.fullmatch(r"\d{4}-\d\d-\d\d", row["source_date"]))
        or not row["url"].startswith("https://")
    ]
    assert not offenders


def test_every_tracked_mapping_says_its_title_and_what_to_note_in_both_languages():
    abouts = {path.name: read_mapping(path).about for path in (DATA / "mappings").glob("*.yml")}
    wanted = {"title", "title_ar", "notice_en", "notice_ar"}
    assert not {name: wanted - set(about) for name, about in abouts.items() if wanted - set(about)}


# -- published figures and the reconstruction --------------------------------------------------------------------------


def test_every_source_that_is_named_is_described():
    known = set(read_publications().index)
    said = list(read_published()["sources"])
    said += [row["sources"] for row in _csv("reconstruction/known_records.csv")]
    named = {source for sources in said for source in sources.split("|") if source}
    named |= {
        one["reference"] for row in _csv("reconstruction/records.csv") for one in json.loads(row["sources"] or "[]")
    }
    assert not named - known


def _csv(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_reconstruction_holds_no_name_and_no_description():
    held = [
        row["record_id"]
        for row in _csv("reconstruction/records.csv")
        if row["name"] or row["aliases"] or row["description"]
    ]
    assert not held


# -- files -------------------------------------------------------------------------------------------------------------


def test_fonts_are_the_files_that_their_readme_lists():
    listed = dict(
        re.findall(r"^\| (\S+\.ttf) \|.*`([0-9a-f]{64})`", words_of(DATA / "fonts" / "README.md"), re.MULTILINE)
    )
    found = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in (DATA / "fonts").glob("*.ttf")}
    assert found == listed
    style = yaml.safe_load(words_of(DATA / "chart-style.yml"))
    assert {file for family in style["fonts"] for file in family.values()} <= set(listed)


def test_no_file_is_larger_than_a_megabyte():
    assert not [path.name for path in project_files() if path.stat().st_size > LARGEST]


def test_no_file_names_a_folder_of_one_machine():
    place = re.compile(r"(?<![\w.:/<*~{}$])/(?:work|home|root|Users|mnt)/\w")
    assert not [path.name for path in project_files() if place.search(words_of(path))]


def test_no_file_says_from_which_host_packages_come():
    # The installer's own settings decide; a host written into the lock or the environment binds it to one network.
    host = re.compile(
        r"--(?:extra-)?index-url|\b(?:pypi|pythonhosted|npmjs|anaconda)\.(?:org|com)\b|artifactory|://[^/\s]*mirror",
        re.I,
    )
    mine = Path(__file__).resolve()
    assert not [path.name for path in project_files() if path != mine and host.search(words_of(path))]


def test_every_text_file_ends_with_a_newline_and_holds_no_carriage_return():
    kinds = {".py", ".md", ".yml", ".csv", ".json", ".ipynb", ".toml"}
    offenders = [
        path.name
        for path in project_files()
        if path.suffix in kinds and "reports" not in path.parts and path.stat().st_size
        for text in [path.read_bytes()]
        if b"\r" in text or not text.endswith(b"\n")
    ]
    assert not offenders


def test_code_lists_are_read_in_their_own_order():
    assert not [name for name in COMMON if read_codelist(name).codes != list(rows(name)["code"])]
    assert not [
        (country, name)
        for country in COUNTRIES
        for name in OF_A_COUNTRY
        if read_codelist(name, country).codes != list(rows(f"{country}/{name}")["code"])
    ]
