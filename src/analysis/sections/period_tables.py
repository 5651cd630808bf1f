"""The tables of a half-year's or a year's report, made from claims: month by month, by party, by place."""

from analysis.month import Month
from analysis.sections.blocks import Cell, Column, Row, Table
from analysis.sections.narrative import Story
from analysis.sections.tables import Measure, breakdown_table, cell, label, table_in_words, total_cell
from analysis.sections.wording import month_name, short_month_name
from analysis.texts import read_words
from analysis.toll.comparisons import breakdown
from analysis.toll.definitions import OCCUPATIONS

PEOPLE = ("children", "women")


def months_table(story: Story) -> Table:
    """Each month's toll as it is known today, as it was published, and what has moved between the two (METHOD M7)."""
    toll = f"civilians.{story.when.span}"
    columns = ("deaths", *PEOPLE, "published", "since_published")
    rows = [Row((month_cell(story, month), *_of_month(story, f"{toll}.month.{month}"))) for month in story.when.months]
    published = (f"published.{toll}.months", f"{toll}.since_published")
    total = [cell(story, one) for one in (toll, f"{toll}.children", f"{toll}.women", *published)]
    rows.append(Row((total_cell(story), *total), total=True))
    return table_in_words(story, "period-months", [("month", "text"), *((one, "number") for one in columns)], rows)


def _of_month(story: Story, toll: str) -> list[Cell]:
    return [cell(story, one) for one in (toll, *(f"{toll}.{part}" for part in PEOPLE), f"published.{toll}",
                                         f"{toll}.since_published")]  # fmt: skip


def month_cell(story: Story, month: Month) -> Cell:
    return Cell(month_name(month, story.language), str(month))


def by_month_table(story: Story, name: str, toll: str, dimension: str, codelist: str) -> Table:
    """A toll by the codes of one list, a column a month, the whole period last; `toll` may say `.this`."""
    toll = story.claim_id(toll)
    months = story.when.months
    codes = [claim.id.rpartition(".")[2] for claim in breakdown(story.ledger, f"{toll}.{dimension}") if claim.value]
    rows = [
        Row((Cell(label(story, codelist, code), code),
             *(cell(story, f"{toll}.month.{month}.{dimension}.{code}") for month in months),
             cell(story, f"{toll}.{dimension}.{code}")))
        for code in codes
    ]  # fmt: skip
    total = (*(cell(story, f"{toll}.month.{month}") for month in months), cell(story, toll))
    rows.append(Row((total_cell(story), *total), total=True))
    made = table_in_words(story, name, [(dimension, "text")], rows)
    heads = [Column(str(month), short_month_name(month, story.language), "number") for month in months]
    return Table(made.name, made.caption, (*made.columns, *heads, _whole(story)), made.rows, made.note)


def _whole(story: Story) -> Column:
    return Column("total", read_words(story.language, "captions")["rows"]["total"], "number")


def party_table(story: Story) -> Table:
    """Deaths by party with the children and women among them, and each party's share (METHOD M9)."""
    return breakdown_table(story, "period-by-party", "parties", _people(f"civilians.{story.when.span}", "party"))


def other_table(story: Story) -> Table:
    """Deaths by other parties, by kind (METHOD M11)."""
    toll = f"civilians.{story.when.span}"
    stem, total = f"{toll}.other", f"{toll}.party.other"
    measures = [Measure("deaths", stem, total=total),
                *(Measure(part, stem, part, f"{total}.{part}") for part in PEOPLE)]  # fmt: skip
    return breakdown_table(story, "period-by-other", "buckets", measures, zeros=False)


def governorate_table(story: Story) -> Table:
    """Deaths by governorate of death, with shares (METHOD M8)."""
    toll = f"civilians.{story.when.span}"
    stem = f"{toll}.governorate"
    measures = [Measure("deaths", stem, total=toll), Measure("share", stem, "share")]
    return breakdown_table(story, "period-by-governorate", "governorates", measures)


def torture_table(story: Story) -> Table:
    """Deaths due to torture by party, with shares (METHOD M13)."""
    toll = f"torture.{story.when.span}"
    measures = [Measure("torture", f"{toll}.party", total=toll), Measure("share", f"{toll}.party", "share")]
    return breakdown_table(story, "period-torture", "parties", measures, zeros=False)


def occupation_table(story: Story) -> Table:
    """Medical, media, civil defence and relief workers killed; zeros stand (METHOD M15)."""
    rows = [
        Row((Cell(label(story, "occupations", code), code), cell(story, f"{code}.{story.when.span}")))
        for code in OCCUPATIONS
    ]
    return table_in_words(story, "period-occupations", [("occupation", "text"), ("deaths", "number")], rows)


def massacre_months_table(story: Story) -> Table:
    """Massacres of each month and the people killed in them (METHOD M14)."""
    stem = f"massacres.{story.when.span}"
    parts = ("deaths", *PEOPLE)
    rows = [
        Row((head, *(cell(story, one) for one in (toll, *(f"{toll}.{part}" for part in parts)))), total=toll == stem)
        for head, toll in [
            *((month_cell(story, month), f"{stem}.month.{month}") for month in story.when.months),
            (total_cell(story), stem),
        ]
    ]
    columns = ("massacres", "massacre_deaths", *PEOPLE)
    return table_in_words(story, "period-massacres", [("month", "text"), *((one, "number") for one in columns)], rows)


def massacre_table(story: Story) -> Table:
    """Massacres by party and the people killed in them (METHOD M14)."""
    toll = f"massacres.{story.when.span}"
    parts = {"massacre_deaths": "deaths", "children": "children", "women": "women"}
    people = [Measure(key, f"{toll}.party", part, f"{toll}.{part}") for key, part in parts.items()]
    measures = [Measure("massacres", f"{toll}.party", total=toll), *people]
    return breakdown_table(story, "period-massacres-by-party", "parties", measures, zeros=False)


def _people(toll: str, dimension: str) -> list[Measure]:
    stem = f"{toll}.{dimension}"
    parts = [Measure(part, stem, part, f"{toll}.{part}") for part in PEOPLE]
    return [Measure("deaths", stem, total=toll), *parts, Measure("share", stem, "share")]
