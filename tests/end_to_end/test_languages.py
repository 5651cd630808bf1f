"""One run, two languages: the Arabic report says what the English one says, in Arabic, and reads from right to left."""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import nbformat
import pdfua
import pikepdf
import pytest
from commands import MONTH, Made, contents, refusal, run

from analysis.audit.bundle import make_bundle
from analysis.period import parse_when
from analysis.proofreading.fixed_texts import fixed_of
from analysis.proofreading.number_check import untied
from analysis.proofreading.page_numbers import Piece, read_html
from analysis.proofreading.pdf_numbers import pdf_differences
from analysis.rendering.document import Document, Numbered, languages_shown, read_document
from analysis.rendering.markdown import Node
from analysis.toll.claims import Ledger
from analysis.toll.report_records import read_report_records

LATIN_WORDS = re.compile(r"[A-Za-z][A-Za-z'’]+(?:[ ,.;:]+[A-Za-z'’]+)+")


@pytest.fixture(scope="module")
def documents(bilingual: Path) -> dict[str, Document]:
    notebook = nbformat.read(bilingual / "report.ipynb", as_version=4)
    return {language: read_document(notebook, language) for language in languages_shown(notebook)}


@pytest.fixture(scope="module")
def pages(bilingual: Path) -> dict[str, list[Piece]]:
    return {name: read_html((bilingual / f"report.{name}.html").read_text(encoding="utf-8")) for name in ("en", "ar")}


def test_a_second_language_changes_no_claim_no_table_and_no_chart_of_the_first(bilingual: Path, good: Made) -> None:
    both, alone = contents(bilingual), contents(good.folder)
    charts = {f"figures/{Path(name).stem}.ar.svg" for name in alone if name.startswith("figures/")}
    assert set(both) - set(alone) == {"report.ar.html", "report.ar.pdf"} | charts
    # The notebook, and the page on which its code can be read, say which languages were asked for.
    assert {name for name in alone if alone[name] != both[name]} == {"report.en.html", "report.ipynb"}


def test_arabic_comes_from_the_same_count(documents: dict[str, Document]) -> None:
    assert list(documents) == ["en", "ar-SY"]
    english, arabic = (
        [(one.id, one.value, one.unit, one.rule, one.records, one.digest, one.of) for one in document.ledger.values()]
        for document in documents.values()
    )
    assert english == arabic
    assert len(english) > 800


def shape(document: Document) -> list[tuple[object, ...]]:
    """What a report consists of, without its words: headings, paragraphs, items, tables with their cells, charts."""
    return [
        (block.kind, block.number, block.block.name, cells(block))
        if isinstance(block, Numbered)
        else (block.kind, block.level, len(block.children) if block.kind == "list" else 0)
        for block in document.blocks
        if isinstance(block, Numbered) or not isinstance(block, Node) or block.kind in ("heading", "list")
    ]


def cells(numbered: Numbered) -> list[tuple[object, ...]]:
    table: Any = getattr(numbered.block, "numbers", numbered.block)
    return [tuple((cell.claim, cell.value if cell.claim else None) for cell in row.cells) for row in table.rows]


def test_no_section_block_table_or_chart_is_missing_from_one(documents: dict[str, Document]) -> None:
    english, arabic = map(shape, documents.values())
    assert english == arabic
    assert Counter(kind for kind, *_ in english)["table"] > 20


def test_every_claim_of_one_text_is_in_the_other(pages: dict[str, list[Piece]]) -> None:
    said = {name: Counter(one.claim for one in page if one.kind == "text") for name, page in pages.items()}
    del said["en"][None], said["ar"][None]
    assert said["en"] == said["ar"]
    assert len(said["en"]) > 60


def test_the_first_page_says_the_published_figures_in_arabic(documents: dict[str, Document]) -> None:
    # 172 civilians, 16 children, 11 women, 30 by torture: published on 1 December 2020.
    cover = documents["ar-SY"].cover
    assert [one.value for one in cover.headlines] == ["172", "16", "11", "30"]
    assert cover.title == (
        "مقتل 172 مدنياً في سوريا في تشرين الثاني 2020، بينهم 16 طفلاً و11 سيدة؛ وقضى بسبب التعذيب 30 شخصاً"
    )
    assert cover.direction == "rtl"


def test_no_english_is_left_on_the_arabic_page(pages: dict[str, list[Piece]]) -> None:
    left = [words for piece in pages["ar"] if piece.kind not in ("code", "style", "image")
            for words in LATIN_WORDS.findall(piece.text)]  # fmt: skip
    # Who made the map is named as they ask to be; claims, files and fields are single words.
    assert [words for words in left if words != "Natural Earth" and not re.search(r"[._]", words)] == []


