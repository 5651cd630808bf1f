"""The quick reading of a page's markup and Python's own parser hand on the same."""

from html.parser import HTMLParser

import pytest
from small_report import small_report

from analysis.proofreading.page_markup import TOKEN, feed
from analysis.rendering.html_writer import write_html


class Heard(HTMLParser):
    """Everything that is handed on but the places where a word may be broken, words between two tags as one."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[tuple[str, object]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag != "wbr":
            self.told.append((tag, attrs))

    def handle_endtag(self, tag: str) -> None:
        self.told.append((f"/{tag}", None))

    def handle_data(self, data: str) -> None:
        before = str(self.told.pop()[1]) if self.told and self.told[-1][0] == "" else ""
        self.told.append(("", before + data))


def by_the_parser(html: str) -> list[tuple[str, object]]:
    heard = Heard()
    heard.feed(html)
    heard.close()
    return heard.told


def quickly(html: str) -> list[tuple[str, object]]:
    heard = Heard()
    feed(heard, html)
    return heard.told


@pytest.fixture(scope="module")
def page() -> str:
    return write_html(small_report())


def test_a_reports_page_is_read_quickly_and_as_the_parser_reads_it(page: str) -> None:
    assert not any(other for *_, other in TOKEN.findall(page))
    assert quickly(page) == by_the_parser(page) != []


@pytest.mark.parametrize(
    "markup",
    [
        "<!-- 5 --><p>6",
        "<p>7 < 8</p>",
        "<P Title=9>10</P>",
        "<p title='11'>12</p>",
        '<p title="1<wbr>3">1<wbr>4</p>',
        '<p title="&copy=15 &#49;6">&#49;7 &am<wbr>p; &lt;18&gt;</p>',
        '<p title="19" title="20" hidden>21<br/>22</p>',
        "<script>'<p>23</p>'</script>",
        "<style>a::after { content: '&#50;4 <b>' }</style>",
        "<style>25<wbr></style>",
        "<title>&#50;6 <b>27</b></title>",
        "<textarea><p>28</p></textarea>",
        "<![CDATA[29]]><?30?><!31>",
        "</p></p 32><p\n>33",
        '<p title="34>35</p>',
        "36 &",
        "37 <",
        "<a<wbr>b>38",
    ],
)
def test_any_other_markup_is_read_as_the_parser_reads_it(markup: str, page: str) -> None:
    for whole in (markup, f"<p>{markup}</p>", page.replace("<h2", f"{markup}<h2", 1)):
        assert quickly(whole) == by_the_parser(whole)
