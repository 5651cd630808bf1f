"""Publishing: what is frozen, what is refused, where revisions go, and what the page of all reports is told."""

import json
import shutil
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from analysis.errors import BadDocument, BadParameter, CannotPublish
from analysis.files import sha256_of
from analysis.month import Month
from analysis.period import Period, When
from analysis.running.publications import folder_of, next_place, publications
from analysis.running.publishing import publish_report, write_index
from analysis.running.reports import _require_still
from analysis.toll.claims import Claim, Ledger

NOVEMBER = Month.parse("2020-11")
DAY = date(2020, 12, 1)
SEVERITIES = ("info", "warning")


def finished(
    out: Path, when: When = NOVEMBER, *, revision: int = 1, toll: int = 12, reason: str = "", edition: str = "internal"
) -> Path:
    """A finished report as small as one can be: invented claims, pages of a word, what its gate found."""
    folder, span = folder_of(out, when, revision, edition), when.span
    values = {f"civilians.{span}": toll, f"civilians.{span}.children": 3, f"civilians.{span}.women": 2,
              f"torture.{span}": 1, f"records.{span}.vintage": 4, "method.version": 1, f"quality.{span}.checks": 9,
              f"quality.{span}.passed": 6, f"quality.{span}.failed": 2, f"quality.{span}.not_exercised": 1}  # fmt: skip
    values |= {"since_revision.revision": revision} if revision > 1 else {}
    cell = new_code_cell(f"# Parameters\nmonth = {str(when)!r}\nreason = {reason!r}\nedition = {edition!r}\n")
    cell.metadata["tags"] = ["injected-parameters"]
    (folder / "tables").mkdir(parents=True)
    claims = Ledger(Claim(name, value, "people", "M1", "invented") for name, value in values.items())
    (folder / "claims.json").write_text(claims.to_json(), encoding="utf-8")
    for name in ("report.en.html", "report.en.pdf"):
        (folder / name).write_text("invented", encoding="utf-8")
    nbformat.write(new_notebook(cells=[cell]), folder / "report.ipynb")
    _write_findings(folder / "tables" / ("data-quality.csv" if span == "month" else "period-quality.csv"), SEVERITIES)
    return folder


def _write_findings(file: Path, severities: Sequence[str]) -> None:
    file.write_text("check,severity\n" + "".join(f"invented,{one}\n" for one in severities), encoding="utf-8")


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """A folder of reports with one that is finished and not published."""
    finished(tmp_path / "reports")
    return tmp_path / "reports"


def test_publishing_adds_one_file_and_changes_none(out: Path) -> None:
    before = contents(out / "2020-11")
    publish_report(out, NOVEMBER, DAY)
    after = contents(out / "2020-11")
    assert sorted(after.keys() - before.keys()) == ["publication.json"]
    assert {name: after[name] for name in before} == before
    assert sorted(path.name for path in out.iterdir()) == ["2020-11", "index.html"]


def test_publication_says_what_was_published(out: Path) -> None:
    publish_report(out, NOVEMBER, DAY)
    folder = out / "2020-11"
    told = json.loads((folder / "publication.json").read_text(encoding="utf-8"))
    assert told.pop("files") == {
        name: sha256_of(folder / name)
        for name in ("claims.json", "report.en.html", "report.en.pdf", "report.ipynb", "tables/data-quality.csv")
    }
    assert told == {
        "period": "2020-11",
        "revision": 1,
        "date": "2020-12-01",
        "headlines": {"civilians.month": 12, "civilians.month.children": 3, "civilians.month.women": 2,
                      "torture.month": 1},
        "vintage": 4,
        "method": 1,
        "quality": {"worst": "warning", "checks": 9, "passed": 6, "failed": 2, "not_exercised": 1},
        "reason": "",
        "replaces": "",
        "edition": "internal",
    }  # fmt: skip


def test_period_is_published_in_its_own_words(tmp_path: Path) -> None:
    half = Period.parse("2020-H1")
    finished(tmp_path, half)
    assert publish_report(tmp_path, half, DAY).headlines["civilians.half"] == 12
    assert "The first half of 2020" in (tmp_path / "index.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["report.ipynb", "claims.json", "report.en.html", "report.en.pdf", "tables"])
def test_what_is_not_finished_is_refused(name: str, out: Path) -> None:
    path = out / "2020-11" / name
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    with pytest.raises(CannotPublish, match=r"There is no finished report in .*Make it first: toll report 2020-11"):
        publish_report(out, NOVEMBER, DAY)
    assert not (out / "index.html").exists()


def test_report_that_nobody_made_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CannotPublish, match="There is no finished report"):
        publish_report(tmp_path, NOVEMBER, DAY)
    with pytest.raises(CannotPublish, match="There is no folder"):
        publish_report(tmp_path / "none", NOVEMBER, DAY)


