"""`toll topic`: the reports over many months, as the command makes them."""

import json
from pathlib import Path

import pytest
from commands import WHOLE, names, run

from analysis.toll.claims import Ledger
from analysis.toll.since import read_claims

# A span is short here, so that the gate has few months to look at; tests/unit has the long ones.
MADE = [
    ("torture", ["--from", "2020-10", "--to", "2020-11", "--language", "en,ar"], "torture_2020-10_2020-11", 40),
    ("clocks", ["--from", "2020-12"], "clocks_2020-12_2020-12", 99),
    ("attribution", ["--to", "2020-01"], "attribution_2020-01_2020-01", 286),
]
TOLLS = {"torture": "torture.span"}


@pytest.mark.parametrize(("topic", "options", "folder", "toll"), MADE)
def test_a_topic_s_report_is_made_whole_and_every_number_of_it_is_tied(
    topic: str, options: list[str], folder: str, toll: int, records: Path, tmp_path: Path
) -> None:
    ran = run("toll", "topic", topic, *options, "--records", records, "--out", tmp_path / "made", cwd=tmp_path)
    assert (ran.returncode, ran.stderr.strip()) == (0, "")
    made = tmp_path / "made" / folder
    arabic = ["report.ar.html", "report.ar.pdf"] if "en,ar" in options else []
    assert names(made) == sorted([*WHOLE, *arabic])
    claims: Ledger = read_claims(made / "claims.json")
    assert claims.value(TOLLS.get(topic, "civilians.span")) == toll
    assert (made / "tables" / "claims-01.csv").is_file()


def test_a_topic_s_answer_can_be_read_by_a_program(records: Path, tmp_path: Path) -> None:
    asked = ["party", "coalition", "--from", "2020-12", "--to", "2020-12", "--json"]
    ran = run("toll", "topic", *asked, "--records", records, "--out", tmp_path / "made", cwd=tmp_path)
    answer = json.loads(ran.stdout)
    assert (answer["topic"], answer["code"]) == ("party", "coalition")
    assert Path(answer["folder"]).name == "party-coalition_2020-12_2020-12"


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (["weather"], "'weather' is not one of"),
        (["party"], "The topic party was given no code. Give it one of syrian_regime,"),
        (["clocks", "sdf"], "The topic clocks is about all civilians and has no code: leave 'sdf' out."),
        (["torture", "--from", "2020-11", "--to", "2020-02"], "2020-11 to 2020-02: it ends before it begins."),
        (["torture", "--from", "2031-01", "--to", "2031-02"], "It has 2020-01 to 2020-12."),
    ],
)
def test_what_cannot_be_asked_is_refused_and_leaves_nothing(
    asked: list[str], said: str, records: Path, tmp_path: Path
) -> None:
    ran = run("toll", "topic", *asked, "--records", records, "--out", tmp_path / "made", cwd=tmp_path)
    assert ran.returncode == 2
    assert said in ran.stderr
    assert names(tmp_path) == []
