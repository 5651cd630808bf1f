"""Translating: a source's faults, each met by a rule of its mapping or told in a reason. Invented people."""

from pathlib import Path

import pandas as pd
import pytest

from analysis.importing.columns import texts_of
from analysis.importing.mapping import Mapping, find_mapping, read_mapping
from analysis.importing.translating import Translated, translate

MAPPING = """
source: invented
title: Invented records
producer: nobody
blank: [N/A]
documented_from: date_of_death
keep: [{column: kind, not_in: [skip]}]
record_id: {prefix: X-, columns: [id]}
incident: {prefix: I-, fields: [date_of_death, governorate, cause]}
fields:
  status:
    column: status
    values: {Civilian: civilian, Non-Civilian: combatant}
  verification: {constant: verified}
  name: {column: name, match: '^(?!Unidentified)(?P<value>.+)', unresolved: not_recorded}
  age:
    - {column: age, blank: ["0"]}
    - {column: alt_age, match: '^(?:around )?(?P<value>\\d+)$'}
  date_of_death: {column: died, unknown: ["0000-00-00"], dates: ["%Y-%m-%d", "%d.%m.%Y", "%Y-%m"]}
  date_of_incident: {parts: {year: year, month: month, day: day}}
  governorate:
    - {column: where, match: '^(?P<value>[^:/]+)', unresolved: not_recorded}
  governorate_of_origin: {column: home}
  place: {column: where}
  party:
    column: actor
    values: {Army: syrian_regime}
    when: [{column: kind, not_in: [theirs]}]
  cause: {column: cause}
  torture: {column: cause, patterns: {"(?i)torture": "true", ".": "false"}}
"""
COLUMNS = [
    "id",
    "kind",
    "status",
    "name",
    "age",
    "alt_age",
    "died",
    "year",
    "month",
    "day",
    "where",
    "home",
    "actor",
    "cause",
]
ROW = {"id": "1", "kind": "a", "status": "Civilian", "name": "Invented One", "died": "2020-11-03", "cause": "shelling"}


@pytest.fixture(scope="module")
def mapping(tmp_path_factory: pytest.TempPathFactory) -> Mapping:
    path = tmp_path_factory.mktemp("mapping") / "invented.yml"
    path.write_text(MAPPING, encoding="utf-8")
    return read_mapping(path)


def rows(*changes: dict[str, str]) -> pd.DataFrame:
    told = [{**ROW, "id": str(nth), **change} for nth, change in enumerate(changes, 1)]
    return pd.DataFrame([{column: row.get(column, "") for column in COLUMNS} for row in told])


def one(mapping: Mapping, **change: str) -> "pd.Series[str]":
    found = translate(rows(change), mapping)
    assert list(found.reasons) == [""]
    return found.records.iloc[0]


def reason(mapping: Mapping, **change: str) -> str:
    found = translate(rows(change), mapping)
    assert found.records.empty
    return str(found.reasons.iloc[0])


def test_a_row_becomes_a_record_in_the_fields_of_the_contract(mapping: Mapping) -> None:
    record = one(mapping, where="Idlib: Mstomeh", actor="Army", age="34")
    shown = record[["record_id", "status", "governorate", "place", "party", "age", "age_group", "torture"]]
    assert list(shown) == ["X-1", "civilian", "idlib", "Idlib: Mstomeh", "syrian_regime", "34", "adult", "false"]


def test_the_date_that_stands_in_is_the_documentation_date_with_its_precision(mapping: Mapping) -> None:
    record = one(mapping, died="2020-11")
    assert record["date_documented"] == "2020-11-01"
    assert record["date_documented_precision"] == record["date_of_death_precision"] == "month"


def test_a_date_said_to_be_unknown_is_kept_as_unknown_and_belongs_to_no_month(mapping: Mapping) -> None:
    record = one(mapping, died="0000-00-00")
    assert (record["date_of_death"], record["date_of_death_precision"]) == ("", "unknown")
    assert (record["date_documented"], record["date_documented_precision"]) == ("", "unknown")


