"""The quality gate: the suites run over the month's frames, what each found, and whether the month may go on.

A check that looked at no row has not passed. A message names record ids, fields and codes, never a person.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

import pandas as pd

from analysis.errors import QualityGateFailed, first_three
from analysis.month import Month
from analysis.quality.suites import Check, Suite, load_gx
from analysis.records.contract import coded_fields

Status = Literal["passed", "failed", "not_exercised"]
COLUMNS = ("column", "column_A", "column_B")
_CODE = re.compile(r"[a-z0-9_]{1,40}")
_ORDER = ("failed critical", "failed warning", "failed info", "not_exercised", "passed")
_RESULT_FORMAT = {"result_format": "COMPLETE", "return_unexpected_index_query": False, "partial_unexpected_count": 0}


@dataclass(frozen=True)
class Finding:
    """What one check found: how many rows it really tested, how many fail, and the records behind those."""

    suite: str
    id: str
    expectation: str
    check: str
    severity: str
    status: Status
    tested: int
    failing: int
    record_ids: tuple[str, ...]
    observed: str
    reason: str
    rule: str
    action: str


def run_suites(frames: Mapping[str, pd.DataFrame], suites: Sequence[Suite]) -> list[Finding]:
    """Run every suite on its frame: one finding per expectation, in the order of the files."""
    return [finding for suite in suites for finding in _run(frames[suite.frame], suite)]


def gate(findings: Iterable[Finding]) -> None:
    """Let the month go on, or raise QualityGateFailed with every critical failure of all suites."""
    failed = _critical(findings)
    if failed:
        raise QualityGateFailed(
            f"The month does not pass the quality gate: {_number(len(failed), 'critical check')} failed, and nothing "
            f"is published. {' '.join(_paragraph(finding) for finding in failed)}"
        )


def gate_months(findings: Mapping[Month, Iterable[Finding]]) -> None:
    """Let a period go on, or raise QualityGateFailed with every critical failure of each of its months."""
    failed = {str(month): critical for month, found in findings.items() if (critical := _critical(found))}
    if failed:
        told = [
            f"{month}: {' '.join(_paragraph(finding) for finding in critical)}" for month, critical in failed.items()
        ]
        raise QualityGateFailed(
            f"{_number(len(failed), 'month')} of the period ({first_three(failed)}) did not pass the quality gate, and "
            f"nothing is published. {' '.join(told)}"
        )


def _critical(findings: Iterable[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.severity == "critical" and finding.status == "failed"]


def gravest_first(findings: Iterable[Finding]) -> list[Finding]:
    """The findings in the order of the report: failures by severity, then what was not exercised, then the rest."""
    return sorted(findings, key=lambda finding: _ORDER.index(_place(finding)))


def _place(finding: Finding) -> str:
    return f"failed {finding.severity}" if finding.status == "failed" else finding.status


def _paragraph(finding: Finding) -> str:
    records = f" (records {first_three(finding.record_ids)})" if finding.record_ids else ""
    return f"{finding.id}: {finding.check} — {finding.observed}{records}. {finding.reason} {finding.action}"


@cache
def _batch_definition(frame: str) -> Any:
    """One place in one context for each frame: making them takes longer than a check."""
    asset = _data_source().add_dataframe_asset(frame)
    return asset.add_batch_definition_whole_dataframe("all")


@cache
def _data_source() -> Any:
    context = load_gx().get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False, "metric_calculations": False}
    return context.data_sources.add_pandas("frames")


def _run(frame: pd.DataFrame, suite: Suite) -> list[Finding]:
    frame = frame.reset_index(drop=True)
    batch = _batch_definition(suite.frame).get_batch({"dataframe": frame[_asked(frame, suite)]})
    with _configured_once():
        outcome = batch.validate(suite.loaded, result_format=_RESULT_FORMAT, expectation_parameters=suite.parameters)
    results = {result.expectation_config.meta["id"]: result for result in outcome.results}
    return [_finding(suite, check, results.get(check.id), frame) for check in suite.checks]


@contextmanager
def _configured_once() -> Iterator[None]:
    """Write each expectation down as a configuration once: Great Expectations does so about a hundred times for each,
    which is 40 % of a month's checks."""
    from great_expectations.expectations.expectation import Expectation

    written: dict[int, tuple[Any, Any]] = {}  # by id, with the expectation itself: an id is free again when it is gone
    write = Expectation.__dict__["configuration"]

    def once(one: Any) -> Any:
        if id(one) not in written:
            written[id(one)] = (one, write.fget(one))
        return written[id(one)][1]

    Expectation.configuration = property(once)  # type: ignore[method-assign, assignment]
    try:
        yield
    finally:
        Expectation.configuration = write  # type: ignore[method-assign]


