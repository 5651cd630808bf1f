"""What every report over many months stands on: records read and counted, months without any, checks, parameters."""

from collections.abc import Mapping, Sequence

from analysis.month import Month
from analysis.quality.gate import Finding
from analysis.toll.claims import Claim
from analysis.toll.definitions import Vocabulary
from analysis.toll.footing import allocated_claims, method_claims, record_claims, vintage_claim
from analysis.toll.periodic import gate_claims, months_without_records
from analysis.toll.report_records import ReportRecords


def footing_claims(
    records: ReportRecords, findings: Mapping[Month, Sequence[Finding]], words: Vocabulary
) -> list[Claim]:
    """The claims that stand in each of these reports, whatever it is about (METHOD M20, M21, M22, M30)."""
    when = records.when
    return [
        vintage_claim(records.vintage, when, words),
        *record_claims(records.reported, when, words),
        months_without_records(records, words),
        *allocated_claims(records.reported, when, words),
        *gate_claims(findings, when, words),
        *method_claims(words),
    ]
