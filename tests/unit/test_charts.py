"""Charts draw the table they are given, whole, and nothing else."""

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import matplotlib as mpl
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont
from matplotlib.text import Text

from analysis.codelists import read_codelist
from analysis.errors import TotalsDisagree
from analysis.places import DATA
from analysis.sections.charts import (
    draw_age_sex,
    draw_buckets,
    draw_governorates,
    draw_months,
    draw_parties,
    draw_small_months,
    draw_waterfall,
)
from analysis.sections.grid_charts import draw_by_month
from analysis.sections.style import families, ink_on, luminance, ramp, read_style, report_style, svg_of

PARTS = {"children": "children", "women": "women"}


def bars(**deaths: int) -> pd.DataFrame:
    """A finished table: each code with its deaths, its label the code without underscores."""
    labels = [code.replace("_", " ") for code in deaths]
    return pd.DataFrame({"code": list(deaths), "label": labels, "deaths": list(deaths.values())})


def parties() -> pd.DataFrame:
    """November 2020 as published; the rows differ so that no number is there by chance."""
    table = bars(syrian_regime=39, russia=1, isis=11, hts=4, sdf=7, coalition=0, other=106, not_recorded=3)
    return table.assign(children=[5, 0, 1, 0, 2, 0, 9, 0], women=[0, 0, 1, 0, 0, 0, 10, 0])


def months(*deaths: int) -> pd.DataFrame:
    names = ["Jan", "Feb", "Mar", "Apr"][: len(deaths)]
    return pd.DataFrame(
        {"month": [f"2020-{n:02d}" for n in range(1, len(deaths) + 1)], "label": names, "deaths": deaths}
    )


def torture() -> pd.DataFrame:
    """Two months, three parties and their totals (7 + 2 + 0 and 25 + 0 + 5)."""
    counts = {"syrian_regime": (7, 25), "sdf": (2, 0), "not_recorded": (0, 5), "total": (9, 30)}
    rows = [
        (month, month_label, code, code.replace("_", " "), deaths[place])
        for place, (month, month_label) in enumerate([("2020-10", "Oct"), ("2020-11", "Nov")])
        for code, deaths in counts.items()
    ]
    return pd.DataFrame(rows, columns=["month", "month_label", "code", "label", "deaths"])


def drawn_texts(figure: Figure) -> list[Text]:
    FigureCanvasAgg(figure).draw()
    return [text for text in figure.findobj(Text) if text.get_text() and text.get_visible()]


def words(figure: Figure) -> list[str]:
    return [text.get_text().replace("\n", " ") for text in drawn_texts(figure)]


def row_labels(axes: Axes) -> list[str]:
    return [label.get_text() for label in axes.get_yticklabels()]


CASES: dict[str, tuple[Callable[[pd.DataFrame], Figure], pd.DataFrame]] = {
    "months": (draw_months, months(286, 276, 145)),
    "parties": (lambda table: draw_parties(table, parts=PARTS), parties()),
    "buckets": (draw_buckets, bars(landmines=12, unknown_gunfire=65, not_recorded=2)),
    "governorates": (draw_governorates, bars(aleppo=44, daraa=0, deir_ez_zor=46, not_recorded=40)),
    "age_sex": (draw_age_sex, bars(children=16, women=11, not_recorded=145)),
    "torture": (draw_by_month, torture()),
}


@pytest.fixture(params=CASES)
def case(request: pytest.FixtureRequest) -> tuple[Callable[[pd.DataFrame], Figure], pd.DataFrame]:
    return CASES[request.param]


def test_every_number_and_label_of_the_table_is_written_in_the_chart(case):
    draw, table = case
    written = words(draw(table))
    numbers = table.select_dtypes("int").to_numpy().ravel()
    assert {f"{number:,}" for number in numbers} | set(table["label"]) <= set(written)
    assert sum(text.replace(",", "").isdigit() for text in written) == numbers.size


def test_small_charts_have_one_scale_and_write_the_most_and_the_last() -> None:
    figure = draw_small_months([7, None, 40, 3], highest=80)
    assert words(figure) == ["40", "3"]
    bars_drawn = figure.axes[0].patches
    assert [(round(bar.get_x() + bar.get_width() / 2), bar.get_height()) for bar in bars_drawn] == [
        (0, 7),
        (2, 40),
        (3, 3),
    ]
    assert figure.axes[0].get_ylim() == (0, 80)


def test_drawing_leaves_the_table_as_it_was(case):
    draw, table = case
    before = table.copy(deep=True)
    draw(table)
    pd.testing.assert_frame_equal(table, before)


def test_a_month_without_deaths_is_drawn(case):
    draw, table = case
    nothing = table.assign(**dict.fromkeys(table.select_dtypes("int").columns, 0))
    figure = draw(nothing)
    assert set(table["label"]) <= set(words(figure))
    assert svg_of(figure)


