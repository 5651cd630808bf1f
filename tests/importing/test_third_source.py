"""A source of a form never met, of a country never met: its report from a mapping and code lists alone. Invented."""

from pathlib import Path

import pandas as pd
import pytest

from analysis.importing.drafting import draft_mapping
from analysis.importing.extracts import Extract
from analysis.importing.importing import import_extract
from analysis.importing.mapping import read_mapping
from analysis.sections.narrative import Story
from analysis.sections.tables import governorate_table, party_table
from analysis.toll.monthly import monthly_ledger
from analysis.toll.report_records import ReportRecords, read_report_records

HERE = Path(__file__).parent / "third_source"
EXTRACT = HERE / "extract.csv"


@pytest.fixture(scope="module")
def march(tmp_path_factory: pytest.TempPathFactory) -> ReportRecords:
    """What the report of March 2031 reads, from the extract imported into a table of its own."""
    location = str(tmp_path_factory.mktemp("valdora") / "records")
    import_extract(Extract((str(EXTRACT),), read_mapping(HERE / "mapping.yml")), location)
    return read_report_records("2031-03", location=location)


@pytest.fixture(scope="module")
def story(march: ReportRecords) -> Story:
    return Story(monthly_ledger(march, []), march.month, profile=march.profile, links=False)


def counts(story: Story, stem: str) -> dict[str, int]:
    return {code: story.ledger.count(f"{stem}.{code}") for code in story.codes(stem)}


def test_every_row_is_accepted_quarantined_or_left_out(march: ReportRecords) -> None:
    did = march.vintage
    # By hand: twelve sound rows; six faulty ones (d011 to d015, and d007 a second time); a blank row and the total.
    assert (did.rows_in, did.accepted, did.quarantined, did.left_out) == (20, 12, 6, 2)
    # e001 stands for six dead and e009 for three, the other ten rows for one each.
    assert did.new == 19


def test_the_month_is_counted_from_the_lowest_number_of_dead(story: Story) -> None:
    # March 2031: e001 with six (not eight), three of d002, and one each of d003, d004, d005 and d007.
    assert story.ledger.count("civilians.month") == 13
    assert story.ledger.count("civilians.month.children") == 2  # d002-a of eight years, d002-b "child"
    assert story.ledger.count("civilians.month.women") == 2  # d002-c "adult", d005 "elderly"
    assert story.ledger.count("civilians.ytd") == 16  # and e009 with three in February; d008 came in April
    assert [story.ledger.count(f"{one}.month") for one in ("torture", "landmines", "massacres")] == [1, 1, 1]
    assert story.ledger.count("massacres.month.deaths") == 6


def test_breakdowns_are_in_the_country_s_own_codes(story: Story) -> None:
    by_party = {"guard": 4, "militia": 1, "other": 7, "not_recorded": 1}
    assert counts(story, "civilians.month.party") == by_party
    assert counts(story, "civilians.month.other") == {"unknown_actors": 6, "not_recorded": 1}
    by_province = {"costa": 1, "montana": 1, "rio_alto": 10, "not_recorded": 1}
    assert counts(story, "civilians.month.governorate") == by_province


def test_fighters_and_people_of_mixed_rows_are_read_and_not_counted(story: Story) -> None:
    steps = {name: story.ledger.count(f"records.month.{name}") for name in ("read", "fighters", "counted")}
    assert steps == {"read": 15, "fighters": 1, "counted": 13}
    assert story.ledger.count("records.month.status_not_determined") == 1


def test_a_range_of_days_and_a_month_are_known_to_the_month(march: ReportRecords) -> None:
    dated = march.window.set_index("record_id")[["date_of_death", "date_of_death_precision"]]
    assert dated.loc["V-d003-a"].to_list() == [pd.Timestamp(2031, 3, 7), "month"]
    assert dated.loc["V-d004-a"].to_list() == [pd.Timestamp(2031, 3, 1), "month"]
    assert dated.loc["V-d005-a"].to_list() == [pd.Timestamp(2031, 3, 6), "day"]


def test_a_death_that_either_of_two_did_keeps_the_candidates(march: ReportRecords) -> None:
    person = march.window.set_index("record_id").loc["V-d005-a"]
    assert (person["party"], person["responsibility"]) == ("other", "either")
    assert list(person["candidate_parties"]) == ["guard", "militia"]


def test_texts_and_tables_say_the_country_s_word_for_its_regions(story: Story) -> None:
    told = story.text("toll_governorates")
    assert told.startswith("### By province\n")
    assert "For one civilian, the province of death is not recorded." in told
    table = governorate_table(story)
    assert (table.caption.split(",")[1], table.columns[0].label) == (" by province of death", "Province of death")
    assert story.ledger["civilians.month.governorate.costa"].where == "civilians killed; 2031-03; province Costa"
    assert party_table(story).rows[0].cells[0].text == "The national guard"


def test_a_draft_finds_how_the_file_is_to_be_read() -> None:
    draft = draft_mapping(EXTRACT)
    assert 'delimiter: ";", header_row: 2}' in draft
    assert '\ndead: "Killed (min)"  # GUESS' in draft
    assert '    dates: ["%d/%m/%Y", "%m/%Y"]  # TO DO: 1 of 18 values are written in another way' in draft
    assert not [name for name in ("Zoë", "Noé") if name in draft]
