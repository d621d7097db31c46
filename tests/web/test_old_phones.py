"""The oldest browsers that the page is for: their syntax, without what newer ones have, on a bad network."""

import socket
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.web.conftest import RunNode
from tests.web.hosts import stoppable
from tests.web.pen import OpenPage, Pen, show

SCRIPT = Path(__file__).with_name("syntax.mjs")

# What web/README.md's oldest browsers lack, all or some of them, and Chromium has.
WITHOUT_WHAT_IS_NEWER = """
    const newer = [
        [globalThis, ["structuredClone", "requestIdleCallback", "OffscreenCanvas", "CompressionStream",
            "Float16Array", "DecompressionStream", "ReportingObserver", "WebAssembly", "Iterator",
            "navigation", "scheduler", "URLPattern", "ViewTransition", "trustedTypes"]],
        [Array, ["fromAsync"]],
        [Array.prototype, ["toSorted", "toReversed", "toSpliced", "with", "findLast", "findLastIndex"]],
        [Float32Array.prototype.__proto__, ["toSorted", "toReversed", "with", "findLast", "findLastIndex"]],
        [Set.prototype, ["union", "intersection", "difference", "symmetricDifference", "isSubsetOf"]],
        [Object, ["groupBy"]], [Map, ["groupBy"]], [Promise, ["withResolvers", "try"]], [RegExp, ["escape"]],
        [[].values().__proto__.__proto__, ["map", "filter", "take", "drop", "flatMap", "toArray", "forEach"]],
        [ArrayBuffer.prototype, ["transfer", "transferToFixedLength", "resize"]],
        [Uint8Array, ["fromBase64", "fromHex"]], [Uint8Array.prototype, ["toBase64", "toHex"]],
        [String.prototype, ["isWellFormed", "toWellFormed"]], [Math, ["f16round", "sumPrecise"]],
        [AbortSignal, ["timeout", "any"]], [URL, ["canParse", "parse"]],
        [Element.prototype, ["checkVisibility"]], [Document.prototype, ["startViewTransition"]],
        [PointerEvent.prototype, ["getCoalescedEvents", "getPredictedEvents"]],
        [CanvasRenderingContext2D.prototype, ["roundRect", "reset", "createConicGradient"]],
    ];
    for (const [owner, names] of newer) for (const name of names) delete owner[name];
"""


def newer_syntax(node: RunNode, *files: Path) -> str:
    done = node(SCRIPT, *files)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.usefixtures("tools")
def test_no_script_has_newer_syntax(node: RunNode, built: Path, large_colour_page: Path) -> None:
    scripts = [file for out in (built, large_colour_page) for file in (out / "web").glob("*.js")]
    pages = [out / "web" / "inkproof.html" for out in (built, large_colour_page)]
    assert {file.name.partition("-")[0].partition(".")[0] for file in scripts} == {
        "app",
        "photos",
        "runtime",
        "sw",
    }
    assert newer_syntax(node, *scripts, *pages) == ""


@pytest.mark.usefixtures("tools")
@pytest.mark.parametrize(
    "script", ["a ??= 1", "class A { #a = 1 }", "class A { static { } }", "1_000", "await 1", r"/(?<=a)b/"]
)
def test_newer_syntax_would_be_noticed(node: RunNode, tmp_path: Path, script: str) -> None:
    alone, page = tmp_path / "app.js", tmp_path / "page.html"
    alone.write_text(script, encoding="utf-8")
    page.write_text(f"<!doctype html><script>{script}</script>", encoding="utf-8")
    assert [line.partition(": ")[0] for line in newer_syntax(node, alone, page).splitlines()] == [
        str(alone),
        str(page),
    ]


@pytest.mark.browser
def test_it_needs_nothing_that_they_lack(open_page: OpenPage, site_url: str, problems: list[str]) -> None:
    page = open_page()
    page.add_init_script(WITHOUT_WHAT_IS_NEWER)
    show(page, site_url)
    pen = Pen(page)
    for digit in ("3", "7"):
        pen.draw(digit)
        expect(page.locator("#answer")).to_have_text(digit)
        page.get_by_role("button", name="Clear").click()
    pen.draw("0")
    page.get_by_role("button", name="Compare").click()
    expect(page.locator("#variants tr").last).to_contain_text("%")
    assert problems == []


@pytest.mark.browser
def test_on_a_network_that_does_not_answer_it_is_shown_as_stored(built: Path, open_page: OpenPage) -> None:
    page = open_page()
    with stoppable(built) as url:
        show(page, url)
        page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
    port = int(url.rstrip("/").rpartition(":")[2])
    with socket.create_server(("127.0.0.1", port)):  # takes connections, and is silent
        show(page, url)
        Pen(page).draw("3")
        expect(page.locator("#answer")).to_have_text("3")
