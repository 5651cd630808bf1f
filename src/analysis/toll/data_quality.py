"""A whole vintage looked at: what is counted of it, what waits, what is recorded, what people corrected and decided.

No name and no free text of a record leaves this module: record ids, months, counts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from analysis.errors import BadRecords
from analysis.importing.duplicates import candidate_pairs, undecided
from analysis.month import Month
from analysis.records.contract import UNDATED, read_contract
from analysis.records.corrections import Correction, read_corrections
from analysis.records.counted import exclusions
from analysis.records.decided import Decided, all_months, decided_months
from analysis.records.decisions import Decision, read_decisions
from analysis.records.table import months_held
from analysis.records.vintages import Vintage, read_vintage, records_location
from analysis.texts import read_words
from analysis.toll.claims import Ledger
from analysis.toll.data_profile import ids_claim, number_claim, profile_claims, read_unlisted

SUBMITTED = "submitted"


@dataclass(frozen=True, eq=False)
class VintageReview:
    """The records of a vintage as people left them, the last `month` they have, and the `pairs` not decided yet.

    `unlisted` is what `read_unlisted` found in the quarantine of its imports.
    """

    vintage: Vintage
    month: Month
    decided: Decided
    corrections: tuple[Correction, ...]
    pairs: pd.DataFrame
    unlisted: tuple[dict[str, int], int] = ({}, 0)

    @property
    def records(self) -> pd.DataFrame:
        return self.decided.records

    @property
    def standing(self) -> pd.DataFrame:
        """The records that are neither withdrawn nor repeat another."""
        return self.records[self.records["withdrawn"].isna() & self.records["duplicate_of"].isna()]

    @property
    def extract_date(self) -> date | None:
        """The day of the extract, where its import says it."""
        return date.fromisoformat(self.vintage.extract_date) if self.vintage.extract_date else None


def read_review(
    *,
    location: str | None = None,
    vintage: int | None = None,
    corrections: Sequence[Correction] | None = None,
    decisions: Sequence[Decision] | None = None,
) -> VintageReview:
    """Read a vintage whole (the newest where none is given), with corrections and decisions.

    Raises BadRecords where there is no month with records, StaleCorrection.
    """
    where = records_location(location)
    read = read_vintage(where, vintage)
    held = months_held(where, read.version)
    if not held:
        raise BadRecords(f"The records table at {where} has no record with a date of documentation. Import an extract.")
    fixes = read_corrections(profile=read.profile) if corrections is None else corrections
    known = read_decisions() if decisions is None else decisions
    months = all_months(where, read.version)
    decided = decided_months(where, months, vintage=read.version, corrections=fixes, decisions=known)
    pairs = undecided(candidate_pairs(decided.records), known)
    return VintageReview(read, held[-1], decided, tuple(fixes), pairs, read_unlisted(read))


def submissions(review: VintageReview) -> pd.DataFrame:
    """The submissions that nobody has looked at, those that wait longest first (METHOD M26).

    Out   `record_id`, `month`, `days`: how many days before the extract they were documented, blank where not known.
    """
    standing = review.standing
    queue = standing[standing["verification"].astype(str) == SUBMITTED]
    day = review.extract_date
    documented = pd.to_datetime(queue["date_documented"])
    waited = (pd.Timestamp(day) - documented).dt.days if day else pd.Series(pd.NA, index=queue.index)
    table = pd.DataFrame(
        {"record_id": queue["record_id"], "month": queue["month"].astype(str), "days": waited.astype("Int64")}
    )
    return table.sort_values(["days", "month", "record_id"], ascending=[False, True, True], ignore_index=True)


def completeness(review: VintageReview) -> pd.DataFrame:
    """For each field that may be shown, in how many of the records that stand it is recorded: `field`, `ids`."""
    contract, standing = read_contract(), review.standing
    fields = [name for name in contract.index if contract.at[name, "shown"] != "never" and name != "record_id"]
    fields = [name for name in fields if name not in ("withdrawn", "duplicate_of", "allocated")]
    recorded = [standing.loc[_recorded(standing[name]), "record_id"].tolist() for name in fields]
    return pd.DataFrame({"field": fields, "ids": recorded})


def absent_corrections(review: VintageReview) -> list[Correction]:
    """Corrections to be applied whose record this vintage does not hold."""
    held = set(review.records["record_id"])
    return [one for one in review.corrections if one.status == "applied" and one.record_id not in held]


def review_ledger(review: VintageReview, *, language: str = "en") -> Ledger:
    """Every claim of the look at a vintage."""
    words = _Words(read_words(language, "data_quality")["claims"], review.vintage.version)
    queue = submissions(review)["record_id"].tolist()
    standing = review.standing["record_id"].tolist()
    fixed = sorted({one.record_id for one in review.decided.corrections})
    undated = review.records.loc[review.records["month"].astype(str) == UNDATED, "record_id"].tolist()
    claims = [ids_claim(f"records.vintage.{step}", ids, "M21", words.said(step))
              for step, ids in exclusions(review.records).items()]  # fmt: skip
    claims += [
        ids_claim("records.vintage.undated", undated, "M5", words.said("undated")),
        ids_claim("records.vintage.standing", standing, "M21", words.said("standing")),
        ids_claim("submissions.vintage", queue, "M26", words.said("submissions")),
        ids_claim("corrections.vintage.records", fixed, "M24", words.said("corrected")),
        ids_claim("duplicates.vintage.repeats", sorted(review.decided.repeats), "M25", words.said("repeats")),
        number_claim("corrections.vintage.applied", len(review.decided.corrections), "M24", words.said("applied")),
        number_claim("corrections.vintage.absent", len(absent_corrections(review)), "M24", words.said("absent")),
        number_claim("corrections.vintage.open", sum(one.status == "open" for one in review.corrections), "M24",
                words.said("open")),
        number_claim("duplicates.vintage.undecided", len(review.pairs), "M25", words.said("undecided")),
    ]  # fmt: skip
    recorded = completeness(review)
    for row in recorded.itertuples():
        blank = sorted(set(standing) - set(row.ids))
        name = f"completeness.vintage.{row.field}"
        claims.append(ids_claim(f"{name}.recorded", row.ids, "M20", words.said("recorded", row.field)))
        claims.append(ids_claim(f"{name}.blank", blank, "M20", words.said("blank", row.field)))
    claims += profile_claims(review.standing, recorded, review.unlisted, words.said)
    return Ledger(claims)


@dataclass(frozen=True)
class _Words:
    """What the claims of a vintage count, in one language."""

    templates: Mapping[str, str]
    version: int

    def said(self, name: str, field: object = "", **more: object) -> str:
        where = self.templates["vintage"].format(version=self.version)
        return self.templates[name].format(where=where, field=field, **more)


def _recorded(values: pd.Series) -> "pd.Series[bool]":
    """Whether a value is recorded; an empty list is none."""
    return pd.Series([_is_recorded(value) for value in values.astype(object)], index=values.index, dtype=bool)


def _is_recorded(value: object) -> bool:
    return len(value) > 0 if hasattr(value, "__len__") else not pd.isna(value)
