"""Importing: every row is accounted for, one import is one vintage, and what it no longer holds is withdrawn."""

import hashlib
import os
import signal
import subprocess
import sys
import textwrap
import time
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from deltalake import DeltaTable
from invented_records import MONTH, text_records
from invented_source import BLANK, ROW, extract_of, import_rows, source_rows, write_source

from analysis.errors import BadParameter, BadRecords
from analysis.importing.extracts import Extract, choose_mapping
from analysis.importing.importing import import_extract, shown
from analysis.month import Month
from analysis.places import DATA
from analysis.records.table import months_held, read_months
from analysis.records.vintages import read_vintage


def held(folder: Path) -> pd.DataFrame:
    return DeltaTable(folder / "records").to_pyarrow_table().to_pandas().set_index("record_id").sort_index()


def counts(imported: object) -> tuple[int, ...]:
    vintage = imported.vintage  # type: ignore[attr-defined]
    return vintage.new, vintage.changed, vintage.unchanged, vintage.withdrawn


def test_rows_read_are_accepted_quarantined_or_left_out(tmp_path: Path) -> None:
    # By hand: rows 1, 2 and 7 are good; 3 is injured; 4 names no known party, 5 is blank, 6 repeats the id of row 1.
    shifted = dict(zip(ROW, ["8", "", *list(ROW.values())[1:-1]], strict=True))
    imported = import_rows(
        tmp_path, {}, {"Age": "0"}, {"list": "injured"}, {"By": "Martians"}, BLANK, {"nr": "1"}, {"Died": "0000-00-00"},
        rows=[shifted],
    )  # fmt: skip
    vintage = imported.vintage
    assert (vintage.rows_in, vintage.accepted, vintage.quarantined, vintage.left_out) == (8, 3, 4, 1)
    assert any("Martians" in kind for kind in imported.reasons)
    assert imported.reasons["record_id: an earlier row of the extract has the same"] == 1
    assert "Invented One" not in " ".join(imported.reasons), "a shifted column may hold a name"
    records = held(tmp_path)
    assert list(records.index) == ["INV-1", "INV-2", "INV-7"]
    assert list(records["age"].isna()) == [False, True, False]
    assert (records.at["INV-1", "governorate"], records.at["INV-1", "place"]) == ("idlib", "Mstomeh")
    assert list(records["month"]) == ["2020-11", "2020-11", "undated"]


def test_a_record_without_a_date_belongs_to_no_month(tmp_path: Path) -> None:
    import_rows(tmp_path, {}, {"Died": "0000-00-00"})
    assert months_held(str(tmp_path / "records")) == [MONTH]
    assert list(read_months(str(tmp_path / "records"), [MONTH])["record_id"]) == ["INV-1"]


def test_the_same_extract_again_is_no_new_vintage(tmp_path: Path) -> None:
    assert import_rows(tmp_path, {}, {}).is_new
    again = import_rows(tmp_path, {}, {})
    assert not again.is_new
    assert counts(again) == (0, 0, 2, 0)
    assert read_vintage(str(tmp_path / "records")).version == 0


def test_the_same_extract_with_a_changed_mapping_is_a_new_vintage_that_says_so_once(tmp_path: Path) -> None:
    where = str(tmp_path / "records")
    extract = extract_of(write_source(tmp_path / "source.csv", source_rows({}, {})))
    import_extract(extract, where)
    retitled = replace(extract.mapping, about={"title": "Another title"}, sha256="f" * 64)
    changed = import_extract(replace(extract, mapping=retitled), where)
    assert (changed.is_new, counts(changed), changed.vintage.version) == (True, (0, 0, 2, 0), 1)
    newest = read_vintage(where)
    assert (newest.rows, newest.mapping_sha256, newest.source) == (2, "f" * 64, {"title": "Another title"})
    assert list(held(tmp_path)["withdrawn"].isna()) == [True, True]
    again = import_extract(replace(extract, mapping=retitled), where)
    assert (again.is_new, again.vintage.version, read_vintage(where).version) == (False, 1, 1)


