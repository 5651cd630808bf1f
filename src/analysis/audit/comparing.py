"""A report in a bundle beside the one made again from its records, and beside the count in SQL."""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from analysis.audit.sql_count import Counted, sql_counts
from analysis.audit.verdicts import Kind, Verdict, worst
from analysis.errors import first_three
from analysis.files import files_of
from analysis.period import parts, when_of
from analysis.records.frozen import Frozen
from analysis.toll.claims import digest
from analysis.toll.report_records import window_of


def compare_claims(
    claims: Sequence[dict[str, Any]], again: Path | None, frozen: Frozen | None, problem: str
) -> Iterator[Verdict]:
    """Each claim beside the one made again and, where the bundle holds its records, beside the count in SQL."""
    made = {one["id"]: one for one in json.loads((again / "claims.json").read_text(encoding="utf-8"))} if again else {}
    counts = _counts(claims, frozen) if frozen else {}
    said = {str(one["id"]): one for one in claims}
    for name, one in said.items():
        found = [_made_again(one, made.get(name), problem)]
        if name in counts:
            found.append(_counted_again(one, counts[name].value, counts[name].record_ids))
        yield worst(found)
    for name in sorted(made.keys() - said.keys()):
        yield Verdict("claim", name, "differs", f"made again as {made[name]['value']}, and not in the bundle")


def _counts(claims: Sequence[dict[str, Any]], frozen: Frozen) -> dict[str, Counted]:
    ids, records, counts = [one["id"] for one in claims], frozen.records, dict[str, Counted]()
    for when in parts(when_of(frozen.about["parameters"])):
        window = records[records["month"].isin([str(month) for month in window_of(when)])]
        counts |= sql_counts(window, ids, when, profile=frozen.vintage.profile)
    return counts


def _made_again(said: Mapping[str, Any], made: Mapping[str, Any] | None, problem: str) -> Verdict:
    name = str(said["id"])
    if problem:
        return Verdict("claim", name, "cannot be checked", "the report cannot be made again")
    if made is None:
        return Verdict("claim", name, "differs", "the report made again does not make this claim")
    if said.get("value") != made["value"]:
        return Verdict(
            "claim", name, "differs", f"{said.get('value')} in the bundle, {made['value']} made again{_by(said, made)}"
        )
    if said.get("digest") != made["digest"] or said.get("records") != made["records"]:
        return Verdict(
            "claim", name, "other records", f"{said.get('records')} records in the bundle, {made['records']} made again"
        )
    others = [field for field in made if said.get(field) != made[field]]
    return Verdict("claim", name, "differs" if others else "identical", f"its {', '.join(others)}" if others else "")


def _by(said: Mapping[str, Any], made: Mapping[str, Any]) -> str:
    try:
        return f" ({made['value'] - said['value']:+})"
    except (TypeError, KeyError):
        return ""


def _counted_again(said: Mapping[str, Any], value: int, ids: Sequence[str]) -> Verdict:
    name = str(said["id"])
    if said.get("value") != value:
        told = f"{said.get('value')} in the bundle, {value} counted in SQL ({first_three(ids) or 'no record'})"
        return Verdict("claim", name, "differs", told)
    if said.get("digest") is not None and said["digest"] != digest(ids):
        return Verdict("claim", name, "other records", f"the {value} counted in SQL are others ({first_three(ids)})")
    return Verdict("claim", name, "identical")


def compare_files(report: Path, again: Path | None, problem: str) -> Iterator[Verdict]:
    """Each file of the report beside the one made again, byte by byte."""
    there, made = files_of(report), files_of(again) if again else {}
    for name in sorted(there.keys() | made.keys()):
        kind = _kind(name)
        if problem:
            yield Verdict(kind, name, "cannot be checked", "the report cannot be made again")
        elif name not in made:
            yield Verdict(kind, name, "differs", "in the bundle, and the report made again has none")
        elif name not in there:
            yield Verdict(kind, name, "differs", "the report made again has it, the bundle does not")
        else:
            same = there[name].read_bytes() == made[name].read_bytes()
            yield Verdict(kind, name, "identical" if same else "differs", "" if same else "not what the records give")


def _kind(name: str) -> Kind:
    return {"tables": "table", "figures": "figure"}.get(name.partition("/")[0], "file")  # type: ignore[return-value]
