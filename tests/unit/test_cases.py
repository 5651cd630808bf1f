"""Notable cases and massacres in words: bound to records, and following them."""

from dataclasses import replace

import pandas as pd
import pytest

from analysis.places import TEXTS
from analysis.secrets import pseudonym_secret
from analysis.sections.cases import massacre_texts, notable_cases
from analysis.sections.narrative import Story
from analysis.toll.claims import Ledger
from analysis.toll.monthly import monthly_ledger
from analysis.toll.pseudonyms import nameless
from analysis.toll.report_records import ReportRecords, read_report_records

FREED, RETURNED = "SY-2020-11-0062", "SY-2020-11-0006"  # told by a former detainee; the body handed over
OWN_TEXT, NO_TEXT = "SY-2020-11-M02", "SY-2020-11-M01"


@pytest.fixture(scope="module")
def story(november: ReportRecords, november_ledger: Ledger) -> Story:
    return Story(november_ledger, november.month, links=False)


def changed(records: ReportRecords, record_id: str, **fields: object) -> ReportRecords:
    """The same month with some fields of one record changed."""
    window = records.window.copy()
    row = window.index[window["record_id"] == record_id][0]
    for field, value in fields.items():
        window.at[row, field] = value
    return replace(records, window=window)


def without(records: ReportRecords, gone: "pd.Series[bool]") -> ReportRecords:
    return replace(records, window=records.window[~gone])


def recounted(records: ReportRecords) -> tuple[ReportRecords, Story]:
    """The month with a ledger of its own, the quality gate not run, no figures published beside it."""
    bare = replace(records, vintage=replace(records.vintage, source={}))
    return bare, Story(monthly_ledger(bare, []), records.month, links=False)


def written_cases() -> set[str]:
    return {path.stem for path in (TEXTS / "en" / "syria" / "cases").glob("*.md")}


def paragraphs(text: str) -> list[str]:
    return [one for one in text.split("\n\n") if one.strip()]


def test_each_written_case_of_the_month_is_one_item_in_order_of_record_id(november, story):
    items = [one for one in paragraphs(notable_cases(story, november)) if one.startswith("- ")]
    assert len(items) == len(written_cases()) == 3
    places = ["Al Rastan", "Harbnafseh", "Mouhasan"]  # by record id: 0006, 0007, 0062
    assert all(place in item for place, item in zip(places, items, strict=True))


def test_the_dates_the_informant_and_the_body_are_those_of_the_record(november, story):
    told = notable_cases(story, november)
    # As the published report gives them: arrested in 2018, July 2018 and October 2019; told on 13, 18 and 16 November.
    for words in ("in 2018", "in July 2018", "in October 2019", "On 13 November 2020", "On 16 November 2020"):
        assert words in told
    assert "told by a former detainee" in told
    assert told.count("not handed over") == 2


@pytest.mark.parametrize(
    ("record_id", "field", "value", "before", "after"),
    [
        (FREED, "date_of_notice", pd.Timestamp("2020-11-21"), "16 November 2020", "21 November 2020"),
        (FREED, "date_of_arrest_precision", "year", "in October 2019", "in 2019 by"),
        (FREED, "informant", "local_official", "a former detainee", "a local official"),
        (FREED, "body", "returned", "that he had died in Ghwayran prison, Hasaka; the body was not handed over",
         "that he had died in Ghwayran prison, Hasaka; the body was handed over"),
        (FREED, "party", "isis", "the Syrian Democratic Forces", "ISIS"),
        (FREED, "place_of_custody", "a *place*", "Ghwayran prison, Hasaka", r"a \*place\*"),
        (RETURNED, "body", "not_returned", "handed over to the family", "the body was not handed over. That"),
        (RETURNED, "governorate_of_origin", "hama", "Homs governorate", "Hama governorate"),
    ],
)  # fmt: skip
def test_a_case_follows_its_record(november, story, record_id, field, value, before, after):
    now = changed(november, record_id, **{field: value})
    assert before in notable_cases(story, november)
    assert before not in notable_cases(story, now)
    assert after in notable_cases(story, now)


@pytest.mark.parametrize("field", ["name", "description"])
def test_a_case_never_says_what_is_never_shown(november, story, field):
    now = november
    for record_id in written_cases():
        now = changed(now, record_id, **{field: "Invented Person"})
    assert notable_cases(story, now) == notable_cases(story, november)


@pytest.mark.parametrize("change", [{"status": "combatant"}, {"verification": "pending"}])
def test_a_case_whose_record_does_not_count_is_not_shown(november, story, change):
    told = notable_cases(story, changed(november, FREED, **change))
    assert "Mouhasan" not in told
    assert "Al Rastan" in told


def test_a_case_whose_record_is_absent_is_not_shown(november, story):
    told = notable_cases(story, without(november, november.window["record_id"] == FREED))
    assert "Mouhasan" not in told
    assert "Harbnafseh" in told


def test_a_month_without_a_written_case_has_no_list_of_cases(november, story):
    assert notable_cases(story, without(november, november.window["record_id"].isin(written_cases()))) == ""