def test_published_report_is_refused_and_stays(out: Path) -> None:
    publish_report(out, NOVEMBER, DAY)
    before = contents(out)
    with pytest.raises(CannotPublish, match="is published already, on 1 December 2020 as revision 1"):
        publish_report(out, NOVEMBER, date(2020, 12, 9))
    assert contents(out) == before


def test_page_that_an_interrupted_run_left_old_is_made_anew_by_the_next(out: Path) -> None:
    publish_report(out, NOVEMBER, DAY)
    page = (out / "index.html").read_bytes()
    (out / "index.html").write_text("old")
    with pytest.raises(CannotPublish):
        publish_report(out, NOVEMBER, DAY)
    assert (out / "index.html").read_bytes() == page


def test_run_goes_to_its_folder_until_the_report_is_published(out: Path) -> None:
    assert next_place(out, NOVEMBER).folder == out / "2020-11"
    publish_report(out, NOVEMBER, DAY)
    with pytest.raises(CannotPublish) as refused:
        next_place(out, NOVEMBER)
    assert str(refused.value).startswith(
        "2020-11 was published on 1 December 2020 as revision 1, and a published report is never overwritten. "
    )
    assert 'toll report 2020-11 --revision "reason"' in str(refused.value)


def test_run_that_ends_after_the_report_was_published_leaves_it_alone(out: Path) -> None:
    begun = next_place(out, NOVEMBER)
    publish_report(out, NOVEMBER, DAY)
    with pytest.raises(CannotPublish, match="never overwritten"):
        _require_still(begun, out, NOVEMBER, None)
    revision = next_place(out, NOVEMBER, "a record was corrected")
    _require_still(revision, out, NOVEMBER, "a record was corrected")
    finished(out, revision=2)
    publish_report(out, NOVEMBER, DAY)
    with pytest.raises(CannotPublish, match="Revision 2 of 2020-11 was published while this run was under way"):
        _require_still(revision, out, NOVEMBER, "a record was corrected")


def test_revision_goes_beside_what_it_replaces_and_knows_its_claims(out: Path) -> None:
    publish_report(out, NOVEMBER, DAY)
    place = next_place(out, NOVEMBER, "a record was corrected")
    assert (place.folder, place.revision) == (out / "2020-11.r2", 2)
    assert place.previous == out / "2020-11" / "claims.json"
    finished(out, revision=2, reason="a record was corrected")
    assert next_place(out, NOVEMBER, "again") == place  # until it is published it may be made again


def test_revisions_are_published_one_after_the_other(out: Path) -> None:
    first = publish_report(out, NOVEMBER, DAY)
    finished(out, revision=2, toll=11, reason="a record was corrected")
    second = publish_report(out, NOVEMBER, date(2021, 1, 5))
    assert (second.revision, second.reason) == (2, "a record was corrected")
    assert second.replaces == first.files["claims.json"]
    assert [one.headlines["civilians.month"] for one in publications(out, NOVEMBER)] == [12, 11]
    assert next_place(out, NOVEMBER, "once more").previous == out / "2020-11.r2" / "claims.json"


def test_other_periods_are_not_revisions_of_a_year(out: Path) -> None:
    publish_report(out, NOVEMBER, DAY)
    assert publications(out, Period.parse("2020")) == []
    assert next_place(out, Period.parse("2020")).folder == out / "2020"


def test_revision_is_not_published_before_what_it_replaces(out: Path) -> None:
    publish_report(out, NOVEMBER, DAY)
    finished(out, revision=2)
    with pytest.raises(BadParameter, match="Correct --date"):
        publish_report(out, NOVEMBER, date(2020, 11, 30))


def test_folder_of_another_revision_is_refused(out: Path) -> None:
    publish_report(out, NOVEMBER, DAY)
    shutil.copytree(out / "2020-11", out / "2020-11.r2", ignore=shutil.ignore_patterns("publication.json"))
    with pytest.raises(CannotPublish, match="was not made as revision 2"):
        publish_report(out, NOVEMBER, DAY)


def test_revision_of_what_is_not_published_is_refused(out: Path) -> None:
    with pytest.raises(BadParameter, match="it can be made again without --revision"):
        next_place(out, NOVEMBER, "why not")


@pytest.mark.parametrize("reason", ["", "  ", "see {{ month }}", "\u202eback to front"])
def test_reason_that_no_page_can_say_is_refused(reason: str, out: Path) -> None:
    publish_report(out, NOVEMBER, DAY)
    with pytest.raises(BadParameter, match="The reason of a revision"):
        next_place(out, NOVEMBER, reason)


