"""The first page: title with the headline numbers, what to note, and which records the report was made from."""

from dataclasses import replace
from datetime import date

from analysis.method import method
from analysis.month import Month
from analysis.sections.blocks import Cover, Headline
from analysis.sections.narrative import Story
from analysis.sections.wording import day, digits, month_name
from analysis.texts import read_words
from analysis.toll.claims import Ledger
from analysis.toll.monthly import MonthRecords


def monthly_cover(records: MonthRecords, story: Story) -> Cover:
    """The cover of a month's report.

    The report is dated the first day of the next month and the data's cut-off is the month's last day: three dates,
    and no clock (METHOD M6).
    """
    language, ledger = story.language, story.ledger
    words, story = read_words(language, "cover"), replace(story, links=False)
    parts = [story.people(f"civilians.month.{part}", name) for part, name in (("children", "child"), ("women", "woman"))
             if story.any(f"civilians.month.{part}")]  # fmt: skip
    return Cover(
        title=_filled(story, words["title"], parts=parts),
        subtitle=_filled(story, words["subtitle"]),
        kicker=_filled(story, words["kicker"]),
        headlines=tuple(
            Headline(digits(ledger.count(claim), language), label, claim) for claim, label in words["headlines"].items()
        ),
        notices=tuple(notice for notice in [records.vintage.source.get(f"notice_{language}", "").strip()] if notice),
        facts=tuple(_facts(records, ledger, words, language)),
        labels=words["labels"],
        language=language,
        direction="rtl" if language == "ar" else "ltr",
        report_date=report_date(records.month).isoformat(),
    )


def report_date(month: Month) -> date:
    """The day the report is published: the first of the next month."""
    return month.shift(1).first


def _filled(story: Story, template: str, **more: object) -> str:
    return story.fill(template, f"notebooks/texts/{story.language}/cover.yml", **more).strip()


def _facts(
    records: MonthRecords, ledger: Ledger, words: dict[str, dict[str, str]], language: str
) -> list[tuple[str, str]]:
    vintage, texts = records.vintage, words["facts_texts"]
    told = {
        "month": month_name(records.month, language),
        "report_date": day(report_date(records.month), language),
        "cut_off": day(records.month.last, language),
        "records": texts["records"].format(
            read=digits(ledger.count("records.month.read"), language),
            counted=digits(ledger.count("records.month.counted"), language),
            version=vintage.version,
        ),
        "source": texts["source"].format(
            title=vintage.source.get("title", vintage.source_file), file=vintage.source_file, sha=vintage.sha256[:12]
        ),
        "method": texts["method"].format(version=method()["version"]),
    }
    return [(words["facts"][name], text) for name, text in told.items()]
