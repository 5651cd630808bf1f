"""`toll import` and `toll vintages`: what they print, and what they refuse."""

import json
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner, Result
from deltalake import CommitProperties, DeltaTable, write_deltalake
from invented_records import MONTH, text_records
from invented_source import MAPPING, extract_of, import_rows, source_rows, write_source

from analysis.commands.import_ import import_
from analysis.commands.vintages import vintages
from analysis.importing.extracts import Extract, choose_mapping
from analysis.importing.importing import import_extract
from analysis.month import Month
from analysis.records.changes import Changes, table_schema
from analysis.records.contract import parse_text
from analysis.records.table import read_months
from analysis.records.vintages import read_vintage, read_vintages, sources_of
from analysis.records.writing import Overtaken, read_held, write_changes


def run(folder: Path, *arguments: str) -> Result:
    extract_of(folder / "source.csv")
    return CliRunner().invoke(
        import_, [*arguments, "--records", str(folder / "records")], catch_exceptions=False
    )  # fmt: skip


@pytest.fixture
def source(tmp_path: Path) -> str:
    return str(write_source(tmp_path / "source.csv", source_rows({}, {}, {"By": "Martians"}, {"list": "injured"})))


def test_an_import_prints_that_its_rows_add_up(tmp_path: Path, source: str) -> None:
    printed = run(tmp_path, source, "--mapping", str(tmp_path / "invented.yml")).stdout
    assert "vintage 0, 2 records from source.csv" in printed
    assert "4 rows read = 2 accepted + 1 quarantined + 1 left out by the mapping" in printed
    assert "Records: 2 new, 0 changed, 0 unchanged, 0 withdrawn" in printed
    assert "1  party: 'Martians' is in no list" in printed
    assert "import it with --quarantine" in printed
    again = run(tmp_path, source, "--mapping", str(tmp_path / "invented.yml")).stdout
    assert "source.csv changes nothing; vintage 0 stays the newest" in again


def test_a_dry_run_shows_the_first_records_without_names(tmp_path: Path, source: str) -> None:
    printed = run(tmp_path, source, "--mapping", str(tmp_path / "invented.yml"), "--dry-run").stdout
    assert "Dry run, nothing is written" in printed
    assert "syrian_regime" in printed
    assert "Invented 1" not in printed
    answer = run(tmp_path, source, "--mapping", str(tmp_path / "invented.yml"), "--dry-run", "--json").stdout
    assert "Invented 1" not in answer
    assert json.loads(answer)["first"][0]["name"] == "…"
    assert not (tmp_path / "records").exists()


def test_an_import_that_changes_no_record_but_its_mapping_says_so(tmp_path: Path, source: str) -> None:
    run(tmp_path, source, "--mapping", str(tmp_path / "invented.yml"))
    retitled = tmp_path / "retitled.yml"
    retitled.write_text(MAPPING.replace("An invented list", "Another title"), encoding="utf-8")
    printed = run(tmp_path, source, "--mapping", str(retitled)).stdout
    assert (
        "changes no record, but the mapping invented has changed since it was last imported with: vintage 1" in printed
    )
    assert "source.csv changes nothing; vintage 1 stays" in run(tmp_path, source, "--mapping", str(retitled)).stdout


def test_values_left_blank_are_listed_by_field_and_names_only_counted(tmp_path: Path) -> None:
    # By hand: 3 rows say Idlb, 1 Atlantis; 2 names are unreadable; the rows left out and refused are not counted.
    mapping = tmp_path / "lax.yml"
    lax = MAPPING.replace('match: "^(?P<value>[^:]+)"}', 'match: "^(?P<value>[^:]+)", unresolved: not_recorded}')
    lax = lax.replace("name: {column: Name}", "name: {column: Name, match: '^I', unresolved: not_recorded}")
    mapping.write_text(lax, encoding="utf-8")
    idlb, person = {"Where": "Idlb: Mstomeh"}, {"Where": "Atlantis", "Name": "A. Person"}
    rows = source_rows(
        {}, idlb, idlb, idlb, person, {"Name": "B. Person"}, idlb | {"list": "injured"}, idlb | {"By": "Martians"}
    )
    file = str(write_source(tmp_path / "source.csv", rows))
    for dry in ([], ["--dry-run"]):
        printed = run(tmp_path, file, "--mapping", str(mapping), *dry).stdout
        assert "Left blank by `unresolved: not_recorded`" in printed
        assert "            4  governorate: 'Idlb' (3), 'Atlantis' (1)\n" in printed
        assert "            2  name: … (2)\n" in printed
        assert "Person" not in printed
    answer = json.loads(run(tmp_path, file, "--mapping", str(mapping), "--json").stdout)
    assert answer["blanked"]["governorate"] == {"rows": 4, "values": {"Idlb": 3, "Atlantis": 1}, "others": 0}
    assert "sources" not in answer, "the vintage tells of its own import alone"


def test_the_plain_call_takes_the_contracts_columns(tmp_path: Path) -> None:
    file = tmp_path / "extract.csv"
    text_records({}, {}).to_csv(file, index=False)
    answer = json.loads(run(tmp_path, str(file), "--json").stdout)
    assert (answer["version"], answer["rows"], answer["mapping"]) == (0, 2, "contract")