def test_drawing_leaves_the_settings_of_the_session_alone(case):
    draw, table = case
    before = dict(mpl.rcParams)
    svg_of(draw(table))
    assert dict(mpl.rcParams) == before


def test_the_session_has_no_say_in_the_look(case):
    draw, table = case
    expected = svg_of(draw(table))
    with mpl.rc_context({"font.size": 20, "axes.facecolor": "black", "svg.fonttype": "none"}):
        assert svg_of(draw(table)) == expected


def test_nothing_overlaps_and_nothing_is_cut_off(case):
    draw, table = case
    figure = draw(table)
    texts = drawn_texts(figure)
    boxes = [text.get_window_extent() for text in texts]
    assert all(
        figure.bbox.padded(1).contains(box.x0, box.y0) and figure.bbox.padded(1).contains(box.x1, box.y1)
        for box in boxes
    )
    shrunk = [box.padded(-1) for box in boxes]
    pairs = [
        (one.get_text(), other.get_text())
        for place, (one, box) in enumerate(zip(texts, shrunk, strict=True))
        for other, beside in zip(texts[place + 1 :], shrunk[place + 1 :], strict=True)
        if box.overlaps(beside)
    ]
    assert pairs == []


@pytest.mark.parametrize("draw", [draw_parties, draw_buckets, draw_governorates, draw_age_sex])
def test_not_recorded_is_last_and_hatched_wherever_it_stands_in_the_table(draw):
    axes = draw(bars(not_recorded=5, aleppo=2, unknown=1, daraa=3)).axes[0]
    assert row_labels(axes)[-2:] == ["not recorded", "unknown"]
    assert [bool(bar.get_hatch()) for bar in axes.patches] == [False, False, True, True]


def test_a_party_without_deaths_keeps_its_place():
    axes = draw_parties(bars(russia=1, isis=0, hts=4)).axes[0]
    assert row_labels(axes) == ["russia", "isis", "hts"]
    assert [bar.get_width() for bar in axes.patches] == [1, 0, 4]


def test_a_party_has_the_colour_of_its_code_list():
    axes = draw_parties(bars(russia=1, sdf=2)).axes[0]
    colours = read_codelist("parties").attribute("colour")
    assert [mpl.colors.to_hex(bar.get_facecolor()) for bar in axes.patches] == [colours["russia"], colours["sdf"]]


def test_a_party_has_the_colour_of_the_list_of_its_country():
    colours = read_codelist("parties", "bolivia").attribute("colour")
    labels = pd.DataFrame({"code": ["miners", "not_recorded"], "label": ["Miners", "Not recorded"], "deaths": [3, 2]})
    axes = draw_parties(labels, profile="bolivia").axes[0]
    assert mpl.colors.to_hex(axes.patches[0].get_facecolor()) == colours["miners"]
    assert len(axes.patches) == 2


def test_governorates_stand_by_size_and_equal_ones_in_the_order_of_the_table():
    axes = draw_governorates(bars(aleppo=2, damascus=0, daraa=7, hama=2, idlib=0)).axes[0]
    assert row_labels(axes) == ["daraa", "aleppo", "hama", "damascus", "idlib"]


def test_only_the_reporting_month_is_emphasised():
    axes = draw_months(months(286, 276, 145)).axes[0]
    colours = [mpl.colors.to_hex(bar.get_facecolor()) for bar in axes.patches]
    style = read_style()
    assert colours == [style.context, style.context, style.accent]
    assert abs(luminance(style.context) - luminance(style.accent)) > 0.3  # seen in grey too


def test_january_alone_is_not_one_huge_bar():
    axes = draw_months(months(286)).axes[0]
    assert axes.patches[0].get_width() / (axes.get_xlim()[1] - axes.get_xlim()[0]) < 0.2


def test_torture_that_does_not_add_up_to_its_total_is_not_drawn():
    table = torture()
    table.loc[table["code"].eq("sdf") & table["month"].eq("2020-10"), "deaths"] = 3
    with pytest.raises(TotalsDisagree, match=r"1 months \(2020-10\)"):
        draw_by_month(table)


def test_torture_not_recorded_by_party_is_grey_and_last():
    cells = draw_by_month(torture()).axes[1]
    assert row_labels(cells)[-1] == "not recorded"
    assert mpl.colors.to_hex(cells.collections[0].get_facecolor()[-1]) == read_style().grid  # Nov, 5 deaths


@pytest.mark.parametrize("draw", [draw_buckets, draw_parties, draw_governorates])
def test_dollars_ampersands_and_very_long_labels_do_not_break_a_chart(draw):
    labels = ["$100 & $200 <b>", "people who died while trying to cross the border of a state " * 2, "w" * 90]
    figure = draw(bars(landmines=1, drowning=2000, border_guards=3).assign(label=labels))
    written = words(figure)
    assert {"$100 & $200 <b>", labels[1].strip(), "2,000"} <= set(written)
    boxes = [text.get_window_extent() for text in drawn_texts(figure)]
    assert min(box.x0 for box in boxes) >= 0
    assert svg_of(figure)


