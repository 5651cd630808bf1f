"""What a revision of a report says of itself: a notice on the first page, a section, a table of what moved."""

from dataclasses import replace

from analysis.sections.blocks import Cell, Cover, Row, Table
from analysis.sections.cover import report_cover
from analysis.sections.narrative import Story
from analysis.sections.tables import cell, table_in_words
from analysis.sections.templates import plain
from analysis.texts import read_words
from analysis.toll.report_records import ReportRecords
from analysis.toll.since import STEM, Change

COLUMNS = (("claim", "text"), ("before", "number"), ("now", "number"))


def noted_cover(story: Story, records: ReportRecords, change: Change) -> Cover:
    """The first page with which revision this is, why it was made and what moved; a first one has nothing to note.

    The day on which the month's report is due is not that of a revision, which is published whenever it is.
    """
    cover = report_cover(story, records)
    if change.revision == 1:
        return cover
    story = replace(story, links=False)
    notice = story.text("revision_on_cover", reason=_sentence(change.reason), headlines=_headlines(story, change))
    due = read_words(story.language, "cover")["facts"]["report_date"]
    facts = tuple((term, fact) for term, fact in cover.facts if term != due)
    return replace(cover, notices=(" ".join(notice.split()), *cover.notices), facts=facts)


def since_text(story: Story, change: Change) -> str:
    """The section behind the cover: reason, headline numbers before and now, how many claims moved; '' for a first."""
    if change.revision == 1:
        return ""
    reason = plain(_sentence(change.reason))
    return story.text("revision_of_report", reason=reason, headlines=_headlines(story, change))


def since_tables(story: Story, change: Change) -> list[Table]:
    """The tolls and breakdowns that moved, before and now; no table where none did."""
    rows = [
        Row((Cell(_counted(story, change, one), one), cell(story, f"{STEM}.before.{one}"), cell(story, one)))
        for one in change.rows
    ]
    return [table_in_words(story, "since-revision", COLUMNS, rows)] if rows else []


def _counted(story: Story, change: Change, claim: str) -> str:
    """What a claim counts, in the words it has now, else in those it had."""
    words = (story.ledger[claim] if claim in story.ledger else change.before[claim]).where
    return words[:1].upper() + words[1:]


def _headlines(story: Story, change: Change) -> list[dict[str, str]]:
    words = read_words(story.language, "captions")["since_headlines"]
    labels = {story.claim_id(one): label for one, label in words.items()}
    return [{"label": labels[one], "before": f"{STEM}.before.{one}", "now": one} for one in change.headlines]


def _sentence(reason: str) -> str:
    """The reason as it was given, with a mark at its end."""
    return reason if reason.endswith((".", "!", "?")) else f"{reason}."
