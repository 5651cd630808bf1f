"""The two clocks on the page: months of documentation beside months of death, the delay triangle, months filling up."""

import pandas as pd

from analysis.sections import grid_charts
from analysis.sections.blocks import Cell, Column, Cover, Figure, Row, Table
from analysis.sections.figures import figure_in_words
from analysis.sections.narrative import Story
from analysis.sections.style import read_style
from analysis.sections.tables import cell, table_in_words, total_cell
from analysis.sections.topics import span_cover
from analysis.sections.wording import counted, month_name
from analysis.texts import read_words
from analysis.toll.claims import Claim
from analysis.toll.clocks import BEHIND, EARLIER, LATE, NOT_BEFORE, TOLL, delay_code, settled_after
from analysis.toll.comparisons import breakdown
from analysis.toll.report_records import ReportRecords

OUTSIDE = (EARLIER, BEHIND, "not_recorded")


def clocks_cover(story: Story, records: ReportRecords) -> Cover:
    """The first page: the toll, and how many of it died before the months or have no month of death."""
    claims = {"toll": TOLL, "earlier": f"{TOLL}.died.{EARLIER}", "not_recorded": f"{TOLL}.died.not_recorded"}
    return span_cover(story, records, "clocks", claims)


def clocks_table(story: Story) -> Table:
    """Each month by both clocks; below them whoever died outside the months, or nobody knows when (METHOD M5)."""
    words = read_words(story.language, "captions")
    rows = [
        Row((Cell(month_name(month, story.language), str(month)),
             *(cell(story, one) for one in (f"{TOLL}.month.{month}", f"{TOLL}.died.{month}",
                                            f"{TOLL}.died.{month}.after.{delay_code(0)}"))))
        for month in story.when.months
    ]  # fmt: skip
    blank = Cell("", "")
    rows += [Row((Cell(words["died"][code], code), blank, cell(story, f"{TOLL}.died.{code}"), blank))
             for code in OUTSIDE]  # fmt: skip
    rows.append(Row((total_cell(story), cell(story, TOLL), cell(story, TOLL), blank), total=True))
    columns = [("month", "text"), *((one, "number") for one in ("documented", "died", "same_month"))]
    return table_in_words(story, "two-clocks", columns, rows)


def triangle_table(story: Story) -> Table:
    """The deaths of each month by the months until they were documented; a delay that has not passed is blank."""
    rows = [
        Row((Cell(month_name(month, story.language), str(month)),
             *(cell(story, f"{TOLL}.died.{month}.after.{code}") for code in _codes(story)),
             cell(story, f"{TOLL}.died.{month}")))
        for month in story.when.months
    ]  # fmt: skip
    made = table_in_words(story, "delay-triangle", [("month", "text")], rows)
    heads = [Column(code, delay_label(code, story.language), "number") for code in _codes(story)]
    total = Column("total", read_words(story.language, "captions")["rows"]["total"], "number")
    return Table(made.name, made.caption, (*made.columns, *heads, total), made.rows, made.note)


def shares_table(story: Story) -> Table:
    """Of the settled months' deaths, how many were documented within each delay (METHOD M31)."""
    stems = {code: f"delay.span.after.{code}.within" for code in map(delay_code, range(settled_after()))}
    rows = [
        Row((Cell(delay_label(code, story.language), code), cell(story, stem), cell(story, f"{stem}.share")))
        for code, stem in stems.items()
    ]
    rows.append(Row((total_cell(story), cell(story, "delay.span.settled"), Cell("", "")), total=True))
    return table_in_words(
        story, "delay-shares", [("delay", "text"), ("within", "number"), ("within_share", "number")], rows
    )


def triangle_figures(story: Story) -> list[Figure]:
    """The triangle of the last months, as many as a page holds, where any month of death is recorded."""
    months = story.when.months[-read_style().grid_rows :]
    cells = [
        (str(month), month_name(month, story.language), code, delay_label(code, story.language), claim)
        for month in months
        for code in _codes(story)
        if (claim := f"{TOLL}.died.{month}.after.{code}") in story.ledger
    ]
    table = pd.DataFrame(cells, columns=["row", "row_label", "column", "column_label", "claim"])
    table["deaths"] = [story.ledger.count(claim) for claim in table["claim"]]
    if not table["deaths"].any():
        return []
    rows = [(f"{month}, {delay}", claim) for _, month, _, delay, claim in cells]
    return [figure_in_words("delays", grid_charts.draw_grid(table.drop(columns="claim")), story, rows)]


def delay_label(code: str, language: str) -> str:
    """How long after the month of death: In the same month, After two months, After six months or later."""
    words = read_words(language, "captions")["delays"]
    months = settled_after() if code == LATE else int(code) if code.isdecimal() else 0
    said = words.get(code) or words["after"]
    return str(said).format(months=counted(months, "month", language, case="genitive"))


def delay_codes() -> list[str]:
    """Every delay that is told apart, in order."""
    return [*map(delay_code, range(settled_after())), LATE, NOT_BEFORE]


def _codes(story: Story) -> list[str]:
    """The delays that a table shows: that of a death documented before it only where there is one."""
    strange = any(claim.value for claim in _before_death(story))
    return delay_codes() if strange else delay_codes()[:-1]


def _before_death(story: Story) -> list[Claim]:
    found = [breakdown(story.ledger, f"{TOLL}.died.{month}.after") for month in story.when.months]
    return [claim for claims in found for claim in claims if claim.id.endswith(f".{NOT_BEFORE}")]
