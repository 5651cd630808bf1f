"""Count a report's claims again, from its records, with nothing but Python 3.11 or later.

    python recount.py [FOLDER]

FOLDER is the unpacked bundle's folder `data` (else the folder of this file). Read are the published claims,
report/claims.json; the records, records/records.csv; and what the report is about, records/about.json.

A claim's id says what it counts: `civilians.month.party.sdf.children` are the civilians, of the reporting month, killed
by the party `sdf`, who were children. Each word of an id is a filter on the records, one after the other. The rules
M1 to M26 are those of METHOD.md. Nothing is shared with the program that made the report.

Exit code: 0 every count agrees; 1 some do not; 2 the bundle cannot be read.
"""

import csv
import hashlib
import json
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote

Record = dict[str, str]  # one person; a blank field is ""
Found = tuple[int, list[str] | None]  # a value, and the ids of the records behind it; None where it counts no records


class Records(NamedTuple):
    """All records that a report looks at, the people that count, the dead of massacres, and a period's months."""

    all: list[Record]
    people: list[Record]
    massacred: list[Record]
    months: list[str]


MEASURES = {  # what a field must hold
    "civilians": {},
    "torture": {"torture": "true"},  # M13
    "landmines": {"cause": "landmine"},  # M12
    **{name: {"occupation": name} for name in ("medical", "media", "civil_defense", "relief")},  # M15
    "massacres": {},  # asked of the dead of massacres alone, see dead_of_massacres
}
DIMENSIONS = ("month", "party", "other", "governorate", "age_sex", "day", "incident")
STEPS = ("withdrawn", "duplicates", "fighters", "status_not_determined", "not_verified", "counted")
NOT_COUNTED = {"claims": "shares, ranks and comparisons", "external": "figures of others", "method": "parameters"}


def step(one: Record) -> str:
    """Verified civilians count, each once; others are left out under the first reason that holds (M1, M3, M21, M25)."""
    if one["withdrawn"]:
        return "withdrawn"
    if one["duplicate_of"]:
        return "duplicates"
    if one["status"] != "civilian":
        return {"combatant": "fighters", "not_determined": "status_not_determined"}.get(one["status"], "")
    return "counted" if one["verification"] == "verified" else "not_verified"


def age_sex(one: Record) -> str:
    """The group of the breakdown by age and sex: nobody becomes a man by subtraction (M2)."""
    if one["age_group"] == "child":
        return "children"
    if one["age_group"] != "adult":
        return "not_recorded"
    return {"female": "women", "male": "men"}.get(one["sex"], "adults")


def month_of(one: Record) -> str:
    """The month in which a death was documented, YYYY-MM (M5)."""
    return one["date_documented"][:7]


def died_before(one: Record, month: str) -> bool:
    """Known to have died before a month; of a date of which only the year is known, its year decides (M5)."""
    known = {"day": 7, "month": 7, "year": 4}.get(one["date_of_death_precision"], 0)
    return one["date_of_death"] != "" and one["date_of_death"][:known] < month[:known]


def day_of_death(one: Record, month: str) -> str:
    """The day of a month on which somebody died, and where it was none of them or is not exactly known (M5)."""
    if not one["date_of_death"] or one["date_of_death_precision"] != "day":
        return "not_recorded"
    day = one["date_of_death"][:10]
    return day if day[:7] == month else "earlier" if day < month else "later"


def periods(when: str) -> dict[str, list[str]]:
    """The months of each period that the claims of a report on a month, half-year or year speak of (M6)."""
    year, half, last_year = when[:4], when[5:], f"{int(when[:4]) - 1:04d}"
    if half in ("", "H1", "H2"):
        numbers = {"": range(1, 13), "H1": range(1, 7), "H2": range(7, 13)}[half]
        months, year_before = ([f"{each}-{number:02d}" for number in numbers] for each in (year, last_year))
        return {"half" if half else "year": months, "year_before": year_before}
    so_far = [f"{year}-{number:02d}" for number in range(1, int(half) + 1)]
    before = so_far[-2] if len(so_far) > 1 else f"{last_year}-12"
    return {"month": [when], "ytd": so_far, "previous_month": [before], "month_last_year": [f"{last_year}-{half}"]}


