"""The reconstruction of 2020 meets every binding figure and adds nothing that was not said."""

import pandas as pd
import pytest

from analysis.errors import TotalsDisagree
from analysis.records.allocation import MONTHS, binding_figures, party_tolls, share_out, spread, torture_tolls
from analysis.records.contract import parse_text, read_contract
from analysis.records.published import read_publications, read_published
from analysis.records.reconstruction import FOLDER, build, choose, nothing_said, read_table, say

OCCUPATIONS = ("medical", "media", "civil_defense")


@pytest.fixture(scope="module")
def built() -> pd.DataFrame:
    return build()


@pytest.fixture(scope="module")
def records(built: pd.DataFrame) -> pd.DataFrame:
    return built.assign(month=built["date_documented"].str[:7])


def of_period(records: pd.DataFrame, period: str, span: str) -> pd.DataFrame:
    """The records that a figure counts from: told anew here, not taken from the package."""
    first = {"month": period, "ytd": "2020-01", "half": "2020-01", "year": "2020-01"}[span]
    last = {"month": period, "ytd": period, "half": "2020-06", "year": "2020-12"}[span]
    return records[records["month"].between(first, last)]


def of_measure(records: pd.DataFrame, measure: str) -> pd.DataFrame:
    if measure in OCCUPATIONS:
        return records[records["occupation"] == measure]
    if measure == "massacres":
        dead = records["incident_id"].map(records["incident_id"].value_counts())
        return records[(records["incident_id"] != "") & (dead >= 5)]
    kept = {"torture": records["torture"] == "true", "landmines": records["cause"] == "landmine"}
    return records[kept[measure]] if measure in kept else records


def of_dimension(records: pd.DataFrame, dimension: str, code: str) -> pd.DataFrame:
    field = {"other": "bucket", "": "record_id"}.get(dimension, dimension.removesuffix("_pair"))
    if dimension == "other":
        records = records[records["party"] == "other"]
    return records if dimension == "" else records[records[field].isin(code.split("+"))]


def rank_of(records: pd.DataFrame, figure: dict) -> int:
    """One more than the places (or, for a whole, the months so far) with a higher count; a tie has no rank."""
    period = of_period(records, figure["period"], figure["span"] if figure["part"] == "rank" else "ytd")
    field = figure["dimension"] or "month"
    counts = of_measure(period, figure["measure"]).query(f"{field} != ''")[field].value_counts()
    own = counts[figure["code"] or figure["period"]]
    return int((counts > own).sum()) + 1 if (counts == own).sum() == 1 else 0


def counted(records: pd.DataFrame, figure: dict) -> int | float:
    whole = of_measure(of_period(records, figure["period"], figure["span"]), figure["measure"])
    found = of_dimension(whole, figure["dimension"], figure["code"])
    match figure["part"]:
        case "children":
            return int((found["age_group"] == "child").sum())
        case "women":
            return int(((found["sex"] == "female") & (found["age_group"] == "adult")).sum())
        case "share":
            return round(100 * len(found) / len(whole), 1 if isinstance(figure["value"], float) else 0)
        case "rank" | "rank_of_year":
            return rank_of(records, figure)
        case "" if figure["measure"] == "massacres":
            return found["incident_id"].nunique()
    return len(found)


def test_every_binding_figure_is_met_exactly(records: pd.DataFrame) -> None:
    binding = read_published().query("standing == 'binding'").to_dict("records")
    missed = [
        f"{one['period']} {one['claim']}: published {one['value']}, counted {counted(records, one)}"
        for one in binding
        if counted(records, one) != one["value"]
    ]
    assert len(binding) > 300
    assert not missed


def test_regime_share_of_torture_is_as_near_to_the_published_79_percent_as_the_figures_allow(
    records: pd.DataFrame,
) -> None:
    # 63 + 10 + 10 + 25 published, 22 left for July, August and December, and December has eight: 63 + 45 + 14.
    november = of_measure(of_period(records, "2020-11", "ytd"), "torture")
    assert (len(november), (november["party"] == "syrian_regime").sum()) == (149, 122)


