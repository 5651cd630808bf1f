"""Profiles: what changes with the country, and what a country that brings no texts and no map is given."""

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from invented_country import BOLIVIA, one_death_in_bolivia, year_of_bolivia

from analysis.codelists import PROFILES, read_codelist
from analysis.errors import BadParameter, BadText, UnknownCode
from analysis.month import Month
from analysis.places import DATA, TEXTS
from analysis.profiles import country_words, read_profile
from analysis.sections import claim_list, figures, tables
from analysis.sections.cases import massacre_texts, notable_cases
from analysis.sections.conclusions import blocks_table, conclusions_text
from analysis.sections.cover import report_cover
from analysis.sections.narrative import Story
from analysis.texts import find_text, read_words
from analysis.toll.claims import Ledger
from analysis.toll.monthly import monthly_ledger
from analysis.toll.report_records import ReportRecords

ANOTHER_COUNTRY = re.compile(r"Syria|SNHR|Idlib|regime|Damascus|Russia", re.IGNORECASE)


def story_of(records: ReportRecords) -> Story:
    return Story(monthly_ledger(records, []), records.month, profile=records.profile, links=False)


@pytest.fixture(scope="module")
def bolivia() -> ReportRecords:
    return year_of_bolivia()


@pytest.fixture(scope="module")
def story(bolivia: ReportRecords) -> Story:
    return story_of(bolivia)


def values(story: Story, stem: str) -> dict[str, int]:
    """The counts of a breakdown that are not zero, by code."""
    return {code: story.ledger.count(f"{stem}.{code}") for code in story.codes(stem)}


# -- profiles ----------------------------------------------------------------------------------------------------------


def test_a_country_has_its_name_by_language_and_its_map() -> None:
    syria, bolivia = read_profile(), read_profile(BOLIVIA)
    assert (syria.name, syria.country["en"], syria.country["ar"]) == ("syria", "Syria", "سوريا")
    assert (bolivia.name, bolivia.country["en"]) == (BOLIVIA, "Bolivia")
    assert syria.map == DATA / "maps" / "governorates.geojson"
    assert bolivia.map is None


@pytest.mark.parametrize("name", ["atlantis", "", "Syria", "../profiles"])
def test_a_country_without_a_profile_is_refused_with_those_that_exist(name: str) -> None:
    with pytest.raises(BadParameter, match=rf"no profile '{name}' in data/profiles\. Known are bolivia, .*syria"):
        read_profile(name)


def test_a_country_has_code_lists_of_its_own_and_shares_the_others() -> None:
    assert read_codelist("parties", BOLIVIA).codes[0] == "security_forces"
    assert not {"syrian_regime", "russia"} & set(read_codelist("parties", BOLIVIA).codes)
    assert read_codelist("parties", BOLIVIA).file == "data/profiles/bolivia/codelists/parties.csv"
    assert read_codelist("causes", BOLIVIA).codes == read_codelist("causes").codes
    assert read_codelist("causes", BOLIVIA).file == "data/codelists/causes.csv"


def test_a_code_of_another_country_is_refused_with_the_list_to_extend() -> None:
    with pytest.raises(UnknownCode, match=r"'russia' is not in data/profiles/bolivia/codelists/parties\.csv"):
        read_codelist("parties", BOLIVIA).label("russia")


def test_other_spellings_stand_beside_the_list_with_the_code_that_they_mean() -> None:
    assert read_codelist("governorates").aliases["Damascus Suburbs"] == "rif_dimashq"
    assert read_codelist("parties", BOLIVIA).aliases == {}


# -- texts -------------------------------------------------------------------------------------------------------------


def test_the_country_s_own_text_comes_before_the_common_one() -> None:
    assert find_text("en", "syria", "background.md") == TEXTS / "en" / "syria" / "background.md"
    assert find_text("en", BOLIVIA, "background.md") == TEXTS / "en" / "background.md"
    assert find_text("en", "syria", "toll.md") == TEXTS / "en" / "toll.md"
    assert find_text("en", BOLIVIA, "covid.md") is None
    assert read_words("en", "blocks", "syria") != read_words("en", "blocks", BOLIVIA)
    assert read_words("en", "captions", "syria") == read_words("en", "captions")


def test_a_text_that_only_some_countries_have_is_nothing_in_the_others(story: Story, november_ledger: Ledger) -> None:
    assert story.own_text("covid") == ""
    assert "COVID-19" in Story(november_ledger, Month(2020, 11)).own_text("covid")
    with pytest.raises(BadText, match=r"There is no text notebooks/texts/en/covid\.md"):
        story.text("covid")


def test_the_words_for_not_recorded_are_no_code_of_a_list(story: Story) -> None:
    assert story.name("parties", "not_recorded") == "not recorded"
    assert story.name("parties", "miners") == "miners"


# -- a month of another country ----------------------------------------------------------------------------------------


