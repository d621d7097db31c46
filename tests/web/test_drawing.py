"""A person draws on the built page with mouse and finger, in a real browser."""

import pytest
from playwright.sync_api import Page, expect

from tests.often import often
from tests.web.pen import OpenPage, Pen, show

pytestmark = pytest.mark.browser

# One event with several places, as a browser joins them between two frames.
MOVE_THROUGH = """
    (pad, places) => {
        const moves = places.map(([clientX, clientY]) =>
            new PointerEvent("pointermove", { pointerId: 1, clientX, clientY }));
        const [clientX, clientY] = places.at(-1);
        pad.dispatchEvent(
            new PointerEvent("pointermove", { pointerId: 1, clientX, clientY, coalescedEvents: moves }));
    }
"""

# How many different columns of pixels there are in the middle of a level line.
DIFFERENT_COLUMNS = """
    (pad) => {
        const { width, height } = pad;
        const copy = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
        copy.drawImage(pad, 0, 0);
        const columns = new Set();
        for (let x = Math.round(0.3 * width); x < 0.7 * width; x++) {
            const column = copy.getImageData(x, 0, 1, height).data.filter((value, i) => i % 4 === 3);
            columns.add(column.filter(Boolean).join());
        }
        return columns.size;
    }
"""


@pytest.mark.parametrize("digit", often("0137", lambda digit: digit in "37"))
def test_a_digit_drawn_with_the_mouse_is_read(page: Page, pen: Pen, digit: str) -> None:
    pen.draw(digit)
    expect(page.locator("#answer")).to_have_text(digit)


@pytest.mark.parametrize("density", often([1, 3], lambda density: density == 3))
def test_a_digit_drawn_with_a_finger_is_read(
    open_page: OpenPage, site_url: str, problems: list[str], density: int
) -> None:
    phone = open_page(
        viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True, device_scale_factor=density
    )
    show(phone, site_url)
    Pen(phone).touch("3")
    expect(phone.locator("#answer")).to_have_text("3")
    assert phone.evaluate("scrollY") == 0
    assert problems == []


def test_it_answers_while_one_draws(page: Page, pen: Pen) -> None:
    pen.press([(0.3, 0.2), (0.5, 0.2), (0.7, 0.2), (0.6, 0.4), (0.5, 0.6), (0.45, 0.85)])
    expect(page.locator("#answer")).to_have_text("7")
    expect(page.locator("#announcement")).to_have_text("")  # a screen reader waits for the stroke's end
    page.mouse.up()
    expect(page.locator("#announcement")).to_contain_text("7, ")


def test_a_stroke_may_leave_the_canvas_and_come_back(page: Page, pen: Pen) -> None:
    pen.press([(0.9, 0.3), (1.3, 0.5)], steps=4)
    before = pen.ink()
    page.mouse.move(*pen.places([(0.9, 0.7)])[0], steps=4)
    assert pen.ink() > before
    page.mouse.up()


def test_a_stroke_that_ends_outside_the_canvas_has_ended(page: Page, pen: Pen) -> None:
    pen.press([(0.9, 0.3), (1.3, 0.5)], steps=4)
    page.mouse.up()
    before = pen.ink()
    page.mouse.move(*pen.places([(0.5, 0.7)])[0], steps=4)
    assert pen.ink() == before


def test_a_fast_stroke_keeps_the_points_between_two_frames(page: Page, pen: Pen) -> None:
    start, top, end = pen.places([(0.2, 0.8), (0.5, 0.1), (0.8, 0.8)])
    page.mouse.move(*start)
    page.mouse.down()
    page.locator("#pad").evaluate(MOVE_THROUGH, [top, end])
    page.mouse.up()
    straight_across = 0.6 * 0.1  # the ink of a line from start to end, as a fraction of the canvas, roughly
    canvas = page.locator("#pad").evaluate("(pad) => pad.width * pad.height * 0xff")
    assert pen.ink() > 1.4 * straight_across * canvas


def test_a_straight_line_has_even_edges(page: Page, pen: Pen) -> None:
    pen.press([(0.1 + 0.05 * i, 0.5) for i in range(17)])
    page.mouse.up()
    pen.settle()
    assert page.locator("#pad").evaluate(DIFFERENT_COLUMNS) == 1  # every column looks like the next


def test_a_drawing_survives_a_resize_and_keeps_its_answer(page: Page, pen: Pen) -> None:
    pen.draw("7")
    expect(page.locator("#answer")).to_have_text("7")
    answered = page.locator("#bars").inner_text()
    page.set_viewport_size({"width": 500, "height": 900})
    assert pen.ink() > 0
    assert page.locator("#bars").inner_text() == answered


def test_the_ink_follows_the_theme(page: Page, pen: Pen) -> None:
    pen.draw("1")
    colour = "(pad) => pad.getContext('2d').strokeStyle"
    light = page.locator("#pad").evaluate(colour)
    page.emulate_media(color_scheme="dark")
    pen.settle()
    assert page.locator("#pad").evaluate(colour) != light
    assert pen.ink() > 0
    expect(page.locator("#answer")).to_have_text("1")
