"""The letters drawn in the PDF's charts beside those of the charts themselves.

Letters in charts are outlines, in the PDF too: a letter is known by how many pieces its outline has and by the points
that the first of them meet.
"""

import ctypes
import re
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from functools import cache

from pypdfium2 import raw

from analysis.proofreading import pdfium
from analysis.proofreading.drawn_letters import letter_of
from analysis.proofreading.untied import Untied
from analysis.rendering.document import Document, Numbered
from analysis.sections.blocks import Figure

Outline = tuple[int, tuple[tuple[int, int], ...]]
Shape = tuple[int, int]  # what pdfium calls its kind, and its address

GLYPH = re.compile(r'<path id="([\w-]+)" d="([^"]+)"')
USED = re.compile(r'<use xlink:href="#([\w-]+)"')
COMMAND = re.compile(r"([MLQC])([^MLQCz]*)")
LOOKED_AT = 12  # pieces of an outline
FEWEST = 4


def differing_letters(drawn: Sequence[tuple[int, Outline]], document: Document) -> list[Untied]:
    """Letters that the PDF's charts draw otherwise than the report's charts, with the page.

    In    for each outline of the PDF the page it is on, as `outlines_of` gives them.
    """
    letters = _letters(document)
    expected = [outline for figure in _figures(document) for outline in _drawn(figure.svg)]
    found = [(page, outline) for page, outline in drawn if outline in letters]
    told = [outline for _, outline in found]
    if told == expected:
        return []
    changes = SequenceMatcher(None, expected, told, autojunk=False).get_opcodes()
    return [
        Untied(
            "".join(letters[one] for one in told[start:end]),
            f"a chart on page {found[min(start, len(found) - 1)][0] if found else 1} of the PDF",
            f"the chart says {''.join(letters[one] for one in expected[begin:stop])!r} there",
        )
        for kind, begin, stop, start, end in changes
        if kind != "equal"
    ]


def outlines_of(shapes: Iterable[Shape]) -> Iterator[Outline]:
    """The outlines among a page's shapes that may be letters, in the order in which they are drawn."""
    for kind, drawn in shapes:
        pieces = pdfium.count_segments(drawn) if kind == raw.FPDF_PAGEOBJ_PATH else 0
        if pieces >= FEWEST:
            yield pieces, _points(drawn, min(pieces, LOOKED_AT))


def _points(drawn: int, pieces: int) -> tuple[tuple[int, int], ...]:
    """Where lines and curves end; of a curve, two of its three points are beside it."""
    x, y, curve, found = ctypes.c_float(), ctypes.c_float(), 0, []
    to_x, to_y = ctypes.addressof(x), ctypes.addressof(y)
    for nth in range(pieces):
        piece = pdfium.segment_at(drawn, nth)
        curve = curve + 1 if pdfium.segment_kind(piece) == raw.FPDF_SEGMENT_BEZIERTO else 0
        if curve % 3 == 0:
            pdfium.segment_end(piece, to_x, to_y)
            found.append((round(x.value), round(y.value)))
    return tuple(found)


def _figures(document: Document) -> list[Figure]:
    blocks = [block.block for block in document.blocks if isinstance(block, Numbered)]
    return [block for block in blocks if isinstance(block, Figure)]


def _drawn(svg: str) -> Iterator[Outline]:
    outlines = {name: _outline(path) for name, path in GLYPH.findall(svg)}
    yield from (outlines[name] for name in USED.findall(svg) if name in outlines)


def _letters(document: Document) -> dict[Outline, str]:
    return {
        _outline(path): letter_of(f"#{name}")
        for figure in _figures(document)
        for name, path in GLYPH.findall(figure.svg)
    }


@cache
def _outline(path: str) -> Outline:
    """An outline as the PDF holds it: each curve of the SVG is three pieces there."""
    drawn = COMMAND.findall(path)
    ends = [(command, [round(float(one)) for one in numbers.split()[-2:]]) for command, numbers in drawn]
    points = [[end] if command in "ML" else [[], [], end] for command, end in ends]
    pieces = [end for each in points for end in each]
    return len(pieces), tuple((end[0], end[1]) for end in pieces[:LOOKED_AT] if end)
