"""The page on engines: written from what was measured, and nothing typed into it."""

import json
from runpy import run_path

import pytest

from analysis.places import ROOT

PAGE = run_path(str(ROOT / "benchmarks" / "engines_page.py"))
Cost, Run, cost, equal_from, page = (PAGE[name] for name in ("Cost", "Run", "cost", "equal_from", "page"))
KEPT = ROOT / "docs" / "benchmarks"


def test_the_page_is_what_the_measured_runs_give() -> None:
    told = json.loads((KEPT / "engines.json").read_text(encoding="utf-8"))
    runs = [Run(**one) for one in told["runs"]]
    assert page(runs, told["compared"], told["cores"]) == (KEPT / "engines.md").read_text(encoding="utf-8")
    assert max(one.rows for one in runs) == 10_000_000
    assert {one.engine for one in runs} == {"pandas", "duckdb", "dask", "spark"}


def test_a_cost_is_what_begins_and_what_each_million_adds() -> None:
    # 3 s for a million and 21 s for ten are 2 s a million and 1 s to begin with; 5 s of tally for ten, 0.5 s a million.
    runs = [Run(1_000_000, "e", "2020", 0, 3, 0.4, 0), Run(10_000_000, "e", "2020", 0, 21, 5, 0)]
    assert cost(runs) == Cost(begin=1, million=2, tally=0.5)


def test_more_cores_share_all_but_the_beginning_and_the_tally() -> None:
    # 1 + 0.5 × 100 + 1.5 × 100 / 3 = 101.
    assert Cost(begin=1, million=2, tally=0.5).seconds(100, 3) == pytest.approx(101)


@pytest.mark.parametrize(
    ("begin", "million", "expected"),
    [(11, 1, 10), (1, 1, 0), (0, 1, 0), (11, 3, None), (11, 2, None), (1, 2, 0)],
)
def test_an_engine_pays_from_where_its_slower_beginning_is_made_up_for(
    begin: float, million: float, expected: float | None
) -> None:
    # Beside 1 s to begin with and 2 s a million: 10 s more to begin with are made up for in ten million, 1 s in each.
    assert equal_from(Cost(begin, million, 0), Cost(1, 2, 0)) == expected