@pytest.mark.parametrize("first", ["date", "precision"])
@pytest.mark.parametrize(
    ("died", "exact", "precision"),
    [("2020-11-03", "", "day"), ("2020-11", "", "month"), ("2020-11-03", "month", "month"), ("", "", ""),
     ("0000-00-00", "", "unknown")],
)  # fmt: skip
def test_a_date_keeps_the_precision_of_its_form_where_the_rule_for_its_precision_gives_nothing(
    tmp_path: Path, first: str, died: str, exact: str, precision: str
) -> None:
    path, rule = tmp_path / "exact.yml", "  date_of_death_precision: {column: alt_age}\n"
    after, before = MAPPING + rule, MAPPING.replace("fields:\n", f"fields:\n{rule}")
    path.write_text(after if first == "date" else before, encoding="utf-8")
    lenient = path.read_text(encoding="utf-8").replace("    - {column: alt_age,", "    - {column: age,")
    path.write_text(lenient, encoding="utf-8")
    record = one(read_mapping(path), died=died, alt_age=exact)
    assert record["date_of_death_precision"] == precision
    assert record["date_documented_precision"] == (precision or "unknown")


@pytest.mark.parametrize(
    ("year", "month", "day", "date", "precision"),
    [
        ("2003", "10", "12", "2003-10-12", "day"),
        ("2003", "10", "", "2003-10-01", "month"),
        ("2003", "", "", "2003-01-01", "year"),
        ("", "", "", "", ""),
    ],
)
def test_a_date_in_three_columns_is_as_exact_as_they_are(
    mapping: Mapping, year: str, month: str, day: str, date: str, precision: str
) -> None:
    record = one(mapping, year=year, month=month, day=day)
    assert (record["date_of_incident"], record["date_of_incident_precision"]) == (date, precision)


@pytest.mark.parametrize(
    ("age", "alt_age", "expected", "group"),
    [("0", "", "", ""), ("0.1667", "", "0.1667", "child"), ("", "around 60", "60", "adult"), ("17", "", "17", "child"),
     ("18", "", "18", "adult"), ("0", "12", "12", "child")],
)  # fmt: skip
def test_ages_are_read_by_rule(mapping: Mapping, age: str, alt_age: str, expected: str, group: str) -> None:
    record = one(mapping, age=age, alt_age=alt_age)
    assert (record["age"], record["age_group"]) == (expected, group)


def test_a_row_is_refused_for_every_reason_at_once(mapping: Mapping) -> None:
    told = reason(mapping, alt_age="23/29", home="Atlantis", died="soon", status="")
    assert [part.split(":")[0] for part in told.split("; ")] == [
        "age",
        "date_of_death",
        "governorate_of_origin",
        "status",
    ]


@pytest.mark.parametrize(
    "spelling", ["Damascus Suburbs", "damascus  suburbs", "Rif Dimashq", "ريف دمشق", "rif_dimashq"]
)
def test_codes_are_found_by_alias_label_or_code_whatever_the_case(mapping: Mapping, spelling: str) -> None:
    assert one(mapping, home=spelling)["governorate_of_origin"] == "rif_dimashq"


def test_a_town_without_its_governorate_keeps_its_place_and_is_not_recorded(mapping: Mapping) -> None:
    record = one(mapping, where="Rastan")
    assert (record["governorate"], record["place"]) == ("", "Rastan")


def test_what_is_left_blank_is_told_but_not_what_another_rule_reads_or_may_not_be_shown(tmp_path: Path) -> None:
    path = tmp_path / "lax.yml"
    both = "    - {column: where, match: '^(?P<value>[^:/]+)', unresolved: not_recorded}\n    - {column: home}\n"
    text = MAPPING.replace("    - {column: where, match: '^(?P<value>[^:/]+)', unresolved: not_recorded}\n", both)
    text += (
        "  bucket: {column: name, unresolved: not_recorded}\n  informant: {column: kind, unresolved: not_recorded}\n"
    )
    path.write_text(text, encoding="utf-8")
    # By hand: Rastan is read from home in row 1 and lost in row 2; the bucket is read from a column of names, and what
    # is longer than 60 letters may be a story.
    home, story = {"where": "Rastan", "home": "Homs"}, {"where": "Rastan", "kind": "a story " * 8}
    found = translate(rows(home, story), read_mapping(path)).blanked
    assert {name: texts_of(column) for name, column in found.items()} == {
        "governorate": ["", "Rastan"], "bucket": ["…", "…"], "informant": ["a", "…"]
    }  # fmt: skip


def test_a_value_in_no_list_is_told_with_where_its_code_can_be_given(mapping: Mapping) -> None:
    aliases = "data/profiles/syria/codelists/governorates.aliases.csv"
    advice = f"'Atlantis' is in no list: give its code under `values:` in the mapping, or in {aliases}"
    assert reason(mapping, home="Atlantis") == f"governorate_of_origin: {advice}"


