"""What a reader of the finished HTML meets, piece by piece: words, cells, labels drawn in charts, alt texts, titles.

Owns the reading of the page; whether a piece's numbers may stand there is `number_check`'s question.
"""

from base64 import b64decode
from dataclasses import dataclass, field
from hashlib import sha256
from html.parser import HTMLParser
from typing import NamedTuple

from analysis.proofreading.drawn_letters import labels_of
from analysis.proofreading.page_markup import feed
from analysis.proofreading.page_places import Around, Kind, Open, Region, around

INLINE = frozenset({"a", "b", "strong", "em", "code", "span", "sup", "br", "wbr", "bdi"})
WITHOUT_END = frozenset({"meta", "img", "br", "wbr", "col", "link", "input", "hr"})
SPOKEN = ("title", "aria-label", "placeholder", "value", "label", "summary", "start")
SPOKEN_NAMES = frozenset(SPOKEN)
PICTURED = frozenset({"img", "meta"})
PLACES = frozenset({"div", "figure", "table", "tr", "tbody", "caption", "ol", "ul", "li"})
CLAIM = "#claim-"
NOTHING: dict[str, str] = {}


class Piece(NamedTuple):
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
    feed(reader, html)
    reader.flush()
    return reader.pieces


@dataclass
class _Open:
    """What is open at the parser's place: the elements, and for each the claim that words in it have."""

    elements: Open = ()
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
        given = {name: value or "" for name, value in attrs} if attrs else NOTHING
        mark = _mark(tag, given)
        self._cut(tag, mark)
        if tag == "br":
            self.text += " "
        if tag not in WITHOUT_END:
            self.at.elements = (*self.at.elements, (tag, mark))
            self.at.claims.append(_claim(given) or (self.at.claims[-1] if self.at.claims else None))
        if tag in PLACES:
            self._open(tag, given)
        if tag in PICTURED or not SPOKEN_NAMES.isdisjoint(given):
            self._spoken(tag, given)

    def handle_endtag(self, tag: str) -> None:
        at = self.at
        self._cut(tag, at.elements[-1][1] if at.elements else "")
        if tag in ("td", "th"):
            at.column += 1
        elif tag in ("ol", "ul") and at.counters:
            at.counters.pop()
        if at.elements and tag not in WITHOUT_END:
            at.elements = at.elements[:-1]
            at.claims.pop()

    def _cut(self, tag: str, mark: str) -> None:
        """Words end where a block does, at a link of the report's own, and behind the number of a table or a figure."""
        if tag not in INLINE:
            self.flush()
        elif (tag == "a" and mark) or (tag == "b" and around(self.at.elements).caption):
            self.flush(ends_block=False)

    def handle_data(self, data: str) -> None:
        self.text += data

    # -- pieces --

    def flush(self, *, ends_block: bool = True) -> None:
        """End the piece that is being read."""
        text, self.text = self.text, ""
        if words := " ".join(text.split()):
            before, after = " " * text[0].isspace(), " " * text[-1].isspace()
            self._put(f"{before}{words}{after}", claim=self.at.claims[-1] if self.at.claims else None)
        self.block += ends_block

    def _put(self, text: str, kind: Kind | None = None, claim: str | None = None) -> None:
        """Add a piece, of the kind that its place has unless it is given one."""
        at, place = self.at, around(self.at.elements)
        kind = kind or place.kind
        if kind == "heading":
            at.heading, at.exhibit, at.columns = text.strip(), "", []
        elif kind == "number":
            at.exhibit = text.strip()
        elif kind == "cell":
            self._note_cell(text.strip(), place)
            kind = "ledger" if at.row_claim and place.table_body else kind
            claim = at.row_claim or claim
        named = self._place(place)
        self.pieces.append(Piece(named, text, claim, kind, place.region, self.block, at.column, at.row, at.name))

    def _note_cell(self, text: str, place: Around) -> None:
        if place.table_head:
            self.at.columns.append(text)
        elif self.at.column == 0:
            self.at.row_head = text

    def _place(self, place: Around) -> str:
        at = self.at
        if place.outside:
            return place.outside
        named = f"section {at.heading!r}" if at.heading else "before the first section"
        named += f", {at.exhibit}" if at.exhibit else ""
        if place.table_body:
            named += f", row {at.row_head!r}"
            named += f", column {at.columns[at.column]!r}" if at.column < len(at.columns) else ""
        return named

    def _open(self, tag: str, given: dict[str, str]) -> None:
        """Note where in a table, a figure or a list the parser has come to."""
        at, anchor = self.at, given.get("id", "")
        if tag in ("div", "figure") and given.get("class") == "exhibit":
            at.name, at.exhibit, at.columns, at.row = anchor.partition("-")[2], "", [], 0
        elif tag == "table":
            at.columns, at.row = [], 0
        elif tag == "tr":
            at.column, at.row_head, at.row = 0, "", at.row + 1
            at.row_claim = anchor.removeprefix(CLAIM[1:]) if anchor.startswith(CLAIM[1:]) else None
        elif tag in ("tbody", "caption"):
            at.row_claim = None
        elif tag in ("ol", "ul"):
            at.counters.append(int(given.get("start", "1")) if tag == "ol" and given.get("start", "1").isdigit() else 1)
        elif tag == "li" and at.counters:
            region = around(at.elements).region
            if at.elements[-2][0] == "ol" and region in ("body", "note"):
                self._put(f"{at.counters[-1]}{'.' if region == 'body' else ''}", "item")
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
        place = self._place(around(self.at.elements))
        told = [given[name] for name in SPOKEN if name in given and not (tag == "ol" and name == "start")]
        self.pieces += [Piece(place, text, None, "text", "screen", self.block) for text in told]


def _mark(tag: str, given: dict[str, str]) -> str:
    """A tag's class, of a link without one what it is for: a claim, a note."""
    if tag == "a" and not given.get("class"):
        return "claim" if given.get("href", "").startswith(CLAIM) else given.get("role", "")
    return given.get("class", "")


def _claim(given: dict[str, str]) -> str | None:
    href = given.get("href", "")
    return href.removeprefix(CLAIM) if href.startswith(CLAIM) else None


def _picture(source: str) -> str:
    """The SVG inside an address of data."""
    kind, _, data = source.partition(";base64,")
    return b64decode(data).decode() if kind == "data:image/svg+xml" else "<svg/>"
