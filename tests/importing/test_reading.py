import hashlib
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.errors import BadRecords
from analysis.importing.reading import Reading, read_source, source_sha256


def _fault(source: Path | str, *readings: Reading) -> str:
    with pytest.raises(BadRecords) as caught:
        list(read_source(source, *readings))
    return str(caught.value)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of one table in three files of three kinds, and two files that are no part of it."""
    made = tmp_path / "extracts"
    made.mkdir()
    (made / "b.csv").write_text("id,name\n3,three\n4,four\n", encoding="utf-8")
    book = openpyxl.Workbook()
    for row in (["id", "name"], [5, "five"]):
        book.active.append(row)
    book.save(made / "c.XLSX")
    pq.write_table(pa.table({"name": ["one", "two"], "id": [1, 2]}), made / "a.parquet")
    (made / "notes.txt").write_text("not a table", encoding="utf-8")
    (made / "~$c.xlsx").write_bytes(b"what a spreadsheet program leaves while a file is open")
    return made


def test_files_of_a_folder_are_read_in_the_order_of_their_names(folder: Path) -> None:
    chunks = list(read_source(folder))
    assert [(chunk.file, chunk.first_row) for chunk in chunks] == [("a.parquet", 1), ("b.csv", 2), ("c.XLSX", 2)]
    assert [chunk.rows["id"].tolist() for chunk in chunks] == [["1", "2"], ["3", "4"], ["5"]]
    # The columns stand in the order of the first file, whatever the order in the others.
    assert {tuple(chunk.rows.columns) for chunk in chunks} == {("name", "id")}


def test_kind_of_the_mapping_chooses_among_the_files_of_a_folder(folder: Path) -> None:
    assert [chunk.file for chunk in read_source(folder, Reading(kind="csv"))] == ["b.csv"]


def test_first_file_with_other_columns_is_named(folder: Path) -> None:
    (folder / "b.csv").write_text("id,who\n3,three\n", encoding="utf-8")
    said = _fault(folder)
    assert "b.csv does not have the columns of a.parquet: it lacks 'name' and has 'who' besides" in said


def test_table_that_cannot_be_read_is_not_passed_over_in_silence(folder: Path) -> None:
    (folder / "old.xls").write_bytes(b"")
    assert "a table of a kind that cannot be read (old.xls)" in _fault(folder)


def test_source_that_is_not_there_is_said(tmp_path: Path) -> None:
    assert "There is no file" in _fault(tmp_path / "none.csv")
    assert "holds no csv, xlsx or parquet file" in _fault(tmp_path)
    (tmp_path / "extract.dat").write_text("a,b\n1,2\n", encoding="utf-8")
    assert "What kind of file extract.dat is cannot be told" in _fault(tmp_path / "extract.dat")
    assert len(list(read_source(tmp_path / "extract.dat", Reading(kind="csv")))) == 1


def test_progress_of_a_folder_counts_all_its_files(folder: Path) -> None:
    told: list[tuple[int, int]] = []
    list(read_source(folder, on_bytes=lambda done, total: told.append((done, total))))
    size = sum((folder / name).stat().st_size for name in ("a.parquet", "b.csv", "c.XLSX"))
    assert told[-1] == (size, size)
    assert told == sorted(told)


def test_hash_of_a_file_is_that_of_its_bytes(folder: Path) -> None:
    assert source_sha256(folder / "b.csv") == hashlib.sha256((folder / "b.csv").read_bytes()).hexdigest()


def test_hash_of_a_folder_follows_names_and_contents_of_its_tables(folder: Path) -> None:
    first = source_sha256(folder)
    # As `sha256sum *` lists them.
    listed = "".join(f"{source_sha256(folder / name)}  {name}\n" for name in ("a.parquet", "b.csv", "c.XLSX"))
    assert first == hashlib.sha256(listed.encode()).hexdigest()
    (folder / "notes.txt").write_text("other notes", encoding="utf-8")
    assert source_sha256(folder) == first
    (folder / "b.csv").rename(folder / "b2.csv")
    assert source_sha256(folder) != first


def test_parquet_is_read_as_text(tmp_path: Path) -> None:
    midnight = datetime.fromisoformat("2020-11-03")
    table = pa.table(
        {
            "text": pa.array([" 007", None, "NA"]),
            "whole": pa.array([1, None, -(2**62)], pa.int64()),
            "number": pa.array([35.0, None, 0.1667]),
            "share": pa.array([Decimal("2.50"), None, Decimal("12345678901234567.89")], pa.decimal128(20, 2)),
            "died": pa.array([date(2020, 11, 3), None, date(2020, 2, 29)]),
            "at": pa.array([midnight, None, midnight.replace(hour=14, minute=5)], pa.timestamp("us")),
            "zoned": pa.array([datetime(2020, 11, 3, tzinfo=UTC), None, None], pa.timestamp("ns", "UTC")),
            "civilian": pa.array([True, None, False]),
            "code": pa.array(["a", None, "b"]).dictionary_encode(),
            "places": pa.array([["Idlib", None, "Aleppo"], None, []]),
        }
    )
    pq.write_table(table, tmp_path / "extract.parquet")
    (chunk,) = read_source(tmp_path / "extract.parquet")
    assert all(kind == "str" for kind in chunk.rows.dtypes)
    assert chunk.rows.to_dict("list") == {
        "text": [" 007", "", "NA"],
        "whole": ["1", "", "-4611686018427387904"],
        "number": ["35", "", "0.1667"],
        "share": ["2.50", "", "12345678901234567.89"],
        "died": ["2020-11-03", "", "2020-02-29"],
        "at": ["2020-11-03", "", "2020-11-03T14:05:00"],
        "zoned": ["2020-11-03T00:00:00+00:00", "", ""],
        "civilian": ["true", "", "false"],
        "code": ["a", "", "b"],
        "places": ["Idlib||Aleppo", "", ""],
    }


def test_parquet_comes_in_chunks_with_their_row_numbers(tmp_path: Path) -> None:
    pq.write_table(pa.table({"id": range(25)}), tmp_path / "extract.parquet", row_group_size=7)
    chunks = list(read_source(tmp_path / "extract.parquet", chunk_rows=10))
    assert [int(chunk.rows["id"].iloc[0]) + 1 for chunk in chunks] == [chunk.first_row for chunk in chunks]
    assert sum(len(chunk.rows) for chunk in chunks) == 25


def test_parquet_page_that_fails_its_checksum_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "extract.parquet"
    table = pa.table({"place": ["Mstomeh", "Idlib"]})
    pq.write_table(
        table, path, compression="none", use_dictionary=False, write_statistics=False, write_page_checksum=True
    )
    assert path.read_bytes().count(b"Mstomeh") == 1
    path.write_bytes(path.read_bytes().replace(b"Mstomeh", b"Mstumeh"))
    assert "is damaged" in _fault(path)


@pytest.mark.parametrize(
    ("table", "said"),
    [
        (pa.table({"id": pa.array([], pa.int64())}), "not one record"),
        (pa.table([[1], [2]], names=["id", "id"]), "names 1 column more than once ('id')"),
        (pa.table({"id": [1], "raw": [b"\xff"]}), "'raw' of extract.parquet holds bytes"),
        (pa.table({"id": [1], "raw": [[b"\xff"]]}), "'raw' of extract.parquet holds bytes"),
        (pa.table({"id": [1], "more": [{"a": 1}]}), "'more' of extract.parquet holds fields within fields"),
    ],
    ids=["no rows", "one name twice", "bytes", "bytes in a list", "fields within fields"],
)
def test_parquet_that_is_no_table_of_text_is_said(tmp_path: Path, table: pa.Table, said: str) -> None:
    pq.write_table(table, tmp_path / "extract.parquet")
    assert said in _fault(tmp_path / "extract.parquet")


@settings(
    max_examples=100, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_damaged_parquet_gives_its_rows_or_a_message(tmp_path: Path, data: st.DataObject) -> None:
    path = tmp_path / "extract.parquet"
    table = pa.table({"id": ["001", "002"], "died": [date(2020, 11, 3), None], "l": [["a"], ["b", "c"]]})
    # Pages carry checksums here; the list of columns at the end of the file cannot, so names may come out changed.
    pq.write_table(table, path, write_page_checksum=True)
    content = path.read_bytes()
    at, gone = data.draw(st.integers(0, len(content))), data.draw(st.integers(0, 30))
    cut = data.draw(st.booleans())
    path.write_bytes(content[:at] if cut else content[:at] + data.draw(st.binary(max_size=4)) + content[at + gone :])
    try:
        rows = [row for chunk in read_source(path) for row in chunk.rows.to_numpy().tolist()]
    except BadRecords:
        assert path.read_bytes() != content
    else:
        assert len(rows) == 2


@pytest.mark.parametrize("kind", ["csv", "xlsx", "parquet"])
@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=300))
def test_random_bytes_of_any_kind_never_end_in_a_traceback(tmp_path: Path, kind: str, content: bytes) -> None:
    starts: dict[str, bytes] = {"csv": b"", "xlsx": b"PK\x03\x04", "parquet": b"PAR1"}
    path = tmp_path / f"random.{kind}"
    for start in (b"", starts[kind]):
        path.write_bytes(start + content)
        try:
            list(read_source(path))
        except BadRecords as error:
            assert "\n" not in f"{error}"  # noqa: PT017


def test_reading_stops_where_it_is_left(tmp_path: Path) -> None:
    path = tmp_path / "extract.csv"
    path.write_text("a\n" + "1\n" * 100, encoding="utf-8")
    chunks = read_source(path, chunk_rows=10)
    next(chunks)
    chunks.close()  # type: ignore[attr-defined]
    path.unlink()
    assert "There is no file" in _fault(path)
