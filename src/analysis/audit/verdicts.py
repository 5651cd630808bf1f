"""What was found of each part of a bundle, in words that a person can act upon."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, Literal

Kind = Literal["signature", "package", "claim", "table", "figure", "file", "input", "program", "environment"]
Result = Literal["identical", "withheld", "other records", "differs", "cannot be checked"]
WORDS: dict[Result, str] = {
    "identical": "identical",
    "withheld": "cannot be checked without the records",
    "other records": "same value from different records",
    "differs": "differs",
    "cannot be checked": "cannot be checked",
}
# Another program or environment may give the same report: what differs there is told, and decides nothing.
TOLD = ("program", "environment")


@dataclass(frozen=True)
class Verdict:
    """One part of a bundle, whether it holds, and where it does not: by how much, or why."""

    kind: Kind
    name: str
    result: Result
    detail: str = ""

    @property
    def holds(self) -> bool:
        return self.result in ("identical", "withheld") or self.kind in TOLD


@dataclass(frozen=True)
class Verification:
    """Every verdict on a bundle; `report` is the month or period it is about."""

    report: str
    verdicts: tuple[Verdict, ...]

    @property
    def holds(self) -> bool:
        """Whether all of it holds that can be checked."""
        return all(verdict.holds for verdict in self.verdicts)

    @property
    def withheld(self) -> int:
        """How many parts an edition without records leaves to those who have them (METHOD M29)."""
        return sum(verdict.result == "withheld" for verdict in self.verdicts)

    def counts(self, kind: Kind) -> dict[Result, int]:
        """How many verdicts of a kind have each result."""
        return dict(Counter(verdict.result for verdict in self.verdicts if verdict.kind == kind))

    def to_json(self) -> dict[str, Any]:
        return {"report": self.report, "holds": self.holds, "verdicts": [asdict(one) for one in self.verdicts]}


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """The gravest of several verdicts on one thing, with all their details."""
    order: list[Result] = ["differs", "other records", "cannot be checked", "withheld", "identical"]
    found = sorted(verdicts, key=lambda verdict: order.index(verdict.result))
    details = "; ".join(dict.fromkeys(one.detail for one in found if one.detail and one.result == found[0].result))
    return Verdict(found[0].kind, found[0].name, found[0].result, details)
