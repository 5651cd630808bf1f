"""No name, number, address or contact of a record is in anything that a lower edition leaves behind (METHOD M29).

An extract full of canaries is imported; the real commands make, publish, bundle and verify the lower editions of it.
"""

import base64
import io
import json
import zipfile
from pathlib import Path

import pikepdf
import pytest
from canaries import CANARIES, IDS, PRISON, TOLD, UNTOLD, heard_in, songs
from pypdfium2 import PdfDocument

from analysis.places import ROOT

MONTH = "2020-11"


@pytest.fixture(scope="session")
def heard(lower_editions: Path) -> list[tuple[str, str]]:
    """All that is there, in files, in names, and in what is packed in files."""
    return heard_in(lower_editions)


def test_nothing_of_a_record_is_in_anything_that_a_lower_edition_leaves_behind(heard: list[tuple[str, str]]) -> None:
    assert songs(heard, CANARIES) == []


def test_no_record_id_is_in_anything_that_a_lower_edition_leaves_behind(heard: list[tuple[str, str]]) -> None:
    assert songs(heard, IDS) == []


def test_every_kind_of_file_was_walked_through(heard: list[tuple[str, str]]) -> None:
    walked = [where for where, _ in heard]
    for part in ("report.en.html", "report.en.html, picture 0", "report.en.pdf, pages", "report.en.pdf, object 9",
                 "report.ipynb, read", "claims.json", "tables/occupations.csv", "figures/months.svg", "index.html",
                 "data/report/report.en.pdf, pages", "data/records/records.csv", "manifest-sha256.txt",
                 "said/public-refused.txt", "publication.json, read"):  # fmt: skip
        assert [one for one in walked if one.endswith(part)], part


def test_the_refusal_of_a_month_says_what_is_wrong_and_names_no_record(lower_editions: Path) -> None:
    told = (lower_editions / "said" / "public-refused.txt").read_text(encoding="utf-8")
    assert "attribution.bucket_only_with_other" in told
    assert "(records r-" in told


def test_a_case_is_told_in_public_where_the_family_agreed_and_only_there(lower_editions: Path) -> None:
    pages = {edition: (lower_editions / "out" / f"{MONTH}.{edition}" / "report.en.html").read_text(encoding="utf-8")
             for edition in ("public", "auditor")}  # fmt: skip
    assert PRISON in pages["public"]
    assert "16 November 2020" in pages["public"]
    assert "the body was not handed over" in pages["public"]
    assert "Al Rastan" not in pages["public"]
    assert PRISON not in pages["auditor"]


def test_a_public_bundle_holds_no_records_and_an_auditors_bundle_pseudonyms(lower_editions: Path) -> None:
    names = {
        edition: zipfile.ZipFile(
            lower_editions / "out" / f"{MONTH}.{edition}" / f"toll-{MONTH}.{edition}.zip"
        ).namelist()
        for edition in ("public", "auditor")
    }
    assert not [one for one in names["public"] if "/records/" in one or one.endswith("recount.py")]
    assert [one for one in names["auditor"] if one.endswith("/records/records.csv")]
    assert not [one for each in names.values() for one in each if "/cases/" in one or "/incidents/" in one]


def test_a_reader_without_the_records_is_told_what_cannot_be_checked(lower_editions: Path) -> None:
    told = json.loads((lower_editions / "said" / "verify.txt").read_text(encoding="utf-8"))
    results = {one["name"]: one["result"] for one in told["verdicts"]}
    assert told["holds"]
    assert results["civilians.month"] == "withheld"
    assert results["civilians.month.rank_of_year"] == "identical"
    assert results["report.en.pdf"] == results["numbers on the pages"] == "identical"


@pytest.mark.parametrize("written", [UNTOLD, TOLD])
def test_the_written_cases_of_this_test_are_those_of_the_repository(written: str) -> None:
    assert (ROOT / "notebooks" / "texts" / "en" / "syria" / "cases" / f"{written}.md").is_file()


# --- the walk itself


def in_a_picture() -> bytes:
    drawn = base64.b64encode(b"<svg><title>Kanari</title></svg>").decode()
    return f'<img src="data:image/svg+xml;base64,{drawn}">'.encode()


def in_a_notebook() -> bytes:
    return json.dumps({"cells": [{"source": "print('حسون')"}]}).encode()  # written as \u062d…


def in_a_zip() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as opened:
        opened.writestr("inner.html", in_a_picture())
    return packed.getvalue()


def in_properties() -> bytes:
    pdf = PdfDocument.new()
    pdf.new_page(200, 200)
    blank = io.BytesIO()
    pdf.save(blank)
    with pikepdf.open(blank) as opened:
        opened.docinfo["/Author"] = "Umm Kanari"
        saved = io.BytesIO()
        opened.save(saved)
    return saved.getvalue()


def in_an_attachment() -> bytes:
    with pikepdf.open(io.BytesIO(in_properties())) as opened:
        del opened.docinfo["/Author"]
        opened.attachments["notes.txt"] = b"+963 (944) 123-987"
        saved = io.BytesIO()
        opened.save(saved)
    return saved.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("Kanari.csv", b""),
        ("a.txt", b"call 0944-123-987"),
        ("a.txt", "ka\u200bna\u00adri".encode()),
        ("a.html", in_a_picture()),
        ("a.ipynb", in_a_notebook()),
        ("a.zip", in_a_zip()),
        ("a.pdf", in_properties()),
        ("a.pdf", in_an_attachment()),
    ],
    ids=["file name", "number", "invisible marks", "picture", "notebook", "bundle", "properties", "attachment"],
)
def test_the_walk_hears_a_canary_wherever_it_sits(name: str, content: bytes, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    assert songs(heard_in(tmp_path), CANARIES)
