"""Publishing a finished report: from then on its folder stays as it is, and the page of all reports lists it."""

import ast
import csv
import json
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import nbformat

from analysis.editions import INTERNAL, read_edition
from analysis.errors import BadDocument, BadParameter, CannotPublish
from analysis.files import files_of, replace_file, sha256_of
from analysis.period import When, as_asked, parse_when
from analysis.rendering.index_page import RESULTS, Listed, write_index_page
from analysis.running.execution import INJECTED
from analysis.running.publications import (
    PUBLICATION,
    Publication,
    asked_for,
    claims_of,
    day_of,
    folder_of,
    locked,
    publications,
    read_publication,
)
from analysis.toll.since import STEM, headline_ids, read_claims

VERIFICATION, INDEX = "verification.json", "index.html"
NEEDED = ("report.ipynb", "claims.json", "report.*.html", "report.*.pdf", "tables/*.csv")
SEVERITIES = ("critical", "warning", "info")


def publish_report(out: Path, when: When, on: date, edition: str = INTERNAL) -> Publication:
    """Publish the finished report of a month or a longer period, its latest revision that is not published yet.

    OUT/index.html is made anew, also where the report turns out to be published already.
    Raises CannotPublish where there is no finished report, or it is published already; BadParameter for a wrong day.
    """
    read_edition(edition)
    again = f"toll report {as_asked(when)}{asked_for(edition)}"
    if not out.is_dir():
        raise CannotPublish(f"There is no folder {out}. Make the report first: {again} --out {out}.")
    with locked(out):
        published = publications(out, when, edition)
        revision = published[-1].revision + 1 if published else 1
        folder = folder_of(out, when, revision, edition)
        if published and not folder.is_dir():
            write_index(out)
            last = published[-1]
            raise CannotPublish(
                f"{when} is published already, on {day_of(last)} as revision {last.revision}, and nothing newer is "
                f'finished. A new run needs a reason: {again} --revision "reason".'
            )
        _require_day(on, published)
        made = _publication(folder, when, revision, on, published, edition)
        _listed_all(out)  # a damaged folder is refused before anything is written
        replace_file(folder / PUBLICATION, json.dumps(asdict(made), ensure_ascii=False, indent=1) + "\n", beside=out)
        write_index(out)
    return made


def list_again(out: Path, when: When, edition: str = INTERNAL) -> None:
    """Make OUT/index.html anew where a report is published: it may have a bundle now that the page leads to."""
    if publications(out, when, edition):
        with locked(out):
            write_index(out)


def write_index(out: Path) -> Path:
    """Make OUT/index.html of every published report: the same folders, the same bytes. Raises BadDocument."""
    replace_file(out / INDEX, write_index_page(_listed_all(out)))
    return out / INDEX


def _require_day(on: date, published: list[Publication]) -> None:
    if published and on < date.fromisoformat(published[-1].date):
        raise BadParameter(
            f"The revision before was published on {day_of(published[-1])}: it cannot be replaced on {on.isoformat()}, "
            "which is earlier. Correct --date."
        )


def _publication(
    folder: Path, when: When, revision: int, on: date, published: list[Publication], edition: str
) -> Publication:
    """What there is to say of a finished report."""
    missing = [name for name in NEEDED if not any(folder.glob(name))]
    if missing:
        asked = f"toll report {as_asked(when)}{asked_for(edition)}" + (' --revision "reason"' if revision > 1 else "")
        raise CannotPublish(f"There is no finished report in {folder}: it has no {missing[0]}. Make it first: {asked}.")
    claims, span = read_claims(folder / "claims.json"), when.span
    wanted = [*headline_ids(when), f"records.{span}.vintage", "method.version", f"quality.{span}.checks"]
    made_as = int(claims.value(f"{STEM}.revision")) if f"{STEM}.revision" in claims else 1
    parameters = parameters_of(folder / "report.ipynb")
    made_for = parameters.get("edition", INTERNAL)
    if made_as != revision or made_for != edition or not all(one in claims for one in wanted):
        raise CannotPublish(
            f"The report in {folder} was not made as revision {revision} of {when} by this version of the program. "
            "Make it again, and publish that."
        )
    return Publication(
        period=str(when),
        revision=revision,
        date=on.isoformat(),
        headlines={one: claims.count(one) for one in headline_ids(when)},
        vintage=claims.count(f"records.{span}.vintage"),
        method=claims.count("method.version"),
        quality=_quality(folder, {one.id: one.value for one in claims.values()}, span),
        files={name: sha256_of(path) for name, path in files_of(folder).items() if is_of_report(path)},
        reason=str(parameters.get("reason", "")),
        replaces=published[-1].files.get("claims.json", "") if published else "",
        edition=edition,
    )


def _quality(folder: Path, claims: dict[str, Any], span: str) -> dict[str, Any]:
    """The worst severity that the gate found ('' where it found nothing), and its checks by result."""
    table = folder / "tables" / ("data-quality.csv" if span == "month" else "period-quality.csv")
    with table.open(encoding="utf-8", newline="") as file:
        severities = {row["severity"] for row in csv.DictReader(file)}
    worst = next((one for one in SEVERITIES if one in severities), "")
    return {"worst": worst} | {one: claims[f"quality.{span}.{one}"] for one in RESULTS}


def parameters_of(notebook: Path) -> dict[str, Any]:
    """The parameters that an executed notebook was given."""
    cells = nbformat.read(notebook, as_version=4).cells
    given = next((cell.source for cell in cells if INJECTED in cell.metadata.get("tags", [])), "")
    pairs = [(one.targets[0], one.value) for one in ast.parse(given).body if isinstance(one, ast.Assign)]
    return {name.id: ast.literal_eval(value) for name, value in pairs if isinstance(name, ast.Name)}


def is_of_report(path: Path) -> bool:
    """Whether a file is of the report itself: what is said of it, and its bundle, come later."""
    beside = path.name in (PUBLICATION, VERIFICATION) or path.suffix == ".zip"
    return not beside and not path.name.startswith(".")


def _listed_all(out: Path) -> list[Listed]:
    """Every published revision in a folder of reports, ready to be shown."""
    found = [
        read_publication(file) for file in sorted(out.glob(f"*/{PUBLICATION}")) if not file.parent.name.startswith(".")
    ]
    return [_listed(out, one) for one in found]


def _listed(out: Path, one: Publication) -> Listed:
    when = parse_when(one.period)
    folder = folder_of(out, when, one.revision, one.edition)
    try:
        verified = json.loads((folder / VERIFICATION).read_text(encoding="utf-8"))
    except FileNotFoundError:
        verified = None
    except ValueError:
        raise BadDocument(f"{folder / VERIFICATION} is damaged. Verify the report again, or remove the file.") from None
    downloads = [path.name for path in sorted(folder.iterdir()) if path.is_file()]
    claims = read_claims(claims_of(out, when, one))
    return Listed(when, folder.name, asdict(one), verified, tuple(downloads), claims)
