"""Show the blocks of a report in a notebook, for each of its languages: own MIME types beside something decent to see.

The exporters rebuild the report from these outputs alone; what is shown beside them is for whoever opens the notebook.
"""

import base64
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import is_dataclass
from functools import cache
from html import escape
from typing import Any

import mistune
import numpy as np
from IPython.display import display

from analysis.errors import BadDocument
from analysis.sections.blocks import Cell, Column, Cover, Figure, Headline, RecordLists, Row, Table
from analysis.sections.narrative import Story
from analysis.toll.claims import Claim, Ledger

# The block is JSON, but as text: Jupyter would take it apart, and copy and check each of its thousands of values.
MIME = "application/vnd.toll-report.{}"

Block = Cover | Table | Figure | RecordLists | Ledger | str
Bundle = dict[str, Any]


Stories = Iterable[Story]


def show_cover(make: Callable[..., Cover], stories: Stories, *given: Any) -> None:
    """Show the first page that `make` gives for each story."""
    _show(cover_bundle, {story.language: [make(story, *given)] for story in stories})


def show_prose(write: Callable[..., str], stories: Stories, *given: Any) -> None:
    """Show text: headings, paragraphs, lists, links and footnotes, written in Markdown."""
    _show(prose_bundle, {story.language: list(filter(None, [write(story, *given)])) for story in stories})


def show_table(make: Callable[..., Table], stories: Stories, *given: Any) -> None:
    """Show a table; its CSV comes with the report."""
    _show(table_bundle, {story.language: [make(story, *given)] for story in stories})


def show_tables(make: Callable[..., Iterable[Table]], stories: Stories, *given: Any) -> None:
    """Show tables one below the other."""
    _show(table_bundle, {story.language: list(make(story, *given)) for story in stories})


def show_figure(draw: Callable[..., Figure], stories: Stories, *given: Any) -> None:
    """Show a chart with its caption; its numbers and its SVG come with the report."""
    _show(figure_bundle, {story.language: [draw(story, *given)] for story in stories})


def show_figures(draw: Callable[..., Iterable[Figure]], stories: Stories, *given: Any) -> None:
    """Show charts one below the other."""
    _show(figure_bundle, {story.language: list(draw(story, *given)) for story in stories})


def show_record_lists(make: Callable[..., Iterable[RecordLists]], stories: Stories, *given: Any) -> None:
    """Show the records behind the numbers, where there is such a list; the PDF has none."""
    _show(record_lists_bundle, {story.language: list(make(story, *given)) for story in stories})


def show_claims(stories: Stories) -> None:
    """Hand over every claim: they become claims.json, and nothing on a page."""
    _show(claims_bundle, {story.language: [story.ledger] for story in stories})


def _show(bundle: Callable[[Any], Bundle], blocks: Mapping[str, Sequence[Block]]) -> None:
    """Show blocks language by language, each marked with its own. Raises BadDocument where one language lacks some."""
    numbers = {language: len(shown) for language, shown in blocks.items()}
    if len(set(numbers.values())) > 1:
        told = ", ".join(f"{number} in {language}" for language, number in numbers.items())
        raise BadDocument(f"The languages of the report do not show the same blocks: {told}. Write what is missing.")
    for language, shown in blocks.items():
        for block in shown:
            display(bundle(block), raw=True, metadata={"language": language})


def cover_bundle(cover: Cover) -> Bundle:
    """The cover as a MIME bundle."""
    numbers = "".join(f"<li><b>{escape(one.value)}</b> {escape(one.label)}</li>" for one in cover.headlines)
    notices = "".join(f"<p><i>{escape(notice)}</i></p>" for notice in cover.notices)
    facts = "".join(f"<dt>{escape(term)}</dt><dd>{escape(fact)}</dd>" for term, fact in cover.facts)
    page = f"<p>{escape(cover.kicker)}</p><h1>{escape(cover.title)}</h1><p>{escape(cover.subtitle)}</p>"
    return _bundle("cover", cover, f"{page}<ul>{numbers}</ul>{notices}<dl>{facts}</dl>", cover.title)


def prose_bundle(markdown: str) -> Bundle:
    """Text as a MIME bundle; raw HTML in it is shown as the text that it is."""
    return _bundle("prose", {"markdown": markdown}, str(_as_html()(markdown)), markdown)


@cache
def _as_html() -> mistune.Markdown:
    return mistune.create_markdown(escape=True, plugins=["footnotes"])


def table_bundle(table: Table) -> Bundle:
    """A table as a MIME bundle."""
    return _bundle("table", table, _html_table(table), _plain_table(table))


