"""Show the built page on this machine, with the headers that a careful host would send."""

import re
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from export.errors import OutputError
from export.site.build import FOLDER
from train.output.transaction import recover

ADDRESS = "127.0.0.1"
HEADERS = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Vary": "Accept-Encoding"}
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
# What a page asks for besides, in its own policy, where its model runs by WebAssembly: to compile it.
WEBASSEMBLY = "'wasm-unsafe-eval'"
# The page as one file has its scripts inside, and a policy of its own that names them.
POLICY_OF_ONE_FILE = "frame-ancestors 'none'"
ENCODINGS = {"br": ".br", "gzip": ".gz"}  # the smaller first
HASHED = re.compile(r"-[0-9a-f]{10}[./]")


class Handler(SimpleHTTPRequestHandler):
    """Files of the site and nothing else: no listings, no log of requests."""

    protocol_version = "HTTP/1.1"  # one connection for many files
    extensions_map = SimpleHTTPRequestHandler.extensions_map | {
        ".js": "text/javascript",  # some systems have it as text/plain, which no browser runs
        ".json": "application/json",
        ".webmanifest": "application/manifest+json",
    }

    def __init__(self, *arguments: Any, policy: str = POLICY, **named: Any) -> None:
        """See `SimpleHTTPRequestHandler`; `policy` is sent with everything but the page as one file."""
        self.policy = policy
        super().__init__(*arguments, **named)

    def end_headers(self) -> None:
        """Send the strict headers with every response."""
        path = getattr(self, "path", "").partition("?")[0]  # none where the request is no HTTP
        one_file = path.endswith("/inkproof.html")
        self.send_header("Content-Security-Policy", POLICY_OF_ONE_FILE if one_file else self.policy)
        self.send_header(
            "Cache-Control", "public, max-age=31536000, immutable" if HASHED.search(path) else "no-cache"
        )
        for name, value in HEADERS.items():
            self.send_header(name, value)
        super().end_headers()

    def send_head(self):  # type: ignore[no-untyped-def]
        """Send the compressed file where the browser takes it; refuse what doesn't lie in the site."""
        site = Path(self.directory).resolve()
        try:
            wanted = Path(self.translate_path(self.path)).resolve()
            file = (wanted / "index.html" if wanted.is_dir() else wanted).resolve()
        except (OSError, ValueError):  # a name too long, or with a null byte
            return self.send_error(404)
        if not (wanted.is_relative_to(site) and file.is_relative_to(site)):  # with symbolic links followed
            return self.send_error(404)
        accepted = {
            word.partition(";")[0].strip() for word in self.headers.get("Accept-Encoding", "").split(",")
        }
        for encoding, suffix in ENCODINGS.items():
            compressed = file.with_name(file.name + suffix)
            if encoding in accepted and compressed.is_file() and not compressed.is_symlink():
                return self._send_compressed(compressed, encoding, self.guess_type(file))
        return super().send_head()

    def _send_compressed(self, compressed: Path, encoding: str, media_type: str):  # type: ignore[no-untyped-def]
        content = compressed.open("rb")
        self.send_response(200)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Encoding", encoding)
        self.send_header("Content-Length", str(compressed.stat().st_size))
        self.end_headers()
        return content

    def list_directory(self, path):  # type: ignore[no-untyped-def]
        """A folder without an index.html shows nothing."""
        return self.send_error(404)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Stay quiet."""


def policy_for(site: Path) -> str:
    """The policy of the page in `site`: as strict as the page's own."""
    compiles = WEBASSEMBLY in (site / "index.html").read_text(encoding="utf-8")
    return POLICY.replace("script-src 'self'", f"script-src 'self' {WEBASSEMBLY}") if compiles else POLICY


def site_server(out: Path, port: int) -> ThreadingHTTPServer:
    """A server of the site in `out`, bound to 127.0.0.1 and ready for `serve_forever`.

    Args:
        out: The output folder.
        port: 0 for any free one.

    Raises:
        OutputError: If there is no site, or the port is taken.
    """
    recover(out)
    site = out / FOLDER
    if not (site / "index.html").is_file():
        raise OutputError(
            f"expected a built page in {site}, found none: run python -m export all --out {out}"
        )
    try:
        handler = partial(Handler, directory=str(site), policy=policy_for(site))
        return ThreadingHTTPServer((ADDRESS, port), handler)
    except OSError as error:
        raise OutputError(
            f"expected port {port} to be free, it isn't ({error.strerror}): choose another with --port"
        ) from None
