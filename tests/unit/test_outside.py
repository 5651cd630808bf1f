"""Figures and fixed texts of others: cited with their source, and only while they are current."""

import pytest

from analysis.errors import BadText
from analysis.month import Month
from analysis.toll.outside import (
    external_claims,
    external_source,
    is_current,
    read_external,
    read_references,
    reference,
)


def keys(month: str) -> set[str]:
    return {claim.id for claim in external_claims(Month.parse(month))}


def test_an_outside_figure_is_cited_only_in_the_months_for_which_it_is_current() -> None:
    # METHOD M17; data/external.csv: the Ministry's number of 29 November 2020 is November's alone.
    assert "external.covid_deaths" in keys("2020-11")
    assert "external.covid_deaths" not in keys("2020-10") | keys("2020-12")


def test_the_first_and_the_last_month_of_an_outside_figure_are_among_its_months() -> None:
    # data/external.csv: medical_detained from 2020-09 to 2021-02.
    found = [
        month for month in ("2020-08", "2020-09", "2021-02", "2021-03") if "external.medical_detained" in keys(month)
    ]
    assert found == ["2020-09", "2021-02"]


def test_an_outside_figure_is_a_claim_with_its_source_and_no_records() -> None:
    claims = {claim.id: claim for claim in external_claims(Month.parse("2020-11"))}
    covid = claims["external.covid_deaths"]
    assert (covid.value, covid.unit, covid.basis, covid.records) == (413, "people", "external", None)
    assert "Syrian Ministry of Health" in covid.where
    assert "2020-11-29" in covid.where
    assert covid.of == (read_external().at["covid_deaths", "url"],)


def test_a_source_is_named_with_date_and_address() -> None:
    named = {"source": "Syrian Network for Human Rights", "date": "2020-12-01", "url": "https://snhr.org/?p=55688"}
    assert external_source("medical_detained") == named
    assert external_source("medical_detained", "ar-SY") == named | {"source": "الشبكة السورية لحقوق الإنسان"}


def test_every_outside_figure_has_source_date_address_and_months_in_order() -> None:
    table = read_external()
    assert not [key for key, row in table.iterrows() if "" in row.to_list()]
    assert (table["valid_from"] <= table["valid_to"]).all()
    assert table["value"].str.isdigit().all()


def test_a_month_long_before_has_no_outside_figures() -> None:
    assert keys("2011-03") == set()


def test_a_fixed_text_is_given_in_each_language() -> None:
    assert reference("res_2254", "en") == "Security Council resolution 2254 (2015)"
    assert "2254" in reference("res_2254", "ar")


def test_a_fixed_text_that_is_not_there_is_named_with_the_list_to_extend() -> None:
    with pytest.raises(BadText, match=r"The reference 'res_1' is not in data/references\.csv\. Add it there"):
        reference("res_1", "en")


@pytest.mark.parametrize(
    ("month", "current"), [("2020-02", False), ("2020-03", True), ("2020-12", True), ("2021-01", False)]
)
def test_a_fact_with_a_time_is_mentioned_from_its_first_to_its_last_month(month: str, current: bool) -> None:
    # data/references.csv: the ceasefire of March 2020, until December 2020.
    assert is_current("ceasefire", Month.parse(month)) is current


def test_a_fact_without_a_time_is_always_current() -> None:
    assert is_current("geneva", Month.parse("2011-03"))
    assert is_current("geneva", Month.parse("2030-01"))


def test_every_fixed_text_is_there_in_both_languages() -> None:
    table = read_references()
    assert not [key for key, row in table.iterrows() if "" in (row["text_en"], row["text_ar"])]
