"""What analysis.rendering.show puts into a notebook, and that it comes back whole."""

import json

import numpy as np
import pytest
from invented_report import COVER, chart, made_claims, parties

from analysis.errors import BadDocument
from analysis.month import Month
from analysis.rendering import show
from analysis.rendering.show import (
    MIME,
    claims_bundle,
    cover_bundle,
    figure_bundle,
    prose_bundle,
    read_bundle,
    show_figures,
    table_bundle,
)
from analysis.sections.blocks import Cell, Column, Row, Table
from analysis.sections.narrative import Story
from analysis.toll.claims import Ledger

STORY = Story(Ledger([]), Month(2031, 3))

BUNDLES = {
    "cover": (cover_bundle(COVER), COVER),
    "table": (table_bundle(parties()), parties()),
    "figure": (figure_bundle(chart("months", "Months")), chart("months", "Months")),
    "prose": (prose_bundle("## One\n\nTwo."), "## One\n\nTwo."),
}


@pytest.mark.parametrize("kind", BUNDLES)
def test_block_comes_back_as_it_was_shown(kind: str) -> None:
    bundle, block = BUNDLES[kind]
    through_a_file = json.loads(json.dumps(bundle, sort_keys=True))  # nbformat sorts keys as well
    assert read_bundle(through_a_file) == (kind, block)


def test_claims_come_back_as_the_same_claims_json() -> None:
    ledger = Ledger(made_claims())
    read = read_bundle(json.loads(json.dumps(claims_bundle(ledger), sort_keys=True)))
    assert read is not None
    kind, back = read
    assert kind == "claims"
    assert isinstance(back, Ledger)
    assert back.to_json() == ledger.to_json()


@pytest.mark.parametrize("kind", BUNDLES)
def test_jupyter_finds_html_and_plain_text_beside_the_block(kind: str) -> None:
    bundle, _ = BUNDLES[kind]
    assert set(bundle) == {MIME.format(kind), "text/html", "text/plain"}


def test_cells_are_text_and_never_html() -> None:
    table = Table("t", "<i>caption</i>", (Column("a", "<script>"),), (Row((Cell("<img src=x onerror=alert(1)>"),)),))
    shown = table_bundle(table)["text/html"]
    assert "<script>" not in shown
    assert "<img" not in shown
    assert "&lt;img src=x onerror=alert(1)&gt;" in shown


def test_html_in_prose_is_shown_as_text_in_jupyter() -> None:
    assert "<script>" not in prose_bundle("One <script>alert(1)</script> two.")["text/html"]


def test_numbers_of_numpy_become_plain_numbers() -> None:
    table = Table("t", "c", (Column("a", "A", "number"),), (Row((Cell("3", np.int64(3)),)),))
    read = read_bundle(json.loads(json.dumps(table_bundle(table))))
    assert read is not None
    assert isinstance(read[1], Table)
    assert read[1].rows[0].cells[0].value == 3


def test_what_json_cannot_hold_is_refused() -> None:
    not_a_number = Table("t", "c", (Column("a", "A", "number"),), (Row((Cell("?", float("nan")),)),))
    with pytest.raises(ValueError, match="JSON"):
        table_bundle(not_a_number)


def test_block_of_another_version_is_refused_in_words() -> None:
    with pytest.raises(BadDocument, match="Run the notebook again"):
        read_bundle({MIME.format("table"): json.dumps({"name": "t", "colour": "red"})})
    with pytest.raises(BadDocument, match="Run the notebook again"):
        read_bundle({"application/vnd.toll-report.table+json": {"name": "t"}, "text/html": "<p>one</p>"})


def test_other_rich_output_is_not_ours() -> None:
    assert read_bundle({"text/html": "<p>one</p>"}) is None


def test_several_charts_are_shown_one_below_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    made, shown = [chart(name, name) for name in ("map", "bars")], []
    monkeypatch.setattr(show, "display", lambda bundle, **_: shown.append(bundle))
    show_figures(lambda _: made, [STORY])
    show_figures(lambda _: [], [STORY])
    assert [read_bundle(bundle) for bundle in shown] == [("figure", one) for one in made]
