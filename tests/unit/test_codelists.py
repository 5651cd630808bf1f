"""Code lists: their order, labels and dates of validity."""

import pytest

from analysis.codelists import CodeList, read_codelist
from analysis.errors import UnknownCode
from analysis.month import Month


@pytest.fixture(scope="module")
def parties() -> CodeList:
    return read_codelist("parties")


def test_codes_stand_in_the_order_of_the_list_with_other_parties_last(parties: CodeList) -> None:
    # METHOD M9, and the order of parties in the published reports.
    assert parties.codes == ["syrian_regime", "russia", "isis", "hts", "opposition_sna", "sdf", "coalition", "other"]


def test_a_label_is_given_in_each_language_and_form(parties: CodeList) -> None:
    assert parties.label("sdf") == "the Syrian Democratic Forces"
    assert parties.label("sdf", "ar") == "قوات سوريا الديمقراطية"
    assert parties.label("sdf", form="short") == "SDF"


@pytest.mark.parametrize("code", ["martian", "", "not_recorded", "SDF"])
def test_a_code_outside_the_list_is_refused_by_name_with_the_list_to_extend(parties: CodeList, code: str) -> None:
    with pytest.raises(
        UnknownCode, match=rf"The code '{code}' is not in data/profiles/syria/codelists/parties\.csv\. Add"
    ):
        parties.label(code)


@pytest.mark.parametrize(
    ("month", "in_force"),
    [("2015-09", True), ("2015-08", False), ("2024-12", True), ("2025-01", True)],
)
def test_a_party_is_in_force_from_the_month_of_its_first_day(parties: CodeList, month: str, in_force: bool) -> None:
    # data/profiles/syria/codelists/parties.csv: Russian forces since 30 September 2015, without an end.
    assert ("russia" in parties.valid(Month.parse(month))) is in_force


@pytest.mark.parametrize(("month", "in_force"), [("2024-11", True), ("2024-12", True), ("2025-01", False)])
def test_a_party_is_in_force_to_the_month_of_its_last_day(parties: CodeList, month: str, in_force: bool) -> None:
    # data/profiles/syria/codelists/parties.csv: the Syrian regime to 8 December 2024.
    assert ("syrian_regime" in parties.valid(Month.parse(month))) is in_force


def test_an_attribute_leaves_out_codes_without_one() -> None:
    governorates = read_codelist("governorates")
    pcodes = governorates.attribute("pcode")
    assert pcodes["deir_ez_zor"] == "SY09"
    assert set(governorates.codes) - set(pcodes) == {"unknown"}


def test_every_value_is_text_and_a_blank_is_empty_text(parties: CodeList) -> None:
    assert parties.table["valid_to"].map(type).eq(str).all()
