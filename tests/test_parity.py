"""Both languages are made from one list of claims: what a text says in one, it says in the other.

That both have the same texts, keys and blocks is the rule of `toll texts check` (tests/editing).
"""

import json
import re

import pytest
from invented_records import month_records, records

from analysis.places import EXPECTATIONS
from analysis.sections.conclusions import conclusions_text
from analysis.sections.cover import report_cover
from analysis.sections.narrative import Story
from analysis.texts import read_words
from analysis.toll.claims import Ledger
from analysis.toll.monthly import monthly_ledger
from analysis.toll.report_records import ReportRecords

LINK = re.compile(r"\]\(#claim-([^)]+)\)")
LATIN = re.compile(r"[\w./<>…]*[A-Za-z0-9][\w./<>…]*", re.ASCII)  # names of fields and files, codes, numbers


MONTHLY = ("background", "work", "toll", "toll_months", "toll_parties", "toll_people", "toll_governorates", "torture",
           "occupations", "massacres", "reconciliation", "quality", "claims", "acknowledgement", "toll_context",
           "covid")  # fmt: skip


def test_every_check_has_its_arabic_words_and_they_name_what_the_english_names() -> None:
    suites = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(EXPECTATIONS.glob("*.json"))]
    english = {
        one["meta"]["id"]: {"check": one["description"], "action": one["meta"]["action"]}
        for suite in suites
        for one in suite["expectations"]
    }
    arabic = read_words("ar", "checks")
    assert arabic.keys() == english.keys()
    named = {language: {check: latin(said[check]) for check in english} for language, said in
             (("en", english), ("ar", arabic))}  # fmt: skip
    assert not [check for check in english if named["ar"][check].keys() != {"check", "action"}]
    assert not [
        (check, part, words - named["en"][check][part])
        for check, parts in named["ar"].items()
        for part, words in parts.items()
        if not words <= named["en"][check][part]
    ]


def latin(said: dict[str, str]) -> dict[str, set[str]]:
    """What is written in Latin letters and digits, by the part of a check's words."""
    return {part: {word.strip(".") for word in LATIN.findall(text)} for part, text in said.items()}


@pytest.fixture(scope="module")
def stories(november: ReportRecords, november_ledger: Ledger) -> dict[str, Story]:
    arabic = monthly_ledger(november, [], language="ar")
    assert [(claim.id, claim.value, claim.digest) for claim in arabic.values()] == [
        (claim.id, claim.value, claim.digest) for claim in november_ledger.values()
    ]
    return {"en": Story(november_ledger, november.when), "ar": Story(arabic, november.when, "ar")}


@pytest.mark.parametrize("name", MONTHLY)
def test_a_text_makes_the_same_claims_in_both_languages(name: str, stories: dict[str, Story]) -> None:
    claims = {language: set(LINK.findall(story.own_text(name))) for language, story in stories.items()}
    assert claims["ar"] == claims["en"]


def test_the_conclusions_make_the_same_claims_in_both_languages(stories: dict[str, Story]) -> None:
    claims = {language: set(LINK.findall(conclusions_text(story))) for language, story in stories.items()}
    assert claims["ar"] == claims["en"]


def test_november_in_arabic_says_its_toll(stories: dict[str, Story]) -> None:
    told = Story(stories["ar"].ledger, stories["ar"].when, "ar", links=False)
    toll, torture = told.text("toll"), told.text("torture")
    for words in ("172 \u0645\u062f\u0646\u064a\u0627\u064b", "16 \u0637\u0641\u0644\u0627\u064b", "11 "):
        assert words in toll
    assert "30 " in torture


def test_the_title_of_a_month_without_a_death_says_that_none_was_documented() -> None:
    before = month_records(records({"date_documented": "2020-10-20"}))
    story = Story(monthly_ledger(before, [], language="ar"), before.when, "ar")
    assert report_cover(story, before).title == "لم يُوثَّق مقتل أي مدني في سوريا في تشرين الثاني 2020"
