"""The whole page as one file, opened from a disk."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.web.pen import OpenPage, Pen, show

pytestmark = pytest.mark.browser


@pytest.fixture
def one_file(built: Path, tmp_path: Path) -> Path:
    """Alone in a folder."""
    return Path(shutil.copy(built / "web" / "inkproof.html", tmp_path))


@pytest.fixture
def opened(one_file: Path, open_page: OpenPage, problems: list[str]) -> Iterator[Page]:
    """From the disk; whatever goes wrong on it, and whatever else it asks for, fails the test."""
    asked: list[str] = []
    page = open_page()
    page.on("request", lambda request: asked.append(request.url))
    show(page, one_file.as_uri())
    yield page
    assert problems == []
    assert [url for url in asked if not url.startswith("data:")] == [one_file.as_uri()]


def test_it_reads_digits(opened: Page) -> None:
    for digit in ("3", "7"):
        Pen(opened).draw(digit)
        expect(opened.locator("#answer")).to_have_text(digit)
        opened.keyboard.press("Escape")


def test_it_offers_only_the_model_inside(opened: Page, site: dict[str, Any]) -> None:
    expect(opened.locator("#choice")).to_be_hidden()
    expect(opened.locator("#facts")).to_contain_text(site["variants"][0]["target"])


def test_its_policy_names_its_scripts_and_allows_no_other(one_file: Path) -> None:
    text = one_file.read_text(encoding="utf-8")
    [policy] = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]*)"', text)
    assert re.search(r"script-src 'sha256-[\w+/=]+';", policy)
    assert re.search(r"style-src 'sha256-[\w+/=]+';", policy)
    assert "unsafe" not in policy
    assert "connect-src" not in policy  # so default-src 'none' holds: nothing can leave


def test_damage_is_noticed(one_file: Path, open_page: OpenPage) -> None:
    text = one_file.read_text(encoding="utf-8")
    [weights] = re.findall(r'\.bin":"([^"]+)"', text)
    middle = len(weights) // 2
    damaged = weights[:middle] + "AAAABBBBCCCC" + weights[middle + 12 :]
    one_file.write_text(text.replace(weights, damaged), encoding="utf-8")
    page = open_page()
    page.goto(one_file.as_uri())
    expect(page.get_by_role("alert").first).to_contain_text("gives other predictions here")
    Pen(page).draw("3")
    expect(page.locator("#answer")).to_have_text("")
