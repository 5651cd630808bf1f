import contextlib
import re
import struct
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from analysis.errors import BadRecords
from analysis.importing.reading import Reading, read_source
from analysis.importing.tables import as_text

AS_USUAL = Reading()
MIDNIGHT = datetime.fromisoformat("2020-11-03")
Save = Callable[..., Path]


@pytest.fixture
def save(tmp_path: Path) -> Save:
    """Save rows as the one sheet of a workbook; `change` may do what it likes to the sheet before."""

    def save_rows(rows: list[list[Any]], change: Callable[[Any], object] = lambda _: None) -> Path:
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append(row)
        change(book.active)
        book.save(tmp_path / "extract.xlsx")
        return tmp_path / "extract.xlsx"

    return save_rows


def _rows(path: Path, reading: Reading = AS_USUAL, chunk_rows: int = 100_000) -> list[list[str]]:
    found: list[list[str]] = []
    for chunk in read_source(path, reading, chunk_rows=chunk_rows):
        assert all(kind == "str" for kind in chunk.rows.dtypes)
        found = found or [list(chunk.rows.columns)]
        assert chunk.first_row == reading.header_row + len(found)
        found += chunk.rows.to_numpy().tolist()
    return found


def _fault(path: Path, reading: Reading = AS_USUAL) -> str:
    with pytest.raises(BadRecords) as caught:
        _rows(path, reading)
    return str(caught.value)


def _edited(path: Path, part: str, edit: Callable[[str], str]) -> Path:
    """Write a workbook's XML anew: for what no spreadsheet program writes."""
    with zipfile.ZipFile(path) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    parts[part] = edit(parts[part].decode()).encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in parts.items():
            # No time of day: the same parts make the same file.
            new.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return path


SHEET = "xl/worksheets/sheet1.xml"


def _with_cells(path: Path, xml: str) -> Path:
    return _edited(path, SHEET, lambda text: re.sub("<sheetData>.*</sheetData>", f"<sheetData>{xml}</sheetData>", text))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (35, "35"),
        (-7.0, "-7"),
        (0.1667, "0.1667"),
        (44137.123456789, "44137.123456789"),
        (9007199254740992, "9007199254740992"),
        (1e-7, "1e-07"),
        (True, "true"),
        (False, "false"),
        (date(2020, 11, 3), "2020-11-03"),
        (MIDNIGHT, "2020-11-03"),
        (MIDNIGHT.replace(hour=14, minute=5), "2020-11-03T14:05:00"),
        (time(9, 30), "09:30:00"),
        (timedelta(hours=30), "1 day, 6:00:00"),
        ("0012", "0012"),
        (" NA ", " NA "),
        ("a\nb", "a\nb"),
        ("محمد", "محمد"),
        (None, ""),
    ],
)
def test_each_kind_of_cell_is_written_as_text(save: Save, value: object, text: str) -> None:
    assert _rows(save([["id", "value"], ["x", value]])) == [["id", "value"], ["x", text]]


def test_numbers_keep_every_digit_of_the_file(save: Save) -> None:
    path = _with_cells(save([["a"]]), '<row r="1"><c t="inlineStr"><is><t>a</t></is></c></row>'
                                      '<row r="2"><c><v>0.30000000000000004</v></c></row>')  # fmt: skip
    assert _rows(path)[1] == ["0.30000000000000004"]


def test_dates_counted_from_1904_are_the_same_dates(save: Save) -> None:
    def count_from_1904(sheet: Any) -> None:
        sheet.parent.epoch = CALENDAR_MAC_1904
        sheet["A2"] = date(2020, 11, 3)

    assert _rows(save([["died"], [None]], count_from_1904))[1] == ["2020-11-03"]


def test_blank_rows_stay_between_records_and_formatted_ones_at_the_end_are_left_out(save: Save) -> None:
    def format_far_below(sheet: Any) -> None:
        for row in range(6, 300):
            sheet.cell(row, 2).number_format = "0.00"

    path = save([["a", "b"], [1, 2], [None, None], [None, None], [3, 4]], format_far_below)
    for chunk_rows in (1, 2, 100):
        assert _rows(path, chunk_rows=chunk_rows) == [["a", "b"], ["1", "2"], ["", ""], ["", ""], ["3", "4"]]


