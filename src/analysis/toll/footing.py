"""What the toll stands on, as claims too: records read and counted, fields filled by rule, checks run, parameters."""

from collections.abc import Iterable

import pandas as pd

from analysis.method import method
from analysis.month import Month
from analysis.quality.gate import Finding
from analysis.records.counted import counted, exclusions
from analysis.toll.claims import Claim, digest


def record_claims(of_month: pd.DataFrame, month: Month) -> list[Claim]:
    """The way from records read to records counted: `records.month.<step>` (METHOD M3, M21)."""
    return [
        Claim(
            f"records.month.{step}",
            len(ids),
            "records",
            "M21",
            f"records of {month}, {step.replace('_', ' ')}",
            len(ids),
            digest(ids),
        )
        for step, ids in exclusions(of_month).items()
    ]


def allocated_claims(of_month: pd.DataFrame, month: Month) -> list[Claim]:
    """For each field that a written rule filled, in how many of the month's counted records it did (METHOD M20)."""
    people = counted(of_month)
    pairs = people[["record_id", "allocated"]].explode("allocated").dropna()
    return [
        Claim(
            f"records.month.allocated.{field}",
            len(ids),
            "records",
            "M20",
            f"records of {month} whose {field} was filled by a written rule",
            len(ids),
            digest(ids),
        )
        for field, ids in pairs.groupby("allocated")["record_id"]
    ]


def quality_claims(findings: Iterable[Finding]) -> list[Claim]:
    """What the gate looked at: checks by result, and for each check the rows tested and failing."""
    findings = list(findings)
    results = {
        "checks": len(findings),
        "passed": sum(one.status == "passed" for one in findings),
        "failed": sum(one.status == "failed" for one in findings),
        "not_exercised": sum(one.status == "not_exercised" for one in findings),
    }
    return [
        *[Claim(f"quality.month.{name}", number, "checks", "M22", f"quality checks: {name.replace('_', ' ')}")
          for name, number in results.items()],
        *[Claim(f"quality.month.check.{one.id}.{name}", number, "rows", one.rule, f"rows {name} by the check {one.id}")
          for one in findings for name, number in (("tested", one.tested), ("failing", one.failing))],
    ]  # fmt: skip


def method_claims() -> list[Claim]:
    """The parameters of the method that a text may mention."""
    names = {"massacre_threshold": "M14", "share_minimum_base": "M16", "version": "M14"}
    return [
        Claim(f"method.{name}", method()[name], "people" if name != "version" else "version", rule,
              f"parameter of the method: {name.replace('_', ' ')}", basis="method", of=("data/method.yml",))
        for name, rule in names.items()
    ]  # fmt: skip
