"""How numbers become words: METHOD M16 and the words of notebooks/texts/en/wording.yml."""

from datetime import date

import pytest

from analysis.errors import BadText
from analysis.method import method
from analysis.month import Month
from analysis.sections.wording import (
    counted,
    day,
    listed,
    month_name,
    percent,
    place,
    short_month_name,
    spell,
    tenths,
    trend,
    wording,
)

STEEP, SLIGHT = (method()["trend_words"][bound] for bound in ("steep", "slight"))


@pytest.mark.parametrize(
    ("number", "words"),
    [(0, "no"), (1, "one"), (2, "two"), (9, "nine"), (10, "10"), (11, "11"), (100, "100"), (1635, "1,635")],
)
def test_numbers_below_ten_are_words_and_digits_from_ten_on(number: int, words: str):
    assert spell(number, "en") == words


@pytest.mark.parametrize(
    ("number", "name", "words"),
    [
        (1, "child", "child"),
        (0, "child", "children"),
        (2, "child", "children"),
        (21, "woman", "women"),  # English has one form for every number but 1
        (1, "civil_defense", "civil defence worker"),
        (101, "civilian", "civilians"),
    ],
)
def test_the_noun_takes_the_plural_form_of_its_number(number: int, name: str, words: str):
    assert counted(number, name, "en").split(" ", 1)[1] == words


def test_every_noun_has_the_forms_that_english_needs():
    wrong = {name: forms for name, forms in wording("en")["nouns"].items() if set(forms) != {"one", "other"}}
    assert not wrong


def test_an_unknown_noun_is_named_with_the_file_to_extend():
    with pytest.raises(BadText, match=r"'soldier' is not in notebooks/texts/en/wording\.yml\. Add"):
        counted(2, "soldier", "en")


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (27.0, "27%"),
        (27.04, "27%"),  # less than a twentieth of a percent off is exact
        (26.96, "27%"),
        (26.95, "nearly 27%"),
        (26.74, "nearly 27%"),  # 46 of 172, as published for November 2020
        (27.05, "just over 27%"),
        (27.4, "just over 27%"),
        (81.88, "nearly 82%"),  # 122 of 149
        (100.0, "100%"),
    ],
)
def test_a_share_says_on_which_side_of_a_whole_percent_it_lies(share: float, words: str):
    assert percent(share, "en") == words


def test_a_table_shows_a_share_with_one_decimal():
    assert [tenths(share, "en") for share in (26.74, 5.0, 0.06)] == ["26.7%", "5.0%", "0.1%"]


@pytest.mark.parametrize(
    ("rank", "of", "words"),
    [
        (1, 1, "highest"),
        (1, 12, "highest"),
        (2, 2, "second highest"),  # of two, the second is not called the lowest
        (3, 3, "lowest"),
        (3, 4, "third highest"),
        (11, 12, "eleventh highest"),
        (12, 12, "lowest"),
        (12, 14, "twelfth highest"),  # fourteen governorates
        (13, 14, "thirteenth highest"),
        (14, 14, "lowest"),
    ],
)
def test_a_rank_is_a_place_from_the_highest_and_the_last_of_several_is_the_lowest(rank: int, of: int, words: str):
    assert place(rank, of, "en") == words


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (STEEP, "rose steeply"),
        (STEEP - 0.01, "rose"),
        (SLIGHT + 0.01, "rose"),
        (SLIGHT, "hardly changed"),
        (0, "hardly changed"),
        (-SLIGHT, "hardly changed"),
        (-SLIGHT - 0.01, "fell"),
        (0.01 - STEEP, "fell"),
        (-STEEP, "fell steeply"),
    ],
)
def test_a_change_is_worded_by_the_bounds_of_the_method(change: float, words: str):
    assert trend(change, "en") == words


def test_the_bounds_of_a_change_are_those_that_method_m16_names():
    assert (STEEP, SLIGHT) == (25, 5)


@pytest.mark.parametrize(
    ("precision", "words"), [("day", "13 November 2020"), ("month", "November 2020"), ("year", "2020")]
)
def test_a_date_is_said_as_exactly_as_it_is_known(precision: str, words: str):
    assert day(date(2020, 11, 13), "en", precision) == words


def test_a_month_has_a_long_a_bare_and_a_short_name():
    month = Month(2020, 11)
    names = month_name(month, "en"), month_name(month, "en", year=False), short_month_name(month, "en")
    assert names == ("November 2020", "November", "Nov")


@pytest.mark.parametrize(
    ("items", "words"),
    [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")],
)
def test_words_in_a_row_are_joined_by_commas_and_one_and(items: list[str], words: str):
    assert listed(items, "en") == words


@pytest.mark.parametrize("brace", ["{0}", "{list}", "%s", ", "])
def test_words_in_a_row_are_not_read_as_a_pattern(brace: str):
    assert listed([brace, brace], "en") == f"{brace} and {brace}"
