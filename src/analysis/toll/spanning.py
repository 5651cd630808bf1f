"""What the reports over many months share: their counts, made once for all languages, and what they stand on."""

from collections.abc import Mapping, Sequence

from narwhals.typing import IntoFrame

from analysis.month import Month
from analysis.quality.gate import Finding
from analysis.toll.claims import Ledger
from analysis.toll.consistency import require_consistent
from analysis.toll.counting import Definition, count, reworded
from analysis.toll.definitions import Vocabulary
from analysis.toll.footing import allocated_claims, method_claims, record_claims, vintage_claim
from analysis.toll.periodic import gate_claims, months_without_records
from analysis.toll.report_records import ReportRecords


def span_counts(records: IntoFrame, definitions: Sequence[Definition], counted_as: Ledger | None) -> Ledger:
    """What the definitions count in the records; of counts already made only the words may be others."""
    return Ledger(reworded(counted_as, definitions) if counted_as else count(records, definitions))


def on_its_footing(
    ledger: Ledger, records: ReportRecords, findings: Mapping[Month, Sequence[Finding]], words: Vocabulary
) -> Ledger:
    """The whole ledger: with the claims that stand in each of these reports (METHOD M20, M21, M22, M30).

    Raises ClaimsContradict if two claims contradict each other.
    """
    when = records.when
    whole = ledger.extended(
        [
            vintage_claim(records.vintage, when, words),
            *record_claims(records.reported, when, words),
            months_without_records(records, words),
            *allocated_claims(records.reported, when, words),
            *gate_claims(findings, when, words),
            *method_claims(words),
        ]
    )
    require_consistent(whole)
    return whole
