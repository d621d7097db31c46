"""Draws on a page as a person does, and shows the page that is drawn on."""

from collections.abc import Callable, Sequence
from math import cos, pi, sin

from playwright.sync_api import Page

Stroke = Sequence[tuple[float, float]]
OpenPage = Callable[..., Page]

# As people draw them, in fractions of the canvas; `Pen` puts them into its middle.
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

# A duplicate is read: a canvas that is read itself moves off the graphics card, and Chromium says so.
INK_ON_THE_CANVAS = """
    (pad) => {
        const { width, height } = pad;
        const copy = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
        copy.drawImage(pad, 0, 0);
        return copy.getImageData(0, 0, width, height).data
            .reduce((ink, value, i) => ink + (i % 4 === 3 ? value : 0), 0);
    }
"""


def show(page: Page, url: str) -> None:
    """Go to a built page and wait until it is ready to predict."""
    page.goto(url)
    page.wait_for_selector("html[data-ready=true]")


class Pen:
    """Draws on a page, as a person does."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def draw(self, what: str | Sequence[Stroke], fraction: float = 0.7) -> None:
        """Draw a digit, or strokes, with the mouse: in the middle, filling this fraction of the canvas."""
        for stroke in _scaled(what, fraction):
            self.press(stroke, steps=3)
            self.page.mouse.up()

    def press(self, stroke: Stroke, steps: int = 1) -> None:
        """Draw a stroke with the mouse and don't lift it yet; its points are fractions of the canvas."""
        first, *others = self.places(stroke)
        self.page.mouse.move(*first)
        self.page.mouse.down()
        for place in others:
            self.page.mouse.move(*place, steps=steps)

    def touch(self, what: str | Sequence[Stroke], fraction: float = 0.7) -> None:
        """Draw with touches as the browser's own input pipeline makes them."""
        device = self.page.context.new_cdp_session(self.page)
        for stroke in _scaled(what, fraction):
            first, *others = [[{"x": x, "y": y}] for x, y in self.places(stroke)]
            device.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": first})
            for place in others:
                device.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": place})
            device.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    def places(self, stroke: Stroke) -> list[tuple[float, float]]:
        """Where a stroke's points are in the window."""
        self.page.locator("#pad").scroll_into_view_if_needed()
        box = self.page.locator("#pad").bounding_box()
        assert box is not None
        return [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in stroke]

    def ink(self) -> int:
        """How much ink there is on the visible canvas, once it is painted."""
        self.settle()
        return int(self.page.locator("#pad").evaluate(INK_ON_THE_CANVAS))

    def settle(self) -> None:
        """Wait until what was drawn has been painted and read: two frames."""
        two_frames = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
        self.page.evaluate(f"() => {two_frames}")


def _scaled(what: str | Sequence[Stroke], fraction: float) -> list[Stroke]:
    strokes = DIGITS[what] if isinstance(what, str) else what
    return [
        [(0.5 + (x - 0.5) * fraction, 0.5 + (y - 0.5) * fraction) for x, y in stroke] for stroke in strokes
    ]
