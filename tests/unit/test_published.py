"""The published figures: readable, sourced, told apart, and adding up where they claim to."""

import re

import pandas as pd
import pytest

from analysis.codelists import read_codelist
from analysis.month import Month
from analysis.records.published import claim_id, read_publications, read_published
from analysis.toll.reconciliation import published_for

MEASURES = {"civilians", "torture", "massacres", "landmines", "medical", "media", "civil_defense"}
SPANS = {"month", "ytd", "half", "year", "since_2011"}
LISTS = {
    "party": "parties",
    "party_pair": "parties",
    "other": "buckets",
    "governorate": "governorates",
    "governorate_pair": "governorates",
    "occupation": "occupations",
    "responsibility": "responsibilities",
}
# Published at odds with itself: the parties of February 2019 add up to 247, the total is 246.
AT_ODDS = {("2019-02", "month", "civilians", "")}


@pytest.fixture(scope="module")
def figures() -> pd.DataFrame:
    return read_published()


def value(figures: pd.DataFrame, period: str, claim: str) -> int | float:
    (found,) = figures.loc[(figures["period"] == period) & (figures["claim"] == claim), "value"]
    return found


def test_claim_id_leaves_out_what_is_blank() -> None:
    figure = {"measure": "torture", "span": "ytd", "dimension": "party", "code": "sdf", "part": "share"}
    assert claim_id(figure) == "torture.ytd.party.sdf.share"
    assert claim_id(figure | {"dimension": "", "code": "", "part": "children"}) == "torture.ytd.children"


def test_figures_of_a_month_are_those_published_for_it(figures: pd.DataFrame) -> None:
    november = published_for(Month.parse("2020-11"), figures)
    # The report on November 2020: 172 civilians, 1,635 since January.
    assert value(november, "2020-11", "civilians.month") == 172
    assert value(november, "2020-11", "civilians.ytd") == 1635
    assert set(november["period"]) == {"2020-11"}


def test_figures_of_a_half_year_and_a_year_have_a_period_of_their_own(figures: pd.DataFrame) -> None:
    assert value(figures, "2020-H1", "civilians.half") == 1006
    assert value(figures, "2020", "civilians.year.governorate_pair.idlib+aleppo.share") == 50.4


def test_a_month_without_publications_has_no_figures(figures: pd.DataFrame) -> None:
    assert published_for(Month.parse("2018-01"), figures).empty


def test_each_figure_stands_once(figures: pd.DataFrame) -> None:
    assert not figures.loc[figures.duplicated(["period", "claim"]), ["period", "claim"]].to_dict("records")


def test_words_of_the_columns_are_known(figures: pd.DataFrame) -> None:
    assert set(figures["measure"]) == MEASURES
    assert set(figures["span"]) == SPANS
    assert set(figures["standing"]) == {"binding", "compared", "context"}
    assert set(figures["evidence"]) == {"primary", "press", "derived"}
    assert set(figures["part"]) == {"", "children", "women", "deaths", "share", "rank", "rank_of_year"}


def test_codes_are_in_their_lists(figures: pd.DataFrame) -> None:
    listed = figures[figures["dimension"].isin(LISTS)]
    strange = [
        (dimension, code)
        for dimension, code in zip(listed["dimension"], listed["code"], strict=True)
        if not set(code.split("+")) <= set(read_codelist(LISTS[dimension]).codes)
    ]
    assert not strange
    assert set(figures["dimension"]) - set(LISTS) == {"", "party_group"}


def test_every_source_is_known_and_every_publication_is_used(figures: pd.DataFrame) -> None:
    used = {key for keys in figures["sources"] for key in keys.split("|")}
    assert used <= set(read_publications().index)
    assert "" not in used


def test_only_figures_of_2020_bind_and_derived_ones_say_how(figures: pd.DataFrame) -> None:
    binding = figures[figures["standing"] == "binding"]
    assert binding["period"].str.startswith("2020").all()
    assert (figures.loc[figures["evidence"] == "derived", "note"] != "").all()
    assert (figures.loc[figures["standing"] == "compared", "note"] != "").all()


