"""Editions as data/editions.yml says them, and records as an edition that names nobody knows them."""

from dataclasses import asdict, replace

import pytest
from invented_records import month_records, records

from analysis.editions import read_edition, threshold
from analysis.errors import BadParameter
from analysis.places import DATA
from analysis.profiles import read_profile
from analysis.quality.frames import quality_frames
from analysis.quality.gate import run_suites
from analysis.quality.suites import read_suites
from analysis.records.contract import read_contract
from analysis.records.frozen import Frozen, write_frozen
from analysis.records.vintages import Vintage
from analysis.toll.pseudonyms import nameless, nameless_vintage, record_pseudonym
from analysis.toll.report_records import frozen_of, read_report_records

SECRET = b"of these tests"
EDITIONS = ("internal", "auditor", "public")


def persons():
    """Three invented people: the second one's family agrees that the case is published; the third repeats the first."""
    texts = {"name": "Name", "aliases": "Alias", "description": "Words", "place": "Place", "place_of_custody": "Prison"}
    words = {field: f"Canary {text}" for field, text in texts.items()}
    words["sources"] = '[{"kind": "witness", "reference": "Canary Contact"}]'
    return records(words, words | {"consents": "publication"}, words | {"duplicate_of": "R-1", "withdrawn": "Canary"})


def test_an_unknown_edition_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(BadParameter, match=r"no edition 'secret'. The editions are internal, auditor, public"):
        read_edition("secret")


@pytest.mark.parametrize("name", EDITIONS)
def test_an_edition_shows_levels_that_the_record_contract_has_and_never_the_last(name: str) -> None:
    assert set(read_edition(name).fields) <= set(read_contract()["shown"]) - {"never"}


def test_only_the_internal_edition_knows_records_by_their_ids() -> None:
    assert [read_edition(name).is_nameless for name in EDITIONS] == [False, True, True]


def test_the_country_sets_its_own_threshold_where_an_edition_has_one(monkeypatch: pytest.MonkeyPatch) -> None:
    own = replace(read_profile("syria"), small_cells=10)
    assert [threshold(read_edition(name), "syria") for name in EDITIONS] == [None, None, 5]
    monkeypatch.setattr("analysis.profiles.read_profile", lambda _: own)
    assert [threshold(read_edition(name), "syria") for name in EDITIONS] == [None, None, 10]


def test_a_threshold_that_leaves_no_range_is_refused(tmp_path) -> None:
    folder = tmp_path / "own"
    (folder / "codelists").mkdir(parents=True)
    said = (DATA / "profiles" / "bolivia" / "profile.yml").read_text(encoding="utf-8")
    (folder / "profile.yml").write_text(f"{said}\nsmall_cells: 2\n", encoding="utf-8")
    with pytest.raises(BadParameter, match="small_cells: 2, not a whole number from 3 on"):
        read_profile(str(folder))


def test_nothing_that_people_wrote_and_no_record_id_is_left() -> None:
    told = repr(nameless(persons(), SECRET).to_dict("list"))
    assert "Canary" not in told
    assert "R-1" not in told


def test_where_the_family_agreed_the_places_of_the_case_may_be_told() -> None:
    hidden = nameless(persons(), SECRET, told=True).set_index("record_id")
    places = hidden.pop("told_place"), hidden.pop("told_place_of_custody")
    agreed = record_pseudonym("R-2", SECRET)
    assert [one.dropna().to_dict() for one in places] == [{agreed: "Canary Place"}, {agreed: "Canary Prison"}]
    assert "Canary" not in repr(hidden.to_dict("list"))


def test_a_repeat_still_names_the_record_that_it_repeats() -> None:
    hidden = nameless(persons(), SECRET)
    assert record_pseudonym("R-1", SECRET) in set(hidden["duplicate_of"].dropna()) & set(hidden["record_id"])


def test_the_order_of_records_tells_nothing_of_their_ids() -> None:
    ids = nameless(persons(), SECRET)["record_id"]
    assert list(ids) == sorted(ids)


def test_the_gate_finds_the_same_by_pseudonyms() -> None:
    read = month_records(persons())
    known = [
        [(one.id, one.status, one.tested, one.failing) for one in
         run_suites(quality_frames(window, read.month), read_suites(read.month))]
        for window in (read.window, nameless(read.window, SECRET, told=True))
    ]  # fmt: skip
    assert known[0] == known[1]


def test_the_names_of_files_and_people_of_an_import_are_left_out() -> None:
    canary = Vintage(3, "Canary.csv", "ab", 9, {"title": "A source"}, who="Canary", note="Canary", quarantine="Canary",
                     sources=(Vintage(2, "Canary.csv", "cd", 9, {}, who="Canary"),))  # fmt: skip
    told = nameless_vintage(canary)
    assert "Canary" not in repr(asdict(told))
    assert (told.version, told.sha256, told.source) == (3, "ab", {"title": "A source"})


def test_frozen_records_of_one_edition_make_no_other(tmp_path) -> None:
    read = month_records(persons())
    frozen = frozen_of(read, [])
    about = {**frozen.about, "parameters": {"edition": "auditor"}}
    write_frozen(tmp_path, Frozen(frozen.records.assign(imported_as=""), frozen.vintage, about))
    with pytest.raises(BadParameter, match="those of the auditor edition: no public edition"):
        read_report_records("2020-11", location=str(tmp_path), edition="public")
    assert read_report_records("2020-11", location=str(tmp_path), edition="auditor").edition == "auditor"
