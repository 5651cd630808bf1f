"""Two runs that would find the same: the second waits for the first."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from analysis.program import source_digest


@contextmanager
def waiting(folder: Path, name: str) -> Iterator[None]:
    """Wait until no other run in this folder is at a thing of this name; where the folder cannot be used, go on."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = os.open(folder / f".{name}.lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError:
        yield
        return
    try:
        with suppress(OSError):
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def stem_of(month: object) -> str:
    """How the names of the files begin that keep what this version of the program finds in a month."""
    return f"{month}-{source_digest()[:12]}"
