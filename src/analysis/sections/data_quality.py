"""The tables and the first page of the look at a whole vintage; its words stand in data_quality.yml."""

from collections.abc import Iterable
from typing import Any

from analysis.sections.blocks import Cell, Column, Cover, Headline, Row, Table, claim_anchor
from analysis.sections.cover import notices, sources
from analysis.sections.narrative import Story
from analysis.sections.tables import cell
from analysis.sections.wording import day, digits, direction
from analysis.texts import read_words
from analysis.toll.data_quality import VintageReview, completeness, submissions


def review_cover(story: Story, review: VintageReview) -> Cover:
    """The first page: which vintage, and the numbers that somebody has to act upon."""
    words, vintage, language = words_of(story), review.vintage, story.language
    texts = words["facts_texts"]
    extracted = review.extract_date
    rows = [
        ("vintage", digits(vintage.version, language)),
        *(("source", one) for one in sources(vintage, review.records, texts["source"], language)),
        ("extract_date", day(extracted, language) if extracted else texts["unknown"]),
    ]
    return Cover(
        title=words["title"].format(vintage=vintage.version),
        subtitle=words["subtitle"],
        kicker=words["kicker"],
        headlines=tuple(
            Headline(digits(story.ledger.count(claim), language), label, claim)
            for claim, label in words["headlines"].items()
        ),
        notices=notices(vintage, review.records, language),
        facts=tuple((words["facts"][name], text) for name, text in rows),
        labels=read_words(language, "cover")["labels"],
        language=language,
        direction=direction(language),
        report_date=(extracted or review.month.last).isoformat(),
    )


def steps_table(story: Story) -> Table:
    """From records read to records counted, over all months (METHOD M21)."""
    steps = words_of(story)["steps"]
    rows = [Row((Cell(label, step), cell(story, f"records.vintage.{step}"))) for step, label in steps.items()]
    return vintage_table(story, "steps", rows)


def queue_table(story: Story, review: VintageReview) -> Table:
    """The submissions that wait to be verified (METHOD M26)."""
    unknown = words_of(story)["unknown"]
    rows = [
        Row((Cell(one.record_id), Cell(one.month), _days(one.days, unknown, story.language)))
        for one in submissions(review).itertuples()
    ]
    return vintage_table(story, "queue", rows)


def completeness_table(story: Story, review: VintageReview) -> Table:
    """For each field, in how many records it is recorded and in how many not (METHOD M20)."""
    rows = [
        Row((Cell(field), *(cell(story, f"completeness.vintage.{field}.{part}") for part in ("recorded", "blank"))))
        for field in completeness(review)["field"]
    ]
    return vintage_table(story, "completeness", rows)


def corrections_table(story: Story, review: VintageReview) -> Table:
    """The corrections that were applied: records and fields, not values (METHOD M24)."""
    rows = [
        Row((Cell(one.record_id), Cell(one.field), Cell(one.reported.isoformat())))
        for one in review.decided.corrections
    ]
    return vintage_table(story, "corrections", rows)


def pairs_table(story: Story, review: VintageReview) -> Table:
    """Pairs of records that may be of the same person and wait for a decision (METHOD M25)."""
    rows = [
        Row((Cell(f"{one.record_a} / {one.record_b}"), Cell(digits(one.score, story.language), one.score),
             Cell(one.reasons)))
        for one in review.pairs.itertuples()
    ]  # fmt: skip
    return vintage_table(story, "pairs", rows)


def claims_table(story: Story) -> Table:
    """Every claim of this look, with a row of its own to be led to (METHOD M23)."""
    rows = [
        Row(
            (
                Cell(claim.id),
                Cell(digits(claim.value, story.language), claim.value),
                Cell(claim.where),
                Cell(claim.rule),
            ),
            anchor=claim_anchor(claim.id),
        )
        for claim in story.ledger.values()
        if not isinstance(claim.value, str)
    ]
    return vintage_table(story, "claims", rows)


def _days(days: Any, unknown: str, language: str) -> Cell:
    return Cell(unknown, "") if not isinstance(days, int) else Cell(digits(days, language), days)


def words_of(story: Story) -> dict[str, Any]:
    """What data_quality.yml says, in the language of a story."""
    return read_words(story.language, "data_quality", story.profile)


def vintage_table(story: Story, name: str, rows: Iterable[Row]) -> Table:
    """A table in the words of data_quality.yml; one without rows says so."""
    words = words_of(story)
    said = words["tables"][name]
    columns = tuple(
        Column(key, label, "number" if key in words["numbers"] else "text") for key, label in said["columns"].items()
    )
    shown = tuple(rows) or (Row((Cell(words["nothing"]), *(Cell("", "") for _ in columns[1:]))),)
    return Table(f"vintage-{name}", said["caption"], columns, shown, said.get("note", ""))
