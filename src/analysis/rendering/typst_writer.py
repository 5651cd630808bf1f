"""Write a report as PDF: A4, tagged (PDF/UA-1, PDF/A-2a), made by Typst from data alone.

The template reads the document as JSON, so that no word of a report is ever taken for markup. Letters come from
data/fonts and from Typst itself, never from the machine.
"""

import json
import re
from dataclasses import asdict
from datetime import UTC, datetime
from functools import cache
from typing import Any

import typst

from analysis.errors import BadDocument
from analysis.places import DATA
from analysis.rendering.column_widths import is_small, widths
from analysis.rendering.document import Document, Numbered
from analysis.rendering.html_writer import TEMPLATES
from analysis.rendering.markdown import Node
from analysis.sections.blocks import Table

MISSING_LETTER = re.compile(r'the text ["“`]*(.+?)["”`]* could not be displayed')


def write_pdf(document: Document) -> bytes:
    """The whole report as PDF: the same document, the same bytes.

    Raises BadDocument, with the block where it can be known, for whatever would make the PDF unreadable to some.
    """
    given = json.dumps(_plain(document), ensure_ascii=False, sort_keys=True)
    noon = datetime.fromisoformat(document.cover.report_date).replace(hour=12, tzinfo=UTC)
    compiler = typst.Compiler(
        TEMPLATES / "report.typ", root=TEMPLATES, font_paths=_fonts(), sys_inputs={"report": given}
    )
    try:
        written, _ = compiler.compile_with_warnings(
            format="pdf", pdf_standards=["a-2a", "ua-1"], timestamp=int(noon.timestamp())
        )
    except typst.TypstError as error:
        raise BadDocument(_explained(document, error)) from None
    if not isinstance(written, bytes):
        raise BadDocument("The report has no page.")
    return written


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, font_paths=[DATA / "fonts"])


def _plain(document: Document) -> dict[str, Any]:
    """The document as the template reads it."""
    day = datetime.fromisoformat(document.cover.report_date)
    language, *others = document.cover.language.split("-")
    return {
        "cover": asdict(document.cover),
        "labels": document.labels,
        "language": language,
        "region": next((one for one in others if len(one) == 2 and one.isupper()), None),
        "date": {"year": day.year, "month": day.month, "day": day.day},
        "blocks": [_plain_block(block) for block in document.blocks],
    }


def _plain_block(block: Node | Numbered) -> dict[str, Any]:
    if isinstance(block, Node):
        return {"kind": block.kind, "content": asdict(block)}
    content = asdict(block.block)
    if isinstance(block.block, Table):
        content |= {"small": is_small(block.block), "widths": widths(block.block)}
    else:
        content.pop("numbers")
    return {"kind": block.kind, "number": block.number, "content": content}


def _explained(document: Document, error: typst.TypstError) -> str:
    """Typst's message in one line, with the block that it is about."""
    said = " ".join(error.message.split())
    if missing := MISSING_LETTER.search(said):
        return (
            f"No letter form in data/fonts for {missing[1]!r}, met in {_whereabouts(document, missing[1])}. "
            "Take the character out, or add a font that has it."
        )
    return f"The PDF cannot be made: {said}. {' '.join(error.hints)}".strip()


def _whereabouts(document: Document, text: str) -> str:
    for part in document.parts:
        for block in part.blocks:
            if text in json.dumps(asdict(block), ensure_ascii=False):
                name = f"the {block.kind}" if isinstance(block, Node) else f"the {block.kind} {block.block.name!r}"
                return f"{name} of cell {part.cell}"
    return "the cover"
