"""What training leaves to look at, in a browser and from a disk."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, ViewportSize

from tests.web.from_disk import demand_access, in_every_window_and_scheme, open_alone

pytestmark = [pytest.mark.browser, pytest.mark.integration]


@in_every_window_and_scheme
def test_it_shows_all_its_figures_to_everybody(
    open_page: Callable[..., Page],
    problems: list[str],
    trained: Path,
    axe: str,
    viewport: ViewportSize,
    scheme: str,
) -> None:
    page = open_page(viewport=viewport, color_scheme=scheme)
    open_alone(page, (trained.parent / "training" / "index.html").as_uri())
    widths = page.evaluate("[...document.images].map((image) => image.naturalWidth)")
    assert len(widths) >= 4
    assert all(widths)
    demand_access(page, axe)
    assert problems == []


@pytest.mark.parametrize(("scheme", "ink"), [("light", "rgb(29, 34, 43)"), ("dark", "rgb(236, 238, 242)")])
def test_a_figure_alone_follows_the_readers_scheme(
    open_page: Callable[..., Page], trained: Path, scheme: str, ink: str
) -> None:
    page = open_page(color_scheme=scheme)
    page.goto((trained.parent / "training" / "learning-curves.svg").as_uri())
    letters = page.locator("text").first
    assert letters.evaluate("(text) => getComputedStyle(text).fill") == ink
