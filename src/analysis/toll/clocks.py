"""Two clocks: when people died, and when that was documented; the delay between them, and months still filling up.

Ids: `civilians.span.died.2020-03` are those who died in a month, `.after.00` behind it those documented in that same
month, `.after.01` those in the next one … and `.after.later`; whoever cannot be placed has a code of `died` too.
"""

from collections.abc import Iterable, Mapping, Sequence

import narwhals as nw
import pandas as pd

from analysis.codelists import NOT_RECORDED
from analysis.method import method
from analysis.month import Month
from analysis.period import Span
from analysis.quality.gate import Finding
from analysis.records.counted import counted
from analysis.toll.claims import Claim, Ledger, digest
from analysis.toll.comparisons import share
from analysis.toll.counting import Definition
from analysis.toll.definitions import (
    Vocabulary,
    crossed,
    died_earlier,
    is_blank,
    is_code,
    measure,
    midnight,
    one_month,
    parts,
    period,
)
from analysis.toll.monthly import require_breakdown
from analysis.toll.report_records import ReportRecords
from analysis.toll.spanning import on_its_footing, span_counts

TOLL = "civilians.span"
EARLIER, BEHIND, LATE, NOT_BEFORE = "earlier", "behind", "later", "before_death"
# A date of which only the year is known says nothing about the month (METHOD M5).
MONTH_KNOWN = ~is_blank("date_of_death") & (
    is_code("date_of_death_precision", "day") | is_code("date_of_death_precision", "month")
).fill_null(False)


def settled_after() -> int:
    """After how many months a month of death is taken as documented (METHOD M31)."""
    return int(method()["filling_up"]["months"])


def delay_code(months: int) -> str:
    """The code of a delay: 00 for the month of death itself."""
    return f"{months:02d}"


def clock_definitions(when: Span, words: Vocabulary) -> list[Definition]:
    """Every count of the two clocks: the toll by month of documentation, by month of death, by the delay between."""
    this = period("span", when.months, words)
    toll = measure("civilians", words) & this
    return [
        toll,
        *crossed(toll, parts(words)),
        *died_earlier(when, this, words),
        *crossed(toll, [one_month(month, words) for month in when.months]),
        *[one for month in when.months for one in _died_in(month, when, toll, words)],
        *crossed(toll, _out_of_the_months(when, words)),
    ]


def _died_in(month: Month, when: Span, toll: Definition, words: Vocabulary) -> list[Definition]:
    """Who died in a month, by the months until it was documented; what lies behind the span is not known yet."""
    text = words["clocks"]
    died = toll & Definition(f"died.{month}", "M30", text["died"].format(month=month), _died(month, month), "same")
    at = {delay_code(step): [month.shift(step)] for step in range(settled_after()) if month.shift(step) <= when.end}
    late = [one for one in when.months if one >= month.shift(settled_after())]
    groups = at | ({LATE: late} if late else {}) | {NOT_BEFORE: [one for one in when.months if one < month]}
    return [died, *(died & _documented(code, months, text) for code, months in groups.items())]


def _documented(code: str, months: Sequence[Month], text: Mapping[str, str]) -> Definition:
    said = text.get(code) or text["after"].format(months=int(code))
    return Definition(f"after.{code}", "M30", said, nw.col("month").is_in([str(month) for month in months]), "same")


def _out_of_the_months(when: Span, words: Vocabulary) -> list[Definition]:
    """Who died before the months or after them, and of whom no month of death is recorded."""
    text = words["clocks"]
    before = MONTH_KNOWN & (nw.col("date_of_death") < midnight(when.first))
    behind = MONTH_KNOWN & (nw.col("date_of_death") >= midnight(when.end.shift(1).first))
    groups = {EARLIER: before, BEHIND: behind, NOT_RECORDED: ~MONTH_KNOWN}
    return [
        Definition(f"died.{code}", "M30", text[f"died_{code}"].format(month=when), holds, "same")
        for code, holds in groups.items()
    ]


def _died(first: Month, last: Month) -> nw.Expr:
    day = nw.col("date_of_death")
    return MONTH_KNOWN & (day >= midnight(first.first)) & (day < midnight(last.shift(1).first))


