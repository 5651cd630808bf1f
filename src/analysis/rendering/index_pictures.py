"""The pictures of the page of all reports: the months with their tolls, and one small chart a governorate.

Every number is a claim of the latest published revision of its month; a month that is not published leaves a gap.
"""

import base64
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile

from analysis.codelists import NOT_RECORDED
from analysis.errors import TotalsDisagree
from analysis.month import Month
from analysis.sections.wording import digits, listed, month_name, short_month_name
from analysis.toll.claims import Ledger
from analysis.toll.comparisons import breakdown

TOLL, BY_PLACE = "civilians.month", "civilians.month.governorate"
ASIDE = ("unknown", NOT_RECORDED)
LANGUAGE = "en"


@dataclass(frozen=True)
class PublishedMonth:
    """A published month as its pictures need it: the claims of its latest revision, its report, what is said of it."""

    month: Month
    claims: Ledger
    address: str
    quality: str
    revision: int


@dataclass(frozen=True)
class Step:
    """One month of the strip, its bar in percent of the highest; `shown` is None where nothing is published of it."""

    name: str
    toll: str
    height: float
    shown: PublishedMonth | None


@dataclass(frozen=True)
class Place:
    """One governorate: its deaths by month, None where the month does not say, and the chart of them."""

    name: str
    deaths: tuple[int | None, ...]
    picture: str
    alt: str

    @property
    def cells(self) -> list[str]:
        return ["" if one is None else digits(one, LANGUAGE) for one in self.deaths]


def steps(months: Sequence[PublishedMonth]) -> list[Step]:
    """The strip from the first to the last published month, all bars to one scale."""
    by_month = {one.month: one for one in months}
    highest = max((one.claims.count(TOLL) for one in months), default=0) or 1
    return [_step(month, by_month.get(month), highest) for month in _through(months)]


def places(months: Sequence[PublishedMonth]) -> list[Place]:
    """A small chart a governorate, all to one scale; deaths without a known place stand last, with one of their own.

    Raises TotalsDisagree where the governorates of a published month do not add up to its toll.
    """
    names: dict[str, str] = {}
    for one in reversed(months):  # the newest month's word for a place
        names = _names(one.claims) | names
    by_month = {one.month: _by_place(one.claims) for one in months}
    deaths = {code: tuple(by_month.get(month, {}).get(code) for month in _through(months)) for code in names}
    kept = {code: name for code, name in names.items() if code != "unknown" or any(deaths[code])}
    highest = max((one for code in kept for one in deaths[code] if one), default=1)
    ordered = sorted(kept, key=lambda code: code in ASIDE)
    through = _through(months)
    return [_place(kept[code], deaths[code], through, highest, aside=code in ASIDE) for code in ordered]


def _step(month: Month, shown: PublishedMonth | None, highest: int) -> Step:
    toll = shown.claims.count(TOLL) if shown else 0
    name = f"{short_month_name(month, LANGUAGE)} {month.year}"
    return Step(name, digits(toll, LANGUAGE) if shown else "", round(100 * toll / highest, 1), shown)


def _through(months: Sequence[PublishedMonth]) -> list[Month]:
    """Every month from the first to the last, published or not."""
    if not months:
        return []
    first, last = months[0].month, months[-1].month
    return [first.shift(step) for step in range((last.year - first.year) * 12 + last.number - first.number + 1)]


def _names(claims: Ledger) -> dict[str, str]:
    """What each governorate is called: what its claim says it counts, without the first words that all share."""
    found = breakdown(claims, BY_PLACE)
    said = [claim.where.rpartition("; ")[2].split() for claim in found]
    shared = len(list(takewhile(lambda words: len(set(words)) == 1, zip(*said, strict=False)))) if len(said) > 1 else 0
    names = [" ".join(words[shared:] or words) for words in said]
    return {claim.id.rpartition(".")[2]: name[0].upper() + name[1:] for claim, name in zip(found, names, strict=True)}


def _by_place(claims: Ledger) -> Mapping[str, int]:
    found = {claim.id.rpartition(".")[2]: claims.count(claim.id) for claim in breakdown(claims, BY_PLACE)}
    if found and sum(found.values()) != claims.count(TOLL):
        raise TotalsDisagree(
            f"The governorates of a published month ({claims[TOLL].where}) add up to {sum(found.values()):,}, and its "
            f"toll is {claims.count(TOLL):,}. Its claims.json is not what was published: restore it from a copy."
        )
    return found


def _place(name: str, deaths: tuple[int | None, ...], months: Iterable[Month], highest: int, *, aside: bool) -> Place:
    from analysis.sections.charts import draw_small_months  # heavy: not for a folder without such claims
    from analysis.sections.style import svg_of

    known = [(month, one) for month, one in zip(months, deaths, strict=True) if one is not None]
    said = [f"{month_name(month, LANGUAGE)} {digits(one, LANGUAGE)}" for month, one in known]
    svg = svg_of(draw_small_months(deaths, highest=highest, aside=aside))
    picture = f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"
    return Place(name, deaths, picture, f"{name}: {listed(said, LANGUAGE)}.")
