"""Case files: who may leave for a purpose, what is said of them, and a document that holds words and nothing else."""

import hashlib
import io
import json
import zipfile
from datetime import date
from typing import Any

import docx
import jsonschema
import pandas as pd
import pytest
from docx.enum.table import WD_TABLE_DIRECTION
from docx.oxml.ns import qn
from invented_records import records

from analysis.case_files.case import Case, Entry, case_json, make_case
from analysis.case_files.consent import find_purpose, require_nameless_ids, with_consent
from analysis.case_files.contents import Asked, find_language, read_case_file
from analysis.case_files.free_text import inert, reads_right_to_left, stretches
from analysis.case_files.handing_over import file_name
from analysis.case_files.word_file import word_file
from analysis.codelists import read_codelist
from analysis.errors import BadParameter, BadRecords
from analysis.places import DATA
from analysis.profiles import read_profile
from analysis.records.contract import read_contract
from analysis.records.counted import counted

UN, PUBLICATION = "un_special_rapporteur", "publication"
HOSTILE = (
    "=cmd|' /C calc'!A0 {\x07 HYPERLINK \"http://x\" } <w:br/>&amp;\u202eeniltuo\u2066\u200f\x00 ends\u2028and a line"
)
PERSON = {
    "name": "Invented Person",
    "consents": UN,
    "date_of_death": "",
    "date_of_death_precision": "unknown",
    "date_of_incident": "2019-03-01",
    "date_of_incident_precision": "month",
    "description": HOSTILE,
    "body": "unknown",
    "torture": "true",
    "latitude": "35.930612",
    "candidate_parties": "syrian_regime|russia",
    "sources": json.dumps([{"kind": "photo", "reference": "photo-7.jpg", "sha256": "ab" * 32}]),
}


def asked(purpose: str = UN, language: str = "en") -> Asked:
    return Asked(purpose, language, "syria", 3, date(2020, 11, 30))


def case_of(purpose: str = UN, language: str = "en", **changes: str) -> Case:
    """The case file of one invented person, as the record of a report reads."""
    (record,) = counted(records(PERSON | changes)).to_dict("records")
    return make_case(record, asked(purpose, language))


def entries(case: Case) -> dict[str, Entry]:
    return {entry.field: entry for section in case.sections for entry in section.entries}


def document(case: Case) -> Any:
    return docx.Document(io.BytesIO(word_file(case)))


def words_of(element: Any) -> str:
    return "".join(element.itertext())


# -- consent -----------------------------------------------------------------------------------------------------------


def test_only_consent_for_this_very_purpose_is_consent() -> None:
    people = records({"consents": UN}, {"consents": PUBLICATION}, {"consents": ""}, {"consents": f"{PUBLICATION}|{UN}"})
    before = people.copy()
    assert with_consent(people, UN)["record_id"].tolist() == ["R-1", "R-4"]
    assert with_consent(people.iloc[2:3], UN).empty
    pd.testing.assert_frame_equal(people, before)


@pytest.mark.parametrize("written", ["un_special_rapporteur", "un-special-rapporteur"])
def test_a_purpose_is_written_with_hyphens_or_low_lines(written: str) -> None:
    assert find_purpose(written) == UN


def test_an_unknown_purpose_is_refused_with_those_known_and_the_list_to_extend() -> None:
    with pytest.raises(BadParameter, match=r"^There is no purpose 'press'\. Known are publication, un-special-rapport"):
        find_purpose("press")
    with pytest.raises(BadParameter, match=r"add another to data/codelists/purposes\.csv\.$"):
        find_purpose("press")


def test_a_language_without_words_is_refused() -> None:
    with pytest.raises(BadParameter, match="There are no case files in 'fr', but in en, ar"):
        find_language("fr")


def test_every_purpose_says_what_it_shows() -> None:
    assert set(read_codelist("purposes").table["shows"]) <= {"all", "public"}


def test_the_name_in_a_record_id_is_refused_without_saying_it() -> None:
    people = records({"name": "Invénted Person"}, {"name": ""}, {"name": "Invented Other"})
    people.loc[0, "record_id"] = "2020_invented-person.7"
    with pytest.raises(BadRecords, match="1 of these records have the person's name in their record_id") as refused:
        require_nameless_ids(people)
    assert "person.7" not in str(refused.value)
    require_nameless_ids(people.iloc[1:])