def test_records_are_new_changed_unchanged_or_withdrawn(tmp_path: Path) -> None:
    import_rows(tmp_path, {}, {}, {})
    fourth = source_rows({}, {}, {}, {})[3:]
    later = import_rows(tmp_path, {}, {"Died": "2020-12-01"}, rows=fourth, extract_date="2021-01-02")
    assert counts(later) == (1, 1, 1, 1)
    records = held(tmp_path)
    assert list(records["month"]) == ["2020-11", "2020-12", "2020-11", "2020-11"]
    assert list(records["withdrawn"].notna()) == [False, False, True, False]
    assert records.at["INV-3", "withdrawn"] == "no longer in the extract of 2021-01-02"
    before = DeltaTable(tmp_path / "records", version=0).to_pyarrow_table().num_rows
    assert (before, later.vintage.version, later.vintage.rows) == (3, 1, 4)


def test_a_withdrawn_record_that_comes_back_is_restored(tmp_path: Path) -> None:
    import_rows(tmp_path, {}, {})
    import_rows(tmp_path, {})
    assert not import_rows(tmp_path, {}).is_new, "it is withdrawn once"
    back = import_rows(tmp_path, {}, {})
    assert counts(back) == (0, 1, 1, 0)
    assert held(tmp_path)["withdrawn"].isna().all()


def test_a_partial_import_withdraws_nothing(tmp_path: Path) -> None:
    import_rows(tmp_path, {}, {})
    assert not import_rows(tmp_path, {}, partial=True).is_new


def test_a_row_in_quarantine_is_still_held_by_the_extract(tmp_path: Path) -> None:
    import_rows(tmp_path, {}, {})
    assert counts(import_rows(tmp_path, {}, {"By": "Martians"})) == (0, 0, 1, 0)
    assert held(tmp_path)["withdrawn"].isna().all()


def test_what_the_mapping_now_leaves_out_is_withdrawn_as_such(tmp_path: Path) -> None:
    import_rows(tmp_path, {}, {})
    import_rows(tmp_path, {}, {"list": "injured"}, extract_date="2021-01-02")
    assert held(tmp_path).at["INV-2", "withdrawn"] == "left out by the mapping in the extract of 2021-01-02"


def test_another_source_is_neither_withdrawn_nor_overwritten(tmp_path: Path) -> None:
    other = tmp_path / "other.csv"
    text_records({"record_id": "INV-1"}, {}).to_csv(other, index=False)
    import_extract(Extract((str(other),), choose_mapping([str(other)])), str(tmp_path / "records"))
    imported = import_rows(tmp_path, {}, {})
    assert counts(imported) == (1, 0, 0, 0)
    assert imported.reasons == {"record_id: it belongs to a record of the source contract": 1}
    assert list(held(tmp_path)["imported_as"]) == ["contract", "invented", "contract"]


def test_several_sources_of_one_country_share_a_table_and_each_withdraws_its_own(tmp_path: Path) -> None:
    import_rows(tmp_path, {}, {})
    for several in ([{}, {}], [{}]):
        file = write_source(tmp_path / "other.csv", [ROW | {"nr": f"O{nth}"} | row for nth, row in enumerate(several)])
        extract = extract_of(file)
        other = replace(extract, mapping=replace(extract.mapping, source="other"))
        imported = import_extract(other, str(tmp_path / "records"))
    assert counts(imported) == (0, 0, 1, 1)
    assert list(held(tmp_path)["withdrawn"].notna()) == [False, False, False, True]


