"""The map: deaths by governorate on the polygons of data/maps, and what must be said under it.

Beside each GeoJSON lies a .yml of the same stem with its credit, its caveats and the places of its words, so that the
map of another country is a matter of two files.
"""

import textwrap
from math import cos, radians
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import Colormap, Normalize, to_hex
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch, Rectangle

from analysis.codelists import SYRIA, read_codelist
from analysis.errors import UnknownCode, first_three
from analysis.sections.charts import HATCH
from analysis.sections.shapes import Shape, Shapes
from analysis.sections.style import ink_on, is_not_recorded, new_figure, ramp, read_style, report_style

# The key beside the map, in millimetres.
KEY_WIDTH = 24
KEY_STEP = 4
KEY_SHADES = 5
KEY_ROW = 2.8
KEY_CHARACTERS = 14


@report_style()
def draw_governorate_map(table: pd.DataFrame, shapes: Shapes, *, profile: str = SYRIA) -> Figure:
    """Deaths by governorate on the map, darker for more; zeros stay paper; deaths that have none stand beside it.

    In    one row a governorate: `code`, `label`, `deaths`; the code list's `iso_3166_2` joins codes to polygons.
    Raises UnknownCode if a governorate has no polygon, or a polygon no row.
    """
    placed = table[~is_not_recorded(table["code"])]
    placed = placed.assign(iso=placed["code"].map(read_codelist("governorates", profile).attribute("iso_3166_2")))
    _refuse_unplaced(placed, shapes)
    shades = ramp()
    norm = Normalize(1, max(2, placed["deaths"].max()))
    figure = new_figure(read_style().map_height)
    country, key = figure.subplots(1, 2, width_ratios=[6, 1])
    for _, label, deaths, iso in placed[["code", "label", "deaths", "iso"]].itertuples(index=False):
        shape = shapes.by_iso[iso]
        fill = to_hex(shades(norm(deaths)))
        country.add_artist(PathPatch(shape.outline, facecolor=fill, edgecolor=read_style().outline, linewidth=0.6))
        _name(country, shape, label, deaths, fill)
    _frame(country, shapes)
    _key(key, shades, norm, placed["deaths"].max(), table[is_not_recorded(table["code"])])
    return figure


def _refuse_unplaced(placed: pd.DataFrame, shapes: Shapes) -> None:
    without_shape = list(placed["code"][~placed["iso"].isin(shapes.by_iso)])
    without_row = set(shapes.by_iso) - set(placed["iso"])
    if without_shape or without_row:
        raise UnknownCode(
            f"The map and the governorates do not fit: {len(without_shape)} codes have no polygon "
            f"({first_three(without_shape) or 'none'}), {len(without_row)} polygons no code "
            f"({first_three(without_row) or 'none'}). Correct iso_3166_2 in the code list of governorates, or the map."
        )


def _name(axes: Axes, shape: Shape, label: str, deaths: int, fill: str) -> None:
    """Write a governorate's name and number in it, or beside it with a line where it is too small for words."""
    style = read_style()
    ink = style.muted if not deaths else style.ink if shape.callout else ink_on(fill)
    place, side, gap = (shape.callout, "right", -3) if shape.callout else (shape.at, "center", 0)
    look: dict[str, Any] = {"textcoords": "offset points", "ha": side, "color": ink, "annotation_clip": False}
    axes.annotate(label, place, (gap, 0.5), va="bottom", fontsize=style.small, **look)
    axes.annotate(f"{deaths:,}", place, (gap, -0.5), va="top", fontweight="bold" if deaths else "normal", **look)
    if shape.callout:
        (x, y), (to_x, to_y) = shape.callout, shape.at
        axes.plot([x, to_x], [y, to_y], color=style.muted, linewidth=0.7, marker="o", markersize=2.2, markevery=[1])


def _frame(axes: Axes, shapes: Shapes) -> None:
    """Fit the axes to the country, with a degree of longitude as wide as it is in the country's middle."""
    boxes = [shape.outline.get_extents() for shape in shapes.by_iso.values()]
    outside = [shape.callout for shape in shapes.by_iso.values() if shape.callout]
    south, north = min(box.y0 for box in boxes), max(box.y1 for box in boxes)
    axes.set_xlim(min([box.x0 for box in boxes] + [x for x, _ in outside]), max(box.x1 for box in boxes))
    axes.set_ylim(south, north)
    axes.set_aspect(1 / cos(radians((south + north) / 2)), anchor="E")
    axes.axis("off")


def _key(axes: Axes, shades: Colormap, norm: Normalize, most: int, beside: pd.DataFrame) -> None:
    """The shades from the most deaths down to one, paper for none, then the deaths that have no governorate."""
    style = read_style()
    axes.set(xlim=(0, KEY_WIDTH), ylim=(-style.map_height, 0))
    axes.axis("off")
    top = -style.map_height + KEY_STEP * (2 + KEY_ROW * len(beside) + (KEY_SHADES if most else 0))
    steps = [1 + (most - 1) * step / (KEY_SHADES - 1) for step in reversed(range(KEY_SHADES))] if most else []
    for step, deaths in enumerate(steps):
        _swatch(axes, top - step * KEY_STEP, to_hex(shades(norm(deaths))))
    for step in sorted({0, KEY_SHADES - 1}) if most else []:
        _entry(axes, top - step * KEY_STEP, round(steps[step]))
    top -= KEY_STEP * (len(steps) + 0.4)
    _swatch(axes, top, style.paper)
    _entry(axes, top, 0)
    top -= KEY_STEP * 1.6
    for label, deaths in beside[["label", "deaths"]].itertuples(index=False):
        _swatch(axes, top, style.not_recorded, hatched=True)
        _entry(axes, top, deaths, bold=True)
        words = textwrap.fill(label, KEY_CHARACTERS)
        axes.text(0, top - KEY_STEP * 1.2, words, va="top", fontsize=style.small, color=style.muted)
        top -= KEY_STEP * (KEY_ROW + words.count("\n"))


def _swatch(axes: Axes, top: float, fill: str, *, hatched: bool = False) -> None:
    style = read_style()
    edge = style.hatch if hatched else style.outline
    hatch = HATCH if hatched else None
    at = (0, top - KEY_STEP)
    axes.add_patch(Rectangle(at, KEY_STEP * 1.2, KEY_STEP, fc=fill, ec=edge, linewidth=0.6, hatch=hatch))


def _entry(axes: Axes, top: float, deaths: int, *, bold: bool = False) -> None:
    weight = "bold" if bold and deaths else "normal"
    axes.text(KEY_STEP * 1.8, top - KEY_STEP / 2, f"{deaths:,}", va="center", fontweight=weight)
