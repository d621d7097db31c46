"""Missing and damaged files: the page says what is wrong, and predicts nothing."""

import pytest
from playwright.sync_api import Page, Route, expect

from tests.often import often
from tests.web.pen import OpenPage, Pen

pytestmark = pytest.mark.browser

# A browser whose arithmetic is off; TF.js's softmax calls this.
WRONG_EXPONENTIALS = "const exp = Math.exp; Math.exp = (x) => exp(x) + 0.01;"


def expect_no_prediction(page: Page, pen: Pen, *words: str) -> None:
    alert = page.get_by_role("alert").first
    for word in words:
        expect(alert).to_contain_text(word)
    pen.draw("3")
    pen.settle()
    expect(page.locator("#answer")).to_have_text("")
    assert page.locator("html").get_attribute("data-ready") is None


@pytest.mark.parametrize("file", ["site-*.json", "model.json", "*.bin", "runtime-*.js"])
def test_a_missing_file_is_named(open_page: OpenPage, site_url: str, file: str) -> None:
    page = open_page()
    page.route(f"**/{file}", lambda route: route.abort())
    page.goto(site_url)
    expect_no_prediction(page, Pen(page), "could not be loaded", *file.split("*"))


@pytest.mark.parametrize(
    ("file", "body"),
    [("site-*.json", "{}"), ("model.json", "not JSON"), ("model.json", "{}"), ("*.bin", "cut off")],
)
def test_a_damaged_file_is_named_on_the_page(
    open_page: OpenPage, site_url: str, file: str, body: str
) -> None:
    page = open_page()
    page.route(f"**/{file}", lambda route: route.fulfill(body=body))
    page.goto(site_url)
    expect_no_prediction(page, Pen(page), "damaged")


@pytest.mark.parametrize("place", often([0.02, 0.5, 0.9], lambda place: place == 0.5))
def test_flipped_bits_in_the_weights_are_noticed(open_page: OpenPage, site_url: str, place: float) -> None:
    def flip(route: Route) -> None:
        weights = bytearray(route.fetch().body())
        start = int(place * len(weights))
        weights[start : start + 4] = bytes(byte ^ 0x80 for byte in weights[start : start + 4])
        route.fulfill(body=bytes(weights))

    page = open_page()
    page.route("**/*.bin", flip)
    page.goto(site_url)
    expect_no_prediction(page, Pen(page), "gives other predictions here", "damaged")


def test_a_browser_that_computes_otherwise_is_noticed(open_page: OpenPage, site_url: str) -> None:
    page = open_page()
    page.add_init_script(WRONG_EXPONENTIALS)
    page.goto(site_url)
    expect_no_prediction(page, Pen(page), "this browser computes differently")
