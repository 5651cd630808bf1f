"""Writing one file so that a reader finds it as it was or as it is to be, never a part of it."""

import os
from pathlib import Path

from analysis.errors import CannotPublish


def replace_file(target: Path, text: str, *, beside: Path | None = None) -> None:
    """Write a text file whole, or leave what is there as it is.

    It is first written to a hidden file of a fixed name in `beside` (where none is given, in its own folder), which the
    next run overwrites if this one is killed. Raises CannotPublish where there is no right or no room to write.
    """
    partial = (beside or target.parent) / f".{target.parent.name}.{target.name}.partial"
    try:
        with partial.open("w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
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
