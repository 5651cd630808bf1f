"""The form for documenters: a workbook made from the code lists and data/form.yml (METHOD M26).

What it asks for is read back by data/mappings/form.yml, by way of a hidden row that names the fields: a form is one
source, whatever language it is filled in. The same lists give the same bytes.
"""

import io
import re
import zipfile
from datetime import datetime
from functools import cache
from typing import Any

import yaml
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from analysis.codelists import SYRIA, read_codelist
from analysis.errors import BadParameter
from analysis.files import zipped
from analysis.places import DATA
from analysis.records.contract import read_contract

SHEET, CODES = "form", "codes"
HEADINGS, NAMES, FIRST = 1, 2, 3  # rows of the form: headings, fields (hidden), the first person
_WHEN = (1980, 1, 1, 0, 0, 0)
_MOMENT = "1980-01-01T00:00:00Z"
_ABOUT = "docProps/core.xml"


@cache
def read_form() -> dict[str, Any]:
    """What data/form.yml says: `rows`, `words` by language, `fields`."""
    return dict(yaml.safe_load((DATA / "form.yml").read_text(encoding="utf-8")))


def form_workbook(language: str, *, profile: str = SYRIA) -> bytes:
    """The form in a language, as the bytes of an XLSX file, with the code lists of a profile.

    Raises BadParameter for a language that data/form.yml does not have.
    """
    said = read_form()
    if language not in said["words"]:
        raise BadParameter(
            f"There is no form in {language!r}, but in {', '.join(said['words'])}. Its words stand in data/form.yml."
        )
    words, book = said["words"][language], Workbook()
    form, help_, codes = book.active, book.create_sheet(words["instructions"]), book.create_sheet(CODES)
    form.title = SHEET
    codes.sheet_state = "hidden"
    for number, field in enumerate(said["fields"], 1):
        _column(form, codes, number, field, words, language, profile)
    form.row_dimensions[NAMES].hidden = True
    form.freeze_panes = form.cell(FIRST, 2)
    for row, line in enumerate(words["lines"], 1):
        help_.cell(row, 1, line).alignment = Alignment(wrap_text=True, vertical="top")
    help_["A1"].font = Font(bold=True, size=14)
    help_.column_dimensions["A"].width = 100
    for sheet in (form, help_):
        sheet.sheet_view.rightToLeft = language == "ar"
    return _without_times(book)


def _column(
    form: Worksheet, codes: Worksheet, number: int, field: dict[str, Any], words: Any, language: str, profile: str
) -> None:
    """One column: heading, field, and what may be entered, with its help."""
    name, (heading, told), letter = field["field"], field[language], get_column_letter(number)
    required = bool(field.get("required"))
    title = form.cell(HEADINGS, number, f"{heading} {words['required']}" if required else heading)
    title.font, title.alignment = Font(bold=True), Alignment(wrap_text=True, vertical="top")
    title.fill = PatternFill("solid", fgColor="F6D5A8" if required else "E4E9EC")
    form.cell(NAMES, number, name)
    form.column_dimensions[letter].width = 44 if name == "description" else 20
    labels = _labels(name, words, language, profile)
    for row, label in enumerate([name, *labels] if labels else [], 1):
        codes.cell(row, number, label)
    check = _check(name, words, f"{CODES}!${letter}$2:${letter}${len(labels) + 1}" if labels else "")
    check.promptTitle, check.prompt, check.showInputMessage = heading[:32], told[:255], True
    last = FIRST + read_form()["rows"] - 1
    check.add(f"{letter}{FIRST}:{letter}{last}")
    form.add_data_validation(check)
    if _kind(name) == "date":
        for row in range(FIRST, last + 1):
            form.cell(row, number).number_format = "yyyy-mm-dd"


def _kind(name: str) -> str:
    contract = read_contract()
    return str(contract.at[name, "type"]) if name in contract.index else "text"


def _labels(name: str, words: dict[str, str], language: str, profile: str) -> list[str]:
    """What may be chosen for a field, in the language; [] where anything may be written."""
    if _kind(name) == "flag":
        return [words["true"], words["false"]]
    codes = read_contract().at[name, "codes"] if name in read_contract().index else ""
    if not codes:
        return []
    codelist = read_codelist(codes, profile)
    return [codelist.label(code, language) for code in codelist.codes]


def _check(name: str, words: dict[str, str], choices: str) -> DataValidation:
    """What a cell of a field refuses."""
    if choices:
        return DataValidation("list", choices, allow_blank=True, showErrorMessage=True, error=words["wrong_list"])
    if name == "age":
        return DataValidation(
            "decimal", "0", "120", allow_blank=True, showErrorMessage=True, error=words["wrong_age"], operator="between"
        )
    if _kind(name) == "date":
        return DataValidation(
            "date", "DATE(1900,1,1)", "TODAY()", allow_blank=True, showErrorMessage=True, error=words["wrong_date"],
            operator="between",
        )  # fmt: skip
    return DataValidation(None, allow_blank=True)


def _without_times(book: Workbook) -> bytes:
    """The workbook's bytes, without the moment at which they were written."""
    book.properties.creator = "toll-report"
    book.properties.created = datetime(*_WHEN)  # noqa: DTZ001 (openpyxl takes UTC without a zone)
    written = io.BytesIO()
    book.save(written)
    with zipfile.ZipFile(written) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts[_ABOUT] = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + _MOMENT.encode(), parts[_ABOUT])
    return zipped(parts.items())
