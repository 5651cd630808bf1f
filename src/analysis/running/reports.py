"""Making a report: run the notebook, write what it says as HTML, PDF, claims, tables and figures, put it in place."""

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat

from analysis.editions import INTERNAL, read_edition
from analysis.errors import CannotPublish
from analysis.files import files_of
from analysis.month import Month
from analysis.period import MonthAndPeriod, Period, When, parts
from analysis.places import NOTEBOOKS
from analysis.rendering.document import Document, languages_shown, read_document
from analysis.rendering.document_files import write_files
from analysis.rendering.html_writer import write_html
from analysis.rendering.typst_writer import begin_pdf
from analysis.running.execution import Execute, execute
from analysis.running.folders import replacing
from analysis.running.publications import Place, locked, next_place
from analysis.texts import language_of, languages_asked
from analysis.toll.claims import Ledger
from analysis.toll.consistency import require_consistent
from analysis.toll.report_records import read_report_records, require_records

MONTHLY, PERIODIC = NOTEBOOKS / "monthly_report.ipynb", NOTEBOOKS / "period_report.ipynb"
BOTH = NOTEBOOKS / "month_and_period.ipynb"


@dataclass(frozen=True)
class Report:
    """A finished report: where it is, and the claims it makes."""

    folder: Path
    files: tuple[Path, ...]
    ledger: Ledger


def notebook_of(when: When) -> Path:
    """The notebook that makes the report of a month, of a half-year or a year, or of a month and the one it ends."""
    if isinstance(when, MonthAndPeriod):
        return BOTH
    return MONTHLY if isinstance(when, Month) else PERIODIC


def make_report(
    when: When,
    *,
    location: str,
    out: Path,
    vintage: int | None = None,
    reason: str | None = None,
    language: str = "en",
    edition: str = INTERNAL,
    on_step: Callable[[str], None] = lambda _: None,
    execute: Execute = execute,
) -> Report:
    """Make the report of a month or a longer period in `out`/<when>/, whole or not at all.

    A published report is never overwritten: with a reason, a revision of it is made beside it (`out`/<when>.r2/).
    `language` names one or several, the first one first: "en,ar". Another edition than the internal one has a folder of
    its own (`out`/<when>.public/, METHOD M29). `on_step` is told each section as it starts.

    Raises BadMonth, BadRecords, QualityGateFailed, CannotPublish …: whatever it is, the last report stays in place.
    """
    languages_asked(language)
    read_edition(edition)
    place = next_place(out, when, reason, edition)
    require_records(location, when, vintage)
    parameters = _parameters(when, place, language=language, vintage=vintage, reason=reason, edition=edition)
    with ExitStack() as last, replacing(place.folder) as folder:
        ledger = write_report(
            when, parameters, folder, location=location, previous=place.previous, on_step=on_step, execute=execute
        )
        last.enter_context(locked(out))  # held until the folder is in place: nobody publishes meanwhile
        _require_still(place, out, when, reason, edition)
    return Report(place.folder, tuple(files_of(place.folder).values()), ledger)


def write_report(
    when: When,
    parameters: Mapping[str, Any],
    folder: Path,
    *,
    location: str,
    notebook: Path | None = None,
    previous: Path | None = None,
    on_step: Callable[[str], None] = lambda _: None,
    execute: Execute = execute,
) -> Ledger:
    """Execute the notebook of a report, and write the report into an empty folder; its claims.

    The pages are read back before the files beside them are written. `notebook` is another than that of `when`.
    """
    executed = execute(notebook or notebook_of(when), parameters, location=location, on_cell=on_step, previous=previous)
    nbformat.write(executed, folder / "report.ipynb")
    documents = [read_document(executed, language) for language in languages_shown(executed)]
    require_consistent(documents[0].ledger)
    on_step("HTML and PDF")
    written = [write_pages(document, folder) for document in documents]
    from analysis.proofreading.number_check import check_report  # heavy: not for a run that ends before

    asked = {name: parameters[name] for name in ("vintage", "edition") if name in parameters}
    read = read_report_records(when, location=location, **asked)
    on_step("Numbers")  # of the HTML while the PDF is still being made
    for document, (html, pdf) in zip(documents, written, strict=True):
        check_report(document, html, pdf, read, said=[str(parameters.get("reason", ""))])
    on_step("Tables")
    write_files(documents, folder)
    return documents[0].ledger


def write_pages(document: Document, folder: Path) -> tuple[str, Callable[[], bytes]]:
    """Write a report's pages in one language, report.en.html and report.en.pdf, and give what was written.

    The PDF is made meanwhile by a process of its own; what is given for it waits until it is there, and writes it.
    """
    stem = folder / f"report.{language_of(document.cover.language)}"
    begun, html = begin_pdf(document), write_html(document)
    stem.with_name(f"{stem.name}.html").write_text(html, encoding="utf-8")

    def pdf() -> bytes:
        written = begun()
        stem.with_name(f"{stem.name}.pdf").write_bytes(written)
        return written

    return html, pdf


def _parameters(
    when: When, place: Place, *, language: str, vintage: int | None, reason: str | None, edition: str
) -> dict[str, str | int]:
    """The notebook's parameters; what is as always is left out, so that a first revision names none."""
    told: dict[str, str | int] = {"period" if isinstance(one, Period) else "month": str(one) for one in parts(when)}
    named = told | {"language": language}
    named |= {} if vintage is None else {"vintage": vintage}
    named |= {} if edition == INTERNAL else {"edition": edition}
    return named if reason is None else named | {"revision": place.revision, "reason": " ".join(reason.split())}


def _require_still(place: Place, out: Path, when: When, reason: str | None, edition: str = INTERNAL) -> None:
    """Refuse to put a report in place that somebody published while it was being made. Raises CannotPublish."""
    if next_place(out, when, reason, edition) != place:
        raise CannotPublish(
            f"Revision {place.revision} of {when} was published while this run was under way, and is left as it is. "
            "Run it again: it becomes the revision after."
        )
