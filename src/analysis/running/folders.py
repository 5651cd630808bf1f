"""Putting a finished folder in the place of an older one: a reader finds the whole old report or the whole new one."""

import ctypes
import errno
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from analysis.errors import CannotPublish
from analysis.interruption import go_on_unless_asked

PARTIAL, ASIDE = ".partial-", ".before-"
_AT_FDCWD, _RENAME_EXCHANGE, _RENAME_SWAP = -100, 2, 2


@contextmanager
def replacing(target: Path) -> Iterator[Path]:
    """Give an empty folder beside `target`, and move it into the target's place when the block ends well.

    What the block leaves behind when it fails is removed; what a killed run left behind is removed by the next one.
    Raises CannotPublish where the folder cannot be written, for lack of rights or of room.
    """
    partial = target.parent / f".{target.name}{PARTIAL}{os.getpid()}"
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _remove_left_behind(target)
        partial.mkdir()
        yield partial
        go_on_unless_asked()
        _exchange(partial, target)
    except OSError as error:
        raise CannotPublish(
            f"The report cannot be written to {target}: {error.strerror or error}. What was there before is unchanged. "
            "Free some room, or name a folder you may write to with --out."
        ) from None
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _remove_left_behind(target: Path) -> None:
    """Remove the folders of runs that are no more; an old report that a killed run had set aside goes back first."""
    for left in _left_behind(target, ASIDE):
        if not target.exists():
            left.rename(target)
    for left in (*_left_behind(target, ASIDE), *_left_behind(target, PARTIAL)):
        shutil.rmtree(left, ignore_errors=True)


def _left_behind(target: Path, kind: str) -> list[Path]:
    """The folders that bear the number of a process which is not running; other names are somebody else's."""
    numbered = ((path, path.name.rpartition("-")[2]) for path in target.parent.glob(f".{target.name}{kind}*"))
    return sorted(path for path, number in numbered if number.isdecimal() and not _is_running(int(number)))


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return process != os.getpid()


def _exchange(new: Path, target: Path) -> None:
    """Put `new` at `target`; an older folder there ends up at `new`, in one step where the system can do that."""
    try:
        new.rename(target)
    except OSError as error:
        if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):
            raise
        if not _swap(new, target):
            _set_aside(new, target)


def _set_aside(new: Path, target: Path) -> None:
    """Replace a folder in two steps; a run killed between them leaves the old one to the next run to put back."""
    aside = target.with_name(f".{target.name}{ASIDE}{os.getpid()}")
    target.rename(aside)
    try:
        new.rename(target)
    except BaseException:
        aside.rename(target)
        raise
    shutil.rmtree(aside, ignore_errors=True)


def _swap(one: Path, other: Path) -> bool:
    """Exchange two folders atomically (Linux renameat2, macOS renamex_np); False where that does not exist."""
    library = ctypes.CDLL(None, use_errno=True)
    first, second = os.fsencode(one), os.fsencode(other)
    try:
        if sys.platform == "darwin":
            return library.renamex_np(first, second, _RENAME_SWAP) == 0
        return library.renameat2(_AT_FDCWD, first, _AT_FDCWD, second, _RENAME_EXCHANGE) == 0
    except AttributeError:
        return False
