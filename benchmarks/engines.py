"""What each engine takes to count a month and a year of made records, and whether all count the same, claim by claim.

Writes the runs to docs/benchmarks/engines.json and the page beside it, docs/benchmarks/engines.md, from these alone.
Seconds of the clock depend on what else the machine does; seconds of the processor hardly do, and all conclusions are
drawn from these.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from statistics import median
from typing import Any

import psutil
from engines_page import Run, page
from made_records import write_made

SIZES = (1_000, 100_000, 1_000_000, 10_000_000)
ENGINES = ("pandas", "duckdb", "dask", "spark")
ASKED = ("2020-11", "2020")


def count_once(engine: str, when: str, location: str) -> dict[str, Any]:
    """Count in this process; how long the tally took of it, without waiting for the engine."""
    from analysis.period import parse_when
    from analysis.toll import counting
    from analysis.toll.engine_counts import engine_counts

    spent, tally = [0.0], counting.tally

    def timed(batches: Iterator[Any], *asked: Any) -> Any:
        def waiting() -> Iterator[Any]:
            while True:
                began = time.thread_time()
                batch = next(batches, None)
                spent[0] -= time.thread_time() - began
                if batch is None:
                    return
                yield batch

        began = time.thread_time()
        found = tally(waiting(), *asked)
        spent[0] += time.thread_time() - began
        return found

    counting.tally = timed
    ledger = engine_counts(parse_when(when), location=location, engine=engine)  # type: ignore[arg-type]
    return {"tally": spent[0], "claims": [asdict(one) for one in ledger.values()]}


def measure(rows: int, engine: str, when: str, location: str) -> tuple[Run, Any]:
    """Count in a process of its own, watched with all that it starts, and the claims it makes."""
    began = time.perf_counter()
    with tempfile.TemporaryFile("w+") as answer:
        command = [sys.executable, __file__, "--one", engine, when, location]
        child = subprocess.Popen(command, stdout=answer, stderr=subprocess.DEVNULL)
        processor, most = watch(psutil.Process(child.pid))
        if child.wait():
            raise SystemExit(f"{engine} did not count {when} of {rows:,} records.")
        seconds = time.perf_counter() - began
        answer.seek(0)
        said = json.load(answer)
    return Run(rows, engine, when, seconds, processor, said["tally"], most), said["claims"]


def watch(process: psutil.Process) -> tuple[float, float]:
    """Processor seconds and the most MiB of a process and all that it starts, until it ends."""
    used: dict[int, float] = {}
    most = 0
    while process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
        memory = 0
        for one in (process, *process.children(recursive=True)):
            try:
                times = one.cpu_times()
                used[one.pid] = times.user + times.system
                memory += one.memory_info().rss
            except psutil.NoSuchProcess:
                continue
        most = max(most, memory)
        time.sleep(0.1)
    return sum(used.values()), most / (1 << 20)


def differences(claims: dict[str, Any]) -> list[str]:
    """The engines that do not make exactly the claims that pandas makes."""
    return [engine for engine, made in claims.items() if made != claims["pandas"]]


def measure_all(sizes: Sequence[int], repeats: int, folder: Path) -> tuple[list[Run], dict[str, int]]:
    """Every size, engine and period; the median of the repeats, and how many claims were compared and found equal."""
    runs, compared = [], {}
    for rows in sizes:
        location = str(folder / str(rows))
        if not Path(location).exists():
            write_made(location, rows)
        for when in ASKED:
            claims = {}
            for engine in ENGINES:
                found = [measure(rows, engine, when, location) for _ in range(1 if rows >= 5_000_000 else repeats)]
                runs.append(middle([run for run, _ in found]))
                claims[engine] = found[0][1]
                print(runs[-1], file=sys.stderr, flush=True)
            if wrong := differences(claims):
                raise SystemExit(f"{', '.join(wrong)} and pandas do not count {when} of {rows:,} records alike.")
            compared[f"{when} of {rows:,} records"] = len(claims["pandas"])
    return runs, compared


def middle(runs: Sequence[Run]) -> Run:
    first = runs[0]
    mid = {name: median(getattr(run, name) for run in runs) for name in ("clock", "processor", "tally", "mib")}
    return Run(first.rows, first.engine, first.when, **mid)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--folder", type=Path, help="where the made tables are kept, for another run")
    parser.add_argument("--out", type=Path, default=Path("docs/benchmarks"), help="the folder of engines.json and .md")
    parser.add_argument("--one", nargs=3, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        return json.dump(count_once(*given.one), sys.stdout)
    with tempfile.TemporaryDirectory(prefix="toll-engines-") as scratch:
        runs, compared = measure_all(sorted(given.sizes), given.repeats, given.folder or Path(scratch))
    told = {"cores": os.cpu_count() or 1, "compared": compared, "runs": [asdict(run) for run in runs]}
    given.out.mkdir(parents=True, exist_ok=True)
    (given.out / "engines.json").write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    (given.out / "engines.md").write_text(page(runs, compared, told["cores"]), encoding="utf-8")
    return None


if __name__ == "__main__":
    main()
