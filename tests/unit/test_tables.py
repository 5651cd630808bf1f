"""Tables: each number in a cell is its claim, each column adds up, and nothing that is not recorded is hidden."""

import csv
import io
from collections.abc import Callable
from dataclasses import replace

import pytest

from analysis.codelists import read_codelist
from analysis.errors import TotalsDisagree
from analysis.quality.gate import Finding, Status
from analysis.rendering.document_files import format_csv
from analysis.sections import claim_list, quality_tables, tables
from analysis.sections.blocks import Row, Table, claim_anchor
from analysis.sections.narrative import Story
from analysis.toll.claims import Claim, Ledger
from analysis.toll.footing import quality_claims
from analysis.toll.report_records import ReportRecords

BREAKDOWNS: dict[str, Callable[[Story], Table]] = {
    "toll-by-party": tables.party_table,
    "toll-by-other": tables.other_table,
    "toll-by-governorate": tables.governorate_table,
    "torture-by-party": tables.torture_table,
    "massacres": tables.massacre_table,
}


def finding(check_id: str, status: Status, severity: str = "warning", tested: int = 5, failing: int = 0) -> Finding:
    ids = tuple(f"R-{nth}" for nth in range(failing))
    return Finding(
        "invented", check_id, "expect_something", f"Check {check_id}", severity, status, tested, failing, ids,
        "", "a reason", "M22", "Do something.",
    )  # fmt: skip


FINDINGS = [
    finding("fine", "passed"),
    finding("idle", "not_exercised", tested=0),
    finding("note", "failed", "info", failing=1),
    finding("bad", "failed", "warning", failing=4),
]


@pytest.fixture(scope="module")
def story(november: ReportRecords, november_ledger: Ledger) -> Story:
    claims = {claim.id: claim for claim in quality_claims(FINDINGS)}
    return Story(Ledger((dict(november_ledger) | claims).values()), november.month)


@pytest.fixture(scope="module")
def every_table(story: Story, november: ReportRecords) -> dict[str, Table]:
    return {
        **{name: make(story) for name, make in BREAKDOWNS.items()},
        "occupations": tables.occupation_table(story),
        "records-counted": tables.records_table(story),
        "data-quality": quality_tables.findings_table(story, FINDINGS),
        "quality-checks": quality_tables.checks_table(story, FINDINGS),
        "reconciliation": tables.reconciliation_table(story, november),
    }


def set_to(story: Story, claim_id: str, value: int) -> Story:
    claims = dict(story.ledger)
    claims[claim_id] = replace(claims[claim_id], value=value)
    return replace(story, ledger=Ledger(claims.values()))


def numbers(table: Table, key: str, *, total: bool = False) -> list[int]:
    column = [one.key for one in table.columns].index(key)
    return [int(row.cells[column].value or 0) for row in table.rows if row.total is total]


def row_of(table: Table, code: str) -> Row:
    return next(row for row in table.rows if row.cells[0].value == code)


def test_every_number_in_a_cell_is_the_value_of_its_claim(every_table: dict[str, Table], story: Story):
    wrong = [
        (name, row.cells[0].text, column.key)
        for name, table in every_table.items()
        for row in table.rows
        for column, cell in zip(table.columns, row.cells, strict=True)
        if column.kind == "number"
        and cell.text
        and (cell.claim is None or story.ledger.value(cell.claim) != cell.value)
    ]
    assert not wrong


def test_an_empty_cell_is_empty_in_the_csv_too(every_table: dict[str, Table]):
    cells = [cell for table in every_table.values() for row in table.rows for cell in row.cells]
    assert not [cell for cell in cells if not cell.text and (cell.value or cell.claim)]


def test_every_table_has_a_caption_that_names_no_placeholder_and_rows_as_wide_as_its_columns(every_table):
    for name, table in every_table.items():
        assert table.name == name
        assert table.caption
        assert "{" not in table.caption + table.note
        assert {len(row.cells) for row in table.rows} == {len(table.columns)}


