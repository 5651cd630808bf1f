"""The ids of the records behind each claim that counts records: what its digest was made of (METHOD M23)."""

from collections.abc import Iterable

from analysis.month import Month
from analysis.period import MonthAndPeriod, Span
from analysis.records.counted import exclusions
from analysis.toll.counting import find
from analysis.toll.footing import allocated_ids
from analysis.toll.monthly import counted_in_month
from analysis.toll.period_definitions import periodic
from analysis.toll.report_records import ReportRecords


def record_ids(records: ReportRecords) -> dict[str, tuple[str, ...]]:
    """The sorted record ids by claim, in the order of the report's claims."""
    assert not isinstance(records.when, Span | MonthAndPeriod)  # the reports over many months show no lists
    when = records.when
    definitions = (
        counted_in_month(records, records.counted)
        if isinstance(when, Month)
        else periodic(when, profile=records.profile, held=records.held)
    )
    found: dict[str, Iterable[str]] = {**find(records.countable, definitions)}
    found |= {f"records.{when.span}.{step}": ids for step, ids in exclusions(records.reported).items()}
    found |= {f"records.{when.span}.allocated.{field}": ids for field, ids in allocated_ids(records.reported)}
    return {claim: tuple(sorted(map(str, ids))) for claim, ids in found.items()}
