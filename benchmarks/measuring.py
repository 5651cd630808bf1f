"""Measuring a command, and writing down what was measured beside what it should be: a table and a chart."""

import os
import platform
import subprocess
import sys
import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import isnan
from pathlib import Path
from statistics import median

from matplotlib import rc_context
from matplotlib.figure import Figure

from analysis.places import ROOT

RESULTS = ROOT / "docs" / "benchmarks"


@dataclass(frozen=True)
class Run:
    """One run of commands one after the other: seconds of the clock and of the processor, the most MiB of a process."""

    seconds: float
    processor: float
    mib: float


@dataclass(frozen=True)
class Target:
    """A measured figure beside the most, or with `at_least` the least, that it may be; the rest of its row in words."""

    name: str
    measured: float
    limit: float
    unit: str
    at_least: bool = False

    @property
    def met(self) -> bool:
        return self.measured >= self.limit if self.at_least else self.measured <= self.limit


def timed(
    commands: Iterable[Sequence[str | Path]], *, cwd: Path, may_end_with: Collection[int] = (0,), **environment: str
) -> Run:
    """Run commands one after the other, each to a good end, and measure them together."""
    began, processor, mib = time.perf_counter(), 0.0, 0.0
    for command in commands:
        with (cwd / "output.txt").open("w") as output:
            words = [str(word) for word in command]
            process = subprocess.Popen(words, cwd=cwd, env={**os.environ, **environment}, stdout=output, stderr=output)
            _, status, used = os.wait4(process.pid, 0)
        if os.waitstatus_to_exitcode(status) not in may_end_with:
            sys.exit(f"{' '.join(words)} ended with {status}:\n{(cwd / 'output.txt').read_text()[-2000:]}")
        processor += used.ru_utime + used.ru_stime
        mib = max(mib, used.ru_maxrss / (1 << 20 if sys.platform == "darwin" else 1 << 10))
    return Run(time.perf_counter() - began, processor, mib)


def medians(runs: Sequence[Run]) -> Run:
    """The median of each figure: other work on the machine lengthens some runs, and shortens none."""
    return Run(*(median(getattr(run, name) for run in runs) for name in ("seconds", "processor", "mib")))


def machine() -> str:
    """What it was measured on, and how busy that was with other work."""
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    return f"{os.cpu_count()} cores, Python {platform.python_version()}, {platform.system()}; load before: {load}"


def table_of(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table in Markdown."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def targets_table(targets: Iterable[Target]) -> str:
    """Each figure with its target, and whether it is met."""
    rows = [
        (one.name, f"{one.measured:,.2f} {one.unit}".strip(),
         f"{'at least' if one.at_least else 'at most'} {one.limit:g} {one.unit}".strip(),
         "met" if one.met else "NOT met")
        for one in targets
    ]  # fmt: skip
    return table_of(("what", "measured", "target", ""), rows)


def write_page(
    name: str, heading: str, doc: str, how: str, targets: Iterable[Target], head: str, runs: Mapping[str, Run]
) -> None:
    """Write docs/benchmarks/<name>.md, and print it; `doc` is the benchmark's own, whose end says what is compared."""
    about = " ".join(doc.split("\n\n")[-1].split())
    rows = [
        (told, f"{run.seconds:,.1f}", "" if isnan(run.processor) else f"{run.processor:,.1f}", f"{run.mib:,.0f}")
        for told, run in runs.items()
    ]
    picture = f"![{heading}: seconds of each]({name}.svg)\n\n" if (RESULTS / f"{name}.svg").is_file() else ""
    text = (
        f"# {heading}\n\nWritten by `make bench`; no figure here is typed by hand. {how}. {about}\n\n"
        f"{targets_table(targets)}\n{picture}{table_of((head, 'seconds', 'of the processor', 'MiB'), rows)}"
    )
    (RESULTS / f"{name}.md").write_text(text, encoding="utf-8")
    print(text)


def draw(seconds: dict[str, float], file: Path) -> None:
    """A bar for each way of making a month's report, in seconds of the clock."""
    with rc_context({"svg.hashsalt": "benchmarks", "font.size": 9}):
        figure = Figure(figsize=(8, 0.45 * len(seconds) + 0.6), layout="constrained")
        axes = figure.subplots()
        bars = axes.barh([*seconds], [*seconds.values()], color="#5b6b7a")
        axes.bar_label(bars, fmt="%.1f s", padding=4)
        axes.invert_yaxis()
        axes.spines[["top", "right"]].set_visible(False)
        axes.set_xlabel("seconds of the clock for a month's report, HTML and PDF")
        axes.set_xlim(0, 1.12 * max(seconds.values()))
        figure.savefig(file, metadata={"Date": None})
