"""The built page in Chromium, Firefox and WebKit: what has to work on every device, written once."""

import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from export.runtimes.browsers._browser import Browser
from tests.web.colours import BLUE, GREEN, RED
from tests.web.engines import ENGINES, OpenVisit, Visit
from tests.web.hosts import plain, reporting, stoppable
from tests.web.pen import DIGITS, Stroke
from tests.web.pictures import COLOURS
from train.data.pen import draw as pen_strokes

pytestmark = pytest.mark.browser

PATIENCE_S = 20
MOST_WRONG = 1  # of ten digits; the tests' own model was trained for seconds
LEAST_RIGHT = 0.6  # of people's digits, of which it has seen none
NARROWEST = 320

READY = "() => document.documentElement.dataset.ready"
STORED = "() => navigator.serviceWorker.getRegistration().then((found) => Boolean(found?.active))"
PAD = """() => {
    const pad = document.getElementById("pad");
    pad.scrollIntoView({ block: "center", behavior: "instant" });
    const { left, top, width, height } = pad.getBoundingClientRect();
    return [left, top, width, height];
}"""
TWO_FRAMES = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done())))"
ANSWER = "() => document.getElementById('answer').textContent"
CLEAR = "() => document.getElementById('clear').click()"
WATCH = """() => {
    globalThis.problems = [];
    for (const type of ["error", "unhandledrejection"])
        addEventListener(type, ({ message, reason }) => problems.push(`${message ?? reason}`));
}"""
PROBLEMS = "() => [...problems, document.getElementById('alert').hidden ? '' : 'an alert'].join('')"
COMPARE = "() => document.getElementById('compare').click()"
COMPARED = (
    "() => [...document.querySelectorAll('#variants tr')].every(({ innerText }) => /%/.test(innerText))"
)
COLOUR_SCHEME = """() => {
    const style = (name, property) => getComputedStyle(document.querySelector(name))[property];
    return [matchMedia("(prefers-color-scheme: dark)").matches, style("body", "backgroundColor"),
            style("body", "color"), document.getElementById("pad").getContext("2d").strokeStyle];
}"""
# In the page that is framed: what is wider than it, and what can't be clicked when it is scrolled to.
OUT_OF_REACH = """() => {
    const { contentWindow: view, contentDocument: page } = document.querySelector("iframe");
    const wide = [...page.body.querySelectorAll("*")].filter((one) => {
        const { left, right, width } = one.getBoundingClientRect();
        return width > 1 && (left < 0 || right > view.innerWidth) && !one.closest(".track");
    });
    const covered = [...page.querySelectorAll("button, input, canvas, a, summary")].filter((one) => {
        if (one.checkVisibility?.() === false || one.offsetParent === null) return false;
        one.scrollIntoView({ block: "center", behavior: "instant" });
        const { left, top, width, height } = one.getBoundingClientRect();
        const found = page.elementFromPoint(left + width / 2, top + height / 2);
        return !found || !(one.contains(found) || found.contains(one));
    });
    const named = (one) => one.outerHTML.slice(0, 80);
    return [view.innerWidth, page.documentElement.scrollWidth, wide.map(named), covered.map(named)];
}"""
TITLE_OF_BARS = "() => getComputedStyle(document.getElementById('bars-title')).visibility"
CHOOSE = """async (colour, width, height) => {
    const canvas = Object.assign(document.createElement("canvas"), { width, height });
    const context = canvas.getContext("2d");
    context.fillStyle = colour;
    context.fillRect(0, 0, width, height);
    const blob = await new Promise((done) => canvas.toBlob(done));
    const transfer = new DataTransfer();
    transfer.items.add(new File([blob], "picture.png", { type: "image/png" }));
    const chooser = document.getElementById("file");
    chooser.files = transfer.files;
    chooser.dispatchEvent(new Event("change", { bubbles: true }));
}"""


