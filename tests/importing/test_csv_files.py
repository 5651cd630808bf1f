import codecs
import csv
import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.errors import BadRecords
from analysis.importing import csv_files, csv_shape, encodings
from analysis.importing.encodings import LIMIT, detect_encoding
from analysis.importing.reading import Reading, read_source

Write = Callable[..., Path]
AS_USUAL = Reading()
_SCRATCH = settings(
    max_examples=150, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write_file(content: str | bytes, encoding: str = "utf-8") -> Path:
        path = tmp_path / "extract.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    return write_file


def _rows(path: Path, reading: Reading = AS_USUAL, chunk_rows: int = 100_000) -> list[list[str]]:
    """The header and every row below it; chunks must fit together by their row numbers."""
    found: list[list[str]] = []
    for chunk in read_source(path, reading, chunk_rows=chunk_rows):
        assert all(kind == "str" for kind in chunk.rows.dtypes)
        assert chunk.rows.index.equals(pd.RangeIndex(len(chunk.rows)))
        found = found or [list(chunk.rows.columns)]
        assert chunk.first_row == reading.header_row + len(found)
        found += chunk.rows.to_numpy().tolist()
    return found


def _fault(path: Path, reading: Reading = AS_USUAL) -> str:
    with pytest.raises(BadRecords) as caught:
        _rows(path, reading)
    return str(caught.value)


def test_values_are_kept_exactly(write: Write) -> None:
    path = write('id,name,age\n0012, NA ,\n007,"a ""b"", c",1.0\n-,NULL,"x\r\ny"\n')
    assert _rows(path) == [
        ["id", "name", "age"],
        ["0012", " NA ", ""],
        ["007", 'a "b", c', "1.0"],
        ["-", "NULL", "x\r\ny"],
    ]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
@pytest.mark.parametrize("last", [True, False], ids=["last line ended", "last line open"])
def test_every_line_end_is_read(write: Write, end: str, last: bool) -> None:
    assert _rows(write(end.join(["a,b", "1,2", "3,4"]) + end * last)) == [["a", "b"], ["1", "2"], ["3", "4"]]


def test_byte_order_mark_is_no_part_of_the_first_name(write: Write) -> None:
    assert _rows(write(codecs.BOM_UTF8 + b'"id",b\n1,2\n'))[0] == ["id", "b"]


def test_separators_of_unicode_end_no_line(write: Write) -> None:
    assert _rows(write("a,b\n1\u2028x,2\x85y\n3,4\x1c\n")) == [["a", "b"], ["1\u2028x", "2\x85y"], ["3", "4\x1c"]]


def test_delimiter_quote_and_header_row_are_those_of_the_mapping(write: Write) -> None:
    path = write("Extract of 3 March\n\nid;name\n1;'a;b'\n2;c\"d\n")
    reading = Reading(delimiter=";", quote="'", header_row=3)
    assert _rows(path, reading) == [["id", "name"], ["1", "a;b"], ["2", 'c"d']]


def test_quote_may_be_switched_off(write: Write) -> None:
    assert _rows(write('a,b\n"1,2"\n'), Reading(quote="")) == [["a", "b"], ['"1', '2"']]


def test_quote_inside_a_value_without_quotes_is_a_character(write: Write) -> None:
    assert _rows(write('a,b\n5" shell,2\n')) == [["a", "b"], ['5" shell', "2"]]


def test_blank_lines_stay_between_records_and_are_left_out_at_the_end(write: Write) -> None:
    path = write("a,b\n1,2\n\n,\n3,4\n\n,\n\n")
    # Rows 3 and 4 of the file are blank; so 3,4 is row 5, as a spreadsheet would number it.
    expected = [["a", "b"], ["1", "2"], ["", ""], ["", ""], ["3", "4"]]
    for chunk_rows in (1, 2, 100):
        assert _rows(path, chunk_rows=chunk_rows) == expected


def test_chunks_are_as_long_as_asked_for(write: Write) -> None:
    path = write("a\n" + "".join(f"{n}\n" for n in range(25)))
    assert [(chunk.first_row, len(chunk.rows)) for chunk in read_source(path, chunk_rows=10)] == [
        (2, 10),
        (12, 10),
        (22, 5),
    ]


def test_progress_ends_at_the_size_of_the_file(write: Write) -> None:
    for text in ("a,b\n" + "1,2\n" * 1000, 'a,b\n1,5" x\n' * 1000):
        path, told = write(text), []
        list(read_source(path, on_bytes=lambda done, total, told=told: told.append((done, total))))
        assert told[-1] == (path.stat().st_size, path.stat().st_size)
        assert told == sorted(told)


ARABIC = "الاسم,المكان\n" + "محمد أحمد,إدلب\nفاطمة علي,دير الزور\n" * 5


def test_wrong_encoding_names_the_line_and_what_to_write(write: Write) -> None:
    path = write(b"id,name\n1,plain\n" + "2,محمد أحمد من إدلب\n3,فاطمة علي من دير الزور\n".encode("cp1256"))
    said = _fault(path)
    assert "extract.csv is not UTF-8: line 3" in said
    assert "`encoding: windows-1256`" in said
    assert _rows(path, Reading(encoding="windows-1256"))[2] == ["2", "محمد أحمد من إدلب"]


def test_line_of_the_wrong_byte_is_found_beyond_the_first_block(write: Write) -> None:
    # 300,000 lines of 6 bytes are more than one block of 1 MiB; the fault is on the line after them and the header.
    said = _fault(write(b"ab,cd\n" * 300_001 + b"\xff,1\n"))
    assert "line 300002 holds" in said


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_utf16_and_utf32_are_known_by_their_mark(write: Write, encoding: str) -> None:
    path = write(("" if encoding in ("utf-16", "utf-32") else "\ufeff") + 'a,b\nم,"ن,"\n', encoding)
    name = encoding[:6]
    assert f"`encoding: {name}`" in _fault(path)
    assert _rows(path, Reading(encoding=name)) == [["a", "b"], ["م", "ن,"]]
    assert _rows(path, Reading(encoding=encoding)) == [["a", "b"], ["م", "ن,"]]
    assert f"is {name} by its bytes" in _fault(path, Reading(encoding="utf-8"))


def test_utf8_that_a_mapping_calls_something_else_is_refused(write: Write) -> None:
    assert "is utf-8 by its bytes" in _fault(write(ARABIC), Reading(encoding="windows-1256"))
    assert "is utf-8 by its bytes" in _fault(write(codecs.BOM_UTF8 + b"a,b\n1,2\n"), Reading(encoding="cp1252"))


@pytest.mark.parametrize("name", ["klingon", "hex", "rot13", "", "undefined", "a\0b"])
def test_encoding_that_does_not_exist_is_refused(write: Write, name: str) -> None:
    path = write("a,b\n1,2\n")
    if not name:
        assert len(_rows(path, Reading(encoding=name))) == 2
    else:
        assert "there is no such encoding" in _fault(path, Reading(encoding=name))


@pytest.mark.parametrize(
    ("text", "encoding", "expected"),
    [
        (ARABIC, "utf-8", "utf-8"),
        ("a,b\n", "utf-8", "utf-8"),
        (ARABIC, "cp1256", "windows-1256"),
        ("nombre,lugar\nJosé Núñez,Potosí\nMaría Peña,Oruro\n", "cp1252", "windows-1252"),
        ("имя,место\nИван Петров,Москва\nСергей Волков,Киев\n" * 3, "cp1251", "windows-1251"),
        (ARABIC, "utf-16", "utf-16"),
    ],
)
def test_encoding_is_detected_for_messages(write: Write, text: str, encoding: str, expected: str) -> None:
    assert detect_encoding(write(text, encoding)) == expected


def test_encoding_is_detected_however_late_the_first_letter_comes(write: Write) -> None:
    path = write(b"ab,cd\n" * 400_000 + ARABIC.encode("cp1256"))
    assert detect_encoding(path) == "windows-1256"


def test_file_cut_inside_a_quoted_value_names_its_line(write: Write) -> None:
    assert "opens in the record on line 3" in _fault(write('a,b\n1,2\n3,"cut off\nhere,'))


def test_file_cut_inside_a_character_is_refused(write: Write) -> None:
    assert "line 2 holds bytes that are no UTF-8" in _fault(write("a,b\n1,م".encode()[:-1]))


def test_ragged_rows_are_counted_and_the_first_three_named(write: Write) -> None:
    text = "a,b\n" + '1,"x\ny"\n' + "1\n" + "1,2,3\n" * 2 + "1,2\n" + "7,8,9\n" * 1200
    # The quoted line end makes the second record lines 2 and 3: the short row is on line 4.
    said = _fault(write(text))
    assert said.startswith(
        "1,203 rows of extract.csv do not have the 2 fields of its header (line 4, 5, 6 and 1,200 more)"
    )


def test_one_ragged_row_late_in_a_large_file_is_found(write: Write) -> None:
    said = _fault(write("a,b\n" + "1,2\n" * 60_000 + "1,2,3\n" + "1,2\n" * 10))
    assert said.startswith("1 row of extract.csv does not have the 2 fields of its header (line 60002)")


def test_row_that_stops_the_fast_reader_halfway_loses_and_repeats_nothing(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(csv_files, "_ARROW_BLOCK", 64)
    # A blank row of another width: no fault of the file, but Arrow refuses it after it has given the rows before.
    text = "".join(f"{n},x\n" for n in range(100)) + ",,,\n" + "".join(f"{n},x\n" for n in range(101, 150))
    rows = _rows(write("a,b\n" + text), chunk_rows=10)
    assert [row[0] for row in rows[1:]] == ["" if n == 100 else f"{n}" for n in range(150)]


def test_text_after_a_closing_quote_names_its_line(write: Write) -> None:
    said = _fault(write('a,b\n1,2\n"somebody"s,2\n'))
    assert said.startswith("Line 3 of extract.csv is not CSV")
    assert "somebody" not in said


def test_nul_byte_names_its_line(write: Write) -> None:
    assert "Line 3 of extract.csv holds a NUL byte" in _fault(write(b"a,b\n1,2\n3,\x004\n"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "holds not one byte"),
        ("\ufeff", "has no row 1"),
        ("\n\n", "Row 1 of extract.csv holds no column names"),
        ("a,b\n", "column names and not one record"),
        ("a,b\n,\n\n", "column names and not one record"),
        ("a,b,a,b,b\n1,2,3,4,5\n", "names 2 columns more than once ('a', 'b')"),
        ("a,,b, \n1,2,3,4\n", "has no name for 2 columns (column 2, 4, from the left)"),
        ("1,2020-11-03,Idlib\n2,2020-11-04,Aleppo\n", "seems to hold values"),
        ("a;b;c\n1;2;3\n", 'Write `delimiter: ";"`'),
        ("a\tb\n1\t2\n", 'Write `delimiter: "\\t"`'),
    ],
)
def test_what_is_no_table_is_said(write: Write, text: str, said: str) -> None:
    assert said in _fault(write(text))


def test_header_row_beyond_the_end_is_said(write: Write) -> None:
    assert "has no row 9" in _fault(write("a,b\n1,2\n"), Reading(header_row=9))
    assert "counts from 1" in _fault(write("a,b\n1,2\n"), Reading(header_row=0))


@pytest.mark.parametrize(
    ("start", "said"),
    [
        (b"PK\x03\x04\x14\x00", "an Excel workbook"),
        (b"PAR1\x15\x04", "a Parquet file"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "an old Excel workbook"),
        (b"\x1f\x8b\x08\x00", "a gzip archive"),
        (b"%PDF-1.7\n", "a PDF file"),
    ],
)
def test_other_kinds_of_file_are_known_by_their_first_bytes(write: Write, start: bytes, said: str) -> None:
    assert said in _fault(write(start + b"\x00" * 50))


@pytest.mark.parametrize(
    "reading", [Reading(delimiter=""), Reading(delimiter="\n"), Reading(quote="''"), Reading(quote=",")]
)
def test_delimiter_and_quote_must_be_two_characters(write: Write, reading: Reading) -> None:
    assert "one character each" in _fault(write("a,b\n1,2\n"), reading)


def test_endless_line_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "endless.csv"
    with path.open("wb") as file:
        file.write(b"a,b\n1,2\n3,")
        # 2 GiB that take no room on the disk; to read them would take the test's time and memory.
        file.truncate(2 << 30)
    assert "holds a NUL byte" in _fault(path)
    path.write_bytes(b"a,b\n1,2\n3," + b"x" * (LIMIT + 1) + b"\n")
    for block in (1 << 18, 1 << 20):
        with _in_blocks_of(block):
            assert "Line 3 of endless.csv is longer than 1 MiB" in _fault(path)


def test_long_lines_and_long_quoted_values_are_read_up_to_the_limit(write: Write) -> None:
    before = csv.field_size_limit(1000)
    long, quoted = "x" * (LIMIT - 10), "line\n" * 100_000
    for extra in ("", "\n"):
        rows = _rows(write(f'a,b\n1,{long}\n2,"{quoted}"\n{extra}3,4\n'))
        assert [row for row in rows if any(row)] == [["a", "b"], ["1", long], ["2", quoted], ["3", "4"]]
    # The csv module has one limit for the whole process; whoever set it finds it as it was.
    assert csv.field_size_limit(before) == 1000


def test_quoted_value_beyond_the_limit_names_its_line(write: Write) -> None:
    assert "in the record on line 2 is longer than 1 MiB" in _fault(
        write('a,b\n1,"' + "line\n" * (LIMIT // 4) + '"x\n')
    )


# What is looked for across the borders of blocks must be found wherever they fall.
BLOCKS = st.sampled_from([1, 2, 3, 7, 1 << 20])


@contextmanager
def _in_blocks_of(size: int) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(encodings, "_BLOCK", size)
        patch.setattr(csv_shape, "_BLOCK", size)
        yield


VALUES = st.text(st.characters(codec="utf-8", exclude_characters="\0\ufeff"), max_size=8) | st.text(
    '",;\r\n \u0645"', max_size=6
)


@_SCRATCH
@given(
    rows=st.lists(st.tuples(VALUES, VALUES, VALUES), min_size=1, max_size=8),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
    always=st.booleans(),
    delimiter=st.sampled_from([",", ";", "\t", "،"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    chunk_rows=st.integers(1, 4),
    block=BLOCKS,
)
def test_whatever_a_table_holds_is_read_as_it_was_written(
    write: Write,
    rows: list[tuple[str, ...]],
    end: str,
    always: bool,
    delimiter: str,
    encoding: str,
    chunk_rows: int,
    block: int,
) -> None:
    def quoted(value: str) -> str:
        needed = always or any(mark in value for mark in (delimiter, '"', "\r", "\n"))
        return '"' + value.replace('"', '""') + '"' if needed else value

    text = "".join(delimiter.join(map(quoted, row)) + end for row in [("a", "b", "c"), *rows])
    filled = [list(row) for row in rows]
    while filled and not any(filled[-1]):
        filled.pop()
    path = write(text, encoding)
    reading = Reading(delimiter=delimiter, encoding="utf-16" if encoding == "utf-16" else "")
    with _in_blocks_of(block):
        if not filled:
            assert "not one record" in _fault(path, reading)
        else:
            assert _rows(path, reading, chunk_rows) == [["a", "b", "c"], *filled]


VALID = (
    codecs.BOM_UTF8
    + (
        'id,name,place\r\n001,"محمد ""أبو"" أحمد","Idlib, Mstomeh"\r\n002,,"two\nlines"\r\n\r\n003,NA,Aleppo\r\n' * 3
    ).encode()
)


@_SCRATCH
@given(
    at=st.integers(0, len(VALID)),
    gone=st.integers(0, 9),
    put=st.binary(max_size=5) | st.sampled_from([b'"', b",", b"\r", b"\n"]),
    block=BLOCKS,
)
def test_damaged_file_gives_the_rows_that_it_holds_or_a_message(
    write: Write, at: int, gone: int, put: bytes, block: int
) -> None:
    _check_damaged(write, VALID[:at] + put + VALID[at + gone :], block)


@_SCRATCH
@given(st.binary(min_size=1, max_size=200) | st.text('ab,"\r\n', min_size=1, max_size=40).map(str.encode), BLOCKS)
def test_random_bytes_give_the_rows_that_they_hold_or_a_message(write: Write, content: bytes, block: int) -> None:
    _check_damaged(write, content, block)


def _check_damaged(write: Write, content: bytes, block: int) -> None:
    try:
        with _in_blocks_of(block):
            found = _rows(write(content), chunk_rows=2)
    except BadRecords:
        return
    # What Python's own csv module reads, strictly, is what must be found; blank lines are padded, those at the end not.
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True))
    padded = [row if any(row) else [""] * len(rows[0]) for row in rows]
    while not any(padded[-1]):
        padded.pop()
    assert found == padded


@pytest.mark.filterwarnings("ignore:invalid escape sequence:DeprecationWarning")
@pytest.mark.parametrize(
    "encoding", ["idna", "punycode", "utf-7", "unicode_escape", "shift_jis", "cp037", "mbcs", "utf-32-le"]
)
def test_no_encoding_at_all_ends_in_a_traceback(write: Write, encoding: str) -> None:
    for content in (VALID, bytes(range(256)) * 3, b"a,b\n+2AA-,1\n", b"a,b\n\\ud800,1\n"):
        try:
            _rows(write(content), Reading(encoding=encoding))
        except BadRecords:
            continue
