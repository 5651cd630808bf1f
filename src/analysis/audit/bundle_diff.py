"""Two reports side by side: the claims that moved, by how much, and the records that came and went."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis.audit.bundle import PAYLOAD
from analysis.audit.packed import read_packed
from analysis.audit.sql_count import sql_counts
from analysis.audit.unpacking import unpacked
from analysis.errors import BadBundle, ReportError
from analysis.period import parse_when


@dataclass(frozen=True)
class Difference:
    """A claim that differs between two bundles; `was` or `now` is None where one of them does not make it."""

    claim: str
    was: int | float | str | None
    now: int | float | str | None
    came: tuple[str, ...] = ()
    went: tuple[str, ...] = ()

    @property
    def by(self) -> int | float | None:
        """How much more it is now, where both are numbers."""
        both = [value for value in (self.was, self.now) if isinstance(value, int | float)]
        return round(both[1] - both[0], 2) if len(both) == 2 else None


@dataclass(frozen=True)
class Opened:
    """What two bundles are compared by: a claim's value, and the records behind each count."""

    report: str
    claims: dict[str, dict[str, Any]]
    records: dict[str, tuple[str, ...]]


def diff(one: Path, other: Path) -> list[Difference]:
    """The claims that differ between two bundles, in the order of the reports. Raises BadBundle."""
    was, now = _open(one), _open(other)
    return [
        Difference(claim, _value(was, claim), _value(now, claim), *_records(was, now, claim))
        for claim in dict.fromkeys([*was.claims, *now.claims])
        if was.claims.get(claim) != now.claims.get(claim)
    ]


def _open(bundle: Path) -> Opened:
    with unpacked(bundle) as bag:
        payload = bag / PAYLOAD
        try:
            claims = {one["id"]: one for one in json.loads((payload / "report" / "claims.json").read_bytes())}
            packed = read_packed(payload)
            when, frozen = packed.when, packed.frozen
            counts = {}
            if frozen:
                counts = sql_counts(frozen.records, list(claims), parse_when(when), profile=packed.profile)
        except (ReportError, OSError, ValueError, KeyError, TypeError) as error:
            raise BadBundle(f"{bundle} cannot be compared: it cannot be read ({type(error).__name__}).") from None
    return Opened(when, claims, {claim: found.record_ids for claim, found in counts.items()})


def _value(opened: Opened, claim: str) -> int | float | str | None:
    return opened.claims[claim]["value"] if claim in opened.claims else None


def _records(was: Opened, now: Opened, claim: str) -> Iterable[tuple[str, ...]]:
    """The records that came to a claim's count, and those that went."""
    before, after = (set(each.records.get(claim, ())) for each in (was, now))
    return tuple(sorted(after - before)), tuple(sorted(before - after))
