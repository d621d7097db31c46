"""Measure the built page with digits that people drew: how many it reads, and how long a frame's work takes.

    python tests/benchmarks/measure_page.py DRAWINGS.jsonl --out artifacts

Every drawing is drawn anew on the real page in Chromium, as by a fast pen: at 70% of the canvas, at 40% in a
corner of it, and at 70% with a line of 8 pixels in 280 where the page's own is 20 wide. The page offers no
other pen, so for the thin line the browser's canvas is told to draw thinner than the page asks.
"""

from __future__ import annotations

import argparse
import json
import shutil
import threading
from functools import partial
from http.server import ThreadingHTTPServer
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from export.site.serve import ADDRESS, Handler

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
)

# Name, share of the canvas, share of the empty rest that lies left and above, width as a share of the page's.
WAYS = (
    ("at 70%", 0.7, 0.5, 1.0),
    ("at 40%, off-centre", 0.4, 0.15, 1.0),
    ("at 70%, 8 px line", 0.7, 0.5, 0.4),
)

WATCH = """(thinner) => {
    const ask = window.requestAnimationFrame.bind(window);
    window.next_frame = () => new Promise((done) => ask(done));
    window.frames_ms = [];
    window.requestAnimationFrame = (work) => ask((time) => {
        const start = performance.now();
        work(time);
        window.frames_ms.push(performance.now() - start);
    });
    const { get, set } = Object.getOwnPropertyDescriptor(CanvasRenderingContext2D.prototype, "lineWidth");
    Object.defineProperty(CanvasRenderingContext2D.prototype, "lineWidth", {
        get, set(width) { set.call(this, width * thinner); } });
}"""
READ = """async ([drawings, share, rest]) => {
    const pad = document.getElementById("pad"), answer = document.getElementById("answer");
    pad.setPointerCapture = () => {}; // a made-up pointer can't be captured
    const answers = [];
    for (const strokes of drawings) {
        document.getElementById("clear").click();
        await next_frame();
        const box = pad.getBoundingClientRect();
        const left = box.left + rest * (1 - share) * box.width;
        const top = box.top + rest * (1 - share) * box.height;
        const event = (type, [x, y], coalescedEvents = []) => new PointerEvent(type, {
            pointerId: 1, button: 0, coalescedEvents,
            clientX: left + share * x * box.width, clientY: top + share * y * box.height });
        for (const points of strokes) {
            pad.dispatchEvent(event("pointerdown", points[0]));
            const moves = points.slice(1).map((point) => event("pointermove", point));
            if (moves.length) pad.dispatchEvent(event("pointermove", points.at(-1), moves));
            await next_frame();
            pad.dispatchEvent(event("pointerup", points.at(-1)));
        }
        await next_frame();
        await next_frame();
        answers.push(answer.textContent.trim());
    }
    return answers;
}"""


def read(
    browser: Browser, url: str, drawings: list[Any], way: tuple[str, float, float, float]
) -> list[float]:
    """Draw all drawings in one way, say how many are read; return each frame's work in milliseconds."""
    name, share, rest, thinner = way
    page = browser.new_page(viewport={"width": 1000, "height": 800})
    page.add_init_script(f"({WATCH})({thinner})")
    page.goto(url)
    page.wait_for_selector("html[data-ready=true]")
    answers = page.evaluate(READ, [[drawing["strokes"] for drawing in drawings], share, rest])
    frames: list[float] = page.evaluate("window.frames_ms")
    page.close()
    pairs = list(zip(answers, (str(drawing["label"]) for drawing in drawings), strict=True))
    wrong = sorted(f"{label} as {answer or 'nothing'}" for answer, label in pairs if answer != label)
    print(f"{name}: {1 - len(wrong) / len(pairs):.2%}, wrong: {', '.join(wrong) or 'none'}", flush=True)
    return frames


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("drawings", type=Path, help="pen strokes as JSON lines")
    parser.add_argument("--out", type=Path, default=Path("artifacts"), help="the output folder")
    options = parser.parse_args()
    drawings = [json.loads(line) for line in options.drawings.read_text(encoding="utf-8").splitlines()]
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    handler = partial(Handler, directory=str(options.out / "web"))
    with ThreadingHTTPServer((ADDRESS, 0), handler) as server, sync_playwright() as playwright:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        browser = playwright.chromium.launch(executable_path=program, args=list(FLAGS))
        url = f"http://{ADDRESS}:{server.server_port}/"
        frames = [time for way in WAYS for time in read(browser, url, drawings, way)]
        browser.close()
        server.shutdown()
    slowest = quantiles(frames, n=20)[-1]
    print(
        f"work in a frame: median {median(frames):.1f} ms, 95% under {slowest:.1f} ms, {len(frames):,} frames"
    )


if __name__ == "__main__":
    main()
