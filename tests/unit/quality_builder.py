"""A small suite for the tests of the quality gate."""

import copy
import json
from pathlib import Path
from typing import Any

GOOD_SUITE: dict[str, Any] = {
    "name": "one",
    "meta": {"frame": "records"},
    "expectations": [
        {
            "type": "expect_column_values_to_be_in_set",
            "kwargs": {"column": "party", "value_set": {"$PARAMETER": "parties"}},
            "severity": "critical",
            "description": "Every party is a code of its list",
            "meta": {
                "id": "one.party",
                "reason": "A reason.",
                "rule": "M9",
                "action": "An action.",
                "fault": {"set": {"party": "martian"}},
            },
        }
    ],
}


def write_suite(folder: Path, document: dict[str, Any], name: str = "one") -> Path:
    (folder / f"{name}.json").write_text(json.dumps(document), encoding="utf-8")
    return folder


def changed(**changes: Any) -> dict[str, Any]:
    """The good suite, its one expectation changed."""
    document = copy.deepcopy(GOOD_SUITE)
    document["expectations"][0] |= changes
    return document
