"""What one language of the texts says and another does not: files, keys, {braces}, blocks, cases, incidents."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence

from analysis.editing.text_files import Entry, KeyPath, TextFault, TextFile, entries

BRACE = re.compile(r"(?<!\{)\{(\w*)\}(?!\})")
# Where the languages differ by their grammar: how many forms a noun has, and whether a difference needs a noun.
GRAMMAR = re.compile(r"wording/((nouns/\w+|numbers|including|forbidden_\w+|places)/|change/noun)")
# What the blocks of two languages have in common: the part they stand in, and the claim they hang on.
SHARED = ("part", "when")
# The English of the checks stands in expectations/*.json, and tests/test_parity.py holds the others against it.
ELSEWHERE = {("en", "checks.yml")}
TRANSLATE = "Write it in this language too, or take it out of the others."


def language_faults(
    files: Sequence[TextFile], languages: Iterable[str], readable: Collection[TextFile]
) -> Iterable[TextFault]:
    """What each of some languages lacks that another has; the keys of a file that cannot be read are not looked at.

    What several other languages have is said once, of the first of them.
    """
    held = {(one.language, one.country, one.name): one for one in files}
    first: dict[tuple[str, int, str], TextFault] = {}
    for language in languages:
        for one in (one for one in files if one.language != language):
            for fault in _file_faults(held.get((language, one.country, one.name)), one, language, readable):
                first.setdefault((fault.file, fault.line, fault.what.partition(";")[0]), fault)
    return first.values()


def _file_faults(
    own: TextFile | None, other: TextFile, language: str, readable: Collection[TextFile]
) -> Iterator[TextFault]:
    if (language, other.name) in ELSEWHERE:
        return
    if own is None:
        what = f"the text is missing in {language!r}; {other.language!r} has it"
        yield TextFile(other.folder, language, other.country, other.name).fault(1, what, TRANSLATE)
    elif not own.is_template and own in readable and other in readable:
        yield from _key_faults(own, other)


def _key_faults(own: TextFile, other: TextFile) -> Iterator[TextFault]:
    """Keys that a file lacks, and {braces} and conditions that differ from those of the other language."""
    mine, theirs = ({entry.path: entry for entry in entries(one.path)} for one in (own, other))
    for path, entry in theirs.items():
        if GRAMMAR.match("/".join((own.stem, *path))):
            continue
        if path not in mine and path[:-1] in {(), *mine}:
            line = mine[path[:-1]].line if path[:-1] else 1
            yield own.fault(line, f"{_shown(path)} is missing; {other.language!r} has it", TRANSLATE)
        elif path in mine and entry.leaf:
            yield from _leaf_faults(own, mine[path], other, entry)


def _leaf_faults(own: TextFile, mine: Entry, other: TextFile, theirs: Entry) -> Iterator[TextFault]:
    said, meant = (set(BRACE.findall(one.text)) for one in (mine, theirs))
    for name in sorted(said - meant):
        yield own.fault(
            mine.line,
            f"{_shown(mine.path)} asks for {{{name}}}, which {other.language!r} does not",
            f"Correct it; {other.language!r} asks for {', '.join(f'{{{one}}}' for one in sorted(meant)) or 'nothing'}.",
        )
    if own.stem == "blocks" and mine.path[-1] in SHARED and mine.text != theirs.text:
        yield own.fault(
            mine.line,
            f"{_shown(mine.path)} is {mine.text!r}; in {other.language!r} it is {theirs.text!r}",
            "Make both the same: a block stands or falls with one claim.",
        )


def _shown(path: KeyPath) -> str:
    return " > ".join(path)
