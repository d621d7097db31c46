"""After the first visit the page needs no network, and a new version replaces the old one whole."""

import json
import re
import shutil
import threading
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from export.runtimes.browsers.chromium import ChromiumTab
from export.site.serve import site_server
from tests.web.hosts import stoppable
from tests.web.pen import OpenPage, Pen, show

pytestmark = pytest.mark.browser

PATIENCE_S = 20
HOME = "some/project/"  # the page's folder on its host
KEPT = """
    async () => {
        const names = await caches.keys();
        const requests = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
        return requests.flat().map((request) => new URL(request.url).pathname).sort();
    }
"""


@pytest.fixture
def hosted(built: Path, tmp_path: Path) -> Path:
    """An output folder whose host has the built page on a sub-path."""
    shutil.copytree(built / "web", tmp_path / "web" / HOME)
    (tmp_path / "web" / "index.html").write_text("another page", encoding="utf-8")
    return tmp_path


def visit(page: Page, url: str) -> None:
    show(page, url)
    page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")


def test_it_works_with_the_server_stopped(hosted: Path, open_page: OpenPage, site: dict[str, Any]) -> None:
    page = open_page()
    with stoppable(hosted) as host:
        url = host + HOME
        visit(page, url)
        kept = page.evaluate(KEPT)
    web = hosted / "web" / HOME
    files = [file.relative_to(web).as_posix() for file in web.rglob("*") if file.is_file()]
    others = tuple(variant["url"].removesuffix("model.json") for variant in site["variants"][1:])
    hashed = [
        path
        for path in files
        if re.search(r"-[0-9a-f]{10}[./]", path) and not path.endswith((".br", ".gz", ".png"))
    ]
    assert kept == sorted(f"/{HOME}{path}" for path in ["", *hashed] if not path.startswith(others))

    with page.context.new_page() as other, pytest.raises(Exception, match="ERR_CONNECTION_REFUSED"):
        other.goto(f"{url}inkproof.html")
    show(page, url)
    Pen(page).draw("3")
    expect(page.locator("#answer")).to_have_text("3")


def test_a_new_version_shows_at_once_and_the_old_one_goes(hosted: Path, open_page: OpenPage) -> None:
    page = open_page()
    with site_server(hosted, port=0) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        url = f"http://127.0.0.1:{server.server_port}/{HOME}"
        visit(page, url)
        [old] = page.evaluate("() => caches.keys()")
        publish_a_new_version(hosted / "web" / HOME, old.split()[-1])
        visit(page, url)
        expect(page.locator("h1")).to_have_text("Draw a number")
        replaced = f"(names) => names.length === 1 && names[0] !== {json.dumps(old)}"
        ChromiumTab(page).wait_for(f"() => caches.keys().then({replaced})", PATIENCE_S)
        server.shutdown()
        thread.join()


def publish_a_new_version(web: Path, old: str) -> None:
    for compressed in web.glob("*.*.*"):
        compressed.unlink()
    changes = {"index.html": ("<h1>Draw a digit", "<h1>Draw a number"), "sw.js": (old, "0123456789")}
    for name, (before, after) in changes.items():
        text = (web / name).read_text(encoding="utf-8")
        assert before in text
        (web / name).write_text(text.replace(before, after), encoding="utf-8")


def test_it_can_be_installed(page: Page) -> None:
    device = page.context.new_cdp_session(page)
    errors = device.send("Page.getInstallabilityErrors")["installabilityErrors"]
    assert [error["errorId"] for error in errors] == ["in-incognito"]  # as all pages of tests are
    assert device.send("Page.getAppManifest")["errors"] == []
