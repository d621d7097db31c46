"""Several digits on the pad are read one by one; what is no digit, or can't be separated, is called that."""

import json
from collections.abc import Sequence
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.often import often
from tests.web.pen import DIGITS, OpenPage, Pen, Stroke, show

pytestmark = pytest.mark.browser

DOT = [[(0.5, 0.5), (0.5, 0.502)]]
# Back and forth over the whole pad
SCRIBBLE = [[(0.03 + 0.94 * (n % 2), 0.03 + 0.94 * n / 24) for n in range(25)]]
WIDE = [[(0.02, 0.6), (0.18, 0.4), (0.34, 0.6), (0.5, 0.4), (0.66, 0.6), (0.82, 0.4), (0.98, 0.6)]]


def placed(
    what: str, left: float, top: float = 0.25, height: float = 0.5, lean: float = 0.0
) -> Sequence[Stroke]:
    """A digit of this height, with its box's upper left corner there; leaning to the right."""
    return [
        [(left + height * (0.8 * x + lean * (1 - y)), top + height * y) for x, y in stroke]
        for stroke in DIGITS[what]
    ]


def write(pen: Pen, *digits: Sequence[Stroke]) -> None:
    for stroke in (stroke for digit in digits for stroke in digit):
        pen.press(stroke, steps=3)
        pen.page.mouse.up()


@pytest.mark.parametrize("lean", [0.0, 0.35])
def test_two_digits_are_read_from_left_to_right(
    page: Page, pen: Pen, site: dict[str, Any], lean: float
) -> None:
    write(
        pen, placed("3", 0.52, lean=lean), placed("7", 0.02, lean=lean)
    )  # in whatever order they are written
    expect(page.locator("#answer")).to_have_text("73")
    width = page.locator("#seen").evaluate("(seen) => seen.width")
    assert width == 2 * site["contract"]["width"]
    expect(page.locator("#certainty")).to_contain_text("digit no. ")
    [number] = page.locator("#bars .best .name").all_text_contents()
    expect(page.locator("#bars-title")).to_have_text(f"Probabilities of digit no. {'73'.index(number) + 1}")
    expect(page.get_by_role("status").filter(has_text="73, digit no. ")).to_have_count(1)


def test_three_digits_beside_one_that_is_taken_back(page: Page, pen: Pen) -> None:
    write(pen, *(placed(what, 0.02 + 0.33 * n, 0.35, 0.32) for n, what in enumerate("701")))
    expect(page.locator("#answer")).to_have_text("701")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#answer")).to_have_text("70")


def test_one_digit_is_what_it_was(page: Page, pen: Pen, site: dict[str, Any]) -> None:
    write(pen, placed("7", 0.02), placed("3", 0.52))
    page.get_by_role("button", name="Clear").click()
    expect(page.locator("#bars-title")).to_have_text("Probabilities")
    pen.draw("3")
    expect(page.locator("#answer")).to_have_text("3")
    expect(page.locator("#bars-title")).to_have_text("Probabilities")
    expect(page.locator("#certainty")).not_to_contain_text("digit")
    assert page.locator("#seen").evaluate("(seen) => seen.width") == site["contract"]["width"]


def test_all_models_are_compared_on_all_digits(page: Page, pen: Pen, site: dict[str, Any]) -> None:
    write(pen, placed("7", 0.02), placed("3", 0.52))
    page.get_by_role("button", name="Compare on my drawing").click()
    reads = page.locator("#variants tr > td:nth-child(3)")
    expect(reads).to_have_text(["73"] * len(site["variants"]))


@pytest.mark.parametrize(
    ("drawing", "why"),
    [
        (DOT, "not a digit I know"),
        (SCRIBBLE, "not a digit I know"),
        ([*placed("7", 0.3, 0.03, 0.4), *placed("3", 0.3, 0.57, 0.4)], "more than one digit"),
    ],
    ids=["a dot", "a full pad", "two rows"],
)
def test_what_is_no_digit_gets_no_answer(page: Page, pen: Pen, drawing: Sequence[Stroke], why: str) -> None:
    write(pen, drawing)
    expect(page.locator("#answer")).to_have_text("?")
    expect(page.locator("#certainty")).to_have_text(why)
    expect(page.get_by_role("status").filter(has_text=why)).to_have_count(1)


@pytest.mark.parametrize(
    ("known_from", "confident", "drawing", "answer", "certainty"),
    often(
        [
            (1.01, 1.02, DIGITS["3"], "?", "not a digit I know"),
            (1.01, 1.02, [*placed("7", 0.02), *placed("3", 0.52)], "??", "not a digit I know"),
            (0, 1.02, WIDE, "?", "more than one digit"),
            (0, 0, DIGITS["3"], "3", "confident"),
        ],
        lambda case: case[2] is not DIGITS["3"],
    ),
    ids=["unknown", "two unknown", "wide", "any"],
)
def test_below_its_least_probability_no_digit_is_named(
    open_page: OpenPage,
    site_url: str,
    site: dict[str, Any],
    known_from: float,
    confident: float,
    drawing: Sequence[Stroke],
    answer: str,
    certainty: str,
) -> None:
    output = {"kind": "softmax", "confident": confident, "known_from": known_from}
    page = open_page(viewport={"width": 1000, "height": 800})
    page.route("**/site-*.json", lambda route: route.fulfill(body=json.dumps(site | {"output": output})))
    show(page, site_url)
    write(Pen(page), drawing)
    expect(page.locator("#answer")).to_have_text(answer)
    expect(page.locator("#certainty")).to_contain_text(certainty)


def test_text_and_pictures_of_several_digits_fit_a_small_phone(
    open_page: OpenPage, site_url: str, problems: list[str]
) -> None:
    page = open_page(viewport={"width": 320, "height": 640})
    show(page, site_url)
    write(Pen(page), *(placed(what, 0.02 + 0.33 * n, 0.35, 0.32) for n, what in enumerate("701")))
    expect(page.locator("#answer")).to_have_text("701")
    text, seen = (page.locator(place).bounding_box() for place in ("#certainty", "#seen"))
    assert text
    assert seen
    assert text["x"] + text["width"] <= seen["x"]
    assert seen["x"] + seen["width"] <= 320
    assert problems == []
