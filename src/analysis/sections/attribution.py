"""The bounds of attribution on the page: each party's toll as counted, at least, at most, and what is not decided."""

from analysis.sections import charts
from analysis.sections.blocks import Cell, Cover, Figure, Row, Table
from analysis.sections.figures import breakdown_frame, figure_in_words, rows_of
from analysis.sections.narrative import Story
from analysis.sections.tables import Measure, breakdown_table, cell, label, table_in_words
from analysis.sections.topics import span_cover
from analysis.texts import read_words
from analysis.toll.attribution import TOLL, UNDECIDED
from analysis.toll.comparisons import breakdown
from analysis.toll.report_records import ReportRecords

BOUNDS = ("least", "most")


def attribution_cover(story: Story, records: ReportRecords) -> Cover:
    """The first page: the toll, and how many deaths are open between parties or of several together."""
    claims = {"toll": TOLL, **{kind: f"{TOLL}.{kind}.named" for kind in UNDECIDED}}
    return span_cover(story, records, "attribution", claims)


def bounds_text(story: Story) -> str:
    """The parties whose toll an open case could change, with their bounds."""
    stem = f"{TOLL}.party"
    codes = [claim.id.rpartition(".")[2] for claim in breakdown(story.ledger, stem)]
    moved = [code for code in codes if any(story.any(f"{stem}.{code}.{part}") for part in ("may_lose", "may_gain"))]
    return story.text("attribution", open_parties=moved)


def bounds_table(story: Story) -> Table:
    """Each party's toll as counted, at least, at most, and what lies between (METHOD M10)."""
    stem = f"{TOLL}.party"
    parts = (*BOUNDS, "may_lose", "may_gain")
    measures = [Measure("as_published", stem, total=TOLL), *(Measure(part, stem, part) for part in parts)]
    return breakdown_table(story, "attribution", "parties", measures)


def bounds_figure(story: Story) -> Figure:
    """The same as bars, with a line from the least to the most."""
    stem, heads = f"{TOLL}.party", read_words(story.language, "captions")["columns"]
    table = breakdown_frame(story, stem, "parties")[["code", "label", "deaths"]]
    for bound in BOUNDS:
        table[bound] = [story.ledger.count(f"{stem}.{code}.{bound}") for code in table["code"]]
    headings = {bound: heads[bound] for bound in BOUNDS}
    drawing = charts.draw_bounds(table, parts=headings, profile=story.profile)
    return figure_in_words("bounds", drawing, story, rows_of(table, stem), parts=BOUNDS)


def open_table(story: Story) -> Table:
    """The deaths that are open between parties or of several together, with and without recorded candidates."""
    names = ("named", "unnamed")
    rows = [
        Row(
            (
                Cell(label(story, "responsibilities", kind), kind),
                *(cell(story, f"{TOLL}.{kind}.{name}") for name in names),
            )
        )
        for kind in UNDECIDED
    ]
    columns = [("responsibility", "text"), *((name, "number") for name in names)]
    return table_in_words(story, "attribution-open", columns, rows)
