"""Records on their way into the table: what was added comes back by month, from a file that nobody can find."""

import tempfile
from pathlib import Path

import pyarrow as pa
import pytest

from analysis.records.changes import Changes, table_schema


def table(*rows: tuple[str, str]) -> pa.Table:
    """Invented records: an id and a month each, all else blank."""
    told = {"record_id": [one for one, _ in rows], "month": [month for _, month in rows]}
    blank = [None] * len(rows)
    columns = [pa.array(told.get(field.name, blank), field.type) for field in table_schema()]
    return pa.table(columns, schema=table_schema())


def test_records_come_back_month_by_month_in_the_order_in_which_they_were_added() -> None:
    changes = Changes([table(("b", "2020-02"), ("a", "2020-01"), ("c", "2020-02")), table(), table(("d", "2020-01"))])
    assert changes.months == ["2020-01", "2020-02"]
    assert changes.num_rows == 4
    assert sorted(changes.ids.to_pylist()) == ["a", "b", "c", "d"]
    found = {
        month: [one for batch in changes.of_month(month) for one in batch["record_id"].to_pylist()]
        for month in ("2020-02", "2020-01", "1999-01")
    }
    assert found == {"2020-02": ["b", "c"], "2020-01": ["a", "d"], "1999-01": []}


def test_no_file_of_the_records_is_left_for_others_to_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    changes = Changes([table(("a", "2020-01"))])
    assert list(tmp_path.iterdir()) == []
    assert changes.of_month("2020-01")[0].num_rows == 1