def dead_of_massacres(people: list[Record], threshold: int) -> list[Record]:
    """The dead of massacres, each with the day, party and kind of the massacre in place of their own (M14).

    Its day is that on which its recorded dead reached the threshold; its party, and kind of other party, that of most
    of its dead, of equal ones the first by code, a blank last.
    """
    incidents: dict[str, list[Record]] = {}
    for one in sorted(people, key=lambda one: (one["date_documented"], one["record_id"])):
        incidents.setdefault(one["incident_id"], []).append(one)
    massacres = [dead for incident, dead in incidents.items() if incident and len(dead) >= threshold]
    found = []
    for dead in massacres:
        blamed = Counter((one["party"], one["bucket"] if one["party"] == "other" else "") for one in dead)
        party, kind = min(blamed, key=lambda who: (-blamed[who], [(code == "", code) for code in who]))
        day = dead[threshold - 1]["date_documented"]
        found += [one | {"date_documented": day, "party": party, "bucket": kind} for one in dead]
    return found


# Whether a person is among those whom a word of a claim's id leaves, by its code and the period's first month; what is
# not recorded is a blank, and no code (M20).
HOLDS: dict[str, Callable[[Record, str, str], bool]] = {
    "month": lambda one, code, _: month_of(one) == code,
    "party": lambda one, code, _: one["party"] == code.replace("not_recorded", ""),  # M9
    "governorate": lambda one, code, _: one["governorate"] == code.replace("not_recorded", ""),  # M8
    "other": lambda one, code, _: one["party"] == "other" and one["bucket"] == code.replace("not_recorded", ""),  # M11
    "age_sex": lambda one, code, _: age_sex(one) == code,
    "day": lambda one, code, first: day_of_death(one, first) == code,
    "incident": lambda one, code, _: one["incident_id"] == unquote(code.replace("~", "%")),
    "children": lambda one, *_: age_sex(one) == "children",
    "women": lambda one, *_: age_sex(one) == "women",
    "deaths": lambda *_: True,  # everybody
    "death_recorded": lambda one, *_: one["date_of_death"] != "",
    "died_earlier": lambda one, _, first: died_before(one, first),
}


def words_of(rest: list[str]) -> list[tuple[str, str]]:
    """The words after measure and period, each with its code: month.2020-03.party.sdf.children."""
    words = []
    while rest:
        word, *rest = rest
        if word == "incident":  # its id may hold dots itself, and a part always follows
            code, rest = ".".join(rest[:-1]), rest[-1:]
        elif word in DIMENSIONS:
            code, *rest = rest
        elif word in HOLDS:
            code = ""
        else:
            raise KeyError(word)
        words.append((word, code))
    return words


def recount(claim: str, of: dict[str, Records]) -> Found:
    """A claim counted again. Raises KeyError, IndexError or ValueError where its id is none that this script counts."""
    measure, period, *rest = claim.split(".")
    records, months = of[period], of[period].months
    if measure == "records":
        return recount_step(rest, [one for one in records.all if month_of(one) in months], months)
    words, asked = words_of(rest), records.massacred if measure == "massacres" else records.people
    fields = MEASURES[measure].items()
    found = [one for one in asked if month_of(one) in months and fields <= one.items()]
    for word, code in words:
        found = [one for one in found if HOLDS[word](one, code, months[0])]
    ids = sorted(one["record_id"] for one in found)
    if measure == "massacres" and not {"deaths", "children", "women"} & {word for word, _ in words}:
        return len({one["incident_id"] for one in found}), ids
    return len(ids), ids


