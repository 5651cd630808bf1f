"""What changed between two vintages: one reason a record, and the steps always lead from one total to the other."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest
from click.testing import CliRunner
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from invented_records import records

from analysis.commands.revisions import revisions as revisions_command
from analysis.errors import BadMonth, BadParameter, BadRecords, TotalsDisagree
from analysis.month import Month
from analysis.records.contract import arrow_schema
from analysis.records.counted import counted
from analysis.records.writing import write_records
from analysis.sections.narrative import Story
from analysis.sections.revision_sentences import _changed, claims_behind, sentences, sentences_text
from analysis.sections.revision_texts import moved_claims, moved_text
from analysis.toll.claims import Ledger, digest
from analysis.toll.revisions import (
    GAINED,
    LOST,
    Shift,
    Step,
    require_steps,
    revision_claims,
    revisions,
    shifts,
)
from analysis.toll.two_vintages import FIELDS, Moved, read_moved, read_two_vintages

NOVEMBER = [Month(2020, 11)]
TOLD = Story(Ledger([]), NOVEMBER[0])
YEAR = [Month(2020, number) for number in range(1, 13)]
IN_OCTOBER = {"date_documented": "2020-10-20"}
OUT = {
    "withdrawn": {"withdrawn": "the family asked for it"},
    "duplicate": {"duplicate_of": "R-9"},
    "month": IN_OCTOBER,
    "status": {"status": "combatant"},
    "verification": {"verification": "pending"},
}


def between(before: pd.DataFrame, after: pd.DataFrame, months: Sequence[Month] = NOVEMBER) -> list[tuple[str, int]]:
    """The reasons between the two totals, with how much each changed."""
    return [(step.reason, step.change) for step in revisions(before, after, months)[1:-1]]


def table(location: Path, *vintages: pd.DataFrame) -> str:
    for vintage in vintages:
        rows = pa.Table.from_pandas(vintage, schema=arrow_schema(), preserve_index=False)
        write_records(str(location), rows, source_file="invented.csv", sha256="")
    return str(location)


def test_nothing_changed_means_no_step_between_two_equal_totals():
    steps = revisions(records({}, {}), records({}, {}), NOVEMBER)
    assert [(step.reason, step.change, step.record_ids) for step in steps] == [
        ("before", 2, ("R-1", "R-2")),
        ("now", 2, ("R-1", "R-2")),
    ]


def test_record_of_the_later_vintage_alone_is_late_documentation():
    steps = revisions(records({}), records({}, {}, {}), NOVEMBER)
    assert [(step.reason, step.change, step.record_ids) for step in steps[1:-1]] == [("late", 2, ("R-2", "R-3"))]
    assert [steps[0].change, steps[-1].change] == [1, 3]


def test_record_that_the_later_vintage_lacks_is_withdrawn():
    assert between(records({}, {}), records({})) == [("withdrawn", -1)]


@pytest.mark.parametrize("obstacle", OUT)
def test_what_keeps_a_record_out_now_is_why_it_left(obstacle: str):
    assert between(records({}, {}), records({}, OUT[obstacle])) == [(LOST[obstacle], -1)]


@pytest.mark.parametrize("obstacle", OUT)
def test_what_kept_a_record_out_before_is_why_it_came(obstacle: str):
    assert between(records({}, OUT[obstacle]), records({}, {})) == [(GAINED[obstacle], 1)]


def test_status_that_becomes_determined_is_reclassified():
    assert between(records({"status": "not_determined"}), records({})) == [("reclassified_in", 1)]


def test_submitted_record_that_is_verified_counts_as_verified():
    assert between(records({"verification": "submitted"}), records({})) == [("verified", 1)]


@pytest.mark.parametrize("nth", range(len(OUT)))
def test_of_several_reasons_the_first_of_the_fixed_order_is_the_only_one(nth: int):
    # M21's order of exclusion: withdrawn, duplicate, month, status, verification.
    names = list(OUT)[nth:]
    changes = {field: text for name in names for field, text in OUT[name].items()}
    assert between(records({}), records(changes)) == [(LOST[names[0]], -1)]
    assert between(records(changes), records({})) == [(GAINED[names[0]], 1)]


def test_record_that_never_counts_changes_nothing():
    assert (
        between(records({"status": "combatant"}), records({"status": "not_determined"}, {"status": "combatant"})) == []
    )


def test_reason_that_is_not_the_periods_does_not_count():
    # In November and pending before, in October and verified now: it counts in October, not in November.
    before, after = records({"verification": "pending"}), records(IN_OCTOBER)
    assert between(before, after) == []
    assert between(before, after, [Month(2020, 10)]) == [("moved_in", 1)]
    assert between(before, after, YEAR) == [("verified", 1)]


def test_record_without_a_month_moves_in_when_it_gets_one():
    undated = {"date_documented": "", "date_documented_precision": "unknown"}
    assert between(records(undated), records({})) == [("moved_in", 1)]


def test_last_and_first_day_of_the_month_are_in_it():
    days = [{"date_documented": day} for day in ("2020-11-01", "2020-11-30", "2020-12-01", "2020-10-31")]
    assert between(records({}).iloc[:0], records(*days)) == [("late", 2)]


def test_the_steps_stand_in_the_order_of_the_words_and_name_ids_only():
    before = records({}, {}, {"verification": "pending"}, {})
    after = records({}, OUT["withdrawn"], {}, OUT["duplicate"], {})
    steps = revisions(before, after, NOVEMBER)
    assert [(step.reason, step.change, step.record_ids) for step in steps[1:-1]] == [
        ("late", 1, ("R-5",)),
        ("verified", 1, ("R-3",)),
        ("duplicate", -1, ("R-4",)),
        ("withdrawn", -1, ("R-2",)),
    ]
    assert "Invented" not in repr(steps)


def test_change_of_the_method_is_a_step_of_its_own():
    # The earlier method counted, of whom R-2 has never been verified, and left R-3 out.
    both = records({}, {"verification": "pending"}, {})
    steps = revisions(both, both, NOVEMBER, counted_before=["R-1", "R-2"])
    assert [(step.reason, step.change, step.record_ids) for step in steps] == [
        ("before", 2, ("R-1", "R-2")),
        ("definition_in", 1, ("R-3",)),
        ("definition_out", -1, ("R-2",)),
        ("now", 2, ("R-1", "R-3")),
    ]


def test_record_that_stands_twice_is_refused():
    twice = records({}, {}).assign(record_id="R-1")
    with pytest.raises(BadRecords, match=r"1 record_id are used twice in one vintage \(R-1\)"):
        revisions(records({}), twice, NOVEMBER)


@pytest.mark.parametrize(
    "between",
    [
        [],
        [Step("late", 2, ("R-1",), "")],
        [
            Step("late", 2, ("R-1", "R-2"), ""),
            Step("verified", 1, ("R-1",), ""),
            Step("withdrawn", -2, ("R-3", "R-4"), ""),
        ],
    ],
)
def test_steps_that_do_not_lead_from_total_to_total_are_refused(between: list[Step]):
    with pytest.raises(TotalsDisagree):
        require_steps([Step("before", 0, (), ""), *between, Step("now", 1, ("R-1",), "")])


def test_counting_leaves_both_vintages_as_they_were():
    before, after = records({}, {}), records({}, OUT["withdrawn"], {"party": "isis"})
    copies = before.copy(deep=True), after.copy(deep=True)
    revisions(before, after, NOVEMBER)
    shifts(before, after, NOVEMBER)
    pd.testing.assert_frame_equal(before, copies[0])
    pd.testing.assert_frame_equal(after, copies[1])


# A failing example is small anyway; making it smaller takes minutes.
NO_SHRINKING = (Phase.explicit, Phase.generate)
ROWS = st.fixed_dictionaries(
    {
        "month": st.sampled_from(["2020-10", "2020-11", "2020-12", "2021-01", "undated"]),
        "status": st.sampled_from(["civilian", "civilian", "combatant", "not_determined"]),
        "verification": st.sampled_from(["verified", "verified", "pending", "submitted"]),
        "withdrawn": st.sampled_from([None, None, "a reason"]),
        "duplicate_of": st.sampled_from([None, None, "R-0"]),
        "party": st.sampled_from(["syrian_regime", "other", None]),
        "torture": st.booleans(),
    }
)


def vintage(rows: dict[int, dict[str, object]]) -> pd.DataFrame:
    frame = pd.DataFrame([{"record_id": f"R-{nth}"} | row for nth, row in rows.items()])
    return frame.reindex(columns=list(FIELDS)).astype(object)


VINTAGES = st.dictionaries(st.integers(1, 8), ROWS, max_size=8).map(vintage)


@settings(deadline=None, phases=NO_SHRINKING, max_examples=40)
@given(before=VINTAGES, after=VINTAGES, months=st.sampled_from([NOVEMBER, YEAR]))
def test_total_before_and_the_steps_always_make_the_total_now(before, after, months):
    first, *steps, last = revisions(before, after, months)

    def toll(frame: pd.DataFrame) -> int:
        # METHOD M1, M3, M5 in plain words, apart from the package's own expressions.
        return sum(
            row.month in map(str, months) and row.status == "civilian" and row.verification == "verified"
            and pd.isna(row.withdrawn) and pd.isna(row.duplicate_of) for row in frame.itertuples()
        )  # fmt: skip

    assert (first.change, last.change) == (toll(before), toll(after))
    assert first.change + sum(step.change for step in steps) == last.change
    ids = [one for step in steps for one in step.record_ids]
    assert len(ids) == len(set(ids)) == sum(abs(step.change) for step in steps)
    assert set(ids) == set(first.record_ids) ^ set(last.record_ids)


@settings(deadline=None, phases=NO_SHRINKING, max_examples=10)
@given(before=VINTAGES, after=VINTAGES)
def test_the_way_back_has_the_same_records_with_the_other_sign(before, after):
    there, back = (revisions(*pair, NOVEMBER)[1:-1] for pair in ((before, after), (after, before)))
    assert sum(step.change for step in there) == -sum(step.change for step in back)
    assert {one for step in there for one in step.record_ids} == {one for step in back for one in step.record_ids}


# -- shifts ------------------------------------------------------------------------------------------------------------


def test_reattribution_is_a_shift_by_pair_that_leaves_the_total():
    before = records({"party": "other"}, {"party": "other"}, {"party": "isis"}, {})
    after = records({"party": "isis"}, {"party": "isis"}, {"party": "other"}, {})
    assert between(before, after) == []
    assert shifts(before, after, NOVEMBER) == [
        Shift("party", "other", "isis", ("R-1", "R-2")),
        Shift("party", "isis", "other", ("R-3",)),
    ]


@pytest.mark.parametrize(
    ("field", "was", "now"),
    [
        ("torture", "false", "true"),
        ("torture", "true", "false"),
        ("governorate", "idlib", "aleppo"),
        ("age_group", "adult", "child"),
        ("sex", "male", "female"),
        ("cause", "shelling", "landmine"),
    ],
)
def test_each_field_of_a_breakdown_can_shift(field: str, was: str, now: str):
    before, after = (records({field: code}, {}) for code in (was, now))
    assert shifts(before, after, NOVEMBER) == [Shift(field, was, now, ("R-1",))]


def test_blank_is_not_recorded_and_never_a_shift_to_itself():
    assert shifts(records({"sex": ""}), records({"sex": ""}), NOVEMBER) == []
    assert shifts(records({"sex": ""}), records({}), NOVEMBER) == [Shift("sex", "not_recorded", "male", ("R-1",))]


def test_record_that_left_or_joined_the_toll_is_a_step_and_no_shift():
    before = records({"party": "isis"}, {"verification": "pending"}, {})
    after = records({"withdrawn": "by the source"}, {"party": "isis"}, {})
    assert shifts(before, after, NOVEMBER) == []


def test_month_corrected_within_a_year_is_a_shift_of_the_year():
    before, after = records({}), records(IN_OCTOBER)
    assert between(before, after, YEAR) == []
    assert shifts(before, after, YEAR) == [Shift("month", "2020-11", "2020-10", ("R-1",))]


# -- reading -----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def location(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Vintage 0: five in November, one in October. Vintage 1: R-2 gone, R-3 in October, R-6 in November, R-7 new."""
    first = records({}, {}, {}, {"party": "other"}, {"sex": "female"}, IN_OCTOBER)
    second = records({}, {}, IN_OCTOBER, {"party": "isis"}, {"sex": "female"}, {}, {}, {"verification": "pending"})
    second = second[second["record_id"] != "R-2"]
    return table(tmp_path_factory.mktemp("two") / "records", first, second)


