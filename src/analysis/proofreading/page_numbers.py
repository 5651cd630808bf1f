"""What a reader of the finished HTML meets, piece by piece: words, cells, labels drawn in charts, alt texts, titles.

Owns the reading of the page; whether a piece's numbers may stand there is `number_check`'s question.
"""

import re
from base64 import b64decode
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from html.parser import HTMLParser
from typing import Literal
from xml.etree import ElementTree

from matplotlib.ft2font import FT2Font

from analysis.places import DATA
from analysis.sections.style import read_style

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
]
# Where a piece is met: on the first page, in the contents, in the report itself, in a note; or on the screen alone.
Region = Literal["cover", "contents", "body", "note", "screen"]

INLINE = frozenset({"a", "b", "strong", "em", "code", "span", "sup", "br", "wbr", "bdi"})
WITHOUT_END = frozenset({"meta", "img", "br", "wbr", "col", "link", "input", "hr"})
SPOKEN = ("title", "aria-label", "placeholder", "value", "label", "summary", "start")
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
CLAIM = "#claim-"
UNKNOWN = "\ufffd"  # a letter that has no shape, or that no font of ours has
GLYPH = re.compile(r"#(?P<font>[\w-]+)-(?P<glyph>[0-9a-f]+)")


@dataclass(frozen=True)
class Piece:
    """Words that stand together and have one claim, or none.

    `claim` is the claim that the words link to, in a row of the ledger the claim that the row is about. `place` says
    where a reader finds it; `block` counts paragraphs, cells and headings; `column` counts the cells of a row; `name`
    is the stem of the table's or figure's file.
    """

    place: str
    text: str
    claim: str | None = None
    kind: Kind = "text"
    region: Region = "body"
    block: int = 0
    column: int = 0
    row: int = 0
    name: str = ""


def read_html(html: str) -> list[Piece]:
    """Every piece of a report's HTML in the order of the page, attributes that are read aloud included."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    reader.flush()
    return reader.pieces


def labels_of(svg: str) -> list[str]:
    """The words drawn in a chart, by the glyphs that its letters are: what its comments say proves nothing."""
    drawn, found = ElementTree.fromstring(svg), []
    shapes = {f"#{path.get('id')}" for path in drawn.iter(f"{SVG}path")}
    for group in drawn.iter(f"{SVG}g"):
        letters = [use.get(f"{XLINK}href", "") for use in group.findall(f"{SVG}use")]
        words = "".join(letter_of(one) if one in shapes or not one.startswith("#Noto") else UNKNOWN for one in letters)
        found += [words.strip()] if words.strip() else []
    return found + [" ".join("".join(text.itertext()).split()) for text in drawn.iter(f"{SVG}text")]


SVG, XLINK = "{http://www.w3.org/2000/svg}", "{http://www.w3.org/1999/xlink}"


def letter_of(reference: str) -> str:
    """The letter of a glyph such as #NotoSans-Bold-2d; the empty mark for a glyph or a font that is not ours."""
    named = GLYPH.fullmatch(reference)
    return _letters().get(named["font"], {}).get(int(named["glyph"], 16), UNKNOWN) if named else ""


@cache
def _letters() -> dict[str, dict[int, str]]:
    """For each of the charts' fonts, the letter that a glyph shows."""
    fonts = [FT2Font(str(DATA / "fonts" / file)) for family in read_style().fonts for file in family.values()]
    return {
        font.postscript_name: {glyph: chr(letter) for letter, glyph in reversed(font.get_charmap().items())}
        for font in fonts
    }


@dataclass
class _Open:
    """What is open at the parser's place."""

    tags: list[tuple[str, str]] = field(default_factory=list)
    claims: list[str | None] = field(default_factory=list)
    heading: str = ""
    exhibit: str = ""
    name: str = ""
    columns: list[str] = field(default_factory=list)
    row_head: str = ""
    row_claim: str | None = None
    column: int = 0
    row: int = 0
    counters: list[int] = field(default_factory=list)