def test_tracked_records_are_what_the_program_makes(built: pd.DataFrame) -> None:
    made = built.to_csv(index=False, lineterminator="\n").encode()
    assert (FOLDER / "records.csv").read_bytes() == made


def test_records_fit_the_contract(built: pd.DataFrame) -> None:
    assert parse_text(built).num_rows == 1734
    assert list(built.columns) == list(read_contract().index)
    assert built["record_id"].is_monotonic_increasing


def test_nothing_personal_is_filled(built: pd.DataFrame) -> None:
    for field in ("name", "aliases", "age", "description", "publish_name", "consents", "latitude", "longitude"):
        assert (built[field] == "").all(), field


def test_men_are_never_made_by_subtraction(built: pd.DataFrame) -> None:
    assert set(built["sex"]) == {"", "female"}
    assert set(zip(built["age_group"], built["sex"], strict=True)) == {
        ("child", ""),
        ("child", "female"),
        ("adult", "female"),
        ("", ""),
    }
    # The girl of Al Bab is the only child whose sex a publication gives.
    assert ((built["age_group"] == "child") & (built["sex"] == "female")).sum() == 1


def test_torture_is_inside_the_toll_and_on_nobody_published_as_child_or_woman(records: pd.DataFrame) -> None:
    figures = binding_figures()
    assert (torture_tolls(figures) <= party_tolls(figures)).all(axis=None)
    tortured = records[records["torture"] == "true"]
    assert (tortured["cause"] == "torture").all()
    assert (tortured["sex"] == "").all()
    # April 2020: one child, by Lebanese security forces.
    children = tortured[tortured["age_group"] == "child"]
    assert children[["month", "bucket"]].to_numpy().tolist() == [["2020-04", "lebanese_forces"]]


def test_bucket_stands_only_with_other_parties(built: pd.DataFrame) -> None:
    assert set(built.loc[built["bucket"] != "", "party"]) == {"other"}


def test_massacres_are_as_their_table_says(records: pd.DataFrame) -> None:
    table = read_table("massacres").set_index("incident_id")
    victims = records[records["incident_id"] != ""].groupby("incident_id")
    assert victims.size().to_dict() == table["dead"].astype(int).to_dict()
    assert victims.size().min() >= 5
    assert (victims[["month", "party", "bucket", "governorate", "cause"]].nunique() == 1).all(axis=None)
    assert (victims["party"].first() == table["party"]).all()
    children = victims["age_group"].agg(lambda ages: (ages == "child").sum())
    stated = table.loc[table["children"] != "", "children"].astype(int)
    assert children[stated.index].to_dict() == stated.to_dict()


def test_massacres_of_unpublished_month_are_shared_out_by_toll() -> None:
    # R5: 30 of the half year less 11, 10 and 1 of January, February and May leave 8; tolls 145, 78, 96.
    months = read_table("massacres")["month"].value_counts()
    assert {month: months[month] for month in ("2020-03", "2020-04", "2020-06")} == share_out(
        8, {"2020-03": 145, "2020-04": 78, "2020-06": 96}
    )


@pytest.mark.parametrize(
    ("party", "left"), [("syrian_regime", 11 - 6), ("russia", 11 - 3), ("sdf", 1), ("coalition", 1)]
)
def test_massacres_of_unpublished_party_are_shared_out_by_its_toll(party: str, left: int) -> None:
    # R6: the year's less January's published ones; September's and November's are not open, nor any of January's.
    table = read_table("massacres")
    closed = ("2020-01", "2020-09", "2020-11")
    tolls = party_tolls(binding_figures()).loc[party].drop(list(closed))
    given = table[(table["party"] == party) & ~table["month"].isin(closed)]["month"].value_counts()
    assert given.to_dict() == {month: number for month, number in share_out(left, tolls.to_dict()).items() if number}


