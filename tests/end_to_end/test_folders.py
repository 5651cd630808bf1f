"""The folder swap itself: the whole old folder or the whole new one, and nothing left lying about."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from commands import contents, names

from analysis.errors import CannotPublish
from analysis.running import folders
from analysis.running.folders import replacing


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "out" / "2020-11"


@pytest.fixture
def old(target: Path) -> Path:
    """An older report in the place of the new one."""
    (target / "tables").mkdir(parents=True)
    (target / "claims.json").write_text("old")
    (target / "tables" / "dropped.csv").write_text("old")
    return target


@pytest.fixture
def dead() -> int:
    """The number of a process that has ended."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def write(target: Path, text: str = "new") -> None:
    with replacing(target) as folder:
        (folder / "claims.json").write_text(text)


def test_new_folder_is_moved_into_place_with_the_folders_above_it(target: Path) -> None:
    write(target)
    assert (target / "claims.json").read_text() == "new"
    assert names(target.parent) == ["2020-11"]


def test_nothing_is_at_the_target_before_the_block_has_ended(target: Path) -> None:
    with replacing(target) as folder:
        assert folder.parent == target.parent
        assert not target.exists()


def test_older_folder_is_replaced_as_a_whole(old: Path) -> None:
    write(old)
    assert names(old) == ["claims.json"]
    assert (old / "claims.json").read_text() == "new"
    assert names(old.parent) == ["2020-11"]


def test_empty_folder_in_the_place_is_replaced(target: Path) -> None:
    target.mkdir(parents=True)
    write(target)
    assert names(target) == ["claims.json"]


@pytest.mark.skipif(sys.platform not in ("linux", "darwin"), reason="The system has no exchange of two folders.")
def test_reader_never_finds_the_place_empty(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The place is looked at after each move and each removal."""
    seen = []

    def look_after(do: Callable[..., object]) -> Callable[..., object]:
        def look(*arguments: object, **options: object) -> object:
            result = do(*arguments, **options)
            seen.append((old / "claims.json").exists())
            return result

        return look

    monkeypatch.setattr(Path, "rename", look_after(Path.rename))
    monkeypatch.setattr(shutil, "rmtree", look_after(shutil.rmtree))
    write(old)
    assert seen
    assert all(seen)


@pytest.mark.parametrize("failure", [ValueError, KeyboardInterrupt, SystemExit])
def test_failure_in_the_block_leaves_the_old_folder_alone(failure: type[BaseException], old: Path) -> None:
    before = contents(old.parent)

    def fail() -> None:
        with replacing(old) as folder:
            (folder / "claims.json").write_text("new")
            raise failure

    with pytest.raises(failure):
        fail()
    assert contents(old.parent) == before
    assert names(old.parent) == ["2020-11"]


def test_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CannotPublish, match=r"cannot be written to .*2020-11: (File exists|Not a directory).* --out"):
        write(tmp_path / "file" / "2020-11")


def test_file_in_the_place_is_left_alone_and_said(target: Path) -> None:
    target.parent.mkdir()
    target.write_text("somebody's notes")
    with pytest.raises(CannotPublish, match="Not a directory"):
        write(target)
    assert target.read_text() == "somebody's notes"
    assert names(target.parent) == ["2020-11"]


def test_what_dead_runs_left_behind_is_removed(old: Path, dead: int) -> None:
    for number in (dead, os.getpid(), 10**30):
        (old.parent / f".2020-11.partial-{number}" / "tables").mkdir(parents=True)
        (old.parent / f".2020-11.before-{number}").mkdir()
    write(old)
    assert names(old.parent) == ["2020-11"]
    assert (old / "claims.json").read_text() == "new"


def test_process_killed_while_it_writes_leaves_the_old_folder(old: Path) -> None:
    before = contents(old)
    program = (
        "import sys, time; from pathlib import Path; from analysis.running.folders import replacing\n"
        "with replacing(Path(sys.argv[1])) as folder:\n"
        "    (folder / 'claims.json').write_text('ne'); print('half', flush=True); time.sleep(600)"
    )
    process = subprocess.Popen([sys.executable, "-c", program, str(old)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "half\n"
    process.kill()
    process.communicate()
    assert names(old.parent) == [f".2020-11.partial-{process.pid}", "2020-11"]
    assert contents(old) == before
    write(old)
    assert names(old.parent) == ["2020-11"]


def test_what_belongs_to_others_is_kept(old: Path, dead: int) -> None:
    kept = [f".2020-11.partial-{os.getppid()}", ".2020-11.partial-abc", ".2020-11.partial-", f".2020-10.partial-{dead}"]
    for name in kept:
        (old.parent / name).mkdir()
    write(old)
    assert names(old.parent) == sorted([*kept, "2020-11"])


def test_without_an_exchange_the_older_folder_is_still_replaced(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folders, "_swap", lambda *_: False)
    write(old)
    assert names(old) == ["claims.json"]
    assert names(old.parent) == ["2020-11"]


def test_without_an_exchange_a_failing_move_puts_the_older_folder_back(
    old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = contents(old.parent)

    def lose_the_new_one(new: Path, _: Path) -> bool:
        shutil.rmtree(new)
        return False

    monkeypatch.setattr(folders, "_swap", lose_the_new_one)
    with pytest.raises(CannotPublish):
        write(old)
    assert contents(old.parent) == before
    assert names(old.parent) == ["2020-11"]


def test_folder_that_a_killed_run_had_set_aside_is_put_back(old: Path, dead: int) -> None:
    before = contents(old)
    old.rename(old.with_name(f".2020-11.before-{dead}"))

    def fail() -> None:
        with replacing(old):
            assert contents(old) == before
            raise ValueError

    with pytest.raises(ValueError, match=r"^$"):
        fail()
    assert contents(old) == before
    assert names(old.parent) == ["2020-11"]


def test_exchange_swaps_two_folders(old: Path, tmp_path: Path) -> None:
    new = tmp_path / "new"
    new.mkdir()
    assert folders._swap(new, old) is (sys.platform in ("linux", "darwin"))
    assert (names(old), names(new)) == ([], ["claims.json", "tables"])


def test_exchange_with_nothing_is_refused(tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    assert not folders._swap(tmp_path / "new", tmp_path / "none")
