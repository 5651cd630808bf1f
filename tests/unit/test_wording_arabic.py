"""Counted nouns, shares, ranks, changes and dates in Arabic; English stays as it was.

Expected forms are the grammar's: one and two are forms of the noun, three to ten take the number word of the other
gender and the plural, 11-99 the accusative singular, 100 and its like the genitive singular; a number goes by its last
two digits.
"""

from datetime import date

import pytest

from analysis.month import Month
from analysis.period import Period
from analysis.sections.wording import (
    among,
    category,
    changed,
    counted,
    day,
    digits,
    folded,
    forbidden,
    listed,
    month_name,
    percent,
    period_name,
    place,
    short_month_name,
    spell,
    tenths,
    trend,
    wording,
)

# Nominative: none, one, two, 3, 8, 10, 11, 99, 100, 101, 102, 103, 111, 1,000 and 1,635 of each noun.
NUMBERS = (0, 1, 2, 3, 8, 10, 11, 99, 100, 101, 102, 103, 111, 1000, 1635)
TAKES_WORDS_OF = {"masculine": ("ثلاثة", "ثمانية", "عشرة"), "feminine": ("ثلاث", "ثماني", "عشر")}
NOUNS = {  # none, one, two, gender, plural, accusative singular, genitive singular
    "civilian": ("لا أحد", "مدني واحد", "مدنيان اثنان", "masculine", "مدنيين", "مدنياً", "مدني"),
    "person": ("لا أحد", "شخص واحد", "شخصان", "masculine", "أشخاص", "شخصاً", "شخص"),
    "child": ("لا طفل", "طفل واحد", "طفلان", "masculine", "أطفال", "طفلاً", "طفل"),
    "girl": ("لا طفلة", "طفلة واحدة", "طفلتان", "feminine", "طفلات", "طفلة", "طفلة"),
    "woman": ("لا سيدة", "سيدة واحدة", "سيدتان", "feminine", "سيدات", "سيدة", "سيدة"),
    "victim": ("لا ضحايا", "ضحية واحدة", "ضحيتان", "feminine", "ضحايا", "ضحية", "ضحية"),
    "death": ("لا وفيات", "حالة وفاة واحدة", "حالتا وفاة", "feminine", "حالات وفاة", "حالة وفاة", "حالة وفاة"),
    "massacre": ("لا مجازر", "مجزرة واحدة", "مجزرتان", "feminine", "مجازر", "مجزرة", "مجزرة"),
    "record": ("لا سجلات", "سجل واحد", "سجلان", "masculine", "سجلات", "سجلاً", "سجل"),
    "finding": ("لا ملاحظات", "ملاحظة واحدة", "ملاحظتان", "feminine", "ملاحظات", "ملاحظة", "ملاحظة"),
    "check": ("لا فحوص", "فحص واحد", "فحصان", "masculine", "فحوص", "فحصاً", "فحص"),
    "figure": ("لا أرقام", "رقم واحد", "رقمان", "masculine", "أرقام", "رقماً", "رقم"),
    "month": ("لا أشهر", "شهر واحد", "شهران", "masculine", "أشهر", "شهراً", "شهر"),
    **{
        name: (f"لا أحد {of}", f"واحد {of}", f"اثنان {of}", "masculine", of, of, of)
        for name, of in {
            "medical": "من الكوادر الطبية",
            "media": "من الكوادر الإعلامية",
            "civil_defense": "من كوادر الدفاع المدني",
            "relief": "من كوادر الإغاثة",
        }.items()
    },
}


def expected(name: str) -> list[str]:
    none, one, two, gender, plural, accusative, genitive = NOUNS[name]
    three, eight, ten = TAKES_WORDS_OF[gender]
    return [none, one, two, f"{three} {plural}", f"{eight} {plural}", f"{ten} {plural}",
            f"11 {accusative}", f"99 {accusative}", f"100 {genitive}", f"101 {genitive}", f"102 {genitive}",
            f"103 {plural}", f"111 {accusative}", f"1,000 {genitive}", f"1,635 {accusative}"]  # fmt: skip


@pytest.mark.parametrize("name", NOUNS)
def test_a_noun_has_the_form_of_its_number(name: str):
    assert [counted(number, name, "ar") for number in NUMBERS] == expected(name)


def test_every_noun_of_the_wording_is_tested_and_the_languages_have_the_same():
    assert set(wording("ar")["nouns"]) == set(NOUNS) == set(wording("en")["nouns"])


@pytest.mark.parametrize("name", NOUNS)
def test_the_case_changes_none_one_and_two_and_no_other_number(name: str):
    forms = wording("ar")["nouns"][name]
    for number in NUMBERS:
        said = {counted(number, name, "ar", case=case) for case in ("nominative", "genitive", "accusative")}
        assert len(said) == 1 or number < 3
        assert counted(2, name, "ar", case="genitive") == counted(2, name, "ar", case="accusative")
    assert {*forms["zero"]} == {*forms["one"]} == {*forms["two"]} == {"nominative", "genitive", "accusative"}


