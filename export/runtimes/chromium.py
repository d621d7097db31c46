"""Chromium, the system's own, driven by Playwright."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from export.errors import BrowserError
from export.runtimes.installed import find_program

if TYPE_CHECKING:
    from playwright.sync_api import Browser

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
PLACES = {
    "darwin": ("Google Chrome.app/Contents/MacOS/Google Chrome", "Chromium.app/Contents/MacOS/Chromium"),
    "win32": ("Google/Chrome/Application/chrome.exe", "Chromium/Application/chrome.exe"),
}
FLAGS = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
    "--enable-unsafe-swiftshader",  # WebGL in software where there is no graphics card
)


def find_chromium() -> str:
    """Path of the first Chromium on the PATH, or where its installer puts it.

    Raises:
        BrowserError: If there is none, or Playwright, which drives it, isn't installed.
    """
    try:
        import playwright.sync_api  # noqa: F401
    except ImportError:
        raise BrowserError(
            "expected Playwright, which drives the browser, found none: pip install 'inkproof[browser]'"
        ) from None
    found = find_program(PROGRAMS, PLACES)
    if found is None:
        raise BrowserError(
            f"expected one of {', '.join(PROGRAMS)} on the PATH, found none: "
            "install Chromium, or leave out --browser"
        )
    return found


@contextmanager
def open_chromium(*flags: str) -> Iterator[Browser]:
    """Start Chromium, without a window and with an empty profile, and end it afterwards.

    Args:
        flags: On top of `FLAGS`.

    Raises:
        BrowserError: If there is none, or it doesn't start.
    """
    program = find_chromium()
    from playwright.sync_api import Error, sync_playwright

    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(
                executable_path=program,
                args=[*FLAGS, *flags],
                chromium_sandbox=sys.platform == "win32"
                or os.geteuid() != 0,  # root's Chromium starts only without it
            )
        except Error as error:
            reason = error.message.splitlines()[0]
            raise BrowserError(
                f"expected {program} to start, it didn't ({reason}): install it again, or leave out --browser"
            ) from None
        try:
            yield browser
        finally:
            browser.close()
