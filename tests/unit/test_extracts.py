"""Importing an extract: all of it as a new vintage, or nothing."""

import hashlib
from pathlib import Path

import pytest
from invented_records import MONTH, text_records

from analysis.errors import BadRecords, ReportError, UnknownCode
from analysis.places import DATA
from analysis.records.extracts import import_extract
from analysis.records.table import read_months, read_vintage


@pytest.fixture
def extract(tmp_path: Path) -> Path:
    file = tmp_path / "extract.csv"
    text_records({}, {"party": "isis"}).to_csv(file, index=False)
    return file


@pytest.fixture
def location(tmp_path: Path) -> str:
    return str(tmp_path / "records")


def refusal(extract: Path, location: str, error: type[ReportError] = BadRecords) -> str:
    with pytest.raises(error) as refused:
        import_extract(extract, location)
    assert not Path(location).exists(), "nothing is written where an extract is refused"
    return str(refused.value)


def test_an_extract_becomes_a_vintage_that_names_its_file_and_hash(extract: Path, location: str) -> None:
    vintage = import_extract(extract, location)
    assert (vintage.version, vintage.source_file, vintage.rows) == (0, "extract.csv", 2)
    assert vintage.sha256 == hashlib.sha256(extract.read_bytes()).hexdigest()
    assert vintage.source == {}
    assert list(read_months(location, [MONTH])["party"]) == ["syrian_regime", "isis"]


def test_what_stands_beside_an_extract_is_kept_with_it(extract: Path, location: str) -> None:
    extract.with_suffix(".source.yml").write_text("title: An invented title\nnotice_ar: تنبيه\n", encoding="utf-8")
    import_extract(extract, location)
    assert read_vintage(location).source == {"title": "An invented title", "notice_ar": "تنبيه"}


@pytest.mark.parametrize("said", ["titel: misspelt", "", "just a title", "title: [", "- title"])
def test_a_description_that_is_none_is_refused(extract: Path, location: str, said: str) -> None:
    extract.with_suffix(".source.yml").write_text(said, encoding="utf-8")
    assert "does not describe an extract. It may say title, producer" in refusal(extract, location)


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff\xfer\x00e\x00c\x00", b"record_id,name\nR-1,a,b,c\nR-2,a\nR-3,a,b,c\n"],
    ids=["empty", "UTF-16", "ragged"],
)
def test_a_file_that_is_no_csv_in_utf_8_is_refused(extract: Path, location: str, content: bytes) -> None:
    extract.write_bytes(content)
    refusal(extract, location)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path, location: str) -> None:
    message = refusal(tmp_path / "none.csv", location)
    assert "none.csv cannot be read" in message
    assert message.endswith("It must be a CSV file in UTF-8.")


def test_an_extract_without_a_record_is_refused(extract: Path, location: str) -> None:
    extract.write_text(extract.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
    assert "holds no record" in refusal(extract, location)


def test_one_bad_record_keeps_the_whole_extract_out(extract: Path, location: str) -> None:
    text_records({}, {}, {"date_documented": "2020-11-31"}).to_csv(extract, index=False)
    assert "date_documented that is not a date (R-3)" in refusal(extract, location)


def test_an_unknown_code_keeps_the_whole_extract_out(extract: Path, location: str) -> None:
    text_records({}, {"governorate": "atlantis"}).to_csv(extract, index=False)
    assert "atlantis (records R-2)" in refusal(extract, location, UnknownCode)


def test_a_refused_extract_leaves_the_last_vintage_as_it_was(extract: Path, location: str) -> None:
    import_extract(extract, location)
    text_records({"party": "martian"}).to_csv(extract, index=False)
    with pytest.raises(UnknownCode):
        import_extract(extract, location)
    assert read_vintage(location).version == 0
    assert len(read_months(location, [MONTH])) == 2


def test_a_byte_order_mark_is_no_part_of_the_first_column(extract: Path, location: str) -> None:
    extract.write_bytes(b"\xef\xbb\xbf" + extract.read_bytes())
    assert import_extract(extract, location).rows == 2


def test_the_sample_extract_is_imported_whole(sample_table: str) -> None:
    # 1,734 civilians published for 2020.
    vintage = read_vintage(sample_table)
    assert vintage.rows == 1734
    assert vintage.sha256 == hashlib.sha256((DATA / "reconstruction" / "records.csv").read_bytes()).hexdigest()
    assert vintage.source["published"] == "data/published/figures.csv"
