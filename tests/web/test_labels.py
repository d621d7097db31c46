"""Names of classes come from outside: the page shows them as text, whatever is in them."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

pytestmark = pytest.mark.browser

LABELS = [
    "<img src=x onerror=window.taken=true>",
    "<script>window.taken = true</script>",
    "../../etc/passwd",
    "javascript:window.taken=true",
    '" onmouseover=window.taken=true x="',
    "a\u0000\u001b[31m\u202eb",
    "</ol></main><h1>gone</h1>",
    "${window.taken = true}",
    "x" * 500,
    "",
]


def test_labels_are_text(
    open_page: Callable[..., Page], hand_on: Callable[[Page], Any], site_url: str, problems: list[str]
) -> None:
    def rename(route: Route) -> None:
        site = route.fetch().json()
        site["contract"]["labels"] = LABELS
        route.fulfill(body=json.dumps(site), content_type="application/json")

    page = open_page(viewport={"width": 360, "height": 740})
    page.route("**/site-*.json", rename)
    page.goto(site_url)
    page.wait_for_selector("html[data-ready=true]")
    elements = page.locator("main *").count()
    hand = hand_on(page)
    hand.draw("3")
    hand.settle()
    assert page.locator("#bars .name").all_text_contents() == LABELS
    expect(page.locator("#answer")).to_have_js_property("value", LABELS[3])
    hand.draw("1")
    hand.settle()
    assert page.locator("main *").count() == elements
    assert page.evaluate("window.taken") is None
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    assert problems == []
