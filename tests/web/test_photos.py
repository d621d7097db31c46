"""The page for digits reads photos, too: from everywhere, in every form; drawing goes on afterwards."""

import base64
from io import BytesIO
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.often import often
from tests.train.drawing.picture_forms import digit
from tests.web.hosts import stoppable
from tests.web.pen import OpenPage, Pen, show
from tests.web.photos import PHOTOS, choose, expect_read, photo
from tests.web.pictures import as_file, give

pytestmark = pytest.mark.browser

SEEN = """(seen) => [...seen.getContext("2d").getImageData(0, 0, seen.width, seen.height).data]"""
# Measures the time from a choice of a file to the answer, in milliseconds.
CLOCK = """() => {
    const answer = document.getElementById("answer");
    addEventListener("change", () => { window.chosen = performance.now(); }, true);
    new MutationObserver(() => {
        if (answer.value) window.took = performance.now() - window.chosen;
    }).observe(answer, { childList: true, characterData: true, subtree: true });
}"""
# The fake camera films a test picture; this one films a photo.
FILM = """(source) => {
    navigator.mediaDevices.getUserMedia = async () => {
        const canvas = Object.assign(document.createElement("canvas"), { width: 480, height: 600 });
        const photo = Object.assign(new Image(), { src: source });
        await photo.decode();
        window.track = canvas.captureStream(30).getVideoTracks()[0];
        const film = () => {
            canvas.getContext("2d").drawImage(photo, 0, 0, canvas.width, canvas.height);
            if (window.track.readyState === "live") requestAnimationFrame(film);
        };
        film();
        return new MediaStream([window.track]);
    };
}"""


def seen_by_the_model(page: Page) -> Any:
    pixels = page.locator("#seen").evaluate(SEEN)
    return np.array(pixels, np.uint8).reshape(28, -1, 4)[..., 0]


def test_a_chosen_photo_is_read_as_python_reads_it(page: Page) -> None:
    choose(page, photo("on a dark desk, turned"))
    expect_read(page, "6")
    digits = PHOTOS["on a dark desk, turned"].digits
    assert digits is not None
    assert np.abs(seen_by_the_model(page).astype(int) - digits[0]).max() <= 1
    expect(page.locator("#announcement")).to_contain_text("6")


@pytest.mark.parametrize("event", ["drop", "paste"])
def test_a_photo_can_be_dropped_and_pasted(page: Page, event: str) -> None:
    assert give(page, event, [photo("across a margin")])
    expect_read(page, "7")


def test_a_photo_is_taken_with_the_camera_which_is_off_afterwards(page: Page) -> None:
    image = BytesIO()
    Image.fromarray(PHOTOS["across a margin"].grey).resize((480, 600)).save(image, "PNG")
    source = f"data:image/png;base64,{base64.b64encode(image.getvalue()).decode()}"
    page.evaluate(FILM, source)
    page.get_by_role("button", name="Camera").click()
    expect(page.locator("#video")).to_be_visible()
    page.get_by_role("button", name="Take it").click()
    expect_read(page, "7")
    expect(page.locator("#video")).to_be_hidden()
    assert page.evaluate("window.track.readyState") == "ended"


def test_digits_side_by_side_are_read_from_left_to_right(page: Page) -> None:
    choose(page, photo("two digits"))
    expect_read(page, "72")


def test_drawing_afterwards_is_on_a_bare_pad(page: Page, pen: Pen) -> None:
    pen.draw("0")
    expect(page.locator("#answer")).to_have_text("0")
    choose(page, photo("across a margin"))
    expect_read(page, "7")
    pen.draw("3")
    expect(page.locator("#answer")).to_have_text("3")
    expect(page.locator("#picture")).to_be_hidden()


def test_clear_and_undo_take_the_photo_away(page: Page, pen: Pen) -> None:
    pen.draw("3")
    for button in ("Clear", "Undo"):
        choose(page, photo("across a margin"))
        expect_read(page, "7")
        page.get_by_role("button", name=button).click()
        expect(page.locator("#answer")).to_have_text("")
        expect(page.locator("#picture")).to_be_hidden()
    page.keyboard.press("Control+z")  # the drawing, too, was there before
    expect(page.locator("#answer")).to_have_text("3")


@pytest.mark.parametrize(
    ("name", "reason"), [("bare paper with lines", "only paper"), ("two rows", "there are 2 rows")]
)
def test_where_no_digit_can_be_read_the_page_says_why(page: Page, name: str, reason: str) -> None:
    choose(page, photo("across a margin"))
    expect_read(page, "7")
    choose(page, photo(name))
    expect(page.locator("#picture-problem")).to_contain_text(reason)
    expect(page.locator("#answer")).to_have_text("")
    choose(page, photo("across a margin"))
    expect_read(page, "7")


