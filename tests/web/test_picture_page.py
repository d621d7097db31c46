"""The page that takes pictures: from everywhere, of every kind, and what it says about them."""

import json
from typing import Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, Route, expect

from tests.web.colours import BLUE, GREEN, RED, SHAPE
from tests.web.pen import OpenPage, show
from tests.web.pictures import COLOURS, as_file, choose, give, picture

pytestmark = pytest.mark.browser

HEIGHT, WIDTH, _ = SHAPE
SEEN = """(seen) => [...seen.getContext("2d").getImageData(0, 0, seen.width, seen.height).data]"""


def seen_by_the_model(page: Page) -> Any:
    """The picture as the model sees it, shape (height, width, 3)."""
    pixels = page.locator("#seen").evaluate(SEEN)
    return np.array(pixels, np.uint8).reshape(HEIGHT, WIDTH, 4)[..., :3]


def expect_answer(page: Page, label: str) -> None:
    expect(page.locator("#answer")).to_have_text(label)


def test_nothing_is_shown_or_asked_before_a_picture(colours: Page) -> None:
    expect(colours).to_have_title("Show a picture – inkproof")
    expect(colours.locator("#answer")).to_have_text("")
    expect(colours.locator("#bars li")).to_have_count(0)
    expect(colours.locator("#pad")).to_have_count(0)


@pytest.mark.parametrize(("colour", "label"), [("red", RED), ("green", GREEN), ("blue", BLUE)])
def test_a_chosen_picture_is_read(colours: Page, colour: str, label: str) -> None:
    choose(colours, picture(colour, form="JPEG"))
    expect_answer(colours, label)
    expect(colours.locator("#certainty")).to_contain_text("confident")
    expect(colours.locator("#bars .best .name")).to_have_text(label)
    expect(colours.locator("#bars li")).to_have_count(3)  # of five at most
    expect(colours.locator("#bars .name").first).to_have_text(label)  # the most probable comes first
    assert np.abs(seen_by_the_model(colours).astype(int) - COLOURS[colour]).max() <= 3  # JPEG rounds


@pytest.mark.parametrize("event", ["drop", "paste"])
def test_a_picture_can_be_dropped_and_pasted(colours: Page, event: str) -> None:
    assert give(colours, event, [picture("green")])
    expect_answer(colours, GREEN)


def test_a_picture_is_not_opened_in_the_place_of_the_page(colours: Page) -> None:
    assert give(colours, "dragover", [])
    expect(colours.locator("#paper")).to_have_class("over")
    assert give(colours, "drop", [])
    expect(colours.locator("#picture-problem")).to_contain_text("no picture in it")
    expect(colours.locator("#paper")).to_have_class("")


def test_the_same_picture_can_be_chosen_again(colours: Page) -> None:
    for colour, label in [("red", RED), ("blue", BLUE), ("red", RED)]:
        choose(colours, picture(colour))
        expect_answer(colours, label)


def test_the_middle_is_what_the_model_sees(colours: Page) -> None:
    wide = Image.new("RGB", (300, HEIGHT), COLOURS["red"])
    wide.paste(COLOURS["blue"], (134, 0, 134 + WIDTH, HEIGHT))
    choose(colours, as_file(wide))
    expect_answer(colours, BLUE)
    assert (seen_by_the_model(colours) == COLOURS["blue"]).all()


def test_a_picture_is_turned_as_its_exif_data_say(colours: Page) -> None:
    lying = Image.new("RGB", (WIDTH * 2, HEIGHT * 2), COLOURS["red"])
    lying.paste(COLOURS["blue"], (0, 0, WIDTH, HEIGHT * 2))
    exif = Image.Exif()
    exif[0x0112] = 3  # orientation: upside down
    choose(colours, as_file(lying, "JPEG", exif=exif, quality=95))
    expect(colours.locator("#answer")).not_to_have_text("")
    seen = seen_by_the_model(colours)
    assert seen[:, :12, 0].min() > 150  # red, which is on the right in the file, is on the left
    assert seen[:, -12:, 2].min() > 150