@pytest.mark.parametrize(
    ("number", "noun", "case", "words"),
    [
        (2, "child", "genitive", "طفلين"),
        (2, "civilian", "genitive", "مدنيين اثنين"),
        (2, "death", "genitive", "حالتي وفاة"),
        (1, "child", "accusative", "طفلاً واحداً"),
        (1, "civilian", "genitive", "مدني واحد"),
        (1, "woman", "accusative", "سيدة واحدة"),
        (0, "child", "genitive", "أي طفل"),
        (0, "medical", "genitive", "أحد من الكوادر الطبية"),
    ],
)
def test_a_noun_after_a_verb_or_a_preposition(number: int, noun: str, case, words: str):
    assert counted(number, noun, "ar", case=case) == words


def test_three_to_ten_are_words_of_the_other_gender():
    assert [spell(number, "ar", "masculine") for number in range(3, 11)] == [
        "ثلاثة", "أربعة", "خمسة", "ستة", "سبعة", "ثمانية", "تسعة", "عشرة"]  # fmt: skip
    assert [spell(number, "ar", "feminine") for number in range(3, 11)] == [
        "ثلاث", "أربع", "خمس", "ست", "سبع", "ثماني", "تسع", "عشر"]  # fmt: skip
    assert spell(11, "ar", "feminine") == "11"


def test_a_number_goes_by_its_last_two_digits():
    few = [103, 110, 203, 1003, 1110, 84_003]
    many = [11, 99, 111, 199, 1011, 1635, 3327]
    other = [100, 101, 102, 200, 202, 1000, 1001, 1102, 84_000]
    assert [{category(number, "ar") for number in one} for one in (few, many, other)] == [{"few"}, {"many"}, {"other"}]


def test_what_is_marked_is_the_number_or_the_whole_where_it_holds_the_number():
    said = {number: counted(number, "child", "ar", mark=lambda text: f"[{text}]") for number in (1, 2, 3, 11)}
    assert said == {1: "[طفل واحد]", 2: "[طفلان]", 3: "[ثلاثة] أطفال", 11: "[11] طفلاً"}


def test_among_two_people_is_a_dual_and_whoever_is_all_stands_in_brackets():
    assert among(7, ["طفل واحد", "سيدتان"], "ar", whole=False) == "، بينهم طفل واحد وسيدتان"
    assert among(2, ["طفل واحد"], "ar", whole=False) == "، بينهما طفل واحد"
    assert among(1, ["طفل واحد"], "ar", whole=True) == " (طفل واحد)"
    assert among(7, [], "ar", whole=False) == ""


def test_words_in_a_row_are_joined_with_waw_and_from_three_on_with_a_comma():
    assert [listed("أبج"[:length], "ar") for length in range(4)] == ["", "أ", "أ وب", "أ، وب، وج"]


SIGN = "\u200e%\u200e"  # as CLDR has it


def test_a_share_says_on_which_side_of_the_whole_number_it_lies():
    # 46 of 172 is 26.74 percent; 25 of 172 is 14.53, so "nearly" 15.
    shares = {
        26.74: f"قرابة 27{SIGN}",
        50.0: f"50{SIGN}",
        14.2: f"ما يزيد قليلاً على 14{SIGN}",
        0.3: f"ما يقل عن 1{SIGN}",
    }
    assert {share: percent(share, "ar") for share in shares} == shares
    assert tenths(26.74, "ar") == f"26.7{SIGN}"


def test_a_rank_stands_before_its_noun_and_the_last_of_several_is_the_lowest():
    assert [place(rank, 14, "ar") for rank in (1, 2, 3, 10, 11, 13)] == [
        "أعلى", "ثاني أعلى", "ثالث أعلى", "عاشر أعلى", "حادي عشر أعلى", "ثالث عشر أعلى"]  # fmt: skip
    assert place(14, 14, "ar") == "أدنى"
    assert place(2, 2, "ar") == "ثاني أعلى"


def test_a_change_is_said_with_what_is_counted():
    difference = {n: counted(n, wording("ar")["change"]["noun"], "ar", case="genitive") for n in (1, 2, 46)}
    before = "تشرين الأول 2020"
    assert changed(difference[46], before, "ar", more=True, percent=percent(36.51, "ar")) == (
        f"بزيادة 46 مدنياً عن تشرين الأول 2020، أي قرابة 37{SIGN}"
    )
    assert changed(difference[2], before, "ar", more=False) == "بنقصان مدنيين اثنين عن تشرين الأول 2020"
    assert changed(difference[1], before, "ar", more=True) == "بزيادة مدني واحد عن تشرين الأول 2020"


def test_the_bounds_of_a_trend_are_the_methods():
    # METHOD M16: steep from 25 percent, hardly changed up to 5.
    assert [trend(change, "ar") for change in (25.0, 24.9, 5.0, -5.0, -5.1, -25.0)] == [
        "ارتفاعاً حاداً", "ارتفاعاً", "استقراراً نسبياً", "استقراراً نسبياً", "انخفاضاً", "انخفاضاً حاداً"]  # fmt: skip


