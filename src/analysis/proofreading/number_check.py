"""The last check of a report: every number on its pages comes from a claim or from a fixed list (METHOD M23).

Words that lead to a claim must show its value in one of the forms that analysis.sections.wording makes; all other words
may hold a number, a number word, a superlative or a comparison only where `fixed_texts` has it from data.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence

from analysis.errors import NumberUntied
from analysis.period import When
from analysis.proofreading.addressed import addressed_in_vain
from analysis.proofreading.drawn_numbers import numbers_of
from analysis.proofreading.fixed_texts import Fixed, fixed_of
from analysis.proofreading.listed_records import other_records
from analysis.proofreading.opened import opened
from analysis.proofreading.page_numbers import Piece, read_html
from analysis.proofreading.pdf_numbers import pdf_differences
from analysis.proofreading.piece_check import Reading
from analysis.proofreading.shown_forms import ledger_row
from analysis.proofreading.untied import Untied
from analysis.rendering.document import Document
from analysis.toll.claims import Ledger
from analysis.toll.report_records import ReportRecords


def check_report(
    document: Document, html: str, pdf: Callable[[], bytes], records: ReportRecords, *, said: Iterable[str] = ()
) -> None:
    """Refuse a report with a number, on the page or in the PDF, that nothing stands behind, or that the two differ in.

    In    the report as it was written; `pdf` gives the PDF, and is asked for it when the page has been read; `said` are
          texts given for this run alone, such as the reason of a revision.
    Raises NumberUntied.
    """
    pieces = read_html(html)
    language = document.cover.language
    found = [
        *untied(pieces, document.ledger, fixed_of(document, records, said), when=records.when,
                language=language),
        *addressed_in_vain(pieces, document.ledger, when=records.when, profile=records.profile, language=language),
        *pdf_differences(pieces, pdf(), document),
    ]  # fmt: skip
    if found:
        more = f" and {len(found) - 3} more" if len(found) > 3 else ""
        told = "; ".join(f"{one.words!r} in {one.place} ({one.why})" for one in found[:3])
        raise NumberUntied(
            f"{len(found)} numbers or words of the finished report cannot be tied to a claim or to a fixed list: {told}"
            f"{more}. Let the text ask for a claim, put a date or a resolution into data/references.csv, an outside "
            "figure into data/external.csv; a page that was edited by hand is to be made again."
        )


def untied(pieces: Sequence[Piece], ledger: Ledger, fixed: Fixed, *, when: When, language: str = "en") -> list[Untied]:
    """Every number, superlative and comparison of a page that comes from no claim and from no fixed list."""
    pieces = _opened(pieces, language)
    reader = Reading(ledger, fixed, when, language, _rows(ledger, language), numbers_of(pieces), _row_claims(pieces))
    return [
        *(one for at, piece in enumerate(pieces) for one in reader.faults(pieces, at, piece)),
        *_missing_rows(pieces, ledger),
        *other_records(pieces, ledger, fixed),
        *_misnumbered(pieces),
    ]


def _opened(pieces: Iterable[Piece], language: str) -> list[Piece]:
    """The pieces with their texts opened; most are as they were."""
    texts = [(piece, opened(piece.text, language)) for piece in pieces]
    return [piece if text == piece.text else piece._replace(text=text) for piece, text in texts]


def wrongly_linked(pieces: Sequence[Piece], ledger: Ledger, *, when: When, language: str) -> list[Untied]:
    """Words that lead to a claim and do not show it, and rows of claims that do not hold it: for who has no records."""
    nothing = Fixed(frozenset(), (), frozenset(), frozenset(), "", frozenset(), frozenset(), (), frozenset())
    pieces = _opened(pieces, language)
    reader = Reading(ledger, nothing, when, language, _rows(ledger, language), {}, {})
    linked = [(at, piece) for at, piece in enumerate(pieces) if piece.kind == "ledger" or piece.claim]
    return [one for at, piece in linked for one in reader.faults(pieces, at, piece)]


def _rows(ledger: Ledger, language: str) -> dict[str, tuple[str, ...]]:
    return {claim.id: ledger_row(claim, language) for claim in ledger.values()}


def _row_claims(pieces: Iterable[Piece]) -> dict[tuple[str, int], list[str]]:
    rows: dict[tuple[str, int], list[str]] = {}
    for piece in pieces:
        if piece.kind == "cell" and piece.claim:
            rows.setdefault((piece.name, piece.row), []).append(piece.claim)
    return rows


def _missing_rows(pieces: Iterable[Piece], ledger: Ledger) -> Iterator[Untied]:
    """Claims that have no row to lead to: each must stand in the tables of all claims, value and records."""
    shown = {(piece.claim, piece.column) for piece in pieces if piece.kind == "ledger"}
    if shown:
        lost = [claim for claim in ledger if (claim, 1) not in shown]
        yield from (Untied(claim, "the tables of all claims", "the claim's row or value is missing") for claim in lost)


def _misnumbered(pieces: Sequence[Piece]) -> Iterator[Untied]:
    """Tables, figures and notes count one, two, three …; a heading's own number is checked against the PDF."""
    counted: dict[str, int] = {}
    for piece in pieces:
        if piece.kind == "number":
            words, _, number = piece.text.strip().rpartition(" ")
            counted[words] = counted.get(words, 0) + 1
            if number != str(counted[words]):
                yield Untied(piece.text.strip(), piece.place, f"it is number {counted[words]} of its kind")
        if piece.kind == "mark":
            latest = counted.get("mark", 0)
            number = piece.text.strip()
            if not number.isdecimal() or int(number) > latest + 1:
                yield Untied(number, piece.place, f"the next note is number {latest + 1}")
            else:
                counted["mark"] = max(latest, int(number))
