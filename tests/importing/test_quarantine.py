"""Quarantine: a refused row is kept whole with every reason, can be corrected, and is imported again."""

from pathlib import Path

import pandas as pd
import pytest
from invented_source import BLANK, ROW, extract_of, import_rows

from analysis.errors import BadRecords, CannotPublish
from analysis.importing.extracts import Extract, mapping_of_quarantine
from analysis.importing.importing import import_extract
from analysis.importing.quarantine import ADDED, kinds_of, quarantine_folder, write_quarantine
from analysis.records.vintages import read_vintage

BAD = {"By": "Martians", "Died": "3 November"}


def read(file: str | Path) -> pd.DataFrame:
    return pd.read_csv(file, dtype=str, keep_default_na=False)


def again(folder: Path, file: Path) -> object:
    mapping = mapping_of_quarantine(file, folder / "invented.yml")
    return import_extract(Extract((str(file),), mapping, corrected=True), str(folder / "records"))


def test_a_refused_row_is_kept_whole_with_where_it_stood_and_every_reason(tmp_path: Path) -> None:
    kept = read(import_rows(tmp_path, {}, BAD, BLANK, {}).vintage.quarantine)
    assert list(kept.columns) == [*ROW, *ADDED]
    assert kept.loc[0, list(ROW)].to_dict() == ROW | {"nr": "2", "Name": "Invented 2"} | BAD
    assert kept.loc[1, list(ROW)].to_dict() == BLANK
    # The header is row 1 of the file.
    assert list(kept["quarantine_row"]) == ["3", "4"]
    assert set(kept["quarantine_file"]) == {"source.csv"}
    assert set(kept["quarantine_mapping"]) == {"invented"}
    told = kept.at[0, "quarantine_reasons"]
    assert [word in told for word in ("party: 'Martians'", "date_documented: ", "date_of_death: ")] == [True] * 3


def test_corrected_rows_are_imported_and_the_others_stay_in_quarantine(tmp_path: Path) -> None:
    file = Path(import_rows(tmp_path, {}, BAD, BAD).vintage.quarantine)
    rows = read(file)
    rows.loc[0, list(BAD)] = [ROW[name] for name in BAD]
    rows.to_csv(file, index=False)
    imported = again(tmp_path, file)
    vintage = imported.vintage  # type: ignore[attr-defined]
    assert (vintage.rows_in, vintage.accepted, vintage.quarantined, vintage.withdrawn) == (2, 1, 1, 0)
    left = read(vintage.quarantine)
    assert list(left["nr"]) == ["3"]
    assert list(left[["quarantine_row", "quarantine_file"]].iloc[0]) == ["4", "source.csv"]
    assert read_vintage(str(tmp_path / "records")).rows == 2


def test_somebodys_corrections_are_not_written_over(tmp_path: Path) -> None:
    first = Path(import_rows(tmp_path, {}, BAD).vintage.quarantine)
    assert Path(import_rows(tmp_path, {}, BAD).vintage.quarantine) == first
    first.write_text("corrected", encoding="utf-8")
    second = Path(import_rows(tmp_path, {}, BAD).vintage.quarantine)
    assert second.name == first.name.replace(".csv", "-2.csv")
    assert first.read_text(encoding="utf-8") == "corrected"


def test_quarantine_is_beside_the_table_and_not_in_it() -> None:
    assert quarantine_folder("data/records", "invented") == Path("data/quarantine/invented")
    assert quarantine_folder("s3://bucket/records", "invented") == Path("data/quarantine/invented")


def test_a_quarantine_file_is_not_taken_for_an_extract(tmp_path: Path) -> None:
    file = Path(import_rows(tmp_path, {}, BAD).vintage.quarantine)
    with pytest.raises(BadRecords, match=r"is a quarantine file\. Import it with --quarantine"):
        import_extract(extract_of(file), str(tmp_path / "records"))


def test_an_extract_is_not_taken_for_a_quarantine_file(tmp_path: Path) -> None:
    import_rows(tmp_path, {})
    with pytest.raises(BadRecords, match="is not a quarantine file"):
        mapping_of_quarantine(tmp_path / "source.csv")


def test_a_quarantine_that_cannot_be_written_stops_the_import(tmp_path: Path) -> None:
    (tmp_path / "quarantine").write_text("a file", encoding="utf-8")
    with pytest.raises(CannotPublish, match="Nothing was imported"):
        import_rows(tmp_path, {}, BAD)
    assert not (tmp_path / "records").exists()


def test_nothing_half_written_is_left(tmp_path: Path) -> None:
    write_quarantine(pd.DataFrame({"a": ["1"]}), tmp_path, "0" * 64)
    assert [path.name for path in tmp_path.iterdir()] == ["000000000000.csv"]


def test_reasons_are_counted_by_kind_and_name_no_value_but_codes() -> None:
    advice = "give its code under `values:` in the mapping, or in data/codelists/sexes.aliases.csv"
    code = "party: 'Martians' is in no list: give its code under `values:` in the mapping, or in parties.aliases.csv"
    form = "place: 'A. Person; name: x' is not of the form ^x$"
    shifted = f"sex: 'A. Person' is in no list: {advice}"
    found = kinds_of([code, f"{code}; {form}", f"{shifted}; {form}", ""])
    assert found[code] == 2
    assert found[f"sex: a value is in no list: {advice}"] == 1
    assert not any("A. Person" in kind for kind in found)
