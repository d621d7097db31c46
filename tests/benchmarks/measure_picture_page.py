"""Measure how soon the picture page answers with MobileNetV2, from a file that is chosen to the answer.

    python -m tests.benchmarks.measure_picture_page --sides 96 224

For each side it exports Keras's MobileNetV2 of full width, with random weights, as a float32 graph model,
serves its page, and chooses photographs of two sizes in Chromium, again and again. What is read of them is
random, too; how long it takes isn't.
"""

import argparse
import tempfile
from io import BytesIO
from pathlib import Path
from statistics import median, quantiles

import numpy as np
from PIL import Image
from playwright.sync_api import Browser

from export.pipeline.export_all import Request, export_all
from export.runtimes.browsers.chromium import open_chromium
from export.site.build import FOLDER
from export.targets import all_targets
from tests.web.conftest import served
from train.console.quiet import import_tensorflow

PHOTOGRAPHS = ((1200, 900), (4000, 3000))  # width and height
# Milliseconds from the event of the page's input to the frame that shows the answer, as a promise.
WATCH = """() => {
    const answer = document.getElementById("answer"), file = document.getElementById("file");
    answer.value = "";
    window.answered = new Promise((done) => file.addEventListener("change", () => {
        const start = performance.now();
        new MutationObserver((_, observer) => {
            observer.disconnect();
            requestAnimationFrame(() => setTimeout(() => done(performance.now() - start)));
        }).observe(answer, { childList: true, characterData: true, subtree: true });
    }, { capture: true, once: true }));
}"""


def build(side: int, folder: Path) -> Path:
    """Export the model into `folder`; return the output folder."""
    import keras

    keras.utils.set_random_seed(1)
    inputs = keras.Input((side, side, 3))
    network = keras.applications.MobileNetV2(weights=None, input_shape=(side, side, 3), alpha=1.0)
    outputs = network(keras.layers.Rescaling(1 / 127.5, -1)(inputs))
    keras.Model(inputs, outputs).save(folder / "model.keras")
    pictures = np.random.default_rng(1).integers(0, 256, (16, side, side, 3), np.uint8)
    labels = np.arange(16, dtype=np.uint8)
    np.savez(folder / "data.npz", x_train=pictures, y_train=labels, x_test=pictures[:4], y_test=labels[:4])
    targets = [target for target in all_targets() if target.name == "tfjs-graph"]
    out = folder / "artifacts"
    export_all(Request(folder / "model.keras", str(folder / "data.npz"), out, targets))
    return out


def photograph(width: int, height: int) -> bytes:
    """A JPEG with as much detail as a photograph has."""
    noise = np.random.default_rng(2).integers(0, 256, (height // 8, width // 8, 3), np.uint8)
    content = BytesIO()
    Image.fromarray(noise).resize((width, height), Image.Resampling.BICUBIC).save(content, "JPEG", quality=90)
    return content.getvalue()


def measure(browser: Browser, url: str, rounds: int) -> None:
    """Print how long a first visit takes to be ready, and a picture to be read."""
    page = browser.new_page()
    page.goto(url)
    page.wait_for_selector("html[data-ready=true]", timeout=120_000)
    print(f"  ready after {page.evaluate('performance.now()') / 1000:.1f} s")
    for width, height in PHOTOGRAPHS:
        content, times = photograph(width, height), []
        for turn in range(rounds + 1):
            page.evaluate(WATCH)
            file = {"name": f"{turn}.jpg", "mimeType": "image/jpeg", "buffer": content}
            page.set_input_files("#file", file)  # type: ignore[arg-type]
            times.append(page.evaluate("window.answered"))
        first, *others = times
        slowest = quantiles(others, n=20)[-1]
        print(
            f"  {width} x {height}: first {first:.0f} ms, then median {median(others):.0f} ms, "
            f"95% under {slowest:.0f} ms, {rounds} times"
        )
    page.close()


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sides", type=int, nargs="+", default=[96, 224])
    parser.add_argument("--rounds", type=int, default=20)
    options = parser.parse_args()
    import_tensorflow()
    for side in options.sides:
        with tempfile.TemporaryDirectory() as folder:
            out = build(side, Path(folder))
            [runtime] = (out / FOLDER).glob("runtime-*.js")
            backend = "WebAssembly" if "WebAssembly" in runtime.read_text(encoding="utf-8") else "JavaScript"
            with served(out) as url, open_chromium() as browser:
                print(f"MobileNetV2 at {side} x {side}, {backend}, Chromium {browser.version}")
                measure(browser, url, options.rounds)


if __name__ == "__main__":
    main()