# -- what a case file says ---------------------------------------------------------------------------------------------


def test_every_field_of_the_contract_is_in_a_case_file_or_left_out_with_a_reason() -> None:
    said = read_case_file()
    fields = [one["field"] for section in said["sections"] for one in section["fields"]]
    of_a_date = {f"{field}_precision" for field, kind in read_contract()["type"].items() if kind == "date"}
    assert len(fields) == len(set(fields))
    assert {*fields, *said["left_out"], *of_a_date, "record_id"} == set(read_contract().index)
    assert not set(fields) & set(said["left_out"])
    assert all(said["left_out"].values())


def test_every_heading_and_phrase_is_in_both_languages() -> None:
    said = read_case_file()
    assert said["languages"]["en"].keys() == said["languages"]["ar"].keys()
    assert len(said["not_held"]["en"]) == len(said["not_held"]["ar"])
    parts = [*said["sections"], *(one for section in said["sections"] for one in section["fields"])]
    assert [part for part in parts if not (part["en"] and part["ar"])] == []


def test_blank_is_not_recorded_and_unknown_is_unknown() -> None:
    told = entries(case_of())
    assert (told["body"].state, told["body"].lines) == ("unknown", ("unknown",))
    assert (told["informant"].state, told["informant"].lines) == ("not_recorded", ("not recorded",))
    assert (told["date_of_death"].state, told["date_of_death"].lines) == ("unknown", ("unknown",))
    assert (told["date_of_arrest"].state, told["date_of_arrest"].lines) == ("not_recorded", ("not recorded",))


def test_a_name_of_nothing_but_unseen_marks_is_not_recorded() -> None:
    assert entries(case_of(name=" \u200f\u202e"))["name"].state == "not_recorded"


def test_a_date_is_said_as_exactly_as_it_is_known_with_its_precision() -> None:
    told = entries(case_of())
    assert told["date_of_incident"].lines == ("March 2019 (precision: month)",)
    assert told["date_of_incident"].value == {"day": "2019-03-01", "precision": "month"}
    assert told["date_documented"].lines == ("20 November 2020 (precision: day)",)
    assert entries(case_of(date_of_death="2020-01-01", date_of_death_precision=""))["date_of_death"].lines == (
        "1 January 2020 (precision: not recorded)",
    )


def test_codes_are_said_by_their_labels_and_numbers_in_full() -> None:
    told = entries(case_of())
    assert told["candidate_parties"].lines == ("Syrian regime forces", "Russian forces")
    assert told["candidate_parties"].value == ["syrian_regime", "russia"]
    assert told["latitude"].lines == ("35.930612",)
    assert told["age"].lines == ("34",)
    assert told["torture"].lines == ("yes",)
    assert told["consents"].lines == ("UN Special Rapporteur",)
    assert told["sources"].lines == ("photo: photo-7.jpg", f"SHA-256: {'ab' * 32}")
    assert entries(case_of(allocated="governorate|cause"))["allocated"].lines == (
        "Governorate of death",
        "Cause of death",
    )


def test_the_word_for_the_regions_is_the_countrys_own() -> None:
    bolivia = Asked(UN, "en", "bolivia", 0, date(2020, 11, 30))
    assert bolivia.headings()["governorate"] == "Department of death"
    assert bolivia.country == read_profile("bolivia").country["en"]


@pytest.mark.parametrize(("agreed", "state"), [("true", "recorded"), ("false", "withheld"), ("", "withheld")])
def test_a_case_made_public_shows_what_is_public_and_the_name_only_where_agreed(agreed: str, state: str) -> None:
    told = entries(case_of(PUBLICATION, consents=PUBLICATION, publish_name=agreed))
    assert told["name"].state == state
    contract = read_contract()
    hidden = {field for field in told if contract.at[field, "shown"] != "public"} - {"name", "aliases"}
    assert {told[field].state for field in hidden} == {"withheld"}
    assert {told[field].value for field in hidden} == {None}
    assert told["governorate"].lines == ("Idlib",)


