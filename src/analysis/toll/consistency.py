"""Claims that cannot all be true: every derived claim computed again, every part held against its whole.

The arithmetic is written here a second time, from the ids and values of the ledger alone, so that a rule that is wrong
in analysis.toll.comparisons is seen (METHOD M13, M16, M21).
"""

from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from itertools import product

from analysis.errors import ClaimsContradict
from analysis.toll.claims import Claim, Ledger

PEOPLE = ("children", "women")
# A dimension whose codes share the whole among them; `other` shares out the toll of the party of that name.
SHARED = ("party", "governorate", "age_sex", "month", "year", "other", "died", "after")
SPANS = ("month", "ytd", "half", "year", "span")
# What is a part of the toll of civilians, under the same period and party (METHOD M12, M13, M15).
INSIDE_THE_TOLL = ("torture", "landmines", "medical", "media", "civil_defense", "relief")
# Claims that say how many figures or claims they name: of the reconciliation, and of what a revision changed.
LISTED = ("equal", "differs", "cannot", "moved", "headlines", "other_records", "new")
# Step by step what is left of the records, and the results of the checks: `<stem>.<name>` adds up to the first.
STEPS = {
    "records": ("read", ("withdrawn", "duplicates", "fighters", "status_not_determined", "not_verified", "counted")),
    "quality": ("checks", ("passed", "failed", "not_exercised")),
}


def require_consistent(ledger: Ledger) -> None:
    """Refuse claims of which two cannot both be true. Raises ClaimsContradict, naming both and their values."""
    recomputed = [wrong for claim in ledger.values() if (wrong := contradiction(claim, ledger))]
    found = [*contradictions(ledger), *recomputed]
    if found:
        more = f" and {len(found) - 3} more" if len(found) > 3 else ""
        raise ClaimsContradict(
            f"{len(found)} claims contradict others of the same report: {'; '.join(found[:3])}{more}. Nothing is "
            "written from them. Look for the rule that made them in src/analysis/toll, or for a figure that is wrong."
        )


def contradictions(ledger: Ledger) -> list[str]:
    """What two claims say that cannot both be true; which claims are wrong by themselves, `contradiction` says."""
    return [
        *_the_same_said_twice(ledger),
        *_parts_above_wholes(ledger),
        *_shares_that_do_not_add_up(ledger),
        *_changes_apart(ledger),
    ]


# -- derived claims, computed again ------------------------------------------------------------------------------------


def contradiction(claim: Claim, ledger: Ledger) -> str:
    """A claim made from other claims beside what they give; '' where it is that."""
    if claim.basis != "claims":
        return ""
    again, parts = _again(claim, ledger)
    return "" if again == claim.value else f"{_said(claim)}, but {_listed(parts)} give {again!r}"


def _again(claim: Claim, ledger: Ledger) -> tuple[object, list[Claim]]:
    """The value that a derived claim must have, and the claims that it follows from."""
    kind = claim.id.rpartition(".")[2]
    missing = [one for one in claim.of if one not in ledger]
    if missing:
        return f"nothing, for {missing[0]} is not claimed", []
    parts = [ledger[one] for one in claim.of]
    for named, rule in RULES.items():
        if kind == named or (named == "change" and f".{named}." in claim.id):
            return rule(claim, parts, ledger), parts
    return "nothing, for analysis.toll.consistency knows no rule for it", []


def _percent(claim: Claim, part: int, whole: int) -> object:
    """The claim's own value where it is the percentage to two decimals, else the percentage as it should be."""
    exact = Fraction(100 * part, whole)
    told = isinstance(claim.value, int | float) and abs(Fraction(str(claim.value)) - exact) <= Fraction(1, 200)
    return claim.value if told else float(round(exact, 2))


def _share(claim: Claim, parts: list[Claim], _: Ledger) -> object:
    part, whole = parts
    if claim.id != f"{part.id}.share":
        return f"the share of {part.id}"
    return _percent(claim, _number(part), _number(whole))


