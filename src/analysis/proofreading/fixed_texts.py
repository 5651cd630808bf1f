"""What may hold a number without a claim: dates of the report, resolutions, labels, notes, ids; each from its own data.

Nothing is listed here in Python. The few phrases of the writers' own words stand in data/fixed-numbers.yml.
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from typing import Any

import pandas as pd
import yaml

from analysis.codelists import read_codelist
from analysis.method import method
from analysis.month import Month
from analysis.period import When, compared, parts
from analysis.places import DATA, EXPECTATIONS, ROOT
from analysis.profiles import read_profile
from analysis.proofreading.opened import opened
from analysis.records.contract import coded_fields
from analysis.records.published import read_published
from analysis.records.vintages import sources_of
from analysis.rendering.document import Document, Numbered
from analysis.rendering.html_writer import TEMPLATES
from analysis.sections.blocks import Figure
from analysis.sections.cases import DATES, PLACES
from analysis.sections.clocks import delay_codes, delay_label
from analysis.sections.cover import notices, report_date, sources
from analysis.sections.shapes import map_caveats
from analysis.sections.templates import own_numbers
from analysis.sections.wording import day, digits, month_name, period_name, short_month_name
from analysis.texts import find_text, language_of, read_words
from analysis.toll.claims import Ledger
from analysis.toll.days import days_of
from analysis.toll.outside import external_source, read_external, read_references
from analysis.toll.pseudonyms import TOLD
from analysis.toll.report_records import ReportRecords

PLAIN_ID = re.compile(r"\w[\w-]*")


@dataclass(frozen=True)
class Fixed:
    """What a page may say without a claim.

    `texts` are allowed as a whole, `phrases` inside a longer text, `ids` as words of their own; `code` is what the
    notebook holds, `style` the style sheet, `images` the SHA-256 of each chart; `keyed` names the charts with a key.
    `headlines` are the claims that the title takes its numbers from, in its order; `noticed` those of a notice.
    """

    texts: frozenset[str]
    phrases: tuple[str, ...]
    ids: frozenset[str]
    code: frozenset[str]
    style: str
    images: frozenset[str]
    keyed: frozenset[str]
    headlines: tuple[str, ...]
    noticed: frozenset[str]


def fixed_of(document: Document, records: ReportRecords, said: Iterable[str] = ()) -> Fixed:
    """Everything that the report of these records may say without a claim.

    `said` are texts that came with this one run, such as the reason of a revision.
    """
    language, own = document.cover.language, own_numbers(document.cover.language)
    phrases = [
        *(date for one in parts(records.when) for date in _dates(one, language)),
        *_records(records.window, language),
        *_references(language),
        *_outside(document.ledger, language),
        *_labels(records.profile, language),
        *(delay_label(code, language) for code in delay_codes()),
        *(f"{document.labels[kind]} {number}" for kind, number in _numbered(document)),
        *_listed(language),
        *said,
    ]
    looked_for = {opened(one, language) for one in phrases}
    return Fixed(
        texts=frozenset(opened(one, language) for one in _whole(document, records, language)),
        phrases=tuple(sorted((one for one in looked_for if own.search(one)), key=lambda one: (-len(one), one))),
        ids=frozenset(_ids(document.ledger, records.window)),
        code=frozenset(opened(_squeezed(text), language) for text in _code(document)),
        style=_squeezed((TEMPLATES / "report.css").read_text(encoding="utf-8")),
        images=frozenset(_images(document)),
        keyed=frozenset(_said()["charts_with_a_key"]),
        headlines=tuple(one.claim for one in document.cover.headlines),
        noticed=frozenset(_noticed(document)),
    )


def _squeezed(text: str) -> str:
    return " ".join(text.split())


# -- phrases -----------------------------------------------------------------------------------------------------------


def _dates(when: When, language: str) -> Iterator[str]:
    """The report's own months and years, those it is compared with, and the days of its first page."""
    last = when.months[-1]
    for one in (when, *when.months, *last.year_so_far, *compared(when).values()):
        yield period_name(one, language)
        yield str(one)
    for month in (*when.months, *last.year_so_far):  # without their year, where the year is clear: تشرين الثاني
        yield month_name(month, language, year=False)
        yield short_month_name(month, language)
    for one in (*when.months[::12], last, last.shift(-12)):
        yield day(one.first, language, "year")
    for moment in days_of(when) if isinstance(when, Month) else ():  # the calendar has those without a death too
        yield day(moment, language)
    for moment in (report_date(when), when.last):
        yield day(moment, language)
        yield moment.isoformat()


def _records(window: pd.DataFrame, language: str) -> Iterator[str]:
    """The dates and places that texts about single cases and incidents take from their records."""
    for field in DATES.values():
        pairs = window[[field, f"{field}_precision"]].dropna().drop_duplicates()
        for when, precision in pairs.itertuples(index=False):
            if precision in ("day", "month", "year"):
                yield day(when, language, str(precision))
    for field in ("record_id", "incident_id"):  # what is one plain word, the ids hold
        odd = (one for one in window[field].dropna().unique() if not PLAIN_ID.fullmatch(one))
        yield from (_squeezed(one) for one in odd)
    for field in window.columns.intersection([*PLACES, *(f"{TOLD}{place}" for place in PLACES)]):
        yield from window[field].dropna().astype(str).unique()


