"""What people drew on tablets, drawn again on the built page."""

from typing import Any

import pytest
from playwright.sync_api import Page

from tests.web.pen import Pen

pytestmark = pytest.mark.browser

# The tests' own model was trained for seconds, on pen digits only: this tests the page, not a model.
LEAST_RIGHT = 0.6

# All points of a stroke at once, as the browser hands them over for a fast pen; at 70% of the canvas.
DRAW = """
    (pad, strokes) => {
        const box = pad.getBoundingClientRect();
        pad.setPointerCapture = () => {}; // a made-up pointer can't be captured
        const event = (type, [x, y], coalescedEvents = []) => new PointerEvent(type, {
            pointerId: 1, button: 0, coalescedEvents,
            clientX: box.left + (0.15 + 0.7 * x) * box.width,
            clientY: box.top + (0.15 + 0.7 * y) * box.height });
        for (const points of strokes) {
            pad.dispatchEvent(event("pointerdown", points[0]));
            const moves = points.slice(1).map((point) => event("pointermove", point));
            if (moves.length) pad.dispatchEvent(event("pointermove", points.at(-1), moves));
            pad.dispatchEvent(event("pointerup", points.at(-1)));
        }
    }
"""


def test_digits_that_people_drew_are_read(page: Page, drawn: list[dict[str, Any]]) -> None:
    pen = Pen(page)
    right = 0
    for drawing in drawn:
        page.locator("#clear").click()
        page.locator("#pad").evaluate(DRAW, drawing["strokes"])
        pen.settle()
        right += page.locator("#answer").inner_text() == str(drawing["label"])
    print(f"{right} of {len(drawn)} are read right")
    assert right >= LEAST_RIGHT * len(drawn)
