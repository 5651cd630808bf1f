"""What a reader of the HTML meets: each piece with its claim and its place."""

import pytest
from small_report import chart, small_report

from analysis.proofreading.drawn_letters import labels_of
from analysis.proofreading.page_numbers import Piece, read_html
from analysis.rendering.html_writer import write_html


@pytest.fixture(scope="module")
def pieces() -> list[Piece]:
    return read_html(write_html(small_report()))


def texts(pieces: list[Piece], kind: str) -> list[str]:
    return [piece.text.strip() for piece in pieces if piece.kind == kind]


def test_words_inside_a_link_to_a_claim_carry_it_and_those_around_it_do_not(pieces):
    told = [(piece.text, piece.claim) for piece in pieces if "killed" in piece.text and piece.kind == "text"]
    assert ("In November 2020, parties to the conflict killed ", None) in told
    at = next(nth for nth, piece in enumerate(pieces) if piece.text.startswith("In November 2020, parties"))
    assert (pieces[at + 1].text, pieces[at + 1].claim) == ("12", "civilians.month")
    assert pieces[at + 1].block == pieces[at].block


def test_words_in_italics_and_ids_that_may_be_broken_stay_one_piece():
    page = "<p>A <em>toll</em> of <b>five</b>.</p><p>civilians.<wbr>month_<wbr>2</p>"
    assert [piece.text for piece in read_html(page)] == ["A toll of five.", "civilians.month_2"]


def test_a_piece_says_its_section_table_row_and_column(pieces):
    piece = next(one for one in pieces if one.claim == "civilians.month.party.russia" and one.kind == "cell")
    assert piece.place == "section 'To Russia', Table 1, row 'Russian forces', column 'Civilians killed'"


def test_the_cells_of_a_claims_own_row_carry_that_claim(pieces):
    row = [piece for piece in pieces if piece.kind == "ledger" and piece.claim == "civilians.month.women"]
    assert [piece.text for piece in row] == [
        "civilians.month.women", "2", "what civilians month women counts", "M1", "2"
    ]  # fmt: skip
    assert [piece.column for piece in row] == [0, 1, 2, 3, 4]


def test_title_alt_texts_spoken_attributes_and_metadata_are_read(pieces):
    assert texts(pieces, "alt") == [chart().alt]
    titles, cover = texts(pieces, "title"), texts(pieces, "cover")
    assert titles.count("12 civilians killed in Syria in November 2020, three children and two women among them") == 2
    assert "2020-12-01" in cover
    assert "Table 1. Civilians killed, November 2020" in texts(pieces, "text")


@pytest.mark.parametrize("attribute", ["title", "aria-label", "placeholder", "value", "summary"])
def test_an_attribute_that_is_shown_or_read_aloud_is_a_piece(attribute: str):
    assert [piece.text for piece in read_html(f'<p {attribute}="17 dead">No number.</p>')] == ["17 dead", "No number."]


def test_what_is_drawn_is_read_off_the_letters_and_not_off_the_comments():
    svg = chart().svg
    assert labels_of(svg) == ["Oct", "Nov", "30", "12"]
    assert labels_of(svg.replace("<!-- 30 -->", "<!-- 99 -->")) == labels_of(svg)


def test_a_letter_that_is_not_of_our_fonts_is_marked():
    svg = chart().svg
    assert "\ufffd" in "".join(labels_of(svg.replace("#NotoSans-Bold-", "#Another-", 1)))


def test_headings_tables_figures_and_notes_are_told_apart(pieces):
    numbers = texts(pieces, "number")
    assert numbers == ["Chart 1", *(f"Table {nth}" for nth in range(1, len(numbers)))]
    assert texts(pieces, "mark") == ["1"]
    assert texts(pieces, "heading")[:2] == ["I. The toll", "To Russia"]
    assert [piece.region for piece in pieces if "Counted since" in piece.text] == ["note"]
