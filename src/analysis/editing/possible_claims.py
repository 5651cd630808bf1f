"""Which claims a kind of report can make at all, for a country: read from the reports' own ledgers of an invented year.

Nothing is listed here by hand: whatever a ledger claims of a time in which everything happens can be claimed.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property, partial
from itertools import cycle
from typing import get_args

import pandas as pd
from rapidfuzz import fuzz, process

from analysis.editing.invented_year import INVENTED, in_force, invented_records, telling_months
from analysis.editing.template_values import ANY
from analysis.month import Month
from analysis.period import Period, Span, When
from analysis.places import EXPECTATIONS
from analysis.quality.gate import Finding, Status
from analysis.records.decided import Decided
from analysis.records.evidence import RESULTS
from analysis.records.published import read_published
from analysis.sections.narrative import Story
from analysis.sections.revision_sentences import Sentence, Untrue, revision_ledger
from analysis.sections.revision_texts import moved_claims
from analysis.texts import read_words
from analysis.toll.attribution import attribution_ledger
from analysis.toll.claims import Claim, Ledger
from analysis.toll.clocks import clock_ledger
from analysis.toll.data_quality import VintageReview, review_ledger
from analysis.toll.definitions import Vocabulary
from analysis.toll.evidence import checked_claims
from analysis.toll.monthly import monthly_ledger
from analysis.toll.periodic import periodic_ledger
from analysis.toll.reconciliation import published_claims
from analysis.toll.revisions import Shift, Step, revision_claims
from analysis.toll.since import Change, change_claims, headline_ids
from analysis.toll.topics import CODED, DIMENSIONS, Topic, topic_ledger
from analysis.toll.two_vintages import SHIFTED, Moved, TwoVintages

# The kinds of report that each notebook makes; a text is asked for by a notebook.
KINDS = {
    "monthly_report": ("month",),
    "period_report": ("year", "half"),
    "month_and_period": (),  # of the two above: a text of its own is told by the month's story
    "revisions": ("revision",),
    "data_quality": ("vintage",),
    "topic_report": ("topic",),
    "two_clocks": ("clocks",),
    "attribution": ("attribution",),
}
# Those that are about a span of months.
SPANS = ("topic", "clocks", "attribution")
# Months, and the ids of invented records and incidents.
OPEN = re.compile(rf"{INVENTED}[^.]*|\d{{4}}-\d{{2}}(?![\d-])")


@dataclass(frozen=True, eq=False)
class Possible:
    """The claims that one kind of report can make: `zero` says of each whether it is zero even where all happens.

    Ids stand with `*` for what depends on the records: `massacres.month.incident.*.deaths`.
    """

    kind: str
    when: When
    zero: Mapping[str, bool]

    @cached_property
    def _listed(self) -> str:
        return "\n".join(self.zero)

    @cached_property
    def _open(self) -> list[tuple[str, re.Pattern[str]]]:
        return [(one, re.compile(_regex(one))) for one in self.zero if ANY in one]

    def own(self, asked: str) -> str:
        """An id as a text writes it, with this report's span in place of `.this` and `.so_far`."""
        return OPEN.sub(ANY, Story(Ledger([]), self.when).claim_id(asked))

    def written(self, claim: str, asked: str) -> str:
        """The claim's id as the text that asks would write it."""
        for said in (".so_far", ".this"):
            if said in asked:
                claim = claim.replace(self.own(f"x{said}")[1:], said, 1)
        return claim

    def find(self, asked: str) -> list[str]:
        """The claims that an id, or a pattern of ids with `*`, can mean."""
        own = self.own(asked)
        if own in self.zero:
            return [own]
        found = re.findall(rf"^{_regex(own)}$", self._listed, re.MULTILINE) if ANY in own else []
        return found or [one for one, pattern in self._open if pattern.fullmatch(own)]


def _regex(pattern: str) -> str:
    return re.escape(pattern).replace(r"\*", r"[^\n]+")


def possible(kinds: Iterable[str], profiles: Iterable[str]) -> Iterator[Possible]:
    """What reports of some kinds and countries can claim, made one after the other as it is asked for."""
    profiles = list(profiles)
    for kind in kinds:
        for profile in profiles:
            for month in telling_months(profile):
                yield _possible(kind, profile, month)


def nearest(asked: str, known: Iterable[str]) -> str:
    """The known word that is most like one that is asked for, to be suggested; '' where none is like it."""
    found = process.extractOne(asked, list(dict.fromkeys(known)), scorer=fuzz.ratio, score_cutoff=60)
    return str(found[0]) if found else ""


