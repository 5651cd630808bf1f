"""Where on a page words stand, and what they are, by the elements that are open around them.

Of a list of records, `records` are ids of one word each, `record` is one id of several words.
"""

from functools import lru_cache
from typing import Literal, NamedTuple

Kind = Literal[
    "text",
    "heading",
    "title",
    "cover",
    "number",
    "mark",
    "item",
    "summary",
    "cell",
    "ledger",
    "alt",
    "image",
    "drawn",
    "code",
    "style",
    "claims",
    "records",
    "record",
]
# Where a piece is met: on the first page, in the contents, in the report itself, in a note; or on the screen alone.
Region = Literal["cover", "contents", "body", "note", "screen"]
# The elements open around words, the outermost first: each one's name and its mark.
Open = tuple[tuple[str, str], ...]

# What only the page on the screen has.
ON_SCREEN = {
    ("nav", ""),
    ("a", "skip"),
    ("p", "back"),
    ("details", "made"),
    ("details", "records"),
    ("details", ""),
    ("title", ""),
}
MOST = 4096  # places remembered: a report has some two hundred


class Around(NamedTuple):
    """What the elements around words say of them; `outside` names a place that is in no section."""

    kind: Kind
    region: Region
    outside: str
    table_head: bool
    table_body: bool
    caption: bool


@lru_cache(maxsize=MOST)
def around(elements: Open) -> Around:
    """What words between these elements are, and where."""
    tags = {tag for tag, _ in elements}
    outside = "the first page" if "header" in tags else ""
    if not outside and tags & {"title", "head"}:
        outside = "the page's title and properties"
    caption = bool(tags & {"caption", "figcaption"})
    return Around(_kind(elements, tags), _region(elements, tags), outside, "thead" in tags, "tbody" in tags, caption)


def _kind(elements: Open, tags: set[str]) -> Kind:
    if tags & {"style", "script"}:
        return "style"
    if ("details", "made") in elements:
        return "code"
    if ("details", "records") in elements:
        return "claims" if "dt" in tags else _listed(elements) if "dd" in tags else "text"
    if "summary" in tags:
        return "summary"
    if elements[-1:] == (("a", "doc-noteref"),):
        return "mark"
    if tags & {"td", "th"}:
        return "cell"
    if tags & {"h2", "h3", "h4", "h5", "h6"}:
        return "heading"
    if tags & {"caption", "figcaption"} and "b" in tags:
        return "number"
    if tags & {"h1", "title"}:
        return "title"
    return "cover" if "header" in tags else "text"


def _listed(elements: Open) -> Kind:
    return "records" if ("dd", "ids") in elements else "record"


def _region(elements: Open, tags: set[str]) -> Region:
    if ("nav", "contents wide") in elements:
        return "contents"
    if tags & {"nav", "head"} or not ON_SCREEN.isdisjoint(elements):
        return "screen"
    if "header" in tags:
        return "cover"
    return "note" if ("section", "notes") in elements else "body"
