"""Gives golden photos to the page for digits."""

from typing import Any

from PIL import Image
from playwright.sync_api import FilePayload, Page, expect

from tests.golden.photos import GOLDEN
from tests.web.pictures import as_file

PHOTOS = {golden.name: golden for golden in GOLDEN}


def photo(name: str, scale: int = 1, form: str = "PNG", **options: Any) -> FilePayload:
    """A golden photo as a file."""
    image = Image.fromarray(PHOTOS[name].grey).convert("RGB")
    return as_file(image.resize((image.width * scale, image.height * scale)), form, **options)


def choose(page: Page, file: FilePayload) -> None:
    """Choose a photo by the button, as people do."""
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Photo").click()
    chooser.value.set_files(file)


def expect_read(page: Page, digits: str) -> None:
    """Expect that these digits are read in a photo, which is shown."""
    expect(page.locator("#answer")).to_have_text(
        digits, timeout=30_000
    )  # on a machine that is busier than most
    expect(page.locator("#picture")).to_be_visible()
    expect(page.locator("#picture-problem")).to_have_text("")
