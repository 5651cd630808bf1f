"""`toll report 2020-06+2020-H1`: a month and the period that it ends, in one document, from one ledger."""

import csv
import json
import re
import shutil
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from commands import Shared, contents, refusal, run

from analysis.audit.bundle import PAYLOAD
from analysis.audit.unpacking import unpacked
from analysis.audit.verify import verify
from analysis.errors import BadMonth
from analysis.period import MonthAndPeriod, when_of
from analysis.quality.kept import check_month
from analysis.running.batch import plan_batch
from analysis.running.orders import Order
from analysis.running.publishing import parameters_of
from analysis.running.reports import BOTH, notebook_of
from analysis.sections.stories import Stories, month_and_period_stories, month_stories, period_stories
from analysis.toll.periodic import period_findings
from analysis.toll.report_records import ReportRecords, read_report_records

JUNE, NAME = "2020-06+2020-H1", "toll-2020-06.zip"


@pytest.fixture(scope="session")
def out(shared: Shared, records: Path) -> Path:
    """The report of June 2020 with that of the first half of 2020, in both languages, published and packed."""

    def make(folder: Path) -> None:
        (folder / "keys").mkdir()
        told = "--records", records, "--out", folder / "reports"
        for words in (
            ("batch", JUNE, *told, "--language", "en,ar"),
            ("publish", JUNE, "--out", folder / "reports", "--date", "2020-07-01"),
            ("bundle", JUNE, *told),
        ):
            ran = run("toll", *words, cwd=folder, TOLL_KEYS=str(folder / "keys"))
            assert ran.returncode == 0, ran.stderr

    return shared("month_and_period", make) / "reports"


@pytest.fixture(scope="session")
def claims(out: Path) -> dict[str, dict[str, Any]]:
    return {one["id"]: one for one in json.loads((out / "2020-06" / "claims.json").read_text(encoding="utf-8"))}


def ledger_of(stories: Stories) -> dict[str, dict[str, Any]]:
    return {one.id: asdict(one) | {"of": list(one.of)} for one in stories[0].ledger.values()}


def read(when: str, sample_table: str) -> ReportRecords:
    return read_report_records(when, location=sample_table)


def test_its_claims_are_those_of_the_two_reports_and_no_others(
    claims: dict[str, dict[str, Any]], sample_table: str
) -> None:
    month, half = read("2020-06", sample_table), read("2020-H1", sample_table)
    checked = check_month(month.window, month.month, profile=month.profile)
    of_month = ledger_of(month_stories(month, checked, [], languages="en")[0])
    of_half = ledger_of(period_stories(half, period_findings(half), languages="en")[0])
    assert claims == of_month | of_half
    assert [*claims] == list(dict.fromkeys([*of_month, *of_half]))
    # What both claim are the parameters of the method; of 2020-06 96 were published, of January to June 1,006 in all.
    assert {one.partition(".")[0] for one in of_month.keys() & of_half.keys()} == {"method"}
    assert (claims["civilians.month"]["value"], claims["civilians.half"]["value"]) == (96, 1006)


def test_december_with_its_year_gives_the_published_tolls(sample_table: str) -> None:
    december, year = read("2020-12", sample_table), read("2020", sample_table)
    (story,), (part,), _ = month_and_period_stories(december, year, {december.month: []}, [], languages="en")
    # As published: 1,734 civilians in 2020, 99 of them in December.
    tolls = {one: story.ledger.value(one) for one in ("civilians.month", "civilians.year", "civilians.ytd")}
    assert tolls == {"civilians.month": 99, "civilians.year": 1734, "civilians.ytd": 1734}
    assert part.ledger is story.ledger
    assert (part.period, part.claim_id("civilians.this")) == ("2020", "civilians.year")


def test_the_period_stands_in_a_section_of_its_own_behind_the_month(out: Path) -> None:
    page = (out / "2020-06" / "report.en.html").read_text(encoding="utf-8")
    contents_listed = page.partition("<main")[0]
    places = [
        contents_listed.index(words)
        for words in ("The toll of civilians", "The whole of the first half of 2020", "Conclusions and", "Where each")
    ]
    assert places == sorted(places)
    assert page.count("<h1") == 1
    assert re.search(r'href="#claim-civilians\.half"[^>]*>1,006<', page)
    assert "civilians killed, the first half of 2020" in page


