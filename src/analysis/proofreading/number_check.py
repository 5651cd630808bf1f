"""The last check of a report: every number on its pages comes from a claim or from a fixed list (METHOD M23).

Words that lead to a claim must show its value in one of the forms that analysis.sections.wording makes; all other words
may hold a number, a number word, a superlative or a comparison only where `fixed_texts` has it from data.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from analysis.errors import NumberUntied
from analysis.period import When
from analysis.proofreading.addressed import addressed_in_vain
from analysis.proofreading.drawn_numbers import Numbers, alt_without_numbers, not_in_the_numbers, numbers_of
from analysis.proofreading.fixed_texts import Fixed, fixed_of
from analysis.proofreading.listed_records import other_records
from analysis.proofreading.opened import opened
from analysis.proofreading.page_numbers import Piece, read_html
from analysis.proofreading.pdf_numbers import pdf_differences
from analysis.proofreading.shown_forms import around, ledger_row, shown_forms
from analysis.proofreading.untied import Untied
from analysis.rendering.document import Document
from analysis.sections.narrative import own_numbers
from analysis.sections.wording import wording
from analysis.texts import read_words
from analysis.toll.claims import Ledger
from analysis.toll.report_records import ReportRecords

GAP = " \u00a4 "  # where something tied has been taken out of a text
SHOWN_IDS = 3  # as analysis.sections.tables.first_records shows them


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
    reader = _Reading(ledger, fixed, when, language, _rows(ledger, language), numbers_of(pieces), _row_claims(pieces))
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
    reader = _Reading(ledger, nothing, when, language, _rows(ledger, language), {}, {})
    linked = [(at, piece) for at, piece in enumerate(pieces) if piece.kind == "ledger" or piece.claim]
    return [one for at, piece in linked for one in reader.faults(pieces, at, piece)]


@dataclass(frozen=True)
class _Reading:
    """What pieces are held against.

    `rows` are the cells of each claim's own row, `numbers` the charts' tables, `row_claims` the claims of other rows.
    """

    ledger: Ledger
    fixed: Fixed
    when: When
    language: str
    rows: Mapping[str, tuple[str, ...]]
    numbers: Mapping[str, Numbers]
    row_claims: Mapping[tuple[str, int], list[str]]

    def faults(self, pieces: Sequence[Piece], at: int, piece: Piece) -> Iterable[Untied]:
        if piece.kind == "ledger":
            return self._ledger(piece)
        if piece.claim:
            return self._linked(pieces, at, piece)
        if piece.kind in ("code", "style", "image"):
            return self._code(piece)
        if piece.kind == "drawn":
            keyed = piece.name in self.fixed.keyed
            return not_in_the_numbers(piece, pieces, at, self.numbers, keyed=keyed)
        if piece.kind in ("item", "claims", "records", "record"):  # the signs before items are the reader's own
            return ()
        return self._bare(pieces, at, piece)

    def _ledger(self, piece: Piece) -> list[Untied]:
        """A cell of a claim's own row holds exactly what the claim says."""
        row, text = self.rows.get(piece.claim or ""), piece.text.strip()
        if row is None:
            return [Untied(piece.text, piece.place, f"there is no claim {piece.claim}")]
        expected = row[piece.column : piece.column + 1]
        if text in expected:
            return []
        shown = expected[0] if expected else "nothing"
        return [Untied(text, piece.place, f"the claim {piece.claim} says {shown!r}")]

    def _linked(self, pieces: Sequence[Piece], at: int, piece: Piece) -> Iterator[Untied]:
        if not piece.claim or piece.claim not in self.ledger:
            yield Untied(piece.text, piece.place, f"there is no claim {piece.claim}")
            return
        claim = self.ledger[piece.claim]
        if piece.text.strip() not in shown_forms(claim, self.when, self.language):
            yield Untied(piece.text.strip(), piece.place, f"the claim {claim.id} is {claim.value!r}")
        elif piece.kind == "text" and ".change." in claim.id:
            yield from self._direction(pieces, at, piece)

    def _direction(self, pieces: Sequence[Piece], at: int, piece: Piece) -> Iterator[Untied]:
        """The words after a difference say whether it is more or fewer, and than when, as its claim has it."""
        claim = self.ledger[piece.claim or ""]
        if claim.id.endswith(".percent") and piece.text.strip() in shown_forms(
            claim, self.when, self.language, bare=True
        ):
            stem = claim.id.removesuffix(".percent")
            if not any(one.claim == stem and one.block == piece.block for one in pieces[max(0, at - 2) : at]):
                yield Untied(piece.text.strip(), piece.place, f"no difference before it says where {claim.id} leads")
        wanted = around(claim, self.when, self.language)
        before, after = (
            "".join(one.text for one in beside if one.block == piece.block and not one.claim)
            for beside in (pieces[max(0, at - 1) : at], pieces[at + 1 : at + 2])
        )
        if (
            wanted
            and piece.text.strip() in shown_forms(claim, self.when, self.language, bare=True)
            and not any(before.endswith(first) and after.startswith(last) for first, last in wanted)
        ):
            told = f"{before[-20:]}{piece.text}{after[:40]}".strip() if wanted[0][0] else f"{piece.text}{after[:40]}"
            yield Untied(told.strip(), piece.place, f"the claim {claim.id} is {claim.value!r}")

    def _code(self, piece: Piece) -> Iterator[Untied]:
        """The code of each part, the style sheet and the pictures are those that the notebook and the program give."""
        known, what = {
            "code": (self.fixed.code, "what the notebook holds"),
            "style": ({self.fixed.style}, "the style sheet of the reports"),
            "image": (self.fixed.images, "the chart that the notebook drew"),
        }[piece.kind]
        if piece.text.strip() not in known:
            yield Untied(piece.text.strip()[:40], piece.place, f"it is not {what}")

    def _bare(self, pieces: Sequence[Piece], at: int, piece: Piece) -> Iterator[Untied]:
        """Words without a claim: what is left of them once everything fixed is taken out holds no number."""
        own = own_numbers(self.language)
        if not own.search(piece.text) or " ".join(piece.text.split()) in self.fixed.texts:
            return
        text = self._beside_a_change(pieces, at, piece)
        if piece.kind == "alt":
            text = alt_without_numbers(text, self.numbers.get(piece.name), GAP, wording(self.language)["prefix"])
        elif piece.kind == "mark":
            text = ""  # its number is that of its note, and _misnumbered looks at it
        elif piece.kind == "cell":
            text = self._without_more_ids(text, piece)
        text = self._without_phrases(text)
        if piece.kind in ("title", "cover"):
            text = self._without_cover_claims(text, piece)
        for words in _whole_numbers(own, text):
            yield Untied(words, piece.place, "no claim and no fixed list has it")

    def _beside_a_change(self, pieces: Sequence[Piece], at: int, piece: Piece) -> str:
        """A text without the words that its neighbour, a difference, has to have after it and before it."""
        text = piece.text
        for _, words in self._around(pieces[at - 1] if at else None, piece):
            if text.startswith(words):
                text = GAP + text[len(words) :]
                break
        for words, _ in self._around(pieces[at + 1] if at + 1 < len(pieces) else None, piece):
            if words and text.endswith(words):
                return text.removesuffix(words) + GAP
        return text

    def _around(self, neighbour: Piece | None, piece: Piece) -> tuple[tuple[str, str], ...]:
        claim = neighbour.claim if neighbour and neighbour.block == piece.block else None
        return around(self.ledger[claim], self.when, self.language) if claim in self.ledger else ()  # type: ignore[index]

    def _without_phrases(self, text: str) -> str:
        text = " ".join(GAP if word.strip(".,;:()،؛") in self.fixed.ids else word for word in text.split())
        particle = wording(self.language)["prefix"]
        for phrase in self.fixed.phrases:
            if phrase in text:
                text = re.sub(rf"(?<![^\W_])(?:{particle}){re.escape(phrase)}(?![^\W_])", GAP, text)
        return text

    def _without_cover_claims(self, text: str, piece: Piece) -> str:
        """A title and a notice hold no links: a title's numbers are those of the headline claims, in their order."""
        left = list(self.fixed.headlines) if piece.kind == "title" else sorted(self.fixed.noticed)
        for words in list(_whole_numbers(own_numbers(self.language), text)):
            bare = re.sub(f"^{wording(self.language)['prefix']}", "", words)  # وتسع is nine, and an "and" before it
            tied = next((claim for claim in left if {words, bare} & self._forms_on_the_cover(claim)), None)
            if tied:
                left = left[left.index(tied) + 1 :] if piece.kind == "title" else left
                text = re.sub(rf"(?<![^\W_]){re.escape(words)}(?![^\W_])", GAP, text, count=1)
        return text

    def _forms_on_the_cover(self, claim: str) -> frozenset[str]:
        return shown_forms(self.ledger[claim], self.when, self.language) if claim in self.ledger else frozenset()

    def _without_more_ids(self, text: str, piece: Piece) -> str:
        """`and 12 more` after the first ids of a check that found fifteen."""
        found = _more_ids(self.language).search(text)
        shown = text[: found.start()] if found else ""
        if found and GAP in self._without_phrases(shown):  # an id with a comma in it is known as a phrase
            total = SHOWN_IDS + int(found[1])
            if self._is_counted(total, self.row_claims.get((piece.name, piece.row), [])):
                return shown
        return text

    def _is_counted(self, total: int, claims: Sequence[str]) -> bool:
        """Whether a check found so many records; one that looks at incidents found at least as many as it says."""
        named = [f"{claim.rpartition('.')[0]}.records" for claim in claims]
        exact = [one for one in named if one in self.ledger]
        if exact:
            return total in [self.ledger.value(one) for one in exact]
        failing = [self.ledger.count(claim) for claim in claims if claim.endswith(".failing") and claim in self.ledger]
        return any(total >= number for number in failing)


@cache
def _more_ids(language: str) -> re.Pattern[str]:
    """`and 12 more`, as analysis.sections.tables.first_records writes it."""
    before, after = opened(read_words(language, "captions")["more_ids"].format(number="0"), language).split("0")
    return re.compile(rf" {re.escape(before)}(\d+){re.escape(after)}$")


@cache
def _number(own: re.Pattern[str]) -> re.Pattern[str]:
    """A number as a reader sees it, its thousands and decimals together, or a word that counts or compares."""
    return re.compile(rf"(?<![^\W_])\d+(?:[.,]\d+)+%?|{own.pattern}%?", re.IGNORECASE)


def _whole_numbers(own: re.Pattern[str], text: str) -> Iterator[str]:
    return (words[0] for words in _number(own).finditer(text))


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
