"""How the published totals of 2020 are divided over months, parties and places where no publication divides them.

Rules R1 to R3, R10 and R12 of data/reconstruction/README.md. Owns the arithmetic: counts in, tables of counts out.
Writing them into records is the reconstruction's work.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from analysis.codelists import read_codelist
from analysis.month import Month
from analysis.records.published import read_published

YEAR, HALF = "2020", "2020-H1"
MONTHS = [str(month) for month in Month.parse(f"{YEAR}-12").year_so_far]
FIRST_HALF, LAST = MONTHS[:6], MONTHS[-1]
RANKED, LISTED = f"{YEAR}-11", f"{YEAR}-10"  # months whose governorates are published as ranks, and as a full list
OTHER, REGIME = "other", "syrian_regime"


@dataclass(frozen=True)
class Figures:
    """The binding figures of the year: value and sources by period and claim id."""

    values: Mapping[tuple[str, str], int | float]
    sources: Mapping[tuple[str, str], str]

    def count(self, period: str, claim: str) -> int:
        """The published number of people or incidents; 0 where none is published."""
        return int(self.values.get((period, claim), 0))

    def published(self, claim: str) -> list[str]:
        """The months that have a figure of their own for a claim."""
        return [month for month in MONTHS if (month, claim) in self.values]


def binding_figures() -> Figures:
    """The figures of data/published/ that the reconstruction has to meet exactly."""
    table = read_published().query("standing == 'binding'").set_index(["period", "claim"])
    return Figures(table["value"].to_dict(), table["sources"].to_dict())


def share_out(total: int, weights: Mapping[str, int]) -> dict[str, int]:
    """Divide a total in proportion to weights, by largest remainder; ties go to the one named first."""
    base = sum(weights.values())
    parts = {code: total * weight // base for code, weight in weights.items()}
    by_remainder = sorted(weights, key=lambda code: -(total * weights[code] % base))
    for code in by_remainder[: total - sum(parts.values())]:
        parts[code] += 1
    return parts


def spread(counts: Mapping[str, int]) -> list[str]:
    """Put codes in a row so that every stretch of it holds each of them in proportion."""
    total, placed, row = sum(counts.values()), dict.fromkeys(counts, 0), []
    for step in range(1, total + 1):
        lag = {code: counts[code] * step - placed[code] * total for code in counts}
        code = max(lag, key=lambda one: lag[one])
        placed[code] += 1
        row.append(code)
    return row


def by_party(figures: Figures, period: str, start: str, part: str = "") -> pd.Series:
    """A period's published counts by party, in list order, 0 where none: `start` is measure and span."""
    claims = {party: dotted(start, "party", party, part) for party in read_codelist("parties").codes}
    return pd.Series({party: figures.count(period, claim) for party, claim in claims.items()})


def dotted(*parts: str) -> str:
    return ".".join(part for part in parts if part)


def party_tolls(figures: Figures, part: str = "") -> pd.DataFrame:
    """The toll, or its children or women, by party (rows) and month (columns): rules R1 and R2."""
    table = pd.DataFrame({month: by_party(figures, month, "civilians.month", part) for month in MONTHS})
    total = {month: figures.count(month, dotted("civilians.month", part)) for month in MONTHS}
    known = figures.published(f"civilians.month.party.{OTHER}")
    for month in known:
        table.at[OTHER, month] += total[month] - table[month].sum()
    (left,) = set(FIRST_HALF) - set(known)
    table[left] = by_party(figures, HALF, "civilians.half", part) - table[FIRST_HALF].sum(axis=1)
    first, second = (month for month in MONTHS if month not in [*known, left])
    rest = by_party(figures, YEAR, "civilians.year", part) - table.sum(axis=1)
    table[first] = pd.Series(share_out(total[first], rest.to_dict()))
    table[second] = rest - table[first]
    return table


