"""Narrative: the sections' texts filled with claims.

A template holds no number, superlative or comparison of its own: it asks for a claim by id, and the number it gets is a
link to the claim's row.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from jinja2 import TemplateError, TemplateSyntaxError

from analysis.codelists import NOT_RECORDED, SYRIA, CodeList, read_codelist
from analysis.editions import INTERNAL, Edition, read_edition
from analysis.errors import BadText
from analysis.month import Month
from analysis.period import Period, Span, When, earlier
from analysis.places import ROOT
from analysis.profiles import read_profile
from analysis.sections.blocks import claim_anchor
from analysis.sections.templates import check_template, plain, read_template
from analysis.sections.wording import (
    Case,
    among,
    changed,
    counted,
    counted_range,
    day,
    digits,
    listed,
    month_name,
    percent,
    period_name,
    place,
    ranged,
    spell,
    trend,
    wording,
    year_name,
)
from analysis.texts import find_text, language_of, read_words
from analysis.toll.claims import Ledger
from analysis.toll.comparisons import breakdown
from analysis.toll.outside import external_source, is_current, reference

HEADING = re.compile(r"^(?=#+ )", re.MULTILINE)
THIS, SO_FAR = re.compile(r"\.this\b"), re.compile(r"\.so_far\b")


@dataclass(frozen=True)
class Story:
    """What the texts of one report and language may ask for.

    A text that serves a month as well as a longer period says `.this` for the report's own span in a claim's id, and
    `.so_far` for the year so far, which for a longer period is the period itself: `civilians.this.party.sdf`.
    The report of a month may tell the half-year or year `beside` it that it ends; `of_period` tells that one.
    """

    ledger: Ledger
    when: When
    language: str = "en"
    profile: str = SYRIA
    links: bool = True
    edition: str = INTERNAL
    beside: Month | Period | None = None

    @property
    def is_part(self) -> bool:
        """Whether this is a longer period told in the report of the month that ends it."""
        return isinstance(self.when, Period) and self.beside is not None

    def of_period(self) -> "Story":
        """The story, from the same claims, of the longer period that a month's report tells too."""
        assert isinstance(self.beside, Period)
        return replace(self, when=self.beside, beside=self.month)

    def named(self, name: str) -> str:
        """What a table or chart is called; in a part by its span too, for the month has one of that name."""
        return f"{self.when.span}-{name}" if self.is_part else name

    @property
    def shows(self) -> Edition:
        """What the edition of the report may show (METHOD M29)."""
        return read_edition(self.edition)

    @property
    def month(self) -> Month:
        """The reporting month, of a longer period the last one."""
        return self.when.months[-1]

    @property
    def period(self) -> str:
        """The month or the longer period in words."""
        return period_name(self.when, self.language)

    def claim_id(self, text: str) -> str:
        """Claim ids in a text with the report's span in place of `.this` and `.so_far`."""
        so_far = "ytd" if isinstance(self.when, Month) else self.when.span
        return SO_FAR.sub(f".{so_far}", THIS.sub(f".{self.when.span}", text))

    def codelist(self, name: str) -> CodeList:
        return read_codelist(name, self.profile)

    def link(self, text: str, claim: str) -> str:
        """Words that lead to the row of their claim; the words alone where a text cannot hold links."""
        return f"[{text}](#{claim_anchor(claim)})" if self.links else text

    def number(self, claim: str) -> str:
        """A count alone: none, seven, 172; a range where the edition shows one."""
        if self.ledger.is_range(claim):
            return self.figure(claim)
        count = self.ledger.count(claim)
        return self.link(spell(count, self.language) if count else str(wording(self.language)["none"]), claim)

    def figure(self, claim: str) -> str:
        """A count in digits, whatever its size: for outside figures and totals of the year."""
        if self.ledger.is_range(claim):
            return self.link(ranged(str(self.ledger.value(claim)), self.language), claim)
        return self.link(digits(self.ledger.count(claim), self.language), claim)

    def people(self, claim: str, noun: str = "civilian", case: Case = "nominative") -> str:
        """A count with its noun: one child, 172 civilians; `case` matters in languages that have cases."""
        if self.ledger.is_range(claim):
            value = str(self.ledger.value(claim))
            return counted_range(value, noun, self.language, mark=lambda text: self.link(text, claim))
        count = self.ledger.count(claim)
        return counted(count, noun, self.language, case=case, mark=lambda text: self.link(text, claim))

    def toll(self, claim: str, noun: str = "civilian", *, parts: str = "", case: Case = "nominative") -> str:
        """A toll with the children and women among it, a zero part left out: seven civilians, including one child.

        Where there is nobody else, they are said to be the whole: one civilian (one child).
        `parts` is the claim whose children and women they are, where it is not the toll itself.
        """
        named = {f"{parts or claim}.children": "child", f"{parts or claim}.women": "woman"}
        shown = {part: self.people(part, name) for part, name in named.items() if self.any(part)}
        whole = self.ledger.count(claim) == sum(self.ledger.count(part) for part in shown)
        listing = among(self.ledger.count(claim), list(shown.values()), self.language, whole=whole)
        return self.people(claim, noun, case) + listing

    def share(self, claim: str) -> str:
        """A share in words: nearly 27%."""
        return self.link(percent(float(self.ledger.value(f"{claim}.share")), self.language), f"{claim}.share")

    def place(self, claim: str) -> str:
        """A rank in words: highest, third highest."""
        found = self.ledger[claim]
        return self.link(place(int(found.value), len(found.of), self.language), claim)

    def change(self, claim: str) -> str:
        """How much a month differs from another: 46 more than in October 2020, a rise of nearly 37%."""
        words = wording(self.language)["change"]
        difference, name = self.ledger.count(claim), claim.rpartition(".")[2]
        before = period_name(earlier(self.when, name), self.language)
        if difference == 0:
            return self.link(str(words["same"]).format(before=before), claim)
        size = f"{claim}.percent"
        known = size in self.ledger
        ratio = self.link(percent(abs(float(self.ledger.value(size))), self.language), size) if known else ""
        return changed(
            self._difference(abs(difference), claim), before, self.language, more=difference > 0, percent=ratio
        )

    def _difference(self, difference: int, claim: str) -> str:
        """A difference alone, or with its noun in the languages that count nothing without one."""
        noun = wording(self.language)["change"].get("noun")
        if noun is None:
            return self.link(spell(difference, self.language), claim)
        return counted(difference, noun, self.language, case="genitive", mark=lambda text: self.link(text, claim))

    def trend(self, claim: str) -> str:
        """The verb for a change: rose steeply, hardly changed."""
        size = f"{claim}.percent"
        return self.link(trend(float(self.ledger.value(size)), self.language), size)

    def any(self, claim: str) -> bool:
        """Whether a claim exists and is not zero."""
        return claim in self.ledger and self.ledger.value(claim) not in (0, "none")

    def is_highest(self, claim: str) -> bool:
        """Whether a rank is the first; others may share it."""
        return claim in self.ledger and self.ledger.value(claim) == 1

    def since(self, claim: str) -> str:
        """The earlier month that a superlative reaches back to: February 2020."""
        return self.link(month_name(Month.parse(self.ledger.value(claim)), self.language), claim)

    def codes(self, stem: str) -> list[str]:
        """The codes of a breakdown that have a toll, in list order."""
        return [claim.id.rpartition(".")[2] for claim in breakdown(self.ledger, stem) if claim.value != 0]

    def ranked(self, stem: str, last: int = 99) -> list[list[str]]:
        """The codes of a breakdown by place, highest first, down to the place `last`; equal codes stand together."""
        places: dict[int, list[str]] = {}
        for code in self.codes(stem):
            if f"{stem}.{code}.rank" in self.ledger:
                places.setdefault(self.ledger.count(f"{stem}.{code}.rank"), []).append(code)
        return [codes for rank, codes in sorted(places.items()) if rank <= last]

    def name(self, codelist: str, code: str, form: str = "label") -> str:
        if code == NOT_RECORDED:
            return str(read_words(self.language, "captions")["rows"][NOT_RECORDED]).lower()
        return plain(self.codelist(codelist).label(code, self.language, form=form))

    def names(self, codelist: str, codes: Iterable[str]) -> str:
        """The words for several codes in a row: Aleppo and Idlib."""
        return self.listed(self.name(codelist, code) for code in codes)

    def fixed(self, key: str) -> str:
        """A fixed text with a number in it: a resolution, a historical date."""
        return plain(reference(key, self.language))

    def current(self, key: str) -> bool:
        """Whether a dated fact may still be mentioned in the month."""
        return any(is_current(key, month) for month in self.when.months)

    def source_of(self, key: str) -> str:
        """Where an outside figure comes from: source, date, address."""
        return str(wording(self.language)["citation"]).format(**external_source(key, self.language))

    def months(self, codes: Iterable[str]) -> str:
        """Months in a row: March and May; with their year where the report covers several."""
        year = isinstance(self.when, Span)
        return self.listed(month_name(Month.parse(code), self.language, year=year) for code in codes)

    def years(self, codes: Iterable[str]) -> str:
        """Years in a row: 2019 and 2020."""
        return self.listed(year_name(Month(int(code), 1).first, self.language) for code in codes)

    def listed(self, items: Iterable[str]) -> str:
        return listed(list(items), self.language)

    def date(self, when: Any, precision: str = "day") -> str:
        return day(when, self.language, precision)

    @cached_property
    def words(self) -> dict[str, Any]:
        """What a template may name: the functions above and the months."""
        helpers: list[Callable[..., Any]] = [
            self.number, self.figure, self.people, self.toll, self.share, self.place, self.change, self.trend,
            self.any, self.is_highest, self.since, self.codes, self.ranked, self.name, self.names, self.months,
            self.years, self.fixed, self.current, self.source_of, self.listed, self.date,
        ]  # fmt: skip
        parties = self.codelist("parties")
        in_force = {code for month in self.when.months for code in parties.valid(month)}
        facts = {
            "ledger": self.ledger,
            "country": read_profile(self.profile).country_name(self.language),
            **read_profile(self.profile).region_words(self.language),
            "parties_in_force": [self.name("parties", code) for code in parties.codes if code in in_force],
            "period": self.period,
            "beside": period_name(self.beside, self.language) if self.beside else "",
            "span": self.when.span,
            "starts_year": not isinstance(self.when, Month) or self.when.number == 1,
        }
        return {helper.__name__: helper for helper in helpers} | facts | self._month_words()

    def _month_words(self) -> dict[str, str]:
        """What only the texts of a month may name."""
        if not isinstance(self.when, Month):
            return {}
        return {
            "month": self.period,
            "month_alone": month_name(self.when, self.language, year=False),
            "previous_month": month_name(self.when.shift(-1), self.language),
        }

    def text(self, name: str, /, **more: Any) -> str:
        """Fill notebooks/texts/<language>/<name>.md; in a part, its headings are one level lower.

        Raises BadText where it is missing or breaks the rules for texts.
        """
        path = find_text(self.language, self.profile, f"{name}.md")
        if path is None:
            where = f"notebooks/texts/{language_of(self.language)}/{name}.md"
            raise BadText(f"There is no text {where}. Write it, or leave its section out of the notebook.")
        text = self.fill(path.read_text(encoding="utf-8"), path.relative_to(ROOT).as_posix(), **more)
        return HEADING.sub("#", text) if self.is_part else text

    def own_text(self, name: str, /, **more: Any) -> str:
        """The same for a text that only some countries have: '' where this one has none."""
        return self.text(name, **more) if find_text(self.language, self.profile, f"{name}.md") else ""

    def fill(self, source: str, where: str, /, **more: Any) -> str:
        """Fill a template. Raises BadText where it holds a number of its own or asks for something unknown."""
        source = self.claim_id(source)
        try:
            check_template(source, where, self.language)
            return read_template(source).render(self.words | more).strip() + "\n"
        except TemplateError as error:
            line = f", line {error.lineno}" if isinstance(error, TemplateSyntaxError) else ""
            raise BadText(f"{where}{line}: {error.message}. Correct the template.") from None