def test_long_headings_of_the_parts_do_not_overlap():
    figure = draw_parties(parties(), parts={"children": "of them children", "women": "of them women"})
    headings = [text.get_window_extent() for text in drawn_texts(figure) if text.get_text().startswith("of them")]
    assert len(headings) == 2
    assert not headings[0].overlaps(headings[1])


def test_bars_that_are_alike_in_grey_are_still_told_apart_by_their_own_labels():
    table = parties()
    axes = draw_parties(table).axes[0]
    centres = [bar.get_y() + bar.get_height() / 2 for bar in axes.patches]
    assert centres == pytest.approx(axes.get_yticks())
    assert row_labels(axes) == list(table["label"])


def test_the_ramp_darkens_with_every_death_in_grey():
    shades = [luminance(ramp()(step / 20)) for step in range(21)]
    assert shades == sorted(shades, reverse=True)
    assert luminance(read_style().paper) - shades[0] > 0.1


@pytest.mark.parametrize("step", range(21))
def test_numbers_on_the_ramp_can_be_read(step):
    # WCAG 2.2, 1.4.3: 4.5 to 1
    fill = ramp()(step / 20)
    one, other = sorted([luminance(fill), luminance(ink_on(fill))])
    assert (other + 0.05) / (one + 0.05) >= 4.5


def test_letters_come_from_the_project_and_not_from_the_machine():
    with report_style():
        for name, family in zip(families(), read_style().fonts, strict=True):
            for weight, file in family.items():
                assert findfont(FontProperties(family=name, weight=weight)) == str(DATA / "fonts" / file)


PROGRAM = """
import sys
sys.path.insert(0, sys.argv[1])
from test_charts import drawn_digests
print(drawn_digests())
"""


def drawn_digests() -> str:
    digests = {name: hashlib.sha256(svg_of(draw(table)).encode()).hexdigest() for name, (draw, table) in CASES.items()}
    return json.dumps(digests)


def test_the_same_table_gives_the_same_svg_in_another_process():
    settings = os.environ | {"PYTHONHASHSEED": "1", "TZ": "Asia/Tokyo", "LC_ALL": "C"}
    here = str(Path(__file__).parent)
    other = subprocess.run(
        [sys.executable, "-c", PROGRAM, here], capture_output=True, text=True, check=True, env=settings
    )
    assert other.stdout.strip() == drawn_digests()


def test_svg_tells_nothing_of_the_day_the_machine_or_the_program(case):
    draw, table = case
    svg = svg_of(draw(table))
    assert svg == svg_of(draw(table))
    for trace in ("dc:date", "Matplotlib", str(DATA.parent), ".ttf"):
        assert trace not in svg


def waterfall() -> pd.DataFrame:
    """172 + 14 - 9 = 177."""
    table = pd.DataFrame({"code": ["before", "late", "moved_out", "now"], "deaths": [172, 14, -9, 177]})
    return table.assign(label=["total before", "documented late", "moved out of the month", "total now"])


def test_each_step_of_a_waterfall_starts_where_the_last_one_ended():
    bars = draw_waterfall(waterfall()).axes[0].patches
    ends = [(bar.get_x(), bar.get_x() + bar.get_width()) for bar in bars]
    assert ends == [(0, 172), (172, 186), (177, 186), (0, 177)]


def test_what_adds_and_what_takes_away_are_told_apart_without_colour():
    figure = draw_waterfall(waterfall())
    assert {"172", "+14", "-9", "177", *waterfall()["label"]} <= set(words(figure))
    rise, fall = figure.axes[0].patches[1:3]
    assert mpl.colors.to_hex(fall.get_facecolor()) == read_style().paper
    assert mpl.colors.to_hex(rise.get_facecolor()) == read_style().accent


def test_a_waterfall_that_does_not_reach_its_total_is_not_drawn():
    with pytest.raises(TotalsDisagree, match=r"from 172 to 177, and the last total is 178"):
        draw_waterfall(waterfall().assign(deaths=[172, 14, -9, 178]))


@pytest.mark.parametrize("deaths", [[0, 0], [3, 3], [0, 5, -5, 0], [1, -1, 0]])
def test_a_waterfall_from_or_to_nothing_is_drawn(deaths):
    table = pd.DataFrame({"code": range(len(deaths)), "label": "a reason", "deaths": deaths})
    assert svg_of(draw_waterfall(table)) == svg_of(draw_waterfall(table))


def test_a_chart_is_as_wide_as_the_text():
    assert 'width="453.543307pt"' in svg_of(draw_months(months(1, 2)))  # 160 mm = 160 / 25.4 * 72 points
