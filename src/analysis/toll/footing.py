"""What the toll stands on, as claims too: records read and counted, fields filled by rule, checks run, parameters."""

from collections.abc import Iterable, Sequence

import pandas as pd

from analysis.method import method
from analysis.period import When
from analysis.quality.gate import Finding
from analysis.records.counted import counted, exclusions
from analysis.records.vintages import Vintage
from analysis.toll.claims import Claim, digest


def record_claims(reported: pd.DataFrame, when: When) -> list[Claim]:
    """The way from records read to records counted: `records.<span>.<step>` (METHOD M3, M21)."""
    return [
        Claim(
            f"records.{when.span}.{step}",
            len(ids),
            "records",
            "M21",
            f"records of {when}, {step.replace('_', ' ')}",
            len(ids),
            digest(ids),
        )
        for step, ids in exclusions(reported).items()
    ]


def vintage_claim(vintage: Vintage, when: When) -> Claim:
    """The version of the records table that a report was made from (METHOD M23)."""
    return Claim(f"records.{when.span}.vintage", vintage.version, "version", "M23", "version of the records table",
                 basis="method", of=(vintage.source_file,))  # fmt: skip


def allocated_claims(reported: pd.DataFrame, when: When) -> list[Claim]:
    """For each field that a written rule filled, in how many of the report's counted records it did (METHOD M20)."""
    people = counted(reported)
    pairs = people[["record_id", "allocated"]].explode("allocated").dropna()
    return [
        Claim(
            f"records.{when.span}.allocated.{field}",
            len(ids),
            "records",
            "M20",
            f"records of {when} whose {field} was filled by a written rule",
            len(ids),
            digest(ids),
        )
        for field, ids in pairs.groupby("allocated")["record_id"]
    ]


def quality_claims(findings: Iterable[Finding]) -> list[Claim]:
    """What the gate looked at: checks by result, and for each check the rows tested and failing."""
    findings = list(findings)
    return [
        *check_claims("quality.month", findings),
        *[Claim(f"quality.month.check.{one.id}.{name}", number, "rows", one.rule, f"rows {name} by the check {one.id}")
          for one in findings for name, number in (("tested", one.tested), ("failing", one.failing))],
    ]  # fmt: skip


def check_claims(stem: str, findings: Sequence[Finding], of: str = "") -> list[Claim]:
    """How many checks the gate ran, and how many passed, found something or met no row to test."""
    results = {
        "checks": len(findings),
        "passed": sum(one.status == "passed" for one in findings),
        "failed": sum(one.status == "failed" for one in findings),
        "not_exercised": sum(one.status == "not_exercised" for one in findings),
    }
    text = f"quality checks of {of}" if of else "quality checks"
    return [
        Claim(f"{stem}.{name}", number, "checks", "M22", f"{text}: {name.replace('_', ' ')}")
        for name, number in results.items()
    ]


def method_claims() -> list[Claim]:
    """The parameters of the method that a text may mention."""
    names = {"massacre_threshold": "M14", "share_minimum_base": "M16", "version": "M14"}
    return [
        Claim(f"method.{name}", method()[name], "people" if name != "version" else "version", rule,
              f"parameter of the method: {name.replace('_', ' ')}", basis="method", of=("data/method.yml",))
        for name, rule in names.items()
    ]  # fmt: skip
