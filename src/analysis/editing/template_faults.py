"""What is wrong with one template, seen without filling it: every branch is read, also those that no month takes."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from inspect import signature
from typing import Any, get_args

from jinja2 import TemplateSyntaxError, nodes

from analysis.codelists import NOT_RECORDED, read_codelist
from analysis.editing.possible_claims import nearest, possible
from analysis.editing.template_values import ANY, Values, values, visit
from analysis.editing.text_files import TextFault, TextFile
from analysis.month import Month
from analysis.period import Period
from analysis.records.contract import coded_fields
from analysis.sections.cases import case_fields
from analysis.sections.narrative import Story
from analysis.sections.templates import ENVIRONMENT, NUMERAL, own_words
from analysis.sections.wording import Case, forbidden
from analysis.toll.claims import Ledger
from analysis.toll.outside import read_external, read_references

Found = Iterator[tuple[int, str, str]]  # line of the template, what is wrong, what to do
NO_CLAIM = "no report can make the claim"
EACH = f".{ANY}"  # the claims of a breakdown
# The claim that a helper really asks for, beside the one that it is given.
SUFFIX = {"share": ".share", "trend": ".percent"}
GLOBALS = frozenset(ENVIRONMENT.globals)


@dataclass(frozen=True, eq=False)
class Wording:
    """What a language's wording.yml says of its texts: the nouns it counts, and the words that no text may type."""

    nouns: tuple[str, ...]
    forbidden: re.Pattern[str]


def read_wording(words: Mapping[str, Any]) -> Wording:
    """The same from what the file holds; what it lacks is said elsewhere, and is nothing here."""
    empty = {"prefix": "", **{f"forbidden_{kind}": [] for kind in ("numbers", "superlatives", "comparatives")}}
    return Wording(tuple(words.get("nouns", ())), forbidden(empty | dict(words), NUMERAL))


@dataclass(frozen=True, eq=False)
class Template:
    """A template in a file, the kinds of report and the countries that show it, and the variables it is given."""

    file: TextFile
    source: str
    kinds: tuple[str, ...]
    profiles: tuple[str, ...]
    wording: Wording
    given: Values = field(default_factory=dict)
    first_line: int = 1

    def makes(self, claim: str) -> bool:
        """Whether a report that shows the template can make the claim, or one that the pattern with `*` can mean."""
        return any(one.find(claim) for one in possible(self.kinds, self.profiles))

    def holds(self, claim: str) -> bool:
        """Whether the claim can be other than zero."""
        made = possible(self.kinds, self.profiles)
        return any(not one.zero[name] for one in made for name in one.find(claim))

    def suggestion(self, claim: str, suffix: str = "") -> str:
        """What the template may have meant; a helper that adds a suffix to a claim is asked without it."""
        known = (one.written(name, claim) for one in possible(self.kinds, self.profiles) for name in one.zero)
        if suffix == EACH:
            return did_you_mean(claim, (name.rpartition(".")[0] for name in known))
        return did_you_mean(claim, (name.removesuffix(suffix) for name in known if name.endswith(suffix)))


def did_you_mean(asked: str, known: Iterable[str], otherwise: str = "Correct it, or leave it out.") -> str:
    """What to do about a word that is not known."""
    like = nearest(asked, known)
    return f"Did you mean {like!r}?" if like else otherwise


@cache
def _parsed(source: str) -> nodes.Template:
    return ENVIRONMENT.parse(source)


def template_faults(template: Template) -> list[TextFault]:
    """Every fault of a template; of one that cannot be read, where it cannot."""
    try:
        tree = _parsed(template.source)
    except TemplateSyntaxError as error:
        what = f"the template cannot be read: {error.message}"
        found: Found = iter([(error.lineno, what, "Correct its {{ }} or {% %}.")])
    else:
        found = _faults(template, tree)
    told = [template.file.fault(template.first_line + line - 1, what, action) for line, what, action in found]
    return list(dict.fromkeys(told))


def _faults(template: Template, tree: nodes.Template) -> Found:
    yield from _numbers_typed(tree, template.wording.forbidden)
    for node, known in visit(tree, dict(template.given)):
        yield from _unknown_words(node, known)
        asked = _asked_of_ledger(node)
        if asked is not None:
            yield from _claims(template, asked, known)
        if isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name):
            yield from _call_faults(template, node, known, node.node.name)


def _numbers_typed(tree: nodes.Template, own: re.Pattern[str]) -> Found:
    """Numbers, superlatives and comparisons of the text's own."""
    for line, words in own_words(tree, own):
        yield line, f"a number, superlative or comparison of the text's own: {words!r}", (
            "Ask for a claim, or put a fixed date or resolution into data/references.csv."
        )  # fmt: skip


# -- names -------------------------------------------------------------------------------------------------------------


@cache
def story_words() -> dict[str, Any]:
    """What any template may name, of a month or of a longer period."""
    stories = (Story(Ledger([]), when) for when in (Period(2020), Month(2020, 11)))
    return {name: word for story in stories for name, word in story.words.items()}