def test_records_that_moved_into_or_out_of_the_month_are_read_at_both_vintages(location: str):
    two = read_two_vintages("2020-11", 0, 1, location)
    assert set(two.was["record_id"]) == {f"R-{nth}" for nth in range(1, 7)}
    steps = revisions(two.was, two.now, two.months)
    assert [(step.reason, step.change, step.record_ids) for step in steps[1:-1]] == [
        ("late", 1, ("R-7",)),
        ("moved_in", 1, ("R-6",)),
        ("moved_out", -1, ("R-3",)),
        ("withdrawn", -1, ("R-2",)),
    ]
    assert [steps[0].change, steps[-1].change] == [5, 5]
    assert shifts(two.was, two.now, two.months) == [Shift("party", "other", "isis", ("R-4",))]


def test_totals_are_those_that_are_counted_from_each_vintage(location: str):
    two = read_two_vintages("2020", 0, None, location)
    steps = revisions(two.was, two.now, two.months)
    assert (two.before.version, two.after.version) == (0, 1)
    assert [steps[0].change, steps[-1].change] == [6, 6]


def test_earlier_vintage_without_the_newer_fields_is_read_with_blanks(tmp_path: Path):
    old = pa.Table.from_pandas(records({}, {}), schema=arrow_schema(), preserve_index=False)
    old = old.drop_columns(["withdrawn", "duplicate_of"])
    where = str(tmp_path / "records")
    write_records(where, old, source_file="old.csv", sha256="")
    new = pa.Table.from_pandas(records({}, OUT["withdrawn"]), schema=arrow_schema(), preserve_index=False)
    from deltalake import write_deltalake

    write_deltalake(where, new, mode="overwrite", schema_mode="overwrite", partition_by=["month"])
    two = read_two_vintages("2020-11", 0, 1, where)
    assert between(two.was, two.now) == [("withdrawn", -1)]


