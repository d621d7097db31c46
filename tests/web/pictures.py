"""Gives pictures to a page as people do."""

import base64
from collections.abc import Sequence
from io import BytesIO
from typing import Any

from PIL import Image
from playwright.sync_api import FilePayload, Page

COLOURS = {"red": (200, 60, 60), "green": (60, 200, 60), "blue": (60, 60, 200)}


def picture(colour: str, size: tuple[int, int] = (64, 48), form: str = "PNG", **options: Any) -> FilePayload:
    """A file of one colour; `size` is its width and height."""
    return as_file(Image.new("RGB", size, COLOURS[colour]), form, **options)


def as_file(image: Image.Image, form: str = "PNG", **options: Any) -> FilePayload:
    """A picture as the file that a chooser gives."""
    content = BytesIO()
    image.save(content, form, **options)
    media_type = Image.MIME[form]
    return {"name": f"picture.{form.lower()}", "mimeType": media_type, "buffer": content.getvalue()}


def choose(page: Page, file: FilePayload) -> None:
    """Choose a file by the button, as people do."""
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Choose a picture").click()
    chooser.value.set_files(file)


# An event with files in it, as a drop and the clipboard have them.
WITH_FILES = """([type, files]) => {
    const transfer = new DataTransfer();
    for (const { name, mimeType, content } of files) {
        const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
        transfer.items.add(new File([bytes], name, { type: mimeType }));
    }
    const options = { bubbles: true, cancelable: true };
    const event = type === "paste"
        ? new ClipboardEvent(type, { ...options, clipboardData: transfer })
        : new DragEvent(type, { ...options, dataTransfer: transfer });
    return !document.body.dispatchEvent(event);
}"""


def give(page: Page, event: str, files: Sequence[FilePayload]) -> bool:
    """Dispatch a `drop`, `dragover` or `paste` of files; return whether the page took it over."""
    encoded = [
        {
            "name": file["name"],
            "mimeType": file["mimeType"],
            "content": base64.b64encode(file["buffer"]).decode(),
        }
        for file in files
    ]
    return bool(page.evaluate(WITH_FILES, [event, encoded]))
