"""The ledger of a month: the published months of 2020, and months that must not be reported."""

from itertools import accumulate

import pandas as pd
import pytest
from deltalake import DeltaTable
from invented_records import MONTH, month_records, records, text_records

from analysis.errors import BadMonth, BadRecords, TotalsDisagree
from analysis.month import Month
from analysis.records.contract import parse_text
from analysis.records.counted import counted
from analysis.records.published import read_published
from analysis.records.writing import write_records
from analysis.toll.claims import Ledger, digest
from analysis.toll.monthly import monthly_ledger
from analysis.toll.reconciliation import published_for, reconcile
from analysis.toll.report_records import ReportRecords, published_figures, read_report_records

# The report on November 2020 as published on 1 December 2020: deaths, children, women. Massacres and torture
# follow below; what it gives no number for is zero.
CIVILIANS = {
    "civilians.month": (172, 16, 11),
    "civilians.month.party.syrian_regime": (39, 5, 0),
    "civilians.month.party.russia": (1, 0, 0),
    "civilians.month.party.isis": (11, 0, 0),
    "civilians.month.party.hts": (4, 0, 0),
    "civilians.month.party.opposition_sna": (4, 1, 0),
    "civilians.month.party.sdf": (7, 1, 1),
    "civilians.month.party.coalition": (0, 0, 0),
    "civilians.month.party.other": (106, 9, 10),
    "civilians.month.party.not_recorded": (0, 0, 0),
    "civilians.month.other.landmines": (12, 3, 3),
    "civilians.month.other.unknown_gunfire": (65, 2, 4),
    "civilians.month.other.unidentified_bombings": (10, 1, 0),
    "civilians.month.other.unknown_persons": (19, 3, 3),
    "civilians.month.other.not_recorded": (0, 0, 0),
}
NOVEMBER = {
    "civilians.ytd": 1635,
    "landmines.month": 12,
    "landmines.month.children": 3,
    "landmines.ytd": 98,
    "landmines.ytd.children": 18,
    "torture.month": 30,
    "torture.month.party.syrian_regime": 25,
    "torture.month.party.opposition_sna": 1,
    "torture.month.party.sdf": 3,
    "torture.month.party.other": 1,
    "torture.month.rank_of_year": 1,
    "torture.month.highest_since": "none",
    "torture.ytd": 149,
    "torture.ytd.party.syrian_regime": 122,
    "massacres.month": 2,
    "massacres.month.deaths": 11,
    "massacres.month.children": 1,
    "massacres.month.party.other": 2,
    "massacres.month.other.landmines": 1,
    "massacres.month.other.landmines.deaths": 5,
    "massacres.month.other.unidentified_bombings": 1,
    "massacres.month.other.unidentified_bombings.deaths": 6,
    "massacres.ytd": 41,
    "medical.month": 0,
    "media.month": 0,
    "civil_defense.month": 0,
    "civilians.month.governorate.deir_ez_zor.rank": 1,
    "civilians.month.governorate.aleppo.rank": 2,
    "civilians.month.governorate.idlib.rank": 3,
    # October had 126, and November 2019 as published 277.
    "civilians.previous_month": 126,
    "civilians.month_last_year": 277,
    "civilians.month.change.previous_month": 172 - 126,
    "civilians.month.change.month_last_year": 172 - 277,
    # The third month of the year after January and February: below February's 276.
    "civilians.month.rank_of_year": 3,
    "civilians.month.highest_since": "2020-02",
    "records.month.read": 172,
    "records.month.counted": 172,
}
# The nine governorates published for October 2020; no other had a death.
OCTOBER = {
    "aleppo": 35,
    "idlib": 29,
    "daraa": 21,
    "deir_ez_zor": 18,
    "hama": 10,
    "hasaka": 7,
    "homs": 3,
    "rif_dimashq": 2,
    "raqqa": 1,
}
# As published month by month; June and December follow from the half year (1,006) and the year (1,734).
TOLLS = [286, 276, 145, 78, 125, 96, 107, 122, 102, 126, 172, 99]


def test_november_s_civilians_children_and_women_are_those_published(november_ledger: Ledger) -> None:
    expected = {
        ".".join(part for part in (claim, name) if part): number
        for claim, numbers in CIVILIANS.items()
        for name, number in zip(("", "children", "women"), numbers, strict=True)
    }
    assert {claim: november_ledger.value(claim) for claim in expected} == expected


def test_november_s_other_figures_are_those_published(november_ledger: Ledger) -> None:
    assert {claim: november_ledger.value(claim) for claim in NOVEMBER} == NOVEMBER


