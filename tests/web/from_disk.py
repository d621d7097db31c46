"""Pages that training and export leave, opened from a disk: they need nothing else, and exclude nobody."""

import pytest
from playwright.sync_api import Page, ViewportSize

from tests.often import often

DESK: ViewportSize = {"width": 1200, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}

in_every_window = pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
# Windows differ in sizes and schemes in colours: each of both once shows in every run what all four would.
in_every_window_and_scheme = pytest.mark.parametrize(
    ("viewport", "scheme"),
    often(
        [(DESK, "light"), (PHONE, "dark"), (DESK, "dark"), (PHONE, "light")],
        lambda pair: pair in [(DESK, "light"), (PHONE, "dark")],
    ),
    ids=["desk-light", "phone-dark", "desk-dark", "phone-light"],
)


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
