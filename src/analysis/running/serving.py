"""A folder of reports for a browser on this machine: its files, read only, and nothing else of the machine."""

import os
import shutil
from contextlib import suppress
from functools import partial
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

from analysis.errors import BadParameter
from analysis.running.publishing import INDEX

HOST = "127.0.0.1"
TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
    ".json": "application/json",
    ".ipynb": "application/x-ipynb+json",
    ".pdf": "application/pdf",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".zip": "application/zip",
}
HEADERS = {
    # Chromium shows a PDF through an object of its own: `object-src` is for that, no page of ours has one.
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; font-src data:; "
    "object-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",  # a report that is made again must not be seen as it was
}


def report_server(out: Path, port: int) -> ThreadingHTTPServer:
    """A server of OUT on this machine alone; port 0 takes a free one. It answers once `serve_forever` is called.

    Raises BadParameter where there is no such folder, or the port cannot be used.
    """
    if not out.is_dir():
        raise BadParameter(f"There is no folder {out}. Make a report first: toll report 2020-11 --out {out}.")
    try:
        return ThreadingHTTPServer((HOST, port), partial(ReportHandler, out.resolve()))
    except OSError as error:
        raise BadParameter(
            f"Port {port} of {HOST} cannot be used: {error.strerror or error}. "
            "Name another one with --port; --port 0 takes one that is free."
        ) from None


def address_of(server: ThreadingHTTPServer) -> str:
    """What is typed into the browser."""
    return f"http://{HOST}:{server.server_port}/"


def asked_file(folder: Path, target: str) -> Path | None:
    """The file below a folder that a request means; `/` is the page of all reports.

    None where there is none to be shown: a folder, a hidden file, or what lies outside, by `..` or through a link.
    """
    names = [name for name in unquote(urlsplit(target).path).split("/") if name] or [INDEX]
    if any(name.startswith(".") or "\0" in name for name in names):
        return None
    try:
        found = folder.joinpath(*names).resolve(strict=True)
    except (OSError, RuntimeError):  # not there, no right to look, a name too long, links in a circle
        return None
    inside = found.is_relative_to(folder) and not any(one.startswith(".") for one in found.relative_to(folder).parts)
    return found if inside and found.is_file() and os.access(found, os.R_OK) else None


class ReportHandler(BaseHTTPRequestHandler):
    """Answers GET and HEAD with a file, everything else with a refusal."""

    server_version, sys_version = "toll-report", ""

    def __init__(self, folder: Path, *arguments: object) -> None:
        self.folder = folder
        super().__init__(*arguments)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        """Send the file."""
        self._answer(with_content=True)

    def do_HEAD(self) -> None:
        """Send what is said of the file, without it."""
        self._answer(with_content=False)

    def _refuse(self) -> None:
        self.send_error(HTTPStatus.METHOD_NOT_ALLOWED, explain="Reports are only read here.")

    do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = do_TRACE = do_CONNECT = _refuse  # noqa: N815

    def _answer(self, *, with_content: bool) -> None:
        with suppress(ConnectionError):  # the reader has gone away
            # A page elsewhere may have its own name point here, to read along: it learns nothing.
            if self.headers.get("Host", "").partition(":")[0] not in (HOST, "localhost"):
                self.send_error(HTTPStatus.MISDIRECTED_REQUEST, explain="This server has another name.")
            elif file := asked_file(self.folder, self.path):
                self._send(file, with_content=with_content)
            else:
                self.send_error(HTTPStatus.NOT_FOUND, explain="There is no such report or file here.")

    def _send(self, file: Path, *, with_content: bool) -> None:
        with file.open("rb") as opened:
            self.send_response(HTTPStatus.OK)
            self.send_header("Content-Type", TYPES.get(file.suffix, "application/octet-stream"))
            self.send_header("Content-Length", str(file.stat().st_size))
            self.end_headers()
            if with_content:
                shutil.copyfileobj(opened, self.wfile)

    def end_headers(self) -> None:
        """Send what every answer says, refusals too."""
        self.send_header("Allow", "GET, HEAD")
        for name, value in HEADERS.items():
            self.send_header(name, value)
        super().end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing of who reads what."""
