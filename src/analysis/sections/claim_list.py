"""The list of claims: every number of a report, what it counts, by which rule, and from how many records."""

from analysis.sections.blocks import Cell, Row, Table, claim_anchor
from analysis.sections.narrative import Story
from analysis.sections.tables import table_in_words
from analysis.sections.wording import digits, percent_sign, shown_value
from analysis.texts import read_words
from analysis.toll.claims import RANGE, Claim


def claim_tables(story: Story) -> list[Table]:
    """Every claim, in tables by what it is about: its value, what it counts, its rule and the records it counts."""
    groups: dict[str, list[Claim]] = {}
    for claim in story.ledger.values():
        groups.setdefault(_group(claim.id, story.language), []).append(claim)
    columns = [("claim", "text"), ("value", "number"), ("definition", "text"), ("rule", "text"), ("records", "number")]
    return [
        table_in_words(
            story,
            f"claims-{nth:02d}",
            columns,
            [_claim_row(claim, story.language) for claim in claims],
            kind="claims",
            group=group,
        )
        for nth, (group, claims) in enumerate(groups.items(), 1)
    ]


def _group(claim_id: str, language: str) -> str:
    groups: dict[str, str] = read_words(language, "captions")["groups"]
    measure, _, rest = claim_id.partition(".")
    return groups.get(f"{measure}.{rest.partition('.')[0]}") or groups[measure]


def _claim_row(claim: Claim, language: str) -> Row:
    shown = shown_value(claim.value, language, is_range=claim.unit == RANGE)
    unit = percent_sign(language) if claim.unit == "percent" else ""
    records = Cell("", "") if claim.records is None else Cell(digits(claim.records, language), claim.records)
    cells = (Cell(claim.id), Cell(f"{shown}{unit}", claim.value), Cell(claim.where), Cell(claim.rule), records)
    return Row(cells, anchor=claim_anchor(claim.id))
