"""What people decided is read with the vintage that was the newest when they decided it, and with those after it."""

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from invented_records import MONTH, text_records

from analysis.errors import BadRecords, StaleCorrection
from analysis.records.contract import parse_text
from analysis.records.corrections import Correction
from analysis.records.counted import counted
from analysis.records.decided import decided_months
from analysis.records.decisions import Decision
from analysis.records.vintages import read_vintages, superseded_on
from analysis.records.writing import write_records
from analysis.toll.revisions import Shift, revisions, shifts
from analysis.toll.two_vintages import Moved, read_moved, read_two_vintages

COMMITTED = (date(2021, 1, 5), date(2021, 2, 5), date(2021, 3, 5))


def commit_on(location: str, version: int, day: date) -> None:
    """Say in the table's log that a vintage was committed on a day, at noon."""
    log = Path(location) / "_delta_log" / f"{version:020}.json"
    actions = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    for action in actions:
        if "commitInfo" in action:
            noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
            action["commitInfo"]["timestamp"] = int(noon.timestamp() * 1000)
    log.write_text("".join(json.dumps(action) + "\n" for action in actions), encoding="utf-8")


@pytest.fixture(scope="module")
def location(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Three vintages of the same four records of November, committed in January, February and March 2021."""
    where = str(tmp_path_factory.mktemp("decided") / "records")
    for version, day in enumerate(COMMITTED):
        write_records(where, parse_text(text_records({}, {}, {}, {})), source_file="invented.csv", sha256="")
        commit_on(where, version, day)
    return where


def correction(reported: date, field: str = "status", was: str = "civilian", now: str = "combatant") -> Correction:
    return Correction("R-1", field, was, now, "a reason", "a source", reported, "A. Analyst", "applied")


def decision(day: date, keep: str = "R-2", repeat: str = "R-3") -> Decision:
    return Decision(keep, repeat, "same", "A. Analyst", day, "a reason")


def tolls(location: str, *, fixes: Sequence[Correction] = (), known: Sequence[Decision] = ()) -> list[int]:
    """How many records of November count, at each vintage."""
    return [
        len(counted(decided_months(location, [MONTH], vintage=each, corrections=fixes, decisions=known).records))
        for each in range(len(COMMITTED))
    ]


def test_a_vintage_is_superseded_on_the_day_of_the_next_and_the_newest_is_not(location: str) -> None:
    assert [when.date() for _, when in read_vintages(location)] == list(COMMITTED)
    assert [superseded_on(location, each) for each in (0, 1, 2, None)] == [*COMMITTED[1:], None, None]


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2000, 1, 1), [3, 3, 3]),  # before there was a table
        (date(2021, 2, 4), [3, 3, 3]),  # while vintage 0 was the newest
        (date(2021, 2, 5), [4, 3, 3]),  # on the day of vintage 1
        (date(2021, 2, 20), [4, 3, 3]),  # while vintage 1 was the newest
        (date(2021, 3, 5), [4, 4, 3]),
        (date(2999, 1, 1), [4, 4, 3]),
    ],
)
def test_what_is_decided_alters_no_vintage_that_was_superseded_by_then(
    day: date, expected: list[int], location: str
) -> None:
    assert tolls(location, fixes=[correction(day)]) == expected
    assert tolls(location, known=[decision(day)]) == expected


def test_a_correction_that_finds_nothing_stops_only_the_vintages_that_it_is_for(location: str) -> None:
    stale = [correction(date(2021, 2, 20), was="not_determined")]
    assert len(decided_months(location, [MONTH], vintage=0, corrections=stale, decisions=[]).records) == 4
    for vintage in (1, 2):
        with pytest.raises(StaleCorrection):
            decided_months(location, [MONTH], vintage=vintage, corrections=stale, decisions=[])


def test_what_was_decided_between_two_vintages_is_a_step_with_its_record(location: str) -> None:
    told = {"corrections": [correction(date(2021, 2, 20))], "decisions": [decision(date(2021, 2, 20))]}
    two = read_two_vintages("2020-11", 0, 2, location, **told)  # type: ignore[arg-type]
    assert [(step.reason, step.change, step.record_ids) for step in revisions(two.was, two.now, two.months)[1:-1]] == [
        ("reclassified_out", -1, ("R-1",)),
        ("duplicate", -1, ("R-3",)),
    ]
    assert two.decided == {"R-1", "R-3"}
    # Both vintages were the newest, or came, when it had been decided.
    later = read_two_vintages("2020-11", 1, 2, location, **told)  # type: ignore[arg-type]
    assert (len(revisions(later.was, later.now, later.months)), later.decided) == (2, frozenset())


def test_a_corrected_attribution_is_a_shift(location: str) -> None:
    fixes = [correction(date(2021, 2, 20), "party", "syrian_regime", "sdf")]
    two = read_two_vintages("2020-11", 0, 1, location, corrections=fixes, decisions=[])
    assert shifts(two.was, two.now, two.months) == [Shift("party", "syrian_regime", "sdf", ("R-1",))]
    assert two.decided == {"R-1"}


def test_a_record_that_a_correction_moves_into_the_month_is_read_at_both_vintages(location: str) -> None:
    fixes = [correction(date(2021, 2, 20), "date_documented", "2020-11-20", "2020-12-01")]
    two = read_two_vintages("2020-12", 0, 1, location, corrections=fixes, decisions=[])
    assert [(step.reason, step.record_ids) for step in revisions(two.was, two.now, two.months)[1:-1]] == [
        ("moved_in", ("R-1",))
    ]


def test_a_month_has_moved_since_a_correction_that_its_earlier_vintage_had_not(location: str) -> None:
    every = frozenset({"R-1", "R-2", "R-3", "R-4"})
    found = read_moved([MONTH], location=location, corrections=[correction(date(2021, 2, 20))], decisions=[])
    assert found == [Moved(MONTH, 0, every, every - {"R-1"})]
    assert read_moved([MONTH], location=location, corrections=[correction(date(2021, 1, 20))], decisions=[]) == []


def test_a_record_that_is_not_verified_is_not_kept_over_one_that_is(tmp_path: Path) -> None:
    where = str(tmp_path / "records")
    frame = text_records({"verification": "submitted"}, {}, {"verification": "submitted"})
    write_records(where, parse_text(frame), source_file="invented.csv", sha256="")
    past = date(2000, 1, 1)
    with pytest.raises(BadRecords, match=r"1 decisions .* \(R-1 over R-2\).* Keep the verified record"):
        decided_months(where, [MONTH], corrections=[], decisions=[decision(past, "R-1", "R-2")])
    for keep, repeat in (("R-2", "R-1"), ("R-1", "R-3")):
        found = decided_months(where, [MONTH], corrections=[], decisions=[decision(past, keep, repeat)])
        assert counted(found.records)["record_id"].tolist() == ["R-2"]
    verified = [correction(past, "verification", "submitted", "verified")]
    found = decided_months(where, [MONTH], corrections=verified, decisions=[decision(past, "R-1", "R-2")])
    assert counted(found.records)["record_id"].tolist() == ["R-1"]