def figure_bundle(figure: Figure) -> Bundle:
    """A chart as a MIME bundle; the picture travels as an image, so that nothing in it can run."""
    data = base64.b64encode(figure.svg.encode()).decode()
    picture = f'<img alt="{escape(figure.alt)}" src="data:image/svg+xml;base64,{data}">'
    caption = f"<figcaption>{escape(figure.caption)} {escape(figure.note)}</figcaption>"
    return _bundle("figure", figure, f"<figure>{picture}{caption}</figure>", f"{figure.caption}\n{figure.alt}")


def record_lists_bundle(lists: RecordLists) -> Bundle:
    """The records behind the numbers as a MIME bundle."""
    text = f"{lists.caption}: {len(lists.lists)}"
    return _bundle("records", lists, f"<p>{escape(text)}</p>", text)


def claims_bundle(ledger: Ledger) -> Bundle:
    """Every claim as a MIME bundle."""
    text = f"{len(ledger)} claims"
    return _bundle("claims", {"claims": list(ledger.values())}, f"<p>{text}</p>", text)


def read_bundle(data: Mapping[str, Any]) -> tuple[str, Block] | None:
    """The kind of a block and the block itself, out of a MIME bundle; None where the bundle holds no block of ours.

    Raises BadDocument if the block is not in the form that this version writes.
    """
    for mime in data:
        if mime.startswith(MIME.format("")):
            kind = mime.removeprefix(MIME.format(""))
            try:
                return kind, _READERS[kind](json.loads(data[mime]))
            except (ValueError, KeyError, TypeError, AttributeError):
                raise BadDocument(
                    f"A {kind} in this notebook is not in the form that this version of the report understands. "
                    "Run the notebook again with this version."
                ) from None
    return None


def _bundle(kind: str, block: object, html: str, plain: str) -> Bundle:
    """The block as JSON (a NaN or another thing that JSON cannot hold raises), HTML and text beside it."""
    bare = json.dumps(block, allow_nan=False, ensure_ascii=False, default=_plain)
    return {MIME.format(kind): bare, "text/html": html, "text/plain": plain}


def _plain(value: object) -> object:
    if is_dataclass(value):
        return vars(value)
    if isinstance(value, np.generic):
        return value.item()
    raise TypeError(f"{value!r} cannot be part of a report: use text, whole numbers or floats.")


def _html_table(table: Table) -> str:
    head = "".join(f'<th scope="col">{escape(column.label)}</th>' for column in table.columns)
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(cell.text)}</td>" for cell in row.cells) + "</tr>" for row in table.rows
    )
    note = f"<p>{escape(table.note)}</p>" if table.note else ""
    caption = f"<caption>{escape(table.caption)}</caption>"
    return f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{note}"


def _plain_table(table: Table) -> str:
    lines = ["\t".join(column.label for column in table.columns)]
    lines += ["\t".join(cell.text for cell in row.cells) for row in table.rows]
    return "\n".join([table.caption, *lines])


def _read_cover(data: Mapping[str, Any]) -> Cover:
    read = {
        "headlines": tuple(Headline(**one) for one in data["headlines"]),
        "notices": tuple(data["notices"]),
        "facts": tuple((term, fact) for term, fact in data["facts"]),
        "labels": dict(data["labels"]),
    }
    return Cover(**{**data, **read})


def _read_table(data: Mapping[str, Any]) -> Table:
    columns = tuple(Column(**column) for column in data["columns"])
    rows = tuple(Row(**{**row, "cells": tuple(Cell(**cell) for cell in row["cells"])}) for row in data["rows"])
    return Table(**{**data, "columns": columns, "rows": rows})


def _read_figure(data: Mapping[str, Any]) -> Figure:
    return Figure(**{**data, "numbers": _read_table(data["numbers"])})


def _read_record_lists(data: Mapping[str, Any]) -> RecordLists:
    return RecordLists(data["caption"], tuple((tuple(claims), tuple(ids)) for claims, ids in data["lists"]))


def _read_claims(data: Mapping[str, Any]) -> Ledger:
    return Ledger(Claim(**{**claim, "of": tuple(claim["of"])}) for claim in data["claims"])


def _read_prose(data: Mapping[str, Any]) -> str:
    return str(data["markdown"])


_READERS: dict[str, Callable[[Mapping[str, Any]], Block]] = {
    "cover": _read_cover,
    "prose": _read_prose,
    "table": _read_table,
    "figure": _read_figure,
    "claims": _read_claims,
    "records": _read_record_lists,
}
