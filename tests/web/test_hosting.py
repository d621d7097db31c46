"""The built folder as a host sends it: small, compressed, cached for ever where its name carries a hash."""

import gzip
import hashlib
import http.client
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from export.site.serve import Handler
from tests.web.pen import OpenPage, show

MOST_BYTES = 70_000
STABLE_NAMES = ("index.html", "sw.js", "inkproof.html", "manifest.webmanifest")
# Prints name and SHA-256 of what every .br in a folder holds.
UNPACK = """
    const { readdirSync, readFileSync } = require("node:fs");
    const { createHash } = require("node:crypto");
    const { brotliDecompressSync } = require("node:zlib");
    const names = readdirSync(process.argv[1], { recursive: true }).filter((name) => name.endsWith(".br"));
    const hash = (name) => createHash("sha256")
        .update(brotliDecompressSync(readFileSync(`${process.argv[1]}/${name}`))).digest("hex");
    console.log(JSON.stringify(Object.fromEntries(names.map((name) => [name.slice(0, -3), hash(name)]))));
"""


@pytest.fixture(scope="session")
def web_folder(built: Path) -> Path:
    return built / "web"


@pytest.fixture
def ask(site_url: str) -> Iterator[Callable[..., tuple[http.client.HTTPMessage, bytes]]]:
    """Asks the server for a file."""
    connection = http.client.HTTPConnection(urlsplit(site_url).netloc, timeout=10)

    def get(path: str, **headers: str) -> tuple[http.client.HTTPMessage, bytes]:
        connection.request("GET", f"/{path}", headers=headers)
        response = connection.getresponse()
        assert response.status == 200, path
        return response.headers, response.read()

    yield get
    connection.close()


def test_compressed_copies_hold_what_lies_beside_them(web_folder: Path, node: Callable[..., Any]) -> None:
    unpacked = json.loads(node("-e", UNPACK, web_folder).stdout)
    assert len(unpacked) >= 10
    for name, digest in unpacked.items():
        assert hashlib.sha256((web_folder / name).read_bytes()).hexdigest() == digest, name
    for packed in web_folder.rglob("*.gz"):
        assert gzip.decompress(packed.read_bytes()) == packed.with_suffix("").read_bytes()


def test_all_but_pictures_is_there_compressed(web_folder: Path) -> None:
    for file in web_folder.rglob("*.*"):
        if file.is_file() and file.suffix not in (".br", ".gz", ".png"):
            assert file.with_name(f"{file.name}.br").is_file(), file
            assert file.with_name(f"{file.name}.gz").is_file(), file


@pytest.mark.parametrize(
    ("accepted", "encoding", "suffix"),
    [("gzip, deflate, br", "br", ".br"), ("gzip", "gzip", ".gz"), ("", None, ""), ("deflate", None, "")],
)
def test_the_server_sends_what_the_browser_takes(
    web_folder: Path, ask: Callable[..., Any], accepted: str, encoding: str | None, suffix: str
) -> None:
    types = {".js": "text/javascript", ".css": "text/css", ".json": "application/json"}
    files = [file for file in web_folder.iterdir() if file.suffix in types]
    assert len(files) >= 5
    for file in files:
        headers, body = ask(file.name, **{"Accept-Encoding": accepted})
        assert headers["Content-Encoding"] == encoding
        assert headers["Vary"] == "Accept-Encoding"
        assert headers["Content-Type"] == types[file.suffix]
        assert body == file.with_name(file.name + suffix).read_bytes()


def test_only_names_with_a_hash_are_kept_for_ever(web_folder: Path, ask: Callable[..., Any]) -> None:
    for file in web_folder.rglob("*"):
        if not file.is_file() or file.suffix in (".br", ".gz"):
            continue
        path = file.relative_to(web_folder).as_posix()
        lasting = "immutable" in ask(path)[0]["Cache-Control"]
        assert lasting is not (path in STABLE_NAMES), path
        named = re.fullmatch(r"[\w-]+-([0-9a-f]{10})\.\w+", path)
        assert not named or hashlib.sha256(file.read_bytes()).hexdigest().startswith(named[1])


def test_pages_name_no_other_host(web_folder: Path) -> None:
    for name in ("index.html", "inkproof.html"):
        page = (web_folder / name).read_text(encoding="utf-8")
        assert re.findall(r"(?:src|href)=\"(?:https?:)?//[^\"]*", page) == []


@pytest.mark.browser
def test_the_first_visit_takes_at_most_70_kilobytes(
    open_page: OpenPage, site_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[int] = []
    prepare = Handler.setup

    def setup(handler: Handler) -> None:
        """Counts all bytes that the server sends: headers too, and what the service worker asks for."""
        prepare(handler)
        write = handler.wfile.write

        def counted(data: bytes) -> int:
            sent.append(len(data))
            return write(data)

        monkeypatch.setattr(handler.wfile, "write", counted)

    monkeypatch.setattr(Handler, "setup", setup)
    page = open_page()
    show(page, site_url)
    page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
    print(f"{sum(sent):,} bytes")
    assert 20_000 < sum(sent) <= MOST_BYTES
