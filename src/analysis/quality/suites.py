"""The quality suites: expectations/*.json in Great Expectations' own form, read so that nothing is lost on the way.

Great Expectations drops a misspelt expectation with a log line, takes an unnamed severity for critical and lets an
empty suite succeed. Here each of these is an error, and the errors of all files are reported at once.
"""

import json
import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from analysis.codelists import SYRIA, read_codelist
from analysis.errors import QualityGateFailed
from analysis.month import Month
from analysis.places import EXPECTATIONS
from analysis.profiles import read_profile
from analysis.quick_imports import hidden, later
from analysis.records.contract import coded_fields

SEVERITIES = ("critical", "warning", "info")
FRAMES = ("records", "incidents", "months")
META = ("id", "reason", "rule", "action", "fault")


@dataclass(frozen=True)
class Check:
    """One expectation of a suite: what it checks in words, why, by which rule, and what to do when it fails."""

    id: str
    expectation: str
    kwargs: dict[str, Any]
    severity: str
    words: str
    reason: str
    rule: str
    action: str
    fault: dict[str, Any]


@dataclass(frozen=True)
class Suite:
    """One file of expectations: the frame it looks at, its checks in the file's order, and the suite as loaded."""

    name: str
    frame: str
    about: str
    checks: tuple[Check, ...]
    parameters: dict[str, Any]
    loaded: Any


def read_suites(month: Month, folder: Path = EXPECTATIONS, *, profile: str = SYRIA) -> list[Suite]:
    """Read every suite of a folder, in the order of the file names, for a month, with the code lists of a profile.

    Raises QualityGateFailed with every problem of every file.
    """
    parameters = suite_parameters(month, profile)
    files = sorted(folder.glob("*.json"))
    documents = {file.stem: _read_document(file) for file in files}
    problems = [problem for stem, document in documents.items() for problem in _problems(stem, document, parameters)]
    problems += _repeated(documents)
    if problems or not documents:
        raise QualityGateFailed(
            f"The quality suites in {folder} cannot be used: {'; '.join(problems) or 'there is none'}. "
            "Correct the files; a month is not reported without its checks."
        )
    return [_suite(stem, document, parameters) for stem, document in documents.items()]


def suite_parameters(month: Month, profile: str = SYRIA) -> dict[str, Any]:
    """What an expectation may ask for as {"$PARAMETER": name}: the month, the first day covered, each list's codes."""
    codelists = {name: read_codelist(name, profile).codes for name in sorted(set(coded_fields().values()))}
    return {"month": [str(month)], "began": int(f"{read_profile(profile).began:%Y%m%d}"), **codelists}


def named_parameters(values: Any) -> Iterator[str]:
    """The parameters that a JSON value asks for."""
    if isinstance(values, dict):
        if set(values) == {"$PARAMETER"}:
            yield str(values["$PARAMETER"])
        else:
            yield from (name for value in values.values() for name in named_parameters(value))
    elif isinstance(values, list):
        yield from (name for value in values for name in named_parameters(value))


@cache
def load_gx() -> Any:
    """Great Expectations, imported when a month is checked and not before: the import takes seconds.

    It does without Spark and SQL, which no check uses; two of its expectations use SciPy, one draws charts.
    """
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    with hidden("pyspark", "sqlalchemy"), later("scipy.stats", "altair"):
        import great_expectations

    return great_expectations


def _read_document(file: Path) -> dict[str, Any]:
    try:
        document = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        return {"unreadable": str(error)}
    return document if isinstance(document, dict) else {"unreadable": "it is no JSON object"}


def _problems(stem: str, document: dict[str, Any], parameters: dict[str, Any]) -> list[str]:
    """Everything that is wrong with one file."""
    if "unreadable" in document:
        return [f"{stem}.json cannot be read ({document['unreadable']})"]
    problems = []
    if document.get("name") != stem:
        problems.append(f"{stem}.json names its suite {document.get('name')!r}, not {stem!r}")
    if _meta(document).get("frame") not in FRAMES:
        problems.append(f"{stem}.json has no meta.frame out of {', '.join(FRAMES)}")
    expectations = document.get("expectations")
    if not isinstance(expectations, list) or not expectations:
        return [*problems, f"{stem}.json holds no expectation"]
    if not all(isinstance(one, dict) for one in expectations):
        return [*problems, f"{stem}.json holds an expectation that is no JSON object"]
    each = [_expectation_problems(one, parameters) for one in expectations]
    problems += [
        f"{stem}.json, {_named(one, nth)}: {text}" for nth, one in enumerate(expectations) for text in each[nth]
    ]
    return problems + ([] if problems else _load_problems(stem, document))


