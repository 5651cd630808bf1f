"""What a bundle says of its report: with records, what lies beside them; without records, told.json."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis.audit.bundle import TOLD, title_of
from analysis.editions import INTERNAL
from analysis.records.frozen import Frozen, is_frozen, read_frozen


@dataclass(frozen=True, eq=False)
class Packed:
    """The report in a bundle: its period, the notebook's parameters, the country, what it is based on.

    `frozen` are its records, None in an edition that keeps them back (METHOD M29).
    """

    when: str
    parameters: dict[str, Any]
    profile: str
    title: str
    frozen: Frozen | None = None

    @property
    def edition(self) -> str:
        return str(self.parameters.get("edition", INTERNAL))


def read_packed(payload: Path) -> Packed:
    """Read what a bundle's payload says of its report. Raises BadRecords, OSError, ValueError, TypeError, KeyError."""
    if (payload / TOLD).is_file() and not is_frozen(str(payload / "records")):
        return Packed(**json.loads((payload / TOLD).read_text(encoding="utf-8")))
    frozen = read_frozen(str(payload / "records"))
    about = frozen.about
    return Packed(about["when"], about["parameters"], frozen.vintage.profile, title_of(frozen.vintage), frozen)
