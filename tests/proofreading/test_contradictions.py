"""The contradictions of the report that this one is modelled on, put in as texts and as claims: each is refused.

Published: 172 civilians in November 2020, 1,635 since the beginning of the year; 149 deaths due to torture in the year
so far, 122 at least at the regime's hands; other parties 106; 3,364 civilians in 2019.
"""

from dataclasses import replace

import pytest
from small_report import small_cover, small_records, small_report, toll_text
from test_consistency import set_to

from analysis.errors import BadText, ClaimsContradict, NumberUntied, TotalsDisagree
from analysis.proofreading.number_check import check_report
from analysis.rendering.html_writer import write_html
from analysis.rendering.typst_writer import begin_pdf
from analysis.sections.templates import check_template
from analysis.toll.claims import Claim, Ledger
from analysis.toll.consistency import require_consistent
from analysis.toll.monthly import require_sums


def refused_as_text(sentence: str, *words: str) -> None:
    with pytest.raises(BadText) as refused:
        check_template(sentence, "invented.md", "en")
    for word in words:
        assert repr(word) in str(refused.value)


def refused_as_claims(ledger: Ledger, *words: str) -> None:
    with pytest.raises(ClaimsContradict) as refused:
        require_consistent(ledger)
    for word in words:
        assert word in str(refused.value)


def refused_on_the_page(page_words: str, **other: object) -> None:
    made = small_report(**other)
    with pytest.raises(NumberUntied, match=page_words):
        check_report(made, write_html(made), begin_pdf(made), small_records())


def test_79_percent_of_149_deaths_due_to_torture(november_ledger):
    refused_as_text("The regime is responsible for approximately 79 percent of them.", "79", "percent")
    share = {"torture.ytd.party.syrian_regime.share": 79.0}
    refused_as_claims(set_to(november_ledger, share), "share is 79.0", "syrian_regime is 122", "ytd is 149", "81.88")


def test_2020_lower_than_previous_years_and_larger_than_2019(november_ledger):
    refused_as_text("The toll is lower than in previous years.", "lower")
    refused_as_text("The toll is larger than that of the year before.", "larger")
    refused_as_text("The toll has decreased compared to earlier years.", "decreased", "compared to")
    # As claims: 1,635 to November against 3,364 in the whole of 2019, said to be fewer and said to be more.
    stem, of = "civilians.ytd.change.last_year", ("civilians.ytd", "civilians.last_year")
    lower = Claim(stem, 1635 - 3364, "people", "M16", "less", basis="claims", of=of)
    higher = Claim(f"{stem}.percent", 51.4, "percent", "M16", "less, in percent", basis="claims", of=of)
    refused_as_claims(november_ledger.extended([lower, higher]), "-1729", "51.4", "one rises and the other does not")


def test_2020_lower_and_higher_in_two_sentences_of_a_page():
    toll = (
        toll_text() + "\nThe toll rose: [18](#claim-civilians.month.change.previous_month) more than in October 2020.\n"
    )
    refused_on_the_page("18 more than in October 2020", toll=toll)


def test_recommendations_to_the_us_led_coalition_which_killed_nobody():
    refused_on_the_page(
        "To the US-led coalition", toll=toll_text().replace("### To Russia", "### To the US-led coalition")
    )


@pytest.mark.parametrize(("title", "body"), [("104", "105"), ("299", "229")], ids=["April 2021", "children of 2021"])
def test_a_title_that_says_another_number_than_the_body(title: str, body: str):
    # April 2021: 104 in the title and 105 in the body; the annual report for 2021: 299 children, and 229.
    headline = replace(small_cover(), title=f"{title} civilians killed in Syria in November 2020")
    refused_on_the_page(f"'{title}' in the page's title", cover=headline)
    refused_as_text(f"In all, {body} were killed.", body)


def test_april_2021_as_claims_the_month_and_the_last_month_of_its_year(november_ledger):
    twice = {"civilians.ytd.month.2020-11": 173, "civilians.ytd": 1636}
    refused_as_claims(set_to(november_ledger, twice), "civilians.month is 172", "civilians.ytd.month.2020-11 is 173")


def test_figures_of_the_year_before_repeated_for_this_one(november_ledger):
    # The annual report for 2023 repeats 251 children, 94 women and 133 deaths due to torture of the year before.
    repeated = {"civilians.ytd.children": 251, "civilians.ytd.women": 94, "torture.ytd": 133}
    ledger = set_to(november_ledger, repeated)
    refused_as_claims(ledger, "civilians.ytd.children is 251", "parts by party")
    refused_as_text("Among them are 251 children and 94 women.", "251", "94")


def test_109_of_other_parties_where_the_rows_add_up_to_175(november_ledger):
    ledger = set_to(november_ledger, {"civilians.month.party.other": 109})
    refused_as_claims(ledger, "civilians.month is 172", "are 175")
    with pytest.raises(TotalsDisagree):
        require_sums(ledger)


@pytest.mark.parametrize(
    "sentence",
    [
        "More than half of the dead were killed there.",
        "Fewer people died than a year ago.",
        "The number rose and later fell.",
        "There was an increase, then a decline.",
        "The month was worse.",
        "Most of them were children.",
        "It decreased, and it is still\nhigher.",
        "Deaths doubled.",
    ],
)
def test_a_text_may_not_compare_on_its_own(sentence: str):
    with pytest.raises(BadText, match="comparisons of its own"):
        check_template(sentence, "invented.md", "en")


@pytest.mark.parametrize(
    "sentence",
    [
        "It fills with each riser.",
        "Befallen, overrated, mostly, firstly, halfway.",
        "As many or more; set side by side.",
    ],
)
def test_words_that_only_look_like_comparisons_pass(sentence: str):
    check_template(sentence, "invented.md", "en")
