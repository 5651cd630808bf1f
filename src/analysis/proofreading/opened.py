"""A text as numbers and words are looked for in it, on the page and among what the page may say."""

import re
from functools import cache

from analysis.sections.wording import folded, wording


def opened(text: str, language: str) -> str:
    """A text without vowel marks, every alif alike, particles apart from the digits that they are written with: و 11.

    English stays as it is.
    """
    return _particle(language).sub(lambda found: f"{found[0]} " if found[0] else "", folded(text))


@cache
def _particle(language: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![^\W_]){wording(language)['prefix']}(?=\d)")