class _Reader(HTMLParser):
    """Cuts the page into pieces: at each end of a block, and where a link to a claim begins or ends."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[Piece] = []
        self.at = _Open()
        self.text = ""
        self.block = 0

    # -- the parser's calls --

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        mark = self._mark(tag, given)
        self._cut(tag, mark)
        self.text += " " if tag == "br" else ""
        if tag not in WITHOUT_END:
            self.at.tags.append((tag, mark))
            self.at.claims.append(self._claim(given))
        self._open(tag, given)
        self._spoken(tag, given)

    def handle_endtag(self, tag: str) -> None:
        self._cut(tag, self.at.tags[-1][1] if self.at.tags else "")
        if tag in ("td", "th"):
            self.at.column += 1
        if tag in ("ol", "ul") and self.at.counters:
            self.at.counters.pop()
        if self.at.tags and tag not in WITHOUT_END:
            self.at.tags.pop()
            self.at.claims.pop()

    def _cut(self, tag: str, mark: str) -> None:
        """Words end where a block does, at a link of the report's own, and behind the number of a table or a figure."""
        if tag not in INLINE:
            self.flush()
        elif (tag == "a" and mark) or (tag == "b" and self._in_caption()):
            self.flush(ends_block=False)

    def handle_data(self, data: str) -> None:
        self.text += data

    # -- pieces --

    def flush(self, *, ends_block: bool = True) -> None:
        """End the piece that is being read."""
        words = " ".join(self.text.split())
        if words:
            claim = next((one for one in reversed(self.at.claims) if one), None)
            before, after = self.text[:1].isspace(), self.text[-1:].isspace()
            self._put(f"{' ' * before}{words}{' ' * after}", self._kind(), claim)
        self.text = ""
        self.block += ends_block

    def _put(self, text: str, kind: Kind, claim: str | None = None) -> None:
        at, region = self.at, self._region()
        if kind == "heading":
            at.heading, at.exhibit, at.columns = text.strip(), "", []
        if kind == "number":
            at.exhibit = text.strip()
        if kind in ("cell", "ledger"):
            self._note_cell(text.strip())
            claim = at.row_claim or claim
        piece = Piece(self._place(), text, claim, kind, region, self.block, at.column, at.row, at.name)
        self.pieces.append(piece)

    def _note_cell(self, text: str) -> None:
        if any(tag == "thead" for tag, _ in self.at.tags):
            self.at.columns.append(text)
        elif self.at.column == 0:
            self.at.row_head = text

    def _place(self) -> str:
        at = self.at
        if self._within("header"):
            return "the first page"
        if self._within("title") or self._within("head"):
            return "the page's title and properties"
        names = [f"section {at.heading!r}" if at.heading else "before the first section"]
        names += [at.exhibit] if at.exhibit else []
        if self._within("tbody"):
            names.append(f"row {at.row_head!r}")
            names += [f"column {at.columns[at.column]!r}"] if at.column < len(at.columns) else []
        return ", ".join(names)

    # -- where the parser is --

    def _within(self, tag: str, mark: str | None = None) -> bool:
        return any(open_tag == tag and mark in (None, open_mark) for open_tag, open_mark in self.at.tags)

    def _in_caption(self) -> bool:
        return self._within("caption") or self._within("figcaption")

    def _kind(self) -> Kind:
        tags = {tag for tag, _ in self.at.tags}
        if "style" in tags or "script" in tags:
            return "style"
        if self._within("details", "made"):
            return "code"
        if self._within("details", "records"):
            return "claims" if "dt" in tags else "records" if "dd" in tags else "text"
        if "summary" in tags:
            return "summary"
        if self.at.tags[-1:] == [("a", "doc-noteref")]:
            return "mark"
        if tags & {"td", "th"}:
            return "ledger" if self.at.row_claim and "tbody" in tags else "cell"
        if tags & {"h2", "h3", "h4", "h5", "h6"}:
            return "heading"
        if tags & {"caption", "figcaption"} and "b" in tags:
            return "number"
        if tags & {"h1", "title"}:
            return "title"
        return "cover" if "header" in tags else "text"

    def _region(self) -> Region:
        if self._within("nav", "contents wide"):
            return "contents"
        if any((tag, mark) in ON_SCREEN or tag in ("nav", "head") for tag, mark in self.at.tags):
            return "screen"
        if self._within("header"):
            return "cover"
        return "note" if self._within("section", "notes") else "body"

    def _mark(self, tag: str, given: dict[str, str]) -> str:
        """A tag's class, of a link without one what it is for: a claim, a note."""
        own = "claim" if given.get("href", "").startswith(CLAIM) else given.get("role", "")
        return given.get("class", "") or (own if tag == "a" else "")

    def _claim(self, given: dict[str, str]) -> str | None:
        href = given.get("href", "")
        return href.removeprefix(CLAIM) if href.startswith(CLAIM) else None

    def _open(self, tag: str, given: dict[str, str]) -> None:
        """Note where in a table, a figure or a list the parser has come to."""
        at, anchor = self.at, given.get("id", "")
        if tag in ("div", "figure") and given.get("class") == "exhibit":
            at.name, at.exhibit, at.columns, at.row = anchor.partition("-")[2], "", [], 0
        if tag == "table":
            at.columns, at.row = [], 0
        if tag == "tr":
            at.column, at.row_head, at.row = 0, "", at.row + 1
            at.row_claim = anchor.removeprefix(CLAIM[1:]) if anchor.startswith(CLAIM[1:]) else None
        if tag in ("tbody", "caption"):
            at.row_claim = None
        if tag in ("ol", "ul"):
            at.counters.append(int(given.get("start", "1")) if tag == "ol" and given.get("start", "1").isdigit() else 1)
        if tag == "li" and at.counters:
            if at.tags[-2][0] == "ol" and self._region() in ("body", "note"):
                self._put(f"{at.counters[-1]}{'.' if self._region() == 'body' else ''}", "item")
            at.counters[-1] += 1

    def _spoken(self, tag: str, given: dict[str, str]) -> None:
        """The attributes that a reader or a screen reader meets, and the words inside a picture."""
        if tag == "img":
            self._put(given.get("alt", ""), "alt")
            drawing = _picture(given.get("src", ""))
            self._put(sha256(drawing.encode()).hexdigest(), "image")
            for words in labels_of(drawing):
                self._put(words, "drawn")
        if tag == "meta" and given.get("name") not in (None, "viewport", "referrer"):
            self._put(given.get("content", ""), "cover")
        for name in SPOKEN:
            if name in given and not (tag == "ol" and name == "start"):
                self.pieces.append(Piece(self._place(), given[name], None, "text", "screen", self.block))


def _picture(source: str) -> str:
    """The SVG inside an address of data."""
    kind, _, data = source.partition(";base64,")
    return b64decode(data).decode() if kind == "data:image/svg+xml" else "<svg/>"
