"""The lists of records on the page: hashed, they must give the digest of each claim above them."""

from dataclasses import replace

import pytest
from small_report import small_records, small_report

from analysis.proofreading.fixed_texts import Fixed, fixed_of
from analysis.proofreading.listed_records import other_records
from analysis.proofreading.page_numbers import read_html
from analysis.toll.claims import Claim, Ledger, digest

LEDGER = Ledger(
    [Claim(name, 3, "people", "M1", "three", 3, digest(["R-1", "R-3", "R  2"])) for name in ("one", "other")]
)
PAGE = """<details class="records"><summary>The records</summary><dl>
<dt>one <wbr>other</dt><dd class="ids">R-1
R-3</dd><dd>R  2</dd></dl></details>"""


@pytest.fixture(scope="module")
def fixed() -> Fixed:
    known = fixed_of(small_report(), small_records())
    return replace(known, ids=known.ids | {"R-1", "R-3", "R  2"})


def found(page: str, fixed: Fixed) -> list[str]:
    return [one.words for one in other_records(read_html(page), LEDGER, fixed)]


def test_lists_of_the_records_that_the_claims_count_are_let_through(fixed: Fixed) -> None:
    assert found(PAGE, fixed) == []


@pytest.mark.parametrize(
    ("was", "now", "told"),
    [
        ("R-1", "R-4", ["one", "other"]),
        ("R-1\n", "", ["one", "other"]),
        ("R-1\n", "R-1", ["one", "other"]),
        ("<dd>R  2</dd>", "", ["one", "other"]),
        (' class="ids"', "", ["one", "other"]),
        ("</dl>", "<dd>R-9</dd></dl>", ["one", "other"]),
        ("other</dt>", "another</dt>", ["another"]),
        ("<dt>one <wbr>other</dt>", "", ["R-1", "R-3", "R  2"]),
    ],
    ids=[
        "another record",
        "one left out",
        "two that are one",
        "one of two words left out",
        "not a list",
        "one more",
        "a claim that nobody makes",
        "without claims",
    ],
)
def test_any_other_list_is_found(was: str, now: str, told: list[str], fixed: Fixed) -> None:
    assert was in PAGE
    assert found(PAGE.replace(was, now), fixed) == told
