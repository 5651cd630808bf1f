"""The finished PDF beside the finished page: its words, the words for its pictures, its bookmarks and properties."""

import ctypes
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from xml.etree import ElementTree

import pypdfium2
from pypdfium2 import raw

from analysis.proofreading import pdfium
from analysis.proofreading.page_numbers import Piece
from analysis.proofreading.pdf_charts import Outline, Shape, differing_letters, outlines_of
from analysis.proofreading.printed_numbers import number_differences
from analysis.proofreading.printed_text import squeezed, text_differences
from analysis.proofreading.untied import Untied
from analysis.rendering.document import Document

XMP = re.compile(rb"<x:xmpmeta.*?</x:xmpmeta>", re.DOTALL)
DUBLIN_CORE, XAP = "{http://purl.org/dc/elements/1.1/}", "{http://ns.adobe.com/xap/1.0/}"


@dataclass(frozen=True)
class Pdf:
    """What a PDF shows: the text of each page, the words for its pictures, its bookmarks and properties.

    `starts` are the pages that the bookmarks lead to. Overlays (what lies on a page) and outlines (drawn shapes) come
    with the page that they are on.
    """

    pages: tuple[str, ...]
    alts: tuple[str, ...]
    bookmarks: tuple[str, ...]
    starts: tuple[int, ...]
    properties: dict[str, str]
    overlays: tuple[tuple[int, str], ...]
    outlines: tuple[tuple[int, Outline], ...]


def pdf_differences(pieces: Sequence[Piece], pdf: bytes, document: Document) -> list[Untied]:
    """Every place where the PDF and the page do not say the same, named by the PDF's page."""
    read = read_pdf(pdf)
    return [
        *_properties(read, document),
        *_said_of_pictures(read, pieces),
        *_bookmarks(read, document),
        *(Untied(what, f"page {page} of the PDF", "it lies on the page and belongs to no report")
          for page, what in read.overlays),
        *differing_letters(read.outlines, document),
        *(text_differences(read.pages, pieces, document) if document.cover.direction == "ltr"
          else number_differences(read.pages, read.starts, pieces, document)),
    ]  # fmt: skip


# -- reading the PDF ---------------------------------------------------------------------------------------------------


def read_pdf(pdf: bytes) -> Pdf:
    """Read a PDF's words, the words for its pictures, its bookmarks and its properties."""
    opened = pypdfium2.PdfDocument(pdf)
    try:
        pages, alts, overlays, outlines = [], [], [], []
        for number in range(len(opened)):
            page = opened[number]
            text = page.get_textpage()
            pages.append(text.get_text_range())
            alts += _alts(page)
            shapes = _shapes(page)
            overlays += [(number + 1, what) for what in _overlays(page, shapes)]
            outlines += [(number + 1, outline) for outline in outlines_of(shapes)]
            text.close()
            page.close()
        bookmarks = [(one.get_title(), _page_of(one)) for one in opened.get_toc()]
        properties = opened.get_metadata_dict(skip_empty=True)
    finally:
        opened.close()
    titles, starts = tuple(title for title, _ in bookmarks), tuple(start for _, start in bookmarks)
    return Pdf(tuple(pages), tuple(alts), titles, starts, properties | _xmp(pdf), tuple(overlays), tuple(outlines))


def _page_of(bookmark: pypdfium2.PdfBookmark) -> int:
    """The page that a bookmark leads to, 0 where it leads nowhere."""
    target = bookmark.get_dest()
    index = target.get_index() if target else None
    return 0 if index is None else index + 1


def _alts(page: pypdfium2.PdfPage) -> list[str]:
    """The alternative texts of a page's structure elements, in reading order."""
    tree, found = raw.FPDF_StructTree_GetForPage(page.raw), []
    if tree:
        left = _elements(pdfium.address(tree), pdfium.count_roots, pdfium.root_at)
        while left:
            element = left.pop()
            found += _alt(element)
            left += _elements(element, pdfium.count_children, pdfium.child_at)
        raw.FPDF_StructTree_Close(tree)
    return found


def _elements(parent: int, count: Callable[[int], int], child: Callable[[int, int], int | None]) -> list[int]:
    """The elements right below another or below the tree, the last first; what else is there, marked words, is none."""
    return [one for nth in range(count(parent) - 1, -1, -1) if (one := child(parent, nth))]


def _alt(element: int) -> list[str]:
    length = pdfium.alt_text(element, None, 0)
    if length <= 2:
        return []
    room = ctypes.create_string_buffer(length)
    pdfium.alt_text(element, room, length)
    return [room.raw.decode("utf-16-le").rstrip("\0")]