def _rank(claim: Claim, parts: list[Claim], ledger: Ledger) -> object:
    own = ledger[claim.id.rpartition(".")[0]]
    return 1 + len([one for one in parts if _number(one) > _number(own)])


def _highest_since(claim: Claim, parts: list[Claim], ledger: Ledger) -> object:
    own = _number(ledger[claim.id.rpartition(".")[0]])
    earlier = [one.id.rpartition(".")[2] for one in parts[:-1] if _number(one) >= own]
    return max(earlier, default="none")


def _difference(_: Claim, parts: list[Claim], __: Ledger) -> object:
    now, before = parts
    return _number(now) - _number(before)


def _change(claim: Claim, parts: list[Claim], ledger: Ledger) -> object:
    now, before = parts
    name = before.id.partition(".")[2]
    if not claim.id.startswith(f"{now.id}.change.{name}"):
        return f"a change from {before.id} to {now.id}"
    if claim.id.endswith(".percent"):
        return _percent(claim, _number(now) - _number(before), _number(before))
    return _difference(claim, parts, ledger)


def _total_difference(_: Claim, parts: list[Claim], __: Ledger) -> object:
    before, now = parts
    return _number(now) - _number(before)


def _sum(_: Claim, parts: list[Claim], __: Ledger) -> object:
    return sum(_number(one) for one in parts)


def _listed_figures(_: Claim, parts: list[Claim], __: Ledger) -> object:
    return len(parts)


RULES: dict[str, Callable[[Claim, list[Claim], Ledger], object]] = {
    "change": _change,
    "share": _share,
    "rank": _rank,
    "rank_of_year": _rank,
    "highest_since": _highest_since,
    "since_published": _difference,
    "months": _sum,
    "settled": _sum,
    "within": _sum,
    "difference": _total_difference,
    **dict.fromkeys((*SPANS, *LISTED), _listed_figures),
}


# -- parts and wholes --------------------------------------------------------------------------------------------------


def _parts_above_wholes(ledger: Ledger) -> Iterator[str]:
    for claim in ledger.values():
        if _counts(claim):
            for whole in _held(ledger, _wholes(claim.id)):
                if _number(claim) > _number(whole):
                    yield f"{_said(claim)}, more than its whole, {_said(whole)}"
            parts = _held(ledger, [f"{claim.id}.{part}" for part in PEOPLE])
            people = [*_held(ledger, [f"{claim.id}.deaths"]), claim][0]
            if sum(map(_number, parts)) > _number(people) >= max(map(_number, parts), default=0):
                yield f"{_listed(parts)} are more than {_said(people)}"


def _held(ledger: Ledger, ids: Iterable[str]) -> list[Claim]:
    """The counts among some claims."""
    return [ledger[one] for one in ids if one in ledger and _counts(ledger[one])]


def _wholes(claim: str) -> Iterator[str]:
    """The claims that a count can never be larger than, by its id."""
    stem, _, last = claim.rpartition(".")
    measure, _, rest = claim.partition(".")
    if last in PEOPLE:
        yield f"{stem}.deaths" if measure == "massacres" else stem
    if measure in INSIDE_THE_TOLL:
        yield f"civilians.{rest}"
    if ".day." in claim:
        yield stem.removesuffix(".day")
    elif rest == "month" or rest.startswith("month."):
        yield f"{measure}.ytd{rest[len('month') :]}"
    if last == "died_earlier":
        yield f"{stem}.death_recorded"
    if last == "death_recorded":
        yield stem
    if last == "least":
        yield stem
    yield f"{claim}.most"
    if last == "failing" and ".check." in claim:
        yield f"{stem}.tested"


def _shares_that_do_not_add_up(ledger: Ledger) -> Iterator[str]:
    """Breakdowns, months and steps whose parts are not together the whole (METHOD M21)."""
    groups: dict[tuple[str, str, str], list[Claim]] = {}
    for claim in ledger.values():
        if _counts(claim):
            for key in _shared(claim.id):
                groups.setdefault(key, []).append(claim)
    for (whole, dimension, _), parts in groups.items():
        if whole in ledger and _counts(ledger[whole]) and sum(map(_number, parts)) != _number(ledger[whole]):
            total = sum(map(_number, parts))
            yield f"{_said(ledger[whole])}, but its {len(parts)} parts by {dimension} ({parts[0].id} …) are {total}"
    yield from _steps(ledger)


