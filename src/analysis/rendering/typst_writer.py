"""Write a report as PDF: A4, tagged (PDF/UA-1, PDF/A-2a), made by Typst from data alone.

The template reads the document as JSON, so that no word of a report is ever taken for markup. Letters come from
data/fonts and from Typst itself, never from the machine.
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

from analysis.errors import BadDocument
from analysis.places import DATA
from analysis.program import SOURCE
from analysis.rendering.column_widths import is_small, widths
from analysis.rendering.document import Document, Numbered
from analysis.rendering.html_writer import TEMPLATES
from analysis.rendering.markdown import Node
from analysis.rendering.typst_process import FAULTY
from analysis.sections.blocks import Table

MISSING_LETTER = re.compile(r'the text ["“`]*(.+?)["”`]* could not be displayed')


def write_pdf(document: Document) -> bytes:
    """The whole report as PDF: the same document, the same bytes.

    Raises BadDocument, with the block where it can be known, for whatever would make the PDF unreadable to some.
    """
    return begin_pdf(document)()


def begin_pdf(document: Document) -> Callable[[], bytes]:
    """Begin to write the report as PDF, in a process of its own; what comes back waits for it, and is write_pdf's."""
    noon = datetime.fromisoformat(document.cover.report_date).replace(hour=12, tzinfo=UTC)
    settings = {"template": str(TEMPLATES / "report.typ"), "fonts": str(DATA / "fonts"), "noon": int(noon.timestamp())}
    given = json.dumps(_plain(document), ensure_ascii=False, sort_keys=True, default=vars)
    process = subprocess.Popen(
        [sys.executable, "-m", "analysis.rendering.typst_process"],
        env={**os.environ, "PYTHONPATH": str(SOURCE.parent), "PYTHONUTF8": "1"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    talk = ThreadPoolExecutor(1).submit(process.communicate, f"{json.dumps(settings)}\n{given}".encode())
    return lambda: _written(document, *talk.result(), process)


def _written(document: Document, said: bytes, faults: bytes, process: subprocess.Popen[bytes]) -> bytes:
    """The PDF that Typst's process has written, or what it found wrong with the document."""
    code = process.returncode
    if code == FAULTY:
        raise BadDocument(_explained(document, **json.loads(said)))
    if code or not said:
        told = faults.decode(errors="replace").strip().splitlines()[-1:] or ["it wrote nothing"]
        raise BadDocument(f"The PDF cannot be made: Typst ended with {code} ({told[0]}).")
    return said


def _plain(document: Document) -> dict[str, Any]:
    """The document as the template reads it."""
    day = datetime.fromisoformat(document.cover.report_date)
    language, *others = document.cover.language.split("-")
    return {
        "cover": document.cover,
        "labels": document.labels,
        "language": language,
        "region": next((one for one in others if len(one) == 2 and one.isupper()), None),
        "date": {"year": day.year, "month": day.month, "day": day.day},
        "blocks": [_plain_block(block) for block in document.blocks],
    }


def _plain_block(block: Node | Numbered) -> dict[str, Any]:
    if isinstance(block, Node):
        return {"kind": block.kind, "content": block}
    content = {**vars(block.block)}
    if isinstance(block.block, Table):
        content |= {"small": is_small(block.block), "widths": widths(block.block)}
    else:
        content.pop("numbers")
    return {"kind": block.kind, "number": block.number, "content": content}


def _explained(document: Document, message: str, hints: list[str]) -> str:
    """Typst's message in one line, with the block that it is about."""
    said = " ".join(message.split())
    if missing := MISSING_LETTER.search(said):
        return (
            f"No letter form in data/fonts for {missing[1]!r}, met in {_whereabouts(document, missing[1])}. "
            "Take the character out, or add a font that has it."
        )
    return f"The PDF cannot be made: {said}. {' '.join(hints)}".strip()


def _whereabouts(document: Document, text: str) -> str:
    for part in document.parts:
        for block in part.blocks:
            if text in json.dumps(block, ensure_ascii=False, default=vars):
                name = f"the {block.kind}" if isinstance(block, Node) else f"the {block.kind} {block.block.name!r}"
                return f"{name} of cell {part.cell}"
    return "the cover"
