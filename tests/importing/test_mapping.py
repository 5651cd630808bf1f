"""Mappings: data that is checked, with the line of each fault."""

import shutil
from pathlib import Path

import pytest

from analysis.codelists import PROFILES
from analysis.errors import BadMapping
from analysis.importing.mapping import MAPPINGS, find_mapping, read_mapping

GOOD = """
source: invented
title: Invented records
producer: nobody
record_id: {prefix: X-, columns: [id]}
fields:
  status: {constant: civilian}
  sex:
    column: Sex
    patterns: {"^F": female}
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "mine.yml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("path", sorted(MAPPINGS.glob("*.yml")), ids=lambda path: path.stem)
def test_every_mapping_that_comes_along_can_be_read(path: Path) -> None:
    assert read_mapping(path).source == path.stem


def test_a_mapping_names_every_column_it_reads(tmp_path: Path) -> None:
    assert read_mapping(write(tmp_path, GOOD)).columns == {"id", "Sex"}


@pytest.mark.parametrize(
    ("was", "now", "told"),
    [
        ("    column: Sex", "    colum: Sex", "line 8"),
        ("  sex:", "  sexx:", "line 8: 'sexx' is no field"),
        ('{"^F": female}', '{"(F": female}', "the pattern '(F' cannot be read"),
        ("producer: nobody", "", "'producer' is a required property"),
        ("producer: nobody", "producer: nobody\nprofile: atlantis", "line 5: There is no profile 'atlantis'"),
        ("columns: [id]", "columns: []", "line 5"),
        ("fields:", "fields: [", "this is not YAML"),
    ],
)
def test_a_fault_is_named_with_its_line(tmp_path: Path, was: str, now: str, told: str) -> None:
    assert was in GOOD
    with pytest.raises(BadMapping) as error:
        read_mapping(write(tmp_path, GOOD.replace(was, now)))
    assert told in str(error.value)
    assert "\n" not in str(error.value)


def test_a_path_of_a_country_starts_from_the_mapping(tmp_path: Path) -> None:
    shutil.copytree(PROFILES / "bolivia", tmp_path / "own")
    mapping = read_mapping(write(tmp_path, GOOD + "profile: ./own\n"))
    assert mapping.profile == str(tmp_path / "own")


def test_an_unknown_source_is_told_which_are_known() -> None:
    with pytest.raises(BadMapping, match="vdc-syria"):
        find_mapping("nowhere")


def test_a_mapping_that_is_not_there_is_told_in_one_paragraph(tmp_path: Path) -> None:
    with pytest.raises(BadMapping, match="cannot be read"):
        read_mapping(tmp_path / "none.yml")
