"""The second count: every count claim of a report again, in SQL on DuckDB.

The first is `analysis.toll.counting`; nothing of it is used here, so that a rule that is wrong in one of them is seen.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import duckdb
import pandas as pd
import pyarrow as pa

from analysis.audit.sql_filter import COUNTED, Filter, sql_filter
from analysis.codelists import SYRIA
from analysis.method import method
from analysis.month import Month
from analysis.period import When, compared
from analysis.records.contract import arrow_schema, read_contract

# METHOD M14: the day on which the recorded dead of an incident reached the threshold, and whom most are attributed to.
DEATHS = f"""
CREATE TABLE deaths AS
WITH counted AS (SELECT * FROM records WHERE {COUNTED}),
reached AS (
    SELECT incident_id, date_documented AS massacre_reached FROM counted WHERE incident_id IS NOT NULL
    QUALIFY row_number() OVER (PARTITION BY incident_id ORDER BY date_documented, record_id) = $threshold
),
attributed AS (
    SELECT incident_id, party, CASE WHEN party = 'other' THEN bucket END AS kind, count(*) AS dead
    FROM counted SEMI JOIN reached USING (incident_id) GROUP BY ALL
),
listed AS (
    SELECT incident_id, party AS massacre_party, kind AS massacre_kind FROM attributed
    QUALIFY row_number() OVER (PARTITION BY incident_id ORDER BY dead DESC, party NULLS LAST, kind NULLS LAST) = 1
)
SELECT records.*, massacre_reached, massacre_party, massacre_kind
FROM records LEFT JOIN reached USING (incident_id) LEFT JOIN listed USING (incident_id)
"""
FIELDS = (
    "record_id", "incident_id", "sex", "age_group", "occupation", "status", "verification", "date_documented",
    "date_of_death", "date_of_death_precision", "governorate", "party", "bucket",
    "candidate_parties", "cause", "torture", "allocated",
    "withdrawn", "duplicate_of",
)  # fmt: skip


@dataclass(frozen=True)
class Counted:
    """What the second count finds for a claim: its value, and the sorted ids of the records behind it."""

    value: int
    record_ids: tuple[str, ...] = ()

    @property
    def digest(self) -> str:
        """SHA-256 over the ids, one a line (METHOD M23)."""
        return hashlib.sha256("\n".join(self.record_ids).encode()).hexdigest()


def sql_counts(
    records: pd.DataFrame, claim_ids: Sequence[str], when: When, *, profile: str = SYRIA
) -> dict[str, Counted]:
    """Count claims again, by id, for the report of a month or of a longer period.

    In    what the report looks at: one row per record of its months and those before them, every status.
    Out   the claims that count records, in the order asked for; whatever else, or is not understood, is left out.
    """
    with duckdb.connect(config={"enable_external_access": "false", "threads": "1"}) as base:
        base.register("records", _plain(records))
        base.execute(DEATHS, {"threshold": method()["massacre_threshold"]})
        held = [Month.parse(one) for (one,) in base.execute("SELECT DISTINCT strftime(date_documented, '%Y-%m') "
                "FROM deaths WHERE date_documented IS NOT NULL").fetchall()]  # fmt: skip
        asked = {one: sql_filter(one, when, profile=profile) for one in claim_ids if _is_held(one, when, held)}
        found = {one: _ask(base, each) for one, each in asked.items() if each}
    if (gap := f"records.{when.span}.months_without") in claim_ids and not isinstance(when, Month):
        found[gap] = Counted(len(set(when.months) - set(held)))
    return {one: found[one] for one in claim_ids if one in found}


def _plain(records: pd.DataFrame) -> pa.Table:
    """The fields that are counted, codes as text."""
    schema, kinds = arrow_schema(), read_contract()["type"]
    codes = {field: object for field in FIELDS if kinds[field] == "code"}
    wanted = pa.schema([schema.field(field) for field in FIELDS])
    return pa.Table.from_pandas(records[list(FIELDS)].astype(codes), schema=wanted, preserve_index=False)


def _ask(base: duckdb.DuckDBPyConnection, asked: Filter) -> Counted:
    ((value, record_ids),) = base.execute(asked.sql).fetchall()
    return Counted(value, tuple(record_ids or ()))


def _is_held(claim_id: str, when: When, held: Iterable[Month]) -> bool:
    """A period to compare with is counted only where all its months have records: else it is cited (METHOD M7)."""
    before = compared(when).get(claim_id.split(".")[1] if "." in claim_id else "")
    return before is None or set(before.months) <= set(held)
