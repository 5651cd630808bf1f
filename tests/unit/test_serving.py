"""The server of reports: what it hands out, and what it never does."""

import threading
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

import pytest

from analysis.errors import BadParameter
from analysis.running.serving import HOST, asked_file, report_server

FILES = {
    "index.html": "every report",
    "2020-11/report.en.html": "November",
    "2020-11/claims.json": "{}",
    "2020-11/figures/a b.svg": "<svg/>",
    "2020-11/report.en.pdf": "%PDF",
    ".2020-10.partial-7/report.en.html": "half made",
    "2020-11/.hidden": "hidden",
    "../signing.key": "a secret",
}


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """A folder of reports with hidden files in it and links out of it, beside a file that is nobody's business."""
    folder = tmp_path / "reports"
    for name, text in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "link.txt").symlink_to(tmp_path / "signing.key")
    (folder / "up").symlink_to(tmp_path)
    (folder / "to-hidden").symlink_to(folder / "2020-11" / ".hidden")
    (folder / "circle").symlink_to(folder / "circle")
    (folder / "latest").symlink_to(folder / "2020-11")
    return folder


@pytest.fixture
def port(out: Path) -> Iterator[int]:
    with report_server(out, 0) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


def ask(port: int, path: str, method: str = "GET", host: str = "") -> tuple[HTTPResponse, str]:
    """Ask for a path exactly as it is written here: a browser would tidy `..` away before it asks."""
    connection = HTTPConnection(HOST, port, timeout=10)
    connection.request(method, path, headers={"Host": host} if host else {})
    answer = connection.getresponse()
    said = answer.read().decode()
    connection.close()
    return answer, said


@pytest.mark.parametrize(
    ("path", "content", "kind"),
    [
        ("/", "every report", "text/html; charset=utf-8"),
        ("/index.html?print", "every report", "text/html; charset=utf-8"),
        ("/2020-11/report.en.html", "November", "text/html; charset=utf-8"),
        ("/latest/report.en.html", "November", "text/html; charset=utf-8"),
        ("/2020-11/claims.json", "{}", "application/json"),
        ("/2020-11/figures/a%20b.svg", "<svg/>", "image/svg+xml"),
        ("/2020-11/report.en.pdf", "%PDF", "application/pdf"),
    ],
)
def test_files_of_reports_are_sent_with_their_type(port: int, path: str, content: str, kind: str) -> None:
    answer, said = ask(port, path)
    assert (answer.status, said, answer.headers["Content-Type"]) == (200, content, kind)
    assert answer.headers["Content-Length"] == str(len(content))


NOT_THERE = [
    "/../signing.key", "/2020-11/../../signing.key", "/%2e%2e/signing.key", "/2020-11/%2e%2e%2f%2e%2e%2fsigning.key",
    "//../signing.key", "/.2020-10.partial-7/report.en.html", "/2020-11/.hidden", "/%2ehidden", "/link.txt",
    "/up/signing.key", "/up/reports/index.html/../../signing.key", "/to-hidden", "/circle", "/2020-11", "/2020-11/",
    "/latest/", "/nothing", "/a%00b", "/" + "long" * 200, "/index.html/2020-11",
]  # fmt: skip


@pytest.mark.parametrize("path", NOT_THERE)
def test_nothing_hidden_and_nothing_outside_is_sent_and_no_folder_is_listed(port: int, path: str) -> None:
    answer, said = ask(port, path)
    assert answer.status == 404
    assert "secret" not in said
    assert "claims.json" not in said


def test_absolute_path_is_looked_for_below_the_folder_only(out: Path) -> None:
    assert asked_file(out, str(out.parent / "signing.key")) is None


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
def test_whatever_is_not_reading_is_refused(port: int, method: str, out: Path) -> None:
    answer, _ = ask(port, "/index.html", method)
    assert answer.status == 405
    assert answer.headers["Allow"] == "GET, HEAD"
    assert (out / "index.html").read_text(encoding="utf-8") == "every report"


def test_head_says_the_same_and_sends_nothing(port: int) -> None:
    answer, said = ask(port, "/2020-11/report.en.html", "HEAD")
    assert (answer.status, said, answer.headers["Content-Length"]) == (200, "", "8")


@pytest.mark.parametrize(("path", "status"), [("/", 200), ("/nothing", 404)])
def test_every_answer_forbids_scripts_and_guessing(port: int, path: str, status: int) -> None:
    answer, _ = ask(port, path)
    assert answer.status == status
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "script" not in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "Python" not in answer.headers["Server"]


def test_another_name_for_this_machine_is_refused(port: int) -> None:
    """A page on the web may let its own name point to 127.0.0.1 and then read what is served here as its own."""
    assert ask(port, "/", host=f"elsewhere.example:{port}")[0].status == 421
    assert ask(port, "/", host=f"localhost:{port}")[0].status == 200


def test_port_in_use_and_folder_that_is_not_there_are_said(port: int, out: Path) -> None:
    with pytest.raises(BadParameter, match=f"Port {port} of 127.0.0.1 cannot be used: Address already in use"):
        report_server(out, port)
    with pytest.raises(BadParameter, match=r"There is no folder .*nothing\. Make a report first"):
        report_server(out / "nothing", 0)