@pytest.fixture(scope="module")
def visit(each_browser: Browser) -> Iterator[OpenVisit]:
    """Opens a page in each engine, which is started once."""
    with ENGINES[each_browser.name]() as opened:
        yield opened


def show(visitor: Visit, url: str) -> None:
    """Go to the page, and wait until its self-check has passed."""
    visitor.tab.go(url)
    visitor.tab.wait_for(READY, PATIENCE_S)
    visitor.tab.run(WATCH)


def read(visitor: Visit, strokes: Sequence[Stroke]) -> str:
    """Draw strokes, in fractions of the canvas, on a clear one; return what the page reads."""
    visitor.tab.run(CLEAR)
    for stroke in strokes:
        left, top, width, height = visitor.tab.run(PAD)
        visitor.drag([(left + x * width, top + y * height) for x, y in stroke])
    visitor.tab.run(TWO_FRAMES)
    answer: str = visitor.tab.run(ANSWER)
    return answer


def centred(strokes: Sequence[Any], fraction: float = 0.7) -> list[Stroke]:
    """Strokes in the middle of the canvas, the longer side of them all at this fraction of it."""
    points = np.concatenate([np.asarray(stroke) for stroke in strokes])
    middle, size = (points.max(0) + points.min(0)) / 2, np.ptp(points, axis=0).max()
    return [(0.5 + fraction * (np.asarray(stroke) - middle) / size).tolist() for stroke in strokes]


def test_digits_drawn_with_the_mouse_are_read(visit: OpenVisit, site_url: str) -> None:
    with visit() as visitor:
        show(visitor, site_url)
        assert [read(visitor, centred(strokes)) for strokes in DIGITS.values()] == list(DIGITS)
        assert visitor.tab.run(PROBLEMS) == ""


@pytest.mark.slow  # Chromium reads replayed ones in every run
def test_digits_of_people_and_of_pens_are_read(
    visit: OpenVisit, site_url: str, drawn: list[dict[str, Any]]
) -> None:
    random, some = np.random.default_rng(4), drawn[::3]
    pens = [centred(pen_strokes(digit, random)) for digit in range(10)]
    with visit() as visitor:
        show(visitor, site_url)
        right = [read(visitor, centred(one["strokes"])) == str(one["label"]) for one in some]
        found = [read(visitor, [stroke[::2] for stroke in strokes]) for strokes in pens]
    assert sum(right) >= LEAST_RIGHT * len(some)
    assert sum(answer != str(digit) for digit, answer in enumerate(found)) <= MOST_WRONG, found


def test_a_damaged_model_is_noticed(visit: OpenVisit, built: Path, tmp_path: Path) -> None:
    web = Path(shutil.copytree(built / "web", tmp_path / "web"))
    for shard in web.rglob("*.bin"):
        content = shard.read_bytes()
        middle = len(content) // 2
        wrong = bytes(255 - byte for byte in content[middle : middle + 64])
        shard.write_bytes(content[:middle] + wrong + content[middle + 64 :])
    with visit() as visitor, plain(web) as url:
        visitor.tab.go(url)
        said = visitor.tab.wait_for(
            "() => !document.getElementById('alert').hidden && document.getElementById('alert').textContent",
            PATIENCE_S,
        )
    assert "gives other predictions here" in said


def test_it_works_with_the_server_stopped(visit: OpenVisit, built: Path) -> None:
    with visit() as visitor:
        with stoppable(built) as url:
            show(visitor, url)
            visitor.tab.wait_for(STORED, PATIENCE_S)
        assert not visitor.tab.run("() => fetch('inkproof.html').then(() => true, () => false)")
        show(visitor, url)
        assert read(visitor, centred(DIGITS["3"])) == "3"


