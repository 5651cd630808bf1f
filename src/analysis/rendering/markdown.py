"""Read the Markdown of a report's texts into nodes that both writers understand.

Only what a report needs is allowed: headings, paragraphs, emphasis, lists, links, quotations and footnotes. Raw HTML is
kept as the text that it is; anything else is refused, so that nothing is lost on the way to a page.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from typing import Any
from urllib.parse import unquote

import mistune

from analysis.errors import BadDocument

Token = Mapping[str, Any]

_LINK = re.compile(r"(https?://|mailto:|#)\S+")
_MARK = re.compile(r"\[\^[^\]\s]+\]")
_DEFINITION = re.compile(r"^ {0,3}\[\^([^\]\s]+)\]:", re.MULTILINE)
_PARSE = mistune.create_markdown(renderer=None, plugins=["footnotes", "table"])

# mistune's name -> ours, for blocks that hold blocks.
_BLOCKS = {"block_quote": "quote", "list_item": "item"}


@dataclass(frozen=True)
class Node:
    """One piece of text.

    `kind` is heading, paragraph, list, item, quote (blocks) or text, code, emphasis, strong, break, link, note (within
    a paragraph). A note holds its own paragraphs; `number` counts notes over the whole report, `mark` the places that
    refer to the same one. A heading's `level` starts at 1 for a section; a list's `number` is that of its first item.
    """

    kind: str
    text: str = ""
    children: tuple["Node", ...] = ()
    href: str = ""
    anchor: str = ""
    level: int = 0
    number: int = 0
    mark: int = 0
    ordered: bool = False


def parse_prose(markdown: str, *, notes_before: int = 0) -> tuple[Node, ...]:
    """Read one text into its blocks, its notes numbered on from `notes_before`.

    Raises BadDocument for what a report does not allow, a footnote without its text or a text without its mark.
    """
    tokens: list[Token] = list(_PARSE(markdown))  # type: ignore[arg-type]
    written = {
        item["attrs"]["key"]: item for token in tokens if token["type"] == "footnotes" for item in token["children"]
    }
    _check_notes(markdown, list(written))
    reader = _Reader({key: _note(item) for key, item in written.items()}, notes_before, Counter())
    return tuple(reader.block(token) for token in tokens if token["type"] not in ("blank_line", "footnotes"))


def walk(nodes: Sequence[Node]) -> Iterator[Node]:
    """Every node in reading order, those inside notes included at their first mark."""
    for node in nodes:
        yield node
        if node.kind != "note" or node.mark == 1:
            yield from walk(node.children)


def plain(nodes: Sequence[Node]) -> str:
    """The words alone, without notes."""
    return "".join(
        " " if node.kind == "break" else node.text + plain(node.children) for node in nodes if node.kind != "note"
    )


@dataclass(frozen=True)
class _Reader:
    """Turns tokens into nodes; `marks` counts how often each note has been referred to."""

    notes: Mapping[str, tuple[Node, ...]]
    notes_before: int
    marks: Counter[str]

    def block(self, token: Token) -> Node:
        kind = token["type"]
        if kind == "heading":
            return self._heading(token)
        if kind == "list":
            attrs = token["attrs"]
            items = tuple(self.block(item) for item in token["children"])
            return Node("list", children=items, ordered=attrs["ordered"], number=attrs.get("start", 1))
        if kind in ("paragraph", "block_text"):
            return Node("paragraph", children=self.line(token["children"]))
        if kind in _BLOCKS:
            blocks = (one for one in token["children"] if one["type"] != "blank_line")
            return Node(_BLOCKS[kind], children=tuple(self.block(one) for one in blocks))
        if kind == "block_html":
            return Node("paragraph", children=(Node("text", " ".join(token["raw"].split())),))
        raise BadDocument(f"The text holds a {kind.replace('_', ' ')}{_quoted(token)}, which a report does not show.")

    def line(self, tokens: Sequence[Token]) -> tuple[Node, ...]:
        return _joined([self._inline(token) for token in tokens])

    def _inline(self, token: Token) -> Node:
        kind = token["type"]
        if kind in ("emphasis", "strong"):
            return Node(kind, children=self.line(token["children"]))
        if kind == "link":
            return Node("link", href=_address(token), children=self.line(token["children"]))
        if kind == "footnote_ref":
            return self._mark(token)
        if kind in ("softbreak", "linebreak"):
            return Node("break") if kind == "linebreak" else Node("text", " ")
        if kind == "codespan":
            return Node("code", token["raw"])
        if kind == "inline_html":
            return Node("text", token["raw"])
        if kind == "text":
            return _text(token["raw"])
        raise BadDocument(f"The text holds a {kind.replace('_', ' ')}{_quoted(token)}, which a report does not show.")

    def _heading(self, token: Token) -> Node:
        level, title = token["attrs"]["level"] - 1, plain(self.line(token["children"])).strip()
        if level == 0:
            raise BadDocument(f"The heading {title!r} is marked with one #: the cover has the title. Write ##.")
        if any(one["type"] == "footnote_ref" for one in token["children"]):
            raise BadDocument(f"The heading {title!r} holds a footnote mark. Move it into the paragraph below.")
        return Node("heading", title, level=level)

    def _mark(self, token: Token) -> Node:
        key = token["raw"]
        if key not in self.notes:
            raise BadDocument(f"The footnote [^{key.lower()}] is marked inside another footnote. Mark it in the text.")
        self.marks[key] += 1
        number = self.notes_before + token["attrs"]["index"]
        return Node("note", children=self.notes[key], number=number, mark=self.marks[key])


def _note(item: Token) -> tuple[Node, ...]:
    blocks = [token for token in item["children"] if token["type"] != "blank_line"]
    return tuple(_Reader({}, 0, Counter()).block(token) for token in blocks)


def _check_notes(markdown: str, used: Sequence[str]) -> None:
    """Refuse a note defined twice or never marked: mistune would drop it without a word."""
    defined = Counter(mistune.util.unikey(key) for key in _DEFINITION.findall(markdown))
    twice = sorted(key for key, times in defined.items() if times > 1)
    if twice:
        raise BadDocument(
            f"The footnote [^{twice[0].lower()}] is written twice in one text. Give each note its own key."
        )
    unmarked = sorted(set(defined) - set(used))
    if unmarked:
        raise BadDocument(f"The footnote [^{unmarked[0].lower()}] is written but nothing in the same text marks it.")


def _text(raw: str) -> Node:
    if mark := _MARK.search(raw):
        raise BadDocument(f"The footnote {mark[0]} is marked but not written in the same text.")
    return Node("text", unescape(raw))


def _address(token: Token) -> str:
    address = str(token["attrs"]["url"])
    if not _LINK.fullmatch(address):
        raise BadDocument(f"The text links to {address!r}. Links begin with https://, http://, mailto: or #.")
    return unquote(address) if address.startswith("#") else address


def _joined(nodes: Sequence[Node]) -> tuple[Node, ...]:
    """Pieces of text that follow each other become one."""
    joined: list[Node] = []
    for node in nodes:
        if node.kind == "text" and joined and joined[-1].kind == "text":
            joined[-1] = Node("text", joined[-1].text + node.text)
        else:
            joined.append(node)
    return tuple(joined)


def _quoted(token: Token) -> str:
    raw = " ".join(str(token.get("raw") or token.get("attrs", {}).get("url") or "").split())
    return f" ({raw[:40]!r})" if raw else ""