def test_each_table_and_chart_of_the_period_has_a_file_of_its_own(out: Path) -> None:
    files = {path.stem for path in (out / "2020-06" / "tables").iterdir()}
    both = {one.removeprefix("half-") for one in files if one.startswith("half-")}
    assert {"months", "parties", "torture", "records-counted", "reconciliation"} <= both & files
    with (out / "2020-06" / "tables" / "half-period-months.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["month"] for row in rows] == [*(f"2020-0{number}" for number in range(1, 7)), "total"]
    assert (rows[-1]["deaths"], rows[-1]["published"], rows[-1]["since_published"]) == ("1006", "1006", "0")


def test_a_single_run_gives_the_bytes_of_a_batch(out: Path, records: Path, tmp_path: Path) -> None:
    ran = run("toll", "report", JUNE, "--records", records, "--out", tmp_path, "--language", "en,ar", cwd=tmp_path)
    assert ran.returncode == 0, ran.stderr
    later = {"publication.json", NAME}
    assert contents(tmp_path / "2020-06") == {
        name: digest for name, digest in contents(out / "2020-06").items() if name not in later
    }


@pytest.mark.parametrize(("listed", "why"), [(JUNE, ""), ("2020-06", "what it is about changed")])
def test_a_batch_makes_it_again_where_it_is_to_be_about_less(
    listed: str, why: str, out: Path, records: Path, tmp_path: Path
) -> None:
    here = shutil.copytree(out, tmp_path / "reports")
    (here / "2020-06" / "publication.json").unlink()
    (plan,) = plan_batch(listed, Order("", str(records), str(here), language="en,ar"), fresh=False)
    assert getattr(plan, "why", "") == why


def test_it_is_published_and_listed_as_the_report_of_the_month(out: Path, tmp_path: Path) -> None:
    told = json.loads((out / "2020-06" / "publication.json").read_text(encoding="utf-8"))
    assert (told["period"], told["headlines"]["civilians.month"]) == ("2020-06", 96)
    index = (out / "index.html").read_text(encoding="utf-8")
    assert [one for one in ("report.en.html", NAME) if f'href="2020-06/{one}"' not in index] == []
    here = shutil.copytree(out, tmp_path / "reports")
    before = contents(here)
    message = refusal(run("toll", "report", JUNE, "--out", here, cwd=tmp_path), 2)
    assert 'toll report 2020-06+2020-H1 --revision "reason" makes revision 2 beside it.' in message
    message = refusal(run("toll", "publish", JUNE, "--out", here, "--date", "2020-07-02", cwd=tmp_path), 2)
    assert 'A new run needs a reason: toll report 2020-06+2020-H1 --revision "reason".' in message
    assert contents(here) == before


def test_bundle_holds_what_both_parts_read_and_every_count_is_found_again(out: Path) -> None:
    bundle = out / "2020-06" / NAME
    # Whether it is made again is for the records and the notebook to say, below; here the count in SQL is looked at.
    found = verify(bundle, remake=lambda records, *_: records.parent / "report")
    assert [one for one in found.verdicts if one.result != "identical"] == []
    with unpacked(bundle) as bag:
        ran = subprocess.run([sys.executable, "-I", "-S", "recount.py"], cwd=bag / PAYLOAD, capture_output=True,
                             text=True, check=False)  # fmt: skip
    assert ran.returncode == 0, ran.stdout
    assert ran.stdout.startswith("Claims of 2020-06 and 2020-H1, counted again from ")


def test_the_notebook_and_the_records_that_make_it_again_are_those_that_made_it(out: Path, sample_table: str) -> None:
    when = when_of(parameters_of(out / "2020-06" / "report.ipynb"))
    assert when == MonthAndPeriod.parse("2020-06", "2020-H1")
    assert notebook_of(when) == BOTH
    with unpacked(out / "2020-06" / NAME) as bag:
        for part in ("2020-06", "2020-H1"):
            frozen = read_report_records(part, location=str(bag / PAYLOAD / "records"))
            table = read(part, sample_table)
            assert list(frozen.window["record_id"]) == list(table.window["record_id"])
            assert frozen.held == table.held


def test_the_period_is_told_in_arabic_too(out: Path) -> None:
    page = (out / "2020-06" / "report.ar.html").read_text(encoding="utf-8")
    assert "النصف الأول من عام 2020 بأكمله" in page
    assert re.search(r'href="#claim-civilians\.half"[^>]*>1,006<', page)


@pytest.mark.parametrize(
    ("when", "period", "told"),
    [
        ("2020-11", "2020", "2020-11 does not end 2020: 2020-12 does. The report of June can tell the first half of"),
        ("2020-06", "2020-H2", "2020-06 does not end 2020-H2: 2020-12 does."),
        ("2019-12", "2020", "2019-12 does not end 2020: 2020-12 does."),
        ("2020", "2020", "The month was given as '2020'."),
        ("2020-12", "2020-11", "The period was given as '2020-11'."),
    ],
)
def test_only_the_month_that_ends_a_period_tells_it(when: str, period: str, told: str, tmp_path: Path) -> None:
    assert refusal(run("toll", "report", f"{when}+{period}", cwd=tmp_path), 2).startswith(told)
    assert list(tmp_path.iterdir()) == []


def test_month_without_records_is_not_told_with_its_period(records: Path, tmp_path: Path) -> None:
    ran = run("toll", "report", "2021-06+2021-H1", "--records", records, cwd=tmp_path)
    assert "no record documented in 2021-06" in refusal(ran, 2)


def test_its_frozen_records_are_those_of_no_other_period(out: Path) -> None:
    with unpacked(out / "2020-06" / NAME) as bag, pytest.raises(BadMonth, match=r"are those of 2020-06, not of 2020\."):
        read_report_records("2020", location=str(bag / PAYLOAD / "records"))
