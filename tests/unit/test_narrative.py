"""Texts get their numbers from claims, and each number leads to its claim."""

import re
from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from analysis.errors import BadText, UnknownClaim, UnknownCode
from analysis.month import Month
from analysis.period import Period
from analysis.rendering.markdown import parse_prose
from analysis.sections.blocks import claim_anchor
from analysis.sections.narrative import Story
from analysis.sections.templates import capitalize_first, check_template, plain
from analysis.sections.wording import wording
from analysis.toll.claims import Claim, Ledger

NOVEMBER = Month(2020, 11)
WHERE = "notebooks/texts/en/invented.md"
PLACES = "civilians.month.governorate"


def story(values: Mapping[str, int | float | str], *, links: bool = False, month: Month = NOVEMBER) -> Story:
    """A story over invented claims; a rank is a rank of 14."""
    of = tuple(f"invented.{nth}" for nth in range(14))
    claims = [Claim(name, value, "people", "M1", "invented", of=of) for name, value in values.items()]
    return Story(Ledger(claims), month, links=links)


def toll_of(deaths: int, children: int, women: int) -> dict[str, int | float | str]:
    return {"toll": deaths, "toll.children": children, "toll.women": women}


@pytest.mark.parametrize(
    ("numbers", "words"),
    [
        ((7, 1, 1), "seven civilians, including one child and one woman"),
        ((39, 5, 0), "39 civilians, including five children"),
        ((12, 0, 2), "12 civilians, including two women"),
        ((106, 9, 10), "106 civilians, including nine children and 10 women"),
        ((11, 0, 0), "11 civilians"),
        ((1, 0, 0), "one civilian"),
        ((0, 0, 0), "no civilians"),
        ((1, 1, 0), "one civilian (one child)"),  # not "including": there is nobody else
        ((2, 1, 1), "two civilians (one child and one woman)"),
        ((1635, 314, 160), "1,635 civilians, including 314 children and 160 women"),
    ],
)
def test_a_toll_names_its_children_and_women_and_leaves_a_zero_part_out(numbers: tuple[int, int, int], words: str):
    assert story(toll_of(*numbers)).toll("toll") == words


def test_a_toll_may_take_its_parts_from_another_claim():
    told = story({"m.deaths": 11, "m.children": 1, "m.women": 0}).toll("m.deaths", parts="m")
    assert told == "11 civilians, including one child"


def test_each_number_of_a_toll_leads_to_its_own_claim():
    told = story(toll_of(7, 1, 2), links=True).toll("toll")
    assert re.findall(r"\[(.*?)\]\(#(.*?)\)", told) == [
        ("seven", claim_anchor("toll")),
        ("one", claim_anchor("toll.children")),
        ("two", claim_anchor("toll.women")),
    ]


def test_a_zero_alone_is_said_as_none_and_leads_to_its_claim():
    assert story({"medical.month": 0}, links=True).number("medical.month") == "[none](#claim-medical.month)"


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ((46, 36.51), "46 more than in October 2020, a rise of nearly 37%"),
        ((-20, -16.0), "20 fewer than in October 2020, a fall of 16%"),
        ((-3, None), "three fewer than in October 2020"),
        ((3, None), "three more than in October 2020"),
        ((0, 0.0), "the same number as in October 2020"),
    ],
)
def test_a_change_says_how_many_more_or_fewer_and_its_percent_where_claimed(
    values: tuple[int, float | None], words: str
):
    name = "civilians.month.change.previous_month"
    claimed = {name: values[0]} | ({} if values[1] is None else {f"{name}.percent": values[1]})
    assert story(claimed).change(name) == words


def test_the_month_a_year_before_is_named_by_its_year():
    name = "civilians.month.change.month_last_year"
    assert story({name: -105}).change(name) == "105 fewer than in November 2019"


def test_in_january_the_month_before_is_in_the_year_before():
    name = "civilians.month.change.previous_month"
    assert story({name: 2}, month=Month(2020, 1)).change(name) == "two more than in December 2019"


@pytest.mark.parametrize(("value", "there"), [(0, False), ("none", False), (1, True), (-1, True), ("2020-02", True)])
def test_any_means_claimed_and_not_zero(value: int | str, there: bool):
    assert story({"claim": value}).any("claim") is there
    assert not story({"claim": value}).any("another")


