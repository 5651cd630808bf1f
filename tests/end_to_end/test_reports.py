"""`toll report` of the sample month: what is made, and that it is made the same on any day and any machine."""

import json
from pathlib import Path

import pytest
from commands import WHOLE, Made, contents, names, tracked

from analysis.places import ROOT

# Issue 2, "It is done when"; published by the Syrian Network for Human Rights on 1 December 2020.
HEADLINES = {
    "civilians.month": 172,
    "civilians.month.children": 16,
    "civilians.month.women": 11,
    "torture.month": 30,
}


def claims_of(folder: Path) -> list[dict[str, object]]:
    return json.loads((folder / "claims.json").read_text(encoding="utf-8"))


def test_import_says_vintage_and_number_of_records(imported: Path) -> None:
    # 1,734 civilians were killed in 2020 as published: one record each.
    said = (imported / "stdout").read_text(encoding="utf-8")
    first, second, *_ = said.splitlines()
    assert first == f"{imported / 'records'}: vintage 0, 1734 records from records.csv."
    assert second.strip() == "1,734 rows read = 1,734 accepted + 0 quarantined + 0 left out by the mapping"


def test_report_is_whole(good: Made) -> None:
    assert names(good.folder) == WHOLE
    assert (good.folder / "report.en.html").read_text(encoding="utf-8").lower().startswith("<!doctype html>")
    assert (good.folder / "report.en.pdf").read_bytes().startswith(b"%PDF-")
    assert (good.folder / "report.en.pdf").read_bytes().rstrip().endswith(b"%%EOF")


def test_every_figure_has_its_numbers_beside_it(good: Made) -> None:
    figures = {path.stem for path in (good.folder / "figures").iterdir()}
    assert len(figures) >= 7
    assert figures <= {path.stem for path in (good.folder / "tables").iterdir()}


def test_nothing_but_the_report_is_left(good: Made) -> None:
    assert names(good.folder.parent) == ["2020-11"]
    assert names(good.folder.parent.parent) == ["reports", "stdout"]


def test_headline_is_printed_with_the_files(good: Made) -> None:
    first, *files = good.stdout.splitlines()
    assert first == "2020-11: 172 civilians, 16 children, 11 women; 30 due to torture."
    printed = [Path(part) for line in files for part in line.split(",")]
    assert sorted(Path(str(path).strip()).name for path in printed) == WHOLE
    assert all(Path(str(path).strip()).exists() for path in printed)


def test_json_answer_names_files_and_headlines(made_elsewhere: Made) -> None:
    answer = json.loads(made_elsewhere.stdout)
    assert answer["month"] == "2020-11"
    assert answer["folder"] == str(made_elsewhere.folder)
    assert answer["claims"] == HEADLINES
    assert sorted(answer["files"]) == sorted(contents(made_elsewhere.folder))


def test_claims_are_a_list_of_complete_objects(good: Made) -> None:
    claims = claims_of(good.folder)
    assert len(claims) > 100
    wanted = {"id", "value", "unit", "rule", "where", "records", "digest", "basis"}
    assert [claim["id"] for claim in claims if wanted - set(claim)] == []
    assert len({claim["id"] for claim in claims}) == len(claims)


def test_claims_hold_the_headlines(good: Made) -> None:
    values = {claim["id"]: claim["value"] for claim in claims_of(good.folder)}
    assert {claim: values[claim] for claim in HEADLINES} == HEADLINES


def test_two_reports_at_once_leave_one_whole_report(made_elsewhere: Made) -> None:
    assert names(made_elsewhere.folder) == WHOLE
    assert names(made_elsewhere.folder.parent) == ["2020-11"]


def test_equal_records_make_equal_bytes_wherever_and_whenever(good: Made, made_elsewhere: Made) -> None:
    ours, theirs = contents(good.folder), contents(made_elsewhere.folder)
    assert sorted(ours) == sorted(theirs)
    assert [name for name in ours if ours[name] != theirs[name]] == []


@pytest.mark.parametrize("name", ["claims.json", "report.en.html", "report.ipynb"])
def test_no_path_of_the_machine_is_in_the_report(name: str, good: Made, records: Path) -> None:
    text = (good.folder / name).read_text(encoding="utf-8")
    assert str(ROOT) not in text
    assert str(records) not in text


def test_tracked_november_is_what_a_fresh_run_gives(good: Made) -> None:
    sample = ROOT / "reports" / "2020-11"
    assert sample.is_dir(), "reports/2020-11 is tracked: make report MONTH=2020-11, and commit its claims and tables."
    assert tracked(contents(sample)) == tracked(contents(good.folder))
