"""One piece of a page held against the claim that it leads to, or against what may stand there without one."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from analysis.period import When
from analysis.proofreading.drawn_numbers import Numbers, alt_without_numbers, not_in_the_numbers
from analysis.proofreading.fixed_texts import Fixed
from analysis.proofreading.opened import opened
from analysis.proofreading.page_numbers import Piece
from analysis.proofreading.shown_forms import around, shown_forms
from analysis.proofreading.untied import Untied
from analysis.sections.templates import own_numbers
from analysis.sections.wording import wording
from analysis.texts import read_words
from analysis.toll.claims import Ledger

GAP = " \u00a4 "  # where something tied has been taken out of a text
SHOWN_IDS = 3  # as analysis.sections.quality_tables shows them


@dataclass(frozen=True)
class Reading:
    """What the pieces of a page are held against.

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
        """What is wrong with the piece at a place among the others: it shows what neither claim nor list stands for."""
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
    """`and 12 more`, as analysis.sections.quality_tables writes it."""
    before, after = opened(read_words(language, "captions")["more_ids"].format(number="0"), language).split("0")
    return re.compile(rf" {re.escape(before)}(\d+){re.escape(after)}$")


@cache
def _number(own: re.Pattern[str]) -> re.Pattern[str]:
    """A number as a reader sees it, its thousands and decimals together, or a word that counts or compares."""
    return re.compile(rf"(?<![^\W_])\d+(?:[.,]\d+)+%?|{own.pattern}%?", re.IGNORECASE)


def _whole_numbers(own: re.Pattern[str], text: str) -> Iterator[str]:
    return (words[0] for words in _number(own).finditer(text))
