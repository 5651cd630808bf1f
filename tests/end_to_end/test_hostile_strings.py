"""Whatever stands in records is shown as text: hostile strings go through import, report and a real browser.

tests/data/hostile-strings.jsonl holds them by kind. Each is the id of a record, and so on the page's lists of records;
some are ids of massacres, which stand in prose, tables, claims and the PDF; most stand in the notice of the first page.
"""

import csv
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
import yaml
from commands import run
from invented_records import text_records

from analysis.toll.definitions import incident_code

DATA = Path(__file__).parent.parent / "data" / "hostile-strings.jsonl"
STRINGS = [json.loads(line) for line in DATA.read_text(encoding="utf-8").splitlines()]
MONTH, CASE = "2020-11", "SY-2020-11-0062"
# One word: a word of its own that is the id of a record would be taken for that.
PRISON = "prison<script>alert(1)</script><img/src=x/onerror=alert(1)>[x](javascript:alert(1))#eval(1)$x$"
UNSEEN = ("control", "direction", "invisible", "long")  # not in the notice: they are not shown letter by letter
FIELDS = """incident_id status verification sex age_group date_documented date_of_death governorate party torture cause
    place_of_custody date_of_arrest date_of_arrest_precision date_of_notice informant body"""


def cleaned(text: str) -> str:
    """What an import makes of a text: without controls and marks of direction, and without spaces around it."""
    kept = [one for one in text if one in "\t\n\r" or not (ord(one) < 32 or 127 <= ord(one) < 160)]
    return re.sub("[\u200e\u200f\u202a-\u202e\u2066-\u2069]", "", "".join(kept)).strip()


def of_kind(*kinds: str) -> list[str]:
    return [one["text"] for one in STRINGS if one["kind"] in kinds]


ALL = [one["text"] for one in STRINGS]
SEEN = [one["text"] for one in STRINGS if one["kind"] not in UNSEEN and "\n" not in one["text"]]
MASSACRES = [next(iter(of_kind(kind))) for kind in ("html", "markdown", "typst", "json", "spreadsheet", "mathtext",
                                                     "path", "direction")]  # fmt: skip


def extract() -> Any:
    rows: list[dict[str, str]] = [{"record_id": text, "place": ""} for text in ALL]
    for nth, incident in enumerate(MASSACRES):
        for row in rows[5 * nth : 5 * nth + 5]:
            row["incident_id"] = incident
    told = {"record_id": CASE, "torture": "true", "cause": "torture", "date_of_arrest": "2019-10-01",
            "date_of_arrest_precision": "month", "date_of_notice": "2020-11-16", "informant": "former_detainee",
            "body": "not_returned", "place_of_custody": PRISON}  # fmt: skip
    return text_records(*rows, told)


@pytest.fixture(scope="session")
def made(shared: Any) -> Path:
    """The internal edition of a month of hostile strings, made by the real commands."""

    def make(folder: Path) -> None:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        file = folder / "<img src=x onerror=alert(1)> #eval.csv"
        extract().to_csv(file, index=False, quoting=csv.QUOTE_ALL)
        mapping = {
            "source": "hostile", "title": SEEN[0], "producer": "Nobody", "complete": True,
            "notice_en": " / ".join(SEEN), "record_id": {"columns": ["record_id"]},
            "fields": {field: {"column": field} for field in FIELDS.split()},
        }  # fmt: skip
        (folder / "hostile.yml").write_text(yaml.safe_dump(mapping), encoding="utf-8")
        for words in (
            ("import", file, "--mapping", folder / "hostile.yml", "--records", folder / "records"),
            ("report", MONTH, "--records", folder / "records", "--out", folder / "out"),
        ):
            ran = run("toll", *words, cwd=folder)
            assert ran.returncode == 0, ran.stdout + ran.stderr

    return shared("hostile", make) / "out" / MONTH


