"""Reports beside the plain way of making them, in one run: a month, many months, and a large table.

    python benchmarks/reports.py --rows 10000000 --rounds 3

The plain way is the same notebook by hand, in the same environment, which has JupyterLab: papermill, then nbconvert for
the HTML and again for the PDF. The straight script is the notebook's cells run one after the other without Jupyter.
Both make the same pages and do not check them. What is measured goes to docs/benchmarks/.
"""

import argparse
import csv
import multiprocessing
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from math import nan
from pathlib import Path

import pyarrow as pa
from deltalake import CommitProperties, DeltaTable, write_deltalake
from measuring import RESULTS, Run, Target, draw, machine, medians, timed, write_page

from analysis.codelists import read_codelist
from analysis.month import Month
from analysis.places import DATA, NOTEBOOKS
from analysis.records.vintages import metadata, read_vintage

BIN, HERE = Path(sys.executable).parent, Path(__file__).parent
EXTRACT, MONTH = DATA / "reconstruction" / "records.csv", "2020-11"
YEARS = range(2013, 2025)
MONTHS = 12 * len(YEARS)


def plain(folder: Path, records: Path) -> Run:
    """A month's HTML and PDF by papermill and nbconvert."""
    convert = BIN / "jupyter", "nbconvert", "--to"
    return timed(
        [
            (BIN / "papermill", NOTEBOOKS / "monthly_report.ipynb", "out.ipynb", "-p", "month", MONTH),
            (*convert, "toll_html", "out.ipynb"),
            (*convert, "toll_pdf", "out.ipynb"),
        ],
        cwd=folder,
        TOLL_RECORDS=str(records),
    )


def straight(folder: Path, records: Path) -> Run:
    """The same by a script without Jupyter."""
    return timed([(BIN / "python", HERE / "straight.py", MONTH, records, folder)], cwd=folder)


def report(folder: Path, records: Path, *more: str) -> Run:
    """The report of the month by `toll report`; what the gate found is kept in the folder, and only there."""
    command = (BIN / "toll", "report", MONTH, "--records", records, "--out", folder / "reports", *more)
    return timed([command], cwd=folder, TOLL_QUALITY=str(folder / "quality"))


def cold(folder: Path, records: Path, *more: str) -> Run:
    """The same with nothing kept from before."""
    shutil.rmtree(folder / "quality", ignore_errors=True)
    return report(folder, records, *more)


def many_years(folder: Path) -> Path:
    """A table of many years: the records of the reconstruction's year again and again, as if of another year each time.

    A party that was not there in a month gives its place to "other".
    """
    with EXTRACT.open(encoding="utf-8", newline="") as opened:
        rows = list(csv.DictReader(opened))
    with (folder / "records.csv").open("w", encoding="utf-8", newline="") as opened:
        writer = csv.DictWriter(opened, rows[0].keys())
        writer.writeheader()
        for year in YEARS:
            writer.writerows(_moved(row, year) for row in rows)
    imported(folder / "records.csv", folder / "many-years")
    return folder / "many-years"


def _moved(row: dict[str, str], year: int) -> dict[str, str]:
    moved = {key: value.replace("2020-", f"{year}-") for key, value in row.items()}
    there = read_codelist("parties").valid(Month.parse(moved["date_documented"][:7]))
    return moved if moved["party"] in there else moved | {"party": "other", "bucket": ""}


def imported(extract: Path, records: Path) -> None:
    subprocess.run([BIN / "toll", "import", extract, "--records", records], check=True, capture_output=True)