def test_what_is_no_picture_gives_a_plain_message(page: Page, pen: Pen) -> None:
    choose(page, {"name": "x.png", "mimeType": "image/png", "buffer": b"this is no picture"})
    expect(page.locator("#picture-problem")).to_contain_text("damaged, too large, or no picture")
    pen.draw("3")
    expect(page.locator("#answer")).to_have_text("3")
    expect(page.locator("#picture-problem")).to_have_text("")


def test_a_photo_is_turned_as_its_exif_data_say(page: Page) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # orientation: a quarter to the right
    image = Image.fromarray(PHOTOS["across a margin"].grey).rotate(90, expand=True)
    choose(page, as_file(image, "JPEG", exif=exif, quality=95))
    expect_read(page, "7")


def test_ink_on_transparent_ground_is_read_dark_and_light(page: Page) -> None:
    for pen in (0, 255):
        drawn = np.full((280, 280, 4), pen, np.uint8)
        drawn[..., 3] = digit(7, np.random.default_rng(7))
        choose(page, as_file(Image.fromarray(drawn)))
        expect_read(page, "7")
        page.keyboard.press("Escape")


def test_a_large_photo_is_read_soon(page: Page) -> None:
    """It takes half a second of CPU time; the machine may be busy."""
    choose(page, photo("across a margin"))  # which loads what reads photos
    expect_read(page, "7")
    page.evaluate(CLOCK)
    choose(page, photo("on a dark desk, turned", 25, "JPEG", quality=90))  # 4000 x 3200 pixels
    expect_read(page, "6")
    assert page.evaluate("window.took") < 10_000


def test_what_reads_photos_is_loaded_with_the_first_one(open_page: OpenPage, site_url: str) -> None:
    page = open_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.rpartition("/")[2]))
    page.add_init_script("Object.defineProperty(navigator, 'serviceWorker', { value: undefined })")
    show(page, site_url)
    Pen(page).draw("3")
    expect(page.locator("#answer")).to_have_text("3")
    assert not [name for name in asked if name.startswith("photos-")]
    asked.clear()
    choose(page, photo("two digits"))
    expect_read(page, "72")
    [name] = [name for name in asked if not name.startswith("blob:")]
    assert name.startswith("photos-")


def test_photos_are_read_without_a_network(built: Path, open_page: OpenPage) -> None:
    page = open_page()
    with stoppable(built) as url:
        show(page, url)
        page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
    choose(page, photo("two digits"))
    expect_read(page, "72")


def test_a_page_that_lost_its_network_says_so(open_page: OpenPage, site_url: str) -> None:
    page = open_page()
    page.route("**/photos-*", lambda route: route.abort())
    page.add_init_script("Object.defineProperty(navigator, 'serviceWorker', { value: undefined })")
    show(page, site_url)
    choose(page, photo("two digits"))
    expect(page.locator("#picture-problem")).to_contain_text("could not be loaded")
    Pen(page).draw("3")
    expect(page.locator("#answer")).to_have_text("3")


def test_the_page_as_one_file_reads_photos(built: Path, open_page: OpenPage, problems: list[str]) -> None:
    page = open_page()
    show(page, (built / "web" / "inkproof.html").as_uri())
    choose(page, photo("two digits"))
    expect_read(page, "72")
    assert problems == []


def test_the_buttons_fit_the_smallest_telephone(open_page: OpenPage, site_url: str) -> None:
    page = open_page(viewport={"width": 320, "height": 568})
    show(page, site_url)
    right = page.get_by_role("button", name="Camera").bounding_box()
    assert right is not None
    assert right["x"] + right["width"] <= 320 - 16
    assert page.evaluate("document.documentElement.scrollWidth") == 320


@pytest.mark.parametrize(
    ("name", "scheme"),
    often(
        product(["two digits", "two rows"], ["light", "dark"]),
        {("two digits", "dark"), ("two rows", "light")}.__contains__,
    ),
)
def test_axe_finds_nothing_beside_a_photo(
    open_page: OpenPage, site_url: str, axe: str, name: str, scheme: str
) -> None:
    page = open_page(color_scheme=scheme, reduced_motion="reduce")
    show(page, site_url)
    choose(page, photo(name))
    expect(page.locator("#picture")).to_be_visible()
    expect(page.locator("#answer" if name == "two digits" else "#picture-problem")).not_to_be_empty()
    page.evaluate(axe)
    assert page.evaluate("() => axe.run()")["violations"] == []
