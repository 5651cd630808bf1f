"""The numbers drawn in a chart and said in its alt text, held against the table of the chart's own numbers."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from analysis.proofreading.page_numbers import Piece
from analysis.proofreading.untied import Untied

NUMBER = re.compile(r"[+-]?\d+(?:[,.]\d+)*")


@dataclass(frozen=True)
class Numbers:
    """A chart's table: each row's heading with its cells, the first of which is always drawn; and what is drawn."""

    rows: tuple[tuple[str, tuple[str, ...]], ...]
    drawn: tuple[str, ...]

    @property
    def first(self) -> list[str]:
        return [cells[0] for _, cells in self.rows if cells]

    @property
    def words(self) -> set[str]:
        """Every word of the rows' headings."""
        return {word for heading, _ in self.rows for word in re.findall(r"\w+", heading)}


def numbers_of(pieces: Iterable[Piece]) -> dict[str, Numbers]:
    """The table and the drawn words of each chart, by its name."""
    rows: dict[str, dict[int, list[Piece]]] = {}
    drawn: dict[str, list[str]] = {}
    for piece in pieces:
        if piece.kind == "drawn":
            drawn.setdefault(piece.name, []).append(piece.text)
        elif piece.kind == "cell" and piece.region == "screen":  # the head is row one
            rows.setdefault(piece.name, {}).setdefault(piece.row, []).append(piece)
    return {
        name: Numbers(tuple(_row(cells) for nth, cells in rows.get(name, {}).items() if nth > 1), tuple(words))
        for name, words in drawn.items()
    }


def _row(cells: Sequence[Piece]) -> tuple[str, tuple[str, ...]]:
    heading = next((cell.text.strip() for cell in cells if cell.column == 0), "")
    return heading, tuple(cell.text.strip() for cell in cells if cell.column)


def not_in_the_numbers(
    piece: Piece, pieces: Sequence[Piece], at: int, numbers: Mapping[str, Numbers], *, keyed: bool
) -> list[Untied]:
    """What a chart draws and its table does not hold, and what the table holds and the chart does not draw.

    A chart with a key beside it (`keyed`) also draws the most, one and none.
    """
    table = numbers[piece.name]
    found = []
    if pieces[at - 1].kind != "drawn":  # once a chart, at its first word
        drawn = Counter(word for word in table.drawn if NUMBER.fullmatch(word))
        held = Counter(cell for _, cells in table.rows for cell in cells)
        strange = drawn - held
        found = [
            *(Untied(word, piece.place, "the chart draws it and its table does not hold it")
              for word in (strange - _key(strange, held) if keyed else strange).elements()),
            *(Untied(word, piece.place, "the chart's table holds it and the chart does not draw it")
              for word in (Counter(table.first) - drawn).elements()),
        ]  # fmt: skip
    if not NUMBER.fullmatch(piece.text.strip()):
        unnamed = [word for word in re.findall(r"\w*\d\w*", piece.text) if word not in table.words]
        found += [Untied(word, piece.place, "no row of the chart's table names it") for word in unnamed]
    return found


def _key(strange: Counter[str], held: Counter[str]) -> Counter[str]:
    """What a key of shades adds to a chart: none, one, and once the number of the darkest shade."""
    ends = Counter({word: 1 for word in strange if word.isdigit() and int(word) in (0, 1)})  # in any script's digits
    darkest = [word for word in strange - ends if word in held]
    return ends + Counter(darkest[:1])


def alt_without_numbers(text: str, table: Numbers | None, gap: str, particle: str) -> str:
    """An alt text without the numbers that its table has beside the same words, in the order of the table.

    `particle` matches what may be written together with the word that follows it.
    """
    start = 0
    for heading, cells in table.rows if table else ():
        said = f"{heading} {cells[0]}" if cells else heading
        found = re.compile(rf"(?<![^\W_])(?:{particle}){re.escape(said)}(?![^\W_])(?!,\d)").search(text, start)
        if found:
            text = text[: found.start()] + gap + text[found.end() :]
            start = found.start() + len(gap)
    return text
