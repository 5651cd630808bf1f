"""The commands as a user runs them: real processes, what they print, and what they leave on the disk."""

import hashlib
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from analysis.places import NOTEBOOKS

BIN = Path(sys.executable).parent
MONTH = "2020-11"
WHOLE = ["claims.json", "figures", "report.en.html", "report.en.pdf", "report.ipynb", "tables"]

Ran = subprocess.CompletedProcess[str]
Shared = Callable[[str, Callable[[Path], None]], Path]  # a folder of that name, filled once for all tests


@dataclass(frozen=True)
class Made:
    """A report made by the real command, and what it printed."""

    folder: Path
    stdout: str


def run(command: str, *arguments: object, cwd: Path, **environment: str) -> Ran:
    """Run a command of this environment to its end."""
    return subprocess.run(
        words(command, *arguments), cwd=cwd, env=surroundings(environment), capture_output=True, text=True, check=False
    )


def start(command: str, *arguments: object, cwd: Path, **environment: str) -> subprocess.Popen[str]:
    """Start a command of this environment and do not wait for it."""
    return subprocess.Popen(
        words(command, *arguments),
        cwd=cwd,
        env=surroundings(environment),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # what runs the tests may be deaf to Ctrl-C
    )


def papermill(folder: Path, *parameters: str, records: Path) -> Ran:
    """Run the notebook by plain papermill, as somebody does by hand; it writes `out.ipynb` in a folder."""
    notebook = NOTEBOOKS / "monthly_report.ipynb"
    return run("papermill", notebook, "out.ipynb", *parameters, cwd=folder, TOLL_RECORDS=str(records))


def words(command: str, *arguments: object) -> list[str]:
    return [str(BIN / command), *map(str, arguments)]


def surroundings(more: dict[str, str]) -> dict[str, str]:
    """This process's environment without TOLL_RECORDS, so that only what a test gives counts."""
    return {name: value for name, value in os.environ.items() if name != "TOLL_RECORDS"} | more


def refusal(ran: Ran, code: int) -> str:
    """The message of a command that refused: its exit code, one paragraph, no traceback, nothing on stdout."""
    assert ran.returncode == code, ran.stdout + ran.stderr
    assert ran.stdout == ""
    assert "Traceback" not in ran.stderr
    *usage, message = ran.stderr.strip().split("\n\n")
    assert all(paragraph.startswith("Usage:") for paragraph in usage)
    assert message.startswith("Error: ")
    assert "\n" not in message
    return message.removeprefix("Error: ")


def contents(folder: Path) -> dict[str, str]:
    """Every file of a folder, hidden ones too, with the SHA-256 of its bytes."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def names(folder: Path) -> list[str]:
    """What stands in a folder, hidden entries too."""
    return sorted(path.name for path in folder.iterdir())


def tracked(files: dict[str, str]) -> dict[str, str]:
    """Of the files of a report, those that are kept under version control for the sample months."""
    return {name: digest for name, digest in files.items() if name == "claims.json" or name.startswith("tables/")}
