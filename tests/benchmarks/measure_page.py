"""Measure the built page with digits that people drew: how many it reads, how soon, and how fast.

    python -m tests.benchmarks.measure_page DRAWINGS.jsonl --out artifacts --slowdown 4

Every drawing is drawn anew on the real page in Chromium, as by a fast pen: at 70% of the canvas, at 40% in a
corner of it, and at 70% with a line of 8 pixels in 280 where the page's own is 20 wide. The page offers no
other pen, so for the thin line the script scales the width that the page sets. With --slowdown Chromium takes
that many times as long for everything that it computes, as an old telephone does.
"""

import argparse
import json
import threading
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from playwright.sync_api import Browser, Page

from export.runtimes.browsers.chromium import open_chromium
from export.site.serve import ADDRESS, site_server

# Name, fraction of the canvas, fraction of the empty rest that is left and above, width over the page's.
WAYS = (
    ("at 70%", 0.7, 0.5, 1.0),
    ("at 40%, off-centre", 0.4, 0.15, 1.0),
    ("at 70%, 8 px line", 0.7, 0.5, 0.4),
)

VISITS = 5
# Ready are the model, its first prediction, which takes longest, and the self-check.
WHEN_READY = """
    new MutationObserver(() => {
        if (document.documentElement?.dataset.ready) window.ready_ms ??= performance.now();
    }).observe(document, { childList: true, subtree: true, attributeFilter: ["data-ready"] });
"""
WATCH = """(thinner) => {
    const request = window.requestAnimationFrame.bind(window);
    window.next_frame = () => new Promise((done) => request(done));
    window.frames_ms = [];
    window.requestAnimationFrame = (work) => request((time) => {
        const start = performance.now();
        work(time);
        window.frames_ms.push(performance.now() - start);
    });
    const { get, set } = Object.getOwnPropertyDescriptor(CanvasRenderingContext2D.prototype, "lineWidth");
    Object.defineProperty(CanvasRenderingContext2D.prototype, "lineWidth", {
        get, set(width) { set.call(this, width * thinner); } });
}"""
READ = """async ([drawings, fraction, rest]) => {
    const pad = document.getElementById("pad"), answer = document.getElementById("answer");
    pad.setPointerCapture = () => {}; // a made-up pointer can't be captured
    const predictions = [];
    for (const strokes of drawings) {
        document.getElementById("clear").click();
        await next_frame();
        const box = pad.getBoundingClientRect();
        const left = box.left + rest * (1 - fraction) * box.width;
        const top = box.top + rest * (1 - fraction) * box.height;
        const event = (type, [x, y], coalescedEvents = []) => new PointerEvent(type, {
            pointerId: 1, button: 0, coalescedEvents,
            clientX: left + fraction * x * box.width, clientY: top + fraction * y * box.height });
        for (const points of strokes) {
            pad.dispatchEvent(event("pointerdown", points[0]));
            const moves = points.slice(1).map((point) => event("pointermove", point));
            if (moves.length) pad.dispatchEvent(event("pointermove", points.at(-1), moves));
            await next_frame();
            pad.dispatchEvent(event("pointerup", points.at(-1)));
        }
        await next_frame();
        await next_frame();
        predictions.push(answer.textContent.trim());
    }
    return predictions;
}"""


def open_page(browser: Browser, url: str, slowdown: float, script: str) -> Page:
    """Visit the page for the first time, as all visits in new contexts are."""
    page = browser.new_page(viewport={"width": 1000, "height": 800})
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": slowdown})
    page.add_init_script(script)
    page.goto(url)
    page.wait_for_selector("html[data-ready=true]")
    return page


def ready_after(browser: Browser, url: str, slowdown: float) -> float:
    """Milliseconds from a first visit's beginning until the page reads what is drawn."""
    page = open_page(browser, url, slowdown, WHEN_READY)
    found: float = page.evaluate("window.ready_ms")
    page.close()
    return found


def read(
    browser: Browser, url: str, slowdown: float, drawings: list[Any], way: tuple[str, float, float, float]
) -> list[float]:
    """Draw all drawings in one way, say how many are read; return each frame's work in milliseconds."""
    name, fraction, rest, thinner = way
    page = open_page(browser, url, slowdown, f"({WATCH})({thinner})")
    predictions = page.evaluate(READ, [[drawing["strokes"] for drawing in drawings], fraction, rest])
    frames: list[float] = page.evaluate("window.frames_ms")
    page.close()
    pairs = list(zip(predictions, (str(drawing["label"]) for drawing in drawings), strict=True))
    wrong = sorted(f"{label} as {read or 'nothing'}" for read, label in pairs if read != label)
    print(f"{name}: {1 - len(wrong) / len(pairs):.2%}, wrong: {', '.join(wrong) or 'none'}", flush=True)
    return frames


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("drawings", type=Path, help="pen strokes as JSON lines")
    parser.add_argument("--out", type=Path, default=Path("artifacts"), help="the output folder")
    parser.add_argument("--slowdown", type=float, default=1, help="of the processor, as 4 for an old phone")
    options = parser.parse_args()
    drawings = [json.loads(line) for line in options.drawings.read_text(encoding="utf-8").splitlines()]
    with site_server(options.out, port=0) as server, open_chromium() as browser:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://{ADDRESS}:{server.server_port}/"
        version = browser.version
        ready = [ready_after(browser, url, options.slowdown) for _ in range(VISITS)]
        ways = [read(browser, url, options.slowdown, drawings, way) for way in WAYS]
        server.shutdown()
    frames = [time for frames in ways for time in frames]
    slowest = quantiles(frames, n=20)[-1]
    print(f"ready to read: median {median(ready):.0f} ms after a first visit's beginning, {VISITS} visits")
    print(f"work in the first frame: {', '.join(f'{frames[0]:.1f} ms' for frames in ways)}")
    print(
        f"work in a frame: median {median(frames):.1f} ms, 95% under {slowest:.1f} ms, {len(frames):,} frames"
    )
    print(f"Chromium {version}, slowed down {options.slowdown:g} times")


if __name__ == "__main__":
    main()