def torture_tolls(figures: Figures) -> pd.DataFrame:
    """Deaths due to torture by party (rows) and month (columns): rule R3."""
    total = pd.Series({month: figures.count(month, "torture.month") for month in MONTHS})
    (left,) = set(FIRST_HALF) - set(figures.published("torture.month"))
    total[left] = figures.count(HALF, "torture.half") - total[FIRST_HALF].sum()
    total[LAST] = figures.count(YEAR, "torture.year") - total.sum()
    table = pd.DataFrame({month: by_party(figures, month, "torture.month") for month in MONTHS})
    table.at[REGIME, left] = figures.count(HALF, f"torture.half.party.{REGIME}") - table.loc[REGIME, FIRST_HALF].sum()
    rest = figures.count(YEAR, f"torture.year.party.{REGIME}") - int(table.loc[REGIME].sum())
    table.at[REGIME, LAST] = min(int(total[LAST]), rest)
    unpublished = [month for month in MONTHS if table.at[REGIME, month] == 0]
    parts = share_out(rest - int(table.at[REGIME, LAST]), total[unpublished].to_dict())
    table.loc[REGIME, unpublished] = [parts[month] for month in unpublished]
    table.loc[OTHER] = total - table.drop(OTHER).sum()
    return table


def landmine_tolls(figures: Figures) -> dict[str, tuple[int, int]]:
    """Landmine deaths, and the children among them, in the months without a bucket of their own: rule R10."""
    own = [month for month in figures.published("landmines.month") if month < RANKED]
    rest, children = (
        figures.count(LISTED, f"landmines.ytd{end}")
        - sum(figures.count(month, f"landmines.month{end}") for month in own)
        for end in ("", ".children")
    )
    other = party_tolls(figures).loc[OTHER]
    deaths = share_out(rest, {month: int(other[month]) for month in MONTHS if month < RANKED and month not in own})
    young = share_out(children, deaths)
    tolls = {month: (deaths[month], young[month]) for month in deaths}
    return tolls | {month: _landmines(figures, month) for month in own}


def _landmines(figures: Figures, month: str) -> tuple[int, int]:
    return figures.count(month, "landmines.month"), figures.count(month, "landmines.month.children")


def governorate_tolls(figures: Figures) -> pd.DataFrame:
    """Deaths by governorate (rows) and month (columns), as far as they are published or R12 gives them."""
    tolls = {month: int(deaths) for month, deaths in party_tolls(figures).sum().items()}
    codes = read_codelist("governorates").codes
    listed = pd.Series({code: figures.count(LISTED, f"civilians.month.governorate.{code}") for code in codes})
    single, ranked = _from_share(figures, RANKED, "month.governorate", tolls[RANKED])
    pair, both_in_year = _from_share(figures, YEAR, "year.governorate_pair", sum(tolls.values()))
    _, single_in_year = _from_share(figures, YEAR, "year.governorate", sum(tolls.values()))
    first, second = pair.split("+")
    open_months = {month: toll for month, toll in tolls.items() if month != LISTED}
    both = share_out(both_in_year - int(listed[[first, second]].sum()), open_months)
    del open_months[RANKED]
    alone = share_out(single_in_year - int(listed[single]) - ranked, open_months) | {RANKED: ranked}
    of_second = _second_of_pair(both, alone)
    of_first = {month: both[month] - of_second[month] for month in both}
    table = pd.DataFrame([of_first, of_second, alone], index=[first, second, single])
    return table.join(listed[listed > 0].rename(LISTED), how="outer").fillna(0).astype(int)[MONTHS]


def _from_share(figures: Figures, period: str, dimension: str, toll: int) -> tuple[str, int]:
    """The place of which a period's share is published, and the number of deaths nearest to that share."""
    start = f"civilians.{dimension}."
    ((place, share),) = (
        (claim.removeprefix(start).removesuffix(".share"), share)
        for (when, claim), share in figures.values.items()
        if when == period and claim.startswith(start) and claim.endswith(".share")
    )
    return place, round(share * toll / 100)


def _second_of_pair(both: Mapping[str, int], alone: Mapping[str, int]) -> dict[str, int]:
    """What the second of two places gets of their number: half, unless the published ranks want otherwise (R12)."""
    second = {month: number // 2 for month, number in both.items()}
    second[RANKED] = min(both[RANKED] // 2 + 1, alone[RANKED] - 1)
    half = {month: both[month] for month in FIRST_HALF}
    most = sum(alone[month] for month in FIRST_HALF) - 1
    return second | share_out(min(sum(half.values()) // 2, most), half)
