"""The first page: the headline numbers, what to note, and the three dates (METHOD M6)."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from analysis.importing.extracts import Extract, choose_mapping
from analysis.importing.importing import import_extract
from analysis.month import Month
from analysis.places import DATA
from analysis.records.vintages import Vintage
from analysis.sections.blocks import Cover
from analysis.sections.cover import report_cover, report_date, sources
from analysis.sections.narrative import Story
from analysis.toll.claims import Claim, Ledger
from analysis.toll.report_records import ReportRecords, read_report_records


@pytest.fixture(scope="module")
def cover(november: ReportRecords, november_ledger: Ledger) -> Cover:
    return report_cover(Story(november_ledger, november.month), november)


def test_the_headline_numbers_are_the_published_ones_and_lead_to_their_claims(cover: Cover):
    # As published for November 2020: 172 civilians, 16 children, 11 women, 30 due to torture.
    assert [(one.value, one.claim) for one in cover.headlines] == [
        ("172", "civilians.month"),
        ("16", "civilians.month.children"),
        ("11", "civilians.month.women"),
        ("30", "torture.month"),
    ]


def test_the_title_says_the_same_numbers_in_words_that_hold_no_link(cover: Cover):
    assert cover.title == (
        "172 civilians killed in Syria in November 2020, 16 children and 11 women among them; 30 died due to torture"
    )
    assert "minimum" in cover.subtitle
    assert cover.kicker.endswith("November 2020")


@pytest.mark.parametrize(
    ("zeros", "title"),
    [
        (["children"], "172 civilians killed in Syria in November 2020, 11 women among them; 30 died due to torture"),
        (["children", "women"], "172 civilians killed in Syria in November 2020; 30 died due to torture"),
        (["torture"], "172 civilians killed in Syria in November 2020, 16 children and 11 women among them"),
    ],
)
def test_the_title_leaves_a_zero_out(november, november_ledger, zeros: list[str], title: str):
    names = {"children": "civilians.month.children", "women": "civilians.month.women", "torture": "torture.month"}
    none = {names[zero]: Claim(names[zero], 0, "people", "", "") for zero in zeros}
    ledger = Ledger((dict(november_ledger) | none).values())
    assert report_cover(Story(ledger, november.month), november).title == title


def test_reporting_month_publication_and_cut_off_are_three_dates(cover: Cover):
    facts = dict(cover.facts)
    assert facts["Reporting month"] == "November 2020"
    assert facts["Published"] == "1 December 2020"
    assert facts["Data's cut-off"] == "30 November 2020"
    assert cover.report_date == "2020-12-01"


def test_a_report_of_december_is_dated_in_the_next_year():
    assert report_date(Month(2020, 12)) == date(2021, 1, 1)


def test_the_cover_names_the_records_their_vintage_and_their_hash(cover: Cover, november: ReportRecords):
    facts = dict(cover.facts)
    assert facts["Records"] == "172 documented in the month, 172 counted; vintage 0 of the records table"
    assert facts["Source"] == (
        f"Reconstruction of the year 2020 from published totals (records.csv, SHA-256 {november.vintage.sha256[:12]})"
    )
    assert facts["Method"] == "METHOD.md, parameters version 1"


def test_a_reconstruction_says_so_on_the_first_page(cover: Cover):
    assert len(cover.notices) == 1
    assert "reconstructed from published totals" in cover.notices[0]


def test_records_imported_without_a_description_carry_no_notice(tmp_path: Path, november_ledger: Ledger):
    extract = tmp_path / "bare.csv"
    extract.write_bytes((DATA / "reconstruction" / "records.csv").read_bytes())
    import_extract(Extract((str(extract),), choose_mapping([str(extract)])), str(tmp_path / "records"))
    bare = read_report_records("2020-11", location=str(tmp_path / "records"))
    cover = report_cover(Story(november_ledger, bare.month), bare)
    assert cover.notices == ()
    assert dict(cover.facts)["Source"].startswith("bare.csv (bare.csv, SHA-256 ")


def test_each_source_of_the_records_is_named_on_the_first_page(november: ReportRecords, november_ledger: Ledger):
    said = {"title": "An invented list", "notice_en": "Nobody is meant."}
    other = Vintage(3, "invented.csv", "f" * 64, 2, said, mapping="invented")
    same = Vintage(4, "again.csv", "e" * 64, 2, said | {"title": "Another list"}, mapping="unmet")
    names = ["invented"] + ["reconstruction"] * (len(november.window) - 1)
    vintage = replace(november.vintage, sources=(other, november.vintage, same))
    both = replace(november, vintage=vintage, window=november.window.assign(imported_as=names))
    cover = report_cover(Story(november_ledger, november.month), both)
    assert [text for name, text in cover.facts if name == "Source"] == [
        "An invented list (invented.csv, SHA-256 ffffffffffff)",
        f"Reconstruction of the year 2020 from published totals (records.csv, SHA-256 {november.vintage.sha256[:12]})",
    ]
    assert cover.notices == ("Nobody is meant.", november.vintage.source["notice_en"].strip())


def test_a_source_has_its_title_in_the_language_of_the_report_else_the_only_one(november: ReportRecords):
    def told(said: dict[str, str]) -> list[str]:
        vintage = replace(november.vintage, source=said, sources=())
        return sources(vintage, november.window, "{title}", "ar-SY")

    assert told({"title": "An invented list", "title_ar": "قائمة مخترعة"}) == ["قائمة مخترعة"]
    assert told({"title": "An invented list"}) == ["An invented list"]
    assert told({}) == ["records.csv"]
    assert november.vintage.source["title_ar"] in sources(november.vintage, november.window, "{title}", "ar")
