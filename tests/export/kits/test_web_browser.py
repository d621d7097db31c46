"""The Web kit on plain pages in Chromium, from a plain host of files."""

import json
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, ConsoleMessage, Page, Response

from export.kits._graph_models import graph_models_of
from export.kits._model import KitModel
from export.kits.web import KIT
from export.runtimes.browsers.chromium import open_chromium
from export.runtimes.node import WEB
from export.site.build import FOLDER as PAGE
from export.site.build import runtime_file

pytestmark = pytest.mark.browser

# What people have on their own pages; the three lines are the README's.
OWN_PAGE = """<!doctype html><meta charset="utf-8"><title>Mine</title><link rel="icon" href="data:,">
<canvas></canvas>
<script type="module">
  import { classify } from "HOST/index.js";
  const canvas = document.querySelector("canvas");
  canvas.addEventListener("pointerup", async () => console.log(JSON.stringify(await classify(canvas))));
</script>
"""
DRAW = """([ink, rows, columns]) => {
  const canvas = document.querySelector("canvas");
  [canvas.width, canvas.height] = [columns, rows];
  const pixels = new ImageData(columns, rows);
  ink.forEach((amount, i) => { pixels.data[4 * i + 3] = amount; });  // black on transparent
  canvas.getContext("2d").putImageData(pixels, 0, 0);
  canvas.dispatchEvent(new PointerEvent("pointerup"));
}"""
LITERT_PAGE = """<!doctype html><meta charset="utf-8"><title>LiteRT.js</title><link rel="icon" href="data:,">
<script type="importmap">{"imports": {
  "@litertjs/core": "/node_modules/@litertjs/core/dist/index.js",
  "@litertjs/wasm-utils": "/node_modules/@litertjs/wasm-utils/dist/index.js"
}}</script>
"""
RUN_LITERT = """async () => {
  const litert = await import("@litertjs/core");
  const { selfTestOfLiteRt } = await import("/kit/selftest.js");
  const { openClassifier } = await import("/kit/litert.js");
  await litert.loadLiteRt("/node_modules/@litertjs/core/wasm/");
  const lines = await selfTestOfLiteRt(litert);
  const classifier = await openClassifier(litert);
  const paper = await classifier.classify({ data: new Uint8Array(6), rows: 2, columns: 3 });
  return [lines, paper];
}"""
CLASSIFY_IMAGE = """async () => {
  const { classify } = await import("/kit/index.js");
  const { imageOf } = await import("/kit/input.js");
  const image = document.querySelector("img");
  await image.decode();
  const bitmap = await createImageBitmap(image);
  return { answer: await classify(image), sameOfBitmap: await classify(bitmap), input: [...imageOf(image)] };
}"""


class Host(SimpleHTTPRequestHandler):
    """A host of files that lets other sites use them."""

    extensions_map = SimpleHTTPRequestHandler.extensions_map | {
        ".js": "text/javascript",
        ".mjs": "text/javascript",
        ".wasm": "application/wasm",
    }

    def end_headers(self) -> None:
        self.send_header("Access-Control-Allow-Origin", "*")
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


@contextmanager
def hosted(folder: Path) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Host, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with open_chromium() as opened:
        yield opened


