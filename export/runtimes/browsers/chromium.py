"""Chromium, the system's own, driven by Playwright."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from export.errors import BrowserError
from export.runtimes.browsers._browser import Browser, PageError, no_start, polled
from export.runtimes.installed import find_program

if TYPE_CHECKING:
    from playwright.sync_api import Browser as Chromium
    from playwright.sync_api import Page

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
def open_chromium(*flags: str) -> Iterator[Chromium]:
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
            raise no_start(program, error.message.splitlines()[0]) from None
        try:
            yield browser
        finally:
            browser.close()


class ChromiumTab:
    """A page in a context of its own."""

    def __init__(self, page: Page) -> None:
        """See `ChromiumDriver.open_tab`."""
        self.page = page

    def go(self, address: str) -> None:
        """See `Tab`."""
        with _said_in_one_line():
            self.page.goto(address)

    def run(self, function: str, *given: Any) -> Any:
        """See `Tab`."""
        with _said_in_one_line():
            return self.page.evaluate(f"(given) => ({function})(...given)", list(given))

    def wait_for(self, function: str, seconds: float) -> Any:
        """See `Tab`."""
        # Playwright's own doesn't wait for a promise: any counts as true.
        return polled(self, function, seconds)


class ChromiumDriver:
    """See `Driver`."""

    def __init__(self, browser: Chromium) -> None:
        """Drive one that was started."""
        self._browser = browser
        self.version = browser.version.partition(".")[0]

    @contextmanager
    def open_tab(self) -> Iterator[ChromiumTab]:
        """A page with a cache and a process of its own, closed afterwards."""
        with self._browser.new_page() as page:
            yield ChromiumTab(page)

    def page_processes(self) -> set[str]:
        """See `Driver`."""
        session = self._browser.new_browser_cdp_session()
        found = session.send("SystemInfo.getProcessInfo")["processInfo"]
        session.detach()
        return {str(one["id"]) for one in found if one["type"] == "renderer"}


@contextmanager
def _start() -> Iterator[ChromiumDriver]:
    with open_chromium() as browser:
        yield ChromiumDriver(browser)


@contextmanager
def _said_in_one_line() -> Iterator[None]:
    from playwright.sync_api import Error

    try:
        yield
    except Error as error:
        raise PageError(error.message.partition("\n")[0]) from None


BROWSER = Browser("chromium", find_chromium, _start)
