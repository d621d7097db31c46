"""Show the built page on this machine, with the headers that a careful host would send."""

import os
import re
from contextlib import ExitStack
from email.utils import parsedate_to_datetime
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import unquote

from export.errors import OutputError
from export.runtimes.local_server import ADDRESS, LocalHandler, LocalServer
from export.site.build import FOLDER
from export.site.encodings import IDENTITY, chosen_encoding
from train.output.transaction import recover

__all__ = ["ADDRESS", "HEADERS", "POLICY", "policy_for", "site_server"]

HEADERS = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Vary": "Accept-Encoding"}
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
# What a page asks for besides, in its own policy, where its model runs by WebAssembly: to compile it.
WEBASSEMBLY = "'wasm-unsafe-eval'"
# The page as one file has its scripts inside, and a policy of its own that names them.
POLICY_OF_ONE_FILE = "frame-ancestors 'none'"
SUFFIXES = {"br": ".br", "gzip": ".gz"}  # of compressed files, the smaller first
HASHED = re.compile(r"-[0-9a-f]{10}[./]")


class Handler(LocalHandler, SimpleHTTPRequestHandler):
    """Files of the site and nothing else: no listings, no log of requests."""

    extensions_map = SimpleHTTPRequestHandler.extensions_map | {
        ".css": "text/css",
        ".html": "text/html",
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

    def send_head(self) -> BinaryIO | None:
        """Send the headers of the file that is asked for; return it, open, where its content is to follow."""
        found = self._find()
        if isinstance(found, HTTPStatus):
            self.send_error(found)
            return None
        file, coding, content = found
        modified = int(file.stat().st_mtime)
        unchanged = self._has_seen(modified)
        with ExitStack() as if_it_fails:  # the client may have left
            if_it_fails.callback(content.close)
            self.send_response(HTTPStatus.NOT_MODIFIED if unchanged else HTTPStatus.OK)
            self.send_header("Last-Modified", self.date_time_string(modified))
            if not unchanged:
                self.send_header("Content-Type", self.guess_type(file))
                self.send_header("Content-Length", str(os.fstat(content.fileno()).st_size))
                if coding != IDENTITY:
                    self.send_header("Content-Encoding", coding)
            self.end_headers()
            if unchanged:
                return None
            if_it_fails.pop_all()
        return content

    def _find(self) -> tuple[Path, str, BinaryIO] | HTTPStatus:
        """The file that is asked for, the coding that the client likes best, and the open file in it.

        Which file it is doesn't depend on the coding.
        """
        file = file_at(self.path, Path(self.directory))
        if file is None:
            return HTTPStatus.NOT_FOUND
        forms = {coding: file.with_name(file.name + suffix) for coding, suffix in SUFFIXES.items()}
        available = [coding for coding, form in forms.items() if form.is_file() and not form.is_symlink()]
        coding = chosen_encoding(",".join(self.headers.get_all("Accept-Encoding", [])), available)
        if coding is None:
            return HTTPStatus.NOT_ACCEPTABLE
        try:
            return file, coding, forms.get(coding, file).open("rb")
        except OSError:  # it has just gone, or can't be read
            return HTTPStatus.NOT_FOUND

    def _has_seen(self, modified: int) -> bool:
        """Whether the client has the file as it is since `modified`, in seconds since 1970."""
        if "If-None-Match" in self.headers:  # goes before the date, and there are no tags
            return False
        try:
            return modified <= parsedate_to_datetime(self.headers["If-Modified-Since"]).timestamp()
        except (TypeError, ValueError, OverflowError):  # none, or none that is a date
            return False


def file_at(address: str, site: Path) -> Path | None:
    """The file of a site at an address's path; None where there is none, or it doesn't lie in the site.

    Args:
        address: Of a request, such as `/app.js?x=1`; of a folder with a stroke at its end.
        site: The folder; links are followed, but not out of it.
    """
    first, *inner = unquote(address.partition("?")[0].partition("#")[0]).split("/")
    if first or not inner or {"", ".", ".."} & {*inner[:-1]} or inner[-1] in (".", ".."):
        return None
    try:
        # `Path.resolve` would raise a RuntimeError at a link to itself.
        file = Path(os.path.realpath(site.joinpath(*inner[:-1], inner[-1] or "index.html")))
        return file if file.is_relative_to(os.path.realpath(site)) and file.is_file() else None
    except (OSError, ValueError):  # a name too long, or with a null byte
        return None


def policy_for(site: Path) -> str:
    """The policy of the page in `site`: as strict as the page's own."""
    compiles = WEBASSEMBLY in (site / "index.html").read_text(encoding="utf-8")
    return POLICY.replace("script-src 'self'", f"script-src 'self' {WEBASSEMBLY}") if compiles else POLICY


def site_server(out: Path, port: int) -> LocalServer:
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
        return LocalServer(port, partial(Handler, directory=str(site), policy=policy_for(site)))
    except OSError as error:
        raise OutputError(
            f"expected port {port} to be free, it isn't ({error.strerror}): choose another with --port"
        ) from None
