"""Runs that do not end well: what was there before stays whole, and the next run clears up."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from commands import WHOLE, Made, contents, names, refusal, run, start, tracked, words

from analysis.places import ROOT

PATIENCE = 120
PAGE = "report.en.html"  # it is there a second and more before its PDF, and so before the report is published


def wait_for(ready: Callable[[], object], process: subprocess.Popen[str]) -> None:
    """Wait until the run has come as far as a test wants it."""
    until = time.monotonic() + PATIENCE
    while not ready():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < until
        time.sleep(0.02)


def being_made(out: Path, file: str = "") -> list[Path]:
    """The folders in which reports are being made; with a file, those that have come as far as that file."""
    return [folder for folder in out.glob(".*.partial-*") if (folder / file).exists()]


@pytest.mark.parametrize(("sign", "file"), [(signal.SIGINT, ""), (signal.SIGINT, PAGE), (signal.SIGTERM, PAGE)])
def test_interrupted_run_says_so_and_leaves_the_old_report(
    sign: signal.Signals, file: str, reports: Path, records: Path, tmp_path: Path
) -> None:
    before = contents(reports)
    process = start("toll", "report", "2020-11", "--records", records, "--out", reports, cwd=tmp_path)
    wait_for(lambda: being_made(reports, file), process)
    process.send_signal(sign)
    stdout, stderr = process.communicate(timeout=PATIENCE)
    message = refusal(subprocess.CompletedProcess([], process.returncode, stdout, stderr), 130)
    assert message == "Interrupted. Nothing was published; what was there before is unchanged."
    assert names(reports) == ["2020-11"]
    assert contents(reports) == before
    assert names(tmp_path) == ["reports"]


def test_killed_runs_leave_the_old_report_and_the_next_run_clears_up(good: Made, records: Path, tmp_path: Path) -> None:
    out = tmp_path / "reports"
    old = shutil.copytree(good.folder, out / "2020-10")
    before = contents(old)
    asked = "report", "2020-10", "--records", records, "--out", out
    for file in ("", PAGE):
        process = start("toll", *asked, cwd=tmp_path)
        partial = out / f".2020-10.partial-{process.pid}"
        wait_for((partial / file).exists, process)
        process.kill()
        process.communicate()
        assert names(out) == [partial.name, "2020-10"]
        assert contents(old) == before
    ran = run("toll", *asked, cwd=tmp_path)
    assert ran.returncode == 0, ran.stderr
    assert names(out) == ["2020-10"]
    assert names(out / "2020-10") == WHOLE
    sample = ROOT / "reports" / "2020-10"
    assert sample.is_dir(), "reports/2020-10 is tracked: make report MONTH=2020-10, and commit its claims and tables."
    assert tracked(contents(out / "2020-10")) == tracked(contents(sample))


def test_full_disk_is_said_and_leaves_the_old_report(good: Made, records: Path, tmp_path: Path) -> None:
    """The disk is a file system of 1 MB in a mount namespace of its own: it is gone with the process."""
    small, survived = tmp_path / "small", tmp_path / "survived"
    small.mkdir()
    survived.mkdir()
    mount = ["unshare", "--map-root-user", "--mount", "sh", "-c"]
    mounting = f"mount -t tmpfs -o size=1m none '{small}'"
    if not shutil.which("unshare") or subprocess.run([*mount, mounting], capture_output=True, check=False).returncode:
        pytest.skip("No small file system can be mounted here: unshare and mount need rights that this machine denies.")
    script = f"""{mounting} && mkdir '{small}/2020-11' && cp '{good.folder}/claims.json' '{small}/2020-11' || exit 9
        "$@"; code=$?
        cp -a '{small}/.' '{survived}' && exit $code"""
    report = words("toll", "report", "2020-11", "--records", records, "--out", small)
    environment = {name: value for name, value in os.environ.items() if name != "TOLL_RECORDS"}
    ran = subprocess.run(
        [*mount, script, "sh", *report], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    message = refusal(ran, 2)
    assert message.startswith(f"The report cannot be written to {small}/2020-11: No space left on device. ")
    assert "Free some room" in message
    assert contents(survived) == {"2020-11/claims.json": contents(good.folder)["claims.json"]}
    assert names(survived) == ["2020-11"]
