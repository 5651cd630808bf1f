"""Names as they are compared: the Arabic and Latin spellings of one name become one (data/name-spellings.yml)."""

import re
import unicodedata
from functools import cache, lru_cache
from typing import Any

import yaml
from rapidfuzz import utils

from analysis.places import DATA

_TATWEEL = "\u0640"


@cache
def rules() -> dict[str, Any]:
    """What data/name-spellings.yml says."""
    return dict(yaml.safe_load((DATA / "name-spellings.yml").read_text(encoding="utf-8")))


def is_named(name: object) -> bool:
    """Whether a text is somebody's name: "Unidentified 17" is nobody's."""
    words = fold_name(name).split() if isinstance(name, str) else []
    return bool(words) and not set(words) & set(rules()["nobody"])


def fold_name(name: str) -> str:
    """A name as it is compared: Arabic and Latin spellings of one name become one.

    Marks, the lengthening stroke, case, punctuation and the article go; letters written for each other become one;
    common transliterations become one word. An article that is part of a longer word is kept.
    """
    bare = "".join(
        each for each in unicodedata.normalize("NFKD", name) if not unicodedata.combining(each) and each != _TATWEEL
    )
    words = utils.default_process(bare.translate(str.maketrans(rules()["letters"]))).split()
    return " ".join(folded for word in words if (folded := _fold_word(word)))


@lru_cache(maxsize=100_000)
def _fold_word(word: str) -> str:
    if word in rules()["articles"]:
        return ""
    if word.startswith("ال") and len(word) > 4:
        word = word[2:]
    for seen, sound in rules()["sounds"].items():
        word = word.replace(seen, sound)
    for pattern, folded in _spellings():
        if pattern.fullmatch(word):
            return folded
    return str(rules()["joined"].get(word, word))


@cache
def _spellings() -> list[tuple[re.Pattern[str], str]]:
    return [(re.compile(pattern), str(folded)) for pattern, folded in rules()["words"].items()]
