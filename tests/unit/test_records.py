"""The records table: vintages that stay, months that are read alone, and what is said of a table that is none."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest
from deltalake import write_deltalake
from invented_records import MONTH, text_records

from analysis.codelists import read_codelist
from analysis.errors import BadMonth, BadRecords
from analysis.month import Month
from analysis.records.contract import arrow_schema, parse_text
from analysis.records.table import months_held, read_months, require_month
from analysis.records.vintages import DEFAULT, Vintage, open_table, read_vintage, records_location
from analysis.records.writing import write_records

OCTOBER = Month.parse("2020-10")


def write(location: str, *changes: dict[str, str], name: str = "a.csv") -> Vintage:
    return write_records(location, parse_text(text_records(*changes)), source_file=name, sha256="0" * 64)


@pytest.fixture
def location(tmp_path: Path) -> str:
    """A table of two vintages: two records of November and one of October, then one more of November."""
    where = str(tmp_path / "records")
    first = [{"date_documented": "2020-11-30"}, {"date_documented": "2020-10-31"}, {"date_documented": "2020-11-01"}]
    write(where, *first)
    write(where, *first, {"party": "isis"}, name="b.csv")
    return where


def refusal(act: Callable[[], object], error: type[Exception] = BadRecords) -> str:
    with pytest.raises(error) as refused:
        act()
    return str(refused.value)


def test_an_import_is_a_new_vintage_and_the_one_before_stays_as_it_was(location: str) -> None:
    assert list(read_months(location, [MONTH])["record_id"]) == ["R-1", "R-3", "R-4"]
    assert list(read_months(location, [MONTH], vintage=0)["record_id"]) == ["R-1", "R-3"]
    assert read_vintage(location) == Vintage(1, "b.csv", "0" * 64, 4, {})
    assert read_vintage(location, 0) == Vintage(0, "a.csv", "0" * 64, 3, {})


def test_a_vintage_holds_the_import_whole_and_nothing_of_the_one_before(location: str) -> None:
    write(location, {"date_documented": "2020-09-15"}, name="c.csv")
    assert months_held(location) == [Month.parse("2020-09")]
    assert months_held(location, 1) == [OCTOBER, MONTH]


def test_the_first_and_the_last_day_of_a_month_belong_to_it(location: str) -> None:
    days = read_months(location, [MONTH], vintage=0)["date_documented"].dt.strftime("%Y-%m-%d")
    assert list(days) == ["2020-11-30", "2020-11-01"]


def test_a_leap_day_is_a_day_of_february(tmp_path: Path) -> None:
    where = str(tmp_path / "records")
    write(where, {"date_documented": "2020-02-29"}, {"date_documented": "2020-03-01"})
    assert list(read_months(where, [Month.parse("2020-02")])["record_id"]) == ["R-1"]


def test_reading_a_month_needs_no_file_of_another_month(location: str) -> None:
    shutil.rmtree(Path(location) / f"month={OCTOBER}")
    assert len(read_months(location, [MONTH])) == 3
    assert "is damaged" in refusal(lambda: read_months(location, [OCTOBER]))


def test_several_months_are_read_together_in_the_order_of_ids(location: str) -> None:
    assert list(read_months(location, [MONTH, OCTOBER])["record_id"]) == ["R-1", "R-2", "R-3", "R-4"]


def test_a_month_without_records_reads_as_none(location: str) -> None:
    assert read_months(location, [Month.parse("2019-01")]).empty


def test_codes_are_categories_in_the_order_of_their_list(location: str) -> None:
    found = read_months(location, [MONTH])
    assert list(found["party"].cat.categories) == read_codelist("parties").codes
    assert list(found["governorate"].cat.categories) == read_codelist("governorates").codes
    assert list(found["party"]) == ["syrian_regime", "syrian_regime", "isis"]


def test_a_code_of_no_list_stays_visible(tmp_path: Path) -> None:
    # An import refuses it; another program may have written it.
    rows = parse_text(text_records({}, {})).to_pandas().assign(party=["martian", "sdf"])
    where = str(tmp_path / "records")
    write_records(where, pa.Table.from_pandas(rows, arrow_schema()), source_file="x", sha256="x")
    parties = read_months(where, [MONTH])["party"]
    assert list(parties) == ["martian", "sdf"]
    assert list(parties.cat.categories) == [*read_codelist("parties").codes, "martian"]


def test_a_flag_is_true_false_or_not_recorded(tmp_path: Path) -> None:
    where = str(tmp_path / "records")
    write(where, {"publish_name": "true"}, {"publish_name": "false"}, {"publish_name": ""})
    flags = read_months(where, [MONTH])["publish_name"]
    assert str(flags.dtype) == "boolean"
    assert list(flags.isna()) == [False, False, True]
    assert list(flags[:2]) == [True, False]


def test_a_blank_is_missing_in_every_type(tmp_path: Path) -> None:
    where = str(tmp_path / "records")
    fields = ["age", "date_of_death", "governorate", "place", "aliases", "publish_name"]
    write(where, dict.fromkeys(fields, ""))
    assert read_months(where, [MONTH])[fields].isna().all(axis=None)


def test_dates_are_timestamps(location: str) -> None:
    found = read_months(location, [MONTH])
    assert pd.api.types.is_datetime64_any_dtype(found["date_of_death"])


def test_records_are_looked_for_where_they_were_given_then_in_toll_records_then_in_data(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TOLL_RECORDS", "elsewhere")
    assert records_location("given") == "given"
    assert records_location() == "elsewhere"
    monkeypatch.setenv("TOLL_RECORDS", "")
    assert records_location() == DEFAULT == "data/records"


def test_a_missing_table_is_said_to_be_missing_and_how_to_make_one(tmp_path: Path) -> None:
    where = str(tmp_path / "none")
    message = refusal(lambda: read_months(where, [MONTH]))
    assert message.startswith(f"There is no records table at {where}. Make it from an extract with `toll import`")
    assert not Path(where).exists()


def test_a_folder_that_holds_no_table_is_said_to_be_none(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("no table", encoding="utf-8")
    assert f"What is at {tmp_path} is not a records table. Make it" in refusal(lambda: open_table(str(tmp_path)))


def test_a_file_in_the_place_of_a_table_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "records"
    file.write_text("no table", encoding="utf-8")
    assert str(file) in refusal(lambda: open_table(str(file)))
    assert f"The records cannot be written to {file}" in refusal(lambda: write(str(file), {}))


@pytest.mark.parametrize("content", [b"", b"PAR1", b"garbage" * 40])
def test_a_damaged_file_of_the_month_is_refused_with_what_to_do(location: str, content: bytes) -> None:
    for file in (Path(location) / f"month={MONTH}").glob("*.parquet"):
        file.write_bytes(content)
    message = refusal(lambda: read_months(location, [MONTH]))
    assert f"The records table at {location} is damaged" in message
    assert message.endswith("Restore it from a copy, or import the extract into a new folder.")


def test_a_cut_off_file_of_the_month_is_refused(location: str) -> None:
    for file in (Path(location) / f"month={MONTH}").glob("*.parquet"):
        file.write_bytes(file.read_bytes()[:-50])
    assert "is damaged" in refusal(lambda: read_months(location, [MONTH]))


@pytest.mark.parametrize("content", [b"garbage", b'{"add":', b"\xff\xfe\x00"])
@pytest.mark.parametrize("act", [open_table, read_vintage, months_held, lambda where: read_months(where, [MONTH])])
def test_a_damaged_log_is_refused_with_what_to_do(location: str, content: bytes, act: Callable[[str], object]) -> None:
    for file in (Path(location) / "_delta_log").glob("*.json"):
        file.write_bytes(content)
    message = refusal(lambda: act(location))
    assert f"The records table at {location} cannot be opened" in message
    assert message.endswith("Restore it from a copy, or import the extract into a new folder.")
    assert "\n" not in message


def test_a_table_in_other_columns_is_refused(tmp_path: Path) -> None:
    where = str(tmp_path / "records")
    write_deltalake(where, pa.table({"month": ["2020-11"], "deaths": [3]}), partition_by=["month"])
    assert "not in the columns of data/record-contract.csv" in refusal(lambda: read_months(where, [MONTH]))


@pytest.mark.parametrize("vintage", [2, 99, -1])
def test_a_vintage_that_is_not_there_is_refused_with_those_that_are(location: str, vintage: int) -> None:
    message = refusal(lambda: read_months(location, [MONTH], vintage=vintage))
    assert message == f"The records table at {location} has no vintage {vintage}. Its vintages run from 0 to 1."


def test_a_month_without_records_is_refused_with_the_span_of_those_that_have(location: str) -> None:
    message = refusal(lambda: require_month(location, Month.parse("2020-12")), BadMonth)
    assert message == (
        f"The records table at {location} has no record documented in 2020-12. It has 2020-10 to 2020-11."
    )
    require_month(location, MONTH)


def test_a_month_is_required_of_the_vintage_that_is_read(location: str) -> None:
    write(location, {"date_documented": "2020-12-01"}, name="c.csv")
    require_month(location, Month.parse("2020-12"))
    assert "has no record documented in 2020-12" in refusal(
        lambda: require_month(location, Month.parse("2020-12"), 1), BadMonth
    )


def test_an_empty_table_is_said_to_be_empty(tmp_path: Path) -> None:
    where = str(tmp_path / "records")
    write_records(where, parse_text(text_records({}).iloc[:0]), source_file="x", sha256="x")
    assert months_held(where) == []
    assert refusal(lambda: require_month(where, MONTH), BadMonth).endswith("It is empty.")
