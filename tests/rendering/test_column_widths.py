"""How the columns of a table share a printed line."""

from analysis.rendering.column_widths import is_small, widths
from analysis.sections.blocks import Cell, Column, Row, Table


def table(*texts: tuple[str, ...], anchor: str | None = None) -> Table:
    columns = tuple(Column(f"c{at}", "Head", "number" if at else "text") for at in range(len(texts[0])))
    return Table("t", "T", columns, tuple(Row(tuple(Cell(text) for text in row), anchor=anchor) for row in texts))


def test_where_all_fits_the_first_column_takes_what_is_left() -> None:
    assert widths(table(("Deir ez-Zor", "46", "27%"))) == [1, 0, 0]


def test_longest_word_is_never_broken() -> None:
    long_word = "unidentifiedbombings"  # 20 letters, and 2 of gap
    shares = widths(table((long_word, "word " * 60), ("a", "word " * 60)))
    assert shares[0] >= 22


def test_more_to_say_gets_more_of_the_line() -> None:
    few, many = widths(table(("word " * 8, "word " * 40), ("word " * 8, "word " * 40)))
    assert few < many


def test_claims_id_may_be_broken_behind_a_dot_or_a_low_line() -> None:
    claim = "civilians.month.governorate.deir_ez_zor.children"
    shares = widths(table(*[(claim, "word " * 100)] * 3))
    assert shares[0] < len(claim)


def test_shares_fill_the_line_and_no_more() -> None:
    # 116 letters in small type; the gap of 2 is counted with each of the two columns, and once less on the line.
    assert sum(widths(table(*[("word " * 20, "word " * 30)] * 3))) == 116 + 2


def test_table_that_links_lead_to_or_far_too_wide_is_set_small() -> None:
    assert is_small(table(("a", "b"), anchor="claim-a"))
    assert is_small(table(("word " * 20, "word " * 20)))
    assert not is_small(table(("Deir ez-Zor", "46")))


def test_table_without_rows_has_widths_too() -> None:
    assert widths(Table("t", "T", (Column("a", "A"), Column("b", "B")), ())) == [1, 0]
