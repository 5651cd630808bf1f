"""Published figures beside ours: equal, differs, cannot be computed."""

import pandas as pd
import pytest
from invented_records import MONTH

from analysis.records.published import read_published
from analysis.toll.claims import Claim, Ledger
from analysis.toll.reconciliation import Verdict, published_claims, published_for, reconcile, verdict_claims
from analysis.toll.report_records import ReportRecords, published_figures


def figure(claim: str, value: float, *, part: str = "", period: str = "2020-11", note: str = "") -> dict[str, object]:
    return {"period": period, "claim": claim, "value": value, "part": part, "sources": "one|two", "note": note}


def verdicts(figures: list[dict[str, object]], **computed: float) -> list[Verdict]:
    ledger = Ledger([Claim(name, value, "people", "M1", "") for name, value in computed.items()])
    return reconcile(ledger, MONTH, pd.DataFrame(figures))


def result(part: str, published: float, computed: float) -> str:
    (found,) = verdicts([figure("toll", published, part=part)], toll=computed)
    return found.result


def test_a_count_is_equal_or_differs() -> None:
    assert result("", 172, 172) == "equal"
    assert result("", 172, 171) == "differs"
    assert result("", 0, 0) == "equal"
    assert result("rank", 1, 2) == "differs"


@pytest.mark.parametrize(
    ("published", "computed", "expected"),
    [
        (27, 26.74, "equal"),
        (27, 26.5, "equal"),
        (26, 26.5, "differs"),
        (27, 26.49, "differs"),
        (27, 27.49, "equal"),
        (63, 62.5, "equal"),
        (79, 81.88, "differs"),
        (50.4, 50.4, "equal"),
        (50.4, 50.35, "equal"),
        (50.4, 50.34, "differs"),
    ],
)
def test_a_share_agrees_when_it_rounds_to_the_published_number(
    published: float, computed: float, expected: str
) -> None:
    # METHOD M7; half a percent is rounded up, as readers do.
    assert result("share", published, computed) == expected


def test_what_nobody_computes_cannot_be_compared() -> None:
    (found,) = verdicts([figure("relief.month.party.sdf", 3, note="A note.")])
    assert found == Verdict("relief.month.party.sdf", 3, None, "cannot", "A note.")


def test_those_that_differ_come_first_then_those_that_cannot_be_computed() -> None:
    figures = [figure("a", 1), figure("none", 1), figure("b", 1), figure("c", 1)]
    found = [(one.claim, one.result) for one in verdicts(figures, a=1, b=2, c=1)]
    assert found == [("b", "differs"), ("none", "cannot"), ("a", "equal"), ("c", "equal")]


def test_only_the_month_s_own_figures_are_compared_and_one_published_twice_once() -> None:
    figures = pd.DataFrame([figure("a", 1), figure("a", 2), figure("a", 3, period="2020-10"), figure("b", 1)])
    assert published_for(MONTH, figures)[["claim", "value"]].to_numpy().tolist() == [["a", 1], ["b", 1]]


def test_verdicts_are_counted_and_their_parts_add_up() -> None:
    figures = [figure("a", 1), figure("none", 1), figure("b", 1), figure("c", 1)]
    claims = {one.id: one for one in verdict_claims(verdicts(figures, a=1, b=2, c=1), MONTH)}
    assert {name: one.value for name, one in claims.items()} == {
        "reconciliation.month": 4,
        "reconciliation.month.equal": 2,
        "reconciliation.month.differs": 1,
        "reconciliation.month.cannot": 1,
    }
    assert claims["reconciliation.month.differs"].of == ("published.b",)


def test_a_published_figure_is_a_claim_with_its_sources() -> None:
    (made,) = published_claims(MONTH, pd.DataFrame([figure("toll.share", 27, part="share")]), "en")
    assert (made.id, made.value, made.unit, made.basis) == ("published.toll.share", 27, "percent", "published")
    assert made.of == ("one", "two")


def test_a_month_for_which_nothing_was_published_has_no_verdicts() -> None:
    assert reconcile(Ledger([]), MONTH.shift(120), read_published()) == []


def test_november_s_figures_are_all_met_but_the_79_percent(november: ReportRecords, november_ledger: Ledger) -> None:
    found = reconcile(november_ledger, november.when, published_figures(november))
    assert [one for one in found if one.result != "equal"] == found[:1]
    # 122 of 149 is 81.88 percent; the report said 79 percent.
    assert (found[0].claim, found[0].published) == ("torture.ytd.party.syrian_regime.share", 79)
    assert (found[0].computed, found[0].result) == (round(100 * 122 / 149, 2), "differs")
    assert november_ledger.value("reconciliation.month.differs") == 1
    assert november_ledger.value("published.torture.ytd.party.syrian_regime.share") == 79
