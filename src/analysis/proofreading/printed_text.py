"""The words of the page as the PDF has to show them, and where the two do not say the same.

Every word is compared, with spaces and hyphens left out: lines and pages may break anywhere. Only the PDF has running
heads, page numbers, repeated heads of tables, and notes at the foot of a page; only the HTML has the code of each part.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from operator import attrgetter

from analysis.proofreading.page_numbers import Piece
from analysis.proofreading.untied import Untied
from analysis.rendering.document import Document

PRINTED = frozenset({"text", "heading", "title", "cover", "number", "mark", "item", "cell", "ledger"})
MINUS = "\u2212"
SIGN = re.compile(r"(?<![\w\-])-(?=\d)")
# Spaces, hyphens, bullets, marks of direction, and what pdfium writes for a hyphen at the end of a line.
UNSHOWN = re.compile("[\\s\\-\u2010\u2011\u00ad\ufffe\x02\u2022\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]+")
UNSHOWN_ASCII = str.maketrans("", "", "".join(UNSHOWN.findall("".join(map(chr, range(128))))))
LOOK = 24  # so many letters in a row are the same place
REACH = 1500  # how far a place is looked for
NOTE_ROOM = 400  # so many letters of a page's text may look like its notes by chance
ROUND = 16  # letters shown on both sides of what differs


@dataclass(frozen=True)
class Printed:
    """The running text and the notes, without spaces; in the running text, by offset, blocks, tables and headings.

    `heads` are (begin, end, head) of each table's rows; `headings` those of the contents.
    """

    text: str
    notes: str
    places: tuple[tuple[int, str], ...]
    heads: tuple[tuple[int, int, str], ...]
    headings: tuple[tuple[int, Piece], ...]

    def place_at(self, offset: int) -> str:
        nth = bisect_right([start for start, _ in self.places], offset)
        return self.places[nth - 1][1] if nth else "the first page"

    def head_at(self, offset: int) -> str:
        return next((head for start, end, head in self.heads if start <= offset < end), "")


def squeezed(text: str) -> str:
    """Words without what a line break may change; a minus sign stays."""
    plain = text if text.isascii() else unicodedata.normalize("NFKC", text)
    signed = SIGN.sub(MINUS, plain) if "-" in plain else plain
    return signed.translate(UNSHOWN_ASCII) if signed.isascii() else UNSHOWN.sub("", signed)


def printed(pieces: Iterable[Piece]) -> Printed:
    """The page's words in the order of the PDF."""
    chosen = [piece for piece in pieces if is_printed(piece)]
    said, start, places, headings, rows = [], 0, [], [], []
    for _, block in groupby([one for one in chosen if one.region != "note"], key=attrgetter("block")):
        told = list(block)
        first, words = told[0], squeezed("".join(map(words_of, told)))
        places.append((start, first.place))
        if first.kind == "heading":
            headings.append((start, first))
        elif first.kind in ("cell", "ledger"):
            rows.append((start, start + len(words), first))
        said.append(words)
        start += len(words)
    text, notes = "".join(said), [one for one in chosen if one.region == "note" and one.kind != "heading"]
    return Printed(
        text, squeezed("".join(map(words_of, notes))), tuple(places), tuple(_heads(rows, text)), tuple(headings)
    )


def is_printed(piece: Piece) -> bool:
    """Whether the PDF shows a piece of the page."""
    if piece.kind == "summary":
        return bool(piece.name)
    return piece.kind in PRINTED and piece.region in ("cover", "body", "note")


def words_of(piece: Piece) -> str:
    """The PDF says where a chart's numbers are; on the page they are under the chart."""
    return f"{piece.text}: tables/{piece.name}.csv" if piece.kind == "summary" else piece.text


def _heads(rows: Iterable[tuple[int, int, Piece]], text: str) -> Iterator[tuple[int, int, str]]:
    for _, cells in groupby(rows, key=lambda one: one[2].name):
        table = list(cells)
        head = [one for one in table if one[2].row == 1]
        if head:
            yield head[-1][1], table[-1][1], text[head[0][0] : head[-1][1]]


