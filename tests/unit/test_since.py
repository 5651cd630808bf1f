"""What a revision says of itself: the claims that moved since the revision before, in text, table and first page."""

from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from invented_records import month_records, records

from analysis.errors import BadDocument, BadParameter
from analysis.month import Month
from analysis.rendering.markdown import parse_prose, plain, walk
from analysis.sections import since
from analysis.sections.cover import report_cover
from analysis.sections.narrative import Story
from analysis.toll.claims import Claim, Ledger
from analysis.toll.monthly import monthly_ledger
from analysis.toll.since import Change, read_change

MONTH = Month.parse("2020-11")
REASON = "A child was recorded as an adult"
BEFORE = month_records(records({}, {}, {}))
# R-1 is a child after all, R-3 waits to be verified: two civilians, one of them a child.
AFTER = month_records(records({"age": "9", "age_group": "child"}, {}, {"verification": "pending"}))


@cache
def before() -> Ledger:
    return monthly_ledger(BEFORE, [])


@cache
def after() -> Ledger:
    return monthly_ledger(AFTER, [])


@pytest.fixture(scope="module")
def previous(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("previous") / "claims.json"
    file.write_text(before().to_json(), encoding="utf-8")
    return file


def revised(previous: Path, now: Ledger | None = None) -> tuple[Story, Change]:
    ledger = after() if now is None else now
    ledger, change = read_change(ledger, MONTH, revision=2, reason=REASON, previous=str(previous))
    return Story(ledger, MONTH), change


def words(story: Story, change: Change) -> str:
    return " ".join(plain(node.children) for node in walk(parse_prose(since.since_text(story, change))))


def test_first_revision_adds_nothing_and_says_nothing() -> None:
    ledger = after()
    same, change = read_change(ledger, MONTH, revision=1, reason="")
    story = Story(same, MONTH)
    assert same is ledger
    assert since.noted_cover(story, AFTER, change) == report_cover(story, AFTER)
    assert since.since_text(story, change) == ""
    assert since.since_tables(story, change) == []


def test_moved_headlines_are_said_before_and_now(previous: Path) -> None:
    story, change = revised(previous)
    assert change.headlines == ("civilians.month", "civilians.month.children")
    said = words(story, change)
    assert "Civilians killed: 3 before, 2 now." in said
    assert "Children killed: 0 before, 1 now." in said
    assert f"Reason: {REASON}." in said
    assert "women" not in said


def test_every_number_of_the_section_leads_to_its_claim(previous: Path) -> None:
    story, change = revised(previous)
    links = [node.href for node in walk(parse_prose(since.since_text(story, change))) if node.kind == "link"]
    assert len(links) == 11  # 2 revisions, 1 number of headlines, 2 headlines twice, 4 numbers of claims
    assert [link for link in links if link.removeprefix("#claim-") not in story.ledger] == []


def test_table_has_the_tolls_that_moved_and_no_others(previous: Path) -> None:
    story, change = revised(previous)
    (table,) = since.since_tables(story, change)
    rows = {row.cells[0].value: [cell.value for cell in row.cells[1:]] for row in table.rows}
    # All three were men in Idlib, killed by the regime, their dates of death recorded.
    assert rows == {
        "civilians.month": [3, 2],
        "civilians.month.children": [0, 1],
        "civilians.month.party.syrian_regime": [3, 2],
        "civilians.month.party.syrian_regime.children": [0, 1],
        "civilians.month.governorate.idlib": [3, 2],
        "civilians.month.age_sex.children": [0, 1],
        "civilians.month.age_sex.men": [3, 1],
        "civilians.month.day.2020-11-10": [3, 2],
        "civilians.month.death_recorded": [3, 2],
    }
    assert all(cell.claim in story.ledger for row in table.rows for cell in row.cells[1:])


def test_first_page_says_revision_reason_and_what_moved(previous: Path) -> None:
    story, change = revised(previous)
    cover = since.noted_cover(story, AFTER, change)
    assert cover.notices[0].startswith(f"This is revision 2 of the report; it replaces revision 1. Reason: {REASON}. ")
    assert "Civilians killed: 3 before, 2 now. Children killed: 0 before, 1 now. Claims that have moved: " in " ".join(
        cover.notices
    )
    assert "Published" not in dict(cover.facts)  # a revision is published whenever it is


def test_nothing_changed_is_said_too(previous: Path) -> None:
    story, change = revised(previous, before())
    assert "Nothing has changed: every claim has the value it had, from the same records." in words(story, change)
    assert since.since_tables(story, change) == []
    assert "Nothing has changed" in since.noted_cover(story, BEFORE, change).notices[0]


def test_same_number_from_other_records_is_no_nothing(previous: Path) -> None:
    now = before()
    other = Ledger(replace(one, digest="0" * 64) if one.id == "civilians.month" else one for one in now.values())
    story, change = revised(previous, other)
    assert story.ledger.count("since_revision.other_records") == 1
    assert "with the same value from other records: 1;" in words(story, change)
    assert "No headline number has moved." in words(story, change)


def test_new_and_gone_claims_are_counted(previous: Path) -> None:
    now = before()
    more = [Claim(f"invented.{nth}", nth, "people", "M1", "invented") for nth in (1, 2)]
    less = [one for one in now.values() if one.id != "landmines.month"]
    story, _ = revised(previous, Ledger([*less, *more]))
    assert story.ledger.count("since_revision.new") == 2
    assert story.ledger.count("since_revision.gone") == 1


def test_what_a_revision_says_of_itself_is_not_compared_with_what_the_next_one_does(
    previous: Path, tmp_path: Path
) -> None:
    story, _ = revised(previous)
    second = tmp_path / "claims.json"
    second.write_text(story.ledger.to_json(), encoding="utf-8")
    ledger, _ = read_change(after(), MONTH, revision=3, reason=REASON, previous=str(second))
    assert [ledger.count(f"since_revision.{name}") for name in ("moved", "new", "gone")] == [0, 0, 0]


def test_reason_is_shown_as_it_is(previous: Path) -> None:
    ledger, change = read_change(
        after(), MONTH, revision=2, reason="see *R*  <b>[x](y)</b>\n# end?", previous=str(previous)
    )
    assert "Reason: see *R* <b>[x](y)</b> # end?" in words(Story(ledger, MONTH), change)


@pytest.mark.parametrize(("revision", "reason"), [(2, ""), (2, " "), (0, REASON), (-1, REASON)])
def test_revision_without_a_reason_or_a_number_is_refused(revision: int, reason: str, previous: Path) -> None:
    with pytest.raises(BadParameter, match="needs a reason and the claims of the revision before"):
        read_change(Ledger([]), MONTH, revision=revision, reason=reason, previous=str(previous))


def test_revision_without_the_claims_before_it_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TOLL_PREVIOUS", raising=False)
    with pytest.raises(BadParameter, match="TOLL_PREVIOUS"):
        read_change(Ledger([]), MONTH, revision=2, reason=REASON)


@pytest.mark.parametrize("content", ["", "[{}]", "[", '{"id": 1}'])
def test_damaged_claims_before_are_refused(content: str, tmp_path: Path) -> None:
    file = tmp_path / "claims.json"
    file.write_text(content)
    with pytest.raises(BadDocument, match=r"claims\.json cannot be read"):
        read_change(Ledger([]), MONTH, revision=2, reason=REASON, previous=str(file))
