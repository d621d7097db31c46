"""The page of a large model: WebAssembly, allowed by its policy, checked like all others, offline too."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from export.site.serve import POLICY, policy_for
from tests.web.colours import BLUE, GREEN, RED
from tests.web.conftest import served
from tests.web.pen import OpenPage, show
from tests.web.pictures import choose, picture

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def large_url(large_colour_page: Path) -> Iterator[str]:
    """The page on a local server, under the policy that this sends."""
    with served(large_colour_page) as url:
        yield url


def expect_colours(page: Page) -> None:
    for colour, label in {"red": RED, "green": GREEN, "blue": BLUE}.items():
        choose(page, picture(colour))
        expect(page.locator("#answer")).to_have_text(label)


def test_it_reads_pictures_by_webassembly(
    open_page: OpenPage, large_url: str, large_colour_page: Path, problems: list[str]
) -> None:
    [runtime] = (large_colour_page / "web").glob("runtime-*.js")
    assert "WebAssembly" in runtime.read_text(encoding="utf-8")
    page = open_page()
    show(page, large_url)
    expect_colours(page)
    assert problems == []


def test_only_its_policy_allows_to_compile(large_colour_page: Path, colour_page: Path) -> None:
    for out, words in [(large_colour_page, "'self' 'wasm-unsafe-eval'"), (colour_page, "'self'")]:
        index = (out / "web" / "index.html").read_text(encoding="utf-8")
        assert re.findall(r"script-src ([^;]*);", index + policy_for(out / "web")) == [words, words]
    assert policy_for(colour_page / "web") == POLICY


def test_a_browser_without_simd_is_told(open_page: OpenPage, large_url: str) -> None:
    page = open_page()
    page.add_init_script("WebAssembly.validate = () => false")
    page.goto(large_url)
    expect(page.get_by_role("alert").first).to_contain_text("needs WebAssembly with SIMD")


def test_flipped_bits_in_the_weights_are_noticed(open_page: OpenPage, large_url: str) -> None:
    def flip(route: Route) -> None:
        weights = bytearray(route.fetch().body())
        middle = slice(len(weights) // 4, len(weights) // 2)
        weights[middle] = bytes(byte ^ 0x80 for byte in weights[middle])
        route.fulfill(body=bytes(weights))

    page = open_page()
    page.route("**/*.bin", flip)
    page.goto(large_url)
    expect(page.get_by_role("alert").first).to_contain_text("gives other predictions here")
    choose(page, picture("red"))
    expect(page.locator("#picture")).to_be_visible()
    expect(page.locator("#answer")).to_have_text("")
    expect(page.locator("#certainty")).to_have_text("")


def test_it_works_without_a_network(open_page: OpenPage, large_url: str) -> None:
    page = open_page()
    show(page, large_url)
    page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
    page.context.set_offline(True)
    page.reload()
    page.wait_for_selector("html[data-ready=true]")
    expect_colours(page)


def test_it_works_as_one_file(large_colour_page: Path, open_page: OpenPage, problems: list[str]) -> None:
    page = open_page()
    show(page, (large_colour_page / "web" / "inkproof.html").as_uri())
    expect_colours(page)
    assert problems == []
