"""Lineage: one claim followed to its rules, its filter, the claims it was made from and the records behind it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from analysis.audit.sql_count import Counted, sql_counts
from analysis.audit.sql_filter import sql_filter
from analysis.errors import UnknownClaim
from analysis.month import Month
from analysis.places import ROOT
from analysis.quality.frames import quality_frames
from analysis.quality.gate import run_suites
from analysis.quality.suites import read_suites
from analysis.toll.claims import Claim, Ledger
from analysis.toll.monthly import monthly_ledger
from analysis.toll.periodic import period_findings, periodic_ledger
from analysis.toll.report_records import ReportRecords

RULE = re.compile(r"^\*\*(M\d+) (.*?)(?=\n\n|\Z)", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Lineage:
    """Where a claim comes from.

    `rules` are METHOD's paragraphs by number; `sql` asks for the records, and `again` is what that finds: both None for
    a claim that counts no records. `made_from` are the claims it was made from, `sources` what else it is made from.
    """

    claim: Claim
    rules: dict[str, str]
    sql: str | None
    again: Counted | None
    made_from: tuple[Claim, ...]
    sources: tuple[str, ...]

    @property
    def agrees(self) -> bool:
        """Whether both counts find the same, where the claim counts any records."""
        if self.again is None:
            return self.claim.records is None
        return self.claim.value == self.again.value and self.claim.digest in (None, self.again.digest)


def lineage(claim_id: str, records: ReportRecords) -> Lineage:
    """Follow a claim of the report that these records give.

    Raises UnknownClaim, with the nearest ids, where the report makes no such claim.
    """
    ledger = _ledger(records, checked=claim_id.startswith("quality."))
    claim = _claim(ledger, claim_id, str(records.when))
    counts = claim.basis == "records"
    again = sql_counts(records.window, [claim_id] if counts else [], records.when, profile=records.profile)
    asked = sql_filter(claim_id, records.when, profile=records.profile) if counts else None
    return Lineage(
        claim=claim,
        rules=rules_of(claim.rule),
        sql=asked.sql if asked else None,
        again=again.get(claim_id),
        made_from=tuple(ledger[one] for one in claim.of if one in ledger),
        sources=tuple(one for one in claim.of if one not in ledger),
    )


def _ledger(records: ReportRecords, *, checked: bool) -> Ledger:
    """Every claim of the report; those of the quality checks only where they are run, for they take a while."""
    when, profile = records.when, records.profile
    if not isinstance(when, Month):
        return periodic_ledger(records, period_findings(records) if checked else {})
    if not checked:
        return monthly_ledger(records, [])
    suites = read_suites(when, profile=profile)
    return monthly_ledger(records, run_suites(quality_frames(records.window, when, profile=profile), suites))


def _claim(ledger: Ledger, claim_id: str, report: str) -> Claim:
    if claim_id in ledger:
        return ledger[claim_id]
    near = get_close_matches(claim_id, ledger, n=3, cutoff=0)
    raise UnknownClaim(f"The report on {report} makes no claim {claim_id!r}. The nearest are {_listed(near)}.")


def _listed(names: Iterable[str]) -> str:
    *others, last = names
    return f"{', '.join(others)} and {last}"


def rules_of(numbers: str) -> dict[str, str]:
    """METHOD's paragraphs by rule number, for numbers such as "M1 M5"."""
    text = (ROOT / "METHOD.md").read_text(encoding="utf-8")
    paragraphs = {rule: " ".join(words.replace("**", "").split()) for rule, words in RULE.findall(text)}
    return {number: paragraphs[number] for number in numbers.split()}