@pytest.mark.parametrize("text", ["202011", "2020-13", "20", "0000", "", None, 2020, "\u0662\u0660\u0662\u0660"])
def test_period_in_another_form_is_refused(text: object, location: str):
    with pytest.raises(BadMonth):
        read_two_vintages(text, 0, 1, location)  # type: ignore[arg-type]


@pytest.mark.parametrize(("before", "after"), [(1, 0), (1, 1), (1, None), (None, 1)])
def test_vintages_that_do_not_follow_each_other_are_refused(before: int | None, after: int | None, location: str):
    with pytest.raises(BadParameter):
        read_two_vintages("2020-11", before, after, location)


def test_period_without_a_record_at_either_vintage_is_refused(location: str):
    with pytest.raises(BadMonth, match="neither at vintage 0 nor at vintage 1"):
        read_two_vintages("2019-11", 0, 1, location)


# -- claims ------------------------------------------------------------------------------------------------------------


def test_each_step_and_shift_is_a_claim_with_the_digest_of_its_records(location: str):
    two = read_two_vintages("2020-11", 0, 1, location)
    steps, moved = revisions(two.was, two.now, two.months), shifts(two.was, two.now, two.months)
    ledger = Ledger(revision_claims(two, steps, moved))
    assert ledger.value("revision.month.difference") == 0
    assert ledger.value("revision.month.reason.moved_out") == -1
    assert ledger["revision.month.reason.moved_out"].digest == digest(["R-3"])
    assert ledger["revision.month.party.other.isis"].records == 1
    assert {claim.rule for claim in ledger.values()} >= {"M5", "M9 M10"}


