"""Where the tracked files are: everything below is read-only for a report."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "data"
EXPECTATIONS = ROOT / "expectations"
NOTEBOOKS = ROOT / "notebooks"
TEXTS = NOTEBOOKS / "texts"
