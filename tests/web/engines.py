"""Three engines, visited alike: a page opens, and somebody draws on it with the mouse.

Playwright drives Chromium, WebDriver BiDi Firefox, and WebDriver WebKit. The last two take a mouse's way in
the same form.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from typing import Any, Protocol

from selenium.webdriver.remote.command import Command

from export.runtimes.browsers._browser import Tab
from export.runtimes.browsers.chromium import ChromiumTab, open_chromium
from export.runtimes.browsers.firefox import FirefoxTab, open_firefox
from export.runtimes.browsers.webkit import WebKitTab, open_webkit

Places = Sequence[tuple[float, float]]
SCHEME = "layout.css.prefers-color-scheme.content-override"  # a preference of Firefox
DARK, LIGHT = 0, 1


class Visit(Protocol):
    """A page in a window, and a person in front of it."""

    @property
    def tab(self) -> Tab:
        """The page."""

    def drag(self, places: Places) -> None:
        """Press the mouse's button, move through these places in the window, and let go."""


class OpenVisit(Protocol):
    """Opens a page in an engine that is running."""

    def __call__(self, *, dark: bool = False) -> AbstractContextManager[Visit]:
        """Where the person likes it dark, or light."""


class _InChromium:
    def __init__(self, tab: ChromiumTab) -> None:
        self.tab = tab

    def drag(self, places: Places) -> None:
        mouse = self.tab.page.mouse
        mouse.move(*places[0])
        mouse.down()
        for place in places[1:]:
            mouse.move(*place)
        mouse.up()


class _InFirefox:
    def __init__(self, tab: FirefoxTab) -> None:
        self.tab = tab

    def drag(self, places: Places) -> None:
        actions = _with_the_mouse(places)
        self.tab.session.send("input.performActions", context=self.tab.context, actions=actions)


class _InWebKit:
    def __init__(self, tab: WebKitTab) -> None:
        self.tab = tab

    def drag(self, places: Places) -> None:
        self.tab.driver.execute(Command.W3C_ACTIONS, {"actions": _with_the_mouse(places)})


def _with_the_mouse(places: Places) -> list[dict[str, Any]]:
    """As WebDriver has it, in whole pixels."""
    moves = [
        {"type": "pointerMove", "x": round(x), "y": round(y), "duration": 0, "origin": "viewport"}
        for x, y in places
    ]
    down, up = ({"type": kind, "button": 0} for kind in ("pointerDown", "pointerUp"))
    steps = [moves[0], down, *moves[1:], up]
    return [{"type": "pointer", "id": "mouse", "parameters": {"pointerType": "mouse"}, "actions": steps}]


@contextmanager
def _chromium() -> Iterator[OpenVisit]:
    with open_chromium() as browser:

        @contextmanager
        def visit(*, dark: bool = False) -> Iterator[Visit]:
            with browser.new_page(color_scheme="dark" if dark else "light") as page:
                yield _InChromium(ChromiumTab(page))

        yield visit


@contextmanager
def _firefox() -> Iterator[OpenVisit]:
    with open_firefox({SCHEME: LIGHT}) as light:

        @contextmanager
        def visit(*, dark: bool = False) -> Iterator[Visit]:
            with ExitStack() as stack:
                driver = stack.enter_context(open_firefox({SCHEME: DARK})) if dark else light
                yield _InFirefox(stack.enter_context(driver.open_tab()))

        yield visit


@contextmanager
def _webkit() -> Iterator[OpenVisit]:
    with open_webkit() as light:

        @contextmanager
        def visit(*, dark: bool = False) -> Iterator[Visit]:
            with ExitStack() as stack:
                driver = stack.enter_context(open_webkit("--dark-mode")) if dark else light
                yield _InWebKit(stack.enter_context(driver.open_tab()))

        yield visit


ENGINES: dict[str, Callable[[], AbstractContextManager[OpenVisit]]] = {
    "chromium": _chromium,
    "firefox": _firefox,
    "webkit": _webkit,
}
