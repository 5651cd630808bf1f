"""The profile of a vintage for the reader: where blanks gather, delays, days that look made up, values in no list."""

from datetime import date

import pandas as pd

from analysis.month import Month
from analysis.records.contract import UNDATED
from analysis.sections.blocks import Cell, Column, Figure, Row, Table
from analysis.sections.data_quality import vintage_table, words_of
from analysis.sections.grid_charts import draw_blanks
from analysis.sections.mirroring import in_script_of
from analysis.sections.narrative import Story
from analysis.sections.style import svg_of
from analysis.sections.tables import cell
from analysis.sections.wording import day, digits, in_numerals, listed, short_month_name, year_name
from analysis.toll.comparisons import breakdown
from analysis.toll.data_profile import blanks, suspicious_days
from analysis.toll.data_quality import VintageReview, completeness


def blanks_figure(story: Story, review: VintageReview) -> Figure:
    """Where blanks gather, by field and month (METHOD M20)."""
    said, found = words_of(story)["figures"]["blanks"], blanks(review.standing, completeness(review))
    times = {time: _time(story, time) for time in found["time"].unique()}
    claims = "completeness.vintage." + found["field"] + ".blank.time." + found["time"]
    whole = {time: f"records.vintage.standing.time.{time}" for time in times}
    cells = _drawn(story, found["time"], times, claims).assign(code=found["field"], label=found["field"])
    totals = _drawn(story, pd.Series(list(times)), times, pd.Series(list(whole.values()))).assign(label=said["all"])
    rows = [(f"{said['all']}, {times[time]}", claim) for time, claim in whole.items()]
    rows += [(f"{row.field}, {times[row.time]}", claim) for row, claim in zip(found.itertuples(), claims, strict=True)]
    columns = Column("label", said["heading"]), Column("records", said["records"], "number")
    numbers = Table("vintage-blanks", said["caption"], columns,
                    tuple(Row((Cell(heading), cell(story, claim))) for heading, claim in rows))  # fmt: skip
    svg = svg_of(in_script_of(draw_blanks(cells, totals), story.language))
    shown = [f"{field} {one.text}" for field in found["field"].unique()
             if (one := cell(story, f"completeness.vintage.{field}.blank")).value]  # fmt: skip
    alt = f"{said['alt']}: {listed(shown, story.language)}."
    return Figure(numbers.name, said["caption"], alt, svg, numbers, said["note"])


def _drawn(story: Story, months: pd.Series, times: dict[str, str], claims: pd.Series) -> pd.DataFrame:
    """Claims by month, ready to be drawn: the year of a month stands below it."""
    labels = months.map(times).str.replace(" ", "\n")
    return pd.DataFrame({"month": months, "month_label": labels, "deaths": claims.map(story.ledger.count)})


def _time(story: Story, time: str) -> str:
    """A month or a year in a few words."""
    if time == UNDATED:
        return str(words_of(story)["labels"]["undated"])
    if len(time) == len("2020"):
        return year_name(date(int(time), 1, 1), story.language)
    month = Month.parse(time)
    return f"{short_month_name(month, story.language)} {in_numerals(str(month.year), story.language)}"


def delays_table(story: Story) -> Table:
    """From death to documentation, by percentile (METHOD M5)."""
    claims = breakdown(story.ledger, "delays.vintage.percentile")
    percents = [digits(int(claim.id.rpartition(".")[2]), story.language) for claim in claims]
    rows = [Row((Cell(percent), cell(story, claim.id))) for percent, claim in zip(percents, claims, strict=True)]
    return vintage_table(story, "delays", rows)


def days_table(story: Story, review: VintageReview) -> Table:
    """Days to which improbably many deaths are dated (METHOD M22)."""
    first, days = words_of(story)["labels"]["first"], suspicious_days(review.standing)["day"]
    rows = [
        Row((
            Cell(day(date.fromisoformat(one), story.language) + (first if one.endswith("-01") else "")),
            cell(story, f"days.vintage.suspicious.{one}"),
            cell(story, f"days.vintage.suspicious.{one}.usual"),
        ))
        for one in days
    ]  # fmt: skip
    return vintage_table(story, "days", rows)


def unlisted_table(story: Story, review: VintageReview) -> Table:
    """Values that no code list has, as the quarantine of the imports says (METHOD M22)."""
    kinds = [(kind.partition(": "), nth) for nth, kind in enumerate(review.unlisted[0], 1)]
    rows = [Row((Cell(field), Cell(reason), cell(story, f"quarantine.vintage.unlisted.{nth}")))
            for (field, _, reason), nth in kinds]  # fmt: skip
    return vintage_table(story, "unlisted", rows)