@pytest.mark.parametrize(
    ("name", "key", "total"),
    [
        # November 2020 as published: METHOD-numbered tolls of the month and the year so far.
        ("toll-by-party", "deaths", 172),
        ("toll-by-party", "children", 16),
        ("toll-by-party", "women", 11),
        ("toll-by-party", "ytd", 1635),
        ("toll-by-other", "deaths", 106),
        ("toll-by-other", "children", 9),
        ("toll-by-other", "women", 10),
        ("toll-by-governorate", "deaths", 172),
        ("toll-by-governorate", "ytd", 1635),
        ("torture-by-party", "torture", 30),
        ("torture-by-party", "torture_ytd", 149),
        ("massacres", "massacres", 2),
        ("massacres", "massacre_deaths", 11),
        ("massacres", "children", 1),
        ("massacres", "massacres_ytd", 41),
    ],
)
def test_a_column_adds_up_to_its_total_which_is_the_published_one(every_table, name: str, key: str, total: int):
    assert numbers(every_table[name], key, total=True) == [total]
    assert sum(numbers(every_table[name], key)) == total


def test_the_total_stands_last_and_alone_is_set_apart(every_table: dict[str, Table]):
    for name in BREAKDOWNS:
        assert [row.total for row in every_table[name].rows][-1]
        assert sum(row.total for row in every_table[name].rows) == 1


def test_the_rows_of_parties_follow_the_code_list(every_table: dict[str, Table]):
    codes = [row.cells[0].value for row in every_table["toll-by-party"].rows if not row.total]
    # All eight are in force in November 2020; who names no party is shown as not recorded, also where that is nobody.
    assert codes == [*read_codelist("parties").codes, "not_recorded"]
    assert row_of(every_table["toll-by-party"], "not_recorded").cells[1].text == "0"


@pytest.mark.parametrize("name", ["toll-by-other", "toll-by-governorate"])
def test_not_recorded_is_shown_also_where_it_is_zero(story: Story, name: str):
    stem = {"toll-by-other": "civilians.month.other", "toll-by-governorate": "civilians.month.governorate"}[name]
    moved = story
    for period in ("month", "ytd"):
        one = stem.replace("month", period)
        codes = [code for code in moved.codes(one) if code != "not_recorded"]
        here = moved.ledger.count(f"{one}.{codes[0]}") + moved.ledger.count(f"{one}.not_recorded")
        moved = set_to(set_to(moved, f"{one}.{codes[0]}", here), f"{one}.not_recorded", 0)
    table = BREAKDOWNS[name](moved)
    assert row_of(table, "not_recorded").cells[0].text == "Not recorded"
    assert row_of(table, "not_recorded").cells[1].text == "0"


def test_governorates_without_a_death_keep_their_row(every_table: dict[str, Table]):
    shown = {row.cells[0].value for row in every_table["toll-by-governorate"].rows}
    assert set(read_codelist("governorates").codes) - {"unknown"} <= shown


def test_a_place_that_the_source_calls_unknown_has_a_row_once_somebody_died_there(story: Story):
    assert "unknown" not in {row.cells[0].value for row in tables.governorate_table(story).rows}
    stem = "civilians.month.governorate"
    moved = set_to(story, f"{stem}.unknown", 2)
    moved = set_to(moved, f"{stem}.not_recorded", story.ledger.count(f"{stem}.not_recorded") - 2)
    assert row_of(tables.governorate_table(moved), "unknown").cells[1].value == 2


@pytest.mark.parametrize(
    ("name", "claim"),
    [
        ("toll-by-party", "civilians.month.party.russia"),
        ("toll-by-party", "civilians.month.party.sdf.children"),
        ("toll-by-party", "civilians.ytd.party.isis"),
        ("toll-by-other", "civilians.month.other.landmines.women"),
        ("toll-by-governorate", "civilians.month.governorate.not_recorded"),
        ("torture-by-party", "torture.ytd.party.sdf"),
        ("massacres", "massacres.month.party.other.deaths"),
    ],
)
def test_a_table_that_does_not_add_up_is_never_shown(story: Story, name: str, claim: str):
    off_by_one = set_to(story, claim, story.ledger.count(claim) + 1)
    with pytest.raises(TotalsDisagree, match="add up to"):
        BREAKDOWNS[name](off_by_one)