# -- page by page ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Page:
    """A page of the PDF without its page number and running head; `section` is the title in the running head."""

    number: int
    section: str
    text: str


def text_differences(pages: Sequence[str], pieces: Sequence[Piece], document: Document) -> list[Untied]:
    """Go through the PDF's pages and the page's words side by side: whatever only one of them says."""
    wanted, found = printed(pieces), []
    contents, body = "", []
    entries = [(squeezed(one.text), one.level) for one in document.headings if one.level <= 2]
    titles = [title for title, level in entries if level == 1]
    for number, page in enumerate(pages, 1):
        bare, faults = _without_furniture(squeezed(page), number, len(pages), titles, document)
        found += faults
        if _is_contents(bare.text, contents, entries, document):
            contents += bare.text
        else:
            body.append(bare)
    starts, differences = _beside(body, wanted)
    return [
        *found,
        *differences,
        *_wrong_pages(contents, starts, wanted, document),
        *_wrong_heads(body, starts, wanted, document),
    ]


def _without_furniture(
    text: str, number: int, pages: int, titles: Iterable[str], document: Document
) -> tuple[_Page, list[Untied]]:
    if number == 1:
        return _Page(number, "", text), []
    kicker = squeezed(document.cover.kicker)
    foot = squeezed(document.labels["page"].format(page=number, pages=pages))
    faults = []
    if not text.startswith(kicker):
        faults.append(
            Untied(text[: len(kicker)], f"page {number} of the PDF, its head", f"it is not {document.cover.kicker!r}")
        )
    if not text.endswith(foot):
        faults.append(
            Untied(text[-len(foot) :], f"page {number} of the PDF, its foot", f"it is page {number} of {pages}")
        )
    rest = text.removeprefix(kicker).removesuffix(foot)
    section = max((title for title in titles if rest.startswith(title)), key=len, default="")
    return _Page(number, section, rest.removeprefix(section)), faults


def _is_contents(text: str, contents: str, entries: Sequence[tuple[str, int]], document: Document) -> bool:
    """Whether a page is one of the contents: it opens with their title, or goes on with the entries that are left."""
    if not contents:
        return text.startswith(squeezed(document.labels["contents"])) and bool(re.search(r"\.{5}\d+", text))
    left = entries[len(_entries(contents, entries)) :]
    return bool(left) and text.startswith(left[0][0]) and bool(re.search(r"\.{5}\d+", text))


def _entries(contents: str, entries: Sequence[tuple[str, int]]) -> list[str]:
    """The page numbers of the contents, in order."""
    pattern = "|".join(re.escape(title) for title in sorted({title for title, _ in entries}, key=len, reverse=True))
    return re.findall(rf"(?:{pattern})\.+(\d+?)(?={pattern}|$)", contents) if entries else []


def _beside(body: Sequence[_Page], wanted: Printed) -> tuple[list[tuple[int, int]], list[Untied]]:
    """Each page with the offset at which it begins, and what the PDF says otherwise."""
    text = notes = 0
    starts: list[tuple[int, int]] = []
    found: list[Untied] = []
    for page in body:
        starts.append((text, page.number))
        shown = page.text.removeprefix(wanted.head_at(text))
        length = _body_length(shown, wanted.text[text : text + len(shown)], wanted.notes[notes:])
        if length is None:
            text, notes, faults = _realigned(replace(page, text=shown), wanted, text, notes)
            found += faults
        else:
            text, notes = text + length, notes + len(shown) - length
    for left, where in ((wanted.text[text:], wanted.place_at(text)), (wanted.notes[notes:], "the notes")):
        found += [Untied(left[: 2 * ROUND], f"{where} of the page", "the PDF does not show it")] if left else []
    return starts, found


