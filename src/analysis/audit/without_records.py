"""A bundle that keeps its records back: what a stranger can check of it, and what their owner makes it again from.

A stranger sees that the pages, tables and charts say what the notebook says and nothing else, that each number on them
is its claim's, and that the claims agree with each other. The counts themselves need the records (METHOD M29).
"""

import json
import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from nbformat import NotebookNode, reads

from analysis.audit.bundle import EVIDENCE, PREVIOUS, moved_of
from analysis.audit.comparing import compare_files
from analysis.audit.packed import Packed
from analysis.audit.verdicts import Verdict
from analysis.errors import BadParameter, ReportError
from analysis.period import when_of
from analysis.proofreading.number_check import wrongly_linked
from analysis.proofreading.page_numbers import read_html
from analysis.records.frozen import write_frozen
from analysis.rendering.document import Document, languages_shown, read_document
from analysis.rendering.document_files import write_files
from analysis.running.reports import write_pages
from analysis.secrets import PSEUDONYMS, keys_folder
from analysis.toll.claims import Claim, Ledger
from analysis.toll.consistency import contradiction, contradictions
from analysis.toll.report_records import frozen_of, read_report_records

NOTEBOOK = "report.ipynb"
_KEPT_BACK = "its records stay with the publisher, who can verify it with --records and the key of its pseudonyms"


def without_records(payload: Path, packed: Packed, claims: Sequence[dict[str, Any]], out: Path) -> Iterator[Verdict]:
    """Every verdict on a report that can be had without its records."""
    try:
        notebook = _notebook(payload / "report" / NOTEBOOK)
        documents = [read_document(notebook, language) for language in languages_shown(notebook)]
        ledger = Ledger(Claim(**{**one, "of": tuple(one["of"])}) for one in claims)
        written = [write_pages(document, out) for document in documents]
        for _, pdf in written:
            pdf()
        write_files(documents, out)
    except (ReportError, OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        yield Verdict("file", NOTEBOOK, "differs", f"no report can be made from it ({type(error).__name__})")
        return
    yield from _claims(ledger)
    yield _pages(zip(documents, (html for html, _ in written), strict=True), ledger, packed)
    for verdict in compare_files(payload / "report", out, ""):
        named = Verdict("file", NOTEBOOK, "withheld", f"the pages were made again from it; {_KEPT_BACK}")
        yield named if verdict.name == NOTEBOOK else verdict


def _notebook(file: Path) -> NotebookNode:
    """A notebook as this program writes it: one that a stranger made is not brought up to date, as nbformat would."""
    told = json.loads(file.read_text(encoding="utf-8"))
    if told["nbformat"] != 4:
        raise ValueError
    return reads(json.dumps(told), as_version=4)


def _claims(ledger: Ledger) -> Iterator[Verdict]:
    """Claims made from other claims are computed again; all of them are held against each other."""
    against: dict[str, list[str]] = {}
    for said in contradictions(ledger):  # each begins with a claim's id
        against.setdefault(said.partition(" ")[0], []).append(said)
    for claim in ledger.values():
        wrong = [*filter(None, [contradiction(claim, ledger)]), *against.get(claim.id, [])]
        if wrong:
            yield Verdict("claim", claim.id, "differs", "; ".join(wrong))
        elif claim.basis == "claims":
            yield Verdict("claim", claim.id, "identical")
        else:
            why = _KEPT_BACK if claim.basis == "records" else f"cited from {', '.join(claim.of)}"
            yield Verdict("claim", claim.id, "withheld", why)


def _pages(pages: Iterable[tuple[Document, str]], ledger: Ledger, packed: Packed) -> Verdict:
    """Whether each number that leads to a claim is the claim's, on the page of each language."""
    when = when_of(packed.parameters)
    found = [
        one
        for document, html in pages
        for one in wrongly_linked(
            read_html(html), _worded(ledger, document), when=when, language=document.cover.language
        )
    ]
    told = "; ".join(f"{one.words!r} in {one.place} ({one.why})" for one in found[:3])
    return Verdict("file", "numbers on the pages", "differs" if found else "identical", told)


def _worded(ledger: Ledger, document: Document) -> Ledger:
    """The claims of claims.json in the words of a document's language: claims.json has those of the first."""
    own = document.ledger
    return Ledger(replace(one, where=own[one.id].where) if one.id in own else one for one in ledger.values())


def keep(location: str, packed: Packed, claims: Sequence[dict[str, Any]], payload: Path, out: Path) -> Path:
    """What the owner's records say at the vintage that the report was made from, in a folder of their own.

    Raises BadParameter for a report that does not say its vintage, or where the key of the pseudonyms is not here.
    """
    if not (keys_folder() / PSEUDONYMS).is_file():
        raise BadParameter(
            f"There is no {PSEUDONYMS} in {keys_folder()}: with another key no digest of this report comes out again. "
            "Name the folder of the publisher's keys in TOLL_KEYS."
        )
    when = when_of(packed.parameters)
    vintage = next((one["value"] for one in claims if one["id"] == f"records.{when.span}.vintage"), None)
    if not isinstance(vintage, int):
        raise BadParameter("The report does not say which vintage of the records it was made from.")
    records = read_report_records(when, location=location, vintage=vintage)
    folder = out / "kept" / "records"
    write_frozen(folder, frozen_of(records, moved_of(records, location)))
    for name in (EVIDENCE, PREVIOUS):
        if (payload / name).is_file():
            shutil.copyfile(payload / name, folder.parent / name)
    return folder
