"""The records behind the numbers: for a reviewer of the internal edition, and for nobody else."""

from dataclasses import replace

import pytest

from analysis.sections.narrative import Story
from analysis.sections.record_lists import record_lists
from analysis.toll.claims import Ledger, digest
from analysis.toll.periodic import periodic_ledger
from analysis.toll.record_ids import record_ids
from analysis.toll.report_records import ReportRecords, read_report_records


@pytest.fixture(scope="module")
def story(november: ReportRecords, november_ledger: Ledger) -> Story:
    return Story(november_ledger, november.month)


def test_every_claim_that_counts_records_has_the_list_that_its_digest_was_made_of(november, story) -> None:
    (told,) = record_lists(story, november)
    listed = {claim: ids for claims, ids in told.lists for claim in claims}
    assert set(listed) == {claim.id for claim in story.ledger.values() if claim.digest and claim.records}
    assert all(digest(ids) == story.ledger[claim].digest for claim, ids in listed.items())


def test_claims_that_count_the_same_records_share_one_list(november, story) -> None:
    (told,) = record_lists(story, november)
    assert len({ids for _, ids in told.lists}) == len(told.lists)
    assert {"civilians.month", "records.month.counted"} <= set(told.lists[0][0])
    assert len(told.lists[0][1]) == 172  # the toll of November 2020, as published


@pytest.mark.parametrize("edition", ["auditor", "public"])
def test_a_lower_edition_has_no_list(november, story, edition: str) -> None:
    assert record_lists(replace(story, edition=edition), november) == []


def test_a_longer_period_has_the_lists_of_its_claims(sample_table: str) -> None:
    half = read_report_records("2020-H1", location=sample_table)
    ledger, ids = periodic_ledger(half, {}), record_ids(half)
    assert {claim.id for claim in ledger.values() if claim.records and claim.digest} <= set(ids)
    assert all(digest(found) == ledger[claim].digest for claim, found in ids.items() if claim in ledger)
