"""Undo and Clear, by button and by key."""

import pytest
from playwright.sync_api import Page, expect

from tests.often import often
from tests.web.pen import Pen

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("key", often([None, "Escape", "Delete"], lambda key: key != "Delete"))
def test_clear_empties_canvas_and_answer(page: Page, pen: Pen, key: str | None) -> None:
    pen.draw("7")
    expect(page.locator("#answer")).not_to_have_text("")
    assert pen.ink() > 0
    if key:
        page.keyboard.press(key)
    else:
        page.locator("#clear").click()
    expect(page.locator("#answer")).to_have_text("")
    expect(page.locator("#certainty")).to_have_text("")
    expect(page.locator("#announcement")).to_have_text("")
    expect(page.locator("#bars .percent")).to_have_text([""] * 10)
    assert pen.ink() == 0


def test_what_was_cleared_has_no_part_in_the_next_answer(page: Page, pen: Pen) -> None:
    pen.draw("3")
    page.locator("#clear").click()
    pen.draw("1")
    expect(page.locator("#answer")).to_have_text("1")


@pytest.mark.parametrize("key", often([None, "Control+z", "Meta+z"], lambda key: key != "Meta+z"))
def test_undo_takes_the_last_stroke_back(page: Page, pen: Pen, key: str | None) -> None:
    pen.draw("1")
    before = pen.ink()
    pen.draw([[(0.2, 0.2), (0.8, 0.8)]])
    assert pen.ink() > before
    if key:
        page.keyboard.press(key)
    else:
        page.locator("#undo").click()
    assert pen.ink() == before
    expect(page.locator("#answer")).to_have_text("1")


def test_undo_brings_back_what_was_cleared(page: Page, pen: Pen) -> None:
    pen.draw("7")
    page.keyboard.press("Escape")
    assert pen.ink() == 0
    page.keyboard.press("Control+z")
    expect(page.locator("#answer")).to_have_text("7")


def test_undo_of_nothing_does_nothing(page: Page, pen: Pen) -> None:
    page.keyboard.press("Control+z")
    page.keyboard.press("Escape")
    page.keyboard.press("Control+z")
    assert pen.ink() == 0


def test_an_undo_amid_a_stroke_ends_it(page: Page, pen: Pen) -> None:
    pen.press([(0.2, 0.2), (0.8, 0.2)])
    page.keyboard.press("Control+z")
    page.mouse.move(*pen.places([(0.8, 0.8)])[0], steps=3)
    page.mouse.up()
    assert pen.ink() == 0


def test_the_buttons_are_the_first_stops_of_the_keyboard(page: Page, pen: Pen) -> None:
    pen.draw("1")
    page.keyboard.press("Tab")
    expect(page.locator("#undo")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator("#clear")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#answer")).to_have_text("")
