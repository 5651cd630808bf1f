"""The pages of the sample month as people see them: in both languages, at three widths, in print and in grey.

Each is compared with a picture in pictures/ that somebody has looked at. `make pictures` renews them: look at them
again before you commit them.
"""

import base64
import io
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2
import pytest
from PIL import Image

from analysis.places import DATA

axe = pytest.importorskip("axe_playwright_python.sync_playwright")

PICTURES = Path(__file__).with_name("pictures")
RENEW = bool(os.environ.get("RENEW_PICTURES"))
LANGUAGES = ("en", "ar")
WIDTHS = (360, 768, 1440)
HEIGHT = 2600
PAPER_PAGES = (1, 3, 6, 8)  # cover, text, charts, map
SMALLER = 3  # letters turn to grey: what is compared is where things are and how dark
# Of the whole range from black to white: letters drawn by another version of the browser stay below, a missing or
# mirrored block does not.
MEAN, STRONG, SHARE_OF_STRONG = 0.015, 0.25, 0.01
# The machine's letters differ from one to the next; the project's own do not.
FONTS = {"Noto Sans": "NotoSans", "Noto Sans Arabic": "NotoSansArabic", "Noto Naskh Arabic": "NotoNaskhArabic"}
STACKS = '"Noto Sans Arabic", "Noto Sans"', '"Noto Naskh Arabic", "Noto Sans"'
# What is in order is counted but not described: a page has ten thousand elements.
EVERY_RULE = {"rules": {"target-size": {"enabled": True}}, "resultTypes": ["violations"], "selectors": False}


def letters() -> str:
    """A style sheet that brings the project's letters along."""
    faces = [
        f'@font-face {{ font-family: "{family}"; font-weight: {weight}; src: url(data:font/ttf;base64,{data}); }}'
        for family, stem in FONTS.items()
        for weight, name in ((400, "Regular"), (700, "Bold"))
        for data in [base64.b64encode((DATA / "fonts" / f"{stem}-{name}.ttf").read_bytes()).decode()]
    ]
    sans, serif = STACKS
    return "\n".join([*faces, f"html, html[lang] {{ --sans: {sans}; --serif: {serif}; --mono: {sans}; }}"])


@pytest.fixture(
    params=[(language, width) for language in LANGUAGES for width in WIDTHS], ids=lambda one: "-".join(map(str, one))
)
def seen(request: pytest.FixtureRequest, browser: Any, bilingual: Path) -> Iterator[tuple[str, Any]]:
    """The report's page in one language at one width, and its name."""
    language, width = request.param
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.asked = []
    page.on("request", lambda asked: page.asked.append(asked.url))
    page.goto((bilingual / f"report.{language}.html").as_uri())
    yield f"{language}-{width}", page
    page.close()


def test_page_is_for_all_asks_for_nothing_and_looks_as_it_did(seen: tuple[str, Any]) -> None:
    name, page = seen
    assert [url for url in page.asked if not url.startswith("data:")] == [page.url]
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
    found = axe.Axe().run(page, options=EVERY_RULE).response["violations"]
    assert [(one["id"], [node["html"][:200] for node in one["nodes"]]) for one in found] == []
    page.add_style_tag(content=letters())
    page.evaluate("document.fonts.ready")
    width = page.viewport_size["width"]
    shot = page.screenshot(clip={"x": 0, "y": 0, "width": width, "height": HEIGHT}, full_page=True)
    compare(Image.open(io.BytesIO(shot)), name)


@pytest.mark.parametrize("language", LANGUAGES)
def test_printed_pages_look_as_they_did(language: str, bilingual: Path) -> None:
    pdf = pypdfium2.PdfDocument(bilingual / f"report.{language}.pdf")
    try:
        for number in PAPER_PAGES:
            compare(pdf[number - 1].render(scale=1.5).to_pil(), f"{language}-page-{number}")
    finally:
        pdf.close()


def compare(picture: Image.Image, name: str) -> None:
    """Hold a picture, small and in grey, against the one that somebody has looked at."""
    small = picture.convert("L").resize((picture.width // SMALLER, picture.height // SMALLER), Image.Resampling.BOX)
    file = PICTURES / f"{name}.png"
    if RENEW:
        PICTURES.mkdir(exist_ok=True)
        small.save(file, optimize=True)
    known = Image.open(file)
    assert small.size == known.size
    apart = np.abs(np.asarray(small, float) - np.asarray(known, float)) / 255
    strong = float((apart > STRONG).mean())
    assert (apart.mean() < MEAN, strong < SHARE_OF_STRONG) == (True, True), (
        f"{name} looks otherwise: {apart.mean():.3f} in the mean, {strong:.1%} of it strongly. If it should, renew the "
        "pictures with `make pictures`, look at them, and commit them."
    )


def test_a_mirrored_chart_would_be_seen() -> None:
    page = Image.open(PICTURES / "ar-page-6.png")
    apart = np.abs(np.asarray(page, float) - np.asarray(page, float)[:, ::-1]) / 255
    assert float((apart > STRONG).mean()) > 2 * SHARE_OF_STRONG
