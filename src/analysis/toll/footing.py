"""What the toll stands on, as claims too: records read and counted, fields filled by rule, checks run, parameters."""

from collections.abc import Iterable, Sequence

import pandas as pd

from analysis.method import method
from analysis.period import When
from analysis.quality.gate import Finding
from analysis.records.counted import counted, exclusions
from analysis.records.vintages import Vintage
from analysis.toll.claims import Claim, digest
from analysis.toll.definitions import Vocabulary

ENGLISH = Vocabulary("en")


def record_claims(reported: pd.DataFrame, when: When, words: Vocabulary = ENGLISH) -> list[Claim]:
    """The way from records read to records counted: `records.<span>.<step>` (METHOD M3, M21)."""
    said = words["records"]
    return [
        Claim(
            f"records.{when.span}.{step}",
            len(ids),
            "records",
            "M21",
            said["step"].format(when=when, step=said[step]),
            len(ids),
            digest(ids),
        )
        for step, ids in exclusions(reported).items()
    ]


def vintage_claim(vintage: Vintage, when: When, words: Vocabulary = ENGLISH) -> Claim:
    """The version of the records table that a report was made from (METHOD M23)."""
    return Claim(f"records.{when.span}.vintage", vintage.version, "version", "M23", words["records"]["vintage"],
                 basis="method", of=(vintage.source_file,))  # fmt: skip


def allocated_claims(reported: pd.DataFrame, when: When, words: Vocabulary = ENGLISH) -> list[Claim]:
    """For each field that a written rule filled, in how many of the report's counted records it did (METHOD M20)."""
    return [
        Claim(
            f"records.{when.span}.allocated.{field}",
            len(ids),
            "records",
            "M20",
            words["records"]["allocated"].format(when=when, field=field),
            len(ids),
            digest(ids),
        )
        for field, ids in allocated_ids(reported)
    ]


def allocated_ids(reported: pd.DataFrame) -> list[tuple[str, list[str]]]:
    """The fields that a written rule filled, each with the counted records in which it did."""
    pairs = counted(reported)[["record_id", "allocated"]].explode("allocated").dropna()
    return [(str(field), list(ids)) for field, ids in pairs.groupby("allocated")["record_id"]]


def quality_claims(findings: Iterable[Finding], words: Vocabulary = ENGLISH) -> list[Claim]:
    """What the gate looked at: checks by result, and for each check the rows tested and failing."""
    findings, said = list(findings), words["quality"]
    return [
        *check_claims("quality.month", findings, words),
        *[Claim(f"quality.month.check.{one.id}.{name}", number, "rows", one.rule, said[name].format(check=one.id))
          for one in findings for name, number in (("tested", one.tested), ("failing", one.failing))],
    ]  # fmt: skip


def check_claims(stem: str, findings: Sequence[Finding], words: Vocabulary, of: str = "") -> list[Claim]:
    """How many checks the gate ran, and how many passed, found something or met no row to test."""
    results = {
        "checks": len(findings),
        "passed": sum(one.status == "passed" for one in findings),
        "failed": sum(one.status == "failed" for one in findings),
        "not_exercised": sum(one.status == "not_exercised" for one in findings),
    }
    said = words["quality"]
    text = said["checks_of"].format(of=of) if of else said["all_checks"]
    return [
        Claim(f"{stem}.{name}", number, "checks", "M22", said["result"].format(checks=text, result=said[name]))
        for name, number in results.items()
    ]


def method_claims(words: Vocabulary = ENGLISH) -> list[Claim]:
    """The parameters of the method that a text may mention."""
    names = {"massacre_threshold": "M14", "share_minimum_base": "M16", "version": "M14"}
    return [
        Claim(f"method.{name}", method()[name], "people" if name != "version" else "version", rule,
              words["parameters"][name], basis="method", of=("data/method.yml",))
        for name, rule in names.items()
    ]  # fmt: skip