def test_an_extract_of_another_country_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    import_rows(tmp_path, {})
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    extract = extract_of(write_source(tmp_path / "source.csv", source_rows({})))
    abroad = replace(extract, mapping=replace(extract.mapping, profile="bolivia"))
    for dry_run in (True, False):
        with pytest.raises(BadParameter, match=r"of the profile 'syria', and the mapping invented is of .*'bolivia'"):
            import_extract(abroad, str(tmp_path / "records"), dry_run=dry_run)
    assert BadParameter.exit_code == 2
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize("kind", ["csv", "csv of empty lines", "xlsx"])
def test_blank_rows_between_records_are_quarantined_and_those_after_the_last_are_no_rows(
    tmp_path: Path, kind: str
) -> None:
    # By hand: rows 2 and 4 of the file are records, row 3 is blank, and so are rows 5 and 6, after the last record.
    one, two = source_rows({}, {})
    rows = pd.DataFrame([one, BLANK, two, BLANK, BLANK], columns=list(ROW), dtype=str)
    file = tmp_path / f"source.{kind[:4].strip()}"
    if kind == "xlsx":
        rows.to_excel(file, index=False)
    else:
        blank = "," * (len(ROW) - 1)
        text = rows.to_csv(index=False)
        file.write_text(text.replace(f"\n{blank}", "\n") if "empty" in kind else text, encoding="utf-8")
    vintage = import_extract(extract_of(file), str(tmp_path / "records")).vintage
    assert (vintage.rows_in, vintage.accepted, vintage.quarantined) == (3, 2, 1)
    kept = pd.read_csv(vintage.quarantine, dtype=str, keep_default_na=False)
    assert list(kept["quarantine_row"]) == ["3"]
    assert kept.loc[0, list(ROW)].to_dict() == BLANK


def test_where_nothing_can_be_accepted_the_table_stays_as_it_was(tmp_path: Path) -> None:
    import_rows(tmp_path, {}, {})
    with pytest.raises(BadRecords, match=r"rows of source\.csv none was accepted"):
        import_rows(tmp_path, {"By": "Martians"})
    assert read_vintage(str(tmp_path / "records")).version == 0


def test_a_vintage_names_what_it_came_from(tmp_path: Path) -> None:
    import_rows(tmp_path, {}, {"By": "Martians"}, who="An analyst", note="a note", extract_date="2020-12-01")
    vintage = read_vintage(str(tmp_path / "records"))
    assert vintage.sha256 == hashlib.sha256((tmp_path / "source.csv").read_bytes()).hexdigest()
    assert vintage.mapping_sha256 == hashlib.sha256((tmp_path / "invented.yml").read_bytes()).hexdigest()
    assert (vintage.source_file, vintage.mapping, vintage.who, vintage.note) == (
        "source.csv", "invented", "An analyst", "a note"
    )  # fmt: skip
    assert vintage.source == {"title": "An invented list", "producer": "Nobody"}
    assert vintage.quarantine == (tmp_path / "quarantine" / "invented" / f"{vintage.sha256[:12]}.csv").as_posix()


def test_a_dry_run_says_the_same_and_writes_nothing(tmp_path: Path) -> None:
    extract = extract_of(write_source(tmp_path / "source.csv", source_rows({}, {"By": "Martians"})))
    before = sorted(tmp_path.rglob("*"))
    dry = import_extract(extract, str(tmp_path / "records"), dry_run=True)
    assert (dry.vintage.accepted, dry.vintage.quarantined, dry.vintage.new) == (1, 1, 1)
    assert sorted(tmp_path.rglob("*")) == before
    assert list(shown(dry.first)["name"]) == ["…"]
    assert list(shown(dry.first)["party"]) == ["syrian_regime"]


def test_a_missing_column_is_named_before_anything_is_read(tmp_path: Path) -> None:
    file = tmp_path / "source.csv"
    pd.DataFrame(source_rows({}), dtype=str).drop(columns=["By"]).to_csv(file, index=False)
    with pytest.raises(BadRecords, match="lacks 1 columns that the mapping invented reads \\('By'\\)"):
        import_extract(extract_of(file), str(tmp_path / "records"))


