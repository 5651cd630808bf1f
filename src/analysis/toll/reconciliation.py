"""Reconciliation: each published figure beside the one computed here, and whether they agree (METHOD M7, M18)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

import pandas as pd

from analysis.period import When
from analysis.texts import language_of
from analysis.toll.claims import Claim, Ledger
from analysis.toll.definitions import Vocabulary

RULE = "M7"


@dataclass(frozen=True)
class Verdict:
    """One published figure (`claim` is the id of the claim that computes the same number) and how it compares."""

    claim: str
    published: int | float
    computed: int | float | str | None
    result: Literal["equal", "differs", "cannot"]
    note: str


def published_for(when: When, published: pd.DataFrame) -> pd.DataFrame:
    """The figures published for a month (its year so far included) or a period; of figures given twice, the first."""
    return published[published["period"] == str(when)].drop_duplicates("claim")


def published_claims(when: When, published: pd.DataFrame, language: str) -> list[Claim]:
    """The published figures as claims of their own: `published.<claim>`."""
    text = Vocabulary(language)["derived"]["published"]
    return [
        Claim(
            id=f"published.{row['claim']}",
            value=row["value"],
            unit={"share": "percent", "rank": "rank"}.get(row["part"], "people"),
            rule=RULE,
            where=text.format(id=row["claim"], period=when),
            basis="published",
            of=tuple(row["sources"].split("|")),
        )
        for _, row in published_for(when, published).iterrows()
    ]


def reconcile(ledger: Ledger, when: When, published: pd.DataFrame, language: str = "en") -> list[Verdict]:
    """Compare every figure published for the report; those that differ first, then those nobody can compute."""
    verdicts = [_verdict(ledger, row, language) for _, row in published_for(when, published).iterrows()]
    order = ["differs", "cannot", "equal"]
    return sorted(verdicts, key=lambda verdict: order.index(verdict.result))


def _verdict(ledger: Ledger, row: "pd.Series[object]", language: str) -> Verdict:
    claim, said = str(row["claim"]), row["value"]
    note = str(row.get(f"note_{language_of(language)}") or row["note"])
    if claim not in ledger:
        return Verdict(claim, said, None, "cannot", note)
    found = ledger.value(claim)
    # A share is published in whole percent, or with the decimals that it shows.
    decimals = len(str(said).partition(".")[2])
    agrees = found == said if row["part"] != "share" else _round_half_up(found, decimals) == Decimal(str(said))
    return Verdict(claim, said, found, "equal" if agrees else "differs", note)


def _round_half_up(share: object, decimals: int) -> Decimal:
    """As people round: round() would make 62 percent of 62.5."""
    return Decimal(str(share)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def verdict_claims(verdicts: Sequence[Verdict], when: When, language: str = "en") -> list[Claim]:
    """How many published figures agree, differ and cannot be computed."""
    said, stem = Vocabulary(language)["reconciliation"], f"reconciliation.{when.span}"
    results = ("equal", "differs", "cannot")
    ids = {name: tuple(f"published.{one.claim}" for one in verdicts if one.result == name) for name in results}
    every = tuple(f"published.{one.claim}" for one in verdicts)
    return [
        Claim(stem, len(verdicts), "figures", RULE, said["all"].format(when=when), basis="claims", of=every),
        *[Claim(f"{stem}.{name}", len(ids[name]), "figures", RULE, said[name].format(when=when), basis="claims",
                of=ids[name])
          for name in results],
    ]  # fmt: skip
