"""The charts of bars: each takes its finished table and draws it; nothing is counted here.

A table has one row a bar: `code`, `label` (the words on the page), `deaths` (people). Codes for blank and unknown are
always drawn, hatched and last. Values are written on the bars and labels name them, so that no meaning hangs on colour.
"""

import textwrap
from collections.abc import Iterable, Mapping, Sequence

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.codelists import SYRIA, read_codelist
from analysis.errors import TotalsDisagree
from analysis.sections.seaborn_alone import barplot
from analysis.sections.style import bare, is_not_recorded, new_figure, read_style, report_style

BAR_WIDTH = 0.64
HATCH = "////"
POINTS_PER_MILLIMETRE = 72 / 25.4


@report_style()
def draw_months(table: pd.DataFrame, *, last_stands_out: bool = True) -> Figure:
    """Deaths in each of several months; where the last one is the reporting month it stands out.

    In    one row a month: `month` (YYYY-MM), `label`, `deaths`.
    """
    style = read_style()
    months = table.rename(columns={"month": "code"})
    figure = new_figure(style.months_height)
    axes = figure.add_subplot()
    upright_bars(axes, months, last_stands_out=last_stands_out)
    axes.get_xticklabels()[-1].set_fontweight("bold" if last_stands_out else "normal")
    return figure


@report_style()
def draw_parties(table: pd.DataFrame, *, parts: Mapping[str, str] | None = None, profile: str = SYRIA) -> Figure:
    """Deaths by party, in the order of the table, each party in the colour of its code list.

    `parts` gives the heading of each further column, for example {"children": "children", "women": "women"}.
    """
    return _flat_bars(_coloured(table, "parties", profile), parts or {})


@report_style()
def draw_bounds(table: pd.DataFrame, *, parts: Mapping[str, str], profile: str = SYRIA) -> Figure:
    """Deaths by party as they are counted, and a line from the least to the most that each can be.

    In    one row a party, with `least` and `most` beside the `deaths`; `parts` gives the headings of these two.
    """
    style = read_style()
    figure = _flat_bars(_coloured(table, "parties", profile), parts)
    ends, axes = not_recorded_last(table), figure.axes[0]
    for place, (least, most) in enumerate(zip(ends["least"], ends["most"], strict=True)):
        below, foot = place + BAR_WIDTH / 2, place + BAR_WIDTH / 1.4
        axes.plot([least, least, most, most], [below, foot, foot, below], color=style.ink, linewidth=1.2)
    axes.set_xlim(0, max(1, ends["most"].max()) * 1.1)
    return figure


@report_style()
def draw_buckets(table: pd.DataFrame, *, parts: Mapping[str, str] | None = None, profile: str = SYRIA) -> Figure:
    """Deaths by other parties, a bar for each bucket of METHOD M11; `parts` as for the parties."""
    return _flat_bars(_coloured(table, "buckets", profile), parts or {})


@report_style()
def draw_governorates(table: pd.DataFrame, *, parts: Mapping[str, str] | None = None) -> Figure:
    """Deaths by governorate, most first; equal ones in the order of the table."""
    aside = is_not_recorded(table["code"])
    ranked = table[~aside].sort_values("deaths", ascending=False, kind="stable")
    return _flat_bars(pd.concat([ranked, table[aside]]).assign(colour=read_style().accent), parts or {})


@report_style()
def draw_age_sex(table: pd.DataFrame) -> Figure:
    """Deaths of children, of women and of everybody else, in the order of the table."""
    return _flat_bars(table.assign(colour=read_style().accent), {})