def _named(expectation: dict[str, Any], nth: int) -> str:
    return str(_meta(expectation).get("id") or f"expectation {nth + 1}")


def _meta(part: dict[str, Any]) -> dict[str, Any]:
    meta = part.get("meta")
    return meta if isinstance(meta, dict) else {}


def _kwargs(expectation: dict[str, Any]) -> dict[str, Any]:
    kwargs = expectation.get("kwargs")
    return kwargs if isinstance(kwargs, dict) else {}


def _expectation_problems(expectation: dict[str, Any], parameters: dict[str, Any]) -> list[str]:
    problems = [f"no meta.{key}" for key in META if not _meta(expectation).get(key)]
    if not expectation.get("description"):
        problems.append("no description")
    if expectation.get("severity") not in SEVERITIES:
        problems.append(f"its severity is {expectation.get('severity')!r}, not one of {', '.join(SEVERITIES)}")
    if not isinstance(_kwargs(expectation).get("row_condition", {}), dict):
        problems.append("its row_condition is no condition object of Great Expectations")
    unknown = sorted(set(named_parameters(_kwargs(expectation))) - set(parameters))
    problems += [f"it asks for a parameter {name!r}, which nobody gives" for name in unknown]
    return problems + _gx_problems(expectation)


def _gx_problems(expectation: dict[str, Any]) -> list[str]:
    """Why Great Expectations would not take an expectation."""
    load_gx()
    from great_expectations.exceptions.exceptions import GreatExpectationsError
    from great_expectations.expectations.expectation_configuration import ExpectationConfiguration

    known = {key: value for key, value in expectation.items() if key != "severity"}
    try:
        ExpectationConfiguration(**known).to_domain_obj()
    except GreatExpectationsError as error:
        return [" ".join(str(error).split())]
    except (TypeError, ValueError) as error:
        return [f"{expectation.get('type')} does not take it so ({' '.join(str(error).split())})"]
    return []


def _load_problems(stem: str, document: dict[str, Any]) -> list[str]:
    """Whether the suite, once loaded, holds every expectation of its file."""
    wanted = [_meta(one)["id"] for one in document["expectations"]]
    loaded = [one.meta["id"] for one in _load(document).expectations]
    missing = [check for check in wanted if check not in loaded]
    if len(loaded) == len(wanted) and not missing:
        return []
    return [
        f"{stem}.json holds {len(wanted)} expectations and {len(loaded)} are loaded (missing: {', '.join(missing)})"
    ]


def _load(document: dict[str, Any]) -> Any:
    load_gx()
    from great_expectations.core.expectation_suite import ExpectationSuite

    return ExpectationSuite(**json.loads(json.dumps(document)))


def _repeated(documents: dict[str, dict[str, Any]]) -> list[str]:
    """Ids that name two expectations, in one file or in two."""
    expectations = [one for document in documents.values() for one in document.get("expectations") or []]
    ids = Counter(str(_meta(one).get("id")) for one in expectations if isinstance(one, dict) and _meta(one).get("id"))
    return [f"{times} expectations have the meta.id {check!r}" for check, times in sorted(ids.items()) if times > 1]


def _suite(stem: str, document: dict[str, Any], parameters: dict[str, Any]) -> Suite:
    checks = tuple(_check(expectation) for expectation in document["expectations"])
    asked = set(named_parameters([check.kwargs for check in checks]))
    given = {name: value for name, value in parameters.items() if name in asked}
    about = str(document["meta"].get("about", ""))
    return Suite(stem, document["meta"]["frame"], about, checks, given, _load(document))


def _check(expectation: dict[str, Any]) -> Check:
    meta = expectation["meta"]
    return Check(
        id=meta["id"],
        expectation=expectation["type"],
        kwargs=expectation["kwargs"],
        severity=expectation["severity"],
        words=expectation["description"],
        reason=meta["reason"],
        rule=meta["rule"],
        action=meta["action"],
        fault=meta["fault"],
    )