def test_page_and_pdf_say_language_and_direction(bilingual: Path) -> None:
    html = (bilingual / "report.ar.html").read_text(encoding="utf-8")
    assert '<html lang="ar-SY" dir="rtl">' in html
    with pikepdf.open(bilingual / "report.ar.pdf") as pdf:
        assert str(pdf.Root.Lang) == "ar-SY"
    assert [found.message for found in pdfua.validate(bilingual / "report.ar.pdf").findings] == []


def test_a_language_without_texts_is_refused_before_anything_runs(records: Path, tmp_path: Path) -> None:
    ran = run("toll", "report", MONTH, "--language", "en,fr", "--records", records, "--out", tmp_path, cwd=tmp_path)
    assert refusal(ran, 2).startswith("The language 'en,fr' cannot be used: no texts are written in 'fr'.")
    assert list(tmp_path.iterdir()) == []


def test_a_number_that_only_the_arabic_pdf_or_only_the_page_has_is_found(
    documents: dict[str, Document], pages: dict[str, list[Piece]], bilingual: Path
) -> None:
    pieces, pdf = pages["ar"], (bilingual / "report.ar.pdf").read_bytes()
    assert pdf_differences(pieces, pdf, documents["ar-SY"]) == []
    at = next(nth for nth, one in enumerate(pieces) if one.claim == "civilians.month" and one.kind == "text")
    edited = [*pieces[:at], pieces[at]._replace(text="173"), *pieces[at + 1 :]]
    (found,) = pdf_differences(edited, pdf, documents["ar-SY"])
    assert (found.words, found.why) == ("172", "the page says 173 there")


@pytest.fixture(scope="module")
def untied_when(documents: dict[str, Document], bilingual: Path, records: Path) -> Callable[[str, str], list[str]]:
    """What the check of the numbers says of the Arabic page once something on it is put in the place of another."""
    document, read = documents["ar-SY"], read_report_records(MONTH, location=str(records))
    fixed, html = fixed_of(document, read), (bilingual / "report.ar.html").read_text(encoding="utf-8")

    def found(stands: str, put: str) -> list[str]:
        assert stands in html
        edited = read_html(html.replace(stands, put, 1))
        return [one.words for one in untied(edited, document.ledger, fixed, when=read.when, language="ar-SY")]

    return found


def test_every_number_word_and_comparison_of_the_arabic_page_is_tied(untied_when: Callable[..., list[str]]) -> None:
    assert untied_when("</main>", "</main>") == []


@pytest.mark.parametrize(
    ("stands", "put", "words"),
    [
        ('#claim-civilians.month" class="claim">172<', '#claim-civilians.month" class="claim">173<', "173"),
        ('#claim-civilians.month.party.russia" class="claim">', '#claim-civilians.month.party.isis" class="claim">',
         "مدني واحد"),  # ISIS killed eleven
        ("بزيادة ", "بنقصان ", "بنقصان 46 مدنيا عن تشرين"),
        (">أعلى<", ">ثاني أعلى<", "ثاني اعلى"),
        (">قرابة 27", ">قرابة 28", "28"),
        ("كل رقم في هذا التقرير", "ثلاثة أرقام في هذا التقرير", "ثلاثة"),
        ("كل رقم في هذا التقرير", "وأكبر رقم في هذا التقرير", "واكبر"),
        ("كل رقم في هذا التقرير", "والأرقام 12 في هذا التقرير", "12"),
        ("قوات النظام السوري 39", "قوات النظام السوري 40", "40"),
    ],
)  # fmt: skip
def test_an_arabic_number_that_no_claim_has_is_found(
    stands: str, put: str, words: str, untied_when: Callable[..., list[str]]
) -> None:
    assert any(words in found for found in untied_when(stands, put)), untied_when(stands, put)


def test_a_title_may_say_a_number_in_a_word_that_is_written_together_with_its_particle(
    documents: dict[str, Document], bilingual: Path, records: Path
) -> None:
    page = (bilingual / "report.ar.html").read_text(encoding="utf-8")
    titles = [one for one in read_html(page.replace("و11 سيدة", "وتسع سيدات")) if one.kind == "title"]
    assert any("وتسع سيدات" in one.text for one in titles)
    document, read = documents["ar-SY"], read_report_records(MONTH, location=str(records))
    fixed, nine = fixed_of(document, read), {"civilians.month.women": 9}
    ledger = Ledger(replace(one, value=nine.get(one.id, one.value)) for one in document.ledger.values())
    said = {"when": read.when, "language": document.cover.language}
    assert untied(titles, ledger, fixed, **said) == []
    assert {one.words for one in untied(titles, document.ledger, fixed, **said)} == {"وتسع"}


def test_a_report_in_several_languages_is_packed_with_all_its_pages(
    bilingual: Path, records: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOLL_KEYS", str(tmp_path))
    made = make_bundle(parse_when(MONTH), bilingual, location=str(records), out=tmp_path / "toll.zip")
    packed = {name.rpartition("/")[2] for name in ZipFile(made).namelist() if "/report/" in name}
    assert {"report.en.html", "report.ar.html", "report.en.pdf", "report.ar.pdf"} <= packed