def test_table_may_begin_below_and_to_the_right(save: Save) -> None:
    path = save([[None, "Extract"], [], [None, "a", "b"], [None, 1, 2]], lambda sheet: sheet.merge_cells("B1:C1"))
    assert _rows(path, Reading(header_row=3)) == [["a", "b"], ["1", "2"]]


def test_blank_header_row_names_the_first_that_is_not(save: Save) -> None:
    assert "write `header_row: 3`" in _fault(save([[], [], ["a", "b"], [1, 2]]))


def test_unnamed_columns_without_values_are_no_columns(save: Save) -> None:
    assert _rows(save([["a", "b", " ", None], [1, 2, None, None]])) == [["a", "b"], ["1", "2"]]


def test_values_in_columns_without_a_name_are_refused_with_their_cells(save: Save) -> None:
    assert "columns without a name (E3)" in _fault(save([[None, "a"], [None, 1], [None, 2, None, None, "x"]]))
    assert "has no name for 1 column (column 2, from the left)" in _fault(save([["a", None, "c"], [1, 2, 3]]))


def test_columns_with_one_name_are_refused(save: Save) -> None:
    assert "names 1 column more than once ('a')" in _fault(save([["a", "b", "a"], [1, 2, 3]]))


def test_formulas_are_refused_with_their_cells(save: Save) -> None:
    path = save([["a", "b"], [1, "=A2+1"], [2, "=A3+1"], [3, "=A4"], [4, "=A5"]])
    assert "4 cells of the sheet 'Sheet' in extract.xlsx hold a formula (B2, B3, B4 and 1 more)" in _fault(path)


def test_error_values_are_refused_with_their_cells(save: Save) -> None:
    def fail(sheet: Any) -> None:
        sheet["AB7"] = "#N/A"
        sheet["AB7"].data_type = "e"

    assert "A cell of the sheet 'Sheet' in extract.xlsx holds an error value such as #N/A (AB7)" in _fault(
        save([["a"], [1]], fail)
    )


def test_merged_cells_are_refused_in_the_table_and_allowed_above_it(save: Save) -> None:
    rows = [["Extract"], ["a", "b"], [1, 2], [3, None]]
    assert "merged cells among its records or their names (B3:B4)" in _fault(
        save(rows, lambda sheet: sheet.merge_cells("B3:B4")), Reading(header_row=2)
    )
    assert "(A2:B2)" in _fault(save(rows, lambda sheet: sheet.merge_cells("A2:B2")), Reading(header_row=2))
    allowed = save(rows, lambda sheet: (sheet.merge_cells("A1:C1"), sheet.merge_cells("H20:H21")))
    assert len(_rows(allowed, Reading(header_row=2))) == 3


def test_number_too_large_to_be_exact_is_refused_with_its_cell(save: Save) -> None:
    # 2 to the power of 53 is the last whole number that a spreadsheet holds exactly.
    assert "Cell B2 of the sheet" in _fault(save([[None, "a"], [None, 9007199254740994]]))


