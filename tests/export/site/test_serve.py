"""The local server: this machine only, the site only, the strict headers with every response."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from export.site.serve import HEADERS, POLICY, site_server

SECRET = b"not for anybody"


@pytest.fixture
def port(tmp_path: Path) -> Iterator[int]:
    """Of the server of a site with links that lead out of it."""
    (tmp_path / "secret.txt").write_bytes(SECRET)
    site = tmp_path / "web"
    (site / "inner").mkdir(parents=True)
    (site / "empty").mkdir()
    (site / "index.html").write_text("the page")
    (site / "app.js").write_text("the script")
    (site / "secret-link.txt").symlink_to(tmp_path / "secret.txt")
    (site / "app.js.br").symlink_to(tmp_path / "secret.txt")
    (site / "inner" / "index.html").symlink_to(tmp_path / "secret.txt")
    (site / "outer").symlink_to(tmp_path)
    with serving(tmp_path) as number:
        yield number


@contextmanager
def serving(folder: Path) -> Iterator[int]:
    """The port of a server of an output folder."""
    with site_server(folder, port=0) as server:
        assert server.server_address[0] == "127.0.0.1"
        thread = threading.Thread(target=server.serve_forever, args=[0.01])
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


def answer(port: int, request: bytes) -> bytes:
    """Whatever the server says to raw bytes: no client cleans them up."""
    with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        connection.sendall(request)
        connection.shutdown(socket.SHUT_WR)
        found = b""
        while piece := connection.recv(65536):
            found += piece
    return found


def get(port: int, path: str, method: str = "GET") -> bytes:
    host = f"Host: 127.0.0.1:{port}"
    line = f"{method} {path} HTTP/1.1\r\n{host}\r\nAccept-Encoding: br\r\nConnection: close\r\n\r\n"
    return answer(port, line.encode("latin-1"))


OUT = [
    *("/../secret.txt", "/..%2fsecret.txt", "/%2e%2e/secret.txt", "/%252e%252e/secret.txt"),
    *("/..\\secret.txt", "/..%5csecret.txt", "/inner/../../secret.txt", "//secret.txt", "/etc/passwd"),
    *("/%00", "/secret.txt%00.html", "/a%0d%0ab", "/%ff", "/%c0%ae%c0%ae/secret.txt"),
    *("/secret-link.txt", "/app.js", "/inner/", "/inner", "/inner/index.html", "/outer/secret.txt"),
    *("/outer", "/empty/", "/" + "a" * 5000, "/" + "../" * 500 + "etc/passwd", "*", "?", "#"),
    *("file:///etc/passwd", "http://localhost/../secret.txt"),
]


@pytest.mark.parametrize("path", OUT)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_no_path_leads_out_of_the_site(
    path: str, method: str, port: int, capfd: pytest.CaptureFixture[str]
) -> None:
    found = get(port, path, method)
    assert SECRET not in found
    assert b"root:" not in found
    head = found.partition(b"\r\n\r\n")[0].decode("latin-1")
    assert head.startswith("HTTP/1.1 "), found
    assert f"Content-Security-Policy: {POLICY}" in head
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize(
    "request_",
    [b"\r\n\r\n", b"nonsense\r\n\r\n", b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"\0" * 99 + b"\n"],
)
def test_what_is_no_request_is_refused_quietly(
    request_: bytes, port: int, capfd: pytest.CaptureFixture[str]
) -> None:
    answer(port, request_)
    assert capfd.readouterr().err == ""
    assert b"200 OK" in get(port, "/")  # still there


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "TRACE", "CONNECT"])
def test_only_reading_is_allowed_and_every_answer_has_the_strict_headers(method: str, port: int) -> None:
    for found in (get(port, "/", method), get(port, "/none"), get(port, "/")):
        for name, value in {**HEADERS, "Content-Security-Policy": POLICY}.items():
            assert f"{name}: {value}".encode() in found
    assert b" 501 " in get(port, "/", method)
