"""What a browser is to the project: it starts, opens a page at an address, and runs functions there."""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol

from export.errors import BrowserError

POLLING_S = 0.1


class PageError(Exception):
    """A page that crashed, is gone, or threw. One line."""


class Tab(Protocol):
    """A page that nothing was done in yet."""

    def go(self, address: str) -> None:
        """Go to an address, and wait until it is loaded.

        Raises:
            PageError: If that fails.
        """

    def run(self, function: str, *given: Any) -> Any:
        """Call a JavaScript function in the page with values that JSON can hold.

        Returns:
            What it returns, or what the promise that it returns resolves to; None for `undefined`.

        Raises:
            PageError: If it throws, or the page is gone.
        """

    def wait_for(self, function: str, seconds: float) -> Any:
        """Call a JavaScript function again and again until it returns something that is truthy.

        Returns:
            That.

        Raises:
            PageError: If there is none after so many seconds, or as `run` does.
        """


class Driver(Protocol):
    """A browser that was started.

    Attributes:
        version: As people name it, as in `156`.
    """

    version: str

    def open_tab(self) -> AbstractContextManager[Tab]:
        """A new page, closed afterwards."""

    def page_processes(self) -> set[str]:
        """Numbers of the processes that hold pages; empty where the browser doesn't say."""


@dataclass(frozen=True, slots=True)
class Browser:
    """One browser.

    Attributes:
        name: As on the command line and in reports.
        demand: Raises BrowserError if it can't be started here.
        start: Starts it with an empty profile, without a window that anybody sees, and ends it afterwards.
            Raises BrowserError if it doesn't start.
    """

    name: str
    demand: Callable[[], object]
    start: Callable[[], AbstractContextManager[Driver]]


def polled(tab: Tab, function: str, seconds: float) -> Any:
    """What `Tab.wait_for` does, in any browser."""
    begin = time.monotonic()
    while time.monotonic() - begin < seconds:
        if found := tab.run(function):
            return found
        time.sleep(POLLING_S)
    raise PageError(f"nothing came of it in {seconds:.0f} seconds")


def no_start(program: object, reason: object) -> BrowserError:
    """What is said of a browser that doesn't start."""
    return BrowserError(
        f"expected {program} to start, it didn't ({reason}): install it again, or leave out --browser"
    )