def test_every_massacre_of_the_month_has_one_paragraph(november, story):
    told = massacre_texts(story, november)
    assert [told.count(incident) for incident in (NO_TEXT, OWN_TEXT)] == [1, 1]
    assert told.index(NO_TEXT) < told.index(OWN_TEXT)


def test_a_massacre_with_a_text_of_its_own_is_told_by_it(november, story):
    assert "northern ring road of Al Bab" in massacre_texts(story, november)


def test_a_massacre_without_a_text_says_what_its_records_say(november, story):
    told = massacre_texts(story, november)
    assert f"**{NO_TEXT}.** A single incident, attributed to other parties (landmines of unknown origin)" in told
    assert "killed five civilians. Further particulars are not recorded." in told


def test_a_massacre_without_a_text_names_its_place_and_date_once_they_are_recorded(november, story):
    first = november.window.loc[november.window["incident_id"] == NO_TEXT, "record_id"].min()
    known = {
        "governorate": "idlib",
        "date_of_incident": pd.Timestamp("2020-11-02"),
        "date_of_incident_precision": "day",
    }
    told = massacre_texts(story, changed(november, first, **known))
    assert f"**{NO_TEXT}, Idlib governorate, 2 November 2020.** A single incident" in told
    assert "particulars" not in told


def test_a_massacre_is_told_under_the_party_of_most_of_its_dead(november, story):
    # Five dead, attributed to other parties (landmines); of the first alone another party is said (METHOD M14).
    first = november.window.loc[november.window["incident_id"] == NO_TEXT, "record_id"].min()
    told = massacre_texts(story, changed(november, first, party="syrian_regime", bucket=None))
    assert f"**{NO_TEXT}.** A single incident, attributed to other parties (landmines of unknown origin)" in told
    assert "Syrian regime" not in told.partition(OWN_TEXT)[0]


@pytest.mark.parametrize("precision", [None, "unknown"])
def test_a_date_without_a_precision_is_not_told(november, story, precision):
    now = changed(november, FREED, date_of_notice_precision=precision)
    assert "16 November 2020" in notable_cases(story, november)
    assert "16 November 2020" not in notable_cases(story, now)


def test_a_massacre_text_follows_its_records(november):
    dead = november.window[november.window["incident_id"] == OWN_TEXT]
    child = dead.loc[dead["age_group"] == "child", "record_id"].iloc[0]
    fewer, story = recounted(without(november, november.window["record_id"] == child))
    assert "It killed five civilians;" in massacre_texts(story, fewer)  # six published, one of them a child


def test_an_incident_below_the_threshold_is_no_massacre_and_has_no_paragraph(november):
    dead = november.window.loc[november.window["incident_id"] == OWN_TEXT, "record_id"]
    four, story = recounted(without(november, november.window["record_id"].isin(list(dead)[:2])))  # 6 - 2 < 5
    assert OWN_TEXT not in massacre_texts(story, four)
    assert NO_TEXT in massacre_texts(story, four)


def test_a_month_without_a_massacre_has_no_list_of_massacres(november):
    none, story = recounted(without(november, november.window["incident_id"].notna()))
    assert massacre_texts(story, none) == ""


def test_every_written_case_and_incident_belongs_to_a_record(sample_table):
    found = read_report_records("2020-12", location=sample_table).window
    incidents = {path.stem for path in (TEXTS / "en" / "syria" / "incidents").glob("*.md")}
    assert not written_cases() - set(found["record_id"])
    assert not incidents - set(found["incident_id"].dropna())


@pytest.fixture
def as_public(november, tmp_path, monkeypatch):
    """The month's cases as the public edition tells them, with the consents that a test gives to one record."""
    monkeypatch.setenv("TOLL_KEYS", str(tmp_path))

    def told(record_id: str, *consents: str) -> str:
        window = changed(november, record_id, consents=list(consents)).window
        hidden = replace(november, window=nameless(window, pseudonym_secret(), told=True), edition="public")
        return notable_cases(Story(monthly_ledger(hidden, []), hidden.month, links=False, edition="public"), hidden)

    return told


def test_a_public_case_is_told_whole_where_the_family_agreed_to_publication_and_no_other_case_is(as_public):
    told = as_public(FREED, "publication")
    assert told.count("\n- ") == 1
    for words in ("in October 2019", "On 16 November 2020", "Ghwayran prison", "the body was not handed over"):
        assert words in told
    assert "Al Rastan" not in told


def test_consent_to_another_purpose_publishes_nothing(as_public):
    assert as_public(FREED, "un_special_rapporteur") == ""


@pytest.mark.parametrize("edition", ["public", "auditor"])
def test_a_massacre_is_told_without_its_exact_place_and_without_a_text_of_its_own(november, story, edition):
    told = massacre_texts(replace(story, edition=edition), november)
    assert "Al Bab" in massacre_texts(story, november)
    assert "Al Bab" not in told
    assert OWN_TEXT in told
    assert "police" not in told


def test_no_case_is_told_to_auditors(november, story):
    assert notable_cases(replace(story, edition="auditor"), november) == ""
