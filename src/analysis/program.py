"""This program: its own files, the packages that it runs on, and its process."""

import gc
import hashlib
import sys
from collections.abc import Iterable
from functools import cache
from importlib import metadata
from pathlib import Path

from analysis.files import sha256_of

SOURCE = Path(__file__).resolve().parent


@cache
def source_digest() -> str:
    """One SHA-256 over every file of the program: its path and its bytes."""
    return files_digest(SOURCE, (path for path in SOURCE.rglob("*") if "__pycache__" not in path.parts))


def files_digest(root: Path, paths: Iterable[Path]) -> str:
    """One SHA-256 over files, whatever their order: the path of each from a root, and its bytes."""
    files = sorted({path for path in paths if path.is_file()})
    lines = [f"{path.relative_to(root).as_posix()} {sha256_of(path)}" for path in files]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


@cache
def packages() -> tuple[str, ...]:
    """Every installed package with its version, and Python's own."""
    found = {f"{one.name} {one.version}" for one in metadata.distributions()}
    return ("python " + sys.version.split()[0], *sorted(found))


def rarely_collect() -> None:
    """Look for garbage seldom, and never among what the libraries brought: that is a fifth of a report's time."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
