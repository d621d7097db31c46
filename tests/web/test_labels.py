"""Names of classes come from outside: the page shows them as text, whatever is in them."""

import json

import pytest
from playwright.sync_api import Route, expect

from tests.web.pen import OpenPage, Pen, show

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


def test_labels_are_text(open_page: OpenPage, site_url: str, problems: list[str]) -> None:
    def rename(route: Route) -> None:
        site = route.fetch().json()
        site["contract"]["labels"] = LABELS
        route.fulfill(body=json.dumps(site), content_type="application/json")

    page = open_page(viewport={"width": 360, "height": 740})
    page.route("**/site-*.json", rename)
    show(page, site_url)
    elements = page.locator("main *").count()
    pen = Pen(page)
    pen.draw("3")
    pen.settle()
    assert page.locator("#bars .name").all_text_contents() == LABELS
    expect(page.locator("#answer")).to_have_js_property("value", LABELS[3])
    pen.draw("1")
    pen.settle()
    assert page.locator("main *").count() == elements
    assert page.evaluate("window.taken") is None
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    assert problems == []
