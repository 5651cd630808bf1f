"""Unpacking a bundle that a stranger sent: nothing is written outside a temporary folder, or without bounds."""

import re
import shutil
import stat
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from analysis.errors import BadBundle, first_three

MOST_FILES, MOST_BYTES = 20_000, 2 << 30
_ODD = re.compile(r'[\x00-\x1f<>:"|?*\\]')


@contextmanager
def unpacked(bundle: Path) -> Iterator[Path]:
    """Unpack a bundle into a temporary folder, and give the bag in it.

    Raises BadBundle for what is no zip, is damaged, or holds a path, a link or a size that a bundle never has.
    """
    with TemporaryDirectory(prefix="toll-verify-") as temporary:
        try:
            with zipfile.ZipFile(bundle) as packed:
                entries = _safe(bundle, packed)
                for entry in entries:
                    _unpack(packed, entry, Path(temporary))
        except (OSError, zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
            raise BadBundle(
                f"{bundle} cannot be unpacked ({type(error).__name__}): it is no bundle, or it is damaged. "
                "Ask for it again."
            ) from None
        yield _bag(bundle, Path(temporary))


def _safe(bundle: Path, packed: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    entries = [entry for entry in packed.infolist() if not entry.is_dir()]
    strange = [entry.filename for entry in entries if not _is_safe(entry)]
    if strange:
        raise BadBundle(
            f"{bundle} holds {len(strange)} paths or links that lead out of it ({first_three(strange)}). No bundle of "
            "this program does: nothing was unpacked. Do not use it."
        )
    twice = len(entries) - len({entry.filename.casefold() for entry in entries})
    size = sum(entry.file_size for entry in entries)
    if twice or len(entries) > MOST_FILES or size > MOST_BYTES:
        raise BadBundle(
            f"{bundle} holds {len(entries):,} files of {size:,} bytes, {twice} of them twice. A bundle holds each "
            f"once, at most {MOST_FILES:,} files and {MOST_BYTES:,} bytes: nothing was unpacked. Do not use it."
        )
    return entries


def _is_safe(entry: zipfile.ZipInfo) -> bool:
    """Whether an entry is a plain file below the bundle's folder."""
    path, mode = PurePosixPath(entry.filename), entry.external_attr >> 16
    plain = not stat.S_IFMT(mode) or stat.S_ISREG(mode)
    inside = not path.is_absolute() and ".." not in path.parts and len(path.parts) > 1
    return plain and inside and not _ODD.search(entry.orig_filename) and not entry.flag_bits & 0x1


def _unpack(packed: zipfile.ZipFile, entry: zipfile.ZipInfo, folder: Path) -> None:
    """Write one file; a size that the zip's own list does not admit ends it."""
    target = folder / entry.filename
    target.parent.mkdir(parents=True, exist_ok=True)
    with packed.open(entry) as source, target.open("wb") as file:
        shutil.copyfileobj(source, file)


def _bag(bundle: Path, folder: Path) -> Path:
    inside = sorted(folder.iterdir())
    if len(inside) != 1 or not (inside[0] / "bagit.txt").is_file():
        raise BadBundle(f"{bundle} is no bundle of this program: it has no bagit.txt in a folder of its own.")
    return inside[0]
