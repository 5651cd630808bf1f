"""Every month of the VDC's public list in one batch, each month's toll beside a count of the raw file by DuckDB.

    python benchmarks/vdc_months.py victims.csv

The list is not redistributed: bring your own copy. A month that its gate stops has no report; `toll count` counts it
all the same, and its toll is compared as the others are.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import duckdb
from measuring import table_of

from analysis.month import Month
from analysis.records.table import months_held
from analysis.toll.engine_counts import engine_counts

BIN = Path(sys.executable).parent
CLAIMS = ("civilians.month", "civilians.month.children", "civilians.month.women")
RAW = """select strftime(try_cast("Date of death" as date), '%Y-%m') as month, count(*),
    count(*) filter (Sex like 'Child%'), count(*) filter (Sex like 'Adult%Female%')
  from read_csv(?, all_varchar = true) where Status = 'Civilian' group by month having month is not null"""

Tolls = dict[str, tuple[int, ...]]


def raw_tolls(file: Path) -> Tolls:
    """Civilians, children and women among them, by month of death, from the file as it is."""
    return {month: tuple(tolls) for month, *tolls in duckdb.execute(RAW, [str(file)]).fetchall()}


def reported(out: Path, month: str) -> tuple[int, ...]:
    """The same from a finished report; () where there is none."""
    try:
        claims = {one["id"]: one["value"] for one in json.loads((out / month / "claims.json").read_text("utf-8"))}
    except FileNotFoundError:
        return ()
    return tuple(claims[claim] for claim in CLAIMS)


def counted(records: str, month: str) -> tuple[int, ...]:
    """The same from the records table, whatever the gate says of the month."""
    ledger = engine_counts(Month.parse(month), location=records, engine="duckdb")
    return tuple(ledger.count(claim) for claim in CLAIMS)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--workers", default="2")
    asked = parser.parse_args()
    raw = raw_tolls(asked.file)
    with tempfile.TemporaryDirectory(prefix="toll-vdc-") as name:
        records, out = str(Path(name, "records")), Path(name, "reports")
        source = ("--source", "vdc-syria", "--records", records)
        subprocess.run([BIN / "toll", "import", asked.file, *source], check=True, stdout=subprocess.DEVNULL)
        months = [str(month) for month in months_held(records)]
        command: list[str | Path] = [
            BIN / "toll",
            "batch",
            ",".join(months),
            "--records",
            records,
            "--out",
            out,
            "--json",
        ]
        environment = {**os.environ, "TOLL_QUALITY": str(Path(name, "quality"))}
        ran = subprocess.run([*command, "--workers", asked.workers], env=environment, capture_output=True, text=True)
        answer = json.loads(ran.stdout)
        rows = []
        for one in answer["reports"]:
            month, kind = one["when"], one["kind"]
            toll = reported(out, month) or counted(records, month)
            same = toll == raw.get(month, (0, 0, 0))
            rows.append((month, kind, *map(str, toll), "equal" if same else "NOT equal", one["said"].split(" — ")[0]))
    shown = [row if row[1] != "made" else (*row[:-1], "") for row in rows]
    print(table_of(("month", "outcome", "killed", "children", "women", "raw file", "said"), shown))
    made, wrong = sum(row[1] == "made" for row in rows), [row[0] for row in rows if row[5] != "equal"]
    lost = sorted(set(raw) - set(months))
    print(f"{len(rows)} months in {answer['seconds']:.0f} s, {made} reports made. {len(rows) - len(wrong)} tolls are "
          f"equal to the raw file's; the table lacks of its months: {', '.join(lost) or 'none'}")  # fmt: skip
    sys.exit(bool(wrong or lost))


if __name__ == "__main__":
    main()
