"""The files of notebooks/texts as the check of the texts reads them: by language and country, with lines, unfilled."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Literal

import yaml

from analysis.codelists import PROFILES
from analysis.places import TEXTS, named

Severity = Literal["error", "warning", "info"]
KeyPath = tuple[str, ...]


@dataclass(frozen=True, order=True)
class TextFault:
    """What is wrong with a text: where, what, and what to do. An info is for the writer to know and is no fault."""

    file: str
    line: int
    what: str
    action: str
    severity: Severity = "error"


@dataclass(frozen=True)
class Entry:
    """What stands in a YAML file under a path of keys: the text ('' for a mapping or list) and its first line.

    An item of a list goes by its `id` where it has one, else by its place.
    """

    path: KeyPath
    line: int
    text: str
    leaf: bool
    text_line: int


@dataclass(frozen=True)
class TextFile:
    """One file; `country` is '' for the texts of all countries, `name` its path from there: toll.md, cases/R-1.md."""

    folder: Path
    language: str
    country: str
    name: str

    @property
    def path(self) -> Path:
        return self.folder / self.language / self.country / self.name

    @property
    def shown(self) -> str:
        """The file as messages name it, as if it lay where the texts lie."""
        below = self.path.relative_to(self.folder)
        return named(TEXTS / below)

    @cached_property
    def stem(self) -> str:
        """What a notebook asks for: toll, cases/R-1."""
        return Path(self.name).with_suffix("").as_posix()

    @property
    def is_template(self) -> bool:
        return self.name.endswith(".md")

    @cached_property
    def source(self) -> str:
        return self.path.read_text(encoding="utf-8")

    def fault(self, line: int, what: str, action: str, severity: Severity = "error") -> TextFault:
        return TextFault(self.shown, line, what, action, severity)


def list_files(folder: Path) -> list[TextFile]:
    """Every file of every language, those of countries under their country."""
    found = []
    for path in sorted(path for path in folder.glob("*/**/*") if path.suffix in (".md", ".yml") and path.is_file()):
        language, *inner = path.relative_to(folder).parts
        country = inner[0] if len(inner) > 1 else ""
        found.append(TextFile(folder, language, country, "/".join(inner[1:] if country else inner)))
    return found


def known_profiles() -> list[str]:
    return sorted(file.parent.name for file in PROFILES.glob("*/profile.yml"))


LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the same in C, where it is built in


def read_yaml(path: Path) -> dict[str, Any]:
    return dict(yaml.load(path.read_text(encoding="utf-8"), LOADER))


@cache
def entries(path: Path) -> tuple[Entry, ...]:
    """Everything that a YAML file holds, keys in its order, each with its line. Raises yaml.YAMLError."""
    tree = yaml.compose(path.read_text(encoding="utf-8"), LOADER)
    return tuple(_entries(tree, (), 1)) if tree is not None else ()


def _entries(node: yaml.Node, path: KeyPath, line: int) -> Iterator[Entry]:
    leaf = not isinstance(node, yaml.CollectionNode)
    if path:
        block = leaf and getattr(node, "style", None) in ("|", ">")
        text = str(node.value) if leaf else ""
        yield Entry(path, line, text, leaf, node.start_mark.line + (2 if block else 1))
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield from _entries(value, (*path, str(key.value)), key.start_mark.line + 1)
    elif isinstance(node, yaml.SequenceNode):
        for nth, item in enumerate(node.value):
            yield from _entries(item, (*path, _item_name(item, nth)), item.start_mark.line + 1)


def _item_name(item: yaml.Node, nth: int) -> str:
    pairs: list[Any] = item.value if isinstance(item, yaml.MappingNode) else []
    named_by = [str(value.value) for key, value in pairs if key.value == "id"]
    return named_by[0] if named_by else str(nth)
