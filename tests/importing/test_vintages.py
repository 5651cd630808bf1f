"""`toll import` and `toll vintages`: what they print, and what they refuse."""

import json
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner, Result
from deltalake import CommitProperties, DeltaTable, write_deltalake
from invented_records import MONTH, text_records
from invented_source import extract_of, import_rows, source_rows, write_source

from analysis.commands.import_ import import_
from analysis.commands.vintages import vintages
from analysis.records.contract import parse_text
from analysis.records.table import (
    Overtaken,
    read_held,
    read_months,
    read_vintage,
    read_vintages,
    table_schema,
    write_changes,
)


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
        write_changes(where, late, table_schema().empty_table(), {"INV-1": "late"}, vintage)
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