def test_a_breakdown_names_the_codes_that_have_a_toll_in_list_order():
    told = story({"t.b": 2, "t.a": 1, "t.c": 0, "t.b.children": 1, "t.not_recorded": 4})
    assert told.codes("t") == ["b", "a", "not_recorded"]


def test_codes_that_share_a_place_stand_together_and_places_run_down_to_the_last_asked_for():
    deaths = {"idlib": 9, "aleppo": 4, "homs": 4, "hama": 1, "daraa": 0, "not_recorded": 7}
    ranks = {"idlib": 1, "aleppo": 2, "homs": 2, "hama": 4}
    claims: dict[str, int | float | str] = {f"{PLACES}.{code}": number for code, number in deaths.items()}
    told = story(claims | {f"{PLACES}.{code}.rank": rank for code, rank in ranks.items()})
    assert told.ranked(PLACES) == [["idlib"], ["aleppo", "homs"], ["hama"]]
    assert told.ranked(PLACES, 3) == [["idlib"], ["aleppo", "homs"]]
    assert told.names("governorates", told.ranked(PLACES)[1]) == "Aleppo and Homs"


@pytest.mark.parametrize(
    ("ranked", "words"),
    [
        ({"idlib": (9, 1), "aleppo": (4, 2)}, "Idlib has the highest toll"),
        ({"idlib": (9, 1), "aleppo": (9, 1)}, "Idlib and Aleppo share the highest toll"),
    ],
)
def test_a_shared_first_place_is_never_given_to_one_governorate(ranked: dict[str, tuple[int, int]], words: str):
    claims: dict[str, int | float | str] = {f"{PLACES}.{code}": deaths for code, (deaths, _) in ranked.items()}
    told = story(claims | {f"{PLACES}.{code}.rank": rank for code, (_, rank) in ranked.items()})
    assert words in told.text("toll_governorates")


# -- what a template may hold ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("word", ["12", "2020", "twelve", "Dozens", "half", "highest", "Worst", "most", "first", "x2"])
def test_a_number_or_superlative_of_the_templates_own_is_refused_with_its_place(word: str):
    with pytest.raises(BadText, match=rf"{re.escape(WHERE)} holds 1 numbers .*\(line 3: '{word}'\)") as refused:
        check_template(f"Words.\n{{{{ number('a') }}}}\nThen {word} of them.\n", WHERE, "en")
    assert "data/references.csv" in str(refused.value)


def test_every_number_of_the_templates_own_is_counted_and_the_first_three_are_named():
    with pytest.raises(BadText, match=r"holds 4 numbers .*line 1: '1', line 1: '2', line 2: 'three'\)"):
        check_template("1 2\nthree four\n", WHERE, "en")


@pytest.mark.parametrize(
    "source",
    [
        "A note.[^documented]\n\n[^documented]: Its text.",
        '{{ ranked("civilians.month.governorate", 3) }} and {{ 12 }}',
        '{% set top = "highest 20" %}{% if 1 == 2 %}words{% endif %}',
        "{# two comments, 2020 #}Words.",
        "Almost everybody, somebody, weapons, alone, often, honest, foremost, secondary.",
    ],
)
def test_footnote_keys_expressions_comments_and_ordinary_words_pass(source: str):
    check_template(source, WHERE, "en")


@pytest.mark.parametrize("word", wording("en")["forbidden_numbers"] + wording("en")["forbidden_superlatives"])
def test_every_word_of_the_forbidden_lists_is_refused(word: str):
    with pytest.raises(BadText, match=f"'{word}'"):
        check_template(f"Then {word} came.", WHERE, "en")


def test_the_words_below_ten_that_the_program_writes_are_all_forbidden_to_templates():
    written = set(wording("en")["numbers"]) - {"no"}
    assert written <= set(wording("en")["forbidden_numbers"])