def test_november_has_no_other_bucket_torturer_or_massacre(november_ledger: Ledger) -> None:
    for stem in ("civilians.month.other", "torture.month.party", "massacres.month.party", "massacres.month.other"):
        counts = [claim for claim in november_ledger if claim.rpartition(".")[0] == stem]
        said = [claim for claim in (NOVEMBER | CIVILIANS) if claim.rpartition(".")[0] == stem]
        assert sum(november_ledger.count(one) for one in counts) == sum(november_ledger.count(one) for one in said)


def test_deir_ez_zor_s_share_of_november_rounds_to_the_published_27(november_ledger: Ledger) -> None:
    share = november_ledger.value("civilians.month.governorate.deir_ez_zor.share")
    assert share == round(100 * 46 / 172, 2)
    assert round(float(share)) == 27


def test_every_count_can_be_followed_to_its_records(november: ReportRecords, november_ledger: Ledger) -> None:
    people = counted(november.reported)
    chosen = people[(people["party"] == "sdf") & (people["age_group"] == "child")]
    claim = november_ledger["civilians.month.party.sdf.children"]
    assert (claim.records, claim.digest) == (1, digest(chosen["record_id"]))
    assert november_ledger["civilians.month"].digest == digest(people["record_id"])


def test_every_count_of_records_has_a_digest_and_nothing_else_has(november_ledger: Ledger) -> None:
    for claim in november_ledger.values():
        assert (claim.records is None) == (claim.digest is None), claim.id
        assert claim.records is None or claim.basis == "records", claim.id


def test_october_has_its_nine_governorates_and_no_other(sample_table: str) -> None:
    ledger = monthly_ledger(read_report_records("2020-10", location=sample_table), [])
    stem = "civilians.month.governorate"
    found = {claim.id: claim.value for claim in ledger.values() if claim.id.rpartition(".")[0] == stem and claim.value}
    assert found == {f"{stem}.{code}": deaths for code, deaths in OCTOBER.items()}
    assert sum(OCTOBER.values()) == 126


def test_the_published_months_add_up_to_the_published_year() -> None:
    assert sum(TOLLS) == 1734


@pytest.mark.parametrize(("month", "toll", "so_far"), list(zip(range(1, 13), TOLLS, accumulate(TOLLS), strict=True)))
def test_every_month_of_2020_runs_and_meets_what_was_published_for_it(
    sample_table: str, month: int, toll: int, so_far: int
) -> None:
    found = read_report_records(Month(2020, month), location=sample_table)
    ledger = monthly_ledger(found, [])
    assert ledger.value("civilians.month") == ledger.value("records.month.counted") == toll
    assert ledger.value("civilians.ytd") == so_far
    figures = published_for(found.month, read_published())
    verdicts = reconcile(ledger, found.when, published_figures(found))
    binding = set(figures.loc[figures["standing"] == "binding", "claim"])
    assert not [one for one in verdicts if one.result == "differs" and one.claim in binding]


def test_january_has_no_month_before_it_in_the_sample(sample_table: str) -> None:
    ledger = monthly_ledger(read_report_records("2020-01", location=sample_table), [])
    assert "civilians.previous_month" not in ledger
    assert "civilians.month.change.previous_month" not in ledger
    assert ledger.value("civilians.month.highest_since") == "none"


def test_a_month_is_read_with_the_twelve_before_it_and_none_after(sample_table: str) -> None:
    found = read_report_records("2020-11", location=sample_table)
    assert sorted(found.window["month"].unique()) == [f"2020-{number:02d}" for number in range(1, 12)]
    assert set(found.reported["month"]) == {"2020-11"}
    assert found.held == tuple(Month(2020, number) for number in range(1, 13))


