"""Random damage to a file: no row is lost, no vintage is half written, and what is refused is refused in words."""

import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

import pytest
from deltalake import DeltaTable
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from invented_source import extract_of, source_rows, write_source

from analysis.errors import ReportError
from analysis.importing.importing import import_extract

ROWS = source_rows({}, {"Age": "0"}, {"Died": "0000-00-00"}, {"list": "injured"}, {"Name": "مُختلَق"}, {"remark": "a\nb"})

# Where (as a share of the file), how many bytes go, and what comes in their place.
damages = st.lists(
    st.tuples(
        st.floats(0, 1),
        st.integers(0, 40),
        st.one_of(st.binary(max_size=12), st.sampled_from([b'"', b",", b"\n", b"\r", b"\0", b"\xff", b'"\n"', b",,,"])),
    ),
    min_size=1,
    max_size=4,
)


def damaged(content: bytes, damage: list[tuple[float, int, bytes]]) -> bytes:
    for where, gone, come in damage:
        at = int(where * len(content))
        content = content[:at] + come + content[at + gone :]
    return content


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the file, its mapping and the table that it was imported into."""
    folder = tmp_path_factory.mktemp("whole")
    import_extract(extract_of(write_source(folder / "source.csv", ROWS)), str(folder / "records"))
    return folder


@settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(damage=damages)
def test_damage_loses_no_row_and_leaves_no_half_vintage(whole: Path, damage: list[tuple[float, int, bytes]]) -> None:
    with tempfile.TemporaryDirectory(prefix="toll-damage-") as name:
        folder = Path(shutil.copytree(whole, Path(name) / "copy"))
        file, table = folder / "source.csv", folder / "records"
        file.write_bytes(damaged(file.read_bytes(), damage))
        before = DeltaTable(table).to_pyarrow_table()
        with suppress(ReportError):
            vintage = import_extract(extract_of(file), str(table)).vintage
            after = DeltaTable(table).to_pyarrow_table()
            assert vintage.rows_in == vintage.accepted + vintage.quarantined + vintage.left_out
            assert vintage.accepted == vintage.new + vintage.changed + vintage.unchanged
            assert after.num_rows == before.num_rows + vintage.new == vintage.rows
            assert set(before["record_id"].to_pylist()) <= set(after["record_id"].to_pylist())
            assert bool(vintage.quarantined) == (vintage.quarantine != "")
            return
        assert DeltaTable(table).version() == 0, "a refused file leaves the table as it was"
