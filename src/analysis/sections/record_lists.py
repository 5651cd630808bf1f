"""The records behind the numbers, for a reviewer to open: ids only, in an edition that shows them (METHOD M23, M29)."""

from itertools import chain

from analysis.sections.blocks import RecordLists
from analysis.sections.narrative import Story
from analysis.texts import read_words
from analysis.toll.record_ids import record_ids
from analysis.toll.report_records import ReportRecords


def record_lists(story: Story, *records: ReportRecords) -> list[RecordLists]:
    """One list for all claims that count the same records; none at all where the edition shows no list."""
    if not story.shows.lineage:
        return []
    claims: dict[tuple[str, ...], list[str]] = {}
    for claim, ids in chain.from_iterable(record_ids(one).items() for one in records):
        if ids and claim in story.ledger:
            claims.setdefault(ids, []).append(claim)
    caption = read_words(story.language, "captions")["record_lists"]
    return [RecordLists(caption, tuple((tuple(named), ids) for ids, named in claims.items()))]