def _references(language: str) -> list[str]:
    """Resolutions, historical dates and the like."""
    return [str(text) for text in read_references()[f"text_{language_of(language)}"]]


def _outside(ledger: Ledger, language: str) -> Iterator[str]:
    """Where the outside figures of this report come from."""
    for key in read_external().index:
        if f"external.{key}" in ledger:
            yield from external_source(str(key), language).values()


@cache
def _labels(profile: str, language: str) -> tuple[str, ...]:
    tables = [read_codelist(name, profile).table for name in sorted(set(coded_fields().values()))]
    columns = [f"{form}_{language_of(language)}" for form in ("label", "short")]
    labels = [label for table in tables for column in columns for label in table.get(column, ())]
    return tuple(told for label in labels for told in (label, label[:1].upper() + label[1:]))


def _numbered(document: Document) -> Iterator[tuple[str, int]]:
    for block in document.blocks:
        if isinstance(block, Numbered):
            yield block.kind, block.number
    for note in document.notes:
        yield "note", note.number


def _listed(language: str) -> list[str]:
    return [str(one) for one in _said().get(language_of(language), [])]


@cache
def _said() -> dict[str, Any]:
    return dict(yaml.safe_load((DATA / "fixed-numbers.yml").read_text(encoding="utf-8")))


# -- texts as a whole --------------------------------------------------------------------------------------------------


def _whole(document: Document, records: ReportRecords, language: str) -> Iterator[str]:
    """Notices and facts of the first page, words of checks, notes of published figures, credits, what claims count."""
    yield from _expectations()
    translated = find_text(language, records.profile, "checks.yml")
    checks = read_words(language, "checks", records.profile).values() if translated else ()
    yield from (_squeezed(text) for one in checks for text in one.values())
    yield from (claim.where for claim in document.ledger.values())
    yield from notices(records.vintage, records.window, language)
    yield from _facts(document.ledger, records, language)
    country = read_profile(records.profile).map
    yield from [" ".join(map_caveats(country, language))] if country else []
    if any("published" in one.source for one in sources_of(records.vintage, records.window)):
        yield from _notes(language)


@cache
def _notes(language: str) -> tuple[str, ...]:
    """What data/published/figures.csv notes beside its figures."""
    figures = read_published()
    return tuple(_squeezed(note) for note in figures.get(f"note_{language_of(language)}", figures["note"]))


@cache
def _expectations() -> tuple[str, ...]:
    """What each check of expectations/*.json says it checks, and what to do where it fails."""
    suites = [json.loads(file.read_text(encoding="utf-8")) for file in sorted(EXPECTATIONS.glob("*.json"))]
    checks = [check for suite in suites for check in suite["expectations"]]
    return tuple(_squeezed(text) for one in checks for text in (one["description"], one["meta"]["action"]))


def _facts(ledger: Ledger, records: ReportRecords, language: str) -> Iterator[str]:
    """The facts of the first page, their numbers from claims and from the vintage; nothing where a text has its own."""
    words, span = read_words(language, "cover"), records.when.span
    texts: dict[str, str] = words["facts_texts"]
    known = {name: f"records.{span}.{name}" for name in ("read", "counted")}
    if any(own_numbers(language).search(_unlisted(text, language)) for text in texts.values()):
        return
    if all(claim in ledger for claim in known.values()):
        numbers = {name: digits(ledger.count(claim), language) for name, claim in known.items()}
        yield texts["records"].format(**numbers, version=records.vintage.version, span=words["spans"][span])
    yield from sources(records.vintage, records.window, texts["source"], language)
    yield texts["method"].format(version=method()["version"])


def _unlisted(template: str, language: str) -> str:
    """A text's own words: without its {braces} and without the phrases of data/fixed-numbers.yml."""
    bare = re.sub(r"\{\w+\}", " ", template)
    return re.sub("|".join(map(re.escape, _listed(language))) or r"(?!)", " ", bare)


# -- ids, code, claims -------------------------------------------------------------------------------------------------


def _ids(ledger: Ledger, window: pd.DataFrame) -> Iterator[str]:
    """Ids of records, incidents and claims, of figures that cannot be computed, and of METHOD's rules."""
    yield from window["record_id"]
    yield from window["incident_id"].dropna().unique()
    yield from ledger
    yield from (one.removeprefix("published.") for one in ledger)
    yield from _rules()


@cache
def _rules() -> tuple[str, ...]:
    return tuple(re.findall(r"^\*\*(M\d+) ", (ROOT / "METHOD.md").read_text(encoding="utf-8"), re.MULTILINE))


def _code(document: Document) -> Iterator[str]:
    yield document.labels["made"]
    for part in document.parts:
        for step in part.steps:
            yield step.source
            yield re.sub(r"^#+ +", "", step.remarks, flags=re.MULTILINE)


def _images(document: Document) -> Iterator[str]:
    for block in document.blocks:
        if isinstance(block, Numbered) and isinstance(block.block, Figure):
            yield sha256(block.block.svg.encode()).hexdigest()


def _noticed(document: Document) -> list[str]:
    """What a revision says of itself on the first page: how the headline numbers have moved, and how many claims."""
    since = [one for one in document.ledger if one.startswith("since_revision.")]
    return [*since, *(one.claim for one in document.cover.headlines)] if since else []
