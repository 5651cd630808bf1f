"""Corrections: data that a person wrote, found in the record or refused, and applied to a copy (METHOD M24)."""

from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from invented_records import records, text_records

from analysis.errors import BadRecords, StaleCorrection
from analysis.month import Month
from analysis.records.contract import parse_text
from analysis.records.corrections import Correction, apply_corrections, due_corrections, read_corrections
from analysis.records.counted import counted
from analysis.records.decided import decided_months
from analysis.records.writing import write_records

ENTRY = {
    "record_id": "R-1", "field": "governorate", "was": "idlib", "now": "homs", "reason": "the map says so",
    "source": "an invented map", "reported": "2021-02-03", "by": "A. Analyst", "status": "applied",
}  # fmt: skip


def entry(**changes: str) -> str:
    return "- " + "\n  ".join(f"{key}: {value}" for key, value in (ENTRY | changes).items()) + "\n"


def written(folder: Path, *entries: str) -> Path:
    path = folder / "corrections.yml"
    path.write_text("# Corrections.\n" + "".join(entries), encoding="utf-8")
    return path


def correction(field: str, was: str, now: str, **more: object) -> Correction:
    texts = {"record_id": "R-1", "reason": "r", "source": "s", "by": "b", "status": "applied"}
    return Correction(**{**texts, "field": field, "was": was, "now": now, "reported": date(2021, 2, 3), **more})  # type: ignore[arg-type]


def test_the_list_that_comes_along_is_readable_and_empty() -> None:
    assert read_corrections() == []


def test_an_entry_is_read_with_its_line(tmp_path: Path) -> None:
    (one,) = read_corrections(written(tmp_path, entry()))
    assert (one.record_id, one.was, one.now, one.reported, one.line) == ("R-1", "idlib", "homs", date(2021, 2, 3), 2)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"field": "governorat"}, "its field is none of"),
        ({"field": "record_id"}, "its field is none of"),
        ({"now": "atlantis"}, "its `now` is not in data/"),
        ({"was": "atlantis"}, "its `was` is not in data/"),
        ({"reason": '""'}, "its reason is blank"),
        ({"source": ""}, "its source is blank"),
        ({"by": '" "'}, "its by is blank"),
        ({"reported": "last week"}, "its day of `reported` is not"),
        ({"status": "done"}, "its status is none of"),
        ({"now": "idlib"}, "its `was` and `now` are the same"),
        ({"field": "age", "was": "34", "now": "old"}, "its `now` is not a number"),
        ({"field": "date_of_death", "was": '""', "now": "2020-13-01"}, "its `now` is not a date"),
        ({"field": "status", "was": "civilian", "now": '""'}, "a record needs its status"),
        ({"was": "[idlib]"}, "is not one value"),
        ({"until": "soon"}, "its `until` is not the number of a vintage"),
        ({"resaon": "misspelt"}, "nothing is known of resaon"),
    ],
)
def test_an_entry_that_cannot_be_right_is_refused_with_its_line(
    changes: dict[str, str], told: str, tmp_path: Path
) -> None:
    path = written(tmp_path, entry(), entry(record_id="R-2", **changes))
    with pytest.raises(BadRecords, match=r"line 11: ") as refused:
        read_corrections(path)
    assert told in str(refused.value)


def test_an_entry_without_a_reason_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "corrections.yml"
    path.write_text(entry().replace("  reason: the map says so\n", ""), encoding="utf-8")
    with pytest.raises(BadRecords, match="line 1: it does not say reason"):
        read_corrections(path)


def test_a_field_is_corrected_once(tmp_path: Path) -> None:
    with pytest.raises(BadRecords, match="line 11: line 2 corrects the same field of the same record"):
        read_corrections(written(tmp_path, entry(), entry(now="hama")))


@pytest.mark.parametrize("text", ["- [", "record_id: R-1", "- R-1", "\x00"])
def test_what_is_no_list_of_entries_is_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / "corrections.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadRecords):
        read_corrections(path)