def test_a_value_no_record_can_hold_is_quarantined(tmp_path: Path) -> None:
    file = tmp_path / "extract.csv"
    text_records({}, {"age": "nan"}, {"sources": "{"}, {"date_documented": "2020-11-31"}).to_csv(file, index=False)
    imported = import_extract(Extract((str(file),), choose_mapping([str(file)])), str(tmp_path / "records"))
    assert (imported.vintage.accepted, imported.vintage.quarantined) == (1, 3)
    assert imported.reasons["age: it is not a number that a record can hold"] == 1


def test_the_reconstruction_is_imported_whole_with_what_its_mapping_says(sample_table: str) -> None:
    # 1,734 civilians published for 2020.
    vintage = read_vintage(sample_table)
    assert (vintage.rows, vintage.accepted, vintage.quarantined, vintage.mapping) == (1734, 1734, 0, "reconstruction")
    assert vintage.sha256 == hashlib.sha256((DATA / "reconstruction" / "records.csv").read_bytes()).hexdigest()
    assert vintage.source["published"] == "data/published/figures.csv"


def test_a_mapping_reads_the_contracts_columns_as_they_are(sample_table: str) -> None:
    extract = pd.read_csv(DATA / "reconstruction" / "records.csv", dtype=str, keep_default_na=False)
    written = extract[extract["date_documented"].str.startswith("2020-11")].set_index("record_id").sort_index()
    found = read_months(sample_table, [Month.parse("2020-11")]).set_index("record_id")
    for name in ("party", "governorate", "cause", "age_group", "date_documented_precision", "bucket", "incident_id"):
        assert list(found[name].astype("str").fillna("")) == list(written[name]), name


def process(folder: Path, file: Path) -> subprocess.Popen[str]:
    script = textwrap.dedent(f"""
        import sys
        sys.path.insert(0, {str(Path(__file__).parent)!r})
        from invented_source import extract_of
        from pathlib import Path
        from analysis.importing.importing import import_extract
        print("ready", flush=True)
        sys.stdin.readline()
        import_extract(extract_of(Path({str(file)!r}), partial=True), {str(folder / "records")!r})
    """)
    return subprocess.Popen(
        [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def begin(started: subprocess.Popen[str]) -> None:
    assert started.stdout
    assert started.stdin
    assert started.stdout.readline() == "ready\n"
    started.stdin.write("\n")
    started.stdin.flush()


def many(folder: Path, name: str, first: int) -> Path:
    (folder / name).mkdir()
    rows = [ROW | {"nr": str(nth), "Died": f"20{nth % 20:02d}-03-01"} for nth in range(first, first + 2000)]
    return write_source(folder / name / "source.csv", rows)


def test_two_imports_at_once_both_arrive(tmp_path: Path) -> None:
    started = [process(tmp_path, many(tmp_path, name, first)) for name, first in (("a", 0), ("b", 1000))]
    for one in started:
        begin(one)
    ended = [(one.communicate(timeout=60)[1], one.returncode) for one in started]
    assert [code for _, code in ended] == [0, 0], ended
    assert list(held(tmp_path).index) == sorted(f"INV-{nth}" for nth in range(3000)), "each id once"
    assert read_vintage(str(tmp_path / "records")).version == 1


def test_an_import_killed_at_any_moment_leaves_a_whole_vintage(tmp_path: Path) -> None:
    import_rows(tmp_path, {}, {})
    file = many(tmp_path, "a", 10)
    before, outcomes = 2, set()
    for moment in (0.05, 0.25, 0.4):
        started = process(tmp_path, file)
        begin(started)
        time.sleep(moment)
        os.kill(started.pid, signal.SIGKILL)
        started.communicate()
        rows, version = len(held(tmp_path)), read_vintage(str(tmp_path / "records")).version
        outcomes.add((rows, version))
    assert outcomes <= {(before, 0), (before + 2000, 1)}
    import_extract(extract_of(file, partial=True), str(tmp_path / "records"))
    assert len(held(tmp_path)) == before + 2000
