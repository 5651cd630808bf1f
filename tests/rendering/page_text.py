"""The words that a reader of the HTML meets, block by block, without what only the HTML has."""

from html.parser import HTMLParser

BLOCKS = {"p", "h1", "h2", "h3", "h4", "li", "td", "th", "dt", "dd", "caption", "figcaption"}
ONLY_IN_HTML = {"style", "title", "nav", "details"}
WITHOUT_END = {"meta", "img", "br", "wbr"}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.blocks: list[str] = [""]
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        only_in_html = ("class", "skip") in attrs or ("class", "back") in attrs or ("id", "notes") in attrs
        if tag not in WITHOUT_END:
            self.open.append("details" if only_in_html else tag)
        if tag in BLOCKS:
            self.blocks.append("")

    def handle_endtag(self, tag: str) -> None:
        self.open.pop()
        if tag in BLOCKS:
            self.blocks.append("")

    def handle_data(self, data: str) -> None:
        if not ONLY_IN_HTML & set(self.open):
            self.blocks[-1] += data


def text_blocks(html: str) -> list[str]:
    """Each paragraph, heading, cell, caption … as one line, in order."""
    reader = _Reader()
    reader.feed(html)
    lines = (" ".join(block.split()) for block in reader.blocks)
    return [line for line in lines if line]


def squeezed(text: str) -> str:
    """Without spaces and hyphens: a line may be broken anywhere."""
    return "".join(text.split()).replace("-", "").replace("\u00ad", "")