def shown(records: ReportRecords) -> Iterator[tuple[str, str]]:
    """Every text, table and chart of the report in words, each with its name."""
    story = story_of(records)
    sections = (
        *("background", "work", "toll", "toll_months", "toll_parties", "toll_people", "toll_governorates", "torture"),
        *("occupations", "massacres", "acknowledgement", "quality", "reconciliation", "claims"),
    )
    yield from ((name, story.text(name)) for name in sections)
    yield "conclusions", conclusions_text(story)
    yield "cases", notable_cases(story, records)
    yield "incidents", massacre_texts(story, records)
    cover = report_cover(story, records)
    yield "cover", "\n".join([cover.title, cover.subtitle, cover.kicker, *cover.notices])
    made = [tables.party_table, tables.other_table, tables.governorate_table, tables.torture_table,
            tables.occupation_table, tables.massacre_table, tables.records_table, blocks_table]  # fmt: skip
    for table in [*(make(story) for make in made), *claim_list.claim_tables(story)]:
        cells = [cell.text for row in table.rows for cell in row.cells]
        yield table.name, "\n".join([table.caption, table.note, *(column.label for column in table.columns), *cells])
    for figure in drawn(story):
        yield figure.name, "\n".join([figure.caption, figure.alt, figure.note])


def drawn(story: Story) -> list[figures.Figure]:
    made = [figures.months_figure, figures.party_figure, figures.other_figure, figures.age_sex_figure]
    return [*(make(story) for make in made), *figures.governorate_figures(story), *figures.torture_figures(story)]


@pytest.mark.parametrize("make", [year_of_bolivia, one_death_in_bolivia])
def test_nothing_of_one_country_is_said_in_the_report_of_another(make: Callable[[], ReportRecords]) -> None:
    told = list(shown(make()))
    assert not [(name, found[0]) for name, text in told if (found := ANOTHER_COUNTRY.search(text))]
    assert "in Bolivia" in dict(told)["cover"]
    assert "in Bolivia" in dict(told)["background"]


def test_the_deaths_of_another_country_are_counted_by_its_own_lists(story: Story) -> None:
    # By hand from tests/invented_country.py.
    assert story.ledger.count("civilians.month") == 12
    assert values(story, "civilians.month.party") == {
        "security_forces": 5, "miners": 3, "other": 2, "not_recorded": 2,
    }  # fmt: skip
    assert values(story, "civilians.month.other") == {"disputed": 1, "not_recorded": 1}
    assert values(story, "civilians.month.governorate") == {
        "beni": 1, "cochabamba": 5, "la_paz": 1, "oruro": 1, "potosi": 2, "unknown": 1, "not_recorded": 1,
    }  # fmt: skip
    assert values(story, "torture.ytd.party") == {"miners": 2, "not_recorded": 1}
    assert values(story, "massacres.month.party") == {"security_forces": 1}
    assert story.ledger.count("civilians.ytd") == 12 + 4 + 1
    steps = ("read", "withdrawn", "duplicates", "fighters", "counted")
    assert [story.ledger.count(f"records.month.{step}") for step in steps] == [14, 1, 0, 1, 12]


def test_another_country_is_given_no_outside_or_published_figure_of_the_first(story: Story) -> None:
    assert not [claim.id for claim in story.ledger.values() if claim.basis in ("external", "published")]


def test_a_country_without_a_map_has_bars_alone(story: Story) -> None:
    assert [one.name for one in figures.governorate_figures(story)] == ["governorates"]


def test_the_parties_of_another_country_are_named_in_text_and_table_in_the_order_of_its_list(story: Story) -> None:
    codes = [row.cells[0].value for row in tables.party_table(story).rows]
    assert codes == [*read_codelist("parties", BOLIVIA).codes, "not_recorded", "total"]
    told = story.text("toll_parties")
    assert "**State security forces**: five civilians, including two children." in told
    assert "- Disputed responsibility: one civilian." in told
    assert "- Kind not recorded: one civilian." in told
    assert "For two civilians, including one woman, the records name no party." in told
    assert "state security forces, highland Indigenous communities" in story.text("background")


def test_a_month_whose_records_name_no_party_says_so() -> None:
    told = story_of(one_death_in_bolivia()).text("toll_parties")
    assert "No death documented in November 2020 was attributed to a main party." in told
    assert "For one civilian, the records name no party." in told


def test_a_death_due_to_torture_without_a_party_stands_under_not_recorded(story: Story) -> None:
    told = story.text("torture")
    assert "- Miners: one." in told
    assert "- Not recorded: one." in told


def test_the_common_conclusions_hang_on_claims_that_every_country_has(story: Story) -> None:
    blocks = read_words("en", "blocks", BOLIVIA)["blocks"]
    assert not [block["id"] for block in blocks if story.claim_id(block["when"]) not in story.ledger]
    told = conclusions_text(story)
    assert "12 civilians were killed" in told
    assert "Two deaths due to torture were documented." in told
    assert "Mines have killed one civilian since the beginning of the year." in told
    assert "#### To the authorities" in told


