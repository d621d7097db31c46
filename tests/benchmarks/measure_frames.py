"""Whether drawing drops a frame: how long the page's main thread is busy at a time while a digit is drawn.

    python -m tests.benchmarks.measure_frames DRAWINGS.jsonl --out artifacts [--before OUT] --slowdown 4

Digits are drawn with Chromium's own mouse, a point every 8 ms, on the page and on the one that another
commit has built (--before), and Chromium traces every task of the page's main thread. A screen of 60 Hz
shows a frame every 16.7 ms, so a task of more than 16 ms may drop one. With --slowdown Chromium takes that
many times as long for everything that it computes, as an old telephone does.
"""

import argparse
import json
import time
from collections.abc import Mapping
from pathlib import Path
from statistics import median, quantiles
from typing import Any, NamedTuple

from playwright.sync_api import Browser, Page

from export.runtimes.browsers.chromium import open_chromium
from export.runtimes.local_server import running
from export.site.serve import site_server

MOST_MS = 16.0
LEAST_MS = 1.0  # no frame waits for less
POINT_S = 0.008  # between two points, as mice of 125 Hz report them
FRACTION = 0.7  # of the pad
TRACED = ["disabled-by-default-devtools.timeline", "devtools.timeline"]


class Task(NamedTuple):
    """One of a thread: from its beginning to its end, and what the processor spent on it."""

    clock_ms: float
    processor_ms: float


def tasks_while_drawing(browser: Browser, url: str, drawings: list[Any], slowdown: float) -> list[Task]:
    """The tasks of the page's main thread while the drawings are drawn, one after the other."""
    page = browser.new_page(viewport={"width": 1000, "height": 800})
    page.goto(url)
    page.wait_for_selector("html[data-ready=true]")
    draw(page, drawings[0])  # what is done once is compiled before
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": slowdown})
    browser.start_tracing(page=page, categories=TRACED)
    for drawing in drawings:
        page.keyboard.press("Escape")
        draw(page, drawing)
    trace = json.loads(browser.stop_tracing())
    page.close()
    return main_tasks(trace["traceEvents"])


def draw(page: Page, drawing: Mapping[str, Any]) -> None:
    """Draw a digit's strokes in the middle of the pad, at the speed of a hand."""
    box = page.locator("#pad").bounding_box()
    assert box is not None
    left, width = box["x"] + (1 - FRACTION) / 2 * box["width"], FRACTION * box["width"]
    top, height = box["y"] + (1 - FRACTION) / 2 * box["height"], FRACTION * box["height"]
    for stroke in drawing["strokes"]:
        for number, (x, y) in enumerate(stroke):
            page.mouse.move(left + x * width, top + y * height)
            if number == 0:
                page.mouse.down()
            time.sleep(POINT_S)
        page.mouse.up()
    time.sleep(0.1)  # the last frame


def main_tasks(events: list[dict[str, Any]]) -> list[Task]:
    """The tasks of the thread that paints the page."""
    painting = {(event["pid"], event["tid"]) for event in events if event["name"] == "FireAnimationFrame"}
    return [
        Task(event["dur"] / 1000, event["tdur"] / 1000)
        for event in events
        if event["name"] == "RunTask" and (event["pid"], event["tid"]) in painting and "tdur" in event
    ]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("drawings", type=Path, help="pen strokes as JSON lines")
    parser.add_argument("--out", type=Path, default=Path("artifacts"), help="the output folder")
    parser.add_argument("--before", type=Path, help="the output folder of another commit")
    parser.add_argument("--count", type=int, default=20, help="of the drawings, the first")
    parser.add_argument("--slowdown", type=float, default=1, help="of the processor, as 4 for an old phone")
    options = parser.parse_args()
    lines = options.drawings.read_text(encoding="utf-8").splitlines()[: options.count]
    drawings = [json.loads(line) for line in lines]
    outputs = {"inkproof": options.out} | ({"before": options.before} if options.before else {})
    with open_chromium() as browser:
        for name, out in outputs.items():
            with running(site_server(out, port=0)) as url:
                tasks = tasks_while_drawing(browser, url, drawings, options.slowdown)
            report(name, tasks)
        print(f"Chromium {browser.version}, slowed down {options.slowdown:g} times")


def report(name: str, tasks: list[Task]) -> None:
    """Print how many tasks are too long, by the clock, and by the processor, which others use too."""
    for measure, times in {
        "by the clock": [task.clock_ms for task in tasks],
        "of the processor": [task.processor_ms for task in tasks],
    }.items():
        work = [time for time in times if time >= LEAST_MS]
        long = sum(time > MOST_MS for time in work)
        slow = quantiles(work, n=20)[-1]
        print(
            f"{name:10}{measure:18}{long:4} of {len(work):,} tasks over {MOST_MS:g} ms; "
            f"median {median(work):.1f}, 95% under {slow:.1f}, longest {max(work):.1f} ms"
        )


if __name__ == "__main__":
    main()