def test_the_csv_holds_bare_numbers(every_table: dict[str, Table]):
    for table in every_table.values():
        head, *lines = list(csv.reader(io.StringIO(format_csv(table))))
        assert head[: len(table.columns)] == [column.key for column in table.columns]
        keys = [column.key for column in table.columns if column.kind == "number"]
        for line in lines:
            values = dict(zip(head, line, strict=True))
            for key in keys:
                assert values[key] == "" or float(values[key]) is not None, (table.name, key)


def test_thousands_and_percent_signs_are_for_the_page_only(every_table: dict[str, Table], story: Story):
    total = every_table["toll-by-party"].rows[-1].cells[-1]
    assert (total.text, total.value) == ("1,635", 1635)
    share = row_of(every_table["toll-by-governorate"], "deir_ez_zor").cells[2]
    assert (share.text, share.value) == ("26.7%", 26.74)  # 46 of 172
    assert tables.cell(story, "no.such.claim").text == ""


def test_zeros_of_the_occupations_followed_are_stated(every_table: dict[str, Table]):
    # Medical, media, civil defence: none in November 2020, as published (METHOD M15).
    assert [row.cells[1].text for row in every_table["occupations"].rows] == ["0", "0", "0", "0"]


def test_the_way_from_records_read_to_counted_subtracts_every_exclusion(every_table: dict[str, Table]):
    steps = [row.cells[1].value for row in every_table["records-counted"].rows]
    assert steps == [172, 0, 0, 0, 0, 0, 172]


def test_findings_stand_with_the_gravest_first_and_name_their_records(every_table: dict[str, Table]):
    rows = [[cell.text for cell in row.cells] for row in every_table["data-quality"].rows]
    assert rows == [
        ["Check bad", "warning", "5", "4", "R-0, R-1, R-2 and 1 more", "Do something."],
        ["Check note", "info", "5", "1", "R-0", "Do something."],
    ]


def test_no_finding_is_said_in_a_row(story: Story):
    rows = quality_tables.findings_table(story, [FINDINGS[0]]).rows
    assert [row.cells[0].text for row in rows] == ["Nothing was found"]


def test_every_check_is_listed_and_not_exercised_is_not_passed(every_table: dict[str, Table]):
    results = {row.cells[0].value: row.cells[-1].text for row in every_table["quality-checks"].rows}
    assert results == {"bad": "found something", "note": "found something", "idle": "not exercised", "fine": "passed"}


def test_reconciliation_puts_what_differs_first_and_finds_the_79_percent(every_table: dict[str, Table]):
    rows = every_table["reconciliation"].rows
    claim, published, computed, verdict = (cell.text for cell in rows[0].cells[:4])
    # 122 of 149 deaths due to torture are 81.88 percent; 79 was published.
    assert (claim, verdict) == ("torture.ytd.party.syrian_regime.share", "differs")
    assert (published.startswith("79"), computed.startswith("81.9")) == (True, True)
    assert rows[0].cells[4].text
    order = [row.cells[3].value for row in rows]
    assert order == sorted(order, key=["differs", "cannot", "equal"].index)


def test_each_claim_has_one_row_that_its_numbers_lead_to(story: Story):
    anchors = [row.anchor for table in claim_list.claim_tables(story) for row in table.rows]
    assert sorted(anchors) == sorted(claim_anchor(claim) for claim in story.ledger)


def test_the_row_of_a_claim_says_value_definition_rule_and_records(story: Story):
    rows = {row.cells[0].text: row.cells for table in claim_list.claim_tables(story) for row in table.rows}
    for claim in story.ledger.values():
        value, definition, rule, records = rows[claim.id][1:]
        assert (value.value, definition.text, rule.text) == (claim.value, claim.where, claim.rule)
        assert records.value == ("" if claim.records is None else claim.records)
    assert rows["civilians.month"][1].text == "172"


def test_a_claim_of_an_unlisted_measure_stops(story: Story):
    strange = Ledger([*story.ledger.values(), Claim("strange.month", 1, "people", "M1", "invented")])
    with pytest.raises(KeyError, match="strange"):
        claim_list.claim_tables(replace(story, ledger=strange))