def copied(folder: Path, said: str = "") -> Path:
    """A profile of one's own: Bolivia's folder somewhere else, with more said in its profile.yml."""
    copy = Path(shutil.copytree(PROFILES / BOLIVIA, folder / "rivermouth"))
    with (copy / "profile.yml").open("a", encoding="utf-8") as file:
        file.write(said)
    return copy


def test_a_country_and_its_map_need_not_lie_in_the_project(tmp_path: Path) -> None:
    for name in ("own.geojson", "own.yml"):
        (tmp_path / name).write_text("{}", encoding="utf-8")
    copy = copied(tmp_path, f"map: {tmp_path}/own.geojson\n")
    assert read_profile(str(copy)).map == tmp_path / "own.geojson"
    assert read_codelist("parties", str(copy)).file == f"{copy}/codelists/parties.csv"


# -- what is wrong with a profile --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("file", "was", "now", "told"),
    [
        ("profile.yml", "country_en: Bolivia", "", "does not say country_en"),
        ("profile.yml", "region_en: {one: department, several: departments}", "region_en: d", "does not say region_en"),
        ("profile.yml", "1982-10-10", "long ago", "does not say began"),
        (
            "profile.yml",
            "began:",
            "map: nowhere.geojson\nbegan:",
            "no map data/maps/nowhere.geojson with a .yml beside",
        ),
        ("codelists/parties.csv", "other,11", "others,11", "no code other"),
        ("codelists/parties.csv", "miners,6", "campesinos,6", "has the code campesinos twice"),
        ("codelists/parties.csv", ",colour,", ",color,", "has no column colour"),
        ("codelists/parties.csv", "#6a51a3", "purple", "line 7: colour is 'purple', not #rrggbb"),
        ("codelists/governorates.csv", "la_paz,4", "La Paz,4", "line 5: code is 'La Paz', not small letters"),
        ("codelists/governorates.csv", "la_paz,4", "la_paz,four", "line 5: order is 'four', not a whole number"),
        ("codelists/buckets.csv", "1982-10-10", "10/10/1982", "line 2: valid_from is '10/10/1982', not a day"),
    ],
)
def test_what_is_wrong_with_a_profile_is_said_with_its_line(
    tmp_path: Path, file: str, was: str, now: str, told: str
) -> None:
    path = copied(tmp_path) / file
    text = path.read_text(encoding="utf-8")
    assert was in text
    path.write_text(text.replace(was, now), encoding="utf-8")
    with pytest.raises(BadParameter, match=re.escape(told)):
        read_profile(str(tmp_path / "rivermouth"))


def test_a_list_that_is_missing_and_a_spelling_of_no_code_are_said(tmp_path: Path) -> None:
    lists = copied(tmp_path) / "codelists"
    (lists / "buckets.csv").unlink()
    (lists / "governorates.aliases.csv").write_text("seen,code,first_seen\nLaPaz,lapaz,x\n", encoding="utf-8")
    with pytest.raises(BadParameter, match=r"buckets\.csv is missing; .*aliases\.csv, line 2: 'lapaz' is in no list"):
        read_profile(str(tmp_path / "rivermouth"))


def test_a_list_that_a_spreadsheet_saved_in_another_encoding_is_said(tmp_path: Path) -> None:
    path = copied(tmp_path) / "codelists" / "governorates.csv"
    path.write_bytes(b"code,order,label_en,valid_from,valid_to\npotosi,1,Potos\xed,1982-10-10,\n")
    with pytest.raises(BadParameter, match=r"governorates\.csv is no CSV in UTF-8"):
        read_profile(str(tmp_path / "rivermouth"))


def test_every_country_of_the_project_says_its_word_for_its_regions() -> None:
    words = {name: read_profile(name).region_words("en") for name in ("syria", BOLIVIA)}
    assert (words["syria"]["regions"], words[BOLIVIA]["Region"]) == ("governorates", "Department")
    with pytest.raises(BadParameter, match="does not say region_fr, the country's word for its regions"):
        read_profile(BOLIVIA).region_words("fr")


def test_words_are_filled_with_the_country_s_regions_and_nothing_else() -> None:
    assert country_words("en", "captions", BOLIVIA)["columns"]["governorate"] == "Department of death"
    assert country_words("en", "captions")["columns"]["governorate"] == "Governorate of death"
    assert country_words("en", "revisions", BOLIVIA)["fields"]["governorate"] == "Department of death"
    assert "by department of death, {" in country_words("en", "captions", BOLIVIA)["figures"]["governorates"]["caption"]
    assert country_words("en", "definitions", BOLIVIA)["dimensions"]["governorate"] == "department {label}"


def test_a_language_that_a_list_has_no_words_in_is_said(tmp_path: Path) -> None:
    path = copied(tmp_path) / "codelists" / "buckets.csv"
    path.write_text("code,order,label_en,colour,valid_from,valid_to\nb,1,b,#000000,1982-10-10,\n", encoding="utf-8")
    with pytest.raises(UnknownCode, match=r"buckets\.csv has no column label_ar"):
        read_codelist("buckets", str(tmp_path / "rivermouth")).label("b", "ar")
