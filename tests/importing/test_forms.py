"""The form for documenters: made from the lists, filled in any language, read back and never counted unverified."""

import hashlib
import io
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner

from analysis.codelists import read_codelist
from analysis.commands.form import form
from analysis.errors import BadParameter
from analysis.importing.forms import FIRST, HEADINGS, NAMES, form_workbook, read_form
from analysis.importing.mapping import find_mapping, read_mapping
from analysis.importing.reading import read_source
from analysis.importing.translating import Translated, translate
from analysis.records.contract import parse_text, read_contract
from analysis.records.corrections import Correction, apply_corrections
from analysis.records.counted import counted, exclusions

FILLED = {
    "en": {"sex": "female", "status": "civilian", "governorate": "Idlib", "torture": "yes", "publish_name": "no"},
    "ar": {"sex": "أنثى", "status": "مدني", "governorate": "إدلب", "torture": "نعم", "publish_name": "لا"},
}
COMMON = {
    "reference": "HOMS-1", "name": "Invented Person", "age": 7, "date_documented": date(2020, 11, 20),
    "date_of_death": date(2020, 11, 1), "description": "invented words",
}  # fmt: skip


def book(language: str) -> Any:
    return openpyxl.load_workbook(io.BytesIO(form_workbook(language)))


def read_back(folder: Path, language: str, *people: dict[str, object]) -> Translated:
    """What a filled form becomes; people are filled from the first free row on, in a spreadsheet program's way."""
    filled = book(language)
    sheet = filled["form"]
    columns = {cell.value: cell.column for cell in sheet[NAMES]}
    for row, person in enumerate(people, FIRST):
        for name, value in person.items():
            sheet.cell(row, columns[name], value)
    filled.save(folder / "form.xlsx")
    mapping = read_mapping(find_mapping("form"))
    (chunk,) = read_source(folder / "form.xlsx", mapping.reading)
    return translate(chunk.rows, mapping)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_same_lists_give_the_same_bytes(language: str) -> None:
    first, second = form_workbook(language), form_workbook(language)
    assert hashlib.sha256(first).digest() == hashlib.sha256(second).digest()
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert b"1980-01-01T00:00:00Z</dcterms:modified>" in archive.read("docProps/core.xml")


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_form_filled_in_any_language_becomes_a_submitted_record(language: str, tmp_path: Path) -> None:
    found = read_back(tmp_path, language, COMMON | FILLED[language])
    assert found.reasons.tolist() == [""]
    (record,) = found.records.to_dict("records")
    expected = {
        "record_id": "FORM-HOMS-1", "sex": "female", "status": "civilian", "governorate": "idlib", "torture": "true",
        "publish_name": "false", "age": "7", "age_group": "child", "verification": "submitted",
        "date_documented": "2020-11-20", "date_of_death": "2020-11-01", "date_of_death_precision": "day",
    }  # fmt: skip
    assert {name: record[name] for name in expected} == expected


def test_every_field_of_the_form_is_read_and_every_label_resolves(tmp_path: Path) -> None:
    """Each label of each list, in both languages, chosen once."""
    mapping = read_mapping(find_mapping("form"))
    assert {one["field"] for one in read_form()["fields"]} == mapping.columns
    contract, faults = read_contract(), []
    fields = [one["field"] for one in read_form()["fields"] if one["field"] != "reference"]
    coded = {name: contract.at[name, "codes"] for name in fields if contract.at[name, "codes"]}
    for language in ("en", "ar"):
        people, wanted = [], []
        for name, codes in coded.items():
            for code in read_codelist(codes).codes:
                label = read_codelist(codes).label(code, language)
                people.append(COMMON | FILLED[language] | {"reference": f"{name}-{code}", name: label})
                wanted.append((name, code))
        found = read_back(tmp_path, language, *people)
        faults += [reason for reason in found.reasons if reason]
        got = [found.records.at[row, name] for row, (name, _) in enumerate(wanted)]
        assert got == [code for _, code in wanted]
    assert faults == []


def test_what_is_submitted_counts_only_once_verified(tmp_path: Path) -> None:
    records = parse_text(read_back(tmp_path, "en", COMMON | FILLED["en"]).records).to_pandas(date_as_object=False)
    assert exclusions(records)["not_verified"] == ["FORM-HOMS-1"]
    assert counted(records).empty
    verified = Correction(
        "FORM-HOMS-1", "verification", "submitted", "verified", "seen", "file 7", date(2021, 1, 2), "A.", "applied"
    )
    assert counted(apply_corrections(records, [verified])[0])["record_id"].tolist() == ["FORM-HOMS-1"]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"reference": None}, "record_id: "),
        ({"status": None}, "status: "),
        ({"age": 121}, "age: "),
        ({"age": -1}, "age: "),
        ({"governorate": "Atlantis"}, "governorate: "),
        ({"date_of_death": "last week"}, "date_of_death: "),
    ],
)
def test_a_row_that_cannot_be_right_is_kept_with_its_reason(
    change: dict[str, object], reason: str, tmp_path: Path
) -> None:
    found = read_back(tmp_path, "en", COMMON | FILLED["en"] | change)
    assert found.records.empty
    assert found.reasons.tolist()[0].startswith(reason)


def test_a_date_of_which_the_month_is_known_says_so(tmp_path: Path) -> None:
    known = {"date_of_death_precision": "month"}
    (record,) = read_back(tmp_path, "en", COMMON | FILLED["en"] | known).records.to_dict("records")
    assert (record["date_of_death"], record["date_of_death_precision"]) == ("2020-11-01", "month")


def test_the_form_is_in_its_language_with_lists_checks_and_help() -> None:
    arabic = book("ar")
    sheet = arabic["form"]
    assert sheet.sheet_view.rightToLeft
    assert sheet.row_dimensions[NAMES].hidden
    assert arabic["codes"].sheet_state == "hidden"
    letters = {cell.value: cell.column_letter for cell in sheet[NAMES]}
    headings = {name: sheet[f"{letter}{HEADINGS}"].value for name, letter in letters.items()}
    assert headings["status"].endswith("(إلزامي)")
    assert headings["sex"] == "الجنس"
    checks = {str(check.sqref).split(":")[0]: check for check in sheet.data_validations.dataValidation}
    of = {name: checks[f"{letter}{FIRST}"] for name, letter in letters.items()}
    assert all(check.prompt and check.showInputMessage for check in of.values())
    assert (of["age"].type, of["age"].formula1, of["age"].formula2) == ("decimal", "0", "120")
    assert of["date_of_death"].type == "date"
    (choices,) = [of["sex"].formula1.removeprefix("codes!").replace("$", "")]
    assert [row[0].value for row in arabic["codes"][choices]] == ["أنثى", "ذكر", "غير معروف"]


def test_the_form_asks_for_what_a_record_needs_and_marks_it() -> None:
    marked = {one["field"] for one in read_form()["fields"] if one.get("required")}
    assert {"reference", "status"} <= marked


def test_a_language_without_words_is_refused() -> None:
    with pytest.raises(BadParameter, match="There is no form in 'xx', but in en, ar"):
        form_workbook("xx")


def test_the_command_writes_the_workbook() -> None:
    ran = CliRunner().invoke(form, ["--language", "ar"])
    assert ran.exit_code == 0
    assert ran.stdout_bytes == form_workbook("ar")
