"""Being asked to end is not lost where machine code drops the exception that says so."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from analysis import interruption
from analysis.interruption import end_when_asked, go_on_unless_asked
from analysis.running.folders import replacing


@pytest.fixture(autouse=True)
def as_before(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(interruption, "_asked", [])
    before = signal.getsignal(signal.SIGUSR1)
    yield
    signal.signal(signal.SIGUSR1, before)


def drop_an_interruption() -> None:
    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGUSR1)


def test_nothing_is_put_in_place_after_an_interruption_that_was_dropped(tmp_path: Path) -> None:
    end_when_asked(signal.SIGUSR1)
    go_on_unless_asked()
    with pytest.raises(KeyboardInterrupt), replacing(tmp_path / "2020-11"):
        drop_an_interruption()
    assert [*tmp_path.iterdir()] == []


def test_signal_that_was_silenced_stays_so() -> None:
    signal.signal(signal.SIGUSR1, signal.SIG_IGN)
    end_when_asked(signal.SIGUSR1)
    signal.raise_signal(signal.SIGUSR1)
    go_on_unless_asked()
