"""Write a report as one HTML file that needs nothing else: no script, no request, style and charts inside."""

import base64
import re
from collections import Counter
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from analysis.rendering.column_widths import is_small, widths
from analysis.rendering.document import Document
from analysis.rendering.markdown import Node, walk
from analysis.sections.blocks import Figure, claim_anchor

TEMPLATES = Path(__file__).resolve().parent / "templates"


def write_html(document: Document) -> str:
    """The whole report as HTML: the same document, the same bytes."""
    return (
        _template().render(
            cover=document.cover,
            labels=document.labels,
            parts=document.parts,
            headings=document.headings,
            notes=document.notes,
            marks=_count_marks(document),
            records=document.records,
            list_of=_lists_by_claim(document),
            css=Markup((TEMPLATES / "report.css").read_text(encoding="utf-8")),
            picture=_picture,
            is_small=is_small,
            widths=widths,
            breakable=_breakable,
            words_and_phrases=_words_and_phrases,
            bare=_bare,
        )
        + "\n"
    )


def _breakable(name: str) -> Markup:
    """A claim's long id may be broken behind a dot or a low line, and nowhere else."""
    return Markup("<wbr>").join(re.findall(r"[^._]*[._]?", name))


def _words_and_phrases(ids: Iterable[str]) -> tuple[list[str], list[str]]:
    """The ids that are one word each, and those with a space in them: a list of words needs no sign between them."""
    words = [one for one in ids if one.split() == [one]]
    return words, [one for one in ids if one.split() != [one]]


def _bare(remarks: str) -> str:
    """A notebook's remarks as running text, without the marks of headings."""
    return re.sub(r"^#+ +", "", remarks, flags=re.MULTILINE)


def _picture(figure: Figure) -> str:
    """The chart as an image: whatever its SVG holds, an image runs nothing and asks for nothing."""
    return f"data:image/svg+xml;base64,{base64.b64encode(figure.svg.encode()).decode()}"


def _count_marks(document: Document) -> Counter[int]:
    """How many places refer to each note."""
    nodes = [block for block in document.blocks if isinstance(block, Node)]
    return Counter(node.number for node in walk(nodes) if node.kind == "note")


def _lists_by_claim(document: Document) -> dict[str, str]:
    """The anchor of the list of a claim's records, by the anchor of its row."""
    lists = document.records.lists if document.records else ()
    return {claim_anchor(claim): f"records-{nth}" for nth, (claims, _) in enumerate(lists, 1) for claim in claims}


@cache
def _template() -> Template:
    environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined)
    return environment.get_template("report.html.j2")
