"""The texts' editor: everything that is wrong with the texts of the reports, found without a month and without records.

Whether a claim can be made is asked of `possible_claims`, who asks for a text of `asked_texts`; both read the program.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import yaml

from analysis.editing.asked_texts import Asked, asked_texts, asks_for, read_files
from analysis.editing.block_faults import block_faults
from analysis.editing.language_faults import language_faults
from analysis.editing.possible_claims import KINDS, LEDGERS
from analysis.editing.template_faults import NO_CLAIM, Template, Wording, did_you_mean, read_wording, template_faults
from analysis.editing.text_files import KeyPath, TextFault, TextFile, entries, known_profiles, list_files, read_yaml
from analysis.errors import BadParameter
from analysis.places import TEXTS
from analysis.profiles import read_profile

REPORTS = tuple(kind for notebook in ("monthly_report", "period_report") for kind in KINDS[notebook])
# What the first page fills like a section, and the variables it gives.
COVER = {"title": {"parts": ("*",)}, "subtitle": {}, "kickers": {}}
# Keys that are claims: the numbers of a first page.
CLAIM_KEYS = {
    "cover": ("headlines", REPORTS),
    "captions": ("since_headlines", REPORTS),
    "data_quality": ("headlines", KINDS["data_quality"]),
}


@dataclass(frozen=True, eq=False)
class Texts:
    """All texts of a folder, and the countries that there are."""

    files: tuple[TextFile, ...]
    profiles: tuple[str, ...]

    @property
    def languages(self) -> list[str]:
        return sorted({one.language for one in self.files})

    @cached_property
    def wordings(self) -> dict[str, Wording]:
        """The wording of each language that has one."""
        files = [one for one in self.files if one.stem == "wording" and not one.country]
        return {one.language: read_wording(read_yaml(one.path)) for one in files}

    def shown_in(self, file: TextFile) -> tuple[str, ...]:
        """The countries whose reports show a file: its own, or all that have none of that name."""
        if file.country:
            return (file.country,)
        own = {one.country for one in self.files if (one.language, one.name) == (file.language, file.name)}
        return tuple(one for one in self.profiles if one not in own) or self.profiles


def check_texts(
    folder: Path | None = None, *, language: str | None = None, profile: str | None = None
) -> list[TextFault]:
    """Everything that is wrong with the texts, by file and line; of one language or country where one is named.

    A country's reports show its own texts and those of all countries. Raises BadParameter for an unknown one.
    """
    folder = folder or TEXTS
    every = list_files(folder)
    files, unreadable = _readable(every)
    texts = Texts(tuple(files), tuple(dict.fromkeys((*known_profiles(), *([profile] if profile else [])))))
    _require_known(texts, language, profile)
    languages = texts.languages if language is None else [language]
    shown = [one for one in every if profile is None or one.country in ("", profile)]
    found = [fault for one in shown if one in files and one.language in languages for fault in _file_faults(texts, one)]
    missing = [*language_faults(shown, languages, files), *_missing(folder, every, languages)]
    return sorted({*unreadable, *missing, *found})


def _require_known(texts: Texts, language: str | None, profile: str | None) -> None:
    if language is not None and language not in texts.languages:
        raise BadParameter(f"There are no texts in {language!r}. Known are {', '.join(texts.languages)}.")
    if profile is not None:
        read_profile(profile)


def _readable(files: Iterable[TextFile]) -> tuple[list[TextFile], list[TextFault]]:
    """The files that can be read, and a fault for each that cannot."""
    good, faults = [], []
    for one in files:
        try:
            _ = one.source if one.is_template else entries(one.path)
            good.append(one)
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 1
            faults.append(one.fault(line, f"the file cannot be read: {error.problem}", "Correct its YAML."))
        except UnicodeDecodeError:
            faults.append(one.fault(1, "the file cannot be read: it is not in UTF-8", "Save it as UTF-8."))
    return good, faults


def _missing(folder: Path, every: Sequence[TextFile], languages: Iterable[str]) -> Iterator[TextFault]:
    """Files that no language has and every report needs; what another language has is missing in `language_faults`."""
    needed = {f"{one.name}.md": f"the notebook {one.notebook} asks" for one in asked_texts() if one.always}
    needed |= {f"{name}.yml": "every language needs it" for name in read_files()}
    held = {one.name for one in every if not one.country}
    for language in languages:
        for name in sorted(name for name in needed if "*" not in name and name not in held):
            yield TextFile(folder, language, "", name).fault(1, f"the text is missing: {needed[name]}", "Write it.")


def _file_faults(texts: Texts, file: TextFile) -> Iterator[TextFault]:
    if file.country and file.country not in texts.profiles:
        yield file.fault(
            1, f"no report shows the text: there is no country {file.country!r}", "Add it to data/profiles."
        )
        return
    wording = texts.wordings.get(file.language)
    if wording is None:
        return  # that it is missing or cannot be read is said of its own file
    if file.is_template:
        yield from _unused(file, asks_for(file.stem))
        yield from template_faults(_text(texts, file, wording))
        return
    yield from _said_twice(file)
    if file.stem not in read_files():
        yield file.fault(1, "the program reads no such file", did_you_mean(file.stem, read_files(), "Remove it."))
    elif file.stem == "blocks":
        yield from block_faults(Template(file, "", REPORTS, texts.shown_in(file), wording))
    else:
        yield from _words_faults(texts, file, wording)


# -- texts -------------------------------------------------------------------------------------------------------------


def _unused(file: TextFile, asked: Collection[Asked]) -> Iterator[TextFault]:
    if not asked:
        names = {one.name for one in asked_texts()}
        yield file.fault(
            1, "no notebook and no section asks for the text", did_you_mean(file.stem, names, "Remove it.")
        )
    elif all("*" in one.name for one in asked):
        what = f"the text is shown where the records hold {file.stem.rpartition('/')[2]}"
        yield file.fault(1, what, "Whether they do cannot be checked without records.", "info")


def _text(texts: Texts, file: TextFile, wording: Wording) -> Template:
    """A text with what the notebooks that ask for it can claim and give."""
    asked = asks_for(file.stem)
    kinds = [kind for one in asked for kind in KINDS.get(one.notebook, LEDGERS)]
    given: dict[str, tuple[str, ...]] = {}
    for name, values in (each for one in asked for each in one.given):
        given[name] = tuple(dict.fromkeys((*given.get(name, ()), *values)))
    return Template(file, file.source, tuple(dict.fromkeys(kinds or LEDGERS)), texts.shown_in(file), wording, given)


# -- words -------------------------------------------------------------------------------------------------------------


def _said_twice(file: TextFile) -> Iterator[TextFault]:
    """Keys that a file says twice: the first is lost."""
    seen: set[KeyPath] = set()
    for entry in entries(file.path):
        if entry.path in seen:
            yield file.fault(entry.line, f"{' > '.join(entry.path)} is said twice", "Take one of them out.")
        seen.add(entry.path)


def _words_faults(texts: Texts, file: TextFile, wording: Wording) -> Iterator[TextFault]:
    """Templates on the first page, and keys that are claims."""
    for entry in entries(file.path):
        key = entry.path[0]
        if file.stem == "cover" and key in COVER and entry.leaf:
            shown = Template(file, entry.text, REPORTS, texts.shown_in(file), wording, COVER[key], entry.text_line)
            yield from template_faults(shown)
        elif entry.leaf and CLAIM_KEYS.get(file.stem, ("",))[0] == key:
            shown = Template(file, "", CLAIM_KEYS[file.stem][1], texts.shown_in(file), wording)
            if not shown.makes(entry.path[-1]):
                yield file.fault(entry.line, f"{NO_CLAIM} {entry.path[-1]!r}", shown.suggestion(entry.path[-1]))
