"""The camera of the page for digits: where it isn't allowed, and while somebody draws."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from export.runtimes.browsers.chromium import open_chromium
from tests.web.pen import Pen, show
from tests.web.photos import choose, expect_read, photo

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def with_camera(chromium: str) -> Iterator[Browser]:
    """Chromium with a camera, which isn't allowed unless a context says so."""
    with open_chromium("--use-fake-device-for-media-stream") as opened:
        yield opened


def test_where_the_camera_is_not_allowed_the_page_says_what_to_do(
    with_camera: Browser, site_url: str
) -> None:
    with with_camera.new_context() as context:
        page = context.new_page()
        show(page, site_url)
        page.get_by_role("button", name="Camera").click()
        expect(page.locator("#picture-problem")).to_contain_text("Allow it in the browser’s settings")
        choose(page, photo("two digits"))
        expect_read(page, "72")


def test_drawing_switches_the_camera_off(with_camera: Browser, site_url: str) -> None:
    with with_camera.new_context(permissions=["camera"]) as context:
        page = context.new_page()
        show(page, site_url)
        page.get_by_role("button", name="Camera").click()
        expect(page.locator("#video")).to_be_visible()
        Pen(page).draw("3")
        expect(page.locator("#answer")).to_have_text("3")
        expect(page.locator("#video")).to_be_hidden()
        expect(page.get_by_role("button", name="Camera")).to_be_visible()
