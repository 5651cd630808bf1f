"""The page that lists every published report, in the look of the reports: no script, no request, and no clock."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from analysis.editions import INTERNAL
from analysis.month import Month
from analysis.period import When
from analysis.rendering.index_pictures import PublishedMonth, places, steps
from analysis.sections.wording import day, digits, period_name
from analysis.texts import read_words
from analysis.toll.claims import Ledger

TEMPLATES = Path(__file__).resolve().parent / "templates"
LANGUAGE = "en"
RESULTS = ("checks", "passed", "failed", "not_exercised")
WORST = {"": "Passed, nothing found", "info": "Passed, with remarks", "warning": "Passed, with warnings"}
# What may be downloaded, in this order: the ending of a file's name, and what the page calls it.
DOWNLOADS = {".html": "HTML", ".pdf": "PDF", "claims.json": "Claims", ".ipynb": "Notebook", ".zip": "Bundle"}


@dataclass(frozen=True)
class Listed:
    """One published revision: its folder's name, publication.json, verification.json if there is one, files, claims."""

    when: When
    folder: str
    publication: Mapping[str, Any]
    verification: Mapping[str, Any] | None
    files: tuple[str, ...]
    claims: Ledger

    @property
    def edition(self) -> str:
        return str(self.publication.get("edition", INTERNAL))


@dataclass(frozen=True)
class Shown:
    """One revision as the page shows it, every value in words."""

    revision: int
    published: str
    headlines: tuple[tuple[str, str], ...]
    reason: str
    quality: str
    verified: str
    records: str
    downloads: tuple[tuple[str, str], ...]


def write_index_page(listed: Iterable[Listed]) -> str:
    """The page: the newest period first, a longer one before its months; of each edition the latest revision first."""
    ordered = sorted(
        listed, key=lambda one: (one.when.last, len(one.when.months), one.edition, one.publication["revision"])
    )
    periods = [
        (_heading(when, edition), f"{when}-{edition}", tuple(_shown(one) for one in revisions))
        for (when, edition), revisions in groupby(reversed(ordered), key=lambda one: (one.when, one.edition))
    ]
    css = "\n".join((TEMPLATES / name).read_text(encoding="utf-8") for name in ("report.css", "index.css"))
    months = [_month(one) for one in _latest(ordered)]
    pictures = {"steps": steps(months), "places": places(months)}
    return _template().render(periods=periods, css=Markup(css), **pictures) + "\n"


def _latest(ordered: Iterable[Listed]) -> list[Listed]:
    """The latest revision of each month, the first month first; the internal edition where it is published too."""
    months = [one for one in ordered if isinstance(one.when, Month)]
    found = {one.when: one for one in sorted(months, key=lambda one: one.edition == INTERNAL)}
    return sorted(found.values(), key=lambda one: one.when.last)


def _month(one: Listed) -> PublishedMonth:
    said, pages = one.publication, [address for address, name in _downloads(one) if name.startswith("HTML")]
    worst = WORST.get(said["quality"]["worst"], f"Found {said['quality']['worst']}")
    return PublishedMonth(one.when.months[0], one.claims, pages[0], worst, said["revision"])


def _heading(when: When, edition: str) -> str:
    """November 2020; for what is made for others too: November 2020, public edition."""
    return period_name(when, LANGUAGE) + ("" if edition == INTERNAL else f", {edition} edition")


def _shown(one: Listed) -> Shown:
    said = one.publication
    return Shown(
        revision=said["revision"],
        published=_day(said["date"]),
        headlines=tuple(_headlines(one)),
        reason=said["reason"],
        quality=_quality(said["quality"]),
        verified=_verified(one.verification),
        records=f"Vintage {said['vintage']}; method, version {said['method']}",
        downloads=tuple(_downloads(one)),
    )


def _headlines(one: Listed) -> Iterable[tuple[str, str]]:
    """The large numbers and their words, as on the report's first page."""
    labels = read_words(LANGUAGE, "cover")["headlines"].values()
    for label, value in zip(labels, one.publication["headlines"].values(), strict=True):
        yield digits(value, LANGUAGE), label


def _quality(found: Mapping[str, Any]) -> str:
    """What the gate found: a published report has passed it, so that warnings are the worst there can be."""
    checks, passed, failed, idle = (digits(found[name], LANGUAGE) for name in RESULTS)
    worst = WORST.get(found["worst"], f"Found {found['worst']}")
    return f"{worst}: of {checks} checks, {passed} passed, {failed} found something, {idle} met no row"


def _verified(found: Mapping[str, Any] | None) -> str:
    if found is None:
        return "Not verified yet"
    counts = ", ".join(f"{digits(count, LANGUAGE)} {verdict}" for verdict, count in found.get("claims", {}).items())
    return f"{_day(found['date'])}: {found['verdict']}" + (f" (claims: {counts})" if counts else "")


def _downloads(one: Listed) -> Iterable[tuple[str, str]]:
    """Each file to download: its address from the page, and its name."""
    for ending, name in DOWNLOADS.items():
        found = [file for file in one.files if file.endswith(ending) and not file.startswith(".")]
        for file in found:
            language = f" ({file.split('.')[1]})" if len(found) > 1 and ending in (".html", ".pdf") else ""
            yield f"{one.folder}/{file}", f"{name}{language}"


def _day(text: str) -> str:
    return day(date.fromisoformat(text), LANGUAGE)


@cache
def _template() -> Template:
    environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined)
    return environment.get_template("index.html.j2")