def clock_ledger(
    records: ReportRecords,
    findings: Mapping[Month, Sequence[Finding]],
    *,
    language: str = "en",
    counted_as: Ledger | None = None,
) -> Ledger:
    """Every claim of the two clocks; `counted_as` as for a month. Raises TotalsDisagree where they do not add up."""
    when, words = records.when, Vocabulary(language, records.profile)
    assert isinstance(when, Span)
    definitions, people = clock_definitions(when, words), counted(records.reported)
    ledger = span_counts(people, definitions, counted_as)
    require_clock_sums(ledger, when)
    ledger = ledger.extended([*median_delay(people, words), *_filling_up(ledger, when, words), *_parameters(words)])
    return on_its_footing(ledger, records, findings, words)


def require_clock_sums(ledger: Ledger, when: Span) -> None:
    """Refuse clocks that lose or repeat somebody (METHOD M21)."""
    require_breakdown(ledger, TOLL, f"{TOLL}.month")
    require_breakdown(ledger, TOLL, f"{TOLL}.died")
    for month in when.months:
        require_breakdown(ledger, f"{TOLL}.died.{month}", f"{TOLL}.died.{month}.after")


def median_delay(people: pd.DataFrame, words: Vocabulary) -> list[Claim]:
    """The whole months within which half of the deaths were documented; nothing where too few months are known.

    In    the counted records of the months. Whoever is documented before dying is left out: one of the dates is wrong.
    """
    known = nw.from_native(people).with_columns(known=MONTH_KNOWN.fill_null(False)).to_native()
    known = known[known["known"].astype(bool)]
    died, documented = pd.to_datetime(known["date_of_death"]), pd.to_datetime(known["date_documented"])
    delays = (documented.dt.year - died.dt.year) * 12 + documented.dt.month - died.dt.month
    delays = delays[delays >= 0].sort_values(kind="stable")
    if len(delays) < method()["share_minimum_base"]:
        return []
    ids, value = known.loc[delays.index, "record_id"], int(delays.iloc[(len(delays) - 1) // 2])
    text = words["clocks"]["median"]
    return [Claim("delay.span.median", value, "months", "M31", text, len(ids), digest(ids))]


def _filling_up(ledger: Ledger, when: Span, words: Vocabulary) -> Iterable[Claim]:
    """What share of their deaths the settled months had documented after each delay, and which months are before that.

    A month is still filling up while the settled ones, after the same delay, had less than data/method.yml asks for.
    """
    text, after = words["clocks"], settled_after()
    settled = [month for month in when.months if month.shift(after) <= when.end]
    whole = _added(ledger, "settled", settled, [*map(delay_code, range(after)), LATE], text["settled"])
    within = [
        _added(ledger, f"after.{delay_code(step)}.within", settled, [*map(delay_code, range(step + 1))],
               text["within"].format(months=step))
        for step in range(after)
    ]  # fmt: skip
    shares = [one for part in within for one in (share(part, whole, words) if whole.value else [])]
    yield from (whole, *within, *shares)
    if shares:
        reached = {one.of[0].split(".")[3]: float(one.value) for one in shares}
        bound = method()["filling_up"]["percent"]
        open_months = [
            str(month) for step, month in enumerate(reversed(when.months[-after:]))
            if reached.get(delay_code(step), 0) < bound
        ]  # fmt: skip
        said = text["filling"].format(percent=bound)
        yield Claim("delay.span.filling", len(open_months), "months", "M31", said, of=tuple(sorted(open_months)))


def _parameters(words: Vocabulary) -> list[Claim]:
    """What counts as filling up, for the text to say."""
    return [
        Claim(f"method.filling_up_{name}", value, "number", "M31", words["clocks"][f"parameter_{name}"], basis="method",
              of=("data/method.yml",))
        for name, value in method()["filling_up"].items()
    ]  # fmt: skip


def _added(ledger: Ledger, name: str, months: Sequence[Month], codes: Sequence[str], where: str) -> Claim:
    """The deaths of some months of death that were documented with some delays, added up from their claims."""
    ids = [f"{TOLL}.died.{month}.after.{code}" for month in months for code in codes]
    value = sum(ledger.count(one) for one in ids)
    return Claim(f"delay.span.{name}", value, "people", "M31", where, basis="claims", of=tuple(ids))