@cache
def _possible(kind: str, profile: str, month: Month) -> Possible:
    year, half = Period(month.year), Period(month.year, 1 if month.number < 7 else 2)
    spans = dict.fromkeys(SPANS, Span(year.months[0], year.months[-1]))
    when = ({"year": year, "half": half} | spans).get(kind, month)
    zero: dict[str, bool] = {}
    for claim in LEDGERS[kind](when, profile).values():
        name = OPEN.sub(ANY, claim.id)
        zero[name] = zero.get(name, True) and claim.basis == "records" and claim.value == 0
    return Possible(kind, when, zero)


# -- the ledgers -------------------------------------------------------------------------------------------------------


@cache
def _counted(month: Month, profile: str) -> Ledger:
    return monthly_ledger(invented_records(month, profile), _findings())


def _monthly(month: Month, profile: str) -> Ledger:
    ledger = _counted(month, profile)
    moved = [Moved(one, 0, frozenset(), frozenset({INVENTED})) for one in month.year_so_far[:-1]]
    return _extended(ledger.extended(moved_claims(moved)), month)


def _periodic(when: Period, profile: str) -> Ledger:
    records = invented_records(when, profile)
    findings = {month: _findings() for month in when.months if month in records.held}
    return _extended(periodic_ledger(records, findings), when)


def _extended(ledger: Ledger, when: When) -> Ledger:
    """With what only some reports claim: any figure ever published, a check of the evidence, a revision."""
    published = published_claims(when, read_published().assign(period=str(when)), "en")
    checked = {"date": when.last.isoformat(), "vintage": 0}
    counts = dict.fromkeys(("references", *RESULTS), 1)
    words = Vocabulary("en")
    ledger = ledger.extended([*(one for one in published if one.id not in ledger),
                              *checked_claims([counts], checked, when, words)])  # fmt: skip
    change = Change(2, INVENTED, dict(ledger.items()), tuple(headline_ids(when)), tuple(ledger))
    return ledger.extended(change_claims(change, ledger, words))


@cache
def _findings() -> tuple[Finding, ...]:
    """One finding a check of the quality gate, each of the results in turn."""
    suites = [json.loads(file.read_text(encoding="utf-8")) for file in sorted(EXPECTATIONS.glob("*.json"))]
    checks = [(suite["name"], one) for suite in suites for one in suite["expectations"]]
    results: Iterable[Status] = cycle(get_args(Status))
    return tuple(
        Finding(suite, one["meta"]["id"], one["type"], one["description"], one["severity"], result, 1, 1, (), "",
                one["meta"]["reason"], one["meta"]["rule"], one["meta"]["action"])
        for (suite, one), result in zip(checks, results, strict=False)
    )  # fmt: skip


def _vintage(month: Month, profile: str) -> Ledger:
    records = invented_records(month, profile)
    return review_ledger(VintageReview(records.vintage, month, Decided(records.window, [], []), (), pd.DataFrame()))


def _revision(month: Month, profile: str) -> Ledger:
    """Every reason, every shift, and every claim of the month behind a sentence at both vintages."""
    records = invented_records(month, profile)
    story = Story(_counted(month, profile), month, profile=profile)
    two = TwoVintages(str(month), (month,), records.vintage, records.vintage, records.window, records.window)
    steps = [Step(reason, 1, (INVENTED,), text) for reason, text in read_words("en", "revisions")["reasons"].items()]
    moved = [Shift(field, f"{INVENTED}-was", f"{INVENTED}-now", (INVENTED,)) for field in SHIFTED]
    said = Sentence("", " ".join(story.link(INVENTED, claim) for claim in story.ledger))
    return revision_ledger(revision_claims(two, steps, moved), [Untrue(said, said)], story, story, two=two)


def _topics(when: Span, profile: str) -> Ledger:
    """Every topic's claims, and those of one party and one governorate for all."""
    claims: dict[str, Claim] = {}
    for name in DIMENSIONS:
        code = in_force(CODED[name], profile, when.end)[0] if name in CODED else ""
        claims |= _spanning(topic_ledger, when, profile, Topic(name, code))
    return Ledger(claims.values())


def _spanning(make: Callable[..., Ledger], when: Span, profile: str, *about: object) -> Ledger:
    """The claims of a report over many months."""
    records = invented_records(when, profile)
    return make(records, {month: _findings() for month in when.months if month in records.held}, *about)


LEDGERS: dict[str, Callable[..., Ledger]] = {
    "month": _monthly,
    "year": _periodic,
    "half": _periodic,
    "vintage": _vintage,
    "revision": _revision,
    "topic": _topics,
    "clocks": partial(_spanning, clock_ledger),
    "attribution": partial(_spanning, attribution_ledger),
}
