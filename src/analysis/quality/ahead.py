"""The quality gate of a month, run ahead of the notebook that asks for it: on the second core, while that one imports.

Its findings go where the notebook looks for them (analysis.quality.kept), which waits for whoever began first. Whatever
goes wrong here is said there, by the notebook's own run of the gate.
"""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from analysis.program import rarely_collect
from analysis.quality.waiting import stem_of, waiting


@contextmanager
def running_ahead(folder: str, when: str, location: str, vintage: int | None) -> Iterator[None]:
    """Let the gate of a month run meanwhile, unless what it finds is likely to be kept already."""
    if not folder or any(Path(folder).glob(f"{stem_of(when)}-*.json")):
        yield
        return
    given = [folder, when, location, "" if vintage is None else str(vintage)]
    process = subprocess.Popen(
        [sys.executable, "-m", "analysis.quality.ahead", *given], stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield
    finally:
        process.terminate()
        process.wait()


def main(folder: str, when: str, location: str, vintage: str) -> None:
    """Find and keep what the gate finds in a month."""
    with waiting(Path(folder), when), suppress(Exception):
        rarely_collect()
        from analysis.quality.kept import asked_of, kept_or_checked  # heavy: the place in the queue comes first
        from analysis.toll.report_records import read_report_records

        read = read_report_records(when, location=location, vintage=int(vintage) if vintage else None)
        asked = asked_of(read.window, read.month, read.profile)
        if asked:
            kept_or_checked(Path(folder), read.window, read.month, read.profile, asked)


if __name__ == "__main__":
    main(*sys.argv[1:])
