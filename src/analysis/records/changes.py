"""New and changed records on their way into the table: in a file, a month at a time, and not in memory all at once."""

import tempfile
from collections import defaultdict
from collections.abc import Iterable

import pyarrow as pa
import pyarrow.compute as pc

from analysis.records.contract import arrow_schema
from analysis.records.table import IMPORTED_AS


def table_schema() -> pa.Schema:
    """The contract's fields and `month`; the mapping each record came by, and a digest of what it says."""
    return pa.schema([*arrow_schema(), IMPORTED_AS, pa.field("digest", pa.string())])


class Changes:
    """Records that are added some at a time, and read again month by month.

    The file has no name, so that nobody else can open it and nothing of it stays, whatever becomes of this process.
    """

    def __init__(self, tables: Iterable[pa.Table] = ()) -> None:
        self.num_rows = 0
        self._file = tempfile.TemporaryFile(prefix="toll-import-")  # noqa: SIM115 (it is closed with the object)
        packed = pa.ipc.IpcWriteOptions(compression="lz4")
        self._writer = pa.ipc.new_file(self._file, table_schema(), options=packed)
        self._reader: pa.ipc.RecordBatchFileReader | None = None
        self._ids: list[pa.ChunkedArray] = []
        self._places: defaultdict[str, list[int]] = defaultdict(list)
        self._batches = 0
        for table in tables:
            self.add(table)

    def add(self, records: pa.Table) -> None:
        """Add records in the columns of the table."""
        self._ids.append(records["record_id"])
        self.num_rows += records.num_rows
        records = records.sort_by("month").combine_chunks()
        runs, start = pc.run_end_encode(records["month"].combine_chunks()), 0
        for month, end in zip(runs.values.to_pylist(), runs.run_ends.to_pylist(), strict=True):
            for batch in records.slice(start, end - start).to_batches():
                self._writer.write_batch(batch)
                self._places[month].append(self._batches)
                self._batches += 1
            start = end

    @property
    def ids(self) -> pa.Array:
        """The ids of all records."""
        return pa.chunked_array(self._ids, pa.string()).combine_chunks()

    @property
    def months(self) -> list[str]:
        return sorted(self._places)

    def of_month(self, month: str) -> list[pa.RecordBatch]:
        """The records of a month, in the order in which they were added. After that, none can be added."""
        if self._reader is None:
            self._writer.close()
            self._reader = pa.ipc.open_file(self._file)
        return [self._reader.get_batch(place) for place in self._places[month]]
