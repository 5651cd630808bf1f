"""A drafted mapping: guesses marked as guesses, and no person's name in it."""

from pathlib import Path

import pytest
import yaml

from analysis.errors import BadMapping, BadRecords
from analysis.importing.drafting import draft_mapping
from analysis.importing.mapping import read_mapping

HEAD = "uid,Full name,Gender,Date of death,Province,Outcome\n"


def extract(folder: Path, rows: int = 60) -> Path:
    path = folder / "my extract.csv"
    told = [
        f"{n},Invented Person {n},{'FM'[n % 2]},0{n % 9 + 1}.11.2020,{['Idlib', 'Atlantis'][n % 2]},dead"
        for n in range(rows)
    ]
    path.write_text(HEAD + "\n".join(told) + "\n", encoding="utf-8")
    return path


def test_fields_are_guessed_from_the_headings_and_marked(tmp_path: Path) -> None:
    text = draft_mapping(extract(tmp_path))
    said = yaml.safe_load(text)
    assert said["source"] == "my-extract"
    assert said["record_id"] == {"columns": ["uid"]}
    guessed = {"name": "Full name", "sex": "Gender", "date_of_death": "Date of death", "governorate": "Province"}
    assert {field: said["fields"][field].get("column") for field in guessed} == guessed
    assert said["fields"]["date_of_death"]["dates"] == ["%d.%m.%Y"]
    assert said["documented_from"] == "date_of_death"
    assert text.count("GUESS") >= 6


def test_only_values_that_no_list_knows_wait_for_a_code(tmp_path: Path) -> None:
    values = yaml.safe_load(draft_mapping(extract(tmp_path)))["fields"]["governorate"]["values"]
    assert list(values) == ["Atlantis"]


def test_values_of_a_column_of_names_are_never_shown(tmp_path: Path) -> None:
    assert "Invented Person" not in draft_mapping(extract(tmp_path))
    assert "Invented Person" not in draft_mapping(extract(tmp_path, rows=5))


def test_a_draft_that_was_not_finished_is_refused_with_its_lines(tmp_path: Path) -> None:
    path = tmp_path / "mine.yml"
    path.write_text(draft_mapping(extract(tmp_path)), encoding="utf-8")
    with pytest.raises(BadMapping, match=r"line \d+"):
        read_mapping(path)


def test_a_finished_draft_reads_the_file_it_was_drafted_from(tmp_path: Path) -> None:
    path = tmp_path / "mine.yml"
    text = draft_mapping(extract(tmp_path))
    for was, now in {"Atlantis: ": "Atlantis: unknown", " F: ": " F: female", " M: ": " M: male"}.items():
        text = text.replace(was + "\n", now + "\n")
    path.write_text(text, encoding="utf-8")
    assert read_mapping(path).columns >= {"uid", "Full name", "Gender", "Province"}


def drafted(folder: Path, text: str) -> str:
    path = folder / "list.csv"
    path.write_text(text, encoding="utf-8")
    return draft_mapping(path)


def test_the_delimiter_and_the_row_of_the_names_are_found_below_titles(tmp_path: Path) -> None:
    rows = "".join(f"{n};Place, with a comma;12/03/2031;{n % 4}\n" for n in range(30))
    said = yaml.safe_load(drafted(tmp_path, "A register\n\nCode;Town;Date;Fatalities\n" + rows))
    assert said["read"] == {"delimiter": ";", "header_row": 3}
    assert said["dead"] == "Fatalities"


def test_a_first_row_that_lacks_a_few_names_is_no_title(tmp_path: Path) -> None:
    with pytest.raises(BadRecords, match=r"Row 1 of list\.csv has no name"):
        drafted(tmp_path, "Code,Town,,Date\n" + "1,Vado,x,2031-03-01\n" * 30)


@pytest.mark.parametrize(
    ("dates", "forms"),
    [
        (["2031-03-01", "2031-04"], '"%Y-%m-%d", "%Y-%m"]'),
        (["1/3/2031", "13/3/2031"], '"%d/%m/%Y"]'),
        (["1/3/2031", "3/13/2031"], '"%m/%d/%Y"]'),
        (["1-3-2031", "03-2031", "5-3-2031 to 7-3-2031"], '"%d-%m-%Y", "%m-%Y"]  # TO DO: 1 of 3 values are written'),
    ],
)
def test_every_form_of_a_date_is_drafted_and_what_has_none_is_counted(
    tmp_path: Path, dates: list[str], forms: str
) -> None:
    assert f"    dates: [{forms}" in drafted(tmp_path, "Code,Date\n" + "".join(f"1,{one}\n" for one in dates))


def test_a_heading_of_several_words_or_in_the_plural_is_understood(tmp_path: Path) -> None:
    said = yaml.safe_load(drafted(tmp_path, "Code,Perpetrators,Lat,Long,Entered on\n" + "1,guard,12.5,30,2031-03-01\n"))
    guessed = {field: said["fields"][field]["column"] for field in ("party", "latitude", "longitude")}
    assert guessed == {"party": "Perpetrators", "latitude": "Lat", "longitude": "Long"}
    assert said["fields"]["date_documented"]["column"] == "Entered on"
    assert "documented_from" not in said
