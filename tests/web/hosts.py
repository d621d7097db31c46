"""Hosts of the page: one that truly ends, one that hears of violations, one that sends no policy."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from export.runtimes.local_server import ADDRESS, LocalServer, running
from export.site.serve import Handler, policy_for

VIOLATIONS = "/violations"


@contextmanager
def stoppable(out: Path) -> Iterator[str]:
    """Address of the page in an output folder, on a server of its own process."""
    command = [sys.executable, "-m", "export", "serve", "--port", "0", "--out", str(out)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            yield server.stdout.readline().strip()
        finally:
            server.kill()


@contextmanager
def reporting(web: Path) -> Iterator[tuple[str, list[bytes]]]:
    """Address of the page in a folder, and what browsers report of violations of its policy."""
    heard: list[bytes] = []
    policy = f"{policy_for(web)}; report-uri {VIOLATIONS}"
    handler = partial(_Reporting, heard=heard, directory=str(web), policy=policy)
    with running(LocalServer(0, handler)) as url:
        yield url, heard


@contextmanager
def plain(folder: Path) -> Iterator[str]:
    """Address of a folder on a host that sends no policy."""
    with running(ThreadingHTTPServer((ADDRESS, 0), partial(_Quiet, directory=str(folder)))) as url:
        yield url


class _Reporting(Handler):
    def __init__(self, *arguments: Any, heard: list[bytes], **named: Any) -> None:
        self._heard = heard
        super().__init__(*arguments, **named)

    def do_POST(self) -> None:  # noqa: N802
        self._heard.append(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(204)
        self.end_headers()


class _Quiet(SimpleHTTPRequestHandler):
    extensions_map = SimpleHTTPRequestHandler.extensions_map | {".js": "text/javascript"}

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass
