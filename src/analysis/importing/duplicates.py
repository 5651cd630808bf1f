"""Duplicates: pairs of records that may be of the same person, for people to decide (METHOD M25).

Nothing is merged by a program, nobody without a name is ever paired, and only record ids leave this module.
"""

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd
from rapidfuzz import fuzz, process

from analysis.importing.names import fold_name, is_named, rules
from analysis.month import Month
from analysis.records.decided import all_months, decided_months
from analysis.records.decisions import Decision, read_decisions
from analysis.records.table import require_month

_ROWS = 1000  # of a block at a time: the scores of a large block need not be held at once

Pairs = set[tuple[int, int]]


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
