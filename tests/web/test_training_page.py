"""What training leaves to look at, in a browser and from a disk."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.integration]

DESK = {"width": 1200, "height": 900}
PHONE = {"width": 390, "height": 844}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_it_shows_all_its_figures_to_everybody(
    open_page: Callable[..., Page],
    problems: list[str],
    trained: Path,
    axe: str,
    viewport: dict[str, int],
    scheme: str,
) -> None:
    asked: list[str] = []
    page = open_page(viewport=viewport, color_scheme=scheme)
    page.on("request", lambda request: asked.append(request.url))
    address = (trained.parent / "training" / "index.html").as_uri()
    page.goto(address)
    assert [url for url in asked if not url.startswith("data:")] == [address]
    widths = page.evaluate("[...document.images].map((image) => image.naturalWidth)")
    assert len(widths) >= 4
    assert all(widths)
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    page.evaluate(axe)
    assert page.evaluate("() => axe.run()")["violations"] == []
    assert problems == []


@pytest.mark.parametrize(("scheme", "ink"), [("light", "rgb(29, 34, 43)"), ("dark", "rgb(236, 238, 242)")])
def test_a_figure_alone_follows_the_readers_scheme(
    open_page: Callable[..., Page], trained: Path, scheme: str, ink: str
) -> None:
    page = open_page(color_scheme=scheme)
    page.goto((trained.parent / "training" / "learning-curves.svg").as_uri())
    letters = page.locator("text").first
    assert letters.evaluate("(text) => getComputedStyle(text).fill") == ink
