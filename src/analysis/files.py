"""The files of a folder, their digests, and writing one so that a reader finds it as it was or as it is to be."""

import hashlib
import io
import os
import re
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from analysis.errors import CannotPublish

_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")
# What a spreadsheet takes for a formula: spaces before it are no hindrance, and the wide signs of East Asia do as well.
_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]|[\t\r]")
_LONG_AGO = (1980, 1, 1, 0, 0, 0)


def files_of(folder: Path) -> dict[str, Path]:
    """Every file below a folder by its path from there, written with slashes, in the order of these paths."""
    found = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    return dict(sorted(found.items()))


def sha256_of(file: Path) -> str:
    """The SHA-256 of a file's bytes."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def zipped(parts: Iterable[tuple[str, bytes]]) -> bytes:
    """Parts by name as a ZIP archive, in their order and without the moment of writing: the same bytes each time."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in parts:
            entry = zipfile.ZipInfo(name, _LONG_AGO)
            entry.compress_type, entry.create_system = zipfile.ZIP_DEFLATED, 0
            new.writestr(entry, content)
    return archive.getvalue()


def as_cell(text: str) -> str:
    """A text as it may stand in a CSV file: what a spreadsheet would run as a formula gets an apostrophe in front."""
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def replace_file(target: Path, text: str, *, beside: Path | None = None) -> None:
    """Write a text file whole, or leave what is there as it is (see `replaced`)."""
    with replaced(target, beside=beside) as partial:
        partial.write_text(text, encoding="utf-8", newline="\n")


@contextmanager
def replaced(target: Path, *, beside: Path | None = None) -> Iterator[Path]:
    """A file to write that takes the place of another when the block ends; where that fails, what is there stays.

    It is a hidden file of a fixed name in `beside` (where none is given, in the target's own folder), which the next
    run overwrites if this one is killed. Raises CannotPublish where there is no right or no room to write.
    """
    partial = (beside or target.parent) / f".{target.parent.name}.{target.name}.partial"
    try:
        yield partial
        with partial.open("rb") as file:
            os.fsync(file.fileno())
        partial.replace(target)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise CannotPublish(
            f"{target} cannot be written: {error.strerror or error}. What was there before is unchanged. "
            "Free some room, or give yourself the right to write there."
        ) from None
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
