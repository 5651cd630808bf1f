"""Making a report: run the notebook, write what it says as HTML, PDF, claims, tables and figures, put it in place."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import nbformat

from analysis.month import Month
from analysis.places import NOTEBOOKS
from analysis.records.table import require_month
from analysis.rendering.document import read_document
from analysis.rendering.document_files import write_files
from analysis.rendering.html_writer import write_html
from analysis.rendering.typst_writer import write_pdf
from analysis.running.execution import execute
from analysis.running.folders import replacing
from analysis.toll.claims import Ledger

MONTHLY = NOTEBOOKS / "monthly_report.ipynb"


@dataclass(frozen=True)
class Report:
    """A finished report: where it is, and the claims it makes."""

    folder: Path
    files: tuple[Path, ...]
    ledger: Ledger


def make_report(
    month: Month,
    *,
    location: str,
    out: Path,
    vintage: int | None = None,
    language: str = "en",
    on_step: Callable[[str], None] = lambda _: None,
) -> Report:
    """Make the report of a month in `out`/<month>/, whole or not at all; `on_step` is told each section as it starts.

    Raises BadMonth, BadRecords, QualityGateFailed, CannotPublish …: whatever it is, the last report stays in place.
    """
    require_month(location, month, vintage)
    target = out / str(month)
    parameters = {"month": str(month), "language": language} | ({} if vintage is None else {"vintage": vintage})
    with replacing(target) as folder:
        notebook = execute(MONTHLY, parameters, location=location, on_cell=on_step)
        on_step("HTML")
        document = read_document(notebook)
        nbformat.write(notebook, folder / "report.ipynb")
        (folder / f"report.{language}.html").write_text(write_html(document), encoding="utf-8")
        on_step("PDF")
        (folder / f"report.{language}.pdf").write_bytes(write_pdf(document))
        on_step("Tables")
        write_files(document, folder)
    files = sorted(path for path in target.rglob("*") if path.is_file())
    return Report(target, tuple(files), document.ledger)
