"""Charts in grids: what is not recorded by field and time, the days of a month, and one of many small charts."""

from collections.abc import Sequence

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from analysis.sections.charts import BAR_WIDTH, HATCH, bars_over_cells, flat_bars, write_value
from analysis.sections.style import bare, ink_on, new_figure, ramp, read_style, report_style


@report_style()
def draw_blanks(table: pd.DataFrame, totals: pd.DataFrame) -> Figure:
    """Records whose field is not recorded: a row a field, a column a month, under a bar for all records of the month.

    In    one row a month and field: `month`, `month_label`, `code`, `label`, `deaths` (here: records); `totals` the
          same, one row a month. A cell is the darker, the larger a part of its month's records it counts.
    """
    whole = table["month"].map(totals.set_index("month")["deaths"])
    return bars_over_cells(table, totals, shades=100 * table["deaths"] / whole)


@report_style()
def draw_calendar(days: pd.DataFrame, beside: pd.DataFrame, weekdays: Sequence[str]) -> Figure:
    """The days of a month as a calendar, darker for more deaths; below it, as bars, those who died on none of them.

    In    `days`: one row a day, `week` and `column` (its place), `week_label`, `deaths`; `beside`: `code`, `label`,
          `deaths`; `weekdays` in the order of the columns.
    """
    style = read_style()
    weeks = days.drop_duplicates("week")
    heights = [(len(weeks) + 1) * style.calendar_row, (len(beside) + 0.5) * style.row]
    figure = new_figure(sum(heights))
    grid, bars = figure.subplots(2, 1, height_ratios=heights)
    _days(grid, days)
    grid.set_xticks(range(len(weekdays)), weekdays)
    grid.set_yticks(range(len(weeks)), weeks["week_label"])
    flat_bars(bars, beside.assign(colour=style.accent))
    return figure


def _days(axes: Axes, days: pd.DataFrame) -> None:
    style, shades = read_style(), ramp()
    most = max(2, int(days["deaths"].max()))
    for row in days.itertuples():
        fill = to_hex(shades((row.deaths - 1) / (most - 1))) if row.deaths else style.paper
        at = row.column - 0.5, row.week - 0.5
        axes.add_patch(Rectangle(at, 1, 1, facecolor=fill, edgecolor=style.grid, linewidth=0.7))
        colour = ink_on(fill) if row.deaths else style.muted
        axes.text(row.column, row.week, f"{row.deaths:,}", ha="center", va="center", color=colour)
    bare(axes, baseline="bottom")
    axes.spines["bottom"].set_visible(False)
    axes.xaxis.tick_top()
    axes.tick_params(length=0)
    axes.set_xlim(-0.5, 6.5)
    axes.set_ylim(days["week"].max() + 0.5, -0.5)


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
