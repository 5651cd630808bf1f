"""The sentences of a month's report that are no longer true at a later vintage, and the claims behind them."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from analysis.sections.blocks import claim_anchor
from analysis.sections.narrative import Story
from analysis.texts import read_words
from analysis.toll.claims import Claim, Ledger
from analysis.toll.monthly import monthly_ledger
from analysis.toll.report_records import ReportRecords, read_report_records
from analysis.toll.two_vintages import TwoVintages

# The texts of the monthly report whose sentences are compared.
TEXTS = (
    "toll",
    "toll_months",
    "toll_parties",
    "toll_people",
    "toll_governorates",
    "torture",
    "occupations",
    "massacres",
)
_LINK = re.compile(r"\[([^\]]*)\]\(#claim-([^)]+)\)")
_NOTE = re.compile(r"\[\^[^\]]+\]")
_END = re.compile(r"(?<=[.!?\u061f])\s+")


def read_reports(two: TwoVintages, location: str | None = None) -> list[ReportRecords]:
    """What the month's report reads, at the earlier and at the later vintage."""
    month = two.months[-1]
    return [read_report_records(month, location=location, vintage=one.version) for one in (two.before, two.after)]


def stories(reports: Iterable[ReportRecords], language: str) -> list[Story]:
    """The month's report at each vintage, ready to fill its texts."""
    return [Story(monthly_ledger(one, [], language=language), one.month, language, one.profile) for one in reports]


@dataclass(frozen=True)
class Sentence:
    """One sentence of a text: the heading it stands under, its Markdown with links, the claims it makes."""

    heading: str
    text: str

    @property
    def plain(self) -> str:
        return _LINK.sub(r"\1", self.text)

    @property
    def claims(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(claim for _, claim in _LINK.findall(self.text)))


@dataclass(frozen=True)
class Untrue:
    """A sentence of the earlier report that is said differently now; one of the two is None where it is not said."""

    was: Sentence | None
    now: Sentence | None


def sentences(text: str) -> list[Sentence]:
    """The sentences of a filled text, notes left out."""
    found, heading = [], ""
    for line in (line.strip() for line in text.splitlines()):
        if line.startswith("#"):
            heading = line.lstrip("# ")
        elif line and not line.startswith("[^"):
            found += [Sentence(heading, one) for one in _END.split(_NOTE.sub("", line.removeprefix("- "))) if one]
    return found


def untrue_sentences(was: Story, now: Story) -> list[Untrue]:
    """The sentences of the month's texts that differ between two ledgers, in the order of the earlier texts."""
    return [one for name in TEXTS for one in _changed(sentences(was.text(name)), sentences(now.text(name)))]


def _changed(was: Sequence[Sentence], now: Sequence[Sentence]) -> list[Untrue]:
    """Old and new sentences that differ, paired by the claims they share; what has no partner stands alone."""
    kept = {(one.heading, one.plain) for one in was} & {(one.heading, one.plain) for one in now}
    left = [one for one in now if (one.heading, one.plain) not in kept]
    found = []
    for old in (one for one in was if (one.heading, one.plain) not in kept):
        shared = [len({*old.claims} & {*new.claims}) for new in left]
        partner = left.pop(shared.index(max(shared))) if any(shared) else None
        found.append(Untrue(old, partner))
    return found + [Untrue(None, new) for new in left]


def revision_ledger(
    claims: Sequence[Claim], untrue: Sequence[Untrue], was: Story, now: Story, *, two: TwoVintages
) -> Ledger:
    """The claims of the revision, and those behind the sentences: `before.<claim>` and `now.<claim>`."""
    behind = [
        _at_vintage(story.ledger[claim], name, vintage.version, story.language)
        for name, story, vintage in (("before", was, two.before), ("now", now, two.after))
        for claim in claims_behind(untrue)
        if claim in story.ledger
    ]
    return Ledger([*claims, *behind])


def _at_vintage(claim: Claim, name: str, version: int, language: str) -> Claim:
    where = read_words(language, "revisions")["claims"]["was"].format(where=claim.where, vintage=version)
    of = tuple(f"{name}.{one}" for one in claim.of) if claim.basis == "claims" else claim.of
    return replace(claim, id=f"{name}.{claim.id}", where=where, of=of)


def claims_behind(untrue: Iterable[Untrue]) -> list[str]:
    """The claims that the changed sentences make, once each, in order."""
    both = [sentence for one in untrue for sentence in (one.was, one.now) if sentence]
    return list(dict.fromkeys(claim for sentence in both for claim in sentence.claims))


def sentences_text(story: Story, untrue: Sequence[Untrue]) -> str:
    """Each sentence as it was and as it is now, by heading; every number leads to its claim at its vintage."""
    words = read_words(story.language, "revisions")["sentences"]
    if not untrue:
        return f"{words['nothing']}\n"
    lines, heading = [], ""
    for one in untrue:
        under = (one.was or one.now).heading  # type: ignore[union-attr]
        lines += [f"**{under}**\n"] if under != heading else []
        heading = under
        was = _at(one.was, "before") if one.was else words["new"]
        now = _at(one.now, "now") if one.now else words["gone"]
        lines += [f"> *{words['before']}:* {was}\n>\n> *{words['now']}:* {now}\n"]
    return "\n".join(lines)


def _at(sentence: Sentence, name: str) -> str:
    return _LINK.sub(lambda link: f"[{link[1]}](#{claim_anchor(f'{name}.{link[2]}')})", sentence.text)