def _asked(frame: pd.DataFrame, suite: Suite) -> list[str]:
    """The columns that a suite names: Great Expectations gets no other, least of all names and free text."""
    words = set(_words([check.kwargs for check in suite.checks]))
    return [column for column in frame.columns if column in words]


def _words(values: Any) -> Iterator[str]:
    if isinstance(values, str):
        yield values
    elif isinstance(values, dict | list):
        yield from (
            word for value in (values.values() if isinstance(values, dict) else values) for word in _words(value)
        )


def _finding(suite: Suite, check: Check, result: Any, frame: pd.DataFrame) -> Finding:
    found = result.result if result is not None else {}
    if not found or _raised(result.exception_info):
        return _make(suite, check, "failed", severity="critical", observed=_why_not_run(check, frame))
    tested = _tested(check, found, frame)
    failing = int(found.get("unexpected_count", 0 if result.success else tested))
    rows = frame.loc[found.get("unexpected_index_list") or []]
    if tested or _of_table(check):
        status: Status = "passed" if result.success else "failed"
        observed = f"{failing} of {_number(tested, 'row')} {'fails' if failing == 1 else 'fail'}"
        observed = f"there are {_number(tested, 'row')}" if _of_table(check) else observed + _codes_met(check, rows)
    else:
        status, observed = "not_exercised", "there is no row to test"
    ids = {_named(record) for records in rows["record_ids"] for record in records}
    return _make(suite, check, status, tested=tested, failing=failing, record_ids=ids, observed=observed)


def _of_table(check: Check) -> bool:
    return check.expectation.startswith("expect_table_")


def _tested(check: Check, found: dict[str, Any], frame: pd.DataFrame) -> int:
    """How many rows were looked at: those that meet the condition and are not blank where blanks are skipped."""
    if _of_table(check):
        return len(frame)
    if "element_count" in found:
        return int(found["element_count"]) - int(found.get("missing_count") or 0)
    if condition := check.kwargs.get("row_condition"):
        frame = _meeting(condition, frame)
    columns = [check.kwargs[key] for key in COLUMNS if key in check.kwargs]
    return int(frame[columns].notna().all(axis="columns").sum())


def _meeting(condition: dict[str, Any], frame: pd.DataFrame) -> pd.DataFrame:
    """The rows that meet a condition, as Great Expectations itself reads it, for checks of a whole column."""
    load_gx()
    from great_expectations.execution_engine.pandas_execution_engine import PandasExecutionEngine
    from great_expectations.expectations.row_conditions import Condition, deserialize_row_condition

    met = deserialize_row_condition(condition)
    return frame.query(PandasExecutionEngine().condition_to_filter_clause(met)) if isinstance(met, Condition) else frame


def _make(
    suite: Suite,
    check: Check,
    status: Status,
    *,
    observed: str,
    severity: str | None = None,
    tested: int = 0,
    failing: int = 0,
    record_ids: Iterable[str] = (),
) -> Finding:
    return Finding(
        suite=suite.name,
        id=check.id,
        expectation=check.expectation,
        check=check.words,
        severity=severity or check.severity,
        status=status,
        tested=tested,
        failing=failing,
        record_ids=tuple(sorted(record_ids)),
        observed=observed,
        reason=check.reason,
        rule=check.rule,
        action=check.action,
    )


def _raised(exception_info: dict[str, Any]) -> bool:
    """Great Expectations reports an exception of its own flat, or under the id of the metric that raised it."""
    nested = [one for one in exception_info.values() if isinstance(one, dict)]
    return any(one.get("raised_exception") for one in [exception_info, *nested])


def _why_not_run(check: Check, frame: pd.DataFrame) -> str:
    """Why a check could not be carried out; the exception's own text may quote a record and is not repeated."""
    named = [value for key, value in check.kwargs.items() if key in COLUMNS]
    missing = sorted(set(named) - set(frame.columns))
    what = f"there is no column {', '.join(missing)}" if missing else "Great Expectations raised an exception"
    return f"the check could not be carried out ({what})"


def _codes_met(check: Check, rows: pd.DataFrame) -> str:
    """The codes that a coded field holds and should not; anything that is not written like a code stays unsaid."""
    column = check.kwargs.get("column")
    if column not in coded_fields() or check.expectation != "expect_column_values_to_be_in_set":
        return ""
    met = [value for value in rows[column] if isinstance(value, str)]
    codes = sorted({value for value in met if _CODE.fullmatch(value)})
    return f" ({first_three(codes)})" if codes else ""


def _named(record_id: object) -> str:
    return record_id if isinstance(record_id, str) and record_id else "(no record_id)"


def _number(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
