"""What the built page says: the prediction, how confident it is, which model it runs."""

import json
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.web.pen import OpenPage, Pen, show

pytestmark = pytest.mark.browser


def test_an_empty_canvas_gives_no_answer(page: Page, pen: Pen) -> None:
    pen.settle()
    expect(page.locator("#answer")).to_have_text("")
    expect(page.locator("#bars .percent")).to_have_text([""] * 10)


def test_bars_and_picture_have_the_shape_of_the_contract(page: Page, pen: Pen, site: dict[str, Any]) -> None:
    contract = site["contract"]
    pen.draw("0")
    expect(page.locator("#bars .name")).to_have_text(contract["labels"])
    seen = page.locator("#seen")
    assert seen.evaluate("(seen) => [seen.width, seen.height]") == [contract["width"], contract["height"]]
    expect(page.locator("#bars .best .name")).to_have_text("0")


@pytest.mark.parametrize(
    ("exponential", "words"),
    [
        ("(x) => (x === 0 ? 1 : 0)", "100% confident"),
        ("(x) => (x === 0 ? 1 : 0.001)", "99% confident"),
        ("() => 1", "not confident: 10%, or 1 at 10%"),
    ],
)
def test_the_runner_up_is_named_where_the_model_is_not_confident(
    page: Page, pen: Pen, exponential: str, words: str
) -> None:
    """TF.js's softmax calls Math.exp with each logit less the largest; the page checks that only at first."""
    page.evaluate(f"Math.exp = {exponential}")
    pen.draw("3")
    expect(page.locator("#certainty")).to_have_text(words)


def test_a_screen_reader_hears_the_answer_once_a_stroke(page: Page, pen: Pen) -> None:
    pen.draw("1")
    expect(page.get_by_role("status").filter(has_text="1, ")).to_have_count(1)


def test_the_page_says_what_it_runs(page: Page, site: dict[str, Any]) -> None:
    smallest = min(site["variants"], key=lambda variant: variant["bytes"])
    facts = page.locator("#facts")
    expect(facts).to_contain_text(f"{smallest['target']}, {smallest['bytes'] / 1000:.0f} kB")
    expect(facts).to_contain_text(f"{smallest['parity']['accuracy'] * 100:.2f}%")
    expect(facts).to_contain_text("never leaves this device")
    expect(page.locator("#note")).to_be_visible(visible=site["dataset"] == "pen")


def test_pen_digits_are_not_passed_off_as_mnist(
    open_page: OpenPage, site_url: str, site: dict[str, Any]
) -> None:
    page = open_page()
    page.route("**/site-*.json", lambda route: route.fulfill(body=json.dumps(site | {"dataset": "pen"})))
    show(page, site_url)
    expect(page.locator("#note")).to_contain_text("generated pen digits, not on MNIST")
    expect(page.locator("#facts")).not_to_contain_text("MNIST")


def test_a_violation_of_the_policy_would_be_noticed(
    open_page: OpenPage, site_url: str, problems: list[str]
) -> None:
    page = open_page()
    show(page, site_url)
    page.evaluate("""() => {
        const script = document.createElement("script");
        script.textContent = "document.title = 'taken over'";
        document.head.append(script);
    }""")
    assert any("Content Security Policy" in problem for problem in problems)
    assert page.title() != "taken over"
