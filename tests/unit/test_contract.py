"""The record contract: what text becomes which type, and what is refused with which words."""

import json
from collections.abc import Callable
from datetime import date

import pandas as pd
import pyarrow as pa
import pytest
from invented_records import text_records

from analysis.codelists import read_codelist
from analysis.errors import BadRecords, UnknownCode
from analysis.records.contract import arrow_schema, coded_fields, parse_text, read_contract

FIVE = [{}] * 5
OF_THE_COUNTRY = {"parties", "buckets", "governorates"}


def refusal(frame: pd.DataFrame, error: type[Exception] = BadRecords) -> str:
    with pytest.raises(error) as refused:
        parse_text(frame)
    return str(refused.value)


def value(field: str, text: str) -> object:
    return parse_text(text_records({field: text}))[field].to_pylist()[0]


def test_records_come_out_in_the_contract_s_columns_and_order_with_their_month() -> None:
    table = parse_text(text_records({}, {"date_documented": "2020-02-29"}))
    assert table.schema == arrow_schema()
    assert table.column_names == [*read_contract().index, "month"]
    assert table["record_id"].to_pylist() == ["R-1", "R-2"]
    assert table["month"].to_pylist() == ["2020-11", "2020-02"]


def test_a_record_without_a_date_of_documentation_is_in_the_month_undated() -> None:
    # METHOD M5: it belongs to no month, whatever its date of death.
    table = parse_text(text_records({"date_documented": "", "date_of_death": "2020-11-10"}))
    assert table["month"].to_pylist() == ["undated"]


def test_only_what_every_record_has_is_required() -> None:
    contract = read_contract()
    assert set(contract.index[contract["required"] == "yes"]) == {
        "record_id", "status", "verification", "date_documented_precision", "torture",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("profile", "field", "code"),
    [("bolivia", "party", "miners"), ("bolivia", "governorate", "beni"), ("syria", "party", "isis")],
)
def test_the_codes_of_a_country_are_those_of_its_own_profile(profile: str, field: str, code: str) -> None:
    bare = dict.fromkeys(("party", "governorate", "bucket"), "")
    frame = text_records(bare | {field: code})
    assert parse_text(frame, profile)[field].to_pylist() == [code]
    other = {"bolivia": "syria", "syria": "bolivia"}[profile]
    with pytest.raises(UnknownCode, match=rf"not in data/profiles/{other}/codelists/\w+\.csv: {code} \(records R-1\)"):
        parse_text(frame, other)


@pytest.mark.parametrize("field", list(read_contract().index))
def test_a_blank_is_nothing_and_never_a_value(field: str) -> None:
    if read_contract().at[field, "required"] == "yes":
        assert f"1 records have no {field}" in refusal(text_records({field: ""}))
    else:
        assert value(field, "") is None


@pytest.mark.parametrize(
    ("field", "text", "typed"),
    [
        ("age", "0.5", 0.5),
        ("date_of_death", "2020-02-29", date(2020, 2, 29)),
        ("torture", "true", True),
        ("torture", "false", False),
        ("candidate_parties", "isis|sdf", ["isis", "sdf"]),
        ("aliases", "one name", ["one name"]),
        ("name", "NA", "NA"),
        ("name", "null", "null"),
        ("sources", '[{"kind": "a", "reference": "b"}]', [{"kind": "a", "reference": "b", "sha256": None}]),
    ],
)
def test_text_becomes_the_type_of_its_field(field: str, text: str, typed: object) -> None:
    assert value(field, text) == typed


