"""The proof that the quality gate bites: one fault planted for each expectation in a copy of the month.

Each fault is written with its expectation (meta.fault) and planted on invented records that are otherwise in order
(expectations/proof/record.json), so that a month's own gaps do not stand in the way.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

import pandas as pd

from analysis.codelists import SYRIA, read_codelist
from analysis.errors import QualityGateFailed
from analysis.method import method
from analysis.month import Month
from analysis.places import EXPECTATIONS
from analysis.profiles import read_profile
from analysis.quality.frames import plain, quality_frames
from analysis.quality.gate import Finding, gate, run_suites
from analysis.quality.suites import Check, Suite
from analysis.records.contract import read_contract


@dataclass(frozen=True)
class Proof:
    """What became of one planted fault: `caught` by its expectation and by no other, `stopped` by the gate.

    `not_provable` says what the country lacks for a check that cannot be exercised there; such a one neither holds nor
    fails.
    """

    suite: str
    id: str
    severity: str
    fault: str
    caught: bool
    stopped: bool
    tested: int
    failing: int
    others: tuple[str, ...]
    holds: bool
    not_provable: str = ""

    def __str__(self) -> str:
        if self.not_provable:
            return f"not provable  {self.id} ({self.severity}): {self.fault}: {self.not_provable}"
        also = f", but {', '.join(self.others)} fails too" if self.others else ""
        done = f"caught{also}" if self.caught else "caught by nothing"
        stopped = "the gate stops the month" if self.stopped else "the month goes on"
        return f"{'holds' if self.holds else 'FAILS'}  {self.id} ({self.severity}): {self.fault}: {done}; {stopped}"


def prove(window: pd.DataFrame, month: Month, suites: Sequence[Suite], *, profile: str = SYRIA) -> list[Proof]:
    """Plant each expectation's fault in a copy of the month and see whether this expectation, and the gate, catch it.

    In    one row per record of the window, as for `quality_frames`; its codes are those of the profile.
    Out   one proof per expectation, in the order of the suites; a fault that nothing catches does not hold.
    """
    window = plain(window)
    return [proof for suite in suites for proof in _prove_suite(window, month, suite, profile)]


def _prove_suite(window: pd.DataFrame, month: Month, suite: Suite, profile: str) -> list[Proof]:
    sound: dict[str, list[Finding]] = {}
    proofs = []
    for check in suite.checks:
        if lacking := _lacking(check, profile):
            proofs.append(_no_proof(check, suite, lacking))
            continue
        without = _without_fault(check.fault, month, profile)
        key = json.dumps(without, sort_keys=True)
        if key not in sound:
            sound[key] = _find(window, month, suite, without, profile=profile)
        proofs.append(_proof(check, sound[key], _find(window, month, suite, check.fault, profile=profile)))
    return proofs


def _lacking(check: Check, profile: str) -> str:
    """What a check needs and the country does not have: how far a place lies outside it is known only with a map."""
    needs_map = check.kwargs.get("column") == "degrees_outside"
    return f"no map in the profile {profile}" if needs_map and read_profile(profile).map is None else ""


def _no_proof(check: Check, suite: Suite, lacking: str) -> Proof:
    return Proof(
        suite=suite.name,
        id=check.id,
        severity=check.severity,
        fault=_in_words(check.fault),
        caught=False,
        stopped=False,
        tested=0,
        failing=0,
        others=(),
        holds=False,
        not_provable=lacking,
    )


def _find(window: pd.DataFrame, month: Month, suite: Suite, fault: dict[str, Any], *, profile: str) -> list[Finding]:
    planted = plant(window, month, fault, profile=profile)
    frames = quality_frames(planted, month, profile=profile)
    frame = frames[suite.frame]
    if "frame" in fault:
        invented = frame["record_id"].isin(set(planted["record_id"]) - set(window["record_id"]))
        frame = frame.assign(
            **{column: frame[column].mask(invented, value) for column, value in fault["frame"].items()}
        )
    return run_suites({suite.frame: frame}, [suite])


def _without_fault(fault: dict[str, Any], month: Month, profile: str) -> dict[str, Any]:
    """As many invented records as the fault has, all in order."""
    if "volumes" in fault:
        return {"volumes": [1] * len(fault["volumes"])}
    return {"times": len(_changes(fault, month, profile))}


def _proof(check: Check, before: list[Finding], after: list[Finding]) -> Proof:
    was = {finding.id: finding for finding in before}
    found = next(finding for finding in after if finding.id == check.id)
    others = tuple(one.id for one in after if one.id != check.id and _newly_failing(was[one.id], one))
    caught = _newly_failing(was[check.id], found)
    stopped = _stopped_by(check, after)
    return Proof(
        suite=found.suite,
        id=check.id,
        severity=check.severity,
        fault=_in_words(check.fault),
        caught=caught,
        stopped=stopped,
        tested=found.tested,
        failing=found.failing,
        others=others,
        holds=caught and not others and stopped == (check.severity == "critical"),
    )


def _newly_failing(before: Finding, after: Finding) -> bool:
    """Failing now and not before, or on more rows than before where the month fails by itself."""
    return after.status == "failed" and (before.status != "failed" or after.failing > before.failing)


def _stopped_by(check: Check, findings: list[Finding]) -> bool:
    """Whether the gate stops the month and names this check."""
    try:
        gate(findings)
    except QualityGateFailed as error:
        return f"{check.id}:" in str(error)
    return False


def plant(window: pd.DataFrame, month: Month, fault: dict[str, Any], *, profile: str = SYRIA) -> pd.DataFrame:
    """A copy of the window with a fault.

    `set` adds so many `times` an invented record changed so to the month, the `last` of them changed further;
    `volumes` puts so many invented records into each of the last months, in place of what was there; `month` changes
    every record of the month.
    """
    months = [*month.back(len(fault.get("volumes", [0])) - 1), month]
    if "volumes" in fault:
        numbers = zip(months, fault["volumes"], strict=True)
        rows = [_invent(one, f"{one}-{nth}", {}, profile) for one, number in numbers for nth in range(number)]
        planted = _typed(rows, window)
    else:
        changes = _changes(fault, month, profile)
        rows = [_invent(month, str(nth), change, profile) for nth, change in enumerate(changes)]
        planted = pd.concat([window, _typed(rows, window)], ignore_index=True)
    in_month = planted["month"] == str(month)
    changed = fault.get("month", {})
    return planted.assign(**{field: planted[field].mask(in_month, value) for field, value in changed.items()})


def _changes(fault: dict[str, Any], month: Month, profile: str) -> list[dict[str, Any]]:
    """What is changed on each of the invented records of a fault."""
    each = fault.get("set", {})
    times = int(_resolve(fault.get("times", 1), _parameters(month, profile)))
    return [*[each] * (times - 1), each | fault.get("last", {})]


def _in_words(fault: dict[str, Any]) -> str:
    """A fault as a person reads it in the list of proofs."""
    parts = []
    if "volumes" in fault:
        parts.append(f"{', '.join(str(number) for number in fault['volumes'])} invented records in the last months")
    if "set" in fault:
        parts.append(f"{_value_words(fault.get('times', 1))} x {_fields_words(fault['set'])}")
    labels = {"last": "the last with", "month": "every record of the month with", "frame": "marked as"}
    parts += [f"{words} {_fields_words(fault[key])}" for key, words in labels.items() if key in fault]
    return "; ".join(parts)


def _fields_words(fields: dict[str, Any]) -> str:
    return ", ".join(f"{field} = {_value_words(value)}" for field, value in fields.items())


def _value_words(value: Any) -> str:
    if isinstance(value, dict):
        return f"the {value['$PARAMETER'].replace('_', ' ')}"
    if isinstance(value, list):
        return " and ".join(_value_words(one) for one in value)
    return "blank" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def _typed(rows: list[dict[str, Any]], window: pd.DataFrame) -> pd.DataFrame:
    """Invented records in the columns of the window: dates as dates, everything else as it is written."""
    kinds = read_contract()["type"]
    table = pd.DataFrame(rows, columns=list(window.columns), dtype=object)
    dates = {field: pd.to_datetime(table[field]) for field, kind in kinds.items() if kind == "date"}
    numbers = {field: pd.to_numeric(table[field]) for field, kind in kinds.items() if kind == "number"}
    return table.assign(**dates, **numbers)


def _invent(month: Month, number: str, change: dict[str, Any], profile: str) -> dict[str, Any]:
    parameters = _parameters(month, profile)
    values = json.loads(_invented_record().replace("{number}", number)) | change
    return {field: _resolve(value, parameters) for field, value in values.items()}


@cache
def _invented_record() -> str:
    return (EXPECTATIONS / "proof" / "record.json").read_text(encoding="utf-8")


def _resolve(value: Any, parameters: dict[str, Any]) -> Any:
    if isinstance(value, dict) and set(value) == {"$PARAMETER"}:
        name = value["$PARAMETER"]
        if name not in parameters:
            raise QualityGateFailed(
                f"A fault asks for a parameter {name!r}, which nobody gives. Use {', '.join(sorted(parameters))}."
            )
        return parameters[name]
    return [_resolve(one, parameters) for one in value] if isinstance(value, list) else value


@cache
def _parameters(month: Month, profile: str) -> dict[str, Any]:
    """What a fault may ask for: days around the month, and codes that are in force in it."""
    parties, governorates = (read_codelist(name, profile) for name in ("parties", "governorates"))
    places = governorates.valid(month)
    in_force = [code for code in parties.valid(month) if code != "other"] or ["other"]
    newest = max(parties.codes, key=lambda code: (parties.table.at[code, "valid_from"], code))
    began = date.fromisoformat(str(parties.table.at[newest, "valid_from"]))
    return {
        "month_itself": str(month),
        "month_before": str(month.shift(-1)),
        "day_before": (month.first - timedelta(days=1)).isoformat(),
        "first_day": month.first.isoformat(),
        "second_day": (month.first + timedelta(days=1)).isoformat(),
        "day_after": month.shift(1).first.isoformat(),
        "party": in_force[0],
        "latest_party": newest,
        "before_latest_party": (began - timedelta(days=1)).isoformat(),
        "governorate": places[0],
        "other_governorate": places[-1],
        "massacre_threshold": method()["massacre_threshold"],
    }