def _shared(claim: str) -> Iterator[tuple[str, str, str]]:
    """The whole that a claim is a share of, by which dimension and for which part of the people."""
    names = claim.split(".")
    people = names[-1] if names[-1] in (*PEOPLE, "deaths") and names[-2] != "age_sex" else ""
    bare = names[:-1] if people else names
    if len(bare) < 4 or bare[-2] not in SHARED or names[0] == "published":
        return
    dimension = bare[-2]
    whole = [*bare[:-2], "party", "other"] if dimension == "other" else bare[:-2]
    yield ".".join([*whole, people] if people else whole), dimension, people


def _steps(ledger: Ledger) -> Iterator[str]:
    for measure, (first, others) in STEPS.items():
        for span in (*SPANS, "vintage"):
            whole, parts = f"{measure}.{span}.{first}", [f"{measure}.{span}.{one}" for one in others]
            if whole in ledger and all(part in ledger for part in parts):
                total = sum(_number(ledger[part]) for part in parts)
                if total != _number(ledger[whole]):
                    yield f"{_said(ledger[whole])}, but {parts[0]} to {parts[-1]} add up to {total}"


# -- the same thing said in two ways -----------------------------------------------------------------------------------


def _the_same_said_twice(ledger: Ledger) -> Iterator[str]:
    """The month beside the last month of its year so far, and the month before beside the one before.

    And both, and the year so far, beside those of the half-year or year that the month ends, where it is told too.
    """
    for measure, span in product(("civilians", "torture"), ("ytd", "half", "year")):
        months = [one for one in ledger if one.startswith(f"{measure}.{span}.month.") and one.count(".") == 3]
        last = dict(zip((f"{measure}.month", f"{measure}.previous_month"), reversed(months[-2:]), strict=False))
        if months and months[0].endswith("-01"):
            last[f"{measure}.ytd"] = f"{measure}.{span}"
        for claim, month in last.items():
            for part in ("", *(f".{one}" for one in PEOPLE)):
                one, other = claim + part, month + part
                if one in ledger and other in ledger and ledger[one].value != ledger[other].value:
                    yield f"{_said(ledger[one])}, and {_said(ledger[other])}, which is the same"


def _changes_apart(ledger: Ledger) -> Iterator[str]:
    """Changes of one thing against one base that do not point the same way: lower than last year, and higher."""
    seen: dict[tuple[str, ...], Claim] = {}
    for claim in ledger.values():
        if ".change." in claim.id and claim.basis == "claims":
            before = seen.setdefault(claim.of, claim)
            if _sign(before) != _sign(claim) and not (0 in (before.value, claim.value) and _slight(before, claim)):
                yield f"{_said(before)}, and {_said(claim)}: one rises and the other does not"


def _sign(claim: Claim) -> int:
    value = float(claim.value)
    return (value > 0) - (value < 0)


def _slight(one: Claim, other: Claim) -> bool:
    """Whether a change is so small that its percentage rounds to nought."""
    return max(abs(float(one.value)), abs(float(other.value))) < 1


def _counts(claim: Claim) -> bool:
    """Whether a claim is a plain count: a published figure is set beside ours, not held against it."""
    return isinstance(claim.value, int) and claim.basis == "records" and claim.unit not in ("rank", "percent")


def _number(claim: Claim) -> int:
    if not isinstance(claim.value, int):
        raise ClaimsContradict(f"The claim {_said(claim)} is not a whole number, and another is made from it.")
    return claim.value


def _said(claim: Claim) -> str:
    return f"{claim.id} is {claim.value!r}"


def _listed(claims: list[Claim]) -> str:
    told = " and ".join(_said(one) for one in claims[:2])
    return f"{told} and {len(claims) - 2} more" if len(claims) > 2 else told
