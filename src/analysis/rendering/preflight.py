"""What stops a notebook from becoming a report: checked before anything is written, with the cell that is at fault."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import is_dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from nbformat import NotebookNode

from analysis.errors import BadDocument, first_three
from analysis.rendering.markdown import Node, walk
from analysis.sections.blocks import Cover, Figure, RecordLists, Table, claim_anchor

if TYPE_CHECKING:
    from analysis.rendering.document import Document, Part

# Embeddings, overrides and isolates turn the reading order of what follows them; the others cannot be printed.
_CONTROLS = re.compile("[\u202a-\u202e\u2066-\u2069\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*")


def check_cell(cell: NotebookNode) -> list[NotebookNode]:
    """The outputs of an executed cell that belong to the report; what it wrote to stderr is dropped.

    Raises BadDocument if the cell failed, was not executed or printed something.
    """
    if cell.execution_count is None:
        raise BadDocument("It has not been executed. Run the whole notebook first.")
    for output in cell.outputs:
        if output.output_type == "error":
            raise BadDocument(f"It failed with {output.ename}: {output.evalue}. Put that right and run it again.")
        if output.output_type == "stream" and output.name != "stderr":
            raise BadDocument(
                f"It prints {output.text.strip()[:40]!r}. A report holds only what analysis.rendering.show shows."
            )
    return [output for output in cell.outputs if output.output_type != "stream"]


def check_words(text: str, *, code: bool = False) -> None:
    """Refuse characters that turn or hide text and, outside code, what is left of a template."""
    if found := _CONTROLS.search(text):
        raise BadDocument(
            f"It holds the control character U+{ord(found[0]):04X}, which hides or turns text. "
            "Take it out where it comes from."
        )
    if not code and (left := re.search(r"\{\{|\{%", text)):
        raise BadDocument(f"A template was not filled in: {text[left.start() : left.start() + 40]!r}.")


def check_cover(cover: Cover) -> None:
    """Refuse a cover without a title or without a date that the files can carry."""
    _check_strings(cover)
    if not cover.title.strip():
        raise BadDocument("The cover has no title.")
    try:
        date.fromisoformat(cover.report_date)
    except ValueError:
        raise BadDocument(f"The cover's report_date is {cover.report_date!r}. Write it as YYYY-MM-DD.") from None


def check_block(block: Table | Figure) -> None:
    """Refuse a table with ragged rows, and a figure without words for who cannot see it."""
    if not _NAME.fullmatch(block.name):
        raise BadDocument(f"The name {block.name!r} cannot be a file's. Use small letters, digits, - and _.")
    if isinstance(block, Figure):
        _check_figure(block)
    _check_strings({key: value for key, value in vars(block).items() if key != "svg"})
    table = block if isinstance(block, Table) else block.numbers
    ragged = [str(number) for number, row in enumerate(table.rows, 1) if len(row.cells) != len(table.columns)]
    if ragged:
        raise BadDocument(
            f"{len(ragged)} rows of the table {table.name!r} do not have its {len(table.columns)} columns "
            f"(rows {first_three(ragged)})."
        )


def check_record_lists(lists: RecordLists) -> None:
    """Refuse lists of records with a text that turns or hides others."""
    _check_strings(lists)


def check_references(document: "Document") -> None:
    """Refuse skipped heading levels, names used twice, and links that lead nowhere."""
    _check_levels(document)
    _check_names(document)
    targets = _targets(document)
    cover = [claim_anchor(headline.claim) for headline in document.cover.headlines]
    _check_links("The cover", cover, targets)
    for part in document.parts:
        _check_links(f"Cell {part.cell} of the notebook", _links(part), targets)


def _check_figure(figure: Figure) -> None:
    if not figure.alt.strip():
        raise BadDocument(f"The figure {figure.name!r} has no alt text. Say in words what it shows.")
    if figure.numbers.name != figure.name:
        raise BadDocument(
            f"The figure {figure.name!r} has numbers named {figure.numbers.name!r}. Give both the same name."
        )
    if "<svg" not in figure.svg:
        raise BadDocument(f"The figure {figure.name!r} holds no SVG.")


def _check_strings(value: object) -> None:
    """Check every text inside a block."""
    if isinstance(value, str):
        check_words(value)
    elif isinstance(value, Mapping):
        for one in value.values():
            _check_strings(one)
    elif isinstance(value, list | tuple):
        for one in value:
            _check_strings(one)
    elif is_dataclass(value):
        _check_strings(vars(value))


def _check_levels(document: "Document") -> None:
    above = 0
    for part in document.parts:
        for block in part.blocks:
            if isinstance(block, Node) and block.kind == "heading":
                if block.level > above + 1:
                    raise BadDocument(
                        f"Cell {part.cell} of the notebook: the heading {block.text!r} skips a level. "
                        f"Write it with {'#' * (above + 2)}."
                    )
                above = block.level


def _check_names(document: "Document") -> None:
    """A name is used once; a figure may share it with the very table that holds its numbers."""
    seen: dict[tuple[str, str], Any] = {}
    for part in document.parts:
        for kind, block in _exhibits(part):
            other = seen.get(("figure" if kind == "table" else "table", block.name))
            if (kind, block.name) in seen or (other and _rows(other) != _rows(block)):
                raise BadDocument(
                    f"Cell {part.cell} of the notebook: the name {block.name!r} is used twice, by different tables "
                    "or figures. Their files would overwrite each other: give each its own name."
                )
            seen[kind, block.name] = block


def _rows(block: Table | Figure) -> object:
    table = block.numbers if isinstance(block, Figure) else block
    return table.columns, table.rows


def _exhibits(part: "Part") -> Iterator[tuple[str, Table | Figure]]:
    for block in part.blocks:
        if not isinstance(block, Node):
            yield block.kind, block.block


def _targets(document: "Document") -> set[str]:
    """Every anchor that a link may lead to. Raises BadDocument where two table rows have the same one."""
    targets = {heading.anchor for heading in document.headings}
    for part in document.parts:
        for _, block in _exhibits(part):
            for row in block.rows if isinstance(block, Table) else ():
                if row.anchor in targets:
                    raise BadDocument(f"Cell {part.cell} of the notebook: two rows have the anchor {row.anchor!r}.")
                targets |= {row.anchor} if row.anchor else set()
    return targets


def _links(part: "Part") -> Iterator[str]:
    """Every anchor that this part links to."""
    nodes = [block for block in part.blocks if isinstance(block, Node)]
    yield from (node.href[1:] for node in walk(nodes) if node.href.startswith("#"))
    for _, block in _exhibits(part):
        table = block.numbers if isinstance(block, Figure) else block
        yield from (claim_anchor(cell.claim) for row in table.rows for cell in row.cells if cell.claim)


def _check_links(where: str, links: Iterator[str] | list[str], targets: set[str]) -> None:
    lost = set(links) - targets
    if lost:
        raise BadDocument(
            f"{where}: {len(lost)} links lead nowhere (#{first_three(lost)}). A number links to the row of its "
            "claim in the table of claims: is the claim in that table?"
        )
