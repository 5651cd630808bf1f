"""A report made again after it was published: which claims have moved since the revision before.

The claims of the revision before are read from its claims.json, which TOLL_PREVIOUS names.
"""

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from analysis.errors import BadDocument, BadParameter
from analysis.period import When, parts
from analysis.toll.claims import Claim, Ledger
from analysis.toll.definitions import Vocabulary

STEM, RULE = "since_revision", "M28"
HEADLINES = ("civilians.{span}", "civilians.{span}.children", "civilians.{span}.women", "torture.{span}")
COUNTED = ("people", "incidents")


@dataclass(frozen=True, eq=False)
class Change:
    """A revision of a published report, why it was made, and what has moved since the one before; none for the first.

    `headlines` and `rows` are ids: the numbers of the first page that moved, and all tolls and breakdowns that did.
    """

    revision: int = 1
    reason: str = ""
    before: Mapping[str, Claim] = field(default_factory=dict)
    headlines: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()


def headline_ids(when: When) -> list[str]:
    """The claims of the large numbers on the first page."""
    return [one.format(span=when.span) for one in HEADLINES]


def read_change(
    ledger: Ledger, when: When, *, revision: int, reason: str, language: str = "en", previous: str | None = None
) -> tuple[Ledger, Change]:
    """What a revision changes, and the ledger with the claims that say it; the first revision adds nothing.

    `previous` is the claims.json of the revision before; where it is not given, TOLL_PREVIOUS.
    Raises BadParameter for a revision without a reason or without the claims before it; BadDocument for a bad file.
    """
    if revision == 1:
        return ledger, Change()
    given = previous or os.environ.get("TOLL_PREVIOUS", "")
    if revision < 1 or not reason.strip() or not given:
        raise BadParameter(
            f"Revision {revision} of a report needs a reason and the claims of the revision before. Make it with "
            '`toll report MONTH --revision "reason"`; by hand, name its claims.json in TOLL_PREVIOUS.'
        )
    before = {claim.id: claim for claim in read_claims(Path(given)).values() if not claim.id.startswith(f"{STEM}.")}
    rows = tuple(one for one in dict.fromkeys([*ledger, *before]) if _moved_toll(one, before, ledger, when))
    headlines = tuple(one for one in headline_ids(when) if one in rows)
    change = Change(revision, " ".join(reason.split()), before, headlines, rows)
    return ledger.extended(change_claims(change, ledger, Vocabulary(language))), change


def read_claims(file: Path) -> Ledger:
    """The claims of a claims.json. Raises BadDocument where it is missing or not in the form of this version."""
    try:
        told = json.loads(file.read_text(encoding="utf-8"))
        return Ledger(Claim(**{**one, "of": tuple(one["of"])}) for one in told)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadDocument(
            f"The claims in {file} cannot be read ({type(error).__name__}): the file is missing, damaged or of another "
            "version. Restore it from a copy."
        ) from None


def _moved_toll(claim_id: str, before: Mapping[str, Claim], now: Ledger, when: When) -> bool:
    """Whether a toll of the period, or a part of its breakdowns, has another value; months of a period left out."""
    both = [side[claim_id] for side in (before, now) if claim_id in side]
    span, dimension, *_ = [*claim_id.split(".")[1:], "", ""]
    told = any(span == one.span for one in parts(when)) and dimension != "month"
    if not told or both[-1].basis != "records" or both[-1].unit not in COUNTED:
        return False
    return both[0].value != both[1].value if len(both) == 2 else bool(both[0].value)


def change_claims(change: Change, now: Ledger, words: Vocabulary) -> Iterable[Claim]:
    """What a revision says of itself: which it is, how many claims moved, and the tolls that did as they were."""
    said, before = words[STEM], change.before
    replaced = f"revision {change.revision - 1}"
    both = [one for one in now if one in before]
    moved = [one for one in both if before[one].value != now[one].value]
    others = [one for one in both if one not in moved and before[one].digest != now[one].digest]
    new, gone = [one for one in now if one not in before], [one for one in before if one not in now]
    yield Claim(f"{STEM}.revision", change.revision, "revision", RULE, said["revision"], basis="method")
    yield Claim(f"{STEM}.replaces", change.revision - 1, "revision", RULE, said["replaces"], basis="method")
    for name, ids in (("moved", moved), ("headlines", change.headlines), ("other_records", others), ("new", new)):
        yield Claim(f"{STEM}.{name}", len(ids), "claims", RULE, said[name], basis="claims", of=tuple(ids))
    yield Claim(f"{STEM}.gone", len(gone), "claims", RULE, said["gone"], basis="published", of=(replaced,))
    for one in (before[row] for row in change.rows if row in before):
        words_now = now[one.id].where if one.id in now else one.where  # in the language of this report
        where = said["before"].format(revision=change.revision - 1, where=words_now)
        yield Claim(f"{STEM}.before.{one.id}", one.value, one.unit, one.rule, where, basis="published", of=(replaced,))
