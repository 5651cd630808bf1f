"""Claims: the only way for a number to reach a reader.

A claim is a value with its unit, the rule it follows, the filter in words, how many records it counts and a digest of
their ids, so that it can be followed and made again.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from analysis.errors import ClaimsContradict, UnknownClaim

Basis = Literal["records", "claims", "published", "external", "method"]
# The unit of a count that an edition shows as a range: `value` is then 1–4, or 53+ where there is no end (METHOD M29).
RANGE = "range"


@dataclass(frozen=True)
class Claim:
    """One number, rank or comparison.

    `basis` says what it is made from: counted records, other claims, a published or an outside figure, a parameter of
    the method; `of` names those claims or sources. `records` and `digest` are None where no record is counted.
    """

    id: str
    value: int | float | str
    unit: str
    rule: str
    where: str
    records: int | None = None
    digest: str | None = None
    basis: Basis = "records"
    of: tuple[str, ...] = ()


def digest(record_ids: Iterable[str]) -> str:
    """SHA-256 over the sorted record ids, one a line (METHOD M23)."""
    return hashlib.sha256("\n".join(sorted(record_ids)).encode()).hexdigest()


class Ledger(Mapping[str, Claim]):
    """Claims by id, in the order in which they were made; an id is claimed once."""

    def __init__(self, claims: Iterable[Claim]):
        claims = list(claims)
        self._claims = {claim.id: claim for claim in claims}
        if len(self._claims) != len(claims):
            repeated = sorted({one.id for one in claims if [each.id for each in claims].count(one.id) > 1})
            raise UnknownClaim(f"{len(repeated)} claims are made twice ({', '.join(repeated[:3])}).")

    def __getitem__(self, claim_id: str) -> Claim:
        if claim_id not in self._claims:
            raise UnknownClaim(
                f"Nothing computed the claim {claim_id!r}. Its id is misspelt, or its definition is missing from "
                "src/analysis/toll/definitions.py."
            )
        return self._claims[claim_id]

    def __contains__(self, claim_id: object) -> bool:
        return claim_id in self._claims

    def __iter__(self) -> Iterator[str]:
        return iter(self._claims)

    def __len__(self) -> int:
        return len(self._claims)

    def extended(self, claims: Iterable[Claim]) -> "Ledger":
        """A new ledger with further claims after these."""
        return Ledger([*self._claims.values(), *claims])

    def united(self, other: "Ledger") -> "Ledger":
        """A new ledger with another's claims after these; what both claim is one claim.

        Raises ClaimsContradict where the two do not claim the same.
        """
        apart = [one for one in other.values() if self._claims.get(one.id, one) != one]
        if apart:
            first, own = apart[0], self._claims[apart[0].id]
            raise ClaimsContradict(
                f"{len(apart)} claims are made twice and not alike: {own.id} is {own.value!r} in one part of the "
                f"report and {first.value!r} in another. Nothing is written. Look for the definitions of that id."
            )
        return self.extended(one for one in other.values() if one.id not in self._claims)

    def value(self, claim_id: str) -> int | float | str:
        return self[claim_id].value

    def is_range(self, claim_id: str) -> bool:
        """Whether a count is shown as a range."""
        return self[claim_id].unit == RANGE

    def count(self, claim_id: str) -> int:
        """A claim's value where it is a whole number. Raises UnknownClaim where it is not one."""
        value = self[claim_id].value
        if not isinstance(value, int):
            raise UnknownClaim(f"The claim {claim_id!r} is not a whole number but {value!r}.")
        return value

    def to_json(self) -> str:
        """claims.json: a list, one claim a line."""
        lines = ",\n".join(json.dumps(vars(claim), ensure_ascii=False) for claim in self.values())
        return f"[\n{lines}\n]\n"
