"""Duplicates: who may be the same person, and what people decided (METHOD M25). All names are invented."""

import random
import time
from pathlib import Path

import pandas as pd
import pytest
from invented_records import records, text_records

from analysis.errors import BadRecords
from analysis.importing.duplicates import candidate_pairs, undecided, undecided_pairs
from analysis.importing.names import fold_name, is_named
from analysis.month import Month
from analysis.records.contract import parse_text
from analysis.records.counted import counted
from analysis.records.decided import decided_months
from analysis.records.decisions import apply_decisions, read_decisions
from analysis.records.writing import write_records

COLUMNS = ["record_a", "record_b", "score", "same_name", "same_date", "same_place", "reasons"]


def pairs_of(*changes: dict[str, str]) -> list[tuple[str, str]]:
    found = candidate_pairs(records(*changes))
    return list(zip(found["record_a"], found["record_b"], strict=True))


def decisions(folder: Path, *told: str) -> Path:
    path = folder / "duplicates.yml"
    entries = [
        f"- pair: [{pair.replace('>', ', ')}]\n  decision: {decision}\n  by: A.\n  date: 2021-02-03\n  reason: seen\n"
        for pair, decision in (one.split() for one in told)
    ]
    path.write_text("".join(entries), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Mohammed Testname", "Muhamad TESTNAME"),
        ("Ahmed Al-Testname", "ahmad el testname"),
        ("Yousef Testname", "Yusuf Testname"),
        ("مُحَمَّد التجريبي", "محمد تجريبي"),
        ("أحمد", "احمد"),
        ("فاطمة", "فاطمه"),
        ("مصطفى", "مصطفي"),
        ("محـــمد", "محمد"),
        ("Zoë Testname", "Zoe  Testname"),
    ],
)
def test_spellings_of_one_name_are_folded(one: str, other: str) -> None:
    assert fold_name(one) == fold_name(other)


@pytest.mark.parametrize(("one", "other"), [("Hassan", "Hussein"), ("Ahmad", "Mahmoud"), ("محمد", "محمود")])
def test_different_names_stay_different(one: str, other: str) -> None:
    assert fold_name(one) != fold_name(other)


@pytest.mark.parametrize("name", ["", None, "Unidentified 17", "unknown", "مجهول", "--"])
def test_nobodys_name_is_no_name(name: str | None) -> None:
    assert not is_named(name)


def test_one_person_spelt_twice_is_a_pair() -> None:
    twice = {"name": "Mohammed Testname"}, {"name": "Muhamad al-Testname"}
    (found,) = candidate_pairs(records(*twice)).to_dict("records")
    # Name, date and place are the same: 60 + 25 + 15 by the weights of data/name-spellings.yml.
    assert found == dict(
        zip(
            COLUMNS,
            ["R-1", "R-2", 100, True, True, True, "same name, same date of death, same place"],
            strict=True,
        )
    )


@pytest.mark.parametrize(
    "change",
    [
        {"date_of_death": "2020-11-11"},
        {"date_of_death": "2020-11-01", "date_of_death_precision": "month"},
        {"date_of_death": "", "date_of_death_precision": "unknown"},
        {"place": "", "governorate": "homs"},
        {"name": "Testname Sameer"},
        {"name": "Samir Testnames"},
    ],
)
def test_a_pair_is_found_by_each_way_round(change: dict[str, str]) -> None:
    assert pairs_of({"name": "Samir Testname"}, {"name": "Samir Testname"} | change) == [("R-1", "R-2")]


@pytest.mark.parametrize(
    "change",
    [
        {"name": "Nobodyelse Othername"},
        {"name": "Ibrahim Testname"},  # a brother
        {"sex": "female"},
        {"date_of_death": "2019-01-01"},
        {"name": "Samir Testname", "withdrawn": "the source took it back"},
        {"name": "Samir Testname", "duplicate_of": "R-9"},
        {"name": ""},
    ],
)
def test_other_people_are_no_pair(change: dict[str, str]) -> None:
    assert pairs_of({"name": "Samir Testname"}, {"name": "Samir Testname"} | change) == []


def test_brothers_who_share_a_long_name_are_no_pair() -> None:
    # 23 letters of 25 agree, more than the 85 of a hundred that names need; samir and nadir agree by 60, fewer than 80.
    assert pairs_of({"name": "Samir Verylong Testfamily"}, {"name": "Nadir Verylong Testfamily"}) == []


def test_unnamed_people_are_never_a_pair() -> None:
    assert pairs_of(*[{"name": name} for name in ("", "", "Unidentified", "Unidentified", "مجهول", "مجهول")]) == []


def test_numbers_in_pseudonyms_are_not_similar() -> None:
    assert pairs_of({"name": "Person 00017"}, {"name": "Person 00018"}, {"name": "Person 00017"}) == [("R-1", "R-3")]


def test_pairs_hold_no_name() -> None:
    found = candidate_pairs(records({"name": "Samir Testname"}, {"name": "Samir Testname"}))
    assert list(found.columns) == COLUMNS
    assert "testname" not in found.to_json().lower()


def test_no_records_make_no_pairs() -> None:
    found = candidate_pairs(records({}).iloc[:0])
    assert (list(found.columns), len(found)) == (COLUMNS, 0)


