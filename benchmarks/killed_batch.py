"""A batch that is ended ten times at random moments and gone on with: does it give the folder of one left alone?

    python benchmarks/killed_batch.py --kills 10 --seed 1

Every month of 2020 and the year, by two workers. It is ended as Ctrl-C does it, as a machine that shuts down does it,
or, most often, with kill -9 for all of its processes at once. After each end every report that is there must be whole.
"""

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from analysis.files import files_of, sha256_of
from analysis.places import DATA

BIN, EXTRACT = Path(sys.executable).parent, DATA / "reconstruction" / "records.csv"
LISTED = "2020-01..2020-12,2020"
SIGNS = (signal.SIGKILL, signal.SIGKILL, signal.SIGTERM, signal.SIGINT)


def begin(folder: Path, out: str) -> subprocess.Popen[bytes]:
    """The batch in a group of processes of its own; what the gate finds is kept where no other run keeps it."""
    command: list[str | Path] = [
        BIN / "toll",
        "batch",
        LISTED,
        "--records",
        folder / "records",
        "--out",
        folder / out,
        "--workers",
        "2",
    ]
    environment = {**os.environ, "TOLL_QUALITY": str(folder / f"{out}-quality")}
    return subprocess.Popen(command, cwd=folder, env=environment, start_new_session=True,
                            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip


def reports(out: Path) -> dict[str, dict[str, str]]:
    """The digest of each file of each report, and of what the batch keeps beside them."""
    folders = [one for one in sorted(out.iterdir()) if one.is_dir() and ".partial-" not in one.name]
    return {one.name: {name: sha256_of(path) for name, path in files_of(one).items()} for one in folders}


def ended(folder: Path, sign: signal.Signals, after: float) -> dict[str, dict[str, str]]:
    """Go on with the batch, end it after so many seconds, and look at what is there."""
    process = begin(folder, "killed")
    time.sleep(after)
    if sign == signal.SIGKILL:
        os.killpg(process.pid, sign)
    else:
        process.send_signal(sign)
    process.wait()
    return {name: files for name, files in reports(folder / "killed").items() if not name.startswith(".")}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10_000))
    asked = parser.parse_args()
    chance = random.Random(asked.seed)
    with tempfile.TemporaryDirectory(prefix="toll-killed-") as name:
        folder = Path(name)
        subprocess.run([BIN / "toll", "import", EXTRACT, "--records", folder / "records"], check=True,
                       stdout=subprocess.DEVNULL)  # fmt: skip
        began = time.perf_counter()
        if begin(folder, "alone").wait():
            sys.exit("The batch that was left alone failed.")
        took, alone = time.perf_counter() - began, reports(folder / "alone")
        print(f"{LISTED}: {len(alone) - 1} reports in {took:.0f} s, left alone (seed {asked.seed})", flush=True)
        for number in range(1, asked.kills + 1):
            sign, after = chance.choice(SIGNS), chance.uniform(0, took / 3)
            left = ended(folder, sign, after)
            torn = [when for when, files in left.items() if files != alone[when]]
            print(f"{number}: {sign.name} after {after:.1f} s: {len(left)} reports, {len(torn)} not whole", flush=True)
            if torn:
                sys.exit(f"Not whole: {', '.join(torn)}")
        if begin(folder, "killed").wait():
            sys.exit("The batch that was gone on with failed.")
        same = reports(folder / "killed") == alone
        print(f"gone on with to its end: {'the same bytes' if same else 'NOT the same'} in every file of every report")
        sys.exit(not same)


if __name__ == "__main__":
    main()
