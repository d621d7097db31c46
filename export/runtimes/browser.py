"""TensorFlow.js and LiteRT.js in a browser: a page of our own that runs one artifact at a time."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from export.errors import RunError
from export.runtimes import node, tfjs, tflite_file
from export.runtimes.browsers._browser import Browser, Driver, PageError
from export.runtimes.local_server import LocalHandler, LocalServer, running
from export.runtimes.peak_memory import peak_bytes
from export.runtimes.process import reason_in
from export.types import Images, Probabilities

PACKAGES = "/packages/"
MEDIA_TYPES = {
    ".html": "text/html",
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".wasm": "application/wasm",
}
SCRIPTS = [Path(__file__).with_name(f"{name}.mjs") for name in ("browser", "batches", "timing")]
PAGE = """<!doctype html><meta charset="utf-8"><title>inkproof</title><link rel="icon" href="data:,">
<script type="importmap">{"imports": {
  "@litertjs/core": "/packages/@litertjs/core/dist/index.js",
  "@litertjs/wasm-utils": "/packages/@litertjs/wasm-utils/dist/index.js"
}}</script><body></body>"""
IMPORT = "import('/browser.mjs')"
# A runtime that hangs must not hang this process. The slowest, LiteRT.js with an int16x8 model, takes 150 s
# for 10,000 images on a busy machine, and has taken more than 300.
PATIENCE_S = 900.0
ARTIFACT = "/artifact"


class Page:
    """A blank page in a browser, and the files that it may load.

    Attributes:
        name: The browser and its version, as in `chromium 156`.
        webgl_renderer: What WebGL draws with; None where the browser has no WebGL.
        peak_bytes: The most memory that the process of the last call's page has held; 0 where the browser
            doesn't say which process that is.
    """

    def __init__(self, name: str, driver: Driver, files: dict[str, bytes], address: str) -> None:
        """See `open_page`."""
        self._driver, self._files, self._address = driver, files, address
        self.peak_bytes = 0
        self.name = f"{name} {driver.version}"
        with driver.open_tab() as tab:
            tab.go(address)
            self.webgl_renderer: str | None = tab.run(
                f"() => {IMPORT}.then((module) => module.webglRenderer())"
            )

    def predict(self, runtime: str, artifact: Path, images: Images) -> Probabilities:
        """Run an artifact on images.

        Args:
            runtime: As in `open` of browser.mjs.
            artifact: The `.tflite`, or the folder of the `model.json`.
            images: Shape (n, height, width, channels).

        Raises:
            RunError: If the runtime can't load or run it.
        """
        self._files["/images"] = images.tobytes()
        encoded = self.call("predict", runtime, artifact, len(images))
        found = tfjs.in_rows(base64.b64decode(encoded), artifact, len(images))
        return tflite_file.as_probabilities(artifact.read_bytes(), found) if artifact.is_file() else found

    def measure(self, runtime: str, artifact: Path, images: Images) -> dict[str, Any]:
        """Load an artifact and time its predictions, see `export.bench.measure.measure`.

        Raises:
            RunError: If the runtime can't load or run it.
        """
        self._files["/images"] = images.tobytes()
        figures = self.call("time", runtime, artifact, len(images))
        return {**figures, "peak_bytes": self.peak_bytes}

    def call(self, function: str, runtime: str, artifact: Path, *arguments: object) -> Any:
        """Call a function of browser.mjs in a new page with an empty cache; return what it returns.

        Raises:
            RunError: If it throws, or the page crashes.
        """
        served = _files_of(artifact)
        self._files.update(served)
        others = self._driver.page_processes()
        try:
            with self._driver.open_tab() as tab:
                tab.go(self._address)
                tab.run(
                    f"(...given) => {IMPORT}.then((module) => module.begin(...given))",
                    function,
                    [runtime, ARTIFACT, *arguments],
                )
                outcome = tab.wait_for("() => globalThis.outcome", PATIENCE_S)
                # The larger, should the browser hold one ready for the next page.
                self.peak_bytes = max(map(peak_bytes, self._driver.page_processes() - others), default=0)
        except PageError as error:  # it crashed, or hangs
            outcome = {"error": str(error)}
        finally:
            for path in served:
                del self._files[path]
        if "error" in outcome:
            raise RunError(
                f"expected {artifact} to run in {self.name}, found that {runtime} stopped "
                f"({reason_in(outcome['error'])}): build it again"
            )
        return outcome["value"]


@contextmanager
def open_page(page_runtime: Path, browser: Browser) -> Iterator[Page]:
    """Start a browser and a server for it on 127.0.0.1, and end both afterwards.

    Args:
        page_runtime: The runtime file that the page ships.
        browser: Which one.

    Raises:
        BrowserError: If it doesn't start.
    """
    runtime = page_runtime.read_bytes() if page_runtime.is_file() else b""  # no model needs it
    files = {"/": PAGE.encode(), "/page-runtime.js": runtime}
    files.update({f"/{script.name}": script.read_bytes() for script in SCRIPTS})
    with browser.start() as driver, running(LocalServer(0, partial(_Handler, files=files))) as address:
        yield Page(browser.name, driver, files, address)


def _files_of(artifact: Path) -> dict[str, bytes]:
    """An artifact's files by address."""
    if artifact.is_file():
        return {ARTIFACT: artifact.read_bytes()}
    return {
        f"{ARTIFACT}/{file.relative_to(artifact).as_posix()}": file.read_bytes()
        for file in artifact.rglob("*")
        if file.is_file()
    }


class _Handler(LocalHandler):
    """Sends the given files and those of the npm packages, and nothing else."""

    def __init__(self, *arguments: Any, files: Mapping[str, bytes], **named: Any) -> None:
        self._files = files
        super().__init__(*arguments, **named)

    def do_GET(self) -> None:  # noqa: N802
        """Send a file."""
        content = self._files.get(self.path)
        if content is None:
            content = _package_file(self.path)
        if content is None:
            return self.send_error(404)
        suffix = Path(self.path).suffix if self.path != "/" else ".html"
        self.send_response(200)
        self.send_header("Content-Type", MEDIA_TYPES.get(suffix, "application/octet-stream"))
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "no-store")  # the next artifact has the same address
        # Isolated from other sites the page may read a clock of 5 microseconds instead of 100.
        self.send_header("Cross-Origin-Opener-Policy", "same-origin")
        self.send_header("Cross-Origin-Embedder-Policy", "require-corp")
        self.end_headers()
        self.wfile.write(content)
        return None


def _package_file(address: str) -> bytes | None:
    packages = node.WEB / "node_modules"
    file = (packages / address.removeprefix(PACKAGES)).resolve()
    wanted = address.startswith(PACKAGES) and file.is_relative_to(packages.resolve())
    return file.read_bytes() if wanted and file.is_file() else None
