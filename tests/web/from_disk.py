"""Pages that training and export leave, opened from a disk: they need nothing else, and exclude nobody."""

import pytest
from playwright.sync_api import Page, ViewportSize

from tests.web.windows import PHONE, in_windows_and_schemes

DESK: ViewportSize = {"width": 1200, "height": 900}

in_every_window = pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
in_every_window_and_scheme = in_windows_and_schemes(DESK)


def open_alone(page: Page, address: str) -> None:
    """Go to an address, from which the page may ask for no other."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address)
    assert [url for url in asked if not url.startswith("data:")] == [address]


def demand_access(page: Page, axe: str) -> None:
    """Assert that nothing is wider than the window, and that axe-core finds no violation."""
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.evaluate(axe)
    assert page.evaluate("() => axe.run()")["violations"] == []
