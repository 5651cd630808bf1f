"""The tables of what the quality gate found, made from claims: in one month, and over the months of a longer period."""

from collections.abc import Iterable, Mapping, Sequence

from analysis.month import Month
from analysis.quality.gate import Finding, gravest_first
from analysis.sections.blocks import Cell, Row, Table
from analysis.sections.narrative import Story
from analysis.sections.period_tables import month_cell
from analysis.sections.tables import cell, nothing, table_in_words, total_cell
from analysis.texts import find_text, read_words
from analysis.toll.periodic import failed_by_check

NUMBERS = (("tested", "number"), ("failing", "number"))


def findings_table(story: Story, findings: Iterable[Finding]) -> Table:
    """What the quality gate found, the gravest first, with the first records and what to do (METHOD M22)."""
    found = [finding for finding in gravest_first(findings) if finding.status == "failed"]
    rows = [
        Row(
            (
                Cell(_check_words(story, finding)["check"], finding.id),
                _severity_cell(story, finding),
                *_rows_of(story, finding),
                *_first_records(story, finding.record_ids),
                Cell(_check_words(story, finding)["action"]),
            )
        )
        for finding in found
    ]
    columns = [("check", "text"), ("severity", "text"), *NUMBERS, *_record_column(story), ("action", "text")]
    return table_in_words(story, "data-quality", columns, rows or [nothing(story, columns)])


def checks_table(story: Story, findings: Iterable[Finding]) -> Table:
    """Every check with its result and the rows it really tested; none tested is "not exercised" (METHOD M22)."""
    results = read_words(story.language, "captions")["results"]
    rows = [
        Row(
            (
                Cell(_check_words(story, finding)["check"], finding.id),
                _severity_cell(story, finding),
                *_rows_of(story, finding),
                Cell(results[finding.status], finding.status),
            )
        )
        for finding in gravest_first(findings)
    ]
    columns = [("check", "text"), ("severity", "text"), *NUMBERS, ("result", "text")]
    return table_in_words(story, "quality-checks", columns, rows)


def period_gate_table(story: Story, findings: Mapping[Month, Sequence[Finding]]) -> Table:
    """What the quality gate did in each month (METHOD M22)."""
    stem, results = f"quality.{story.when.span}", ("checks", "passed", "failed", "not_exercised")
    rows = [
        Row((month_cell(story, month), *(cell(story, f"{stem}.month.{month}.{one}") for one in results)))
        for month in findings
    ]
    rows.append(Row((total_cell(story), *(cell(story, f"{stem}.{one}") for one in results)), total=True))
    return table_in_words(story, "period-gate", [("month", "text"), *((one, "number") for one in results)], rows)


def period_findings_table(story: Story, findings: Mapping[Month, Sequence[Finding]]) -> Table:
    """What the gate found, a row a check, the gravest first: in how many months, and what to do (METHOD M22)."""
    stem = f"quality.{story.when.span}.check"
    numbers = ("months", "tested", "failing")
    rows = [
        Row((Cell(_check_words(story, found[0])["check"], check), _severity_cell(story, found[0]),
             *(cell(story, f"{stem}.{check}.{number}") for number in numbers),
             *_first_records(story, [record for one in found for record in one.record_ids]),
             Cell(_check_words(story, found[0])["action"])))
        for check, found in failed_by_check(findings).items()
    ]  # fmt: skip
    columns = [("check", "text"), ("severity", "text"), *((one, "number") for one in numbers),
               *_record_column(story), ("action", "text")]  # fmt: skip
    return table_in_words(story, "period-quality", columns, rows or [nothing(story, columns)])


def _record_column(story: Story) -> list[tuple[str, str]]:
    """The column of the first records that a check found; none in an edition that names no record (METHOD M29)."""
    return [] if story.shows.record_ids == "none" else [("first_records", "text")]


def _first_records(story: Story, record_ids: Iterable[str]) -> list[Cell]:
    """The cell of that column: the first three ids, in order, and how many more there are."""
    ids = sorted(record_ids)
    more = read_words(story.language, "captions")["more_ids"].format(number=len(ids) - 3) if len(ids) > 3 else ""
    return [Cell(" ".join(filter(None, [", ".join(ids[:3]), more]))) for _ in _record_column(story)]


def _check_words(story: Story, finding: Finding) -> dict[str, str]:
    """What a check looks at and what to do where it fails, `check` and `action`, in the language of the report.

    The English words stand in the expectation; those of other languages in checks.yml, where there are any.
    """
    own = {"check": finding.check, "action": finding.action}
    translated = find_text(story.language, story.profile, "checks.yml")
    return read_words(story.language, "checks", story.profile).get(finding.id, own) if translated else own


def _severity_cell(story: Story, finding: Finding) -> Cell:
    return Cell(read_words(story.language, "captions")["severities"][finding.severity], finding.severity)


def _rows_of(story: Story, finding: Finding) -> list[Cell]:
    return [cell(story, f"quality.month.check.{finding.id}.{number}") for number in ("tested", "failing")]