def large(small: Path, records: Path, rows: int) -> None:
    """A table of so many records: those of the small one, and copies of them in months that no report of 2020 reads."""
    found = DeltaTable(str(small)).to_pyarrow_table()
    first, months = Month(2004, 1), 168

    def copies() -> Iterator[pa.RecordBatch]:
        yield from found.to_batches()
        for copy in range(rows // found.num_rows):
            month = str(first.shift(copy % months))
            ids = [f"COPY-{copy}-{row}" for row in range(found.num_rows)]
            moved = {"month": [month] * found.num_rows, "record_id": ids}
            table = found
            for name, values in moved.items():
                place = table.schema.get_field_index(name)
                table = table.set_column(
                    place, table.schema.field(name), pa.array(values, table.schema.field(name).type)
                )
            yield from table.combine_chunks().to_batches()

    said = CommitProperties(metadata(read_vintage(str(small))))
    reader = pa.RecordBatchReader.from_batches(found.schema, copies())
    write_deltalake(str(records), reader, partition_by=["month"], commit_properties=said)


class Watched(threading.Thread):
    """The memory of a batch's workers, in MiB by the report that they are at, as /proc has it twice a second."""

    def __init__(self, out: Path) -> None:
        super().__init__(daemon=True)
        self.out, self.ended, self.most = out, threading.Event(), dict[str, float]()

    def run(self) -> None:
        while not self.ended.wait(0.5):
            for partial in self.out.glob(".*.partial-*"):
                when, _, process = partial.name[1:].rpartition(".partial-")
                try:
                    pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
                except OSError:
                    continue
                mib = pages * os.sysconf("SC_PAGE_SIZE") / (1 << 20)
                self.most[when] = max(mib, self.most.get(when, 0))


def batch(folder: Path, records: Path, listed: str) -> tuple[Run, list[float]]:
    """All months by two workers; and the workers' memory month by month."""
    out = folder / "batch"
    watched = Watched(out)
    watched.start()
    command = (BIN / "toll", "batch", listed, "--records", records, "--out", out, "--workers", "2")
    run = timed([command], cwd=folder, TOLL_QUALITY=str(folder / "batch-quality"))
    watched.ended.set()
    return run, [watched.most[when] for when in sorted(watched.most)]


def measure(folder: Path, rows: int, rounds: int) -> tuple[dict[str, Run], list[Target]]:
    """Everything, one after the other in turns, so that other work on the machine falls on all alike."""
    small, big = folder / "small", folder / "large"
    imported(EXTRACT, small)
    # In a process of its own: a child's most memory begins, for Linux, with what its parent holds when it is born.
    making = multiprocessing.get_context("spawn").Process(target=large, args=(small, big, rows))
    making.start()
    making.join()
    ways = {
        "plain: papermill and nbconvert": lambda: plain(folder, small),
        "straight script": lambda: straight(folder, small),
        "toll report, nothing kept": lambda: cold(folder, small),
        "toll report, the gate's findings kept": lambda: report(folder, small),
        "toll report --isolated, nothing kept": lambda: cold(folder, small, "--isolated"),
        f"toll report, {rows:,} records in the table": lambda: cold(folder, big),
    }
    turns = [{name: way() for name, way in ways.items()} for _ in range(rounds)]
    runs = {name: medians([turn[name] for turn in turns]) for name in ways}
    many, memory = batch(folder, many_years(folder), f"{YEARS[0]}-01..{YEARS[-1]}-12")
    each = f"toll batch, two workers, {MONTHS} months: each"
    runs[each] = Run(many.seconds / MONTHS, nan, max(memory, default=nan))
    grown = max(memory[-24:], default=nan) - max(memory[12:36], default=nan)
    return runs, list(_targets(*runs.values(), grown, rows))


def _targets(by_hand: Run, script: Run, first: Run, again: Run, _: Run, of_large: Run, each: Run, grown: float,
             rows: int) -> Iterator[Target]:  # fmt: skip
    yield Target("a month: toll report to the plain way", first.seconds / by_hand.seconds, 0.40, "")
    yield Target("the same with the gate's findings kept", again.seconds / by_hand.seconds, 0.30, "")
    yield Target("a month: toll report to the straight script", first.seconds / script.seconds, 1.15, "")
    yield Target("a month of toll batch", each.seconds, 1.5, "s")
    yield Target("the plain way to a month of toll batch", by_hand.seconds / each.seconds, 10, "times", at_least=True)
    yield Target(f"a month with {rows:,} records in the table to one with 1,734", of_large.seconds / first.seconds, 1.2,
                 "times")  # fmt: skip
    yield Target("most memory of a process, small table", first.mib, 600, "MiB")
    yield Target("most memory of a process, large table", of_large.mib, 600, "MiB")
    yield Target(f"growth of a worker from months 13-36 to months {MONTHS - 23}-{MONTHS}", grown, 50, "MiB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    asked, on, began = parser.parse_args(), machine(), time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="toll-bench-") as name:
        runs, targets = measure(Path(name), asked.rows, asked.rounds)
    draw({name: run.seconds for name, run in runs.items()}, RESULTS / "reports.svg")
    how = f"{on}; medians of {asked.rounds} turns; {time.perf_counter() - began:,.0f} seconds in all"
    write_page("reports", "Reports, measured", __doc__ or "", how, targets, "a month's report, HTML and PDF", runs)


if __name__ == "__main__":
    main()
