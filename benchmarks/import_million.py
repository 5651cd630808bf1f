"""How long `toll import` takes for a million rows of 25 columns, and how much memory: beside what it may take.

    python benchmarks/import_million.py --rows 10000000

The rows are invented, the same each time, and gone in the end. Then the quality gate looks at one month of them.
Seconds of the clock depend on what else the machine does; seconds of the processor do not.
"""

import argparse
import csv
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

MOST_SECONDS, MOST_MIB = 60, 2048  # for a million rows
MOST_MIB_OF_TEN = 4096  # for ten million; how long that takes is not limited
MONTH, MOST_OF_GATE = "2016-05", 45
FIRST_DAY, DAYS = date(2011, 3, 1), 3600
GIVEN, FAMILY = ("Amal", "Basil", "Dunya", "Farid", "Hala", "Jamil", "Lina"), ("Northwind", "Southgate", "Eastlake")
SEX = ("M", "F", "M", "M", "")
PLACES = ("Idlib", "Aleppo", "Homs", "Hama", "Daraa", "Rif Dimashq", "")
PARTIES = ("army", "army", "army", "others", "")
CAUSES = ("Shelling by artillery", "Air strike", "Shot by a sniper", "Torture in detention", "not known")
OCCUPATIONS = ("", "", "Farmer", "Doctor", "Reporter", "Teacher")
COLUMNS = (
    *("nr", "name", "sex", "age", "status", "died", "documented", "arrested", "governorate", "town", "origin"),
    *("party", "cause", "occupation", "remark", "latitude", "longitude", "event", "list", "source", "link"),
    *("entered_by", "entered_on", "photos", "checked"),
)
MAPPING = """
source: invented-million
title: Invented rows for measuring
producer: nobody
complete: true
record_id: {prefix: M-, columns: [nr]}
keep: [{column: list, not_in: [injured]}]
fields:
  name: {column: name}
  sex: {column: sex, values: {M: male, F: female}}
  age: {column: age, blank: ["0"]}
  status: {column: status, values: {Civilian: civilian, Fighter: combatant}}
  verification: {constant: verified}
  date_of_death: {column: died, unknown: ["0000-00-00"], dates: ["%d/%m/%Y"]}
  date_documented: {column: documented, dates: ["%Y-%m-%d"]}
  date_of_arrest: {column: arrested, dates: ["%Y-%m-%d"]}
  governorate: {column: governorate}
  governorate_of_origin: {column: origin}
  place: {column: town, match: "(?P<value>[^:]+)$"}
  party: {column: party, values: {army: syrian_regime, others: other}}
  bucket:
    column: cause
    when: [{column: party, in: [others]}]
    patterns: {"(?i)shot": unknown_gunfire}
    unresolved: not_recorded
  cause:
    column: cause
    patterns: {"(?i)air": air_attack, "(?i)shell": shelling, "(?i)shot": shooting, "(?i)torture": torture, ".": other}
  torture: {column: cause, patterns: {"(?i)torture": "true", ".": "false"}}
  occupation:
    column: occupation
    patterns: {Doctor: medical, Reporter: media, ".": another}
  description: {column: remark}
  latitude: {column: latitude}
  longitude: {column: longitude}
  incident_id: {column: event}
  sources: {constant: '[{"kind": "database", "reference": "Invented rows"}]'}
"""


def row(nr: int) -> list[str]:
    """One invented row: every 50th is of an injured person, every 1001st names a place that is in no list."""
    died = FIRST_DAY + timedelta(days=nr % DAYS)
    documented = died + timedelta(days=nr % 45)
    return [
        *(f"{nr}", f"{GIVEN[nr % 7]} {FAMILY[nr % 3]} {nr}", SEX[nr % 5], f"{nr % 83}"),
        *("Fighter" if nr % 11 == 0 else "Civilian", f"{died:%d/%m/%Y}", f"{documented}", f"{died}" * (nr % 9 == 0)),
        *("Atlantis" if nr % 1001 == 0 else PLACES[nr % 7], f"Town: quarter {nr % 4001}", PLACES[nr % 6]),
        *(
            PARTIES[nr % 5],
            CAUSES[nr % 5],
            OCCUPATIONS[nr % 6],
            f"What is said of case {nr}, in some words." * (nr % 2),
        ),
        *(
            f"3{nr % 7}.{nr % 997:03}",
            f"3{nr % 6}.{nr % 991:03}",
            f"E-{nr // 4}",
            "injured" if nr % 50 == 0 else "dead",
        ),
        *(f"volunteer {nr % 40}", f"https://example.org/{nr}", f"clerk {nr % 12}", f"{documented}", f"{nr % 4}", "yes"),
    ]


def write_rows(file: Path, rows: int) -> None:
    with file.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.writer(opened)
        writer.writerow(COLUMNS)
        writer.writerows(map(row, range(1, rows + 1)))


def run(folder: Path, *words: str | Path) -> tuple[float, float, float]:
    """Run a command; the seconds of the clock, those of the processor, and the most MiB at any moment so far."""
    command = [Path(sys.executable).with_name("toll"), *words, "--records", folder / "records"]
    began, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    # The gate's findings in these rows are nobody's: what it says of them is not shown.
    subprocess.run(command, check=words[0] == "import", stdout=subprocess.DEVNULL if words[0] == "quality" else None,
                   stderr=subprocess.STDOUT)  # fmt: skip
    seconds, used = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    # Linux counts in KiB, macOS in bytes.
    processor = used.ru_utime + used.ru_stime - before.ru_utime - before.ru_stime
    return seconds, processor, used.ru_maxrss / (1 << 20 if sys.platform == "darwin" else 1 << 10)


def report(rows: int, imported: tuple[float, float, float], gate: tuple[float, float, float]) -> Iterator[str]:
    seconds, processor, mib = imported
    most = MOST_MIB if rows <= 1_000_000 else MOST_MIB_OF_TEN
    limit = f"at most {MOST_SECONDS} s: {'met' if seconds < MOST_SECONDS else 'NOT met'}"
    yield f"{rows:,} rows of {len(COLUMNS)} columns"
    yield f"{seconds:8.1f} s    {limit if rows <= 1_000_000 else ''}"
    yield f"{processor:8.1f} s    of the processor"
    yield f"{mib:8.0f} MiB  at most {most} MiB: {'met' if mib < most else 'NOT met'}"
    said = "met" if gate[0] < MOST_OF_GATE else "NOT met"
    yield f"{gate[0]:8.1f} s    `toll quality {MONTH}`, at most {MOST_OF_GATE} s: {said}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    rows = parser.parse_args().rows
    with tempfile.TemporaryDirectory(prefix="toll-million-") as name:
        folder = Path(name)
        write_rows(folder / "rows.csv", rows)
        (folder / "rows.yml").write_text(MAPPING, encoding="utf-8")
        imported = run(folder, "import", folder / "rows.csv", "--mapping", folder / "rows.yml")
        print(*report(rows, imported, run(folder, "quality", MONTH)), sep="\n")


if __name__ == "__main__":
    main()