# -- months published before -------------------------------------------------------------------------------------------


def test_month_that_moved_is_told_with_the_earliest_vintage_that_differs(tmp_path: Path):
    # November 2, 3, 3, 3; October 1 in all four.
    where = table(
        tmp_path / "records",
        records({}, {}, IN_OCTOBER),
        *[records({}, {}, IN_OCTOBER, {}) for _ in range(3)],
    )
    assert read_moved([Month(2020, 10), Month(2020, 11)], location=where) == [
        Moved(Month(2020, 11), 0, frozenset({"R-1", "R-2"}), frozenset({"R-1", "R-2", "R-4"}))
    ]
    assert read_moved(NOVEMBER, location=where, vintage=0) == []


def test_vintage_that_did_not_hold_the_month_had_no_report_of_it(tmp_path: Path):
    where = table(tmp_path / "records", records(IN_OCTOBER), records(IN_OCTOBER, {}))
    assert read_moved([Month(2020, 10), Month(2020, 11)], location=where) == []


def test_month_whose_toll_fell_to_nothing_has_moved(tmp_path: Path):
    where = table(tmp_path / "records", records(IN_OCTOBER, {}), records(IN_OCTOBER))
    assert [(one.month, len(one.was), len(one.now)) for one in read_moved(NOVEMBER, location=where)] == [
        (Month(2020, 11), 1, 0)
    ]


