"""Show the built page on this machine, with the headers that a careful host would send."""

from __future__ import annotations

from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from export.errors import OutputError
from export.site import FOLDER

ADDRESS = "127.0.0.1"
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}


class Handler(SimpleHTTPRequestHandler):
    """Files of the site and nothing else: no listings, no word on each request."""

    extensions_map = SimpleHTTPRequestHandler.extensions_map | {
        ".js": "text/javascript",  # some systems have it as text/plain, which no browser runs
        ".json": "application/json",
    }

    def end_headers(self) -> None:
        """Send the strict headers with every answer."""
        for name, value in HEADERS.items():
            self.send_header(name, value)
        super().end_headers()

    def send_head(self):  # type: ignore[no-untyped-def]
        """Refuse whatever doesn't lie in the site once symbolic links are followed."""
        asked, site = Path(self.translate_path(self.path)).resolve(), Path(self.directory).resolve()
        if not asked.is_relative_to(site):
            return self.send_error(404)
        return super().send_head()

    def list_directory(self, path):  # type: ignore[no-untyped-def]
        """A folder without an index.html shows nothing."""
        return self.send_error(404)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Stay quiet."""


def site_server(out: Path, port: int) -> ThreadingHTTPServer:
    """A server of the site in `out`, bound to 127.0.0.1 and ready for `serve_forever`.

    Args:
        out: The output folder.
        port: 0 for any free one.

    Raises:
        OutputError: If there is no site, or the port is taken.
    """
    site = out / FOLDER
    if not (site / "index.html").is_file():
        raise OutputError(
            f"expected a built page in {site}, found none: run python -m export all --out {out}"
        )
    try:
        return ThreadingHTTPServer((ADDRESS, port), partial(Handler, directory=str(site)))
    except OSError as error:
        raise OutputError(
            f"expected port {port} to be free, it isn't ({error.strerror}): choose another with --port"
        ) from None
