"""Free text of records as it may stand in a file for others: inert, line by line, each stretch in its own direction."""

import re
import unicodedata
from itertools import accumulate

_JOINERS = "\u200c\u200d"  # they shape letters, and turn nothing
# In a paragraph of one direction, what goes against it: words with what stands between them; a number, but not several.
_AGAINST = {True: re.compile("(L(?:[LDNS]*[LD])?|D(?:[LDN]*[LD])?)"), False: re.compile("(R(?:[RDNS]*R)?)")}
_CLASSES = {"L": "L", "R": "R", "AL": "R", "AN": "R", "EN": "D", "NSM": "M"}
_MARK, _IN_PARTS = "\u200e", re.compile(r"\d+\W")


def inert(text: str) -> list[str]:
    """The lines of a text, blank ones left out, without what is not seen: controls, what turns the reading order."""
    lines = ("".join(filter(_is_seen, line.replace("\t", " "))) for line in text.splitlines())
    return [" ".join(line.split()) for line in lines if line.split()]


def reads_right_to_left(text: str, *, otherwise: bool) -> bool:
    """Whether a text's first letter is of a script written from right to left; `otherwise` where it has no letter."""
    kinds = map(_kind, text)
    return next((kind == "R" for kind in kinds if kind in "LR"), otherwise)


def stretches(text: str, *, right_to_left: bool) -> list[tuple[str, bool]]:
    """A text cut into stretches of one direction, for a paragraph of one; True where that is from right to left.

    What goes against the paragraph is kept whole: words from their first letter to their last, an id, a date. Behind
    Arabic letters, the parts of 2020-11-20 would change places in a program that looks at letters alone: a mark in
    front keeps them.
    """
    kinds = _kinds(text)
    if "R" not in kinds:
        return [(text, False)]
    pieces = _AGAINST[right_to_left].split(kinds)
    ends = accumulate(map(len, pieces))
    parts = [text[end - len(piece) : end] for piece, end in zip(pieces, ends, strict=True)]
    return [
        (f"{_MARK if right_to_left and _IN_PARTS.match(part) else ''}{part}", right_to_left != bool(nth % 2))
        for nth, part in enumerate(parts)
        if part
    ]


def _is_seen(letter: str) -> bool:
    kind = unicodedata.category(letter)
    marks_a_number = kind == "Cf" and unicodedata.bidirectional(letter) == "AN"
    return letter in _JOINERS or marks_a_number or not (kind in ("Cc", "Cf", "Cs") or letter in "\ufffe\uffff")


def _kind(letter: str) -> str:
    """L or R for a letter that is written to the right or to the left, D for a digit, M for a mark on another letter.

    S and N take the direction of what is around them: S a space or a bracket, N whatever else.
    """
    if letter.isspace() or unicodedata.category(letter) in ("Ps", "Pe"):
        return "S"
    return _CLASSES.get(unicodedata.bidirectional(letter), "N")


def _kinds(text: str) -> str:
    """The kind of each letter; a mark goes with the letter that it stands on."""
    kinds = "".join(map(_kind, text))
    return re.sub("([^M])(M+)", lambda marked: marked[1] * len(marked[0]), kinds).replace("M", "N")
