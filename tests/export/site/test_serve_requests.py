"""The local server and its clients: one answer for each request, the same in every coding."""

import gzip
import http.client
import re
import socket
import struct
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from export.runtimes import local_server
from tests.export.site.test_serve import answer, serving

PAGE, PACKED = b"the page", gzip.compress(b"the page", mtime=0)
CODINGS = ["", "br", "gzip", "identity", "*", "br;q=0", "gzip;q=0.5, br;q=0.2", "*;q=0, identity"]


@pytest.fixture
def port(tmp_path: Path) -> Iterator[int]:
    """Of the server of a site with compressed files."""
    (tmp_path / "web" / "inner").mkdir(parents=True)
    for name in ("index.html", "app.js", "inner/index.html"):
        (tmp_path / "web" / name).write_bytes(PAGE)
        (tmp_path / "web" / f"{name}.gz").write_bytes(PACKED)
        (tmp_path / "web" / f"{name}.br").write_bytes(b"by brotli")
    (tmp_path / "web" / "packed-only.js.br").write_bytes(b"by brotli")
    (tmp_path / "web" / "large.bin").write_bytes(bytes(30_000_000))
    with serving(tmp_path) as number:
        yield number


def ask(port: int, path: str, method: str = "GET", **headers: str) -> tuple[http.client.HTTPResponse, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.putrequest(method, path, skip_accept_encoding=True)
    for name, value in named.items():
        connection.putheader(name, value)
    connection.endheaders()
    response = connection.getresponse()
    content = response.read()
    connection.close()
    return response, content


def statuses(answered: bytes) -> list[bytes]:
    return re.findall(rb"HTTP/1\.1 (\d+)", answered)


def get(port: int, headers: str = "", path: str = "/", version: str = "1.1") -> bytes:
    return answer(port, f"GET {path} HTTP/{version}\r\n{headers}\r\n".encode())


@pytest.mark.parametrize(
    ("path", "status"),
    [
        *(("/", 200), ("/index.html", 200), ("/index.html?x=/", 200), ("/inner/", 200), ("/app.js", 200)),
        *(("/index.html/", 404), ("/index.html//", 404), ("/app.js/", 404), ("/app.js/?x", 404)),
        *(("/app.js%2f", 404), ("/app.js/.", 404), ("/app.js/index.html", 404), ("/x/../app.js", 404)),
        *(("/inner", 404), ("/inner//", 404), ("/inner//index.html", 404), ("/packed-only.js", 404)),
    ],
)
def test_a_path_has_the_same_answer_in_every_coding(path: str, status: int, port: int) -> None:
    assert {ask(port, path, Accept_Encoding=coding)[0].status for coding in CODINGS} == {status}


@pytest.mark.posix
def test_a_link_to_itself_is_not_found(port: int, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "web" / "loop").symlink_to("loop")
    assert [ask(port, path)[0].status for path in ("/loop", "/loop/", "/loop/app.js")] == [404, 404, 404]
    assert "Traceback" not in capfd.readouterr().err


def test_a_coding_of_weight_0_is_not_sent(port: int) -> None:
    def coding(accepted: str) -> str | None:
        return ask(port, "/", Accept_Encoding=accepted)[0].headers["Content-Encoding"]

    assert coding("br, gzip") == "br"
    assert coding("br;q=0, gzip") == "gzip"
    assert coding("br;q=0, gzip;q=0.0") is coding("identity") is coding("*;q=0, identity;q=1") is None
    assert ask(port, "/", Accept_Encoding="*;q=0")[0].status == 406
    assert coding("*, identity;q=0") == "br"
    assert ask(port, "/large.bin", Accept_Encoding="br, identity;q=0")[0].status == 406


@pytest.mark.parametrize("coding", ["identity", "gzip"])
def test_head_and_conditional_requests_agree_with_get(coding: str, port: int) -> None:
    found, content = ask(port, "/", Accept_Encoding=coding)
    assert content == (PACKED if coding == "gzip" else PAGE)
    head, nothing = ask(port, "/", "HEAD", Accept_Encoding=coding)
    assert nothing == b""
    assert {**head.headers, "Date": ""} == {**found.headers, "Date": ""}
    modified = found.headers["Last-Modified"]
    seen, nothing = ask(port, "/", Accept_Encoding=coding, If_Modified_Since=modified)
    assert (seen.status, nothing) == (304, b"")
    for headers in (
        {"If_Modified_Since": "Thu, 01 Jan 1970 00:00:00 GMT"},
        {"If_Modified_Since": "yesterday"},
        {"If_Modified_Since": modified, "If_None_Match": '"x"'},
    ):
        assert ask(port, "/", Accept_Encoding=coding, **headers)[0].status == 200


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
@pytest.mark.parametrize(
    "declared", ["Content-Length: {size}", "Transfer-Encoding: chunked", "Content-Length: -1"]
)
def test_a_body_is_no_second_request(method: str, declared: str, port: int) -> None:
    host = f"Host: localhost:{port}\r\n"
    body = f"GET /app.js HTTP/1.1\r\n{host}\r\n" + "x" * 100_000
    head = f"{method} / HTTP/1.1\r\n{host}{declared.format(size=len(body))}\r\n\r\n"
    assert statuses(answer(port, (head + body).encode())) == [b"501" if method == "POST" else b"200"]


def test_requests_without_one_share_a_connection(port: int) -> None:
    request = f"GET / HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n".encode()
    assert statuses(answer(port, request * 3)) == [b"200"] * 3


@pytest.mark.parametrize(
    ("headers", "version", "status"),
    [
        ("Host: 127.0.0.1:{port}", "1.1", b"200"),
        ("Host: LocalHost:{port}", "1.1", b"200"),
        ("Host: localhost", "1.1", b"200"),
        ("Host: evil.example", "1.1", b"421"),
        ("Host: evil.example:{port}", "1.1", b"421"),
        ("Host: evil.example", "1.0", b"421"),
        ("Host: 127.0.0.1.evil.example:{port}", "1.1", b"421"),
        ("Host: localhost:{port}@evil.example", "1.1", b"421"),
        ("Host: localhost:1", "1.1", b"421"),
        ("Host:", "1.1", b"421"),
        ("Host: localhost\r\nHost: evil.example", "1.1", b"421"),
        ("Accept: */*", "1.1", b"421"),
        ("Accept: */*", "1.0", b"200"),
    ],
)
def test_only_requests_for_this_machine_are_answered(
    headers: str, version: str, status: bytes, port: int
) -> None:
    found = get(port, headers.format(port=port) + "\r\nConnection: close\r\n", version=version)
    assert statuses(found) == [status]
    assert (PAGE in found) is (status == b"200")


@pytest.mark.parametrize("sent", [b"", b"GET / HT", b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"])
def test_a_client_that_resets_the_connection_leaves_no_trace(
    sent: bytes, port: int, capfd: pytest.CaptureFixture[str]
) -> None:
    for path in (b"/ ", b"/large.bin "):
        connection = socket.create_connection(("127.0.0.1", port))
        connection.sendall(sent.replace(b"/ ", path))
        time.sleep(0.05)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()
    time.sleep(0.2)
    assert ask(port, "/")[0].status == 200
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("drip", [b"", b"x"])
def test_a_slow_client_is_left(drip: bytes, port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local_server, "PATIENCE_S", 0.5)
    begin = time.monotonic()
    with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nX: ")
        connection.settimeout(0.1)
        while time.monotonic() < begin + 5:
            try:
                connection.sendall(drip)
                if not connection.recv(1):
                    break
            except TimeoutError:
                continue
            except OSError:
                break
    assert time.monotonic() - begin < 3


def test_one_that_reads_nothing_is_left(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local_server, "PATIENCE_S", 0.5)
    before = threading.active_count()
    with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        connection.sendall(f"GET /large.bin HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n".encode())
        time.sleep(0.2)
        assert threading.active_count() == before + 1
        deadline = time.monotonic() + 5
        while threading.active_count() > before:
            assert time.monotonic() < deadline
            time.sleep(0.05)


def test_threads_are_bounded_and_idle_clients_keep_nobody_out(port: int) -> None:
    before = threading.active_count()
    idle = [socket.create_connection(("127.0.0.1", port)) for _ in range(150)]
    begin = time.monotonic()
    assert ask(port, "/")[0].status == 200
    assert time.monotonic() - begin < 3
    assert threading.active_count() - before <= local_server.MOST_CONNECTIONS
    for connection in idle:
        connection.close()
