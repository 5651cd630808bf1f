"""Which reports are published, and where the next run of a report goes: never over one that is (METHOD M28).

What makes a report a published one is the file publication.json in its folder; it is written once and never changed.
"""

import fcntl
import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from analysis.editions import INTERNAL, read_edition
from analysis.errors import BadDocument, BadMonth, BadParameter, CannotPublish
from analysis.files import sha256_of
from analysis.period import When, as_asked, parse_when
from analysis.rendering.preflight import check_words
from analysis.sections.wording import day

PUBLICATION = "publication.json"


@dataclass(frozen=True)
class Publication:
    """What publication.json says: `files` has the SHA-256 of each file of the report, `quality` what its gate found.

    `replaces` is the SHA-256 of the claims that a revision says it moved; '' for the first.
    """

    period: str
    revision: int
    date: str
    headlines: dict[str, int]
    vintage: int
    method: int
    quality: dict[str, Any]
    files: dict[str, str]
    reason: str = ""
    replaces: str = ""
    edition: str = INTERNAL


@dataclass(frozen=True)
class Place:
    """Where the next run of a report goes: which revision it is, its folder, and the claims of the one before."""

    folder: Path
    revision: int
    previous: Path | None


def folder_of(out: Path, when: When, revision: int = 1, edition: str = INTERNAL) -> Path:
    """The folder of a report: OUT/2020-11, a second revision OUT/2020-11.r2; a public edition OUT/2020-11.public."""
    named = str(when) if edition == INTERNAL else f"{when}.{edition}"
    return out / (named if revision == 1 else f"{named}.r{revision}")


def publications(out: Path, when: When, edition: str = INTERNAL) -> list[Publication]:
    """The published revisions of a report, the first one first. Raises BadDocument for a damaged publication.json."""
    own = re.compile(rf"{re.escape(folder_of(out, when, edition=edition).name)}(\.r\d+)?")
    files = [file for file in out.glob(f"{when}*/{PUBLICATION}") if own.fullmatch(file.parent.name)]
    return sorted(map(read_publication, files), key=lambda one: one.revision)


def next_place(out: Path, when: When, reason: str | None = None, edition: str = INTERNAL) -> Place:
    """Where a run of a report goes: its own folder until it is published, then, with a reason, a revision beside it.

    Raises CannotPublish for a published report without a reason, or one that is not what was published;
    BadParameter for a reason that says nothing, or where there is nothing to revise.
    """
    published = publications(out, when, edition)
    if reason is None and published:
        last = published[-1]
        raise CannotPublish(
            f"{when} was published on {day_of(last)} as revision {last.revision}, and a published report is never "
            f"overwritten. For a new run say why: toll report {as_asked(when)}{asked_for(edition)} --revision "
            f'"reason" makes revision {last.revision + 1} beside it.'
        )
    if reason is None:
        return Place(folder_of(out, when, edition=edition), 1, None)
    if not published:
        raise BadParameter(f"No report of {when} in {out} is published: it can be made again without --revision.")
    _check_reason(reason)
    revision = published[-1].revision + 1
    return Place(folder_of(out, when, revision, edition), revision, claims_of(out, when, published[-1]))


def asked_for(edition: str) -> str:
    """How a command asks for an edition, to stand behind the period in a message; '' for the internal one."""
    return "" if edition == INTERNAL else f" --edition {edition}"


def _check_reason(reason: str) -> None:
    """Refuse a reason that says nothing, or that no page can hold: before the report is made, not after."""
    if not reason.strip():
        raise BadParameter("The reason of a revision is empty. Say why the report is made again: readers will see it.")
    try:
        check_words(reason)
    except BadDocument as error:
        raise BadParameter(f"The reason of a revision cannot stand in a report. {error} Write it anew.") from None


def claims_of(out: Path, when: When, last: Publication) -> Path:
    """The claims of a published report, as they were published."""
    file = folder_of(out, when, last.revision, last.edition) / "claims.json"
    if not file.is_file() or sha256_of(file) != last.files.get(file.name):
        raise CannotPublish(
            f"{file} is not what was published on {day_of(last)}: it is missing, or its SHA-256 is another one. "
            "Restore the published folder from a copy."
        )
    return file


@contextmanager
def locked(out: Path) -> Iterator[None]:
    """Keep commands that publish, or put a report in place, out of each other's way."""
    folder = os.open(out, os.O_RDONLY)
    try:
        with suppress(OSError):  # a file system without locks: two commands at once are not kept apart there
            fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def read_publication(file: Path) -> Publication:
    """Read a publication.json. Raises BadDocument where it is damaged or of another report than its folder."""
    try:
        told = Publication(**json.loads(file.read_text(encoding="utf-8")))
        read_edition(told.edition)
        if folder_of(file.parent.parent, parse_when(told.period), told.revision, told.edition).name != file.parent.name:
            raise ValueError
        day_of(told)
    except (OSError, ValueError, TypeError, BadMonth, BadParameter):
        raise BadDocument(
            f"{file} is damaged, or is of another report than its folder. Restore the folder from a copy."
        ) from None
    return told


def day_of(one: Publication) -> str:
    """The day of a publication in words."""
    return day(date.fromisoformat(one.date), "en")