def test_sheet_is_chosen_by_name(save: Save) -> None:
    def add(sheet: Any) -> None:
        other = sheet.parent.create_sheet("ضحايا 2020")
        other.append(["b"])
        other.append([2])

    path = save([["a"], [1]], add)
    assert _rows(path, Reading(sheet="ضحايا 2020")) == [["b"], ["2"]]
    assert "has 2 sheets ('Sheet', 'ضحايا 2020')" in _fault(path)
    assert "has no sheet 'Sheet 2'. It has 'Sheet', 'ضحايا 2020'" in _fault(path, Reading(sheet="Sheet 2"))


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([], "holds no column names"),
        ([["a", "b"]], "not one record"),
        ([[2020, 35.5, 7], [1, 2, 3]], "seems to hold values"),
    ],
)
def test_sheet_without_a_table_is_refused(save: Save, rows: list[list[Any]], said: str) -> None:
    assert said in _fault(save(rows))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"id,name\n1,x\n", "is not an Excel workbook"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600 + "Workbook".encode("utf-16-le"), "old .xls form"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * (1 << 20) + "EncryptedPackage".encode("utf-16-le"), "protected with a password"),
        (b"PK\x03\x04" + b"\0" * 50, "damaged or cut short"),
    ],
    ids=["empty", "csv", "xls", "password", "zip"],
)
def test_what_is_no_workbook_is_said(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "extract.xlsx"
    path.write_bytes(content)
    assert said in _fault(path)


def test_zip_that_is_no_workbook_is_said(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "extract.xlsx", "w") as made:
        made.writestr("readme.txt", "no workbook")
    assert "no Excel workbook: it has no xl/_rels/workbook.xml.rels" in _fault(tmp_path / "extract.xlsx")


def test_zip_that_unpacks_to_200_times_its_size_is_not_opened(save: Save) -> None:
    path = save([["a"], [1]])
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/image1.png", b"\0" * 10_000_000)
    assert "more than 1 GiB or 200 times its size: it was not opened" in _fault(path)


def test_zip_that_says_it_unpacks_to_more_than_1_gib_is_not_opened(save: Save) -> None:
    path = save([["a"], [1]])
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/media/image1.png", b"x" * 7_000_000)
    content = bytearray(path.read_bytes())
    # The last entry of the list of parts: its unpacked size is told at byte 24.
    entry = content.rindex(b"PK\x01\x02")
    struct.pack_into("<L", content, entry + 24, (1 << 30) + 1)
    path.write_bytes(content)
    assert 200 * path.stat().st_size > (1 << 30) + 1
    assert "1,073," in _fault(path)


def test_damage_to_a_part_that_nobody_reads_is_still_damage(save: Save) -> None:
    path = save([["a"], [1]])
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/media/image1.png", b"a picture")
    path.write_bytes(path.read_bytes().replace(b"a picture", b"b picture"))
    assert "a part of it does not unpack to what it should be" in _fault(path)


def test_stray_value_at_the_end_of_the_sheet_is_refused_before_room_is_made_for_it(save: Save) -> None:
    assert "reach to XFD1048576, 17,179,869,184 cells" in _fault(
        save([["a"], [1]], lambda sheet: sheet.__setitem__("XFD1048576", "x"))
    )


@pytest.mark.parametrize(
    ("xml", "said"),
    [
        ('<row r="1"><c r="A1"><v>1</v></c><c r="A1"><v>2</v></c></row>', "cell A1 is there twice"),
        ('<row r="1"><c r="A0x"><v>1</v></c></row>', "no proper address"),
        ('<row r="1"><c r="ZZZ1"><v>1</v></c></row>', "beyond what a sheet can hold"),
        ('<row r="1"><c r="A1" t="s"><v>7</v></c></row>', "its cells cannot be read"),
        ('<row r="1"><c r="A1"><v>1</v></row>', "its part xl/worksheets/sheet1.xml cannot be read"),
        ('<row r="1"><c t="str"><v>a</v></c></row><row r="2"><c><v>nan</v></c></row>', "Cell A2"),
    ],
)
def test_xml_that_no_program_writes_is_refused(save: Save, xml: str, said: str) -> None:
    assert said in _fault(_with_cells(save([["a"], [1]]), xml))


def test_xml_entities_are_refused(save: Save) -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    path = _edited(save([["a"], [1]]), SHEET, lambda text: bomb + text)
    assert "declares XML entities" in _fault(path)


def test_progress_ends_at_the_size_of_the_file(save: Save) -> None:
    told: list[tuple[int, int]] = []
    path = save([["a"], *[[n] for n in range(50)]])
    list(read_source(path, chunk_rows=20, on_bytes=lambda done, total: told.append((done, total))))
    assert told[-1] == (path.stat().st_size, path.stat().st_size)


def test_bytes_are_never_taken_for_text() -> None:
    with pytest.raises(TypeError):
        as_text([b"\xff"])


@settings(
    max_examples=100, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_damaged_workbook_gives_its_rows_or_a_message(save: Save, data: st.DataObject) -> None:
    path = save([["id", "died"], ["001", MIDNIGHT.replace(hour=4)], ["002", 1 / 3]])
    _edited(path, "docProps/core.xml", lambda text: re.sub(r"\d{4}-\d\d-\d\dT[\d:]+Z", "2020-11-03T00:00:00Z", text))
    expected = _rows(path)
    content = path.read_bytes()
    at, gone = data.draw(st.integers(0, len(content))), data.draw(st.integers(0, 30))
    cut = data.draw(st.booleans())
    path.write_bytes(content[:at] if cut else content[:at] + data.draw(st.binary(max_size=4)) + content[at + gone :])
    with contextlib.suppress(BadRecords):
        assert _rows(path) == expected
