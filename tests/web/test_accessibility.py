"""For everybody: axe-core finds nothing, nothing moves where it is unwanted, small screens hold it all."""

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.web.pen import OpenPage, Pen, show
from tests.web.windows import PHONE, in_windows_and_schemes

pytestmark = pytest.mark.browser

DESK: ViewportSize = {"width": 1000, "height": 800}
SIDEWAYS = {"width": 844, "height": 390}
in_every_window_and_scheme = in_windows_and_schemes(DESK)


def violations(page: Page, axe: str) -> list[str]:
    """What axe-core finds: WCAG A and AA, and its best practices."""
    page.evaluate(axe)
    found = page.evaluate("() => axe.run()")["violations"]
    return [f"{one['id']}: {[node['html'] for node in one['nodes']]}" for one in found]


@in_every_window_and_scheme
def test_axe_finds_nothing(
    open_page: OpenPage, site_url: str, axe: str, viewport: dict[str, int], scheme: str
) -> None:
    page = open_page(viewport=viewport, color_scheme=scheme, reduced_motion="reduce")
    show(page, site_url)
    assert violations(page, axe) == []
    Pen(page).draw("3")
    page.get_by_role("button", name="Compare").click()
    expect(page.locator("#variants td").nth(1)).not_to_have_text("")
    assert violations(page, axe) == []


def test_axe_finds_nothing_on_a_page_that_cannot_work(open_page: OpenPage, site_url: str, axe: str) -> None:
    page = open_page()
    page.route("**/*.bin", lambda route: route.abort())
    page.goto(site_url)
    expect(page.get_by_role("alert").first).to_contain_text("could not be loaded")
    assert violations(page, axe) == []


@pytest.mark.parametrize("viewport", [PHONE, SIDEWAYS], ids=["upright", "sideways"])
def test_pad_buttons_and_answer_fit_a_phone(
    open_page: OpenPage, site_url: str, viewport: dict[str, int]
) -> None:
    phone = open_page(viewport=viewport, has_touch=True, is_mobile=True, device_scale_factor=2)
    show(phone, site_url)
    for element in ("#pad", "#undo", "#clear", "#answer", "#bars"):
        box = phone.locator(element).bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= viewport["width"], element
        assert box["y"] + box["height"] <= viewport["height"], element
    assert phone.evaluate("document.documentElement.scrollWidth") <= viewport["width"]


@pytest.mark.parametrize(("motion", "moves"), [("no-preference", True), ("reduce", False)])
def test_bars_move_only_for_those_who_want_it(
    open_page: OpenPage, site_url: str, motion: str, moves: bool
) -> None:
    page = open_page(reduced_motion=motion)
    show(page, site_url)
    duration = "(fill) => getComputedStyle(fill).transitionDuration"
    assert (page.locator("#bars .fill").first.evaluate(duration) != "0s") is moves