@pytest.mark.parametrize(
    ("field", "kind", "text"),
    [
        ("age", "number", "thirty"),
        ("age", "number", "nan"),
        ("age", "number", "inf"),
        ("date_of_death", "date", "2020-02-30"),
        ("date_of_death", "date", "2021-02-29"),
        ("date_of_death", "date", "30/11/2020"),
        ("date_documented", "date", "2020-11-5"),
        ("date_documented", "date", "20201105"),
        ("date_documented", "date", "2020-11"),
        ("date_documented", "date", "2020-11-05T00:00:00"),
        ("torture", "flag", "TRUE"),
        ("torture", "flag", "1"),
        ("torture", "flag", "yes"),
        ("sources", "sources", "a report"),
        ("sources", "sources", "{}"),
        ("sources", "sources", '[{"kind": "a"}]'),
        ("sources", "sources", '[{"kind": 1, "reference": "b"}]'),
    ],
)
def test_a_value_that_cannot_be_read_is_refused(field: str, kind: str, text: str) -> None:
    message = refusal(text_records({}, {field: text}))
    assert message == f"1 records have a {field} that is not a {kind} (R-2). Correct them in the extract."


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"age": "old"}, "5 records have a age that is not a number (R-1, R-2, R-3 and 2 more)."),
        ({"status": ""}, "5 records have no status (R-1, R-2, R-3 and 2 more)."),
        ({"record_id": "R-9"}, "1 record_id are used twice (R-9). Give each its own."),
    ],
)
def test_a_refusal_counts_the_records_and_names_the_first_three(change: dict[str, str], message: str) -> None:
    assert message in refusal(text_records(*[change] * 5))


def test_an_unknown_code_is_refused_with_its_value_its_records_and_the_list_to_extend() -> None:
    frame = text_records({}, {"party": "martian"}, {"party": "martian"}, {"party": "venusian"}, {"party": "martian"})
    assert refusal(frame, UnknownCode) == (
        "4 records have a party that is not in data/profiles/syria/codelists/parties.csv: martian, venusian "
        "(records R-2, R-3, R-4 and 1 more). Add the code to the list, or correct the records."
    )


@pytest.mark.parametrize("field", list(coded_fields()))
def test_every_coded_field_refuses_a_code_of_no_list(field: str) -> None:
    message = refusal(text_records({}, {field: "martian"}), UnknownCode)
    codes = coded_fields()[field]
    folder = "data/profiles/syria/codelists" if codes in OF_THE_COUNTRY else "data/codelists"
    assert f"not in {folder}/{codes}.csv: martian (records R-2)" in message


def test_one_unknown_code_among_several_is_refused() -> None:
    assert "martian" in refusal(text_records({"candidate_parties": "isis|martian"}), UnknownCode)


@pytest.mark.parametrize("field", list(coded_fields()))
def test_every_coded_field_names_a_code_list_that_exists(field: str) -> None:
    assert len(read_codelist(coded_fields()[field]).codes) > 1


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda frame: frame.drop(columns=["party", "sex"]), "2 missing (party, sex), 0 unknown (none)"),
        (lambda frame: frame.assign(killer="x"), "0 missing (none), 1 unknown (killer)"),
        (lambda frame: frame.rename(columns={"party": "Party"}), "1 missing (party), 1 unknown (Party)"),
    ],
)
def test_columns_other_than_the_contract_s_are_refused(
    spoil: Callable[[pd.DataFrame], pd.DataFrame], message: str
) -> None:
    assert message in refusal(spoil(text_records(*FIVE)))


def test_no_rows_are_no_records() -> None:
    assert parse_text(text_records({}).iloc[:0]).num_rows == 0


def test_no_name_stands_in_a_refusal() -> None:
    spoilt = text_records(*[{"name": "Invented Person", "age": "x", "record_id": f"R-{nth}"} for nth in range(5)])
    assert "Invented Person" not in refusal(spoilt)


def test_reading_leaves_the_extract_untouched() -> None:
    frame = text_records({}, {"aliases": "a|b"})
    before = frame.copy(deep=True)
    parse_text(frame)
    pd.testing.assert_frame_equal(frame, before)


def test_a_source_keeps_its_hash() -> None:
    source = {"kind": "a", "reference": "b", "sha256": "0" * 64}
    assert value("sources", json.dumps([source])) == [source]
    assert pa.types.is_list(arrow_schema().field("sources").type)
