"""How long `toll import` takes for a million rows of 25 columns, and for ten, and how much memory: beside its limits.

    python benchmarks/import_million.py --rows 1000000 10000000

The rows are invented, the same each time, and gone in the end. Then the quality gate looks at one month of them.
Seconds of the clock depend on what else the machine does; seconds of the processor do not.
"""

import argparse
import csv
import sys
import tempfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from measuring import Run, Target, machine, timed, write_page

MILLION = 1_000_000
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


def run(folder: Path, *words: str | Path) -> Run:
    """Run a command on the folder's table; what it prints about these invented rows is not shown."""
    command = [Path(sys.executable).with_name("toll"), *words, "--records", folder / "records"]
    return timed([command], cwd=folder, may_end_with=(0, 1) if words[0] == "quality" else (0,))


def measured(rows: int) -> tuple[Run, Run]:
    """So many rows imported, and the quality gate of one month of them."""
    with tempfile.TemporaryDirectory(prefix="toll-million-") as name:
        folder = Path(name)
        write_rows(folder / "rows.csv", rows)
        (folder / "rows.yml").write_text(MAPPING, encoding="utf-8")
        imported = run(folder, "import", folder / "rows.csv", "--mapping", folder / "rows.yml")
        return imported, run(folder, "quality", MONTH)


def targets(rows: int, imported: Run, gate: Run) -> Iterator[Target]:
    """What there are limits for; how long ten million rows take is not limited."""
    if rows <= MILLION:
        yield Target(f"import of {rows:,} rows", imported.seconds, MOST_SECONDS, "s")
    most = MOST_MIB if rows <= MILLION else MOST_MIB_OF_TEN
    yield Target(f"the most memory of it, {rows:,} rows", imported.mib, most, "MiB")
    yield Target(f"quality gate of a month of these {rows:,} rows", gate.seconds, MOST_OF_GATE, "s")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, nargs="+", default=[MILLION, 10 * MILLION])
    asked, on = parser.parse_args().rows, machine()
    runs = {rows: measured(rows) for rows in asked}
    shown = {
        f"{what}, {rows:,} rows": one
        for rows, both in runs.items()
        for what, one in zip(("import", f"`toll quality {MONTH}`"), both, strict=True)
    }
    found = [target for rows, both in runs.items() for target in targets(rows, *both)]
    write_page("import", "Imports, measured", __doc__ or "", f"{on}; once each", found,
               f"rows of {len(COLUMNS)} columns", shown)  # fmt: skip


if __name__ == "__main__":
    main()