@report_style()
def draw_waterfall(table: pd.DataFrame) -> Figure:
    """From one total to another: a bar for each total, and between them each step from where the last one ended.

    What adds is a filled bar, what takes away an open one, and the sign stands with the number.

    In    one row a bar: `code`, `label`, `deaths`; the first and the last row are totals, the others signed steps.
    Raises TotalsDisagree if the steps do not lead from the first total to the last.
    """
    style = read_style()
    steps = list(table["deaths"])
    ends = [sum(steps[: place + 1]) for place in range(len(steps) - 1)]
    if ends[-1] != steps[-1]:
        raise TotalsDisagree(
            f"The steps of the waterfall lead from {steps[0]:,} to {ends[-1]:,}, and the last total is {steps[-1]:,}. "
            "Nothing is drawn."
        )
    ends.append(steps[-1])
    starts = [0, *ends[:-2], 0]
    labels = [broken(label) for label in table["label"]]
    lines = max(label.count("\n") for label in labels)
    figure = new_figure(len(steps) * (style.row + style.line * lines) + style.line / 2)
    axes = figure.add_subplot()
    for place, (start, end) in enumerate(zip(starts, ends, strict=True)):
        total = place in (0, len(steps) - 1)
        fill = style.context if total else style.accent if end > start else style.paper
        edge, height = style.context if total else style.accent, BAR_WIDTH / (1 + 0.4 * lines)
        (bar,) = axes.barh(place, abs(end - start), height, min(start, end))
        bar.set(facecolor=fill, edgecolor=edge, linewidth=1.1)
        if place:
            axes.plot([ends[place - 1]] * 2, [place - 1, place], color=style.outline, linewidth=0.7, zorder=0)
        words = f"{end:,}" if total else f"{end - start:+,}"
        bold, at = "bold" if total else "normal", (max(start, end), place)
        axes.annotate(words, at, (5, 0), textcoords="offset points", ha="left", va="center", fontweight=bold)
    bare(axes, baseline="left")
    axes.set_xlim(0, max(1, *starts, *ends) * 1.14)
    axes.set_ylim(len(steps) - 0.5, -0.5)
    axes.set_xticks([])
    axes.set_yticks(range(len(steps)), labels, va="center")
    return figure


def _coloured(table: pd.DataFrame, codelist: str, profile: str) -> pd.DataFrame:
    return table.assign(
        colour=table["code"].map(read_codelist(codelist, profile).attribute("colour")).fillna(read_style().context)
    )


def not_recorded_last(table: pd.DataFrame) -> pd.DataFrame:
    return table.iloc[is_not_recorded(table["code"]).argsort(kind="stable")]


def broken(label: str) -> str:
    return textwrap.fill(label, read_style().label_characters)


def narrow(label: str) -> str:
    width = read_style().month_characters
    return "\n".join(textwrap.fill(line, width, break_long_words=False) for line in label.splitlines())


@report_style()
def draw_small_months(deaths: Sequence[int | None], *, highest: int, aside: bool = False) -> Figure:
    """One of many small charts: a bar a month, the last one standing out, all charts to the scale of `highest`.

    The most and the last are written on their bars; None, a month that does not say, is left open. `aside` says that
    nobody knows what the deaths are counted under: such bars are hatched.
    """
    style = read_style()
    figure = new_figure(style.small_height, style.small_width)
    axes = figure.add_subplot()
    known = [(place, one) for place, one in enumerate(deaths) if one is not None]
    last, most = known[-1], max(known, key=lambda one: one[1])
    colours = [style.accent if one == last else style.context for one in known]
    bars = axes.bar([place for place, _ in known], [one for _, one in known], BAR_WIDTH + 0.1, color=colours)
    if aside:
        for bar in bars:
            bar.set(facecolor=style.not_recorded, edgecolor=style.hatch, hatch=HATCH)
    bare(axes, baseline="bottom")
    axes.set_xlim(-0.5, max(len(deaths), style.fewest_months) - 0.5)
    axes.set_ylim(0, highest)
    axes.set_xticks([])
    axes.set_yticks([])
    for place, one in dict.fromkeys((most, last) if most[1] else (last,)):
        write_value(axes, one, (place, one), (0, 3), bold=(place, one) == last)
    return figure


def upright_bars(axes: Axes, table: pd.DataFrame, *, last_stands_out: bool) -> None:
    """Bars side by side, each with its value on top and its label below."""
    style = read_style()
    codes = list(table["code"])
    colours = [style.context if last_stands_out else style.accent] * (len(codes) - 1) + [style.accent]
    assert table["code"].is_unique, "seaborn would draw the mean of two rows of one code"
    barplot(table, x="code", y="deaths", order=codes, errorbar=None, width=BAR_WIDTH + 0.1, ax=axes)
    _colour_bars(axes, colours)
    bare(axes, baseline="bottom")
    axes.set_xlim(-0.5, max(len(codes), style.fewest_months) - 0.5)
    axes.set_ylim(0, max(1, table["deaths"].max()))
    axes.set_yticks([])
    axes.set_xticks(range(len(codes)), [narrow(label) for label in table["label"]])
    for place, deaths in enumerate(table["deaths"]):
        write_value(axes, deaths, (place, deaths), (0, 3), bold=last_stands_out and place == len(codes) - 1)


