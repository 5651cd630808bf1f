"""The page as a browser shows it: axe-core, three widths, no request."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

axe = pytest.importorskip("axe_playwright_python.sync_playwright")

WIDTHS = (360, 768, 1440)
EVERY_RULE = {"rules": {"target-size": {"enabled": True}}}


@pytest.fixture(params=WIDTHS, ids=lambda width: f"{width}px")
def page(request: pytest.FixtureRequest, browser: Any, html: str, tmp_path: Path) -> Iterator[Any]:
    """The report at one width, with what it asked for in `page.asked`."""
    file = tmp_path / "report.html"
    file.write_text(html, encoding="utf-8")
    opened = browser.new_page(viewport={"width": request.param, "height": 900})
    opened.asked = []
    opened.on("request", lambda asked: opened.asked.append(asked.url))
    opened.goto(file.as_uri())
    yield opened
    opened.close()


@pytest.mark.parametrize("everything_open", [False, True], ids=["folded", "open"])
def test_axe_finds_nothing(page: Any, everything_open: bool) -> None:
    if everything_open:
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    found = axe.Axe().run(page, options=EVERY_RULE).response["violations"]
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == []


def test_page_asks_for_nothing_but_itself(page: Any) -> None:
    assert [url for url in page.asked if not url.startswith("data:")] == [page.url]


def test_page_never_scrolls_sideways(page: Any) -> None:
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0


def test_contents_are_shown_once(page: Any) -> None:
    shown = [one for one in page.query_selector_all("nav") if one.is_visible()]
    assert len(shown) == 1
