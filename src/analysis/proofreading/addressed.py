"""Headings that address a party which has killed nobody in the report's time (METHOD M18)."""

import re
from collections.abc import Iterable

from analysis.codelists import read_codelist
from analysis.period import When
from analysis.proofreading.page_numbers import Piece
from analysis.proofreading.untied import Untied
from analysis.texts import language_of
from analysis.toll.claims import Ledger

# Not a party that anybody could address.
NOBODY = ("other", "unknown")


def addressed_in_vain(
    pieces: Iterable[Piece], ledger: Ledger, *, when: When, profile: str, language: str
) -> list[Untied]:
    """Each heading that names a party without a toll: a recommendation without a reason in the records."""
    names = {
        name: code
        for code, labels in _labels(profile, language).items()
        for name in labels
        if not _toll(ledger, f"civilians.{when.span}.party.{code}")
    }
    return [
        Untied(piece.text.strip(), piece.place, f"the toll of {code} in {when} is zero or not computed")
        for piece in pieces
        if piece.kind == "heading" and piece.region == "body"
        for name, code in names.items()
        if re.search(rf"(?<![^\W_]){re.escape(name)}(?![^\W_])", piece.text, re.IGNORECASE)
    ]


def _labels(profile: str, language: str) -> dict[str, set[str]]:
    table = read_codelist("parties", profile).table
    columns = [
        name for name in (f"{form}_{language_of(language)}" for form in ("label", "short")) if name in table.columns
    ]
    return {
        str(code): {str(table.at[code, column]).removeprefix("the ") for column in columns} - {""}
        for code in table.index
        if code not in NOBODY
    }


def _toll(ledger: Ledger, claim: str) -> int:
    return ledger.count(claim) if claim in ledger else 0
