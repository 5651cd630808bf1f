"""The report as one document, rebuilt from an executed notebook alone; the HTML and the PDF are written from it.

What readers see is what the code cells put out. The notebook's own Markdown cells are for whoever opens the notebook:
they travel with the code that follows them.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from nbformat import NotebookNode

from analysis.errors import BadDocument
from analysis.rendering.markdown import Node, parse_prose, walk
from analysis.rendering.preflight import (
    check_block,
    check_cell,
    check_cover,
    check_record_lists,
    check_references,
    check_words,
)
from analysis.rendering.show import read_bundle
from analysis.sections.blocks import Cover, Figure, RecordLists, Table
from analysis.texts import language_of
from analysis.toll.claims import Ledger

# The writers' own words, where the cover of an English report does not give others; a cover in another language gives
# them all. It may add `author`, who is named in the PDF's properties.
ENGLISH = {
    "back": "Back to the text",
    "contents": "Contents",
    "facts": "About this report",
    "figure": "Chart",
    "made": "How this was made",
    "note": "Note",
    "notes": "Notes",
    "notices": "Please note",
    "numbers": "The numbers of this chart",
    "page": "Page {page} of {pages}",
    "sections": "I II III IV V VI VII VIII IX X XI XII XIII XIV XV XVI XVII XVIII XIX XX",
    "skip": "Skip to the report",
    "table": "Table",
}


@dataclass(frozen=True)
class Numbered:
    """A table or a figure with its number; each kind is counted through the whole report."""

    number: int
    block: Table | Figure

    @property
    def kind(self) -> str:
        return "table" if isinstance(self.block, Table) else "figure"


@dataclass(frozen=True)
class Step:
    """One code cell, and the Markdown cell just above it ('' where there is none)."""

    cell: str
    source: str
    remarks: str


@dataclass(frozen=True)
class Part:
    """What one code cell put on the page, and how: its own step, after those that put nothing on the page."""

    cell: str
    blocks: tuple[Node | Numbered, ...]
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Document:
    """A whole report; `labels` holds every word that the writers add, `records` are for the page on the screen."""

    cover: Cover
    parts: tuple[Part, ...]
    ledger: Ledger
    labels: dict[str, str]
    records: RecordLists | None = None

    @property
    def blocks(self) -> tuple[Node | Numbered, ...]:
        return tuple(block for part in self.parts for block in part.blocks)

    @property
    def headings(self) -> tuple[Node, ...]:
        return tuple(block for block in self.blocks if isinstance(block, Node) and block.kind == "heading")

    @property
    def notes(self) -> tuple[Node, ...]:
        """Every footnote once, in order."""
        nodes = [block for block in self.blocks if isinstance(block, Node)]
        return tuple(node for node in walk(nodes) if node.kind == "note" and node.mark == 1)


def languages_shown(notebook: NotebookNode) -> tuple[str, ...]:
    """The languages that a notebook shows a report in, the first one first; ('',) where its blocks name none."""
    shown = [
        output.get("metadata", {}).get("language") for cell in notebook.cells for output in cell.get("outputs", [])
    ]
    return tuple(dict.fromkeys(filter(None, shown))) or ("",)


def read_document(notebook: NotebookNode, language: str | None = None) -> Document:
    """Rebuild the report from an executed notebook, in one of its languages (ar, or ar-SY), else in its first.

    Raises BadDocument, with the cell, for whatever would make a page wrong: see analysis.rendering.preflight.
    """
    draft = _Draft(_language_among(languages_shown(notebook), language))
    remarks = ""
    for position, cell in enumerate(notebook.cells):
        if cell.cell_type == "code" and cell.source.strip():
            name = str(cell.get("id") or f"number {position + 1}")
            with _naming(name):
                draft.read_cell(cell, Step(name, cell.source, remarks))
        remarks = cell.source if cell.cell_type == "markdown" else ""
    document = draft.finished()
    check_references(document)
    return document


def _language_among(shown: tuple[str, ...], wanted: str | None) -> str:
    found = [one for one in shown if wanted is None or wanted in (one, language_of(one))]
    if not found:
        raise BadDocument(f"The notebook shows no report in {wanted!r}, only in {', '.join(shown)}. Name one of these.")
    return found[0]


_SECTION = re.compile(r"^## +(?P<title>.+?)(?P<plain> *\{-\})? *$", re.MULTILINE)


class _Draft:
    """The document while its cells are being read, top to bottom."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.covers: list[Cover] = []
        self.ledgers: list[Ledger] = []
        self.records: list[RecordLists] = []
        self.parts: list[Part] = []
        self.pending: list[Step] = []
        self.notes = 0
        self.sections = 0
        self.numbered = {"table": 0, "figure": 0}
        self.anchors: set[str] = set()

    def read_cell(self, cell: NotebookNode, step: Step) -> None:
        check_words(step.source + step.remarks, code=True)
        self.pending.append(step)
        blocks = [
            block
            for output in check_cell(cell)
            if output.metadata.get("language", self.language) == self.language
            for block in self._read_output(output)
        ]
        if blocks:
            self.parts.append(Part(step.cell, tuple(blocks), tuple(self.pending)))
            self.pending.clear()

    def _read_output(self, output: NotebookNode) -> Iterator[Node | Numbered]:
        found = read_bundle(output.data)
        if found is None:
            raise BadDocument(
                f"It shows {', '.join(sorted(output.data)) or 'nothing'}, which no report can hold. Show it with "
                "analysis.rendering.show, or leave no value at the end of the cell."
            )
        block = found[1]
        if isinstance(block, str):
            yield from self._read_prose(block)
        elif isinstance(block, Table | Figure):
            check_block(block)
            yield self._number(block)
        elif isinstance(block, Cover):
            check_cover(block)
            self.covers.append(block)
        elif isinstance(block, RecordLists):
            check_record_lists(block)
            self.records.append(block)
        else:
            self.ledgers.append(block)

    def _read_prose(self, markdown: str) -> Iterator[Node]:
        check_words(markdown)
        for block in parse_prose(_SECTION.sub(self._numbered_section, markdown), notes_before=self.notes):
            for node in walk([block]):
                check_words(node.text)
                self.notes = max(self.notes, node.number if node.kind == "note" else 0)
            yield replace(block, anchor=self._anchor(block.text)) if block.kind == "heading" else block

    def _numbered_section(self, heading: "re.Match[str]") -> str:
        """Give a section its mark, I or II; a heading that ends in {-} has none."""
        if heading["plain"]:
            return f"## {heading['title']}"
        self.sections += 1
        marks = (_labels(self.covers[0]) if self.covers else ENGLISH)["sections"].split()
        if self.sections > len(marks):
            raise BadDocument(f"The label `sections` has {len(marks)} marks, and there are more sections. Add some.")
        return f"## {marks[self.sections - 1]}. {heading['title']}"

    def _number(self, block: Table | Figure) -> Numbered:
        kind = "table" if isinstance(block, Table) else "figure"
        self.numbered[kind] += 1
        return Numbered(self.numbered[kind], block)

    def _anchor(self, title: str) -> str:
        """The heading in lower case, words joined by hyphens; a second heading of the same words gets a number."""
        stem = "section-" + "-".join(re.findall(r"\w+", title.lower()))
        anchor, times = stem, 1
        while anchor in self.anchors:
            times += 1
            anchor = f"{stem}-{times}"
        self.anchors.add(anchor)
        return anchor

    def finished(self) -> Document:
        if len(self.covers) != 1:
            raise BadDocument(f"The notebook shows {len(self.covers)} covers: a report has one. Use show_cover once.")
        if len(self.ledgers) > 1:
            raise BadDocument(f"The notebook hands over its claims {len(self.ledgers)} times. Use show_claims once.")
        if len(self.records) > 1:
            raise BadDocument(f"The notebook shows its records {len(self.records)} times. Use show_record_lists once.")
        if self.pending:
            self.parts.append(Part(self.pending[-1].cell, (), tuple(self.pending)))
        cover = self.covers[0]
        ledger = self.ledgers[0] if self.ledgers else Ledger(())
        return Document(cover, tuple(self.parts), ledger, _labels(cover), *self.records)


def _labels(cover: Cover) -> dict[str, str]:
    if cover.language.split("-")[0] == "en":
        return ENGLISH | cover.labels
    missing = sorted(set(ENGLISH) - set(cover.labels))
    if missing:
        raise BadDocument(
            f"The cover is in {cover.language!r} and lacks the labels {', '.join(missing)}. Add them to its labels."
        )
    return dict(cover.labels)


@contextmanager
def _naming(cell: str) -> Iterator[None]:
    """Say in which cell a fault is."""
    try:
        yield
    except BadDocument as error:
        raise BadDocument(f"Cell {cell} of the notebook: {error}") from None
