"""What the built page says: the answer, how sure it is, which model it runs."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


def test_an_empty_canvas_gives_no_answer(page: Page, hand: Any) -> None:
    hand.settle()
    expect(page.locator("#answer")).to_have_text("")
    expect(page.locator("#bars .percent")).to_have_text([""] * 10)


def test_bars_and_picture_have_the_shape_of_the_contract(page: Page, hand: Any, site: dict[str, Any]) -> None:
    contract = site["contract"]
    hand.draw("0")
    expect(page.locator("#bars .name")).to_have_text(contract["labels"])
    seen = page.locator("#seen")
    assert seen.evaluate("(seen) => [seen.width, seen.height]") == [contract["width"], contract["height"]]
    expect(page.locator("#bars .best .name")).to_have_text("0")


def test_an_unsure_answer_names_the_runner_up(page: Page, hand: Any) -> None:
    hand.draw(
        [[(x / 8, (0.1, 0.9)[x % 2]) for x in range(9)], [(0.0, 0.5), (1.0, 0.4)], [(0.9, 0), (0, 0.9)]]
    )
    expect(page.locator("#answer")).not_to_have_text("")
    [best, second] = page.evaluate("""
        () => [...document.querySelectorAll("#bars li")]
            .sort((a, b) => b.style.getPropertyValue("--share") - a.style.getPropertyValue("--share"))
            .slice(0, 2).map((row) => [row.querySelector(".name").textContent,
                                       Number(row.style.getPropertyValue("--share"))])
    """)
    certainty = page.locator("#certainty")
    if best[1] < 0.8:
        expect(certainty).to_contain_text("not sure")
        expect(certainty).to_contain_text(f"or {second[0]} at")
    else:
        expect(certainty).to_contain_text("sure")


def test_a_screen_reader_hears_the_answer_once_a_stroke(page: Page, hand: Any) -> None:
    hand.draw("1")
    expect(page.get_by_role("status").filter(has_text="1, ")).to_have_count(1)


def test_the_page_says_what_it_runs(page: Page, site: dict[str, Any]) -> None:
    smallest = min(site["variants"], key=lambda variant: variant["bytes"])
    facts = page.locator("#facts")
    expect(facts).to_contain_text(f"{smallest['target']}, {smallest['bytes'] / 1000:.0f} kB")
    expect(facts).to_contain_text(f"{smallest['parity']['accuracy'] * 100:.2f}%")
    expect(facts).to_contain_text("never leaves this device")
    expect(page.locator("#note")).to_be_visible(visible=site["dataset"] == "pen")


def test_pen_digits_are_not_passed_off_as_mnist(
    open_page: Callable[..., Page], show: Callable[[Page], None], site: dict[str, Any]
) -> None:
    page = open_page()
    page.route("**/site-*.json", lambda route: route.fulfill(body=json.dumps(site | {"dataset": "pen"})))
    show(page)
    expect(page.locator("#note")).to_contain_text("generated pen digits, not on MNIST")
    expect(page.locator("#facts")).not_to_contain_text("MNIST")


def test_a_violation_of_the_policy_would_be_noticed(
    open_page: Callable[..., Page], show: Callable[[Page], None], problems: list[str]
) -> None:
    page = open_page()
    show(page)
    page.evaluate("""() => {
        const script = document.createElement("script");
        script.textContent = "document.title = 'taken over'";
        document.head.append(script);
    }""")
    assert any("Content Security Policy" in problem for problem in problems)
    assert page.title() != "taken over"
