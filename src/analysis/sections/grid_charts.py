"""Charts of cells, darker for more: deaths by month and code, what is not recorded, the days of a month.

Each takes its finished table and draws it, as those in analysis.sections.charts do.
"""

from collections.abc import Sequence

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import to_hex, to_rgba_array
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from analysis.errors import TotalsDisagree
from analysis.sections.charts import broken, flat_bars, narrow, not_recorded_last, upright_bars
from analysis.sections.seaborn_alone import heatmap
from analysis.sections.style import bare, ink_on, is_not_recorded, new_figure, ramp, read_style, report_style


@report_style()
def draw_by_month(table: pd.DataFrame, *, last_stands_out: bool = True) -> Figure:
    """Deaths by month: a row for each party or place, a column for each month, the month's total as a bar above.

    In    one row a month and code: `month`, `month_label`, `code`, `label`, `deaths`; the total of a month has the
          code `total`.
    Raises TotalsDisagree if a month's rows do not add up to its total.
    """
    is_total = table["code"].eq(read_style().total_code)
    totals, parties = table[is_total], not_recorded_last(table[~is_total])
    _refuse_other_totals(parties, totals)
    return bars_over_cells(parties, totals, last_stands_out=last_stands_out)


@report_style()
def draw_grid(table: pd.DataFrame) -> Figure:
    """Deaths in cells, darker for more: a row a year, a column a month of it; a cell that the table lacks stays blank.

    In    one row a cell: `row`, `row_label`, `column`, `column_label`, `deaths`; columns in the order of their codes.
    """
    style = read_style()
    rows = table.drop_duplicates("row").set_index("row")["row_label"]
    columns = table.drop_duplicates("column").set_index("column")["column_label"].sort_index()
    grid = table.pivot(index="row", columns="column", values="deaths").loc[rows.index, columns.index]
    figure = new_figure((len(rows) * 1.15 + 2) * style.row)
    axes = figure.add_subplot()
    look = {"cmap": ramp(), "vmin": 1, "vmax": max(2, int(table["deaths"].max()))}
    words = grid.map(lambda deaths: "" if pd.isna(deaths) else f"{int(deaths):,}")
    heatmap(grid, annot=words, fmt="", cbar=False, linewidths=1.5, linecolor=style.paper, ax=axes, **look)
    _ink_cells(axes, pd.Series(data=False, index=range(int(grid.notna().sum(axis=None)))))
    bare(axes, baseline="bottom")
    axes.set_xticks(axes.get_xticks(), [narrow(label) for label in columns], rotation=0)
    axes.set_yticks(axes.get_yticks(), [broken(label) for label in rows], rotation=0)
    return figure


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


def bars_over_cells(
    parties: pd.DataFrame, totals: pd.DataFrame, *, shades: pd.Series | None = None, last_stands_out: bool = False
) -> Figure:
    """A cell for each code and month, and above them a bar for each month's total; darker for more deaths.

    In    both as the table of `draw_by_month`; `shades`, where darkness means something else, has a number from 0 to
          100 for each row of `parties`.
    """
    style = read_style()
    codes = parties["code"].unique()
    rows_height = len(codes) * style.row * 1.15 + style.row
    figure = new_figure(style.totals_height + rows_height)
    above, cells = figure.subplots(2, 1, height_ratios=[style.totals_height, rows_height])
    upright_bars(above, totals.assign(code=totals["month"]), last_stands_out=last_stands_out)
    above.set_xticks([])
    above.set_yticks([0], [broken(totals["label"].iloc[0])], va="bottom")
    _cells(cells, parties, totals, shades)
    return figure


def _refuse_other_totals(parties: pd.DataFrame, totals: pd.DataFrame) -> None:
    added = parties.groupby("month")["deaths"].sum()
    both = pd.concat({"added": added, "given": totals.set_index("month")["deaths"]}, axis=1)
    differs = both["added"].ne(both["given"])  # a month that only one of them has differs too
    if differs.any():
        months = ", ".join(sorted(both.index[differs])[:3])
        raise TotalsDisagree(
            f"The deaths of {int(differs.sum())} months ({months}) do not add up to the month's total. "
            "Nothing is drawn; look at the claims of these months."
        )


def _cells(axes: Axes, parties: pd.DataFrame, totals: pd.DataFrame, shades: pd.Series | None) -> None:
    """A cell for each party and month, darker for more deaths or for a higher shade; zeros stay paper."""
    style = read_style()
    named = parties.drop_duplicates("code").set_index("code")["label"]
    placed = parties.assign(shade=parties["deaths"] if shades is None else shades)
    numbers, dark = (
        placed.pivot(index="code", columns="month", values=values).loc[named.index, totals["month"]]
        for values in ("deaths", "shade")
    )
    bounds = {"vmin": 1, "vmax": max(2, int(numbers.max(axis=None)))} if shades is None else {"vmin": 1e-9, "vmax": 100}
    look = {"cmap": ramp(), "cbar": False, "linewidths": 1.5, "linecolor": style.paper}
    heatmap(dark, annot=numbers, fmt=",d", ax=axes, **look, **bounds)
    _ink_cells(axes, is_not_recorded(numbers.index.to_series()).repeat(len(numbers.columns)))
    bare(axes, baseline="bottom")
    axes.set_xticks(axes.get_xticks(), [narrow(label) for label in totals["month_label"]], rotation=0)
    axes.set_xlim(0, max(len(totals), style.fewest_months))
    axes.set_yticks(axes.get_yticks(), [broken(label) for label in named], rotation=0)


def _ink_cells(axes: Axes, not_recorded: "pd.Series[bool]") -> None:
    """Make each number readable on its cell, zeros quiet, and the cells of "not recorded" grey."""
    style = read_style()
    cells = axes.collections[0]
    colours = to_rgba_array(cells.get_facecolor())
    shown = colours[:, 3].nonzero()[0]  # a blank cell has no number
    fills = [to_hex(colour, keep_alpha=True) for colour in colours]
    for place, number, aside in zip(shown, axes.texts, not_recorded, strict=True):
        zero = number.get_text() == "0"
        fills[place] = style.grid if aside and not zero else fills[place]
        number.set_color(style.muted if zero else ink_on(fills[place]))
    cells.set_array(None)  # else the grey is painted over when the figure is drawn
    cells.set_facecolor(fills)