@pytest.mark.parametrize(
    ("source", "error", "message"),
    [
        ('{{ number("civilians.moth") }}', UnknownClaim, "'civilians.moth'.* misspelt"),
        ('{{ toll("civilians.month") }}', UnknownClaim, "'civilians.month'"),
        ('{{ fixed("res_9999") }}', BadText, r"'res_9999' is not in data/references\.csv\. Add it"),
        ('{{ people("toll", "soldier") }}', BadText, r"'soldier' is not in notebooks/texts/en/wording\.yml"),
        (
            '{{ name("parties", "nobody") }}',
            UnknownCode,
            r"'nobody' is not in data/profiles/syria/codelists/parties\.csv",
        ),
        ("Words\n{% if any('toll') %}\nwords", BadText, rf"{re.escape(WHERE)}, line \d: .*Correct the template"),
        ("Words {{ number( }}", BadText, rf"{re.escape(WHERE)}, line 1: .*Correct the template"),
        ("{{ moth }}", BadText, rf"{re.escape(WHERE)}: 'moth' is undefined\. Correct the template"),
        ("{{ case.nothing }}", BadText, rf"{re.escape(WHERE)}: .*Correct the template"),
        ("There are 12.", BadText, rf"{re.escape(WHERE)} holds 1 numbers"),
    ],
)
def test_whatever_a_template_asks_for_in_vain_is_named_with_what_to_do(
    source: str, error: type[Exception], message: str
):
    with pytest.raises(error, match=f"(?s){message}"):
        story({"toll": 2}).fill(source, WHERE)


def test_a_text_that_does_not_exist_is_named_with_its_path():
    with pytest.raises(BadText, match=r"There is no text notebooks/texts/en/nowhere\.md\. Write it"):
        story({}).text("nowhere")


# -- text from data ----------------------------------------------------------------------------------------------------

CHARACTERS = st.one_of(st.characters(exclude_categories=["Cs", "Cc"]), st.sampled_from("\\`*_{}[]<>#|~&!-+=.:;1 \n\t"))


def shown(markdown: str) -> str:
    """The words that a reader sees, read as both writers read them; any construct but plain text is spelled out."""
    blocks = parse_prose(markdown)
    assert [block.kind for block in blocks] == ["paragraph"]
    return "".join(node.text if node.kind == "text" else f"<{node.kind}>" for node in blocks[0].children)


@settings(derandomize=True, database=None, deadline=None)
@given(st.text(CHARACTERS).filter(str.strip))
@example("&amp;")
@example("1. one")
@example("- one")
@example("===")
@example("one\n\n## two")
@example("[^note]")
def test_any_text_from_data_is_shown_as_it_is_on_one_line(text: str):
    on_one_line = " ".join(text.split())
    assert shown(f"Before {plain(text)} after") == f"Before {on_one_line} after"
    assert shown(f"{plain(text)} after") == f"{on_one_line} after"


@pytest.mark.parametrize(
    "text",
    ["*bold*", "_x_", "[a](#b)", "a\\*b", "`code`", "[^note]", "<b>", "![x](y)", "~~x~~", "a | b", "# a", "&lt;"],
)
def test_markdown_in_data_is_inert(text: str):
    assert shown(plain(text)) == text
    assert shown(f"Before\n{plain(text)}") == f"Before {text}"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("two civilians", "Two civilians"),
        ("[two](#claim-x) civilians", "[Two](#claim-x) civilians"),
        ("**the Armed Opposition**", "**The Armed Opposition**"),
        ("ISIS", "ISIS"),
        ("élan", "Élan"),
        ("172 civilians", "172 civilians"),
        ("", ""),
    ],
)
def test_a_sentence_starts_with_a_capital_also_inside_a_link(text: str, words: str):
    assert capitalize_first(text) == words


def test_a_period_told_in_its_last_month_asks_for_its_own_claims_a_level_below() -> None:
    tolls = {f"civilians.{span}{part}": value for span, value in (("month", 3), ("half", 20))
             for part, value in (("", value), (".children", 1), (".women", 0))}  # fmt: skip
    june = replace(story(tolls, month=Month(2020, 6)), beside=Period(2020, 1))
    half = june.of_period()
    assert june.text("toll_people").startswith("### Children and women\n\nAmong the three civilians")
    assert half.text("toll_people").startswith("#### Children and women\n\nAmong the 20 civilians")
    assert (june.named("months"), half.named("months")) == ("months", "half-months")
    assert june.text("beside").startswith("## The whole of the first half of 2020\n")
