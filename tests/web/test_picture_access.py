"""The picture page for everybody: axe-core finds nothing, the keyboard does all, small screens hold it."""

import pytest
from playwright.sync_api import Page, expect

from tests.web.colours import BLUE, GREEN
from tests.web.pen import OpenPage, show
from tests.web.pictures import choose, picture
from tests.web.test_accessibility import in_every_window_and_scheme, violations

pytestmark = pytest.mark.browser


@in_every_window_and_scheme
def test_axe_finds_nothing(
    open_page: OpenPage, colour_url: str, axe: str, viewport: dict[str, int], scheme: str
) -> None:
    page = open_page(viewport=viewport, color_scheme=scheme, reduced_motion="reduce")
    show(page, colour_url)
    assert violations(page, axe) == []
    choose(page, picture("blue"))
    expect(page.locator("#answer")).to_have_text(BLUE)
    page.get_by_role("button", name="Compare").click()
    expect(page.locator("#variants td").nth(1)).to_have_text(BLUE)
    choose(page, {"name": "x.png", "mimeType": "image/png", "buffer": b"broken"})
    expect(page.locator("#picture-problem")).not_to_have_text("")
    assert violations(page, axe) == []


def test_the_keyboard_chooses_a_picture_and_the_screen_reader_hears_the_answer(colours: Page) -> None:
    with colours.expect_file_chooser() as chooser:
        colours.keyboard.press("Tab")
        # Asking for the focus waits until Chromium gives the chooser to the test: a key may overtake that.
        expect(colours.get_by_role("button", name="Choose a picture")).to_be_focused()
        colours.keyboard.press("Enter")
    chooser.value.set_files(picture("green"))
    expect(colours.get_by_role("status").filter(has_text=f"{GREEN}, ")).to_have_count(1)


@pytest.mark.parametrize("width", [320, 390])
def test_picture_and_answer_fit_a_phone(open_page: OpenPage, colour_url: str, width: int) -> None:
    page = open_page(viewport={"width": width, "height": 844}, is_mobile=True, has_touch=True)
    show(page, colour_url)
    choose(page, picture("blue"))
    expect(page.locator("#answer")).to_have_text(BLUE)
    for element in ("#paper", "#choose", "#camera", "#answer", "#bars"):
        box = page.locator(element).bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width, element
        assert box["y"] + box["height"] <= 844, element
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_phone_held_sideways_shows_picture_and_answer_beside_each_other(
    open_page: OpenPage, colour_url: str
) -> None:
    page = open_page(viewport={"width": 844, "height": 390}, is_mobile=True, has_touch=True)
    show(page, colour_url)
    choose(page, picture("blue"))
    expect(page.locator("#answer")).to_have_text(BLUE)
    for element in ("#paper", "#choose", "#answer", "#bars"):
        box = page.locator(element).bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= 390, element
