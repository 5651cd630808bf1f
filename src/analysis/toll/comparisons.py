"""Shares, ranks, changes and superlatives: claims made from other claims, with their base (METHOD M16)."""

from collections.abc import Iterable

from analysis.codelists import NOT_RECORDED, SYRIA
from analysis.method import method
from analysis.month import Month
from analysis.period import Period
from analysis.toll.claims import Claim, Ledger
from analysis.toll.definitions import Vocabulary

RULE = "M16"


def breakdown(ledger: Ledger, stem: str, *, recorded: bool = False) -> list[Claim]:
    """The claims `<stem>.<code>`, in list order; with `recorded`, without the unknown and the not recorded."""
    found = [claim for claim in ledger.values() if claim.id.rpartition(".")[0] == stem]
    left_out = {"unknown", NOT_RECORDED} if recorded else set()
    return [claim for claim in found if claim.id.rpartition(".")[2] not in left_out]


def share(part: Claim, whole: Claim, words: Vocabulary) -> list[Claim]:
    """What part of the whole a count is, in percent to two decimals; nothing where the base is too small."""
    if int(whole.value) < method()["share_minimum_base"] or part.value == 0:
        return []
    percent = round(100 * int(part.value) / int(whole.value), 2)
    where = words["derived"]["share"].format(whole=whole.id)
    return [derived(f"{part.id}.share", percent, "percent", f"{part.where}; {where}", (part, whole))]


def shares(ledger: Ledger, wholes: Iterable[str], words: Vocabulary) -> list[Claim]:
    """The share that each party, governorate and kind of other party has in some tolls."""
    stems = [(whole, f"{whole}.{dimension}") for whole in wholes for dimension in ("party", "governorate", "other")]
    return [
        claim
        for whole, stem in stems
        for part in breakdown(ledger, stem)
        for claim in share(part, ledger[whole], words)
    ]


def ranks(claims: Iterable[Claim], among: str, words: Vocabulary, *, part: str = "rank") -> list[Claim]:
    """The place of each non-zero count, highest first; equal counts share the better place."""
    claims = [claim for claim in claims if int(claim.value) > 0]
    where = words["derived"]["rank"].format(among=words["derived"][among])
    return [
        derived(
            f"{claim.id}.{part}",
            1 + sum(int(other.value) > int(claim.value) for other in claims),
            "rank",
            f"{claim.where}; {where}",
            claims,
        )
        for claim in claims
    ]


def change(now: Claim, before: Claim, words: Vocabulary) -> list[Claim]:
    """How many more (fewer when negative) than before, and the same in percent where the base allows."""
    name = before.id.partition(".")[2]
    where = words["derived"]["change"].format(now=now.id, before=before.id)
    stem, difference = f"{now.id}.change.{name}", int(now.value) - int(before.value)
    found = [derived(stem, difference, "people", where, (now, before))]
    if int(before.value) >= method()["share_minimum_base"]:
        percent = round(100 * difference / int(before.value), 2)
        text = words["derived"]["percent"].format(now=now.id, before=before.id)
        found.append(derived(f"{stem}.percent", percent, "percent", text, (now, before)))
    return found


def among_months(ledger: Ledger, name: str, month: Month, words: Vocabulary) -> list[Claim]:
    """The month's place among the months of its year so far, and the latest earlier month with as many deaths."""
    months = [_month_claim(ledger, name, each) for each in month.year_so_far]
    this = months[-1]
    if int(this.value) == 0:
        return []
    place = 1 + sum(int(other.value) > int(this.value) for other in months)
    as_many = [claim.id.rpartition(".")[2] for claim in months[:-1] if int(claim.value) >= int(this.value)]
    where = words["derived"]["rank"].format(among=words["derived"]["months_of_year"])
    since = words["derived"]["highest_since"]
    return [
        derived(f"{name}.month.rank_of_year", place, "rank", f"{this.where}; {where}", months),
        derived(
            f"{name}.month.highest_since", as_many[-1] if as_many else "none", "month", f"{this.where}; {since}", months
        ),
    ]


def _month_claim(ledger: Ledger, name: str, month: Month) -> Claim:
    return ledger[f"{name}.ytd.month.{month}"]


def monthly_comparisons(ledger: Ledger, month: Month, *, language: str = "en", profile: str = SYRIA) -> list[Claim]:
    """Every comparison of the monthly report, from its counts."""
    words = Vocabulary(language, profile)
    wholes = ("civilians.month", "civilians.ytd", "torture.month", "torture.ytd")
    earlier = [ledger[one] for one in ("civilians.previous_month", "civilians.month_last_year") if one in ledger]
    return [
        *shares(ledger, wholes, words),
        *ranks(breakdown(ledger, "civilians.month.governorate", recorded=True), "governorates", words),
        *ranks(breakdown(ledger, "civilians.ytd.governorate", recorded=True), "governorates", words),
        *ranks(breakdown(ledger, "torture.month.party", recorded=True), "parties", words),
        *[claim for before in earlier for claim in change(ledger["civilians.month"], before, words)],
        *among_months(ledger, "civilians", month, words),
        *among_months(ledger, "torture", month, words),
    ]


def period_comparisons(ledger: Ledger, when: Period, words: Vocabulary) -> list[Claim]:
    """Every comparison of the report of a half-year or a year; with the year before where its toll is known."""
    toll, torture = f"civilians.{when.span}", f"torture.{when.span}"
    before = [ledger["civilians.year_before"]] if "civilians.year_before" in ledger else []
    return [
        *shares(ledger, (toll, torture), words),
        *ranks(breakdown(ledger, f"{toll}.governorate", recorded=True), "governorates", words),
        *ranks(breakdown(ledger, f"{torture}.party", recorded=True), "parties", words),
        *ranks(breakdown(ledger, f"{toll}.month"), "months", words),
        *ranks(breakdown(ledger, f"{torture}.month"), "months", words),
        *[claim for one in before for claim in change(ledger[toll], one, words)],
    ]


def derived(claim_id: str, value: float | str, unit: str, where: str, of: Iterable[Claim]) -> Claim:
    """A claim made from other claims (METHOD M16)."""
    return Claim(claim_id, value, unit, RULE, where, basis="claims", of=tuple(claim.id for claim in of))