def _body_length(shown: str, text: str, notes: str) -> int | None:
    """How much of a page is running text, where the rest is its notes; None where page and PDF are not the same."""
    same = _alike(shown, text)
    return next(
        (length for length in range(same, max(-1, same - NOTE_ROOM), -1) if notes.startswith(shown[length:])), None
    )


def _alike(one: str, other: str) -> int:
    """How many letters two texts have in common from their beginning."""
    if one == other[: len(one)]:
        return len(one)
    return next((at for at, (first, second) in enumerate(zip(one, other, strict=False)) if first != second), len(other))


def _realigned(page: _Page, wanted: Printed, text: int, notes: int) -> tuple[int, int, list[Untied]]:
    """Find each place of a page where the PDF says something else, and where the two come together again."""
    shown, at, found, in_notes = page.text, 0, [], False
    while at < len(shown):
        source, start = (wanted.notes, notes) if in_notes else (wanted.text, text)
        same = _alike(shown[at:], source[start : start + len(shown)])
        at, start = at + same, start + same
        text, notes = (text, start) if in_notes else (start, notes)
        if at == len(shown):
            break
        if not in_notes and wanted.notes.startswith(shown[at : at + LOOK], notes):
            in_notes = True
            continue
        skipped, missing, in_notes = _resumed(shown[at:], source[start:], wanted.notes[notes:], in_notes)
        where = "the notes" if in_notes else wanted.place_at(start)
        told = shown[max(0, at - ROUND) : at + skipped + ROUND]
        said = source[max(0, start - ROUND) : start + missing + ROUND]
        found.append(Untied(told, f"page {page.number} of the PDF, {where}", f"the page says {said!r}"))
        at += skipped
        text, notes = (text, start + missing) if source is wanted.notes else (start + missing, notes)
    return text, notes, found


def _resumed(shown: str, source: str, notes: str, in_notes: bool) -> tuple[int, int, bool]:
    """How many letters to skip in the PDF and on the page until they agree again, and whether that is in the notes."""
    for skipped in range(min(REACH, max(1, len(shown) - LOOK + 1))):
        ahead = shown[skipped : skipped + LOOK]
        missing = source.find(ahead, 0, REACH)
        if missing >= 0:
            return skipped, missing, in_notes
        if not in_notes and notes.startswith(ahead):
            return skipped, 0, True
    return len(shown), min(len(shown), len(source)), in_notes


def _page_of(starts: Sequence[tuple[int, int]], offset: int) -> int:
    nth = bisect_right([start for start, _ in starts], offset)
    return starts[nth - 1][1] if nth else 0


def _wrong_pages(
    contents: str, starts: Sequence[tuple[int, int]], wanted: Printed, document: Document
) -> Iterator[Untied]:
    """Page numbers of the contents that are not those of their headings."""
    headings = list(zip(document.headings, wanted.headings, strict=False))
    listed = [(heading, offset) for heading, (offset, _) in headings if heading.level <= 2]
    told = _entries(contents, [(squeezed(heading.text), heading.level) for heading, _ in listed])
    if len(told) != len(listed):
        yield Untied(f"{len(told)} entries", "the contents of the PDF", f"the page has {len(listed)} headings")
    for number, (heading, offset) in zip(told, listed, strict=False):
        if int(number) != _page_of(starts, offset):
            yield Untied(
                number, f"the contents of the PDF, {heading.text!r}", f"it is on page {_page_of(starts, offset)}"
            )


def _wrong_heads(
    body: Sequence[_Page], starts: Sequence[tuple[int, int]], wanted: Printed, document: Document
) -> Iterator[Untied]:
    """Running heads that name another section than the last one begun."""
    begun = [
        (_page_of(starts, offset), squeezed(heading.text))
        for heading, (offset, _) in zip(document.headings, wanted.headings, strict=False)
        if heading.level == 1
    ]
    for page in body:
        named = [title for number, title in begun if number <= page.number]
        if page.number > 1 and page.section != (named[-1] if named else ""):
            yield Untied(page.section, f"page {page.number} of the PDF, its head", f"the section is {named[-1:]}")
