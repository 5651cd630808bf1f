"""Conclusions and recommendations: blocks of text, one a party or addressee, each in while its condition holds.

The blocks stand in notebooks/texts/<language>/blocks.yml; a block about a party is in when that party has a toll.
"""

from analysis.sections.blocks import Cell, Row, Table
from analysis.sections.narrative import Story
from analysis.sections.tables import table_in_words
from analysis.texts import read_words


def conclusions_text(story: Story) -> str:
    """The section of conclusions and recommendations, with every block whose condition holds."""
    return story.text(
        "conclusions", conclusions=_part(story, "conclusions"), recommendations=_part(story, "recommendations")
    )


def _part(story: Story, part: str) -> str:
    shown = [block for block in _blocks(story) if block["part"] == part and story.any(block["when"])]
    return "\n".join(_text(story, block) for block in shown)


def blocks_table(story: Story) -> Table:
    """Every block with its condition and why it is in or out."""
    words = read_words(story.language, "captions")["shown"]
    rows = []
    for block in _blocks(story):
        claim, shown = block["when"], story.any(block["when"])
        value = str(story.ledger.value(claim)) if shown else "0"
        reason = words["yes" if shown else "no"].format(value=value)
        rows.append(Row((Cell(block["id"]), Cell(claim), Cell(reason, shown, claim if shown else None))))
    columns = [("block", "text"), ("condition", "text"), ("shown", "text")]
    return table_in_words(story, "blocks", columns, rows)


def _blocks(story: Story) -> list[dict[str, str]]:
    blocks: list[dict[str, str]] = read_words(story.language, "blocks", story.profile)["blocks"]
    return [block | {"when": story.claim_id(block["when"])} for block in blocks]


def _text(story: Story, block: dict[str, str]) -> str:
    where = f"blocks.yml, block {block['id']}"
    text = story.fill(block["text"], where)
    return f"#### {block['heading']}\n\n{text}" if "heading" in block else f"- {text}"
