"""The last check of the photos, videos and documents that records reference, as claims of a report.

The check itself is `toll evidence check`; where nobody ran it for the report's months, the report says nothing of it.
"""

import json
from datetime import date
from pathlib import Path
from typing import Any

from analysis.errors import BadDocument
from analysis.period import When
from analysis.records.evidence import RESULTS, result_file
from analysis.records.vintages import records_location
from analysis.toll.claims import Claim
from analysis.toll.definitions import Vocabulary


def evidence_claims(when: When, *, location: str | None = None, language: str = "en") -> list[Claim]:
    """How many references were found, missing or changed, from the result beside the records table.

    None where there is no result, or where it knows none of the period's months: a report then stays as it is.
    Raises BadDocument for a damaged result.
    """
    file = result_file(records_location(location))
    if file is None or not file.is_file():
        return []
    told = read_result(file)
    counts = [told["months"][str(month)] for month in when.months if str(month) in told["months"]]
    return checked_claims(counts, told, when, Vocabulary(language)) if counts else []


def read_result(file: Path) -> dict[str, Any]:
    """What `toll evidence check` wrote. Raises BadDocument for a damaged file."""
    try:
        told: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        date.fromisoformat(told["date"])
        whole = [told["vintage"], *(one[name] for one in told["months"].values() for name in ("references", *RESULTS))]
        if not all(type(number) is int and number >= 0 for number in whole):
            raise ValueError
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise BadDocument(
            f"The result of an evidence check in {file} is damaged. Run `toll evidence check` again, or remove it."
        ) from None
    return told


def checked_claims(counts: list[dict[str, int]], told: dict[str, Any], when: When, words: Vocabulary) -> list[Claim]:
    """The claims of a check's result: `counts` are those of the report's months."""
    said, of = words["evidence"], (f"toll evidence check, {told['date']}",)
    references = said["references"].format(period=when)
    numbers = {name: sum(one[name] for one in counts) for name in ("references", *RESULTS)}
    values: dict[str, tuple[int | str, str]] = {name: (number, "references") for name, number in numbers.items()}
    values |= {"checked": (told["date"], "date"), "vintage": (told["vintage"], "version")}
    return [
        Claim(f"evidence.{when.span}.{name}", value, unit, "M20", said[name].format(references=references, period=when),
              basis="external", of=of)
        for name, (value, unit) in values.items()
    ]  # fmt: skip
