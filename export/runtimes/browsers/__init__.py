"""One file a browser, discovered: a new file here, with a `BROWSER`, is a new browser everywhere.

Files whose name begins with an underscore are for several of them.
"""

import pkgutil
from functools import cache
from importlib import import_module

from export.errors import BrowserError
from export.runtimes.browsers._browser import Browser
from train.console.say import warn

NAMES = tuple(
    sorted(module.name for module in pkgutil.iter_modules(__path__) if not module.name.startswith("_"))
)
ALL = "all"


def chosen_browsers(name: str) -> list[Browser]:
    """The browser of that name; for `all` those that this machine has, while the others are named on stderr.

    Raises:
        BrowserError: If it isn't there, or none of all is.
    """
    if name != ALL:
        browser = browser_named(name)
        browser.demand()
        return [browser]
    missing = {browser: reason for browser in map(browser_named, NAMES) if (reason := _lack_of(browser))}
    if len(missing) == len(NAMES):
        raise BrowserError(
            f"expected a browser, found none of {', '.join(NAMES)}: "
            "name one with --browser to read what it needs"
        )
    for browser, reason in missing.items():
        warn(f"left out {browser.name}: {reason}")
    return [browser for browser in map(browser_named, NAMES) if browser not in missing]


@cache
def browser_named(name: str) -> Browser:
    """The browser of a name in `NAMES`."""
    found: Browser = import_module(f"{__name__}.{name}").BROWSER
    return found


def _lack_of(browser: Browser) -> str | None:
    """What a browser lacks to be run here, or None."""
    try:
        browser.demand()
    except BrowserError as error:
        return str(error)
    return None