def test_counting_here_is_the_counting_of_the_report(location: str):
    two = read_two_vintages("2020-11", 0, 1, location)
    whole = records({}, {}, {}, {"party": "other"}, {"sex": "female"}, IN_OCTOBER)
    november = whole[whole["month"] == "2020-11"]
    first = revisions(two.was, two.now, two.months)[0]
    assert set(first.record_ids) == set(counted(november)["record_id"])


# -- sentences and the notice ------------------------------------------------------------------------------------------


def test_sentences_that_differ_are_paired_by_their_claims_and_others_stand_alone():
    was = "## Toll\n\nIt was [two](#claim-a). It is said.\n\n- Gone: [one](#claim-b).\n\n[^x]: A note, [5](#claim-n).\n"
    now = "## Toll\n\nIt was [three](#claim-a).[^x] It is said.\n\n- New: [six](#claim-c).\n"
    found = _changed(sentences(was), sentences(now))
    assert [(one.was and one.was.plain, one.now and one.now.plain) for one in found] == [
        ("It was two.", "It was three."),
        ("Gone: one.", None),
        (None, "New: six."),
    ]
    assert claims_behind(found) == ["a", "b", "c"]
    text = sentences_text(TOLD, found)
    assert "It was [two](#claim-before.a)." in text
    assert "It was [three](#claim-now.a)." in text


def test_texts_that_are_the_same_have_no_untrue_sentence():
    text = sentences("## Toll\n\nIt was [two](#claim-a).\n")
    assert _changed(text, text) == []
    assert sentences_text(TOLD, []) == "No sentence of the earlier report has become untrue.\n"


def test_notice_says_in_one_line_from_what_to_what_since_which_vintage():
    moved = Moved(Month(2020, 9), 4, frozenset({"R-1"}), frozenset({"R-1", "R-2"}))
    claims = moved_claims([moved])
    text = moved_text(replace(TOLD, ledger=Ledger(claims)), [moved])
    stem = "revision.ytd.month.2020-09"
    assert text == (
        f"The toll of September 2020 has changed from [1](#claim-{stem}.before) to [2](#claim-{stem}.now) "
        f"since vintage [4](#claim-{stem}.vintage).\n"
    )
    assert [(claim.id, claim.value) for claim in claims] == [
        (f"{stem}.before", 1),
        (f"{stem}.now", 2),
        (f"{stem}.vintage", 4),
    ]
    assert (moved_claims([]), moved_text(TOLD, [])) == ([], "")


# -- the command -------------------------------------------------------------------------------------------------------


def test_command_prints_the_steps_and_the_first_records_of_each(location: str):
    ran = CliRunner().invoke(revisions_command, ["2020-11", "--from", "0", "--to", "1", "--records", location])
    assert ran.exit_code == 0, ran.output
    lines = [" ".join(line.split()) for line in ran.output.splitlines()]
    assert lines[:4] == [
        "2020-11, vintage 0 -> 1",
        "5 Total before",
        "+1 Documented late, a new record (R-7)",
        "+1 Moved into the period, date of documentation corrected (R-6)",
    ]
    assert lines[6:] == [
        "5 Total now",
        "In the toll at both vintages, and moved inside it:",
        "1 party: other -> isis (R-4)",
    ]


def test_command_gives_all_ids_as_json(location: str):
    ran = CliRunner().invoke(revisions_command, ["2020", "--from", "0", "--records", location, "--json"])
    said = json.loads(ran.output)
    assert (said["period"], said["from"], said["to"]) == ("2020", 0, 1)
    assert said["steps"][0]["record_ids"] == [f"R-{nth}" for nth in range(1, 7)]
    assert {one["field"] for one in said["shifts"]} == {"party", "month"}