def _unknown_words(node: nodes.Node, known: Values) -> Found:
    """A name, an attribute, a filter or a test that there is not."""
    match node:
        case nodes.Name(name=name, ctx="load") if name not in (words := {*known, *story_words(), *GLOBALS}):
            yield node.lineno, f"nothing is called {name!r} here", did_you_mean(name, words)
        case nodes.Getattr(node=nodes.Name(name=name), attr=asked) if asked not in _attributes(name, asked):
            yield node.lineno, f"{name} has no {asked!r}", did_you_mean(asked, _attributes(name, asked))
        case nodes.Filter(name=name) if name not in ENVIRONMENT.filters:
            yield node.lineno, f"there is no filter {name!r}", did_you_mean(name, ENVIRONMENT.filters)
        case nodes.Test(name=name) if name not in ENVIRONMENT.tests:
            yield node.lineno, f"there is no test {name!r}", did_you_mean(name, ENVIRONMENT.tests)


def _attributes(name: str, asked: str) -> tuple[str, ...]:
    """What may be asked of a name by a dot; whatever is asked where that is not known."""
    return {"case": tuple(case_fields()), "ledger": tuple(dir(Ledger))}.get(name, (asked,))


# -- what is asked for -------------------------------------------------------------------------------------------------


def _asked_of_ledger(node: nodes.Node) -> nodes.Node | None:
    """The claim that is asked for without a helper: ledger["…"], "…" in ledger, "sdf" in codes("…")."""
    match node:
        case nodes.Call(node=nodes.Getattr(node=nodes.Name(name="ledger"), attr="value" | "count"), args=[asked]):
            return asked
        case nodes.Getitem(node=nodes.Name(name="ledger"), arg=asked):
            return asked
        case nodes.Compare(expr=asked, ops=[nodes.Operand(expr=nodes.Name(name="ledger"))]):
            return asked
        case nodes.Compare(
            expr=nodes.Const(value=str(code)),
            ops=[nodes.Operand(expr=nodes.Call(node=nodes.Name(name="codes"), args=[stem]))],
        ):
            return nodes.Concat([stem, nodes.Const(f".{code}")], lineno=stem.lineno)
    return None


def _call_faults(template: Template, call: nodes.Call, known: Values, helper: str) -> Found:
    """What a helper cannot be asked; what each of its arguments is, its own signature says."""
    if not callable(story_words().get(helper)):
        return
    try:
        given = {one.key: one.value for one in call.kwargs}
        asked = signature(story_words()[helper]).bind(*call.args, **given).arguments
    except TypeError as error:
        yield call.lineno, f"{helper}(…) cannot be asked like this: {error}", "Correct what stands in its brackets."
        return
    for kind, node in asked.items():
        if kind in ("claim", "parts", "stem"):
            yield from _claims(
                template, node, known, {"parts": ".children", "stem": EACH}.get(kind, SUFFIX.get(helper, ""))
            )
        codelists = values(asked.get("codelist"), known)
        for what, names, file in _lists(template, helper, kind, codelists):
            yield from _listed(node, known, names, what, file)


def _lists(
    template: Template, helper: str, kind: str, codelists: Sequence[str]
) -> Iterator[tuple[str, Iterable[str], str]]:
    """The words that an argument of a helper may be: what they are, the words, and where they stand."""
    every = set(coded_fields().values())
    match kind:
        case "noun":
            yield "noun", template.wording.nouns, f"notebooks/texts/{template.file.language}/wording.yml"
        case "case":
            yield "case", get_args(Case), "the grammar of languages"
        case "key" if helper == "source_of":
            yield "key", read_external().index, "data/external.csv"
        case "key":
            column = f"text_{template.file.language}"
            table = read_references()
            said = table.index[table[column] != ""] if column in table else []
            yield "key", said, f"data/references.csv, {column}"
        case "codelist":
            yield "code list", every, "data/record-contract.csv"
        case "code" if every & {*codelists}:
            lists = [read_codelist(name, one) for name in every & {*codelists} for one in template.profiles]
            yield "code", {NOT_RECORDED, *(code for one in lists for code in one.codes)}, lists[0].file


def _claims(template: Template, node: nodes.Node, known: Values, suffix: str = "") -> Found:
    """The claims of an expression that no report can make; what is only `*` may be any."""
    for asked in values(node, known):
        if asked.strip(f"{ANY}.") and not template.makes(asked + suffix):
            what = f"a breakdown of {asked!r}" if suffix == EACH else repr(asked + suffix)
            yield node.lineno, f"{NO_CLAIM} {what}", template.suggestion(asked, suffix)


def _listed(node: nodes.Node, known: Values, names: Iterable[str], what: str, file: str) -> Found:
    names = list(names)
    for asked in values(node, known):
        if ANY not in asked and asked not in names:
            yield node.lineno, f"there is no {what} {asked!r} in {file}", did_you_mean(asked, names, "Add it there.")
