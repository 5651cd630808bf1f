"""A text as numbers and words are looked for in it, on the page and among what the page may say."""

import re
from functools import cache

from analysis.sections.wording import folded, wording


def opened(text: str, language: str) -> str:
    """A text without vowel marks, every alif alike, particles apart from the digits that they are written with: و 11.

    English stays as it is.
    """
    bare, particle = folded(text), _particle(language, text.isascii())
    return particle.sub(r"\g<0> ", bare) if particle else bare


@cache
def _particle(language: str, in_ascii: bool) -> re.Pattern[str] | None:
    """Particles before a digit; None where there can be none: in most languages, and in letters that are not theirs."""
    prefix = wording(language)["prefix"]
    strange = in_ascii and not re.search(r"[A-Za-z.\\]", prefix)
    return re.compile(rf"(?<![^\W_])(?!\d){prefix}(?=\d)") if prefix and not strange else None
