"""A drafted mapping: guesses marked as guesses, and no person's name in it."""

from pathlib import Path

import pytest
import yaml

from analysis.errors import BadMapping
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