def test_transparent_is_white(colours: Page) -> None:
    clear = Image.new("RGBA", (WIDTH, HEIGHT), (0, 0, 0, 0))
    clear.paste((60, 60, 200, 255), (0, 0, WIDTH // 2, HEIGHT))
    choose(colours, as_file(clear))
    expect(colours.locator("#answer")).not_to_have_text("")
    seen = seen_by_the_model(colours)
    assert (seen[:, : WIDTH // 2] == (60, 60, 200)).all()
    assert (seen[:, WIDTH // 2 :] == 255).all()


BROKEN = {
    "empty": b"",
    "text": b"this is no picture",
    "html": b"<svg onload='window.taken = true'></svg>",
    "cut": picture("red")["buffer"][:60],
    "no pixels": b"\x89PNG\r\n\x1a\n" + bytes(50),
}


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN)
def test_a_broken_picture_gives_a_plain_message(colours: Page, content: bytes) -> None:
    choose(colours, {"name": "x.png", "mimeType": "image/png", "buffer": content})
    expect(colours.locator("#picture-problem")).to_contain_text("damaged, too large, or no picture")
    expect_answer(colours, "")
    choose(colours, picture("red"))  # the next one is read
    expect_answer(colours, RED)
    expect(colours.locator("#picture-problem")).to_have_text("")


def test_a_huge_picture_gives_a_plain_message(colours: Page) -> None:
    choose(colours, as_file(Image.new("1", (30_000, 30_000))))  # 0.1 MB, 3.6 GB once it is decoded
    expect(colours.locator("#picture-problem")).to_contain_text("too large", timeout=60_000)
    expect_answer(colours, "")
    choose(colours, picture("red"))
    expect_answer(colours, RED)


def test_a_large_photograph_is_read(colours: Page) -> None:
    choose(colours, picture("green", (8000, 6000), "JPEG"))
    expect(colours.locator("#answer")).to_have_text(GREEN, timeout=60_000)


def test_a_picture_of_too_many_pixels_is_refused_by_its_size(colours: Page) -> None:
    choose(colours, as_file(Image.new("L", (16_000, 10_000))))
    problem = colours.locator("#picture-problem")
    expect(problem).to_contain_text("too large: 16000 × 10000 pixels", timeout=60_000)


def changed(page: Page, **changes: Any) -> None:
    """Have the page read another `site.json`."""

    def change(route: Route) -> None:
        site = route.fetch().json()
        site["contract"]["labels"] = changes.pop("labels", site["contract"]["labels"])
        route.fulfill(body=json.dumps(site | changes), content_type="application/json")

    page.route("**/site-*.json", change)


def test_labels_are_text(open_page: OpenPage, colour_url: str, problems: list[str]) -> None:
    labels = ["<img src=x onerror=window.taken=true>", "</ol><h1>gone</h1>", "x" * 500]
    page = open_page(viewport={"width": 360, "height": 740})
    changed(page, labels=labels)
    show(page, colour_url)
    choose(page, picture("blue"))
    expect_answer(page, labels[2])
    choose(page, picture("red"))
    expect_answer(page, labels[0])
    expect(page.locator("#bars .name").first).to_have_text(labels[0])
    assert page.evaluate("window.taken") is None
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    assert problems == []


def test_labels_for_themselves_are_shown_from_a_half_on(open_page: OpenPage, colour_url: str) -> None:
    page = open_page()
    changed(page, output={"kind": "sigmoids", "confident": 0.9}, labels=["warm", "fresh", "cold"])
    show(page, colour_url)
    choose(page, picture("red"))
    expect_answer(page, "warm")
    expect(page.locator("#certainty")).to_have_text("1 of 3 labels at 50% or more")


def test_numbers_are_no_percentages(open_page: OpenPage, colour_url: str) -> None:
    page = open_page()
    changed(page, output={"kind": "values", "confident": 0.9}, labels=["x", "y", "z"])
    show(page, colour_url)
    choose(page, picture("red"))
    expect(page.locator("#bars .name")).to_have_text(["x", "y", "z"])
    expect(page.locator("#answer")).to_contain_text("; ")
    expect(page.locator("main")).not_to_contain_text("%")
    expect(page.locator("#bars .track").first).to_be_hidden()


def test_what_was_not_measured_is_not_stated(open_page: OpenPage, colour_url: str) -> None:
    page = open_page()
    changed(page, reference_accuracy=None)
    show(page, colour_url)
    expect(page.locator("#facts")).to_contain_text("never leaves this device")
    expect(page.locator("#facts")).not_to_contain_text("Accuracy")


def test_models_are_compared_on_the_picture(colours: Page) -> None:
    choose(colours, picture("blue"))
    colours.get_by_role("button", name="Compare on my picture").click()
    expect(colours.locator("#variants tr td:nth-child(3)")).to_have_text([BLUE, BLUE])
    choose(colours, picture("green"))
    expect(colours.locator("#variants tr td:nth-child(3)")).to_have_text([GREEN, GREEN])
    colours.get_by_role("radio", name="float32").check()
    expect(colours.locator("#facts")).to_contain_text("tfjs-graph,")


def test_nothing_is_sent(colours: Page) -> None:
    sent: list[str] = []
    colours.on("request", lambda request: sent.append(request.url))
    choose(colours, picture("red"))
    expect_answer(colours, RED)
    give(colours, "paste", [picture("blue")])
    expect_answer(colours, BLUE)
    assert sent == []
    expect(colours.locator("#facts")).to_contain_text("Your picture")
    expect(colours.locator("#facts")).to_contain_text(f"{WIDTH} × {HEIGHT} pixels")


def test_a_device_without_a_camera_says_so(open_page: OpenPage, colour_url: str) -> None:
    page = open_page(permissions=["camera"])
    show(page, colour_url)
    page.get_by_role("button", name="Use the camera").click()
    expect(page.locator("#picture-problem")).to_contain_text("no camera")


def test_a_browser_that_offers_no_camera_gets_no_button(open_page: OpenPage, colour_url: str) -> None:
    page = open_page()
    page.add_init_script("Object.defineProperty(navigator, 'mediaDevices', { value: undefined })")
    show(page, colour_url)
    expect(page.locator("#camera")).to_be_hidden()
