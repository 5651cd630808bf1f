"""Where the tracked files are: everything below is read-only for a report."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "data"
EXPECTATIONS = ROOT / "expectations"
NOTEBOOKS = ROOT / "notebooks"
TEXTS = NOTEBOOKS / "texts"


def named(path: Path) -> str:
    """A file as messages name it: from the root where it lies below it, else in full."""
    return (path.relative_to(ROOT) if path.is_relative_to(ROOT) else path).as_posix()