def test_a_note_has_one_arabic_wording_with_the_same_numerals(figures: pd.DataFrame) -> None:
    def numerals(note: str) -> list[str]:
        return sorted(re.findall(r"\d+(?:[.,]\d+)*", note.replace("H1", "")))  # H1, a half-year, is words in Arabic

    worded = figures[["note", "note_ar"]].drop_duplicates()
    assert worded["note"].is_unique
    assert ((worded["note"] == "") == (worded["note_ar"] == "")).all()
    assert not [note for note, arabic in worded.to_numpy() if numerals(note) != numerals(arabic)]


def test_parties_add_up_to_their_total(figures: pd.DataFrame) -> None:
    key = ["period", "span", "measure", "part"]
    shown = figures[figures["part"].isin(["", "children", "women"]) & (figures["standing"] != "compared")]
    parties = shown[
        (shown["dimension"] == "party") | shown["dimension"].eq("party_pair") & shown["period"].eq("2019-H1")
    ]
    complete = parties.loc[(parties["code"] == "other") & (parties["measure"] == "civilians"), key].apply(tuple, axis=1)
    totals = shown[shown["dimension"] == ""].set_index(key)["value"]
    sums = parties.groupby(key)["value"].sum()
    wrong = {one for one in complete if sums[one] != totals[one]}
    assert wrong == AT_ODDS


@pytest.mark.parametrize(
    ("period", "claim"),
    [
        ("2019-02", "torture.month"),
        ("2019-04", "torture.month"),
        ("2019-08", "torture.month"),
        ("2019", "torture.year"),
        ("2020-02", "torture.month"),
        ("2020-03", "torture.month"),
        ("2020-05", "torture.month"),
        ("2020-09", "torture.month"),
        ("2020-11", "torture.month"),
        ("2019-04", "massacres.month"),
        ("2019", "massacres.year"),
        ("2020-11", "massacres.month"),
        ("2019-02", "medical.month"),
        ("2020-09", "medical.month"),
        ("2020", "medical.year"),
    ],
)
def test_a_split_that_claims_to_be_complete_adds_up(figures: pd.DataFrame, period: str, claim: str) -> None:
    split = figures[(figures["period"] == period) & figures["claim"].str.fullmatch(rf"{claim}\.party\.\w+")]
    assert split["value"].sum() == value(figures, period, claim)


@pytest.mark.parametrize("part", ["", ".children", ".women"])
def test_buckets_of_november_2020_add_up_to_other_parties(figures: pd.DataFrame, part: str) -> None:
    buckets = figures["claim"].str.fullmatch(rf"civilians\.month\.other\.\w+{part}") & (figures["period"] == "2020-11")
    assert figures.loc[buckets, "value"].sum() == value(figures, "2020-11", f"civilians.month.party.other{part}")


def test_governorates_of_october_2020_add_up_to_the_toll(figures: pd.DataFrame) -> None:
    october = figures[(figures["period"] == "2020-10") & (figures["dimension"] == "governorate")]
    assert october["value"].sum() == 126
    assert len(october) == 9


def test_months_add_up_to_the_year_so_far(figures: pd.DataFrame) -> None:
    tolls = figures[figures["claim"] == "civilians.month"].set_index("period")["value"]
    ytd = figures[figures["claim"] == "civilians.ytd"].set_index("period")["value"]
    of_2020 = {end: tolls["2020-01":end].sum() for end in ytd.index if end.startswith("2020")}
    assert of_2020 == ytd["2020-01":"2020-12"].to_dict()
    assert tolls["2020-01":"2020-12"].sum() == value(figures, "2020", "civilians.year")


def test_november_2019_is_what_the_year_leaves(figures: pd.DataFrame) -> None:
    # 3,364 in 2019 less 2,853 to October less 234 in December.
    assert value(figures, "2019-11", "civilians.month") == 3364 - 2853 - 234
