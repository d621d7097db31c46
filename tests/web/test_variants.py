"""The exported models on the page: loaded when chosen, switched, compared on one's own drawing."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.web.pen import OpenPage, Pen, show

pytestmark = pytest.mark.browser


def test_the_page_starts_with_the_smallest_and_loads_no_other(
    open_page: OpenPage, site_url: str, site: dict[str, Any]
) -> None:
    page = open_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    show(page, site_url)
    smallest, *others = sorted(site["variants"], key=lambda variant: variant["bytes"])
    assert [site["variants"][0], len(others)] == [smallest, 2]
    assert [url for url in asked if any(url.endswith(other["url"]) for other in others)] == []
    assert len([url for url in asked if url.endswith(smallest["url"])]) == 1
    expect(page.get_by_role("radio", name=smallest["weights"])).to_be_checked()


def test_another_model_predicts_once_it_is_chosen(page: Page, pen: Pen, site: dict[str, Any]) -> None:
    pen.draw("3")
    [exact] = [variant for variant in site["variants"] if variant["weights"] == "float32"]
    page.get_by_role("radio", name="float32").check()
    expect(page.locator("#facts")).to_contain_text(f"{exact['target']}, ")
    expect(page.locator("#answer")).to_have_text("3")


def test_the_models_are_compared_on_ones_own_drawing(page: Page, pen: Pen) -> None:
    pen.draw("3")
    page.get_by_role("button", name="Compare").click()
    rows = page.locator("#variants tr")
    expect(rows).to_have_count(3)
    for weights in ("uint8", "float16", "float32"):
        cells = rows.filter(has_text=weights).locator("td")
        expect(cells.nth(1)).to_have_text("3")
        expect(cells.nth(2)).to_contain_text("%")
    expect(rows.filter(has_text="uint8").locator("td").nth(3)).to_contain_text("≤ 0.")
    expect(rows.filter(has_text="float32").locator("td").nth(3)).to_have_text("–")
    expect(page.get_by_role("radio", name="uint8")).to_be_focused()  # the button is gone

    page.keyboard.press("Escape")
    expect(rows.locator("td:nth-of-type(2)")).to_have_text([""] * 3)
    pen.draw("1")
    expect(rows.locator("td:nth-of-type(2)")).to_have_text(["1"] * 3)


def test_the_keyboard_switches_too(page: Page) -> None:
    page.get_by_role("radio", name="uint8").focus()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("radio", name="float16")).to_be_checked()
    expect(page.locator("#facts")).to_contain_text("tfjs-graph-float16")


def test_a_model_that_cannot_be_loaded_leaves_the_other_in_place(open_page: OpenPage, site_url: str) -> None:
    page = open_page()
    page.route("**/tfjs-graph-float16-*/**", lambda route: route.abort())
    show(page, site_url)
    page.get_by_role("radio", name="float16").click()
    expect(page.locator("#variant-problem")).to_contain_text("could not be loaded")
    expect(page.get_by_role("radio", name="uint8")).to_be_checked()
    Pen(page).draw("7")
    expect(page.locator("#answer")).to_have_text("7")
