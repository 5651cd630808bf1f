"""Being asked to end: Ctrl-C, or a machine that shuts down.

Machine code that calls back into Python may drop the exception that this raises (deltalake does, while it reads a
table), so that the asking is remembered, and looked at again behind such code and before anything is put in place.
"""

import signal
from types import FrameType
from typing import NoReturn

_asked: list[int] = []


def end_when_asked(*signs: signal.Signals) -> None:
    """Let these signals raise KeyboardInterrupt in whatever runs, but for those that whoever began us has silenced."""
    for sign in signs:
        if signal.getsignal(sign) is not signal.SIG_IGN:
            signal.signal(sign, _interrupt)


def go_on_unless_asked() -> None:
    """Raise the KeyboardInterrupt that was dropped, where one was."""
    if _asked:
        raise KeyboardInterrupt


def _interrupt(sign: int, _: FrameType | None) -> NoReturn:
    _asked.append(sign)
    raise KeyboardInterrupt