@pytest.mark.parametrize(
    ("field", "was", "now", "held"),
    [
        ("governorate", "idlib", "homs", "homs"),
        ("governorate", "idlib", "", None),
        ("age", "34", "0.5", 0.5),
        ("torture", "false", "true", True),
        ("date_of_death", "2020-11-10", "2020-11-09", pd.Timestamp("2020-11-09")),
        ("consents", "", "publication", ["publication"]),
    ],
)
def test_each_kind_of_field_can_be_corrected(field: str, was: str, now: str, held: object) -> None:
    before = records({}, {})
    after, applied = apply_corrections(before, [correction(field, was, now)])
    first, second = after[field].tolist()
    assert pd.isna(first) if held is None else first == held
    assert str(second) == str(before[field].tolist()[1])
    assert [(one.record_id, one.field) for one in applied] == [("R-1", field)]
    assert after[field].dtype == before[field].dtype


def test_a_correction_never_touches_its_input() -> None:
    before = records({}, {})
    kept = before.copy(deep=True)
    apply_corrections(before, [correction("governorate", "idlib", "homs"), correction("age", "34", "12")])
    pd.testing.assert_frame_equal(before, kept)


def test_a_correction_that_does_not_find_what_it_corrects_stops() -> None:
    with pytest.raises(StaleCorrection, match=r"R-1: governorate, line 7.*remove the entry") as stale:
        apply_corrections(records({"governorate": "homs"}), [correction("governorate", "idlib", "homs", line=7)])
    assert "homs" not in str(stale.value)
    assert "idlib" not in str(stale.value)


@pytest.mark.parametrize("status", ["open", "rejected"])
def test_what_is_not_decided_is_not_applied(status: str) -> None:
    assert due_corrections([correction("governorate", "idlib", "homs", status=status)], 0) == []


def test_a_correction_is_for_no_vintage_after_its_last() -> None:
    one = correction("governorate", "idlib", "homs", until=3)
    assert [due_corrections([one], vintage) for vintage in (3, 4)] == [[one], []]


def test_what_is_decided_from_the_day_of_the_next_vintage_on_is_for_that_one() -> None:
    one = correction("governorate", "idlib", "homs")  # decided on 3 February 2021
    assert due_corrections([one], 3, superseded=date(2021, 2, 4)) == [one]
    assert due_corrections([one], 3, superseded=date(2021, 2, 3)) == []
    assert due_corrections([one], 3) == [one]


def test_verifying_is_a_correction() -> None:
    submitted = records({"verification": "submitted"})
    verified, _ = apply_corrections(submitted, [correction("verification", "submitted", "verified")])
    assert (len(counted(submitted)), len(counted(verified))) == (0, 1)


@pytest.fixture
def table(tmp_path: Path) -> str:
    """Three records: R-1 and R-2 of November, R-3 of October."""
    frame = text_records({}, {}, {"date_documented": "2020-10-05"})
    location = str(tmp_path / "records")
    write_records(location, parse_text(frame), source_file="invented.csv", sha256="")
    return location


@pytest.mark.parametrize(("month", "ids"), [("2020-11", ["R-2", "R-3"]), ("2020-10", ["R-1"]), ("2020-12", [])])
def test_a_corrected_date_moves_a_record_to_its_month(month: str, ids: list[str], table: str) -> None:
    moves = [
        correction("date_documented", "2020-11-20", "2020-10-31"),
        correction("date_documented", "2020-10-05", "2020-11-01", record_id="R-3"),
    ]
    found = decided_months(table, [Month.parse(month)], corrections=moves, decisions=[])
    assert found.records["record_id"].tolist() == ids
    assert set(found.records["month"]) <= {month}
    assert [one.record_id for one in found.corrections] == [record for record in ids if record != "R-2"]


def test_a_record_whose_date_is_taken_away_is_of_no_month(table: str) -> None:
    gone = [correction("date_documented", "2020-11-20", "")]
    months = [Month.parse("2020-11")], ["undated"]
    found = [decided_months(table, each, corrections=gone, decisions=[]).records["record_id"] for each in months]
    assert [each.tolist() for each in found] == [["R-2"], ["R-1"]]


def test_codes_stay_codes_of_their_list(table: str) -> None:
    fixes = [correction("governorate", "idlib", "homs")]
    found = decided_months(table, [Month.parse("2020-11")], corrections=fixes, decisions=[]).records
    assert isinstance(found["governorate"].dtype, pd.CategoricalDtype)
    assert found["governorate"].tolist() == ["homs", "idlib"]