@pytest.fixture(params=["as it is", "without its policy"])
def page(request: pytest.FixtureRequest, made: Path, browser: Any, tmp_path: Path) -> Iterator[Any]:
    """The page in a browser, what happened in `page.seen`; once without the policy that forbids scripts and more."""
    html = (made / "report.en.html").read_text(encoding="utf-8")
    if request.param != "as it is":
        html, removed = re.subn(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", html)
        assert removed == 1
    file = tmp_path / "report.html"
    file.write_text(html, encoding="utf-8")
    opened = browser.new_page()
    opened.seen = []
    opened.on("request", lambda asked: opened.seen.append(asked.url))
    opened.on("dialog", lambda dialog: (opened.seen.append(f"a dialog: {dialog.message}"), dialog.dismiss()))
    opened.on("console", lambda said: opened.seen.append(f"the console: {said.text}"))
    opened.on("pageerror", lambda error: opened.seen.append(f"an error: {error}"))
    opened.goto(file.as_uri())
    opened.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    yield opened
    opened.close()


def test_there_are_at_least_a_hundred_hostile_strings_and_no_two_alike() -> None:
    assert len(set(map(cleaned, ALL))) == len(ALL) >= 100


def test_no_script_runs_and_nothing_is_asked_for(page: Any) -> None:
    assert [one for one in page.seen if not one.startswith("data:image/svg+xml;base64,")] == [page.url]


def test_no_string_has_become_an_element(page: Any) -> None:
    found = page.evaluate("""() => [...document.querySelectorAll('*')].flatMap(one => [
        ...(['SCRIPT', 'IFRAME', 'OBJECT', 'EMBED', 'FORM', 'INPUT', 'BASE', 'VIDEO', 'MARQUEE', 'TEMPLATE', 'LINK',
             'NOSCRIPT', 'SVG', 'MATH'].includes(one.tagName.toUpperCase()) ? [one.tagName] : []),
        ...[...one.attributes].filter(it => it.name.startsWith('on') || it.name === 'srcdoc').map(it => it.name),
        ...(one.tagName === 'IMG' && !one.src.startsWith('data:image/svg+xml;base64,') ? [one.src] : []),
        ...(one.tagName === 'A' && /^(javascript|data|file):/i.test(one.getAttribute('href')) ? [one.href] : []),
        ...(one.tagName === 'A' && one.href.includes('evil.example') ? [one.href] : []),
    ])""")
    assert found == []


def test_every_string_is_shown_as_the_text_that_it_is(page: Any) -> None:
    shown = set(
        page.evaluate("""() => [...document.querySelectorAll('details.records dd')].flatMap(
        one => one.className === 'ids' ? one.textContent.split('\\n') : [one.textContent])""")
    )
    assert {cleaned(text).replace("\r\n", "\n") for text in ALL} <= shown


def test_strings_stand_in_the_notice_in_prose_and_in_tables_as_they_are(page: Any) -> None:
    assert " / ".join(SEEN) in page.evaluate("document.querySelector('.notices').textContent")
    prose = page.evaluate("[...document.querySelectorAll('main > p, main li')].map(one => one.textContent).join('\\n')")
    claims = page.evaluate("[...document.querySelectorAll('tbody th')].map(one => one.textContent)")
    for incident in map(cleaned, MASSACRES):
        assert incident in prose
        assert f"massacres.month.incident.{incident_code(incident)}.deaths" in claims
    assert PRISON in prose


def test_a_link_to_a_claim_of_a_hostile_name_leads_to_its_row(page: Any) -> None:
    lost = page.evaluate("""() => [...document.querySelectorAll('a[href^="#"]')].filter(
        one => !document.getElementById(decodeURIComponent(one.hash.slice(1)))).map(one => one.getAttribute('href'))""")
    assert lost == []


def test_the_pdf_shows_them_as_text(made: Path) -> None:
    read = pypdfium2.PdfDocument(made / "report.en.pdf")
    text = re.sub(r"\s+", "", "".join(page.get_textpage().get_text_range() for page in read))
    links = [one for one in (made / "report.en.pdf").read_bytes().split(b"/URI") if b"evil.example" in one[:80]]
    read.close()
    for one in [*of_kind("typst"), *map(cleaned, MASSACRES)]:
        assert re.sub(r"\s+|\u00ad", "", one) in text, one
    assert links == []


def test_claims_and_notebook_are_json_that_says_the_same(made: Path) -> None:
    claims = json.loads((made / "claims.json").read_text(encoding="utf-8"))
    ids = {one["id"] for one in claims}
    assert len(claims) == len(ids)
    assert {f"massacres.month.incident.{incident_code(cleaned(one))}.deaths" for one in MASSACRES} <= ids
    assert next(one["value"] for one in claims if one["id"] == "civilians.month") == len(ALL) + 1


def test_no_cell_of_a_table_begins_a_formula(made: Path) -> None:
    for file in sorted((made / "tables").glob("*.csv")):
        with file.open(encoding="utf-8", newline="") as opened:
            cells = [cell for row in csv.reader(opened) for cell in row]
        bad = [one for one in cells if re.match(r"\s*[=+\-@\uff1d\uff0b\uff0d\uff20]", one)]
        assert not [one for one in bad if not re.fullmatch(r"[+-]?\d+(\.\d+)?", one)], file.name


def test_no_file_is_named_by_a_record(made: Path) -> None:
    names = [path.relative_to(made).as_posix() for path in made.rglob("*")]
    assert not [one for one in names if not re.fullmatch(r"[a-z0-9./-]+", one)]
