"""Charts in grids: numbered cells for what is not recorded, and one of many small charts."""

from collections.abc import Sequence

import pandas as pd
from matplotlib.figure import Figure

from analysis.sections.charts import BAR_WIDTH, HATCH, bars_over_cells, write_value
from analysis.sections.style import bare, new_figure, read_style, report_style


@report_style()
def draw_blanks(table: pd.DataFrame, totals: pd.DataFrame) -> Figure:
    """Records whose field is not recorded: a row a field, a column a month, under a bar for all records of the month.

    In    one row a month and field: `month`, `month_label`, `code`, `label`, `deaths` (here: records); `totals` the
          same, one row a month. A cell is the darker, the larger a part of its month's records it counts.
    """
    whole = table["month"].map(totals.set_index("month")["deaths"])
    return bars_over_cells(table, totals, shades=100 * table["deaths"] / whole)


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
