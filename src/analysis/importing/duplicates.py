"""Duplicates: pairs of records that may be of the same person, for people to decide, and their decisions (METHOD M25).

Nothing is merged by a program, nobody without a name is ever paired, and only record ids leave this module.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import yaml
from rapidfuzz import fuzz, process, utils

from analysis.month import Month
from analysis.places import DATA
from analysis.records.contract import UNDATED
from analysis.records.corrections import (
    Applied,
    Correction,
    corrected_records,
    in_months,
    is_day,
    read_corrections,
    read_entries,
    refuse,
    said,
)
from analysis.records.table import months_held, read_vintage, require_month

DECISIONS = DATA / "duplicates.yml"
SAME, DIFFERENT = "same", "different"
_KEYS = ("pair", "decision", "by", "date", "reason")
_TATWEEL = "\u0640"
_ROWS = 1000  # of a block at a time: the scores of a large block need not be held at once

Pairs = set[tuple[int, int]]


@dataclass(frozen=True)
class Decision:
    """One decision: of the same person, `keep` counts and `repeat` does not, or of different people."""

    keep: str
    repeat: str
    decision: str
    by: str
    date: date
    reason: str
    line: int = 0


@dataclass(frozen=True, eq=False)
class Decided:
    """The records of some months, corrected, repeats marked; `repeats` are the records that decisions marked."""

    records: pd.DataFrame
    corrections: list[Applied]
    repeats: list[str]


@cache
def rules() -> dict[str, Any]:
    """What data/name-spellings.yml says."""
    return dict(yaml.safe_load((DATA / "name-spellings.yml").read_text(encoding="utf-8")))


def is_named(name: object) -> bool:
    """Whether a text is somebody's name: "Unidentified 17" is nobody's."""
    words = fold_name(name).split() if isinstance(name, str) else []
    return bool(words) and not set(words) & set(rules()["nobody"])


def fold_name(name: str) -> str:
    """A name as it is compared: Arabic and Latin spellings of one name become one.

    Marks, the lengthening stroke, case, punctuation and the article go; letters written for each other become one;
    common transliterations become one word. An article that is part of a longer word is kept.
    """
    bare = "".join(
        each for each in unicodedata.normalize("NFKD", name) if not unicodedata.combining(each) and each != _TATWEEL
    )
    words = utils.default_process(bare.translate(str.maketrans(rules()["letters"]))).split()
    return " ".join(folded for word in words if (folded := _fold_word(word)))


@lru_cache(maxsize=100_000)
def _fold_word(word: str) -> str:
    if word in rules()["articles"]:
        return ""
    if word.startswith("ال") and len(word) > 4:
        word = word[2:]
    for seen, sound in rules()["sounds"].items():
        word = word.replace(seen, sound)
    for pattern, folded in _spellings():
        if pattern.fullmatch(word):
            return folded
    return str(rules()["joined"].get(word, word))


@cache
def _spellings() -> list[tuple[re.Pattern[str], str]]:
    return [(re.compile(pattern), str(folded)) for pattern, folded in rules()["words"].items()]


def candidate_pairs(records: pd.DataFrame) -> pd.DataFrame:
    """Pairs of records that may be of the same person.

    In    typed records; passed over are those withdrawn, those without a name and those known to repeat another.
    Out   one row a pair, highest score first: `record_a`, `record_b` (in order), `score` (0 to 100), `same_name`,
          `same_date`, `same_place`, `reasons` (words). Ids only.
    """
    people = _people(records)
    pairs = sorted({pair for block in _blocks(people) for pair in block})
    return _scored(people, pairs)


def undecided(pairs: pd.DataFrame, decisions: Sequence[Decision]) -> pd.DataFrame:
    """The pairs that nobody has decided yet."""
    known = {frozenset((one.keep, one.repeat)) for one in decisions}
    open_ = [frozenset(pair) not in known for pair in zip(pairs["record_a"], pairs["record_b"], strict=True)]
    return pairs[np.array(open_, dtype=bool)].reset_index(drop=True)


def read_decisions(path: Path = DECISIONS) -> list[Decision]:
    """Read and check data/duplicates.yml, in its own order.

    Raises BadRecords, with the line, for an entry that says too little, a pair decided twice, a record that repeats
    two others or, along a chain, itself.
    """
    entries = read_entries(path, _KEYS)
    refuse(path, [f"line {line}: {told}" for line, entry in entries for told in _faults(entry)])
    decisions = [
        Decision(
            keep=entry["pair"][0],
            repeat=entry["pair"][1],
            decision=entry["decision"],
            by=entry["by"],
            date=date.fromisoformat(entry["date"]),
            reason=entry["reason"],
            line=line,
        )
        for line, entry in entries
    ]
    refuse(path, [*_contradictions(decisions)])
    return decisions


def apply_decisions(
    records: pd.DataFrame, decisions: Sequence[Decision], *, held: Collection[str] | None = None
) -> tuple[pd.DataFrame, list[str]]:
    """The records with `duplicate_of` as decided, and the ids of those that were marked.

    A repeat is marked only while the record that is kept is held: where the source withdrew that, the next one of the
    same person counts in its place.
    `held` are the ids of such records; without it, those of `records` that are not withdrawn.
    """
    live = set(records.loc[~_filled(records["withdrawn"]), "record_id"]) if held is None else set(held)
    marks = _marks([one for one in decisions if one.decision == SAME], live)
    marked = records["record_id"].isin(list(marks)) & ~_filled(records["duplicate_of"])
    values = records["duplicate_of"].astype(object).mask(marked, records["record_id"].map(marks))
    duplicate_of = values.astype(records["duplicate_of"].dtype)
    return records.assign(duplicate_of=duplicate_of), list(records.loc[marked, "record_id"])


def decided_months(
    location: str,
    months: Sequence[Month | str],
    *,
    vintage: int | None = None,
    corrections: Sequence[Correction] | None = None,
    decisions: Sequence[Decision] | None = None,
) -> Decided:
    """Read the records of some months as people left them: corrected, and the repeats among them marked.

    Where none are given, the corrections and decisions are those of data/corrections.yml and data/duplicates.yml.
    """
    fixes = read_corrections(profile=read_vintage(location, vintage).profile) if corrections is None else corrections
    known = read_decisions() if decisions is None else decisions
    same = sorted({record for one in known if one.decision == SAME for record in (one.keep, one.repeat)})
    records, applied = corrected_records(location, months, vintage=vintage, corrections=fixes, also=same)
    marked, repeats = apply_decisions(records, known)
    here = marked[in_months(marked, months)].reset_index(drop=True)
    ids = set(here["record_id"])
    return Decided(
        here, [one for one in applied if one.record_id in ids], [repeat for repeat in repeats if repeat in ids]
    )


def undecided_pairs(location: str, *, month: Month | None = None, vintage: int | None = None) -> pd.DataFrame:
    """The pairs of a records table that nobody has decided, of a month where one is given (its partner may be of any).

    Raises BadMonth for a month without records.
    """
    if month is not None:
        require_month(location, month, vintage)
    decisions = read_decisions()
    records = decided_months(location, all_months(location, vintage), vintage=vintage, decisions=decisions).records
    pairs = undecided(candidate_pairs(records), decisions)
    ids = set(records["record_id"] if month is None else records.loc[records["month"] == str(month), "record_id"])
    return pairs[pairs["record_a"].isin(ids) | pairs["record_b"].isin(ids)].reset_index(drop=True)


def all_months(location: str, vintage: int | None = None) -> list[Month | str]:
    """Every month that has records, and what is of no month."""
    return [*months_held(location, vintage), UNDATED]


def _people(records: pd.DataFrame) -> pd.DataFrame:
    """What is compared of each record that can be paired, sorted by record_id."""
    gone = _filled(records["withdrawn"]) | _filled(records["duplicate_of"])
    named = records[~gone].sort_values("record_id", ignore_index=True)
    folded = [fold_name(name) if is_named(name) else "" for name in named["name"]]
    named = named.assign(folded=pd.Series(folded, index=named.index, dtype=str))
    named = named[named["folded"] != ""].reset_index(drop=True)
    precision = named["date_of_death_precision"].astype(object).where(lambda values: values.notna(), "day")
    governorate = named["governorate"].astype(object).where(lambda values: values.notna() & values.ne("unknown"), "")
    days = pd.to_datetime(named["date_of_death"]).where(precision.isin(["day", "month"]))
    return pd.DataFrame(
        {
            "record_id": named["record_id"],
            "sorted": pd.Series([" ".join(sorted(name.split())) for name in named["folded"]], dtype=str),
            "number": pd.factorize(named["folded"].str.replace(r"\D+", " ", regex=True).str.strip())[0],
            "words": [name.split() for name in named["folded"]],
            "day": (days - pd.Timestamp("1970-01-01")).dt.days.astype("float"),
            "month": days.dt.strftime("%Y-%m").astype(object).where(days.notna(), ""),
            "exact": precision.eq("day") & days.notna(),
            "governorate": governorate,
            "place": pd.Series([fold_name(one) if isinstance(one, str) else "" for one in named["place"]], dtype=str),
            "sex": named["sex"].astype(object).where(lambda values: values.isin(["male", "female"]), ""),
        }
    )


def _blocks(people: pd.DataFrame) -> Iterator[Pairs]:
    """Pairs with names that agree so far, among the people of one place, one beginning of a name, or one date."""
    names, numbers = people["sorted"].to_numpy(dtype=object), people["number"].to_numpy()
    places = people["governorate"] + "/" + people["place"]
    starts = people["sorted"].str.slice(0, rules()["prefix"])
    for keys in (places[people["place"] != ""], starts):
        for rows in keys.groupby(keys).indices.values():
            members = keys.index.to_numpy()[rows]
            yield _alike(names, numbers, members, members)
    exact, dated = people[people["exact"]], people[people["month"] != ""]
    days = {day: exact.index.to_numpy()[rows] for day, rows in exact.groupby("day").indices.items()}
    for day, members in days.items():
        yield _alike(names, numbers, members, np.concatenate([members, days.get(day + 1, members[:0])]))
    for rows in dated.groupby("month").indices.values():
        members = dated.index.to_numpy()[rows]
        yield _alike(names, numbers, members[~people["exact"].to_numpy()[members]], members)


def _alike(names: np.ndarray, numbers: np.ndarray, some: np.ndarray, others: np.ndarray) -> Pairs:
    """Pairs of rows, the smaller first, whose names agree so far, a number in them (a pseudonym's) in full."""
    if not len(some) or len(others) < 2:
        return set()
    least, found = rules()["name_at_least"], set()
    for start in range(0, len(some), _ROWS):
        rows = some[start : start + _ROWS]
        scores = process.cdist(
            names[rows], names[others], scorer=fuzz.ratio, score_cutoff=least, dtype=np.uint8, workers=-1
        )
        for one, other in np.argwhere((scores > 0) & (numbers[rows][:, None] == numbers[others])):
            a, b = int(rows[one]), int(others[other])
            if a != b:
                found.add((min(a, b), max(a, b)))
    return found


def _scored(people: pd.DataFrame, pairs: Sequence[tuple[int, int]]) -> pd.DataFrame:
    rule = rules()
    a = people.iloc[[one for one, _ in pairs]].reset_index(drop=True)
    b = people.iloc[[other for _, other in pairs]].reset_index(drop=True)
    names = np.array([fuzz.ratio(*pair) for pair in zip(a["sorted"], b["sorted"], strict=True)], dtype=float)
    given = np.array([_given(*pair) for pair in zip(a["words"], b["words"], strict=True)], dtype=float)
    dates, places = _date_words(a, b), _place_words(a, b)
    weights = rule["weights"]
    score = weights["name"] * names / 100
    score = score + weights["date"] * np.array([rule["dates"][word] for word in dates])
    score = score + weights["place"] * np.array([rule["places"][word] for word in places])
    table = pd.DataFrame(
        {
            "record_a": a["record_id"].astype(object),
            "record_b": b["record_id"].astype(object),
            "score": np.floor(score + 0.5).astype(int),
            "same_name": names == 100,
            "same_date": [word in ("same", "next_day") for word in dates],
            "same_place": [word == "same" for word in places],
            "reasons": [_reasons(*words) for words in zip(names, dates, places, strict=True)],
        }
    )
    first = (given >= rule["given_name_at_least"]) | (names == 100)
    contradicted = (a["sex"] != b["sex"]) & (a["sex"] != "") & (b["sex"] != "")
    good = first & (score >= rule["score_at_least"]) & ~contradicted.to_numpy()
    return table[good].sort_values(["score", "record_a", "record_b"], ascending=[False, True, True], ignore_index=True)


def _given(one: list[str], other: list[str]) -> float:
    """How far the given names of two people agree, wherever in the other name they stand: brothers differ in them."""
    return min(
        max(fuzz.ratio(one[0], word) for word in other),
        max(fuzz.ratio(other[0], word) for word in one),
    )


def _date_words(a: pd.DataFrame, b: pd.DataFrame) -> list[str]:
    """How two dates of death agree, in the words of the rules."""
    apart = (a["day"] - b["day"]).abs()
    both = a["exact"] & b["exact"]
    cases = [
        (a["month"] == "") | (b["month"] == ""),
        both & (apart == 0),
        both & (apart == 1),
        ~both & (a["month"] == b["month"]),
        apart <= rules()["within_days"],
    ]
    return [
        str(word) for word in np.select(cases, ["unknown", "same", "next_day", "same_month", "within_days"], "apart")
    ]


def _place_words(a: pd.DataFrame, b: pd.DataFrame) -> list[str]:
    same = (a["governorate"] == b["governorate"]) & (a["governorate"] != "")
    cases = [
        (a["place"] == b["place"]) & (a["place"] != "") & (a["governorate"] == b["governorate"]),
        (a["governorate"] == "") | (b["governorate"] == ""),
        same,
    ]
    return [str(word) for word in np.select(cases, ["same", "unknown", "same_governorate"], "apart")]


def _reasons(name: float, day: str, place: str) -> str:
    """Why a pair is shown, without what the records say."""
    names = "same name" if name == 100 else "similar names"
    days = {"same": "same date of death", "next_day": "dates of death a day apart", "same_month": "same month of death",
            "unknown": "a date of death not known", "within_days": "dates of death close", "apart": ""}  # fmt: skip
    places = {"same": "same place", "same_governorate": "same governorate", "unknown": "a governorate not known",
              "apart": ""}  # fmt: skip
    return ", ".join(word for word in (names, days[day], places[place]) if word)


def _filled(values: pd.Series) -> "pd.Series[bool]":
    return values.notna() & values.ne("")


def _faults(entry: Mapping[str, Any]) -> list[str]:
    pair = entry["pair"]
    two = isinstance(pair, list) and len(pair) == 2 and all(said(one) for one in pair) and pair[0] != pair[1]
    faults = [] if two else ["its pair is not two different record ids"]
    faults += [f"its {key} is blank" for key in ("by", "reason") if not said(entry[key])]
    faults += [] if is_day(entry["date"]) else ["its date is not of the form YYYY-MM-DD"]
    good = entry["decision"] in (SAME, DIFFERENT)
    return faults + ([] if good else [f"its decision is neither {SAME} nor {DIFFERENT}"])


def _contradictions(decisions: Sequence[Decision]) -> Iterator[str]:
    pairs: dict[frozenset[str], int] = {}
    kept: dict[str, str] = {}
    for one in decisions:
        before = pairs.setdefault(frozenset((one.keep, one.repeat)), one.line)
        if before != one.line:
            yield f"line {one.line}: line {before} decides the same pair"
        elif one.decision == SAME and one.repeat in kept:
            yield f"line {one.line}: the record it marks already repeats another: name the one that is kept"
        elif one.decision == SAME:
            kept[one.repeat] = one.keep
            if _goes_round(one.repeat, kept):
                yield f"line {one.line}: by way of other decisions the record repeats itself"


def _goes_round(repeat: str, kept: Mapping[str, str]) -> bool:
    seen = {repeat}
    while repeat in kept:
        repeat = kept[repeat]
        if repeat in seen:
            return True
        seen.add(repeat)
    return False


def _marks(same: Sequence[Decision], live: Collection[str]) -> dict[str, str]:
    """Record -> the record that it repeats: of each person's records held, the one kept before the others counts."""
    kept = {one.repeat: one.keep for one in same}
    people: dict[str, list[str]] = {}
    for repeat in kept:
        last = repeat
        while last in kept:
            last = kept[last]
        people.setdefault(last, [last]).append(repeat)
    held = [[record for record in group if record in live] for group in people.values()]
    return {repeat: counts for counts, *repeats in (group for group in held if group) for repeat in repeats}
