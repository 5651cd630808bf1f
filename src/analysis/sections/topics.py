"""A topic over many months on the page: its first page, texts, tables and charts; its words stand in topics.yml."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pandas as pd

from analysis.period import Span
from analysis.sections import charts, grid_charts
from analysis.sections.blocks import Cell, Cover, Figure, Headline, Row, Table
from analysis.sections.cover import facts_of, notices, report_date
from analysis.sections.figures import breakdown_frame, figure_in_words, rows_of
from analysis.sections.narrative import Story
from analysis.sections.tables import Measure, breakdown_table, cell, table_in_words, total_cell
from analysis.sections.templates import plain
from analysis.sections.wording import digits, direction, month_name, short_month_name
from analysis.texts import read_words
from analysis.toll.report_records import ReportRecords
from analysis.toll.topics import CODED, Topic

NOUNS = {"torture": "death", "massacres": "massacre"}


def topic_cover(story: Story, records: ReportRecords, topic: Topic) -> Cover:
    """The first page of a topic's report: its toll over all the months."""
    claims = {part or "toll": _joined(topic.stem, part) for part in ("", *topic.people)}
    toll = replace(story, links=False).people(topic.stem, _noun(topic))
    return span_cover(story, records, topic.name, claims, subject=_subject(story, topic), toll=toll)


def span_cover(story: Story, records: ReportRecords, kind: str, claims: dict[str, str], **said: str) -> Cover:
    """The first page of a report over many months: `claims` are its large numbers; `said` is put into its words.

    Such a report is made when somebody asks for it: no day is named on which it is due.
    """
    language, ledger = story.language, story.ledger
    words, own = read_words(language, "cover"), read_words(language, "topics")["covers"][kind]
    filled = said | {"period": story.period, "country": story.words["country"]}
    facts = facts_of(records, ledger, words, language)
    return Cover(
        title=own["title"].format(**filled),
        subtitle=own["subtitle"].format(**filled),
        kicker=own["kicker"].format(**filled),
        headlines=tuple(
            Headline(digits(ledger.count(claim), language), own["headlines"][name], claim)
            for name, claim in claims.items()
        ),
        notices=notices(records.vintage, records.window, language),
        facts=tuple((term, fact) for term, fact in facts if term != words["facts"]["report_date"]),
        labels=words["labels"],
        language=language,
        direction=direction(language),
        report_date=report_date(records.when).isoformat(),
    )


def topic_text(story: Story, topic: Topic) -> str:
    """How many, of whom, which share of all: and for how many it is not recorded."""
    return story.text("topic_toll", topic=topic.name, stem=topic.stem, noun=_noun(topic),
                      subject=plain(_subject(story, topic)), unknown=topic.not_recorded)  # fmt: skip


def months_text(story: Story, topic: Topic) -> str:
    """The highest months and years, and the months at nought."""
    several = len(_years(story)) > 1
    return story.text("topic_months", stem=topic.stem, noun=_noun(topic), several=several)


def breakdown_text(story: Story, topic: Topic) -> str:
    """By whom and where."""
    return story.text("topic_breakdowns", stem=topic.stem, noun=_noun(topic), dimensions=topic.dimensions)


def months_table(story: Story, topic: Topic) -> Table:
    """The topic's deaths, month by month."""
    rows = [(Cell(month_name(month, story.language), str(month)), f"month.{month}") for month in story.when.months]
    return _numbers_table(story, topic, "topic-months", "month", rows)


def years_table(story: Story, topic: Topic) -> Table:
    """The same by year, with the share of each year's toll."""
    rows = [(Cell(_year_label(story, year), year), f"year.{year}") for year in _years(story)]
    return _numbers_table(story, topic, "topic-years", "year", rows, share=topic.name != "massacres")


def _numbers_table(
    story: Story, topic: Topic, name: str, head: str, rows: Iterable[tuple[Cell, str]], *, share: bool = False
) -> Table:
    """A row a month or year, a column for the toll and each part of it, the whole span last."""
    parts = ("", *topic.people, *(["share"] if share else []))
    made = [
        Row((heading, *(cell(story, _joined(topic.stem, code, part)) for part in parts)), total=not code)
        for heading, code in [*rows, (total_cell(story), "")]
    ]
    columns = [(head, "text"), *((one, "number") for one in _columns(topic, share=share))]
    return table_in_words(story, name, columns, made, group=_title(story, topic))


