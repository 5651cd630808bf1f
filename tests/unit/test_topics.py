"""One topic over many months: its counts, what is broken down, what is not recorded."""

import pytest
from invented_records import month_records, records

from analysis.errors import BadMonth, BadParameter, TotalsDisagree
from analysis.month import Month
from analysis.period import Span
from analysis.sections import topics
from analysis.sections.narrative import Story
from analysis.toll.claims import Ledger
from analysis.toll.report_records import ReportRecords, read_report_records, read_span
from analysis.toll.topics import Topic, require_topic_sums, topic_ledger

EVERY = [("party", "sdf"), ("governorate", "aleppo"), ("landmines", ""), ("torture", ""), ("massacres", "")]


@pytest.fixture(scope="module")
def year(sample_table: str) -> ReportRecords:
    return read_report_records(read_span(location=sample_table), location=sample_table)


# The year 2020 as SNHR published it: data/published/figures.csv, period 2020; landmines at the end of November.
@pytest.mark.parametrize(
    ("topic", "claim", "value"),
    [
        (Topic("torture"), "torture.span", 157),
        (Topic("torture"), "torture.span.month.2020-11", 30),
        (Topic("torture"), "torture.span.party.syrian_regime", 130),
        (Topic("party", "sdf"), "civilians.span.party.sdf", 63),
        (Topic("party", "sdf"), "civilians.span.party.russia", 211),
        (Topic("massacres"), "massacres.span", 42),
        (Topic("landmines"), "landmines.span.year.2020", 98),
        (Topic("landmines"), "landmines.span.month.2020-12", 0),
    ],
)
def test_the_span_of_a_year_gives_what_was_published_of_the_year(
    year: ReportRecords, topic: Topic, claim: str, value: int
) -> None:
    assert topic_ledger(year, {}, topic).value(claim) == value


def test_landmines_to_november_are_those_published_for_the_year_so_far(sample_table: str) -> None:
    # 98 to November 2020, 18 of them children: data/published/figures.csv, landmines.ytd of 2020-11.
    span = read_span("2020-01", "2020-11", location=sample_table)
    ledger = topic_ledger(read_report_records(span, location=sample_table), {}, Topic("landmines"))
    assert (ledger.value("landmines.span"), len(span.months)) == (98, 11)


def test_twelve_months_of_torture_add_up_to_the_year(year: ReportRecords) -> None:
    ledger = topic_ledger(year, {}, Topic("torture"))
    months = [ledger.count(f"torture.span.month.{month}") for month in year.when.months]
    assert (len(months), sum(months)) == (12, 157)


@pytest.mark.parametrize(("name", "code"), EVERY)
@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_topic_is_told_in_each_language(year: ReportRecords, name: str, code: str, language: str) -> None:
    topic = Topic(name, code)
    story = Story(topic_ledger(year, {}, topic, language=language), year.when, language)
    assert topics.topic_cover(story, year, topic).headlines[0].claim == topic.stem
    for write in (topics.topic_text, topics.months_text, topics.breakdown_text):
        assert f"#claim-{topic.stem}" in write(story, topic)
    tables = [topics.months_table(story, topic), topics.years_table(story, topic)]
    assert [table.rows[-1].cells[1].claim for table in tables] == [topic.stem, topic.stem]
    assert len(topics.breakdown_tables(story, topic)) == len(topic.dimensions)


def mines(day: str, **more: str) -> dict[str, str]:
    return {"date_documented": day, "date_of_death": day, "date_of_incident": day, "cause": "landmine"} | more


# Two mines in 2019, one in March 2020; a death in April 2020 whose cause nobody recorded; none in February 2020 at all.
TWO_YEARS = [
    mines("2019-12-03", party="other", bucket="landmines"), mines("2019-12-09", age_group="child", sex=""),
    mines("2020-03-01", party=""), mines("2020-01-20", cause="shelling"), mines("2020-04-02", cause=""),
]  # fmt: skip


@pytest.fixture(scope="module")
def two_years() -> ReportRecords:
    return month_records(records(*TWO_YEARS), Span(Month(2019, 12), Month(2020, 4)))


@pytest.fixture(scope="module")
def mined(two_years: ReportRecords) -> Ledger:
    return topic_ledger(two_years, {}, Topic("landmines"))