def test_records_are_read_from_where_toll_records_says(sample_table: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOLL_RECORDS", sample_table)
    assert len(read_report_records("2020-11").reported) == 172


def test_a_report_reads_the_vintage_it_names(tmp_path: object) -> None:
    where = f"{tmp_path}/records"
    for deaths in (1, 2):
        write_records(where, parse_text(text_records(*[{}] * deaths)), source_file=f"{deaths}.csv", sha256="x")
    old, new = (read_report_records(MONTH, location=where, vintage=version) for version in (0, 1))
    assert [len(old.reported), len(new.reported)] == [1, 2]
    assert [old.vintage.source_file, new.vintage.source_file] == ["1.csv", "2.csv"]
    assert DeltaTable(where).version() == read_report_records(MONTH, location=where).vintage.version


@pytest.mark.parametrize("month", ["2020-13", "Nov 2020", "2021-01", "2019-12"])
def test_a_month_that_is_none_or_has_no_records_is_refused(sample_table: str, month: str) -> None:
    with pytest.raises(BadMonth):
        read_report_records(month, location=sample_table)


def test_a_missing_table_is_refused(tmp_path: object) -> None:
    with pytest.raises(BadRecords, match="There is no records table at"):
        read_report_records("2020-11", location=f"{tmp_path}/none")


def of_two_months(field: str, value: str | None, *, strange: str, **same: str) -> ReportRecords:
    """Two records of October and two of November; one of the `strange` month has another value in a field."""
    days = ["2020-10-15", "2020-10-15", "2020-11-15", "2020-11-15"]
    window = records(*[{"date_documented": day} | same for day in days])
    spoilt = window["record_id"] == {"2020-10": "R-1", "2020-11": "R-4"}[strange]
    return month_records(window.assign(**{field: window[field].astype(object).mask(spoilt, value)}))


@pytest.mark.parametrize(
    ("field", "value", "strange", "same"),
    [
        ("party", "martian", "2020-11", {}),
        ("party", "martian", "2020-10", {}),
        ("governorate", "atlantis", "2020-11", {}),
        ("bucket", "meteorites", "2020-10", {"party": "other", "bucket": "landmines"}),
    ],
)
def test_a_record_of_no_party_place_or_kind_in_a_list_stops_the_month(
    field: str, value: str | None, strange: str, same: dict[str, str]
) -> None:
    with pytest.raises(TotalsDisagree, match="A record carries a code that its list does not hold"):
        monthly_ledger(of_two_months(field, value, strange=strange, **same), [])


def test_a_death_without_a_party_is_counted_as_not_recorded_and_has_no_rank() -> None:
    # METHOD M9, M16: of two in November one names no party, a woman who died due to torture.
    spoilt = of_two_months("party", None, strange="2020-11", torture="true", sex="female")
    ledger = monthly_ledger(spoilt, [])
    stems = ("civilians.month.party", "civilians.ytd.party", "torture.month.party", "torture.ytd.party")
    assert [ledger.value(f"{stem}.not_recorded") for stem in stems] == [1, 1, 1, 1]
    assert [ledger.value(f"{stem}.syrian_regime") for stem in stems] == [1, 3, 1, 3]
    assert ledger.value("civilians.month.party.not_recorded.women") == 1
    assert "torture.month.party.syrian_regime.rank" in ledger
    assert "torture.month.party.not_recorded.rank" not in ledger


def test_records_without_a_date_of_documentation_are_in_no_month() -> None:
    # METHOD M5: not even where the person died in the month.
    ledger = monthly_ledger(month_records(records({}, {"date_documented": ""})), [])
    assert [ledger.value(claim) for claim in ("records.month.read", "civilians.month", "civilians.ytd")] == [1, 1, 1]


@pytest.mark.parametrize("field", ["withdrawn", "duplicate_of"])
def test_what_is_withdrawn_or_a_duplicate_never_counts_in_any_claim(field: str) -> None:
    # Five of an incident would be a massacre (METHOD M14): four that stand are none.
    five = [{"incident_id": "I-1", "torture": "true", "age_group": "child"}] * 5
    gone = [*five[:4], five[4] | {field: "R-1"}]
    whole, left = (monthly_ledger(month_records(records(*each)), []) for each in (five, gone))
    counts = ("records.month.read", "civilians.month", "civilians.month.children", "torture.ytd", "massacres.month")
    assert [whole.value(claim) for claim in counts] == [5, 5, 5, 5, 1]
    assert [left.value(claim) for claim in counts] == [5, 4, 4, 4, 0]


def test_a_record_of_no_status_stops_the_month() -> None:
    with pytest.raises(TotalsDisagree, match="some records have no status"):
        monthly_ledger(of_two_months("status", "martian", strange="2020-11"), [])


def test_a_month_in_which_nobody_counts_has_a_toll_of_zero() -> None:
    ledger = monthly_ledger(month_records(records({"status": "combatant"})), [])
    assert [ledger.value(claim) for claim in ("civilians.month", "civilians.ytd", "massacres.month")] == [0, 0, 0]
    assert "civilians.month.rank_of_year" not in ledger


def test_records_whose_extract_names_no_published_figures_are_compared_with_none() -> None:
    ledger = monthly_ledger(month_records(records({})), [])
    assert ledger.value("reconciliation.month") == 0
    assert not [claim for claim in ledger if claim.startswith("published.")]
    assert "civilians.month_last_year" not in ledger


def test_the_ledger_leaves_the_records_untouched_and_is_the_same_each_time(
    november: ReportRecords, november_ledger: Ledger
) -> None:
    before = november.window.copy(deep=True)
    assert monthly_ledger(november, []).to_json() == november_ledger.to_json()
    pd.testing.assert_frame_equal(november.window, before)


def test_the_order_of_the_records_changes_no_claim(november: ReportRecords, november_ledger: Ledger) -> None:
    turned = ReportRecords(
        november.month, november.vintage, november.window.iloc[::-1].reset_index(drop=True), november.held
    )
    assert monthly_ledger(turned, []).to_json() == november_ledger.to_json()