def test_the_digest_is_of_what_leaves_as_the_table_holds_it() -> None:
    case = case_of(PUBLICATION, name="", consents=PUBLICATION)
    assert case.record_sha256 == case_of(PUBLICATION, name="Invented Other", consents=PUBLICATION).record_sha256
    assert case_of().record_sha256 != case_of(name="Invented Other").record_sha256
    # The canonical form that data/case-file.schema.json describes, from what the file gives (nothing in it was unseen).
    told = entries(case_of(description="plain"))
    dates = {field for field, kind in read_contract()["type"].items() if kind == "date"}
    given = {field: (one.value or {}).get("day") if field in dates else one.value for field, one in told.items()}
    canonical = json.dumps(given, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert case_of(description="plain").record_sha256 == hashlib.sha256(canonical.encode()).hexdigest()


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("purpose", [UN, PUBLICATION])
def test_the_json_is_what_its_schema_says(language: str, purpose: str) -> None:
    schema = json.loads((DATA / "case-file.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    text = case_json(case_of(purpose, language))
    told = json.loads(text)
    jsonschema.validate(told, schema, cls=jsonschema.Draft202012Validator)
    assert text == json.dumps(told, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
    told["sections"][0]["fields"][0]["state"] = "guessed"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(told, schema, cls=jsonschema.Draft202012Validator)


# -- free text ---------------------------------------------------------------------------------------------------------


def test_what_is_not_seen_or_turns_the_order_is_taken_out_and_lines_are_kept() -> None:
    assert inert(HOSTILE) == [
        "=cmd|' /C calc'!A0 { HYPERLINK \"http://x\" } <w:br/>&amp;eniltuo ends",
        "and a line",
    ]
    assert inert("a\tb\r\n\r\n c \ud800\ufeff") == ["a b", "c"]
    assert inert("نیم\u200cفاصله") == ["نیم\u200cفاصله"]  # a joiner shapes letters
    assert inert("\u202e \x00") == []


@pytest.mark.parametrize(
    ("text", "right_to_left", "expected"),
    [
        ("سجل SY-7/2020 هنا", True, [("سجل ", True), ("SY-7/2020", False), (" هنا", True)]),
        (
            "رقم 12 (2020-11-02)",
            True,
            [("رقم ", True), ("12", False), (" (", True), ("\u200e2020-11-02", False), (")", True)],
        ),
        ("in Abu (أبو 7 ب) here", False, [("in Abu (", False), ("أبو 7 ب", True), (") here", False)]),
        ("2020-11-02", True, [("2020-11-02", False)]),
        ("مُختَرَع", False, [("مُختَرَع", True)]),
    ],
)  # fmt: skip
def test_a_text_is_cut_where_its_direction_changes(
    text: str, right_to_left: bool, expected: list[tuple[str, bool]]
) -> None:
    assert stretches(text, right_to_left=right_to_left) == expected
    assert "".join(part for part, _ in expected).replace("\u200e", "") == text


def test_a_line_reads_as_its_first_letter_does() -> None:
    assert reads_right_to_left("12 شخص X", otherwise=False)
    assert not reads_right_to_left("12 X شخص", otherwise=True)
    assert reads_right_to_left("12", otherwise=True)


def test_a_record_id_becomes_one_name_of_a_file() -> None:
    assert file_name("SY-2020-11-0006") == "SY-2020-11-0006"
    assert file_name("../a/b %2F") == "..%2Fa%2Fb%20%252F"
    assert file_name("سجل-7") == "سجل-7"


# -- the document ------------------------------------------------------------------------------------------------------


def test_hostile_words_are_words_in_the_document() -> None:
    made = word_file(case_of(name="{ MERGEFIELD x }", incident_id=HOSTILE))
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        xml = {name: archive.read(name).decode() for name in archive.namelist() if name.endswith((".xml", ".rels"))}
    whole = "".join(xml.values())
    body = docx.Document(io.BytesIO(made)).element.body
    ran = ("instrText", "fldSimple", "fldChar", "hyperlink", "object", "altChunk", "drawing", "pict", "sdt")
    assert [tag for tag in ran if next(body.iter(qn(f"w:{tag}")), None) is not None] == []
    assert 'TargetMode="External"' not in whole
    assert not [letter for letter in whole if letter in "\x00\x07\u202e\u2066\u200f\u2028"]
    assert "=cmd|' /C calc'!A0 { HYPERLINK \"http://x\" } <w:br/>&amp;eniltuo ends" in words_of(body)
    assert "{ MERGEFIELD x }" in words_of(body)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_same_record_gives_the_same_bytes_without_a_moment_in_them(language: str) -> None:
    made = word_file(case_of(language=language))
    assert made == word_file(case_of(language=language))
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    about = docx.Document(io.BytesIO(made)).core_properties
    assert {about.created.isoformat()[:19], about.modified.isoformat()[:19]} == {"2020-11-30T00:00:00"}


def test_the_document_says_what_it_is_and_never_the_name_outside_its_table() -> None:
    made = document(case_of())
    about = made.core_properties
    assert (about.title, about.language, about.subject) == ("Case R-1", "en", "UN Special Rapporteur")
    assert made.sections[0].footer.paragraphs[0].text == (
        "UN Special Rapporteur · R-1 · records table, vintage 3 · given with the family's consent for this purpose only"
    )
    headings = [each.text for each in made.paragraphs if each.style.name == "Heading 1"]
    assert headings == [
        *(one["en"] for one in read_case_file()["sections"]),
        "Asked for, and not held in these records",
    ]
    assert "Invented" not in " ".join(each.text for each in made.paragraphs)
    cells = {row.cells[0].text: row.cells[1].text for table in made.tables for row in table.rows}
    assert cells["Name"] == "Invented Person"
    assert cells["Body"] == "unknown"


def test_the_first_row_of_every_table_is_marked_as_its_heading() -> None:
    tables = document(case_of()).tables
    assert len(tables) == len(read_case_file()["sections"])
    marked = [[row._tr.find(f".//{qn('w:tblHeader')}") is not None for row in table.rows] for table in tables]
    assert all(row[0] and not any(row[1:]) for row in marked)
    assert {table.rows[0].cells[1].text for table in tables} == {"As recorded"}


def test_an_arabic_file_runs_from_right_to_left_with_arabic_headings() -> None:
    made = document(case_of(language="ar", description="English words.", name="شخص مخترع"))
    assert made.core_properties.language == "ar-SY"
    assert {table.table_direction for table in made.tables} == {WD_TABLE_DIRECTION.RTL}
    assert made.sections[0]._sectPr.find(qn("w:bidi")) is not None
    headings = [each.text for each in made.paragraphs if each.style.name == "Heading 1"]
    assert headings[:2] == ["الشخص", "الحادثة"]
    labels = [row.cells[0].paragraphs[0] for table in made.tables for row in table.rows]
    own = [*made.paragraphs, *made.sections[0].footer.paragraphs, *labels]
    assert [each.text for each in own if each._p.find(f".//{qn('w:bidi')}") is None] == []
    values = {row.cells[0].text: row.cells[1].paragraphs[0] for table in made.tables for row in table.rows}
    assert values["محافظة الوفاة"].text == "إدلب"
    assert values["ما الذي حدث"]._p.find(f".//{qn('w:bidi')}") is None
    assert [run.font.rtl for run in values["الاسم"].runs] == [True]


def test_in_an_arabic_file_arabic_runs_are_marked_and_ids_and_numbers_are_kept_whole() -> None:
    made = document(case_of(language="ar"))
    paragraphs = [*made.paragraphs, *made.sections[0].footer.paragraphs]
    paragraphs += [one for table in made.tables for row in table.rows for cell in row.cells for one in cell.paragraphs]
    runs = [run for paragraph in paragraphs for run in paragraph.runs]
    arabic = [run for run in runs if any("\u0600" <= letter <= "\u06ff" for letter in run.text)]
    assert len(arabic) > 50
    assert [run.text for run in arabic if not run.font.rtl] == []
    assert [
        run.text for run in runs if run.font.rtl and any(letter.isascii() and letter.isalnum() for letter in run.text)
    ] == []
    whole = [run.text for run in runs if not run.font.rtl]
    assert {"R-1", "2019", "35.930612", f"SHA-256: {'ab' * 32}"} <= set(whole)
