"""Frozen records, pseudonyms and keys: what a bundle is made of."""

import stat
from pathlib import Path

import pandas as pd
import pytest
from invented_records import month_records, records

from analysis.audit import keys
from analysis.audit.inputs import not_as_locked
from analysis.errors import BadMonth, BadParameter, BadRecords
from analysis.month import Month
from analysis.quality.duplicates import same_person
from analysis.records.frozen import read_frozen, write_frozen
from analysis.secrets import PSEUDONYMS, pseudonym_secret
from analysis.toll.monthly import monthly_ledger
from analysis.toll.pseudonyms import pseudonymous
from analysis.toll.report_records import ReportRecords, frozen_of, read_report_records
from analysis.toll.two_vintages import Moved, read_moved

SECRET = b"an invented secret"


def test_frozen_records_are_read_as_the_table_gave_them(november: ReportRecords, tmp_path: Path) -> None:
    write_frozen(tmp_path, frozen_of(november, []))
    again = read_report_records("2020-11", location=str(tmp_path))
    pd.testing.assert_frame_equal(again.window, november.window)
    assert (again.vintage, again.held, again.corrections) == (november.vintage, november.held, november.corrections)
    assert monthly_ledger(again, []).to_json() == monthly_ledger(november, []).to_json()


def test_the_same_records_are_frozen_to_the_same_bytes(november: ReportRecords, tmp_path: Path) -> None:
    for name in ("one", "other"):
        write_frozen(tmp_path / name, frozen_of(november, []))
    for name in ("records.csv", "about.json"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "other" / name).read_bytes()


def test_the_months_that_had_moved_are_frozen_too(november: ReportRecords, tmp_path: Path) -> None:
    moved = [Moved(Month(2020, 3), 2, frozenset({"R-1", "R-2"}), frozenset({"R-1"}))]
    write_frozen(tmp_path, frozen_of(november, moved))
    assert read_moved([Month(2020, 3)], location=str(tmp_path)) == moved


def test_frozen_records_give_the_report_of_their_own_month_alone(november: ReportRecords, tmp_path: Path) -> None:
    write_frozen(tmp_path, frozen_of(november, []))
    with pytest.raises(BadMonth, match="are those of 2020-11, not of 2020-10"):
        read_report_records("2020-10", location=str(tmp_path))


def test_damaged_frozen_records_are_refused(november: ReportRecords, tmp_path: Path) -> None:
    write_frozen(tmp_path, frozen_of(november, []))
    (tmp_path / "records.csv").write_text("record_id\nR-1\n", encoding="utf-8")
    with pytest.raises(BadRecords, match="Unpack the bundle again"):
        read_frozen(str(tmp_path))


def persons() -> pd.DataFrame:
    return records(
        {"name": "Invented Person", "place": "A village", "description": "seen by a neighbour", "aliases": "One|Two"},
        {"name": "invented  person", "place": "a Village"},
        {"name": "", "place": "Elsewhere", "withdrawn": "the source took it back"},
    )


def test_no_name_no_free_text_and_no_reference_is_left() -> None:
    hidden = pseudonymous(persons(), "", SECRET)
    told = hidden.to_csv()
    for word in ("Invented Person", "person", "village", "Village", "Elsewhere", "neighbour", "One", "Two"):
        assert word not in told
    assert list(hidden["withdrawn"].dropna()) == ["the source took it back"]
    assert [len(one) for one in hidden["sources"]] == [1, 1, 1]


def test_a_place_that_the_report_prints_stays() -> None:
    assert list(pseudonymous(persons(), "killed in A VILLAGE near the town", SECRET)["place"])[:2] == [
        "A village",
        "a Village",
    ]


def test_a_blank_stays_blank_and_equal_texts_stay_equal() -> None:
    before, after = persons(), pseudonymous(persons(), "", SECRET)
    assert after["name"].iloc[0] == after["name"].iloc[1] != before["name"].iloc[0]
    assert [value == "" or pd.isna(value) for value in after["name"]] == [False, False, True]
    found = [same_person(frame, {"day"}) for frame in (before, after)]
    assert [keys.iloc[0] == keys.iloc[1] for keys in found] == [True, True]


def test_another_secret_gives_other_pseudonyms() -> None:
    one, other = (pseudonymous(persons(), "", secret)["name"].iloc[0] for secret in (SECRET, b"another"))
    assert one != other


def test_the_gate_finds_the_same_in_pseudonymous_records() -> None:
    from analysis.quality.frames import quality_frames
    from analysis.quality.gate import run_suites
    from analysis.quality.suites import read_suites

    window = persons()
    read = month_records(window)
    found = [
        run_suites(quality_frames(frame, read.month), read_suites(read.month))
        for frame in (window, pseudonymous(window, "", SECRET))
    ]
    assert found[0] == found[1]
    assert any(one.status == "failed" and "twice" not in one.id for one in found[0])


def test_the_secret_is_made_once_and_only_its_owner_reads_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOLL_KEYS", str(tmp_path / "keys"))
    assert pseudonym_secret() == pseudonym_secret()
    assert stat.S_IMODE((tmp_path / "keys" / PSEUDONYMS).stat().st_mode) == 0o600


def test_a_signing_key_is_never_overwritten_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    public = keys.make_keys(tmp_path)
    assert stat.S_IMODE(public.with_name(keys.PRIVATE).stat().st_mode) == 0o600
    with pytest.raises(BadParameter, match="never overwritten"):
        keys.make_keys(tmp_path)


def test_a_signature_fits_its_message_and_its_key_alone(tmp_path: Path) -> None:
    one, other = (keys.make_keys(tmp_path / name).read_bytes() for name in ("one", "other"))
    signature, public = keys.sign(b"a manifest", tmp_path / "one" / keys.PRIVATE)
    assert public == one
    assert keys.fits(signature, b"a manifest", one)
    assert not keys.fits(signature, b"another", one)
    assert not keys.fits(signature, b"a manifest", other)
    assert not keys.fits(signature, b"a manifest", b"no key")


def test_what_is_no_key_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("no key", encoding="utf-8")
    for name in ("notes.txt", "missing"):
        with pytest.raises(BadParameter, match="`toll keygen` makes one"):
            keys.sign(b"", tmp_path / name)


def test_a_package_in_another_version_than_the_lock_is_named() -> None:
    assert not_as_locked(
        ["pandas==0.1 \\", 'numpy==0.1 ; python_version < "3" \\', "    --hash=sha256:00", "unheard-of==1"]
    ) == [f"pandas {pd.__version__}, not 0.1"]
