"""The lists of records on the page beside the claims above them: hashed, the ids must give the claims' digests."""

from collections.abc import Iterable, Iterator

from analysis.proofreading.fixed_texts import Fixed
from analysis.proofreading.page_numbers import Piece
from analysis.proofreading.untied import Untied
from analysis.toll.claims import Ledger, digest


def other_records(pieces: Iterable[Piece], ledger: Ledger, fixed: Fixed) -> Iterator[Untied]:
    """Lists of records that are not those which the claims above them count."""
    as_read = {" ".join(one.split()): one for one in fixed.ids}
    lists: list[tuple[list[str], list[str]]] = [([], [])]
    for piece in pieces:
        if piece.kind == "claims":
            lists.append((piece.text.split(), []))
        elif piece.kind == "records":
            lists[-1][1].extend(piece.text.split())
        elif piece.kind == "record":
            lists[-1][1].append(as_read.get(piece.text.strip(), piece.text))
    for claims, ids in lists:
        wrong = [one for one in claims if one not in ledger or ledger[one].digest != digest(ids)]
        for words in wrong or ([] if claims else ids):
            yield Untied(words, "the records behind the numbers", "the list is not of the records that it counts")
