"""The claims as an edition shows them: the one place through which every page, table and file of it gets its numbers.

Where an edition hides small numbers of people by occupation, their claims carry a range as value. A report's numbers do
not stand alone: its year so far less that of the month before is the month, so that the months of a year are looked at
together, in the order in which their reports come out, each with what the earlier ones have shown (METHOD M29).
"""

import hashlib
import hmac
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import pandas as pd

from analysis.editions import read_edition, threshold
from analysis.month import Month
from analysis.records.counted import counted
from analysis.secrets import pseudonym_secret
from analysis.toll.bounds import Range, Sum
from analysis.toll.claims import RANGE, Claim, Ledger
from analysis.toll.definitions import OCCUPATIONS
from analysis.toll.report_records import ReportRecords
from analysis.toll.small_cells import protected, small

TOLL, HALF = "toll", "half"


def in_edition(ledger: Ledger, records: ReportRecords) -> Ledger:
    """The claims that the edition makes, each as it shows it."""
    edition, claims = read_edition(records.edition), list(ledger.values())
    limit = threshold(edition, records.profile)
    if limit is not None:
        ranges = occupation_ranges(records, limit)
        claims = [_ranged(one, ranges.get(one.id)) for one in claims if not _tells_occupations(one.id)]
    if edition.digests == "keyed":
        claims = [_keyed(one, pseudonym_secret()) for one in claims]
    return Ledger(claims)


def _ranged(claim: Claim, shown: Range | None) -> Claim:
    return claim if shown is None else replace(claim, value=str(shown), unit=RANGE, records=None)


def _tells_occupations(claim_id: str) -> bool:
    """Whether a claim tells of occupations what a range is to hide: the children and women among those few, and in how
    many records an occupation is given at all."""
    names = claim_id.split(".")
    return "occupation" in names or (names[0] in OCCUPATIONS and names[-1] in ("children", "women"))


def _keyed(claim: Claim, secret: bytes) -> Claim:
    """A claim whose digest nobody can guess, and that is another for each claim: equal ones would tell that two claims
    count the same people."""
    if claim.digest is None:
        return claim
    told = f"{claim.id}\n{claim.digest}".encode()
    return replace(claim, digest=hmac.new(secret, told, hashlib.sha256).hexdigest())


def occupation_ranges(records: ReportRecords, limit: int) -> dict[str, Range]:
    """The claims by occupation that are shown as a range, each with its range.

    In    the records of a report's months, and of the year so far.
    Out   by claim id; what is not in it is shown as it is.
    """
    months, span = records.month.year_so_far, records.when.span
    values = _values(counted(records.window), months)
    found = year_ranges(values, months, limit)
    last = months[-1]
    if isinstance(records.when, Month):
        named = {f"{code}.{span}": f"{code}.{last}" for code in OCCUPATIONS}
        named |= {f"{code}.ytd": f"{code}.ytd.{last}" for code in OCCUPATIONS}
    else:
        named = {f"{code}.{span}.month.{one}": f"{code}.{one}" for code in OCCUPATIONS for one in records.when.months}
        whole = f"ytd.{last}" if records.when.months[0] == months[0] else HALF
        named |= {f"{code}.{span}": f"{code}.{whole}" for code in OCCUPATIONS}
    return {claim: found[cell] for claim, cell in named.items() if cell in found}


def _values(people: pd.DataFrame, months: Sequence[Month]) -> dict[str, int]:
    """How many of each occupation in each month and in the year up to it, and in a second half; the toll of each."""
    by_month = {str(month): people[people["month"] == str(month)]["occupation"].value_counts() for month in months}
    values = {f"{code}.{month}": int(found.get(code, 0)) for month, found in by_month.items() for code in OCCUPATIONS}
    values |= {f"{TOLL}.{month}": int((people["month"] == str(month)).sum()) for month in months}
    for code in OCCUPATIONS:
        for nth, month in enumerate(months, 1):
            values[f"{code}.ytd.{month}"] = sum(values[f"{code}.{one}"] for one in months[:nth])
        values[f"{code}.{HALF}"] = sum(values[f"{code}.{one}"] for one in months[6:])
    return values


def year_ranges(values: Mapping[str, int], months: Sequence[Month], limit: int) -> dict[str, Range]:
    """What is shown as a range once the last month's report is out, and that of the second half where the year is over.

    What an earlier report has shown cannot be taken back: each month withholds of its own what it takes.
    """
    ranges: dict[str, Range] = {}
    withheld: list[str] = []
    for nth, month in enumerate(months, 1):
        sums = _sums(months[:nth])
        totals, cells = [f"{code}.ytd.{month}" for code in OCCUPATIONS], [f"{code}.{month}" for code in OCCUPATIONS]
        withheld += [one for one in totals if small(values[one], limit)]
        for own in (_own(values, cells, limit), _few(values, cells, limit, values[f"{TOLL}.{month}"])):
            shown = protected(values, sums, ranges | own, withhold=[*totals, *cells], withheld=withheld)
            if all(shown[one].holds(kept) for one, kept in own.items()) and values[f"{TOLL}.{month}"] >= limit:
                break
        ranges |= own
        withheld = [one for one in shown if one not in ranges]
    if len(months) < 12:
        return shown
    half = [f"{code}.{HALF}" for code in OCCUPATIONS]
    return protected(values, [*_sums(months), *_half(months)], ranges, withhold=half,
                     withheld=[*withheld, *(one for one in half if small(values[one], limit))])  # fmt: skip


def _own(values: Mapping[str, int], cells: Iterable[str], limit: int) -> dict[str, Range]:
    """The range of each small cell."""
    return {one: kept for one in cells if (kept := small(values[one], limit))}


def _few(values: Mapping[str, int], cells: Iterable[str], limit: int, toll: int) -> dict[str, Range]:
    """The range where so few were killed that a zero tells who the others were: it holds the zeros too."""
    return {one: Range(0, min(limit - 1, toll)) for one in cells if values[one] < limit and toll}


def _sums(months: Sequence[Month]) -> list[Sum]:
    """What a reader knows: a month and the year before it are the year up to it; nobody counts twice in a toll."""
    year = [
        Sum(f"{code}.ytd.{month}", (f"{code}.{month}", *([f"{code}.ytd.{month.shift(-1)}"] if nth else [])))
        for code in OCCUPATIONS
        for nth, month in enumerate(months)
    ]
    return [
        *year,
        *(Sum(f"{TOLL}.{month}", tuple(f"{code}.{month}" for code in OCCUPATIONS), True) for month in months),
    ]


def _half(months: Sequence[Month]) -> list[Sum]:
    return [Sum(f"{code}.{HALF}", tuple(f"{code}.{month}" for month in months[6:])) for code in OCCUPATIONS]
