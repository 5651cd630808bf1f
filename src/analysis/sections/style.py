"""One look for every chart, and SVG that never varies.

Sizes, ink and grid are in data/chart-style.yml; letters come from data/fonts, never from the machine.
"""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Literal

import matplotlib as mpl
import pandas as pd
import yaml
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.colors import Colormap, LinearSegmentedColormap, to_rgb
from matplotlib.figure import Figure
from matplotlib.font_manager import FontEntry, fontManager

from analysis.places import DATA

# Names of our own: asked for "Noto Sans", matplotlib might take the machine's copy, which may be another version.
FAMILY = "Report Sans {}"
MILLIMETRES_PER_INCH = 25.4


@dataclass(frozen=True)
class ChartStyle:
    """data/chart-style.yml, which says what each value is for."""

    width: float
    row: float
    line: float
    part_column: float
    months_height: float
    totals_height: float
    map_height: float
    calendar_row: float
    calendar_share: float
    small_width: float
    small_height: float
    text: float
    small: float
    label_characters: int
    heading_characters: int
    month_characters: int
    grid_rows: int
    fewest_months: int
    fonts: list[dict[int, str]]
    ink: str
    ink_on_colour: str
    muted: str
    grid: str
    accent: str
    context: str
    not_recorded: str
    hatch: str
    paper: str
    outline: str
    ramp: list[str]
    not_recorded_codes: list[str]
    total_code: str


@cache
def read_style() -> ChartStyle:
    """Read data/chart-style.yml."""
    return ChartStyle(**yaml.safe_load((DATA / "chart-style.yml").read_text(encoding="utf-8")))


@cache
def register_fonts() -> None:
    """Make the project's letters known to matplotlib, under our own family names."""
    for name, family in zip(families(), read_style().fonts, strict=True):
        for weight, file in family.items():
            path = str(DATA / "fonts" / file)
            fontManager.ttflist.append(FontEntry(fname=path, name=name, weight=weight, size="scalable"))


def families() -> list[str]:
    """The families of letters, in the order in which a letter is looked for in them."""
    return [FAMILY.format(number) for number, _ in enumerate(read_style().fonts, 1)]


@contextmanager
def report_style() -> Iterator[None]:
    """Draw and write in the report's look, starting from matplotlib's defaults whatever the session has set."""
    register_fonts()
    style = read_style()
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(
            {
                "font.family": families(),
                "font.size": style.text,
                "text.color": style.ink,
                "text.parse_math": False,  # a place named "$100 & $200" is a name, not a formula
                "figure.facecolor": "none",
                "axes.facecolor": "none",
                "axes.labelcolor": style.ink,
                "axes.edgecolor": style.grid,
                "axes.grid": False,
                "axes.spines.top": False,
                "axes.spines.right": False,
                "xtick.color": style.ink,
                "ytick.color": style.ink,
                "hatch.color": style.hatch,
                "hatch.linewidth": 0.7,
                "figure.constrained_layout.use": True,
                "svg.fonttype": "path",
                "svg.hashsalt": "report",
            }
        )
        yield


def new_figure(height: float, width: float | None = None) -> Figure:
    """An empty figure, of the report's width where no other is given; `height` and `width` in millimetres.

    It is made without pyplot, so no figure piles up in a session that draws many months.
    """
    width = width or read_style().width
    return Figure(figsize=(width / MILLIMETRES_PER_INCH, height / MILLIMETRES_PER_INCH))


def svg_of(figure: Figure) -> str:
    """The figure as SVG text: no date, no path, no program version; the same bytes on every run."""
    written = io.StringIO()
    with report_style():
        # Figure.savefig would draw it twice, the first time for the layout alone.
        FigureCanvasSVG(figure).print_svg(written, metadata={"Date": None, "Creator": "toll-report"})
    return written.getvalue()


def bare(axes: Axes, *, baseline: Literal["left", "bottom"]) -> None:
    """Leave only the line on which the bars stand: the values are written on the bars, so no scale is needed."""
    for side, spine in axes.spines.items():
        spine.set_visible(side == baseline)
    axes.tick_params(length=0)
    axes.set(xlabel="", ylabel="")


def ramp() -> Colormap:
    """Light to dark in one hue; below one death it is paper."""
    style = read_style()
    return LinearSegmentedColormap.from_list("deaths", style.ramp).with_extremes(under=style.paper)


def is_not_recorded(codes: "pd.Series[str]") -> "pd.Series[bool]":
    """Which codes stand for blank or unknown: these are drawn last and hatched."""
    return codes.isin(read_style().not_recorded_codes)


def luminance(colour: str) -> float:
    """Relative luminance from 0 (black) to 1 (white): what stays of a colour in grey (WCAG 2.2)."""
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in to_rgb(colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def ink_on(colour: str) -> str:
    """Paper or black, whichever is easier to read on this colour: one of them always reaches 4.5 to 1."""
    style = read_style()
    ground = luminance(colour) + 0.05
    on_paper, on_ink = (luminance(style.paper) + 0.05) / ground, ground / (luminance(style.ink_on_colour) + 0.05)
    return style.paper if on_paper > on_ink else style.ink_on_colour
