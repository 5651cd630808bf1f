"""Templates of the texts: how they are read, and what none of them may say in words of its own.

A template holds no number, superlative or comparison of its own: it asks for a claim by id.
"""

import re
from collections.abc import Iterator
from functools import cache

from jinja2 import Environment, StrictUndefined, Template, nodes

from analysis.errors import BadText
from analysis.sections.wording import folded, forbidden, wording

# Digits of every script, and the signs that stand for numbers: ², ½, Ⅻ.
NUMERAL = r"[\d\u00b2\u00b3\u00b9\u00bc-\u00be\u2070-\u209c\u2150-\u218b\u2460-\u249b]"
MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#|~&!])")
LIST_MARK = re.compile(r"^(\d*)([-+=.)])")


def plain(text: str) -> str:
    """Text from data, on one line and so escaped that Markdown shows it as it is."""
    return LIST_MARK.sub(r"\1\\\2", MARKDOWN.sub(r"\\\1", " ".join(text.split())))


def capitalize_first(text: str) -> str:
    """Make the first letter a capital, also inside a link: the start of a sentence."""
    return re.sub(r"^\W*[^\W\d_]", lambda start: start[0].upper(), text)


# Markdown, not HTML: raw HTML is shown as text by both writers.
ENVIRONMENT = Environment(
    undefined=StrictUndefined, autoescape=False, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True
)
ENVIRONMENT.filters |= {"capitalize_first": capitalize_first, "plain": plain}


@cache
def read_template(source: str) -> Template:
    """A template, read once. Raises jinja2's TemplateSyntaxError."""
    return ENVIRONMENT.from_string(source)


@cache
def own_numbers(language: str) -> re.Pattern[str]:
    """Whatever a sentence may only take from a claim: digits, number words, superlatives, words that compare."""
    return forbidden(wording(language), NUMERAL)


@cache
def check_template(source: str, path: str, language: str) -> None:
    """Refuse a template with a digit, a number word, a superlative or a comparison of its own. Raises BadText."""
    found = [f"line {line}: {words!r}" for line, words in own_words(ENVIRONMENT.parse(source), own_numbers(language))]
    if found:
        raise BadText(
            f"{path} holds {len(found)} numbers or superlatives or comparisons of its own ({', '.join(found[:3])}). "
            "Ask for a claim, or put a fixed date or resolution into data/references.csv."
        )


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
