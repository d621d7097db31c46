"""A person draws on the built page, in a real browser."""

import json
from collections.abc import Callable, Sequence
from math import cos, pi, sin

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

Stroke = Sequence[tuple[float, float]]

# As a person draws them, in shares of the canvas; `scaled` puts them at 70% of it.
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

# One event that tells of several places, as a browser joins them between two frames.
MOVE_THROUGH = """
    (pad, places) => {
        const moves = places.map(([clientX, clientY]) =>
            new PointerEvent("pointermove", { pointerId: 1, clientX, clientY }));
        const [clientX, clientY] = places.at(-1);
        pad.dispatchEvent(
            new PointerEvent("pointermove", { pointerId: 1, clientX, clientY, coalescedEvents: moves }));
    }
"""


def scaled(strokes: Sequence[Stroke], share: float = 0.7) -> list[Stroke]:
    """The same strokes in the middle of the canvas, filling this share of it."""
    return [[(0.5 + (x - 0.5) * share, 0.5 + (y - 0.5) * share) for x, y in stroke] for stroke in strokes]


def places(page: Page, stroke: Stroke) -> list[tuple[float, float]]:
    """Where a stroke's points lie in the window."""
    box = page.locator("#pad").bounding_box()
    assert box is not None
    return [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in stroke]


def draw(page: Page, strokes: Sequence[Stroke]) -> None:
    """Draw with the mouse."""
    for stroke in strokes:
        first, *others = places(page, stroke)
        page.mouse.move(*first)
        page.mouse.down()
        for place in others:
            page.mouse.move(*place, steps=3)
        page.mouse.up()


def draw_with_a_finger(page: Page, strokes: Sequence[Stroke]) -> None:
    """Draw with touches as the browser's own input pipeline makes them."""
    device = page.context.new_cdp_session(page)
    for stroke in strokes:
        first, *others = [[{"x": x, "y": y}] for x, y in places(page, stroke)]
        device.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": first})
        for place in others:
            device.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": place})
        device.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def ink(page: Page) -> int:
    """How much ink there is on the visible canvas."""
    return int(page.locator("#pad").evaluate(INK_ON_THE_CANVAS))


def settle(page: Page) -> None:
    """Wait until what was drawn has been answered: two frames."""
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


@pytest.mark.parametrize("digit", DIGITS)
def test_a_digit_drawn_with_the_mouse_is_read(page: Page, digit: str) -> None:
    draw(page, scaled(DIGITS[digit]))
    expect(page.locator("#answer")).to_have_text(digit)


@pytest.mark.parametrize("density", [1, 3])
def test_a_digit_drawn_with_a_finger_is_read(
    open_page: Callable[..., Page], show: Callable[[Page], None], problems: list[str], density: int
) -> None:
    phone = open_page(
        viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True, device_scale_factor=density
    )
    show(phone)
    draw_with_a_finger(phone, scaled(THREE))
    expect(phone.locator("#answer")).to_have_text("3")
    assert phone.evaluate("scrollY") == 0
    assert problems == []


def test_it_answers_while_one_draws(page: Page) -> None:
    [stroke] = scaled(THREE)
    first, *others = places(page, stroke)
    page.mouse.move(*first)
    page.mouse.down()
    for place in others:
        page.mouse.move(*place)
    expect(page.locator("#answer")).to_have_text("3")
    page.mouse.up()


def test_an_empty_canvas_gives_no_answer(page: Page) -> None:
    settle(page)
    expect(page.locator("#answer")).to_have_text("")
    expect(page.locator("#bars .percent")).to_have_text([""] * 10)


def test_clear_empties_canvas_and_answer(page: Page) -> None:
    draw(page, scaled(SEVEN))
    expect(page.locator("#answer")).not_to_have_text("")
    assert ink(page) > 0
    page.locator("#clear").click()
    expect(page.locator("#answer")).to_have_text("")
    expect(page.locator("#certainty")).to_have_text("")
    expect(page.locator("#bars .percent")).to_have_text([""] * 10)
    assert ink(page) == 0


def test_what_was_cleared_has_no_part_in_the_next_answer(page: Page) -> None:
    draw(page, scaled(THREE))
    page.locator("#clear").click()
    draw(page, scaled(ONE))
    expect(page.locator("#answer")).to_have_text("1")


