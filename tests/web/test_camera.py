"""The camera: asked for by its button alone, off as soon as it isn't needed any more."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from export.runtimes.browsers.chromium import open_chromium
from tests.web.colours import RED
from tests.web.pen import show
from tests.web.pictures import choose, picture

pytestmark = pytest.mark.browser

# Keeps every camera that is opened, to look at later.
KEEP_TRACKS = """
    window.tracks = [];
    const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
    navigator.mediaDevices.getUserMedia = async (wanted) => {
        const stream = await open(wanted);
        window.tracks.push(...stream.getTracks());
        return stream;
    };
"""
STATES = "window.tracks.map((track) => track.readyState)"
LEAVE = """() => {
    Object.defineProperty(document, "hidden", { value: true });
    document.dispatchEvent(new Event("visibilitychange"));
}"""


@pytest.fixture(scope="module")
def with_camera(chromium: str) -> Iterator[Browser]:
    """Chromium with a camera that films a test picture."""
    with open_chromium("--use-fake-device-for-media-stream") as opened:
        yield opened


@pytest.fixture
def page(with_camera: Browser, colour_url: str) -> Iterator[Page]:
    """The picture page, where the camera is allowed."""
    with with_camera.new_context(permissions=["camera"]) as context:
        opened = context.new_page()
        opened.add_init_script(KEEP_TRACKS)
        show(opened, colour_url)
        yield opened


def switch_on(page: Page) -> None:
    assert page.evaluate("window.tracks") == []
    page.get_by_role("button", name="Use the camera").click()
    expect(page.locator("#video")).to_be_visible()
    assert page.evaluate(STATES) == ["live"]


def expect_off(page: Page) -> None:
    expect(page.locator("#video")).to_be_hidden()
    expect(page.get_by_role("button", name="Use the camera")).to_be_visible()
    assert page.evaluate(STATES) == ["ended"]


def test_a_picture_is_taken_and_the_camera_is_off(page: Page) -> None:
    switch_on(page)
    page.get_by_role("button", name="Take the picture").click()
    expect(page.locator("#answer")).not_to_have_text("")
    expect(page.locator("#picture")).to_be_visible()
    expect_off(page)


def test_escape_switches_it_off(page: Page) -> None:
    switch_on(page)
    page.keyboard.press("Escape")
    expect_off(page)
    expect(page.locator("#answer")).to_have_text("")


def test_it_is_off_once_another_picture_is_chosen(page: Page) -> None:
    switch_on(page)
    choose(page, picture("red"))
    expect(page.locator("#answer")).to_have_text(RED)
    expect_off(page)


def test_it_is_off_once_the_page_is_left(page: Page) -> None:
    switch_on(page)
    page.evaluate(LEAVE)
    expect_off(page)


def test_where_it_is_not_allowed_the_page_says_what_to_do(with_camera: Browser, colour_url: str) -> None:
    with with_camera.new_context() as context:
        page = context.new_page()
        show(page, colour_url)
        page.get_by_role("button", name="Use the camera").click()
        expect(page.locator("#picture-problem")).to_contain_text("Allow it in the browser’s settings")
        choose(page, picture("red"))
        expect(page.locator("#answer")).to_have_text(RED)
        expect(page.locator("#picture-problem")).to_have_text("")