def test_finding_pairs_never_touches_its_input() -> None:
    before = records({}, {})
    kept = before.copy(deep=True)
    candidate_pairs(before)
    pd.testing.assert_frame_equal(before, kept)


def test_the_list_that_comes_along_is_readable_and_empty() -> None:
    assert read_decisions() == []


@pytest.mark.parametrize(
    ("told", "message"),
    [
        (["R-1>R-2 same", "R-2>R-1 different"], "line 6: line 1 decides the same pair"),
        (["R-1>R-2 same", "R-3>R-2 same"], "line 6: the record it marks already repeats another"),
        (["R-1>R-2 same", "R-2>R-3 same", "R-3>R-1 same"], "line 11: by way of other decisions"),
        (["R-1>R-1 same"], "line 1: its pair is not two different record ids"),
        (["R-1>R-2 perhaps"], "line 1: its decision is neither same nor different"),
    ],
)
def test_decisions_that_contradict_are_refused_with_their_line(told: list[str], message: str, tmp_path: Path) -> None:
    with pytest.raises(BadRecords, match=message):
        read_decisions(decisions(tmp_path, *told))


def test_a_repeat_does_not_count_and_is_counted_as_such(tmp_path: Path) -> None:
    before = records({}, {}, {})
    known = read_decisions(decisions(tmp_path, "R-2>R-1 same", "R-2>R-3 different"))
    after, repeats = apply_decisions(before, known)
    assert repeats == ["R-1"]
    assert counted(after)["record_id"].tolist() == ["R-2", "R-3"]
    assert before["duplicate_of"].isna().all()


def test_a_person_counts_once_along_a_chain(tmp_path: Path) -> None:
    known = read_decisions(decisions(tmp_path, "R-1>R-2 same", "R-2>R-3 same"))
    after, _ = apply_decisions(records({}, {}, {}), known)
    assert after["duplicate_of"].fillna("").tolist() == ["", "R-1", "R-1"]


def test_when_the_record_kept_is_withdrawn_another_counts_and_only_one(tmp_path: Path) -> None:
    known = read_decisions(decisions(tmp_path, "R-1>R-2 same", "R-1>R-3 same"))
    after, _ = apply_decisions(records({"withdrawn": "taken back"}, {}, {}), known)
    assert counted(after)["record_id"].tolist() == ["R-2"]


def test_a_pair_that_was_decided_is_not_asked_again(tmp_path: Path) -> None:
    found = candidate_pairs(records(*[{"name": "Samir Testname"}] * 3))
    known = read_decisions(decisions(tmp_path, "R-3>R-1 different"))
    left = undecided(found, known)
    assert list(zip(left["record_a"], left["record_b"], strict=True)) == [("R-1", "R-2"), ("R-2", "R-3")]


@pytest.fixture
def table(tmp_path: Path) -> str:
    """One person thrice: R-1 and R-2 documented in November, R-3 in October."""
    frame = text_records(*[{"name": "Samir Testname"}] * 2, {"name": "Samir Testname", "date_documented": "2020-10-30"})
    location = str(tmp_path / "records")
    write_records(location, parse_text(frame), source_file="invented.csv", sha256="")
    return location


def test_a_record_kept_in_another_month_is_known(table: str, tmp_path: Path) -> None:
    known = read_decisions(decisions(tmp_path, "R-3>R-1 same"))
    found = decided_months(table, [Month.parse("2020-11")], corrections=[], decisions=known)
    assert found.records["duplicate_of"].fillna("").tolist() == ["R-3", ""]
    assert found.repeats == ["R-1"]


def test_pairs_of_a_month_have_a_record_in_it(table: str) -> None:
    november, october = (undecided_pairs(table, month=Month.parse(month)) for month in ("2020-11", "2020-10"))
    assert (len(november), len(october), len(undecided_pairs(table))) == (3, 2, 3)


def test_many_records_are_compared_in_seconds() -> None:
    """33,000 invented people over nine years, as many places as a source has, and 40 of them twice."""
    chance = random.Random(1)
    syllables = ["ba", "di", "fo", "gu", "ka", "li", "mo", "nu", "pa", "ri", "so", "tu", "va", "zi"]
    first = ["".join(chance.choices(syllables, k=3)) for _ in range(300)]
    last = ["".join(chance.choices(syllables, k=4)) for _ in range(3000)]
    days = pd.date_range("2011-03-01", periods=3000)
    people = pd.DataFrame(
        {
            "record_id": [f"R-{nth:05d}" for nth in range(33_000)],
            "name": [f"{chance.choice(first)} {chance.choice(last)}" for _ in range(33_000)],
            "date_of_death": [chance.choice(days) for _ in range(33_000)],
            "place": [f"village {chr(97 + chance.randrange(26))}" for _ in range(33_000)],
        }
    ).assign(governorate="idlib", sex="male", date_of_death_precision="day", withdrawn=None, duplicate_of=None)
    twice = people.iloc[:40].assign(record_id=[f"T-{nth:05d}" for nth in range(40)])
    began = time.perf_counter()
    found = candidate_pairs(pd.concat([people, twice], ignore_index=True))
    assert time.perf_counter() - began < 60
    pairs = set(zip(found["record_a"], found["record_b"], strict=True))
    assert {(f"R-{nth:05d}", f"T-{nth:05d}") for nth in range(40)} <= pairs
