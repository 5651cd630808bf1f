"""The page that benchmarks/engines.py writes: what was measured, from which size on which engine pays, what more
machines would do. Every figure in it is computed from the runs.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Run:
    """One count: seconds of the clock, of the processor and of these in the tally, and the most MiB at any moment."""

    rows: int
    engine: str
    when: str
    clock: float
    processor: float
    tally: float
    mib: float


@dataclass(frozen=True)
class Cost:
    """What an engine takes in processor seconds: to begin with, and for each million records, in the tally too."""

    begin: float
    million: float
    tally: float

    def seconds(self, millions: float, cores: int = 1) -> float:
        """On so many cores: what begins and what is tallied is done by one, all else is shared."""
        return self.begin + self.tally * millions + (self.million - self.tally) * millions / cores


CLUSTERS, MILLIONS = (2, 8, 32, 128), (10, 100, 1000)
MEMORY = (8, 16, 64)


def page(runs: Sequence[Run], compared: Mapping[str, int], cores: int) -> str:
    """The page as Markdown; what is concluded is concluded from the longer of the periods counted."""
    when = min((one.when for one in runs), key=len)
    engines = dict.fromkeys(one.engine for one in runs)
    costs = {engine: cost([one for one in runs if (one.engine, one.when) == (engine, when)]) for engine in engines}
    sections = (_head(compared, cores), _measured(runs), _pays(costs, when), _memory(runs, when), _cluster(costs, when))
    return "\n".join(line for section in sections for line in (*section, ""))


def cost(runs: Sequence[Run]) -> Cost:
    """An engine's costs, from its smallest run and its largest."""
    small, large = min(runs, key=lambda one: one.rows), max(runs, key=lambda one: one.rows)
    millions = (large.rows - small.rows) / 1e6
    million = (large.processor - small.processor) / millions
    return Cost(small.processor - million * small.rows / 1e6, million, large.tally / (large.rows / 1e6))


def equal_from(one: Cost, other: Cost) -> float | None:
    """From how many million records on `one` takes no longer than `other` on one core; None where it never does."""
    if one.million >= other.million:
        return 0.0 if one.begin <= other.begin and one.million == other.million else None
    return max(0.0, (one.begin - other.begin) / (other.million - one.million))


def _head(compared: Mapping[str, int], cores: int) -> Iterator[str]:
    yield "# Engines, measured"
    yield ""
    yield "Written by `make bench-engines`, no figure typed. How to choose an engine: [engines.md](../engines.md)."
    yield ""
    yield f"The machine has {cores} cores. All conclusions are drawn from seconds of the processor, which depend less"
    yield "on what else a machine does. Each engine made the same claims as pandas, compared one by one (value, unit,"
    yield "rule, words, records, digest):"
    yield ""
    yield from (f"- {what}: {claims:,} claims, equal in all engines" for what, claims in compared.items())


def _measured(runs: Sequence[Run]) -> Iterator[str]:
    yield "## Measured"
    yield ""
    yield "Tally: those of the processor's seconds in which the ordered records are tallied and their ids digested."
    yield ""
    yield "| records in the table | counted | engine | clock, s | processor, s | tally, s | memory, MiB |"
    yield "|--:|--|--|--:|--:|--:|--:|"
    for one in sorted(runs, key=lambda run: (run.rows, len(run.when) == 4, _place(run.engine))):
        numbers = f"{one.clock:.1f} | {one.processor:.1f} | {one.tally:.1f} | {one.mib:,.0f}"
        yield f"| {one.rows:,} | {one.when} | {one.engine} | {numbers} |"


def _pays(costs: Mapping[str, Cost], when: str) -> Iterator[str]:
    yield "## From which size on"
    yield ""
    yield f"From the smallest and the largest run of {when}: seconds of the processor to begin with and for each"
    yield "million records, and from how many records on an engine takes no more of them than pandas."
    yield ""
    yield "| engine | to begin, s | a million records, s | of these tally, s | takes no more than pandas from |"
    yield "|--|--:|--:|--:|--|"
    for engine, one in costs.items():
        even = equal_from(one, costs["pandas"])
        said = "–" if engine == "pandas" else "never" if even is None else f"{even * 1e6:,.0f} records"
        yield f"| {engine} | {one.begin:.1f} | {one.million:.2f} | {one.tally:.2f} | {said} |"


def _memory(runs: Sequence[Run], when: str) -> Iterator[str]:
    yield "## Until which size it fits"
    yield ""
    yield "From the same two runs: memory for each million records, and how many million fit into a machine's memory."
    yield "There pandas ends, whatever its seconds; DuckDB and Spark then use the disk, and how fast was not measured."
    yield ""
    yield f"| engine | a million records, MiB | {' | '.join(f'{one} GiB' for one in MEMORY)} |"
    yield f"|--|--:|{'--:|' * len(MEMORY)}"
    for engine in dict.fromkeys(one.engine for one in runs):
        of = sorted((one for one in runs if (one.engine, one.when) == (engine, when)), key=lambda one: one.rows)
        small, large = of[0], of[-1]
        million = (large.mib - small.mib) / ((large.rows - small.rows) / 1e6)
        fits = [f"{max(0.0, (one * 1024 - small.mib) / million):,.0f}" for one in MEMORY]
        yield f"| {engine} | {million:,.0f} | {' | '.join(fits)} |"


def _cluster(costs: Mapping[str, Cost], when: str) -> Iterator[str]:
    spark, one = costs["spark"], costs["duckdb"]
    yield "## What a cluster would do"
    yield ""
    yield "Computed, not measured, for Spark: to begin + tally × millions + (a million - tally) × millions / cores."
    yield "What begins and the tally are done by one core: the digest is one SHA-256 over all ids in order; it cannot"
    yield "be shared. The network between machines is left out: these are the least seconds that it would take."
    yield ""
    head = " | ".join(f"{cores} cores, s" for cores in CLUSTERS)
    yield f"| million records in the table, counting {when} | {head} | of these tally, s | DuckDB, 2 cores, s |"
    yield f"|--:|{'--:|' * (len(CLUSTERS) + 2)}"
    for millions in MILLIONS:
        seconds = " | ".join(f"{spark.seconds(millions, cores):,.0f}" for cores in CLUSTERS)
        alone = one.seconds(millions, 2)
        yield f"| {millions:,} | {seconds} | {spark.tally * millions:,.0f} | {alone:,.0f} |"
    yield ""
    yield from (f"Of {millions:,} million records {faster_than(spark, one, millions)}." for millions in MILLIONS[-1:])


def faster_than(spark: Cost, alone: Cost, millions: float) -> str:
    """From how many cores on Spark is faster than DuckDB on two."""
    limit = alone.seconds(millions, 2)
    enough = next((cores for cores in range(1, 4097) if spark.seconds(millions, cores) < limit), None)
    return (
        f"Spark is faster than DuckDB on two cores from {enough:,} cores on"
        if enough
        else ("Spark is faster than DuckDB on two cores with no number of cores")
    )


def _place(engine: str) -> int:
    return ("pandas", "duckdb", "dask", "spark").index(engine)
