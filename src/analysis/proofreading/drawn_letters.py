"""The words drawn in a chart: its letters are outlines, each known by the glyph that it is."""

import re
from functools import cache
from xml.etree import ElementTree

from matplotlib.ft2font import FT2Font

from analysis.places import DATA
from analysis.sections.style import read_style

SVG, XLINK = "{http://www.w3.org/2000/svg}", "{http://www.w3.org/1999/xlink}"
UNKNOWN = "\ufffd"  # a letter that has no shape, or that no font of ours has
GLYPH = re.compile(r"#(?P<font>[\w-]+)-(?P<glyph>[0-9a-f]+)")


def labels_of(svg: str) -> list[str]:
    """The words drawn in a chart, by the glyphs that its letters are: what its comments say proves nothing."""
    drawn, found = ElementTree.fromstring(svg), []
    shapes = {f"#{path.get('id')}" for path in drawn.iter(f"{SVG}path")}
    for group in drawn.iter(f"{SVG}g"):
        letters = [use.get(f"{XLINK}href", "") for use in group.findall(f"{SVG}use")]
        words = "".join(letter_of(one) if one in shapes or not one.startswith("#Noto") else UNKNOWN for one in letters)
        found += [words.strip()] if words.strip() else []
    return found + [" ".join("".join(text.itertext()).split()) for text in drawn.iter(f"{SVG}text")]


def letter_of(reference: str) -> str:
    """The letter of a glyph such as #NotoSans-Bold-2d; the empty mark for a glyph or a font that is not ours."""
    named = GLYPH.fullmatch(reference)
    return _letters().get(named["font"], {}).get(int(named["glyph"], 16), UNKNOWN) if named else ""


@cache
def _letters() -> dict[str, dict[int, str]]:
    """For each of the charts' fonts, the letter that a glyph shows."""
    fonts = [FT2Font(str(DATA / "fonts" / file)) for family in read_style().fonts for file in family.values()]
    return {
        font.postscript_name: {glyph: chr(letter) for letter, glyph in reversed(font.get_charmap().items())}
        for font in fonts
    }
