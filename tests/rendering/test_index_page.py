"""The page of all published reports: what it says, and how a browser shows it."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from analysis.period import parse_when
from analysis.rendering.index_page import Listed, write_index_page

WIDTHS = (360, 768, 1440)
EVERY_RULE = {"rules": {"target-size": {"enabled": True}}}
FILES = ("claims.json", "publication.json", "report.en.html", "report.en.pdf", "report.ipynb")


def listed(period: str, revision: int = 1, toll: int = 1172, **more: Any) -> Listed:
    when = parse_when(period)
    headlines = {"all": toll, "children": 16, "women": 11, "torture": 30}
    said = {"revision": revision, "date": "2020-12-01", "headlines": headlines, "reason": "", "vintage": 0, "method": 1}
    said["quality"] = {"worst": "warning", "checks": 81, "passed": 60, "failed": 12, "not_exercised": 9}
    folder = period if revision == 1 else f"{period}.r{revision}"
    files, verification = more.pop("files", FILES), more.pop("verification", None)
    return Listed(when, folder, said | more, verification, files)


VERIFIED = {"date": "2020-12-03", "verdict": "differs", "claims": {"identical": 428, "differs": 2}}
PUBLISHED = [
    listed("2020-10"),
    listed("2020-11"),
    listed("2020-11", 2, 171, reason="A record was <b>corrected</b> & " + "very" * 60, verification=VERIFIED,
           files=(*FILES, "report.ar.html", "toll-2020-11.zip")),
    listed("2020-H2"),
    listed("2020"),
]  # fmt: skip


@pytest.fixture(scope="module")
def page() -> str:
    return write_index_page(PUBLISHED)


def text(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page.partition("</style>")[2]).split())


def test_newest_comes_first_and_a_longer_period_before_its_months(page: str) -> None:
    assert re.findall(r"<h2 [^>]+>([^<]+)</h2>", page) == [
        "2020", "The second half of 2020", "November 2020", "October 2020"
    ]  # fmt: skip


def test_order_of_folders_does_not_matter(page: str) -> None:
    assert write_index_page(reversed(PUBLISHED)) == page


def test_latest_revision_has_the_large_numbers_and_the_one_before_stays(page: str) -> None:
    november = text(page).partition("November 2020")[2].partition("October 2020")[0]
    latest, _, replaced = november.partition("Revision 1 replaced by revision 2")
    assert "171 civilians killed" in latest
    assert "1,172 civilians killed; 16 of them children" in replaced


def test_quality_and_verification_are_said(page: str) -> None:
    assert "Passed, with warnings: of 81 checks, 60 passed, 12 found something, 9 met no row" in text(page)
    assert "3 December 2020: differs (claims: 428 identical, 2 differs)" in text(page)
    assert "Not verified yet" in text(page)


def test_downloads_are_files_of_their_folder(page: str) -> None:
    links = re.findall(r'href="(2020-11\.r2/[^"]+)" aria-label="([^"]+)"', page)
    assert links == [
        ("2020-11.r2/report.en.html", "HTML (en), November 2020, revision 2"),
        ("2020-11.r2/report.ar.html", "HTML (ar), November 2020, revision 2"),
        ("2020-11.r2/report.en.pdf", "PDF, November 2020, revision 2"),
        ("2020-11.r2/claims.json", "Claims, November 2020, revision 2"),
        ("2020-11.r2/report.ipynb", "Notebook, November 2020, revision 2"),
        ("2020-11.r2/toll-2020-11.zip", "Bundle, November 2020, revision 2"),
    ]


def test_reason_is_text_and_there_is_no_script(page: str) -> None:
    assert "A record was &lt;b&gt;corrected&lt;/b&gt; &amp; very" in page
    assert "<script" not in page
    assert 'http-equiv="Content-Security-Policy" content="default-src \'none\';' in page


def test_page_without_a_report_says_so() -> None:
    assert "No report is published yet." in write_index_page([])


@pytest.fixture(scope="module", params=WIDTHS, ids=lambda width: f"{width}px")
def opened(
    request: pytest.FixtureRequest, browser: Any, page: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Any]:
    file: Path = tmp_path_factory.mktemp("index") / "index.html"
    file.write_text(page, encoding="utf-8")
    shown = browser.new_page(viewport={"width": request.param, "height": 900})
    shown.asked = []
    shown.on("request", lambda asked: shown.asked.append(asked.url))
    shown.goto(file.as_uri())
    yield shown
    shown.close()


def test_axe_finds_nothing(opened: Any) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    found = axe.Axe().run(opened, options=EVERY_RULE).response["violations"]
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == []


def test_page_asks_for_nothing_but_itself_and_never_scrolls_sideways(opened: Any) -> None:
    assert opened.asked == [opened.url]
    assert opened.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
