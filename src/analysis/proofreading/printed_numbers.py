"""The numbers of the page as the PDF has to show them, where its words cannot be read back whole.

Joined letters do not come out of a PDF as they were written in; digits do, but for their order within a line. So of a
report in such letters every number is looked for on its page, and its words are those of the page by the properties,
bookmarks and pictures alone.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from analysis.proofreading.page_numbers import Piece
from analysis.proofreading.printed_text import is_printed, words_of
from analysis.proofreading.untied import Untied
from analysis.rendering.document import Document

DIGITS = re.compile(r"\d+")
LEADERS = re.compile(r"(?:\.\s?){8}")
SHOWN = 8


@dataclass(frozen=True)
class _Page:
    """A page of the PDF: its text, and the numbers of its running head and foot."""

    number: int
    text: str
    furniture: Counter[str]

    @property
    def numbers(self) -> Counter[str]:
        """The numbers of the page itself, without those around it."""
        return Counter(DIGITS.findall(self.text)) - self.furniture


def number_differences(
    pages: Sequence[str], starts: Sequence[int], pieces: Iterable[Piece], document: Document
) -> list[Untied]:
    """Go through the PDF's pages and the page's numbers side by side: whatever only one of them shows.

    In    the text of each page of the PDF, and the page on which each heading begins, as its bookmarks say.
    """
    made = [_page(number, text, len(pages), starts, document) for number, text in enumerate(pages, 1)]
    contents = [page for page in made[1:] if LEADERS.search(page.text)]
    shown = [piece for piece in pieces if is_printed(piece)]
    running, notes = (
        _numbers(one for one in shown if one.region != "note"),
        _numbers(one for one in shown if one.region == "note" and one.kind != "heading"),
    )
    return [
        *_furniture_missing(made),
        *_beside([page for page in made if page not in contents], running, notes),
        *_wrong_contents(contents, starts, document),
    ]


def _page(number: int, text: str, pages: int, starts: Sequence[int], document: Document) -> _Page:
    sections = [
        heading.text
        for heading, start in zip(document.headings, starts, strict=False)
        if heading.level == 1 and start <= number
    ]
    around = [document.cover.kicker, document.labels["page"].format(page=number, pages=pages), *sections[-1:]]
    return _Page(number, text, Counter(DIGITS.findall(" ".join(around)) if number > 1 else ()))


def _numbers(pieces: Iterable[Piece]) -> list[str]:
    return [number for piece in pieces for number in DIGITS.findall(words_of(piece))]


def _furniture_missing(pages: Iterable[_Page]) -> Iterator[Untied]:
    for page in pages:
        missing = page.furniture - Counter(DIGITS.findall(page.text))
        if missing:
            yield Untied(_told(missing), f"page {page.number} of the PDF, its head and foot", "it is not there")


def _beside(pages: Sequence[_Page], running: Sequence[str], notes: Sequence[str]) -> list[Untied]:
    text = note = 0
    found = []
    for page in pages:
        length = page.numbers.total()
        split = _split(page.numbers, running[text : text + length], notes[note : note + length])
        if split is None:
            expected = Counter(running[text : text + length])
            strange, lost = page.numbers - expected, expected - page.numbers
            found.append(Untied(_told(strange), f"page {page.number} of the PDF", f"the page says {_told(lost)} there"))
            split = length
        text, note = text + split, note + length - split
    for left, where in ((running[text:], "the page"), (notes[note:], "the notes of the page")):
        found += [Untied(_told(Counter(left)), where, "the PDF does not show it")] if left else []
    return found


def _split(shown: Counter[str], running: Sequence[str], notes: Sequence[str]) -> int | None:
    """How many numbers of a page are of the running text, where the rest are of its notes; None where they differ."""
    length = shown.total()
    for of_notes in range(min(len(notes), length) + 1):
        if Counter(running[: length - of_notes]) + Counter(notes[:of_notes]) == shown:
            return length - of_notes
    return None


def _wrong_contents(contents: Sequence[_Page], starts: Sequence[int], document: Document) -> Iterator[Untied]:
    """Page numbers of the contents that are not those of their headings."""
    listed = [(one.text, start) for one, start in zip(document.headings, starts, strict=False) if one.level <= 2]
    wanted = Counter(number for text, start in listed for number in (*DIGITS.findall(text), str(start)))
    told = sum((page.numbers for page in contents), Counter[str]())
    if told != wanted:
        yield Untied(_told(told - wanted), "the contents of the PDF", f"the headings are on {_told(wanted - told)}")


def _told(numbers: Counter[str]) -> str:
    words = sorted(numbers.elements(), key=lambda number: (len(number), number))
    more = f" and {len(words) - SHOWN} more" if len(words) > SHOWN else ""
    return ", ".join(words[:SHOWN]) + more or "nothing"
