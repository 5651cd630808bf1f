"""What a template says in words of its own: the place to look for numbers that come from no claim."""

import re
from collections.abc import Iterator

from jinja2 import nodes

from analysis.sections.wording import folded


def own_words(template: nodes.Template, own: re.Pattern[str]) -> list[tuple[int, str]]:
    """The numbers, superlatives and comparisons that a template types itself, each with its line.

    Both its plain text is looked at and the texts that its expressions print: {{ "many" if any(claim) else "few" }}.
    """
    return [
        (piece.lineno + text.count("\n", 0, words.start()), " ".join(words[0].split()))
        for output in template.find_all(nodes.Output)
        for piece, text in _printed(output)
        for words in own.finditer(folded(text))
    ]


def _printed(node: nodes.Node) -> Iterator[tuple[nodes.Node, str]]:
    """The texts that a piece of a template prints as they are: not those that a helper gets, or that are compared."""
    match node:
        case nodes.TemplateData():
            yield node, node.data
        case nodes.Const(value=str(text)):
            yield node, text
        case nodes.Output() | nodes.Concat() | nodes.Add() | nodes.Or() | nodes.And():
            yield from (each for part in node.iter_child_nodes() for each in _printed(part))
        case nodes.CondExpr():
            yield from (each for part in (node.expr1, node.expr2) if part for each in _printed(part))
        case nodes.Filter() if node.node:
            yield from _printed(node.node)
