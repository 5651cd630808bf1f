"""A chart for readers of another script: from right to left where they read so, and in their digits.

Charts are drawn from left to right; what is turned here is the finished drawing, so that each chart is written once.
"""

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Annotation

from analysis.sections.wording import direction, in_numerals

OTHER_SIDE = {"left": "right", "right": "left", "center": "center"}


def in_script_of(figure: Figure, language: str) -> Figure:
    """The same drawing in the direction and the digits of a language; a map keeps its west on the left."""
    for text in (text for axes in figure.axes for text in axes.texts):
        text.set_text(in_numerals(text.get_text(), language))
    if direction(language) == "rtl":
        _swap_columns(figure)
        for axes in figure.axes:
            if axes.get_aspect() == "auto":  # else it is a map
                _mirror(axes)
    return figure


def _mirror(axes: Axes) -> None:
    axes.invert_xaxis()
    axes.yaxis.tick_right()
    axes.tick_params(length=0)
    axes.spines["right"].set(visible=axes.spines["left"].get_visible(), edgecolor=axes.spines["left"].get_edgecolor())
    axes.spines["left"].set_visible(False)
    for text in axes.texts:
        text.set_horizontalalignment(OTHER_SIDE[text.get_horizontalalignment()])  # type: ignore[arg-type]
        if isinstance(text, Annotation):
            _mirror_offset(text)


def _mirror_offset(text: Annotation) -> None:
    """Turn the way from a point to its words around; a point at the axes' right edge goes to the left one."""
    across, up = text.xyann
    text.xyann = (-across, up)
    x, y = text.xy
    coordinates = text.xycoords[0] if isinstance(text.xycoords, tuple) else text.xycoords
    if coordinates == "axes fraction":
        text.xy = (1 - x, y)


def _swap_columns(figure: Figure) -> None:
    """Give drawings that stand side by side the opposite order."""
    placed = [(axes, place) for axes in figure.axes if (place := axes.get_subplotspec())]
    for grid in {place.get_gridspec() for _, place in placed}:
        grid.set_width_ratios(list(grid.get_width_ratios())[::-1])  # type: ignore[arg-type]
    for axes, place in placed:
        grid = place.get_gridspec()
        axes.set_subplotspec(grid[place.rowspan.start, grid.ncols - 1 - place.colspan.start])
        axes.set_anchor({"E": "W", "W": "E"}.get(str(axes.get_anchor()), axes.get_anchor()))