def test_revision_of_a_report_that_was_edited_since_is_refused(out: Path) -> None:
    publish_report(out, NOVEMBER, DAY)
    (out / "2020-11" / "claims.json").write_text("[]")
    with pytest.raises(CannotPublish, match="is not what was published"):
        next_place(out, NOVEMBER, "a record was corrected")


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"period": "2020-11"}'])
def test_damaged_publication_is_never_taken_for_none(content: str, out: Path) -> None:
    publish_report(out, NOVEMBER, DAY)
    (out / "2020-11" / "publication.json").write_text(content)
    for ask in (
        lambda: next_place(out, NOVEMBER),
        lambda: publish_report(out, NOVEMBER, DAY),
        lambda: write_index(out),
    ):
        with pytest.raises(BadDocument, match="is damaged, or is of another report"):
            ask()


def test_copied_publication_is_of_another_report(out: Path) -> None:
    publish_report(out, NOVEMBER, DAY)
    shutil.copytree(out / "2020-11", out / "2020-10")
    with pytest.raises(BadDocument, match="of another report than its folder"):
        publications(out, Month.parse("2020-10"))


def test_full_disk_or_lack_of_rights_leaves_what_was_there(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The last step fails: the file that is to be put in place cannot be."""

    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    before = contents(out)
    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(CannotPublish, match=r"No space left on device\. What was there before is unchanged"):
        publish_report(out, NOVEMBER, DAY)
    assert contents(out) == before


def test_page_is_the_same_bytes_from_the_same_folders(out: Path) -> None:
    finished(out, Month.parse("2020-10"))
    finished(out, Period.parse("2020"))
    for when in (NOVEMBER, Period.parse("2020"), Month.parse("2020-10")):
        publish_report(out, when, DAY)
    page = (out / "index.html").read_bytes()
    assert write_index(out).read_bytes() == page
    places = [page.index(name) for name in (b">2020</h2>", b">November 2020</h2>", b">October 2020</h2>")]
    assert places == sorted(places)


def test_page_takes_its_numbers_only_from_claims_that_are_as_they_were_published(out: Path) -> None:
    publish_report(out, NOVEMBER, DAY)
    file = out / "2020-11" / "claims.json"
    file.write_text(file.read_text(encoding="utf-8").replace('"value": 12', '"value": 13'), encoding="utf-8")
    with pytest.raises(CannotPublish, match="is not what was published on 1 December 2020"):
        write_index(out)


def test_page_lists_what_is_published_and_nothing_else(out: Path) -> None:
    finished(out, Month.parse("2020-10"))
    publish_report(out, NOVEMBER, DAY)
    assert "October" not in (out / "index.html").read_text(encoding="utf-8")


def test_page_says_who_was_verified_and_when(out: Path) -> None:
    publish_report(out, NOVEMBER, DAY)
    verified = {"date": "2020-12-03", "verdict": "identical", "claims": {"identical": 430}}
    (out / "2020-11" / "verification.json").write_text(json.dumps(verified), encoding="utf-8")
    (out / "2020-11" / "toll-2020-11.zip").write_bytes(b"invented")
    page = write_index(out).read_text(encoding="utf-8")
    assert "3 December 2020: identical (claims: 430 identical)" in page
    assert 'href="2020-11/toll-2020-11.zip"' in page
    (out / "2020-11" / "verification.json").write_text("{")
    with pytest.raises(BadDocument, match=r"verification\.json is damaged"):
        write_index(out)


def test_editions_of_one_month_are_published_apart(out: Path) -> None:
    folder = finished(out, edition="public")
    publish_report(out, NOVEMBER, DAY, "public")
    assert folder.name == "2020-11.public"
    assert [one.edition for one in publications(out, NOVEMBER, "public")] == ["public"]
    assert publications(out, NOVEMBER) == []
    assert next_place(out, NOVEMBER).folder == out / "2020-11"
    assert next_place(out, NOVEMBER, "a reason", "public").folder == out / "2020-11.public.r2"
    with pytest.raises(CannotPublish, match=r"toll report 2020-11 --edition public --revision"):
        next_place(out, NOVEMBER, edition="public")
    assert "November 2020, public edition" in (out / "index.html").read_text(encoding="utf-8")


def test_a_report_of_another_edition_is_not_published_as_this_one(out: Path) -> None:
    (out / "2020-11").rename(out / "2020-11.public")
    with pytest.raises(CannotPublish, match="was not made as revision 1"):
        publish_report(out, NOVEMBER, DAY, "public")


def test_an_unknown_edition_is_refused_before_anything_is_looked_for(out: Path) -> None:
    with pytest.raises(BadParameter, match="no edition 'secret'"):
        publish_report(out, NOVEMBER, DAY, "secret")
