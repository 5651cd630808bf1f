"""The stories of a report, one a language, all from one count: where texts, tables and charts take their numbers."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from analysis.errors import ClaimsContradict
from analysis.month import Month
from analysis.period import MonthAndPeriod, Period
from analysis.profiles import read_profile
from analysis.quality.gate import Finding
from analysis.sections.narrative import Story
from analysis.sections.revision_texts import moved_claims
from analysis.sections.wording import wording
from analysis.texts import languages_asked
from analysis.toll.claims import Ledger
from analysis.toll.evidence import evidence_claims
from analysis.toll.monthly import month_counts, monthly_ledger
from analysis.toll.periodic import period_counts, periodic_ledger
from analysis.toll.report_records import ReportRecords
from analysis.toll.since import Change, read_change
from analysis.toll.two_vintages import Moved

Stories = tuple[Story, ...]


def month_stories(
    records: ReportRecords,
    findings: Sequence[Finding],
    moved: Iterable[Moved],
    *,
    languages: str,
    location: str | None = None,
    revision: int = 1,
    reason: str = "",
) -> tuple[Stories, Change]:
    """The month's story in each of some languages ("en,ar"), and what a revision of its report changes.

    Raises BadParameter for a language that nothing is written in, and whatever monthly_ledger and read_change raise.
    """
    claims = _month_claims(records, findings, moved, location)
    return _told(claims, records, languages, revision, reason)


def period_stories(
    records: ReportRecords,
    findings: Mapping[Month, Sequence[Finding]],
    *,
    languages: str,
    location: str | None = None,
    revision: int = 1,
    reason: str = "",
) -> tuple[Stories, Change]:
    """The same for a half-year or a year."""
    return _told(_period_claims(records, findings, location), records, languages, revision, reason)


def month_and_period_stories(
    month: ReportRecords,
    period: ReportRecords,
    findings: Mapping[Month, Sequence[Finding]],
    moved: Iterable[Moved],
    *,
    languages: str,
    location: str | None = None,
    revision: int = 1,
    reason: str = "",
) -> tuple[Stories, Stories, Change]:
    """The same for a month and the half-year or year that it ends: the stories of each, all from one ledger.

    `findings` are those of the period, the month's among them. Raises ClaimsContradict where the two disagree.
    """
    of_month = _month_claims(month, findings[month.month], moved, location)
    of_period = _period_claims(period, findings, location)

    def claims(language: str) -> Ledger:
        return of_month(language).united(of_period(language))

    assert isinstance(period.when, Period)
    stories, change = _told(claims, month, languages, revision, reason, beside=period.when)
    return stories, tuple(story.of_period() for story in stories), change


def _month_claims(
    records: ReportRecords, findings: Sequence[Finding], moved: Iterable[Moved], location: str | None
) -> Callable[[str], Ledger]:
    """What makes the month's claims in the words of a language, from one count."""
    moved, counts = list(moved), month_counts(records)

    def claims(language: str) -> Ledger:
        counted = monthly_ledger(records, findings, language=language, counted_as=counts)
        evidence = evidence_claims(records.when, location=location, language=language)
        return counted.extended([*moved_claims(moved, language=language), *evidence])

    return claims


def _period_claims(
    records: ReportRecords, findings: Mapping[Month, Sequence[Finding]], location: str | None
) -> Callable[[str], Ledger]:
    """The same for a half-year or a year."""
    counts = period_counts(records)

    def claims(language: str) -> Ledger:
        counted = periodic_ledger(records, findings, language=language, counted_as=counts)
        return counted.extended(evidence_claims(records.when, location=location, language=language))

    return claims


def span_stories(
    make: Callable[..., Ledger],
    records: ReportRecords,
    findings: Mapping[Month, Sequence[Finding]],
    *about: object,
    languages: str,
) -> Stories:
    """The stories of a report over many months; `make` makes its ledger from the records, the findings, its subject."""

    made: list[Ledger] = []

    def claims(language: str) -> Ledger:
        made.append(make(records, findings, *about, language=language, counted_as=made[0] if made else None))
        return made[-1]

    return _told(claims, records, languages, 1, "")[0]


def _told(
    claims: Callable[[str], Ledger],
    records: ReportRecords,
    languages: str,
    revision: int,
    reason: str,
    beside: Period | None = None,
) -> tuple[Stories, Change]:
    """What was counted once, put into the words of each language; `beside` is what a month's report tells too."""
    profile, changes, stories = read_profile(records.profile), list[Change](), list[Story]()
    when = MonthAndPeriod(records.month, beside) if beside else records.when
    for tag in map(profile.tag, languages_asked(languages)):
        ledger, change = read_change(claims(tag), when, revision=revision, reason=reason, language=tag)
        changes.append(change)
        stories.append(
            Story(punctuated(ledger, tag), records.when, tag, profile.name, edition=records.edition, beside=beside)
        )
    require_one_count(tuple(stories))
    return tuple(stories), changes[0]


def punctuated(ledger: Ledger, language: str) -> Ledger:
    """The same claims, the parts of what each counts put apart by the language's own mark."""
    mark = str(wording(language)["clause"])
    return Ledger(replace(claim, where=claim.where.replace("; ", mark)) for claim in ledger.values())


def require_one_count(stories: Stories) -> None:
    """Refuse languages that do not make the same claims: only their words may differ. Raises ClaimsContradict."""
    first, *others = ([replace(claim, where="") for claim in story.ledger.values()] for story in stories)
    for story, other in zip(stories[1:], others, strict=True):
        if other != first:
            both = zip(first, other, strict=False)
            differ = next((one.id for one, same in both if one != same), "one of them makes more")
            raise ClaimsContradict(
                f"The report in {story.language} does not make the claims of the one in {stories[0].language} "
                f"({differ}). Nothing is written. Look for a definition that depends on the language."
            )