def test_its_policy_is_kept_and_a_violation_would_be_reported(visit: OpenVisit, built: Path) -> None:
    with visit() as visitor, reporting(built / "web") as (url, violations):
        show(visitor, url)
        assert read(visitor, centred(DIGITS["7"])) == "7"
        visitor.tab.run(COMPARE)
        visitor.tab.wait_for(COMPARED, PATIENCE_S)
        assert violations == []
        visitor.tab.run("""() => {
            const script = document.createElement("script");
            script.textContent = "document.title = 'taken over'";
            document.head.append(script);
        }""")
        wait_until(lambda: bool(violations))
        assert b"script-src" in violations[0]
        assert visitor.tab.run("() => document.title") != "taken over"


def wait_until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_the_page_as_one_file_works_from_a_disk(visit: OpenVisit, built: Path, tmp_path: Path) -> None:
    alone = Path(shutil.copy(built / "web" / "inkproof.html", tmp_path))
    with visit() as visitor:
        show(visitor, alone.as_uri())
        assert [read(visitor, centred(DIGITS[digit])) for digit in "37"] == ["3", "7"]
        assert visitor.tab.run(PROBLEMS) == ""


@pytest.mark.slow  # Chromium shows both in every run
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_its_colours_follow_the_persons_choice(visit: OpenVisit, site_url: str, dark: bool) -> None:
    with visit(dark=dark) as visitor:
        show(visitor, site_url)
        assert read(visitor, centred(DIGITS["3"])) == "3"
        chosen, paper, text, ink = visitor.tab.run(COLOUR_SCHEME)
    assert chosen is dark
    assert (brightness(paper) < brightness(text)) is (brightness(paper) < brightness(ink)) is dark


def brightness(colour: str) -> int:
    """Of `rgb(1, 2, 3)` or `#010203`."""
    if colour.startswith("#"):
        return sum(bytes.fromhex(colour[1:]))
    return sum(int(part) for part in colour.removeprefix("rgb(").removesuffix(")").split(","))


def test_the_smallest_telephone_holds_it_all(visit: OpenVisit, built: Path, tmp_path: Path) -> None:
    """In a frame, as no window of WebKit's is that narrow."""
    web = Path(shutil.copytree(built / "web", tmp_path / "web"))
    frame = f"<iframe style='border: 0; width: {NARROWEST}px; height: 600px' src='index.html'></iframe>"
    (web / "narrow.html").write_text(f"<!doctype html><body style='margin: 0'>{frame}", encoding="utf-8")
    with visit() as visitor, plain(web) as url:
        visitor.tab.go(f"{url}narrow.html")
        visitor.tab.wait_for(framed(READY), PATIENCE_S)
        left, top, width, height = visitor.tab.run(framed(PAD))
        for stroke in centred(DIGITS["3"]):
            visitor.drag([(left + x * width, top + y * height) for x, y in stroke])
        visitor.tab.run(TWO_FRAMES)
        assert visitor.tab.run(framed(ANSWER)) == "3"
        visitor.tab.run(framed(COMPARE))
        visitor.tab.wait_for(framed(COMPARED), PATIENCE_S)
        assert visitor.tab.run(OUT_OF_REACH) == [NARROWEST, NARROWEST, [], []]


def framed(function: str) -> str:
    """The same function for the page in the frame."""
    return f"() => {{ const {{ document }} = frames[0]; return ({function})(); }}"


def test_a_large_model_runs_by_webassembly(visit: OpenVisit, large_colour_page: Path) -> None:
    with visit() as visitor, reporting(large_colour_page / "web") as (url, violations):
        show(visitor, url)
        assert visitor.tab.run(TITLE_OF_BARS) == "hidden"
        for colour, label in {"red": RED, "green": GREEN, "blue": BLUE}.items():
            visitor.tab.run(CHOOSE, f"rgb{COLOURS[colour]}", 64, 48)
            visitor.tab.wait_for(f"() => ({ANSWER})() === '{label}'", PATIENCE_S)
        assert visitor.tab.run(TITLE_OF_BARS) == "visible"
        assert visitor.tab.run(PROBLEMS) == ""
        assert violations == []
