"""Which texts the notebooks and the sections ask for, and what they give to each: read from the code that asks.

A notebook asks by itself (`show_prose(Story.text, stories, "toll")`) and through the modules of sections that it
imports (`story.text("torture_cases", cases=texts)`).
"""

import ast
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

from analysis.places import NOTEBOOKS, ROOT

SOURCES = ROOT / "src" / "analysis"
SECTIONS = "analysis.sections"
ASKS = ("text", "own_text")  # of a Story
SHOWS = ("show_prose",)
READS = ("read_words", "country_words")


@dataclass(frozen=True)
class Asked:
    """A text that a notebook shows: `name` may hold `*`; `always` unless only some countries have it.

    `given` are the variables that it gets, each with its values: texts, with `*` for what only the records say.
    """

    name: str
    notebook: str
    always: bool
    given: tuple[tuple[str, tuple[str, ...]], ...] = ()


@cache
def asked_texts() -> tuple[Asked, ...]:
    """Every text that a notebook asks for, by itself or through a section."""
    return tuple(
        Asked(name, notebook.stem, always, given)
        for notebook in sorted(NOTEBOOKS.glob("*.ipynb"))
        for tree in _trees(notebook)
        for name, always, given in _asks(tree)
    )


def asks_for(name: str) -> list[Asked]:
    """Who asks for a text: `toll`, `cases/SY-2020-11-0006`."""
    return [one for one in asked_texts() if fnmatchcase(name, one.name)]


@cache
def read_files() -> frozenset[str]:
    """The names of the YAML files that the program reads: captions, cover …"""
    sources = [file.read_text(encoding="utf-8") for file in sorted(SOURCES.rglob("*.py"))]
    trees = [ast.parse(source) for source in sources if any(f"{name}(" in source for name in READS)]
    calls = [call for tree in trees for _, call in _calls(tree, READS) if len(call.args) > 1]
    return frozenset(name for call in calls for name in _values(call.args[1], {}) if "*" not in name)


def _trees(notebook: Path) -> Iterator[ast.Module]:
    """The notebook's own code, and the modules of sections that it imports."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    own = ast.parse("\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"))
    yield own
    yield from (_tree(file) for file in sorted({*_sections(own)}))


def _sections(tree: ast.Module) -> Iterator[Path]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(SECTIONS):
            named = [node.module or "", *(f"{node.module}.{one.name}" for one in node.names)]
            files = [SOURCES.parent.joinpath(*name.split(".")).with_suffix(".py") for name in named]
            yield from (file for file in files if file.is_file())


@cache
def _tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


def _asks(tree: ast.Module) -> Iterator[tuple[str, bool, tuple[tuple[str, tuple[str, ...]], ...]]]:
    """The texts that some code asks for, with what it gives them; a name that only the run knows is left out."""
    known = _assigned(tree)
    for called, call in _calls(tree, ASKS):
        given = tuple((one.arg, _values(one.value, known)) for one in call.keywords if one.arg)
        yield from ((name, called == "text", given) for name in _values(call.args[0], {}) if name != "*")
    for _, call in _calls(tree, SHOWS):
        make = call.args[0]
        if isinstance(make, ast.Attribute) and make.attr in ASKS:
            yield from ((name, make.attr == "text", ()) for name in _values(call.args[2], {}))


def _calls(tree: ast.AST, names: Iterable[str]) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args:
            function = node.func
            called = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
            if called in names:
                yield called, node


def _assigned(tree: ast.AST) -> dict[str, tuple[str, ...]]:
    """What the names of some code are set to."""
    return {
        target.id: _values(node.value, {})
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def _values(node: ast.expr, known: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    """The texts that an expression can be, with `*` for what only a run knows."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return (node.value,)
    if isinstance(node, ast.JoinedStr):
        return ("".join(str(part.value) if isinstance(part, ast.Constant) else "*" for part in node.values),)
    return known.get(node.id, ("*",)) if isinstance(node, ast.Name) else ("*",)
