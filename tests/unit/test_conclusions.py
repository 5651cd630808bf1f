"""A block of the conclusions is in the report exactly while its claim is not zero (METHOD M18)."""

from collections import Counter

import pytest

from analysis.codelists import read_codelist
from analysis.month import Month
from analysis.sections.conclusions import blocks_table, conclusions_text
from analysis.sections.narrative import Story
from analysis.texts import read_words
from analysis.toll.claims import Claim, Ledger
from analysis.toll.monthly import monthly_ledger
from analysis.toll.report_records import read_report_records

BLOCKS = read_words("en", "blocks", "syria")["blocks"]


def story_of(month: str, location: str) -> Story:
    records = read_report_records(month, location=location)
    return Story(monthly_ledger(records, []), records.month, links=False)


@pytest.fixture(scope="module")
def in_november(november_ledger: Ledger) -> Story:
    return Story(november_ledger, Month(2020, 11), links=False)


@pytest.fixture(scope="module")
def in_october(sample_table: str) -> Story:
    return story_of("2020-10", sample_table)


def shown_blocks(story: Story) -> dict[str, bool]:
    """Block id -> whether the table says that it is in."""
    return {str(row.cells[0].text): bool(row.cells[2].value) for row in blocks_table(story).rows}


def test_a_party_without_a_toll_is_neither_concluded_about_nor_addressed(in_october: Story, in_november: Story):
    # The coalition has seven deaths in October 2020 and none in November, as published.
    for words in ("The US-led coalition killed", "#### To the US-led coalition"):
        assert words in conclusions_text(in_october)
        assert words not in conclusions_text(in_november)


def test_the_table_says_of_every_block_why_it_is_in_or_out(in_november: Story):
    rows = {row.cells[0].text: row.cells for row in blocks_table(in_november).rows}
    assert list(rows) == [block["id"] for block in BLOCKS]
    assert [cells[1].text for cells in rows.values()] == [in_november.claim_id(block["when"]) for block in BLOCKS]
    coalition, regime = rows["coalition"], rows["regime"]
    assert coalition[2].text == "left out, because it is zero or not computed"
    assert coalition[2].claim is None
    assert regime[2].text == "in, because it is 39"  # deaths by Syrian regime forces, as published
    assert regime[2].claim == "civilians.month.party.syrian_regime"


@pytest.mark.parametrize("month", ["in_october", "in_november"])
def test_a_block_is_in_exactly_while_its_claim_is_not_zero(month: str, request: pytest.FixtureRequest):
    story = request.getfixturevalue(month)
    text, shown = conclusions_text(story), shown_blocks(story)
    for block in BLOCKS:
        expected = story.ledger.value(story.claim_id(block["when"])) != 0
        assert shown[block["id"]] is expected, block["id"]
        told = f"#### {block['heading']}\n" if "heading" in block else story.fill(block["text"], "a block").strip()
        assert (told in text) is expected, block["id"]


@pytest.mark.parametrize("value", [0, 1, 12])
def test_one_claim_switches_its_blocks_and_no_other(in_november: Story, value: int):
    claims = dict(in_november.ledger) | {
        f"civilians.month.party.coalition{part}": Claim(
            f"civilians.month.party.coalition{part}", number, "people", "", ""
        )
        for part, number in (("", value), (".children", 0), (".women", 0))
    }
    shown = shown_blocks(Story(Ledger(claims.values()), in_november.month, links=False))
    switched = {"coalition", "coalition_conclusion"} if value else set()
    assert {block for block, is_in in shown.items() if is_in != shown_blocks(in_november)[block]} == switched


def test_every_party_of_the_list_has_a_block_that_hangs_on_its_toll():
    stem = "civilians.this.party."
    conditions = Counter(block["when"].removeprefix(stem) for block in BLOCKS if block["when"].startswith(stem))
    assert set(conditions) == set(read_codelist("parties").codes)


def test_every_block_has_an_id_of_its_own_and_a_part():
    ids = Counter(block["id"] for block in BLOCKS)
    assert not [block for block, times in ids.items() if times > 1]
    assert {block["part"] for block in BLOCKS} == {"conclusions", "recommendations"}
    assert not [block["id"] for block in BLOCKS if ("heading" in block) != (block["part"] == "recommendations")]