@pytest.fixture(scope="module")
def host(kit_of: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a host with the kit of a model of drawings in `kit/`, and the npm packages."""
    with hosted(site_of(kit_of(KIT.name), tmp_path_factory.mktemp("host"))) as url:
        yield url


def site_of(kit: Path, folder: Path) -> Path:
    shutil.copytree(kit, folder / "kit")
    (folder / "node_modules").symlink_to(WEB / "node_modules")
    (folder / "litert.html").write_text(LITERT_PAGE, encoding="utf-8")
    return folder


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A new page; what it complains about fails the test."""
    complaints: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        logged = message.text.startswith(("INFO: ", "WARNING: "))  # by LiteRT.js, as errors
        if message.type == "error" and not logged:
            complaints.append(message.text)

    def look_at(response: Response) -> None:
        if response.status >= 400:
            complaints.append(response.url)

    opened = browser.new_page()
    opened.set_default_timeout(20_000)
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("requestfailed", lambda request: complaints.append(request.url))
    opened.on("response", look_at)
    opened.on("console", hear)
    yield opened
    opened.close()
    assert complaints == []


def test_three_lines_on_another_site_read_the_golden_drawings(
    host: str, drawings_model: KitModel, page: Page, tmp_path: Path
) -> None:
    (tmp_path / "index.html").write_text(OWN_PAGE.replace("HOST", f"{host}/kit"), encoding="utf-8")
    runtime = runtime_file(drawings_model.out / PAGE)
    assert runtime is not None
    images = np.stack([example.image for example in drawings_model.examples])
    expected = graph_models_of(drawings_model)[0].numbers(drawings_model.out, images, runtime)
    with hosted(tmp_path) as own:
        assert own != host
        page.goto(own)
        found = [drawn(page, example.given) for example in drawings_model.examples]
    labels = [drawings_model.labels[best] for best in expected.argmax(axis=1)]
    assert [answer["label"] for answer in found] == labels
    assert labels[:10] == list("0123456789")
    probabilities = [answer["probability"] for answer in found]
    np.testing.assert_allclose(
        probabilities, expected.max(axis=1), atol=0.02
    )  # pixels may be a grey level off


def drawn(page: Page, ink: np.ndarray[Any, Any]) -> dict[str, Any]:
    """What the page says of a drawing."""
    with page.expect_console_message() as said:
        page.evaluate(DRAW, [ink.reshape(-1).tolist(), *ink.shape])
    answer: dict[str, Any] = json.loads(said.value.text)
    return answer


def test_the_self_test_page(host: str, page: Page) -> None:
    page.goto(f"{host}/kit/selftest.html")
    page.wait_for_function("document.getElementById('lines').textContent !== '…'")
    lines = page.inner_text("#lines").splitlines()
    assert len(lines) == 4, lines
    assert all("largest difference" in line for line in lines[1:])


def test_litert_js_runs_the_same_files(host: str, page: Page) -> None:
    page.goto(f"{host}/litert.html")
    lines, paper = page.evaluate(RUN_LITERT)
    assert [line.partition(":")[0] for line in lines] == [*KIT.targets]
    assert set(paper) == {"label", "probability"}


def test_a_damaged_model_fails_the_self_test_page(
    kit_of: Callable[[str], Path], browser: Browser, tmp_path: Path
) -> None:
    site = site_of(kit_of(KIT.name), tmp_path)
    (site / "kit/golden/tfjs-graph-uint8.bin").write_bytes(bytes(480))
    with hosted(site) as url, browser.new_page() as page:
        page.goto(f"{url}/kit/selftest.html")
        page.wait_for_function("document.getElementById('lines').textContent !== '…'")
        assert "expected 0.00001 at most, found tfjs-graph-uint8" in page.inner_text("#lines")


def test_a_picture_on_the_page(
    colour_kit_of: Callable[[str], Path], colours_model: KitModel, page: Page, tmp_path: Path
) -> None:
    site = site_of(colour_kit_of(KIT.name), tmp_path)
    with hosted(site) as url:
        for place, example in enumerate(colours_model.examples):
            Image.fromarray(example.given).save(site / f"{place}.png")
            shown = f'<!doctype html><link rel="icon" href="data:,"><img width="3" src="{place}.png">'
            (site / f"{place}.html").write_text(shown, encoding="utf-8")
            page.goto(f"{url}/{place}.html")
            found = page.evaluate(CLASSIFY_IMAGE)
            assert found["answer"]["label"] in colours_model.labels
            assert found["sameOfBitmap"] == found["answer"]
            assert np.abs(np.array(found["input"]) - example.image.reshape(-1).astype(int)).max() <= 1
