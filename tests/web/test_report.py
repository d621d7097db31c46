"""The report in a browser and from a disk, with the sections that `check --browser` and `bench` fill."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from export.bench import tables
from export.bench.statistics import Figures
from export.manifest import read_manifest
from export.report import sections
from tests.web.from_disk import DESK, demand_access, in_every_window, in_every_window_and_scheme, open_alone
from train.output.staging import staging

pytestmark = pytest.mark.browser

RUNTIME = "the page's bundle, chromium 156"


@pytest.fixture(scope="module")
def report(built: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a report with filled sections: one run passed, one failed, one was unsupported."""
    out = tmp_path_factory.mktemp("report") / "artifacts"
    shutil.copytree(built, out)
    reason = f"expected {'x' * 90} to run in chromium 156, found an operation that it lacks"
    rows = [
        ("tfjs-graph", RUNTIME, "pass", "1,000", "100.00%", "4.8e-07", ()),
        ("tfjs-graph", RUNTIME, "FAIL", "1,000", "12.00%", "0.9", ("expected logits within 0.001",)),
        ("tflite-int8", RUNTIME, "unsupported", "0", "-", "-", (reason,)),
    ]
    figures = [
        Figures(target, RUNTIME, 140_000, 120_000, 100_000, 70, 20, 1, 3, 2000, 10**8, 0.98, 1, 1)
        for target in ("original", "tfjs-graph", "tfjs-graph", "tflite-int8")
    ]
    filled = {"browser": {"rows": rows}, "bench": tables.section(figures, "original", 1, 250)}
    for name, values in filled.items():
        with staging(out) as staged:
            sections.publish(out, staged, read_manifest(out), name, values)
    return (out / "report.html").as_uri()


@in_every_window_and_scheme
def test_it_shows_everything_to_everybody(
    open_page: Callable[..., Page],
    problems: list[str],
    report: str,
    axe: str,
    viewport: ViewportSize,
    scheme: str,
) -> None:
    page = open_page(viewport=viewport, color_scheme=scheme)
    open_alone(page, report)
    for opened in ("false", "true"):
        page.evaluate(f"for (const one of document.querySelectorAll('details')) one.open = {opened}")
        demand_access(page, axe)
    assert problems == []


@in_every_window
def test_a_target_is_one_line_whose_details_open(
    open_page: Callable[..., Page], report: str, viewport: ViewportSize
) -> None:
    page = open_page(viewport=viewport)
    page.goto(report)
    row = page.locator(".parity tbody", has_text="tflite-int8")
    budget = row.get_by_text("agreement ≥ 99.5% of the clear-cut images")
    closed = row.bounding_box()
    assert closed is not None
    assert closed["height"] < 80
    expect(budget).to_be_hidden()
    row.get_by_role("rowheader").click(force=True)  # what opens it lies over the whole line
    expect(budget).to_be_visible()
    page.keyboard.press("Enter")
    expect(budget).to_be_hidden()


def test_what_failed_in_the_browser_says_why_without_a_click(
    open_page: Callable[..., Page], report: str
) -> None:
    page = open_page(viewport=DESK)
    page.goto(report)
    expect(page.get_by_text("expected logits within 0.001")).to_be_visible()
    expect(page.get_by_text("found an operation that it lacks")).to_be_hidden()


def test_print_opens_all_and_is_light(open_page: Callable[..., Page], report: str) -> None:
    page = open_page(viewport=DESK, color_scheme="dark")
    page.goto(report)
    page.emulate_media(media="print")
    for detail in page.locator(".parity dl").all():
        assert detail.evaluate("(one) => one.checkVisibility({ contentVisibilityAuto: true })")
    ground = page.locator("body").evaluate("(body) => getComputedStyle(body).backgroundColor")
    assert ground == "rgb(255, 255, 255)"