def _shapes(page: pypdfium2.PdfPage) -> list[Shape]:
    """What is on a page that is not text, in the order in which it is drawn, each with its kind."""
    at = pdfium.address(page.raw)
    drawn = [pdfium.object_at(at, nth) for nth in range(pdfium.count_objects(at))]
    return [(kind, one) for one in drawn if (kind := pdfium.kind_of(one)) != raw.FPDF_PAGEOBJ_TEXT]


def _overlays(page: pypdfium2.PdfPage, shapes: Iterable[Shape]) -> Iterator[str]:
    """What a report's page never has: notes and stamps laid over it, and pictures made of pixels."""
    for nth in range(raw.FPDFPage_GetAnnotCount(page.raw)):
        annotation = raw.FPDFPage_GetAnnot(page.raw, nth)
        if raw.FPDFAnnot_GetSubtype(annotation) != raw.FPDF_ANNOT_LINK:
            yield "an annotation"
        raw.FPDFPage_CloseAnnot(annotation)
    yield from ("a picture" for kind, _ in shapes if kind in (raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_FORM))


def _xmp(pdf: bytes) -> dict[str, str]:
    """Title, description and dates of the XMP metadata, which PDF/A keeps in plain text."""
    found: dict[str, str] = {}
    for packet in XMP.findall(pdf):
        for element in ElementTree.fromstring(packet).iter():
            name = element.tag.rpartition("}")[2]
            if element.tag in (f"{DUBLIN_CORE}title", f"{DUBLIN_CORE}description"):
                found[f"xmp {name}"] = " ".join("".join(element.itertext()).split())
            elif element.tag in (f"{XAP}CreateDate", f"{XAP}ModifyDate"):
                found[f"xmp {name}"] = (element.text or "").strip()
    return found


# -- properties, bookmarks, pictures -----------------------------------------------------------------------------------


def _properties(read: Pdf, document: Document) -> Iterator[Untied]:
    cover = document.cover
    day = cover.report_date.replace("-", "")
    expected = {"Title": cover.title, "xmp title": cover.title}
    expected |= {"Subject": cover.subtitle, "xmp description": cover.subtitle} if cover.subtitle else {}
    for name, text in expected.items():
        if squeezed(read.properties.get(name, "")) != squeezed(text):
            yield Untied(read.properties.get(name, ""), f"the PDF's properties, {name}", f"the report says {text!r}")
    for name in ("CreationDate", "ModDate", "xmp CreateDate", "xmp ModifyDate"):
        told = read.properties.get(name, "")
        if told and not re.sub(r"\D", "", told).startswith(day):
            yield Untied(told, f"the PDF's properties, {name}", f"the report is of {cover.report_date}")
    for name in sorted(set(read.properties) - set(expected) - KNOWN_PROPERTIES):
        yield Untied(read.properties[name], f"the PDF's properties, {name}", "a report says nothing there")


KNOWN_PROPERTIES = {
    *("Creator", "Producer", "Author", "CreationDate", "ModDate", "Title", "Subject"),
    *("xmp title", "xmp description", "xmp CreateDate", "xmp ModifyDate"),
}


def _bookmarks(read: Pdf, document: Document) -> Iterator[Untied]:
    headings = [heading.text for heading in document.headings]
    for told, heading in zip(read.bookmarks, headings, strict=False):
        if squeezed(told) != squeezed(heading):
            yield Untied(told, "the PDF's bookmarks", f"the heading is {heading!r}")
    if len(read.bookmarks) != len(headings):
        yield Untied(str(len(read.bookmarks)), "the PDF's bookmarks", f"the report has {len(headings)} headings")


def _said_of_pictures(read: Pdf, pieces: Iterable[Piece]) -> Iterator[Untied]:
    alts = [piece for piece in pieces if piece.kind == "alt"]
    for piece, told in zip(alts, read.alts, strict=False):
        if squeezed(told) != squeezed(piece.text):
            yield Untied(
                _apart(piece.text, told), f"the PDF's words for the picture in {piece.place}", "the page differs"
            )
    if len(alts) != len(read.alts):
        yield Untied(str(len(read.alts)), "the PDF's words for its pictures", f"the page has {len(alts)} pictures")


def _apart(expected: str, told: str) -> str:
    """The words of `told` that `expected` does not have."""
    one, other = expected.split(), told.split()
    changes = SequenceMatcher(None, one, other, autojunk=False).get_opcodes()
    return " ".join(" ".join(other[start:end]) for kind, _, _, start, end in changes if kind != "equal")