def test_nobody_is_called_unidentified(mapping: Mapping) -> None:
    assert one(mapping, name="Unidentified 17")["name"] == ""


def test_a_blank_actor_is_not_recorded_and_a_condition_leaves_a_rule_out(mapping: Mapping) -> None:
    assert one(mapping, actor="N/A")["party"] == ""
    assert one(mapping, actor="Army", kind="theirs")["party"] == ""


def test_incidents_form_where_date_place_and_cause_agree_and_only_there(mapping: Mapping) -> None:
    found = translate(rows({"where": "Idlib"}, {"where": "Idlib"}, {"where": "Homs"}, {"where": ""}), mapping)
    ids = list(found.records["incident_id"])
    assert ids[0] == ids[1] != ids[2]
    assert ids[3] == ""


def test_rows_that_the_mapping_does_not_keep_are_told_apart_from_refused_ones(mapping: Mapping) -> None:
    found = translate(rows({}, {"kind": "skip"}, {"status": ""}), mapping)
    assert list(found.kept) == [True, False, True]
    assert list(found.reasons.ne("")) == [False, False, True]
    assert list(found.records["record_id"]) == ["X-1"]


def test_a_row_that_stands_for_several_dead_becomes_as_many_records(tmp_path: Path) -> None:
    path = tmp_path / "events.yml"
    path.write_text(MAPPING.replace("blank: [N/A]", "blank: [N/A]\ndead: age"), encoding="utf-8")
    found: Translated = translate(rows({"age": "3"}, {"age": "1"}, {"age": "many"}), read_mapping(path))
    assert list(found.records["record_id"]) == ["X-1-1", "X-1-2", "X-1-3", "X-2"]
    assert "age: it is not a number of dead" in found.reasons.iloc[2]


def test_marks_that_turn_text_around_are_no_part_of_a_value(mapping: Mapping) -> None:
    assert one(mapping, where="Idlib\u202e: Mstomeh")["place"] == "Idlib: Mstomeh"


SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"


@pytest.mark.skipif(not (SHARED / "vdc-syria").is_dir(), reason="the VDC data are not redistributed")
def test_the_vdc_data_come_in_by_their_mapping_alone() -> None:
    # The numbers are those of the file's own columns: 33,019 rows, 8,818 non-civilian, 24,180 civilian, 21 without a
    # status; civilians by month of death: 2018-07 136 (8 children, 5 women, 52 torture), 2016-07 262, 2019-03 127.
    data = pd.read_csv(SHARED / "vdc-syria" / "victims.csv", dtype=str, keep_default_na=False)
    found = translate(data, read_mapping(find_mapping("vdc-syria")))
    people = found.records
    assert len(data) == len(people) + found.reasons.ne("").sum() == 33_019
    assert people["status"].value_counts().to_dict() == {"civilian": 24_180, "combatant": 8_818}
    civilians = people[people["status"] == "civilian"]
    for month, expected in {
        "2018-07": [136, 8, 5, 52],
        "2016-07": [262, 53, 34, 10],
        "2019-03": [127, 24, 11, 9],
    }.items():
        dead = civilians[civilians["date_documented"].str.startswith(month)]
        women = dead["sex"].eq("female") & dead["age_group"].eq("adult")
        shown = [len(dead), dead["age_group"].eq("child").sum(), women.sum(), dead["torture"].eq("true").sum()]
        assert shown == expected, month


@pytest.mark.skipif(not (SHARED / "ultimate-consequences-bolivia").is_dir(), reason="the Bolivia data lie elsewhere")
def test_the_bolivia_data_come_in_by_their_mapping_alone() -> None:
    # 669 rows, of which six have no id of their own and cannot be told apart from one import to the next.
    path = SHARED / "ultimate-consequences-bolivia" / "deaths-entries.csv"
    data = pd.read_csv(path, dtype=str, keep_default_na=False)
    found = translate(data, read_mapping(find_mapping("ultimate-consequences-bolivia")))
    assert len(found.records) + found.reasons.ne("").sum() == len(data) == 669
    assert found.reasons.str.contains("record_id").sum() == 6
    assert set(found.records["governorate"]) >= {"la_paz", "cochabamba", "oruro", "potosi", "santa_cruz"}
