"""How far each party's toll depends on cases that are not decided: as published, at least, at most (METHOD M10).

A death is open where its candidates name another party than the one it is counted under, be it one of several or
joint. At least: what is counted under the party and open to no other. At most: that, and all it is a candidate of.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import reduce
from operator import or_

import narwhals as nw
import pandas as pd

from analysis.codelists import NOT_RECORDED
from analysis.month import Month
from analysis.period import Span
from analysis.quality.gate import Finding
from analysis.records.counted import counted
from analysis.toll.claims import Ledger
from analysis.toll.comparisons import shares
from analysis.toll.counting import Definition
from analysis.toll.definitions import (
    EVERYONE,
    Vocabulary,
    by_party,
    crossed,
    died_earlier,
    is_code,
    measure,
    parts,
    period,
)
from analysis.toll.monthly import require_breakdown
from analysis.toll.report_records import ReportRecords
from analysis.toll.spanning import on_its_footing, span_counts

TOLL = "civilians.span"
UNDECIDED = ("either", "joint")


def mark_candidates(records: pd.DataFrame, parties: Sequence[str]) -> pd.DataFrame:
    """Add `candidate_<party>`: whether a death could be that party's; false where no candidates are recorded."""
    lists = [list(one) if hasattr(one, "__len__") else [] for one in records["candidate_parties"]]
    marks = {f"candidate_{code}": [code in one for one in lists] for code in parties}
    return records.assign(**{name: pd.Series(found, records.index, dtype=bool) for name, found in marks.items()})


def attribution_definitions(when: Span, words: Vocabulary) -> list[Definition]:
    """Every count of the bounds: the toll, each party's as published, at least and at most, and the open cases."""
    this = period("span", when.months, words)
    toll = measure("civilians", words) & this
    parties = by_party(when.months, words)
    return [
        toll,
        *crossed(toll, parts(words)),
        *died_earlier(when, this, words),
        *crossed(toll, parties, parts(words)),
        *[toll & bound for party in parties for bound in _bounds(party, words)],
        *crossed(toll, _open_cases(words)),
    ]


def _bounds(party: Definition, words: Vocabulary) -> list[Definition]:
    """The least and the most that a party's toll can be, and the deaths in between that it could lose or gain."""
    code, text = party.id.partition(".")[2], words["attribution"]
    others = _candidate([one for one in words.codelist("parties").codes if one != code])
    could_be = _candidate([] if code == NOT_RECORDED else [code])
    found = {
        "least": party.holds & ~others,
        "most": party.holds | could_be,
        "may_lose": party.holds & others,
        "may_gain": could_be & ~party.holds.fill_null(False),
    }
    return [
        replace(party, id=f"{party.id}.{name}", rule="M9 M10", words=f"{party.words}; {text[name]}", holds=holds)
        for name, holds in found.items()
    ]


def _candidate(codes: Sequence[str]) -> nw.Expr:
    """Whether one of some parties is among the candidates."""
    return reduce(or_, (nw.col(f"candidate_{code}") for code in codes), ~EVERYONE)


def _open_cases(words: Vocabulary) -> list[Definition]:
    """The deaths whose responsibility is not one party's alone, with and without candidates that are recorded."""
    text, named = words["attribution"], _candidate(words.codelist("parties").codes)
    return [
        Definition(f"{kind}.{name}", "M10", text[kind].format(candidates=text[name]), responsible & holds, "same")
        for kind, responsible in ((one, is_code("responsibility", one)) for one in UNDECIDED)
        for name, holds in (("named", named), ("unnamed", ~named))
    ]


def attribution_ledger(
    records: ReportRecords,
    findings: Mapping[Month, Sequence[Finding]],
    *,
    language: str = "en",
    counted_as: Ledger | None = None,
) -> Ledger:
    """Every claim of the bounds; `counted_as` as for a month. Raises TotalsDisagree where parties do not add up."""
    when, words = records.when, Vocabulary(language, records.profile)
    assert isinstance(when, Span)
    definitions = attribution_definitions(when, words)
    people = mark_candidates(counted(records.reported), words.codelist("parties").codes)
    ledger = span_counts(people, definitions, counted_as)
    for part in ("", "children", "women"):
        require_breakdown(ledger, TOLL, f"{TOLL}.party", part)
    return on_its_footing(ledger.extended(shares(ledger, [TOLL], words)), records, findings, words)