def test_clear_works_by_keyboard(page: Page) -> None:
    draw(page, scaled(ONE))
    expect(page.locator("#answer")).not_to_have_text("")
    page.keyboard.press("Tab")
    expect(page.locator("#clear")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#answer")).to_have_text("")


def test_a_stroke_may_leave_the_canvas_and_come_back(page: Page) -> None:
    inside, outside, back = places(page, [(0.9, 0.3), (1.3, 0.5), (0.9, 0.7)])
    page.mouse.move(*inside)
    page.mouse.down()
    page.mouse.move(*outside, steps=4)
    before = ink(page)
    page.mouse.move(*back, steps=4)
    assert ink(page) > before
    page.mouse.up()


def test_a_stroke_that_ends_outside_the_canvas_has_ended(page: Page) -> None:
    inside, outside, back = places(page, [(0.9, 0.3), (1.3, 0.5), (0.5, 0.7)])
    page.mouse.move(*inside)
    page.mouse.down()
    page.mouse.move(*outside, steps=4)
    page.mouse.up()
    before = ink(page)
    page.mouse.move(*back, steps=4)
    assert ink(page) == before


def test_a_fast_stroke_keeps_the_points_between_two_frames(page: Page) -> None:
    start, top, end = places(page, [(0.2, 0.8), (0.5, 0.1), (0.8, 0.8)])
    page.mouse.move(*start)
    page.mouse.down()
    page.locator("#pad").evaluate(MOVE_THROUGH, [top, end])
    page.mouse.up()
    straight_across = 0.6 * 0.1  # the ink of a line from start to end, as a share of the canvas, or so
    canvas = page.locator("#pad").evaluate("(pad) => pad.width * pad.height * 0xff")
    assert ink(page) > 1.4 * straight_across * canvas


def test_a_drawing_survives_a_resize_and_keeps_its_answer(page: Page) -> None:
    draw(page, scaled(SEVEN))
    expect(page.locator("#answer")).to_have_text("7")
    answered = page.locator("#bars").inner_text()
    page.set_viewport_size({"width": 500, "height": 900})
    settle(page)
    assert ink(page) > 0
    assert page.locator("#bars").inner_text() == answered


def test_the_ink_follows_the_theme(page: Page) -> None:
    draw(page, scaled(ONE))
    colour = "(pad) => pad.getContext('2d').strokeStyle"
    light = page.locator("#pad").evaluate(colour)
    page.emulate_media(color_scheme="dark")
    settle(page)
    assert page.locator("#pad").evaluate(colour) != light
    assert ink(page) > 0


def test_bars_and_picture_have_the_shape_of_the_contract(page: Page, site_url: str) -> None:
    contract = page.request.get(f"{site_url.rstrip('/')}/site.json").json()["contract"]
    draw(page, scaled(ZERO))
    expect(page.locator("#bars .name")).to_have_text(contract["labels"])
    seen = page.locator("#seen")
    assert seen.evaluate("(seen) => [seen.width, seen.height]") == [contract["width"], contract["height"]]
    expect(page.locator("#bars .best .name")).to_have_text("0")


def test_a_screen_reader_hears_the_answer_once_a_stroke(page: Page) -> None:
    draw(page, scaled(ONE))
    expect(page.get_by_role("status").filter(has_text="1, ")).to_have_count(1)


def test_the_page_says_what_it_runs(page: Page, site_url: str) -> None:
    site = page.request.get(f"{site_url.rstrip('/')}/site.json").json()
    expect(page.locator("#facts")).to_contain_text(site["model"]["target"])
    expect(page.locator("#facts")).to_contain_text("never leaves this device")
    expect(page.locator("#note")).to_be_visible(visible=site["dataset"] == "pen")


def test_pen_digits_are_not_passed_off_as_mnist(
    open_page: Callable[..., Page], show: Callable[[Page], None], site_url: str
) -> None:
    page = open_page()
    site = page.request.get(f"{site_url.rstrip('/')}/site.json").json()
    page.route("**/site.json", lambda route: route.fulfill(body=json.dumps(site | {"dataset": "pen"})))
    show(page)
    expect(page.locator("#note")).to_contain_text("generated pen digits, not on MNIST")
    expect(page.locator("#facts")).not_to_contain_text("MNIST")


@pytest.mark.parametrize("file", ["site.json", "model.json", "*.bin", "runtime.js"])
def test_a_missing_file_is_said_on_the_page(open_page: Callable[..., Page], site_url: str, file: str) -> None:
    page = open_page()
    page.route(f"**/{file}", lambda route: route.abort())
    page.goto(site_url)
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("could not be loaded")
    expect(alert).to_contain_text(file.lstrip("*"))
    assert page.locator("html").get_attribute("data-ready") is None


@pytest.mark.parametrize(
    ("file", "body"),
    [("site.json", "{}"), ("model.json", "not JSON"), ("model.json", "{}"), ("*.bin", "cut off")],
)
def test_a_damaged_file_is_said_on_the_page(
    open_page: Callable[..., Page], site_url: str, file: str, body: str
) -> None:
    page = open_page()
    page.route(f"**/{file}", lambda route: route.fulfill(body=body))
    page.goto(site_url)
    expect(page.get_by_role("alert")).to_contain_text("damaged")
