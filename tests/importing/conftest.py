import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

_DEBIAN = Path("/usr/lib/postgresql")
_USER, _PASSWORD = "reader", "s3cret-word"


def _as_postgres(*command: str | Path) -> list[str]:
    """The server refuses to run as root: root hands it to the user `postgres`."""
    said = [str(part) for part in command]
    if os.geteuid() != 0:
        return said
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", *said]


def _binaries() -> Path:
    found = sorted(_DEBIAN.glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if not found:
        pytest.skip("PostgreSQL is not installed here (Debian: apt-get install postgresql)")
    if os.geteuid() == 0:
        if not shutil.which("setpriv"):
            pytest.skip("root cannot start PostgreSQL without setpriv (Debian: util-linux)")
        try:
            pwd.getpwnam("postgres")
        except KeyError:
            pytest.skip("root cannot start PostgreSQL without a user `postgres`")
    return found[-1].parent


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The URL of a PostgreSQL started in a new folder, reached through a socket there; both are gone in the end.

    The folder is not pytest's: root's is closed to the user that runs the server, and a socket's path must be short.
    """
    binaries = _binaries()
    folder = Path(tempfile.mkdtemp(prefix="toll-pg-"))
    try:
        word = folder / "word"
        word.write_text(_PASSWORD, encoding="utf-8")
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres", "postgres")
            shutil.chown(word, "postgres", "postgres")
        data = folder / "data"
        _run(
            binaries / "initdb", "-D", data, "-U", _USER, "-A", "scram-sha-256", f"--pwfile={word}", "-N", "-E", "UTF8"
        )
        options = f"-c listen_addresses='' -c unix_socket_directories='{folder}' -c fsync=off -c lc_messages=C"
        _run(binaries / "pg_ctl", "-D", data, "-w", "-l", folder / "log", "-o", options, "start")
        try:
            yield f"postgresql://{_USER}:{_PASSWORD}@/postgres?host={folder}"
        finally:
            _run(binaries / "pg_ctl", "-D", data, "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _run(*command: str | Path) -> None:
    done = subprocess.run(
        _as_postgres(*command), check=False, cwd="/", stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