@pytest.mark.parametrize(
    "arguments", [[], ["SOURCE", "--quarantine", "SOURCE"], ["SOURCE", "--source", "x", "--mapping", "SOURCE"]]
)
def test_contradictions_are_refused(tmp_path: Path, source: str, arguments: list[str]) -> None:
    ran = run(tmp_path, *[source if one == "SOURCE" else one for one in arguments])
    assert ran.exit_code == 2
    assert "Traceback" not in ran.output


def test_vintages_lists_each_import(tmp_path: Path) -> None:
    import_rows(tmp_path, {}, {}, who="An analyst", note="the first")
    import_rows(tmp_path, {})
    listed = CliRunner().invoke(vintages, ["--records", str(tmp_path / "records")], catch_exceptions=False).stdout
    assert all(word in listed for word in ("source.csv (invented)", "An analyst", "the first"))
    ran = CliRunner().invoke(vintages, ["--records", str(tmp_path / "records"), "--json"], catch_exceptions=False)
    first, second = json.loads(ran.stdout)
    assert (first["version"], first["rows_in"], first["new"], first["withdrawn"]) == (0, 2, 2, 0)
    assert (second["version"], second["rows_in"], second["new"], second["withdrawn"]) == (1, 1, 0, 1)
    assert first["imported"] <= second["imported"]


def test_an_import_that_was_overtaken_writes_nothing(tmp_path: Path) -> None:
    import_rows(tmp_path, {})
    where = str(tmp_path / "records")
    late, vintage = read_held(where), read_vintage(where)
    import_rows(tmp_path, {}, {})
    with pytest.raises(Overtaken):
        write_changes(where, late, Changes(), {"INV-1": "late"}, vintage)
    assert DeltaTable(where).version() == 1
    assert DeltaTable(where).to_pyarrow_table()["withdrawn"].null_count == 2


def test_a_vintage_without_provenance_is_still_a_vintage(tmp_path: Path) -> None:
    where = str(tmp_path / "records")
    write_deltalake(where, parse_text(text_records({})), partition_by=["month"])
    write_deltalake(where, parse_text(text_records({}, {})[1:]), mode="append",
                    commit_properties=CommitProperties({"who": "Somebody"}))  # fmt: skip
    found = [vintage for vintage, _ in read_vintages(where)]
    assert [(one.version, one.source_file, one.who) for one in found] == [
        (0, "not recorded", ""), (1, "not recorded", "Somebody")
    ]  # fmt: skip


def test_a_table_from_before_an_optional_field_is_read_and_imported_into(tmp_path: Path) -> None:
    where = str(tmp_path / "records")
    old = parse_text(text_records({})).drop_columns(["withdrawn", "duplicate_of"])
    write_deltalake(where, old, partition_by=["month"])
    assert read_months(where, [MONTH])["withdrawn"].isna().all()
    import_rows(tmp_path, {}, {})
    assert isinstance(read_months(where, [MONTH]), pd.DataFrame)
    assert list(read_months(where, [MONTH])["record_id"]) == ["INV-1", "INV-2", "R-1"]
    assert list(read_months(where, [MONTH], vintage=0)["record_id"]) == ["R-1"]


def test_the_records_of_a_month_name_every_source_that_they_came_by(tmp_path: Path) -> None:
    where = str(tmp_path / "records")
    import_rows(tmp_path, {}, {"Died": "2020-10-03"})
    file = tmp_path / "extract.csv"
    text_records({}).to_csv(file, index=False)
    import_extract(Extract((str(file),), choose_mapping([str(file)])), where)
    import_rows(tmp_path, {}, {"Died": "2020-10-04"})
    newest = read_vintage(where)
    november, october = (read_months(where, [Month.parse(month)]) for month in ("2020-11", "2020-10"))
    assert november["imported_as"].tolist() == ["invented", "contract"]
    # The contract came with vintage 1 alone; of the two imports of the invented source the later one is named.
    assert [(one.version, one.mapping) for one in sources_of(newest, november)] == [(1, "contract"), (2, "invented")]
    assert [one.source.get("title") for one in sources_of(newest, october)] == ["An invented list"]
    assert [one.version for one in sources_of(read_vintage(where, 1), november)] == [1, 0]
    assert sources_of(read_vintage(where, 0), november.iloc[:0]) == [read_vintage(where, 0)]


def test_an_import_that_changes_no_record_can_be_a_vintage_that_says_where_it_came_from(tmp_path: Path) -> None:
    where = str(tmp_path / "records")
    import_rows(tmp_path, {})
    found = write_changes(where, read_held(where), Changes(), {}, read_vintage(where))
    assert (found.version, read_vintage(where).version) == (1, 1)
    assert len(read_months(where, [MONTH])) == 1


def test_no_vintage_is_ever_forgotten(tmp_path: Path) -> None:
    """The table is told to forget at once, each second commit, what Delta Lake would forget after a month."""
    where = str(tmp_path / "records")
    forgetful = {"delta.logRetentionDuration": "interval 0 days", "delta.checkpointInterval": "2"}
    write_deltalake(where, table_schema().empty_table(), partition_by=["month"], configuration=forgetful)
    for nth in range(1, 5):
        import_rows(tmp_path, *[{}] * nth)
    assert [(one.version, one.new) for one, _ in read_vintages(where)] == [(0, 0), (1, 1), (2, 1), (3, 1), (4, 1)]
    assert len(read_months(where, [MONTH], vintage=1)) == 1