def test_notable_cases_keep_their_dates_and_have_no_consent(records: pd.DataFrame) -> None:
    cases = records[records["date_of_notice"] != ""].sort_values("date_of_notice")
    told = [
        ("2020-11-13", "syrian_regime", "homs"),
        ("2020-11-16", "sdf", "deir_ez_zor"),
        ("2020-11-18", "syrian_regime", "hama"),
    ]
    fields = ["date_of_notice", "party", "governorate_of_origin"]
    assert [tuple(case) for case in cases[fields].to_numpy()] == told
    assert (cases["date_documented"] == cases["date_of_notice"]).all()
    assert list(cases["governorate"]) == ["", "hasaka", ""]


def test_every_source_is_a_publication_that_is_listed(built: pd.DataFrame) -> None:
    sources = {one["reference"] for row in parse_text(built)["sources"].to_pylist() for one in row}
    assert sources <= set(read_publications().index)


def test_allocated_names_fields_that_are_filled(built: pd.DataFrame) -> None:
    for field in {name for names in built["allocated"] for name in names.split("|") if name}:
        marked = built["allocated"].str.split("|").map(lambda names, field=field: field in names)
        assert (built.loc[marked, field] != "").all(), field


def test_parties_of_august_and_december_are_marked_as_filled_by_rule(records: pd.DataFrame) -> None:
    marked = records["allocated"].str.split("|").map(lambda names: "party" in names)
    # 221 deaths; and February's media worker in a joint attack.
    assert records.loc[marked, "month"].value_counts().to_dict() == {"2020-08": 122, "2020-12": 99, "2020-02": 1}


def test_no_party_gets_all_of_a_place(records: pd.DataFrame) -> None:
    november = records[records["month"] == "2020-11"]
    by_party = november[november["party"].isin(["syrian_regime", "other", "isis"])].groupby("party")["governorate"]
    assert all({"aleppo", "idlib", "deir_ez_zor"} <= set(places) for _, places in by_party)


def test_months_run_through_the_year(records: pd.DataFrame) -> None:
    assert sorted(set(records["month"])) == MONTHS


def test_share_out_gives_everything_away_and_ties_go_to_the_first() -> None:
    assert share_out(3, {"a": 1, "b": 1}) == {"a": 2, "b": 1}
    # 10 by 1 : 2 : 4 is 1.43, 2.86, 5.71: the two left over go to b and c.
    assert share_out(10, {"a": 1, "b": 2, "c": 4}) == {"a": 1, "b": 3, "c": 6}


def test_spread_holds_every_code_in_proportion() -> None:
    row = spread({"idlib": 2, "": 4})
    assert sorted(row) == ["", "", "", "", "idlib", "idlib"]
    assert row[:3].count("idlib") == row[3:].count("idlib") == 1


def test_choosing_more_than_there_are_is_refused() -> None:
    with pytest.raises(TotalsDisagree, match="leave 1 records for 2 victims"):
        choose(pd.Series([True, False]), 2, "victims")


def test_saying_something_leaves_the_records_given_untouched() -> None:
    before = pd.DataFrame({"cause": ["", ""], "allocated": ["party", ""]}, dtype=str)
    after = say(before, pd.Series([True, False]), {"cause": "landmine"}, allocated="cause")
    assert before["cause"].to_list() == ["", ""]
    assert after.to_dict("list") == {"cause": ["landmine", ""], "allocated": ["party|cause", ""]}


def test_what_is_said_once_is_not_said_twice(built: pd.DataFrame) -> None:
    april = built.assign(month=built["date_documented"].str[:7])
    free = nothing_said(april.replace({"torture": "false"}, ""), "2020-04", "hts")
    # Seven by HTS, one of them under torture.
    assert free.sum() == 6
