"""The forms in which a claim may be shown: made by the same functions of analysis.sections.wording that texts use."""

from contextlib import suppress
from datetime import date
from functools import lru_cache
from itertools import product
from typing import get_args

from analysis.errors import BadMonth
from analysis.month import Month
from analysis.period import When, earlier
from analysis.proofreading.opened import opened
from analysis.sections.templates import capitalize_first
from analysis.sections.wording import (
    Case,
    counted,
    day,
    digits,
    month_name,
    percent,
    percent_sign,
    period_name,
    place,
    ranged,
    shown_value,
    spell,
    tenths,
    trend,
    wording,
)
from analysis.texts import read_words
from analysis.toll.claims import RANGE, Claim

MOST = 4_000  # claims remembered: a report has up to two thousand, and a batch of many months must not keep them all


@lru_cache(maxsize=MOST)
def shown_forms(claim: Claim, when: When, language: str, *, bare: bool = False) -> frozenset[str]:
    """Every way to show a claim's value in a text, a table or a heading.

    `bare` keeps, of a change, only the forms that need a word of direction after them: 46, nearly 37%.
    """
    if claim.unit == RANGE:
        shown = ranged(str(claim.value), language)
        forms = {shown, str(read_words(language, "captions")["shown"]["yes"]).format(value=shown)}
    elif isinstance(claim.value, str):
        forms = _worded(claim.value, language)
    elif claim.unit == "percent":
        forms = _percentages(claim, language, bare=bare)
    elif claim.unit == "rank":
        forms = _ranks(claim, language)
    else:
        forms = _numbers(claim, when, language, bare=bare)
    return frozenset(opened(one, language) for one in forms | {capitalize_first(one) for one in forms})


def _worded(value: str, language: str) -> set[str]:
    """A month, a day or a word: 2020-02 is February 2020."""
    forms = {value}
    with suppress(BadMonth):
        forms.add(month_name(Month.parse(value), language))
    with suppress(ValueError):
        forms.add(day(date.fromisoformat(value), language))
    return forms


def _percentages(claim: Claim, language: str, *, bare: bool) -> set[str]:
    value = float(claim.value)
    if ".change." in claim.id:
        forms = {percent(abs(value), language)}
        return forms if bare else forms | {trend(value, language), tenths(value, language)}
    published = {f"{digits(value, language)}{percent_sign(language)}"} if claim.basis == "published" else set()
    return {percent(value, language), tenths(value, language), *published}


def _ranks(claim: Claim, language: str) -> set[str]:
    rank = int(claim.value)
    within = rank <= len(wording(language)["places"])
    return {digits(rank, language)} | ({place(rank, len(claim.of), language)} if within else set())


def _numbers(claim: Claim, when: When, language: str, *, bare: bool) -> set[str]:
    value = claim.value
    assert not isinstance(value, str)
    if ".change." in claim.id:
        forms = {_difference(claim, language)[1]}
        return forms if bare else forms | {digits(value, language), *_same(claim, when, language)}
    forms = {digits(value, language), f"+{digits(value, language)}"} if value > 0 else {digits(value, language)}
    if isinstance(value, int):
        forms |= _counted(value, language)
        forms |= {spell(value, language), str(read_words(language, "captions")["shown"]["yes"]).format(value=value)}
    return forms | ({str(wording(language)["none"])} if value == 0 else set())


@lru_cache(maxsize=MOST)
def _counted(value: int, language: str) -> frozenset[str]:
    """What a text links of a number with its noun: the number alone, or the noun where it holds the number: طفلان."""
    linked: list[str] = []
    for noun, case in product(wording(language)["nouns"], get_args(Case)):
        counted(value, noun, language, case=case, mark=lambda text: linked.append(text) or text)  # type: ignore[func-returns-value]
    return frozenset(linked)


def _difference(claim: Claim, language: str) -> tuple[str, str, str]:
    """A difference as a sentence says it: the words before the link, the link, and the words after it."""
    size, noun = abs(int(claim.value)), wording(language)["change"].get("noun")
    if noun is None:
        return "", spell(size, language), ""
    before, link, after = counted(size, noun, language, case="genitive", mark=lambda text: f"\0{text}\0").split("\0")
    return before, link, after


def _before(claim: Claim, when: When, language: str) -> str:
    """What a change is compared with: October 2020."""
    name = claim.id.partition(".change.")[2].removesuffix(".percent")
    return period_name(earlier(when, name), language)


def _same(claim: Claim, when: When, language: str) -> set[str]:
    said = str(wording(language)["change"]["same"])
    return {said.format(before=_before(claim, when, language))} if claim.value == 0 else set()


@lru_cache(maxsize=MOST)
def around(claim: Claim, when: When, language: str) -> tuple[tuple[str, str], ...]:
    """The words that must stand before and after a difference; nothing for other claims.

    For example nothing and ` more than in October 2020, a rise of `, in Arabic بزيادة and مدنياً عن تشرين الأول.
    """
    if ".change." not in claim.id or claim.id.endswith(".percent") or isinstance(claim.value, str) or not claim.value:
        return ()
    words, key = wording(language)["change"], "more" if claim.value > 0 else "fewer"
    before = _before(claim, when, language)
    first, _, last = _difference(claim, language)
    templates = [str(words[one]).replace("{before}", before) for one in (key, f"{key}_few")]
    parted = [one.partition("{percent}")[0].partition("{difference}") for one in templates]
    return tuple((opened(head + first, language), opened(last + tail, language)) for head, _, tail in parted)


def ledger_row(claim: Claim, language: str) -> tuple[str, ...]:
    """The five cells of a claim's row: id, value with its unit, what it counts, rule, records."""
    value = shown_value(claim.value, language, is_range=claim.unit == RANGE)
    unit = percent_sign(language) if claim.unit == "percent" else ""
    records = "" if claim.records is None else digits(claim.records, language)
    cells = (claim.id, f"{value}{unit}", " ".join(claim.where.split()), claim.rule, records)
    return tuple(opened(cell, language) for cell in cells)