SYRIAN = ["كانون الثاني", "شباط", "آذار", "نيسان", "أيار", "حزيران", "تموز", "آب", "أيلول", "تشرين الأول",
          "تشرين الثاني", "كانون الأول"]  # fmt: skip


def test_months_are_named_as_in_syria_where_the_tag_does_not_say_otherwise():
    assert [month_name(Month(2020, number), "ar", year=False) for number in range(1, 13)] == SYRIAN
    assert [short_month_name(Month(2020, number), "ar") for number in range(1, 13)] == SYRIAN
    assert month_name(Month(2020, 11), "ar") == month_name(Month(2020, 11), "ar-SY") == "تشرين الثاني 2020"
    assert month_name(Month(2020, 11), "ar-EG") == "نوفمبر 2020"


def test_a_date_is_as_exact_as_it_is_known():
    when = date(2020, 11, 13)
    assert [day(when, "ar", one) for one in ("day", "month", "year")] == [
        "13 تشرين الثاني 2020", "تشرين الثاني 2020", "عام 2020"]  # fmt: skip
    assert [period_name(one, "ar") for one in (Period(2020), Period(2020, 1), Period(2020, 2))] == [
        "عام 2020", "النصف الأول من عام 2020", "النصف الثاني من عام 2020"]  # fmt: skip


def test_the_tag_decides_the_digits():
    arab = "ar-SY-u-nu-arab"
    assert (digits(1635, "ar"), digits(1635, arab)) == ("1,635", "١٬٦٣٥")
    assert counted(1635, "civilian", arab) == "١٬٦٣٥ مدنياً"
    assert counted(5, "civilian", arab) == "خمسة مدنيين"
    assert day(date(2020, 11, 13), arab) == "١٣ تشرين الثاني ٢٠٢٠"
    assert tenths(26.74, arab).startswith("٢٦٫٧٪")


NUMERAL = r"[\d\u00b2\u00b3\u00b9\u00bc-\u00be\u2070-\u209c\u2150-\u218b\u2460-\u249b]"  # narrative.NUMERAL


@pytest.mark.parametrize(
    "text",
    ["قُتل ثلاثة مدنيين", "قُتل خمسةُ أطفال", "٥ أطفال", "وأكثر من ذلك", "بأعلى حصيلة", "الأكثر دموية", "لأربعة",
     "وارتفعت الحصيلة",
     "مقارنةً بالشهر السابق", "أقلّ من ذلك", "ثُلث الضحايا", "معظم الضحايا", "انخفاضاً حاداً", "في المئة", "أدنى حصيلة",
     "الأوّل", "اكثر", "مرتين", "غير مسبوقة", "كثلاثين"],
)  # fmt: skip
def test_a_number_superlative_or_comparison_is_found_with_prefix_and_vowel_marks(text: str):
    assert forbidden(wording("ar"), NUMERAL).search(folded(text))


@pytest.mark.parametrize(
    "text",
    [
        "حد أدنى",
        "لا أحد",
        "إحدى الجهات",
        "جهات أخرى",
        "سجل",
        "ستُنشر",
        "كل رقم",
        "ليست",
        "عدة أسباب",
        "منفرد",
        "آخر شهر",
    ],
)
def test_other_words_are_free(text: str):
    assert not forbidden(wording("ar"), NUMERAL).search(folded(text))


def test_english_is_said_as_before():
    assert [counted(number, "child", "en") for number in (0, 1, 2, 9, 10, 1635)] == [
        "no children", "one child", "two children", "nine children", "10 children", "1,635 children"]  # fmt: skip
    assert counted(1, "child", "en", case="genitive", mark=lambda text: f"[{text}]") == "[one] child"
    assert [percent(one, "en") for one in (26.74, 50.0, 14.2, 0.3)] == [
        "nearly 27%",
        "50%",
        "just over 14%",
        "less than 1%",
    ]
    assert tenths(26.74, "en") == "26.7%"
    assert among(7, ["one child", "two women"], "en", whole=False) == ", including one child and two women"
    assert listed(["a", "b", "c"], "en") == "a, b and c"
    assert [period_name(one, "en") for one in (Month(2020, 11), Period(2020, 1), Period(2020))] == [
        "November 2020", "the first half of 2020", "2020"]  # fmt: skip
    assert [day(date(2020, 11, 13), "en", one) for one in ("day", "month", "year")] == [
        "13 November 2020", "November 2020", "2020"]  # fmt: skip
    assert (month_name(Month(2020, 11), "en", year=False), short_month_name(Month(2020, 11), "en")) == (
        "November",
        "Nov",
    )
    assert forbidden(wording("en"), NUMERAL).search("More than that")
    assert not forbidden(wording("en"), NUMERAL).search("someone")
