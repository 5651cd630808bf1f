"""The page of all published reports: what it says, and how a browser shows it."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from analysis.errors import TotalsDisagree
from analysis.period import parse_when
from analysis.rendering.index_page import Listed, write_index_page
from analysis.toll.claims import Claim, Ledger

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
    claims = Ledger(invented_claims(when.span, toll, more.pop("places", {})))
    return Listed(when, folder, said | more, verification, files, claims)


def invented_claims(span: str, toll: int, places: dict[str, int]) -> Iterator[Claim]:
    yield Claim(f"civilians.{span}", toll, "people", "M1", "civilians killed; then")
    for code, deaths in places.items():
        where = f"civilians killed; then; province {code.replace('_', ' ')}"
        yield Claim(f"civilians.{span}.governorate.{code}", deaths, "people", "M8", where)


VERIFIED = {"date": "2020-12-03", "verdict": "differs", "claims": {"identical": 428, "differs": 2}}
PUBLISHED = [
    listed("2020-08", toll=1200, places={"not_recorded": 200, "north": 960, "far_south": 40, "unknown": 0}),
    listed("2020-10"),
    listed("2020-11"),
    listed("2020-11", 2, 171, places={"north": 1, "far_south": 170, "unknown": 0, "not_recorded": 0},
           reason="A record was <b>corrected</b> & " + "very" * 60, verification=VERIFIED,
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
    assert re.findall(r'<h2 id="period[^>]+>([^<]+)</h2>', page) == [
        "2020", "The second half of 2020", "November 2020", "October 2020", "August 2020"
    ]  # fmt: skip


def test_order_of_folders_does_not_matter(page: str) -> None:
    assert write_index_page(reversed(PUBLISHED)) == page


def test_latest_revision_has_the_large_numbers_and_the_one_before_stays(page: str) -> None:
    november = text(page).partition("November 2020 171")[2].partition("October 2020 1,172")[0]
    latest, _, replaced = november.partition("Revision 1 replaced by revision 2")
    assert latest.startswith(" civilians killed")
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


def test_strip_has_every_month_between_by_its_latest_revision_and_says_which_are_not_published(page: str) -> None:
    strip = page.partition('<ol class="strip">')[2].partition("</ol>")[0]
    assert re.findall(r'<a href="([^"]+)">', strip) == [
        "2020-08/report.en.html", "2020-10/report.en.html", "2020-11.r2/report.en.html"
    ]  # fmt: skip
    assert text("</style>" + strip) == (
        "1,200 Aug 2020 Passed, with warnings Sep 2020 Not published 1,172 Oct 2020 Passed, with warnings "
        "171 Nov 2020 Passed, with warnings; revision 2"
    )


@pytest.mark.parametrize("internal_first", [True, False])
def test_strip_takes_the_internal_edition_where_it_is_published_too(internal_first: bool) -> None:
    both = [listed("2020-11", toll=12), listed("2020-11", toll=11, edition="public")]
    assert "<b>12</b> <span>Nov 2020" in write_index_page(both if internal_first else reversed(both))
    assert "<b>11</b> <span>Nov 2020" in write_index_page(both[1:])


def test_bars_of_the_strip_have_one_scale(page: str) -> None:
    # 1,172 and 171 of 1,200 are 97.7 and 14.3 percent (14.25, rounded by the binary number just above)
    assert re.findall(r'<rect y="[^"]+" width="6" height="([^"]+)"', page) == ["100.0", "97.7", "14.2"]


def test_each_place_has_a_chart_in_words_and_stands_in_the_table(page: str) -> None:
    """A place that no month counts anybody under unknown has none; a month that names no place is left open."""
    assert re.findall(r'alt="([^"]+)"', page) == [
        "North: August 2020 960 and November 2020 1.",
        "Far south: August 2020 40 and November 2020 170.",
        "Not recorded: August 2020 200 and November 2020 0.",
    ]
    table = text("</style>" + page.partition('<th scope="col">Place</th>')[2].partition("</table>")[0])
    assert table == (
        "Aug 2020 Sep 2020 Oct 2020 Nov 2020 North 960 1 Far south 40 170 Not recorded 200 0 All 1,200 1,172 171"
    )
    assert page.count('src="data:image/svg+xml;base64,') == 3


def test_places_that_do_not_add_up_to_the_toll_are_not_shown() -> None:
    with pytest.raises(TotalsDisagree, match="add up to 170, and its toll is 171"):
        write_index_page([listed("2020-11", toll=171, places={"north": 1, "far_south": 169})])


def test_longer_periods_alone_have_no_strip() -> None:
    assert 'class="strip"' not in write_index_page([listed("2020")]).partition("</style>")[2]


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
    opened.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    found = axe.Axe().run(opened, options=EVERY_RULE).response["violations"]
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == []


def test_page_asks_for_nothing_but_itself_and_never_scrolls_sideways(opened: Any) -> None:
    opened.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    assert [url for url in opened.asked if not url.startswith("data:")] == [opened.url]
    assert opened.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
