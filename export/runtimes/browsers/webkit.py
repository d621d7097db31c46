"""WebKit: WebKitGTK's MiniBrowser, driven by Selenium on a hidden display."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from export.errors import BrowserError
from export.runtimes.browsers._browser import Browser, PageError, no_start, polled
from export.runtimes.browsers._display import PROGRAM as DISPLAY
from export.runtimes.browsers._display import has_display, hidden_display

if TYPE_CHECKING:
    from selenium.webdriver import Remote

DRIVER = "WebKitWebDriver"
# Beside the library, in a folder by its version.
MINI_BROWSERS = (
    "lib/*/webkit2gtk-4.*/MiniBrowser",
    "lib*/webkit2gtk-4.*/MiniBrowser",
    "libexec/webkit2gtk-4.*/MiniBrowser",
)
PATIENCE_S = 900  # a page that computes answers only when it is done
CALL = """
const done = arguments[arguments.length - 1];
(async () => (%s)(...arguments[0]))().then(
  (value) => done({ value }),
  (error) => done({ error: `${error}` }),
);
"""


def find_webkit() -> tuple[str, str]:
    """Paths of WebKitGTK's WebDriver and of the newest MiniBrowser.

    Raises:
        BrowserError: If one is missing, or the display, or Selenium, which drives it.
    """
    try:
        import selenium.webdriver  # noqa: F401
    except ImportError:
        raise BrowserError(
            "expected Selenium, which drives WebKit, found none: pip install 'inkproof[browser]'"
        ) from None
    driver = shutil.which(DRIVER)
    browsers = sorted(path for pattern in MINI_BROWSERS for path in Path("/usr").glob(pattern))
    parts = {DRIVER: driver, "MiniBrowser": browsers, DISPLAY: has_display()}
    missing = [name for name, found in parts.items() if not found]
    if driver is None or missing:
        raise BrowserError(
            f"expected WebKitGTK and a display for it, found no {' and no '.join(missing)}: "
            "apt install webkit2gtk-driver xvfb (it is for Linux only), or name another --browser"
        )
    return driver, str(browsers[-1])


class WebKitTab:
    """The browser's only window: another tab would stay hidden, and a hidden page gets no mouse."""

    def __init__(self, driver: Remote) -> None:
        """See `WebKitDriver.open_tab`."""
        self.driver = driver

    def go(self, address: str) -> None:
        """See `Tab`."""
        with _said_in_one_line():
            self.driver.get(address)

    def run(self, function: str, *given: Any) -> Any:
        """See `Tab`."""
        with _said_in_one_line():
            outcome = self.driver.execute_async_script(CALL % function, list(given))
        if "error" in outcome:
            raise PageError(outcome["error"])
        return outcome.get("value")

    def wait_for(self, function: str, seconds: float) -> Any:
        """See `Tab`."""
        return polled(self, function, seconds)


class WebKitDriver:
    """See `Driver`."""

    def __init__(self, driver: Remote) -> None:
        """Drive one that was started."""
        self._driver = driver
        self._driver.set_script_timeout(PATIENCE_S)
        self.version = ".".join(driver.capabilities["browserVersion"].split(".")[:2])

    @contextmanager
    def open_tab(self) -> Iterator[WebKitTab]:
        """The window, emptied afterwards; the profile is the browser's."""
        tab = WebKitTab(self._driver)
        try:
            yield tab
        finally:
            with suppress(PageError):  # it is gone
                tab.go("about:blank")

    def page_processes(self) -> set[str]:
        """See `Driver`."""
        return set()


@contextmanager
def open_webkit(*flags: str) -> Iterator[WebKitDriver]:
    """Start MiniBrowser with an empty profile, and end it afterwards.

    Args:
        flags: On top of the one by which it is driven.

    Raises:
        BrowserError: If something is missing, or it doesn't start.
    """
    webdriver, browser = find_webkit()
    from selenium.common import WebDriverException
    from selenium.webdriver import Remote, WebKitGTKOptions
    from selenium.webdriver.remote.client_config import ClientConfig
    from selenium.webdriver.remote.remote_connection import RemoteConnection
    from selenium.webdriver.webkitgtk.service import Service

    options = WebKitGTKOptions()
    options.binary_location = browser
    for flag in ("--automation", *flags):
        options.add_argument(flag)
    with ExitStack() as stack:
        home = stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True))
        display = stack.enter_context(hidden_display())
        service = Service(webdriver, env=_environment(home, display))
        try:
            service.start()
            stack.callback(service.stop)
            address = ClientConfig(service.service_url, timeout=PATIENCE_S)
            driver = Remote(RemoteConnection(client_config=address), options=options)
        except WebDriverException as error:
            raise no_start(browser, (error.msg or "").partition("\n")[0]) from None
        stack.callback(driver.quit)
        yield WebKitDriver(driver)


def _environment(home: str, display: str) -> dict[str, str]:
    """Of a program that is to find an empty home."""
    of_others = ("XDG_", "WAYLAND_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(of_others)}
    return {**kept, "HOME": home, "DISPLAY": display}


@contextmanager
def _said_in_one_line() -> Iterator[None]:
    from selenium.common import WebDriverException
    from urllib3.exceptions import HTTPError

    try:
        yield
    except WebDriverException as error:
        raise PageError((error.msg or type(error).__name__).partition("\n")[0]) from None
    except HTTPError as error:
        raise PageError(f"WebKit is gone ({type(error).__name__})") from None


BROWSER = Browser("webkit", find_webkit, open_webkit)