def test_a_span_over_two_years_is_counted_by_month_and_by_year(mined: Ledger) -> None:
    stem = "landmines.span"
    assert [mined.value(f"{stem}.year.{year}") for year in (2019, 2020)] == [2, 1]
    assert [mined.value(f"{stem}.month.{month}") for month in ("2019-12", "2020-01", "2020-02", "2020-03")] == [
        2,
        0,
        0,
        1,
    ]
    assert mined.value(f"{stem}.year.2019.children") == 1
    assert (mined.value(f"{stem}.year.2019.rank"), mined.value(f"{stem}.month.2020-03.rank")) == (1, 2)


def test_not_recorded_stays_beside_the_topic_and_outside_it(mined: Ledger) -> None:
    assert mined.value("civilians.span.without.cause") == 1
    assert mined.value("landmines.span.party.not_recorded") == 1
    assert mined.value("civilians.span") == 5


def test_a_month_at_nought_is_told_from_a_month_without_records(mined: Ledger) -> None:
    # January had records and no mine, February no record at all, April a death whose cause nobody recorded.
    assert mined["landmines.span.months_at_zero"].of == ("2020-01", "2020-04")
    assert mined["records.span.months_without"].of == ("2020-02",)


def test_several_years_are_drawn_as_a_row_of_months_a_year(two_years: ReportRecords, mined: Ledger) -> None:
    figure = topics.months_figure(Story(mined, two_years.when), Topic("landmines"))
    assert [row.cells[0].text for row in figure.numbers.rows][:2] == ["Dec, Year 2019", "Jan, Year 2020"]
    assert "<!-- Year 2019 -->" in figure.svg


def test_a_massacre_belongs_to_the_topic_in_the_month_in_which_it_became_one() -> None:
    # Three dead in March and two more, documented in April: five, the threshold of METHOD M14.
    days = ["2020-03-05"] * 3 + ["2020-04-07"] * 2
    frame = records(*[mines(day, incident_id="I-1", cause="shelling") for day in days])
    ledger = topic_ledger(month_records(frame, Span(Month(2020, 3), Month(2020, 4))), {}, Topic("massacres"))
    assert [ledger.value(f"massacres.span.month.2020-0{month}") for month in (3, 4)] == [0, 1]
    assert ledger.value("massacres.span.year.2020.deaths") == 5


def test_months_that_do_not_add_up_stop_the_report(mined: Ledger) -> None:
    short = Ledger(claim for claim in mined.values() if claim.id != "landmines.span.month.2019-12")
    with pytest.raises(TotalsDisagree, match=r"landmines\.span\.month"):
        require_topic_sums(short, Topic("landmines"))


@pytest.mark.parametrize(
    ("name", "code", "said"),
    [
        ("weather", "", "The topic 'weather' is not known. Known are party, governorate,"),
        ("party", "", "The topic party was given no code. Give it one of syrian_regime, russia,"),
        ("governorate", "atlantis", "was given the code 'atlantis'. Give it one of aleppo,"),
        ("torture", "sdf", "was given the code 'sdf'. Give it no code."),
    ],
)
def test_a_topic_that_there_is_not_is_refused_and_says_which_there_are(name: str, code: str, said: str) -> None:
    with pytest.raises(BadParameter) as error:
        Topic.parse(name, code)
    assert said in str(error.value)


def test_a_party_that_is_in_force_in_none_of_the_months_is_refused() -> None:
    span = Span(Month(2012, 1), Month(2012, 2))
    with pytest.raises(BadParameter, match="The party russia is in force in no month of 2012-01\u20132012-02"):
        topic_ledger(month_records(records({}), span), {}, Topic("party", "russia"))


def test_a_span_is_the_whole_table_where_no_month_is_named(sample_table: str) -> None:
    assert read_span(location=sample_table) == Span(Month(2020, 1), Month(2020, 12))
    assert read_span("2020-10", location=sample_table).months == [Month(2020, 10), Month(2020, 11), Month(2020, 12)]
    with pytest.raises(BadMonth, match="2020-11 to 2020-02: it ends before it begins"):
        read_span("2020-11", "2020-02", location=sample_table)
