"""The report's figures: a chart, its caption, what it shows in words, and the table of its numbers."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd
from matplotlib.figure import Figure as Drawing

from analysis.codelists import NOT_RECORDED
from analysis.month import Month
from analysis.profiles import country_words, read_profile
from analysis.sections import charts
from analysis.sections.blocks import Cell, Column, Figure, Row, Table
from analysis.sections.grid_charts import draw_by_month, draw_calendar
from analysis.sections.maps import draw_governorate_map
from analysis.sections.mirroring import in_script_of
from analysis.sections.narrative import Story
from analysis.sections.shapes import map_caveats, read_shapes
from analysis.sections.style import read_style, svg_of
from analysis.sections.tables import cell, label
from analysis.sections.wording import dated, day, in_numerals, listed, locale_of, short_month_name
from analysis.texts import read_words
from analysis.toll.claims import Claim
from analysis.toll.comparisons import breakdown
from analysis.toll.days import BESIDE, calendar

PARTS = ("children", "women")


def breakdown_frame(story: Story, stem: str, codelist: str, *, zeros: bool = True) -> pd.DataFrame:
    """The claims `<stem>.<code>` ready to be drawn: `code`, `label`, `deaths`; `children` and `women` where claimed."""
    claims = [
        claim for claim in breakdown(story.ledger, stem) if zeros or claim.value or claim.id.endswith(NOT_RECORDED)
    ]
    claims = [claim for claim in claims if claim.value or not claim.id.endswith(".unknown")]
    codes = [claim.id.rpartition(".")[2] for claim in claims]
    parts = [part for part in PARTS if claims and f"{claims[0].id}.{part}" in story.ledger]
    return pd.DataFrame(
        {
            "code": codes,
            "label": [label(story, codelist, code) for code in codes],
            "deaths": [claim.value for claim in claims],
            **{part: [story.ledger.value(f"{claim.id}.{part}") for claim in claims] for part in parts},
        }
    )


def months_figure(story: Story) -> Figure:
    """Deaths by month of documentation, the year so far or the period (METHOD M5)."""
    claims = breakdown(story.ledger, story.claim_id("civilians.so_far.month"))
    names = [_short_month(claim, story.language) for claim in claims]
    table = pd.DataFrame(
        {
            "month": [claim.id.rpartition(".")[2] for claim in claims],
            "label": names,
            "deaths": [claim.value for claim in claims],
        }
    )
    rows = [(name, claim.id) for name, claim in zip(names, claims, strict=True)]
    drawing = charts.draw_months(table, last_stands_out=isinstance(story.when, Month))
    return figure_in_words("months", drawing, story, rows, parts=PARTS)


def calendar_figures(story: Story) -> list[Figure]:
    """Deaths by day of death, where the day is recorded of enough of the dead to fill a calendar (METHOD M5)."""
    toll = story.ledger.count("civilians.month")
    known = toll - story.ledger.count(f"civilians.month.day.{NOT_RECORDED}")
    return [calendar_figure(story)] if toll and known >= read_style().calendar_share * toll else []


def calendar_figure(story: Story) -> Figure:
    """Deaths by day of death as a calendar of the month, and beside it those who died on none of its days (M5)."""
    names, locale = read_words(story.language, "captions")["days"], locale_of(story.language)
    stem, places = "civilians.month.day", calendar(story.month, locale.first_week_day)
    weekdays = locale.days["stand-alone"]["abbreviated"]
    days = pd.DataFrame(
        {
            "week": [one.week for one in places],
            "column": [one.column for one in places],
            "week_label": [dated(one.day, story.language, "short_day") for one in places],
            "deaths": [story.ledger.count(f"{stem}.{one.day}") for one in places],
        }
    )
    beside = pd.DataFrame({"code": BESIDE, "label": [names[code] for code in BESIDE]})
    beside["deaths"] = [story.ledger.count(f"{stem}.{code}") for code in BESIDE]
    drawing = draw_calendar(days, beside, [weekdays[(locale.first_week_day + nth) % 7] for nth in range(7)])
    rows = [(day(one.day, story.language), f"{stem}.{one.day}") for one in places]
    return figure_in_words("calendar", drawing, story, [*rows, *rows_of(beside, stem)])


def party_figure(story: Story) -> Figure:
    """Deaths by party, with the children and women among them (METHOD M9)."""
    stem = story.claim_id("civilians.this.party")
    table = breakdown_frame(story, stem, "parties")
    drawing = charts.draw_parties(table, parts=part_headings(story.language), profile=story.profile)
    return figure_in_words("parties", drawing, story, rows_of(table, stem), parts=PARTS)


def other_figure(story: Story) -> Figure:
    """Deaths by other parties, by kind (METHOD M11)."""
    stem = story.claim_id("civilians.this.other")
    table = breakdown_frame(story, stem, "buckets", zeros=False)
    drawing = charts.draw_buckets(table, parts=part_headings(story.language), profile=story.profile)
    return figure_in_words("buckets", drawing, story, rows_of(table, stem), parts=PARTS)


def governorate_figure(story: Story) -> Figure:
    """Deaths by governorate of death (METHOD M8)."""
    stem = story.claim_id("civilians.this.governorate")
    table = breakdown_frame(story, stem, "governorates", zeros=False)
    return figure_in_words("governorates", charts.draw_governorates(table), story, rows_of(table, stem))


def governorate_figures(story: Story) -> list[Figure]:
    """Deaths by governorate of death: on the map, where the country has one, and as bars."""
    country = read_profile(story.profile).map
    return [*([map_figure(story, country)] if country else []), governorate_figure(story)]


def map_figure(story: Story, country: Path) -> Figure:
    """Deaths by governorate of death on a map, with what must be said under it."""
    stem = story.claim_id("civilians.this.governorate")
    table = breakdown_frame(story, stem, "governorates")
    drawing = draw_governorate_map(table, read_shapes(country), profile=story.profile)
    note = " ".join(map_caveats(country, story.language))
    return figure_in_words("map", drawing, story, rows_of(table, stem), note=note)


def age_sex_figure(story: Story) -> Figure:
    """Deaths by age and sex as recorded (METHOD M2)."""
    stem, names = story.claim_id("civilians.this.age_sex"), read_words(story.language, "captions")["age_sex"]
    claims = breakdown(story.ledger, stem)
    codes = [claim.id.rpartition(".")[2] for claim in claims]
    table = pd.DataFrame(
        {"code": codes, "label": [names[code] for code in codes], "deaths": [claim.value for claim in claims]}
    )
    return figure_in_words("age-sex", charts.draw_age_sex(table), story, rows_of(table, stem))


def torture_figures(story: Story) -> list[Figure]:
    """Deaths due to torture by month and party, where the year so far or the period has any (METHOD M13)."""
    return [torture_figure(story)] if story.any(story.claim_id("torture.so_far")) else []


def torture_figure(story: Story) -> Figure:
    """Deaths due to torture by month and party (METHOD M13)."""
    return by_month_figure(story, "torture", "torture.so_far", "party", "parties")


def by_month_figure(story: Story, name: str, toll: str, dimension: str, codelist: str) -> Figure:
    """A toll by month and by the codes of one list that have a part in it; `toll` may say `.this` or `.so_far`."""
    toll = story.claim_id(toll)
    months = breakdown(story.ledger, f"{toll}.month")
    codes = [claim.id.rpartition(".")[2] for claim in breakdown(story.ledger, f"{toll}.{dimension}") if claim.value]
    total = read_words(story.language, "captions")["rows"]["total"]
    rows = [
        (claim.id.rpartition(".")[2], _short_month(claim, story.language), code, words, claim_id)
        for claim in months
        for code, words, claim_id in [
            *((code, label(story, codelist, code), f"{claim.id}.{dimension}.{code}") for code in codes),
            ("total", total, claim.id),
        ]
    ]
    table = pd.DataFrame(rows, columns=["month", "month_label", "code", "label", "claim"])
    table["deaths"] = [story.ledger.count(claim) for claim in table.pop("claim")]
    numbered = [(f"{month}, {words}", claim) for _, month, _, words, claim in rows]
    drawing = draw_by_month(table, last_stands_out=isinstance(story.when, Month))
    return figure_in_words(name, drawing, story, numbered)


def part_headings(language: str) -> dict[str, str]:
    columns = read_words(language, "captions")["columns"]
    return {part: columns[part] for part in PARTS}


def _short_month(claim: Claim, language: str) -> str:
    return short_month_name(Month.parse(claim.id.rpartition(".")[2]), language)


def rows_of(table: pd.DataFrame, stem: str) -> list[tuple[str, str]]:
    return [(str(words), f"{stem}.{code}") for code, words in zip(table["code"], table["label"], strict=True)]


def figure_in_words(
    name: str,
    drawing: Drawing,
    story: Story,
    rows: Sequence[tuple[str, str]],
    *,
    parts: Sequence[str] = (),
    note: str = "",
    group: str = "",
) -> Figure:
    words = country_words(story.language, "captions", story.profile)
    said = words["figures"][name]
    year = in_numerals(str(story.month.year), story.language) if isinstance(story.when, Month) else story.period
    caption = said["caption"].format(month=story.period, year=year, group=group)
    shown = [f"{heading} {cell(story, claim).text}" for heading, claim in rows if story.ledger.value(claim)]
    alt = f"{said['alt']}: {listed(shown, story.language)}."
    name = story.named(name)
    return Figure(
        name, caption, alt, svg_of(in_script_of(drawing, story.language)), _numbers(name, caption, story, rows, parts),
        note or said.get("note", ""),
    )  # fmt: skip


def _numbers(name: str, caption: str, story: Story, rows: Sequence[tuple[str, str]], parts: Sequence[str]) -> Table:
    heads = read_words(story.language, "captions")["columns"]
    columns = (
        Column("label", heads["claim"]),
        Column("deaths", heads["deaths"], "number"),
        *(Column(part, heads[part], "number") for part in parts),
    )
    made = tuple(
        Row(
            (
                Cell(heading),
                cell(story, claim),
                *(cell(story, f"{claim}.{part}") for part in parts),
            )
        )
        for heading, claim in rows
    )
    return Table(name, caption, columns, made)