def _colour_bars(axes: Axes, colours: Iterable[str]) -> None:
    """Each bar in its colour, given afterwards: seaborn takes five times as long to draw a group for each."""
    for bar, colour in zip(axes.patches, colours, strict=True):
        bar.set_facecolor(colour)


def _flat_bars(table: pd.DataFrame, parts: Mapping[str, str]) -> Figure:
    """Bars below each other in a figure of their own, with `parts` as columns of numbers."""
    style = read_style()
    table = not_recorded_last(table)
    lines = max(broken(label).count("\n") for label in table["label"])
    headings = {part: textwrap.fill(heading, style.heading_characters) for part, heading in parts.items()}
    above = max((style.line * (heading.count("\n") + 1.5) for heading in headings.values()), default=0)
    figure = new_figure(len(table) * (style.row + style.line * lines) + above + style.line / 2)
    axes = figure.add_subplot()
    flat_bars(axes, table)
    for position, (part, heading) in enumerate(headings.items(), start=1):
        _part_column(axes, table[part], heading, position)
    return figure


def flat_bars(axes: Axes, table: pd.DataFrame) -> None:
    """Bars below each other, each with its label before and its value behind, in the order of the table."""
    assert table["code"].is_unique, "seaborn would draw the mean of two rows of one code"
    codes, labels = list(table["code"]), [broken(label) for label in table["label"]]
    lines = max(label.count("\n") for label in labels)
    barplot(table, x="deaths", y="code", order=codes, errorbar=None, width=BAR_WIDTH / (1 + 0.4 * lines), ax=axes)
    _colour_bars(axes, table["colour"].fillna(read_style().context))
    bare(axes, baseline="left")
    axes.set_xlim(0, max(1, table["deaths"].max()) * 1.1)
    axes.set_xticks([])
    axes.set_yticks(range(len(codes)), labels, va="center")
    for place, deaths in enumerate(table["deaths"]):
        write_value(axes, deaths, (deaths, place), (4, 0), bold=True)
    _hatch_not_recorded(axes, table)


def write_value(axes: Axes, deaths: int, at: tuple[float, float], offset: tuple[float, float], *, bold: bool) -> None:
    """Write a number at the end of its bar; a zero is written too, quietly."""
    style = read_style()
    above = offset[0] == 0
    axes.annotate(
        f"{deaths:,}",
        at,
        offset,
        textcoords="offset points",
        ha="center" if above else "left",
        va="bottom" if above else "center",
        fontweight="bold" if bold and deaths else "normal",
        color=style.ink if deaths else style.muted,
    )


def _hatch_not_recorded(axes: Axes, table: pd.DataFrame) -> None:
    style = read_style()
    for bar, hatched, deaths in zip(axes.patches, is_not_recorded(table["code"]), table["deaths"], strict=True):
        if hatched:
            edge = 0.7 if deaths else 0
            bar.set(facecolor=style.not_recorded, edgecolor=style.hatch, hatch=HATCH, linewidth=edge)


def _part_column(axes: Axes, people: "pd.Series[int]", heading: str, position: int) -> None:
    """A column of numbers to the right of the bars, under its heading."""
    style = read_style()
    offset = style.part_column * position * POINTS_PER_MILLIMETRE
    for place, number in enumerate(people):
        colour = style.ink if number else style.muted
        axes.annotate(
            f"{number:,}",
            (1, place),
            (offset, 0),
            xycoords=("axes fraction", "data"),
            textcoords="offset points",
            ha="right",
            va="center",
            color=colour,
        )
    axes.annotate(
        heading,
        (1, 1),
        (offset, 2),
        xycoords="axes fraction",
        textcoords="offset points",
        ha="right",
        va="bottom",
        fontsize=style.small,
        color=style.muted,
    )