def breakdown_tables(story: Story, topic: Topic) -> list[Table]:
    """The topic by party and by place; zeros and what is not recorded stand."""
    return [_breakdown_table(story, topic, dimension) for dimension in topic.dimensions]


def _breakdown_table(story: Story, topic: Topic, dimension: str) -> Table:
    stem, keys = f"{topic.stem}.{dimension}", _columns(topic, share=False)
    measures = [Measure(keys[0], stem, total=topic.stem),
                *(Measure(key, stem, part, f"{topic.stem}.{part}")
                  for key, part in zip(keys[1:], topic.people, strict=True))]  # fmt: skip
    share = [] if topic.name == "massacres" else [Measure("share", stem, "share")]
    return breakdown_table(story, f"topic-{dimension}", CODED[dimension], [*measures, *share],
                           group=_title(story, topic))  # fmt: skip


def months_figure(story: Story, topic: Topic) -> Figure:
    """The topic's deaths by month: bars in one year, over several a row of months a year."""
    months = [
        (month, short_month_name(month, story.language), f"{topic.stem}.month.{month}") for month in story.when.months
    ]
    table = pd.DataFrame(
        {"month": str(month), "label": name, "row": month.year, "row_label": _year_label(story, month.year),
         "column": f"{month.number:02d}", "column_label": name, "deaths": story.ledger.count(claim)}
        for month, name, claim in months
    )  # fmt: skip
    several = len(_years(story)) > 1
    drawing = grid_charts.draw_grid(table) if several else charts.draw_months(table, last_stands_out=False)
    rows = [(f"{name}, {_year_label(story, month.year)}" if several else name, claim) for month, name, claim in months]
    return figure_in_words("topic-by-month", drawing, story, rows, parts=topic.people, group=_title(story, topic))


def breakdown_figures(story: Story, topic: Topic) -> list[Figure]:
    """The topic by party and by place as bars, where it has any death."""
    return [_breakdown_figure(story, topic, one) for one in topic.dimensions] if story.any(topic.stem) else []


def _breakdown_figure(story: Story, topic: Topic, dimension: str) -> Figure:
    stem = f"{topic.stem}.{dimension}"
    table = breakdown_frame(story, stem, CODED[dimension], zeros=False)
    bare = table[["code", "label", "deaths"]]
    by_party = dimension == "party"
    drawing = charts.draw_parties(bare, profile=story.profile) if by_party else charts.draw_governorates(bare)
    return figure_in_words(f"topic-by-{dimension}", drawing, story, rows_of(table, stem), group=_title(story, topic))


def _columns(topic: Topic, *, share: bool) -> list[str]:
    """The headings of a topic's numbers, by the keys of captions.yml."""
    first = {"torture": "torture", "massacres": "massacres"}.get(topic.name, "deaths")
    people = [{"deaths": "massacre_deaths"}.get(part, part) for part in topic.people]
    return [first, *people, *(["toll_share"] if share else [])]


def _joined(*parts: str) -> str:
    return ".".join(filter(None, parts))


def _years(story: Story) -> list[int]:
    assert isinstance(story.when, Span)
    return list(story.when.years)


def _year_label(story: Story, year: int) -> str:
    return str(read_words(story.language, "captions")["rows"]["year"]).format(year=year)


def _noun(topic: Topic) -> str:
    return NOUNS.get(topic.name, "civilian")


def _subject(story: Story, topic: Topic) -> str:
    """The party or place in words; '' for a topic that has none."""
    return story.codelist(CODED[topic.name]).label(topic.code, story.language) if topic.code else ""


def _title(story: Story, topic: Topic) -> str:
    """What a caption calls the topic's numbers: Civilians killed in Aleppo."""
    words: dict[str, Any] = read_words(story.language, "topics")["numbers"]
    return str(words[topic.name]).format(subject=_subject(story, topic))