def recount_step(words: list[str], read: list[Record], months: list[str]) -> Found:
    """A step from records read to counted, a field that a written rule filled (M20), or the months without records."""
    if words == ["months_without"]:
        return len(set(months) - {month_of(one) for one in read}), None
    if words == ["read"]:
        found = read
    elif words[0] == "allocated":
        found = [one for one in read if step(one) == "counted" and words[1] in one["allocated"].split("|")]
    elif words[0] in STEPS:
        found = [one for one in read if step(one) == words[0]]
    else:
        raise KeyError(words[0])
    return len(found), sorted(one["record_id"] for one in found)


def difference(claim: dict[str, Any], of: dict[str, Records]) -> str:
    """What a claim says otherwise than the records; "" where all agrees."""
    try:
        value, ids = recount(claim["id"], of)
    except (KeyError, IndexError, ValueError):
        return "is an id that this script cannot read"
    if claim["value"] != value:
        return f"says {claim['value']}, the records give {value}"
    if ids is None:
        return ""
    if claim["records"] != len(ids):
        return f"says that it counts {claim['records']} records, there are {len(ids)}"
    if claim["digest"] != hashlib.sha256("\n".join(ids).encode()).hexdigest():  # M23
        return f"says {value} as the records do, but was counted from other records than these"
    return ""


def sorted_out(rows: list[Record], when: str, threshold: int) -> dict[str, Records]:
    """By the periods of a report, what it looks at: its own months, which come first, and the twelve before."""
    own, *_ = periods(when).values()
    records = [one for one in rows if f"{int(own[0][:4]) - 1:04d}{own[0][4:]}" <= month_of(one) <= own[-1]]
    people = [one for one in records if step(one) == "counted"]
    massacred = dead_of_massacres(people, threshold)
    return {period: Records(records, people, massacred, months) for period, months in periods(when).items()}


def check(folder: Path) -> int:
    """Count every claim again and say what agrees. Raises KeyError or ValueError for what is no bundle."""
    claims = json.loads((folder / "report" / "claims.json").read_text(encoding="utf-8"))
    about = json.loads((folder / "records" / "about.json").read_text(encoding="utf-8"))
    with (folder / "records" / "records.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, restval=""))
    parts = [about[name] for name in ("when", "with") if name in about]  # a month, and perhaps the period that it ends
    of = {name: one for when in parts for name, one in sorted_out(rows, when, about["massacre_threshold"]).items()}
    kinds = [("quality" if claim["id"].startswith("quality.") else claim["basis"], claim) for claim in claims]
    found = [(claim["id"], difference(claim, of)) for kind, claim in kinds if kind == "records"]
    left = Counter(kind for kind, _ in kinds if kind != "records")
    report(" and ".join(parts), len(rows), found, left)
    return 0 if found and not any(otherwise for _, otherwise in found) else 1


def report(about: str, read: int, found: list[tuple[str, str]], left: Counter[str]) -> None:
    """Print what was found of each claim: "" where it agrees."""
    groups = {claim: ".".join(claim.split(".")[:2]) for claim, _ in found}
    agree = Counter(groups[claim] for claim, otherwise in found if not otherwise)
    differ = Counter(groups[claim] for claim, otherwise in found if otherwise)
    print(f"Claims of {about}, counted again from {read} records\n\n    agree  differ  claims")
    for group in dict.fromkeys(groups.values()):
        print(f"{agree[group]:9}{differ[group]:8}  {group}")
    print(f"{agree.total():9}{differ.total():8}  all\n")
    print("".join(f"DIFFERS: {claim} {otherwise}.\n" for claim, otherwise in found if otherwise), end="")
    named = "; ".join(f"{number} {NOT_COUNTED.get(kind, kind)}" for kind, number in left.items())
    print(f"Not counted by this script, as they count no records: {named or 'none'}.")
    if found and not differ.total():
        print(f"All {len(found)} counts agree with the records.")


if __name__ == "__main__":
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent
    try:
        sys.exit(check(folder))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        print(f"{folder} is no unpacked bundle, or a damaged one: {type(error).__name__}: {error}", file=sys.stderr)
        sys.exit(2)
