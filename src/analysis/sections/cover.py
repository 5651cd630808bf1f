"""The first page: title with the headline numbers, what to note, and which records the report was made from."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pandas as pd

from analysis.method import method
from analysis.period import When
from analysis.records.vintages import Vintage, sources_of
from analysis.sections.blocks import Cover, Headline
from analysis.sections.narrative import Story
from analysis.sections.wording import day, digits, direction, period_name
from analysis.texts import language_of, read_words
from analysis.toll.claims import Ledger
from analysis.toll.report_records import ReportRecords


def report_cover(story: Story, records: ReportRecords) -> Cover:
    """The cover of the report of a month or of a longer period.

    The report is dated the day after its last day, which is the data's cut-off: three dates, and no clock (METHOD M6).
    """
    language, ledger = story.language, story.ledger
    words, story = read_words(language, "cover"), replace(story, links=False)
    toll = story.claim_id("civilians.this")
    told = (story, *([story.of_period()] if story.beside else []))
    parts = [story.people(f"{toll}.{part}", name) for part, name in (("children", "child"), ("women", "woman"))
             if story.any(f"{toll}.{part}")]  # fmt: skip
    return Cover(
        title=_filled(story, words["title"], parts=parts),
        subtitle=_filled(story, words["subtitle"]),
        kicker=_filled(story, words["kickers"][story.when.span]),
        headlines=tuple(headline for one in told for headline in headlines(one, words)),
        notices=(*edition_notices(story), *notices(records.vintage, records.window, language)),
        facts=tuple(facts_of(records, ledger, words, language)),
        labels=words["labels"],
        language=language,
        direction=direction(language),
        report_date=report_date(records.when).isoformat(),
    )


def headlines(story: Story, words: dict[str, Any]) -> Iterator[Headline]:
    """The large numbers of a month or a period; where that is told in a month's report, with the period's name."""
    for asked, label in words["headlines"].items():
        claim = story.claim_id(asked)
        named = words["of_period"].format(label=label, period=story.period) if story.is_part else label
        yield Headline(digits(story.ledger.count(claim), story.language), named, claim)


def report_date(when: When) -> date:
    """The day the report is published: the first of the next month."""
    return when.last + timedelta(days=1)


def _filled(story: Story, template: str, **more: object) -> str:
    return story.fill(template, f"notebooks/texts/{language_of(story.language)}/cover.yml", **more).strip()


def notices(vintage: Vintage, records: pd.DataFrame, language: str) -> tuple[str, ...]:
    """What the sources of the records want to be noted, once each."""
    told = [one.source.get(f"notice_{language_of(language)}", "").strip() for one in sources_of(vintage, records)]
    return tuple(dict.fromkeys(notice for notice in told if notice))


def edition_notices(story: Story) -> list[str]:
    """What an edition that does not show everything says of itself."""
    return [text for name, text in read_words(story.language, "cover")["editions"].items() if name == story.edition]


def sources(vintage: Vintage, records: pd.DataFrame, template: str, language: str) -> list[str]:
    """The sources of the records in words: title (the language's own, if any), file, beginning of the SHA-256."""
    return [
        template.format(title=_title(one, language), file=one.source_file, sha=one.sha256[:12])
        for one in sources_of(vintage, records)
    ]


def _title(vintage: Vintage, language: str) -> str:
    said = vintage.source
    return said.get(f"title_{language_of(language)}") or said.get("title", vintage.source_file)


def facts_of(
    records: ReportRecords, ledger: Ledger, words: dict[str, dict[str, str]], language: str
) -> list[tuple[str, str]]:
    """The facts of the first page: which months, records and sources, by which method."""
    vintage, texts = records.vintage, words["facts_texts"]
    span = records.when.span
    told = {
        "month": period_name(records.when, language),
        "report_date": day(report_date(records.when), language),
        "cut_off": day(records.when.last, language),
        "records": texts["records"].format(
            read=digits(ledger.count(f"records.{span}.read"), language),
            counted=digits(ledger.count(f"records.{span}.counted"), language),
            version=vintage.version,
            span=words["spans"][span],
        ),
    }
    rows = [*told.items(), *(("source", text) for text in sources(vintage, records.window, texts["source"], language))]
    rows.append(("method", texts["method"].format(version=method()["version"])))
    return [(words["facts"].get(f"{name}_{span}") or words["facts"][name], text) for name, text in rows]
