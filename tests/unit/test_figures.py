"""Figures: the chart, its table of numbers and its description say the same as the claims."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from analysis.profiles import read_profile
from analysis.sections import charts, figures
from analysis.sections.blocks import Figure
from analysis.sections.narrative import Story
from analysis.toll.claims import Ledger
from analysis.toll.report_records import ReportRecords

FIGURES: dict[str, Callable[[Story], Figure]] = {
    "months": figures.months_figure,
    "calendar": figures.calendar_figure,
    "parties": figures.party_figure,
    "buckets": figures.other_figure,
    "map": lambda story: figures.governorate_figures(story)[0],
    "governorates": lambda story: figures.governorate_figures(story)[1],
    "age-sex": figures.age_sex_figure,
    "torture": lambda story: figures.torture_figures(story)[0],
}
# What each chart's bars add up to in November 2020, as published: the month, or the year so far.
SUMS = {
    "months": 1635, "calendar": 172, "parties": 172, "buckets": 106, "governorates": 172, "map": 172, "age-sex": 172,
    "torture": 2 * 149,  # each party and the total, month by month
}  # fmt: skip


@pytest.fixture(scope="module")
def story(november: ReportRecords, november_ledger: Ledger) -> Story:
    return Story(november_ledger, november.month)


@pytest.fixture(scope="module")
def drawn(story: Story) -> dict[str, Figure]:
    return {name: make(story) for name, make in FIGURES.items()}


@pytest.fixture(params=FIGURES)
def figure(request: pytest.FixtureRequest, drawn: dict[str, Figure]) -> Figure:
    return drawn[request.param]


def deaths(figure: Figure) -> list[int]:
    return [int(row.cells[1].value or 0) for row in figure.numbers.rows]


def test_every_number_beside_a_chart_is_the_value_of_its_claim(figure: Figure, story: Story):
    cells = [cell for row in figure.numbers.rows for cell in row.cells[1:]]
    assert cells
    assert not [cell for cell in cells if cell.claim is None or story.ledger.value(cell.claim) != cell.value]


def test_the_numbers_beside_a_chart_add_up_to_the_published_toll(figure: Figure):
    assert sum(deaths(figure)) == SUMS[figure.name]


def test_the_table_of_numbers_has_the_name_and_caption_of_its_chart(figure: Figure):
    assert (figure.numbers.name, figure.numbers.caption) == (figure.name, figure.caption)
    assert "{" not in figure.caption + figure.alt + figure.note
    assert "2020" in figure.caption


def test_every_number_beside_a_chart_is_written_in_the_chart(figure: Figure):
    written = re.findall(r"<!-- ([\d,]+) -->", figure.svg)  # Matplotlib names each text that it draws as outlines
    shown = [f"{number:,}" for number in deaths(figure)]
    missing = [number for number in set(shown) if number != "0" and shown.count(number) > written.count(number)]
    assert not missing


def test_the_description_names_every_number_but_zero_with_its_heading(figure: Figure):
    for row in figure.numbers.rows:
        named = f"{row.cells[0].text} {row.cells[1].text}"
        if row.cells[1].value:
            assert named in figure.alt
        else:
            assert f"{named}," not in figure.alt
    assert figure.alt.endswith(".")


def test_not_recorded_is_always_among_the_numbers(drawn: dict[str, Figure]):
    for name in ("parties", "buckets", "governorates", "map", "age-sex"):
        assert "Not recorded" in [row.cells[0].text for row in drawn[name].numbers.rows], name


def test_a_country_with_a_map_has_the_map_before_the_bars(story: Story):
    assert [one.name for one in figures.governorate_figures(story)] == ["map", "governorates"]
    assert read_profile(story.profile).map is not None


def test_governorates_without_a_death_are_on_the_map_and_not_among_the_bars(drawn: dict[str, Figure]):
    assert 0 in deaths(drawn["map"])
    bars = [row.cells for row in drawn["governorates"].numbers.rows if not row.cells[1].value]
    assert [cells[0].text for cells in bars] in ([], ["Not recorded"])


def test_the_map_says_what_it_does_not_show_rightly(drawn: dict[str, Figure]):
    assert "Golan" in drawn["map"].note
    assert "Natural Earth" in drawn["map"].note


def test_the_chart_is_drawn_from_the_claims(story: Story, drawn: dict[str, Figure]):
    claims = dict(story.ledger)
    claims["civilians.month.party.russia"] = replace(claims["civilians.month.party.russia"], value=77)
    changed = figures.party_figure(replace(story, ledger=Ledger(claims.values())))
    assert "<!-- 77 -->" in changed.svg
    assert "<!-- 77 -->" not in drawn["parties"].svg
    assert "Russian forces 77" in changed.alt


def test_a_breakdown_is_drawn_from_the_very_numbers_of_its_table(story: Story):
    table = figures.breakdown_frame(story, "civilians.month.party", "parties")
    assert dict(zip(table["code"], table["deaths"], strict=True)) == {
        # November 2020 as published.
        "syrian_regime": 39, "russia": 1, "isis": 11, "hts": 4, "opposition_sna": 4, "sdf": 7, "coalition": 0,
        "other": 106, "not_recorded": 0,
    }  # fmt: skip
    assert table["children"].sum() == 16
    assert table["women"].sum() == 11
    assert charts.draw_parties(table, parts={"children": "Children", "women": "Women"})
