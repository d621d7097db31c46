"""Rewrite `side_by_side.json`: what belongs to which digit, asserted on in Python and in JavaScript.

    python -m tests.golden.make_side_by_side

A JSON list of {"name", "rows", "columns", "ink", "owners", "written_rows"}: `ink` is the drawing, 0 for bare
paper and 255 for full ink; `owners` has 0 for bare paper, 1 for the ink of the leftmost digit, 2 for the next
one's; `written_rows` is how many rows the digits stand in. Ink and owners are row-major bytes, compressed by
zlib, as base64. Run it again only when the splitting is meant to change.
"""

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tests.golden.packing import packed
from tests.golden.side_by_side import owners
from train.data.pen import draw
from train.drawing.canvas import render
from train.drawing.side_by_side import count_rows, side_by_side

Image = NDArray[np.uint8]
Strokes = list[NDArray[np.float64]]

FILE = Path(__file__).with_name("side_by_side.json")
SIDE, LINE = 160, 8.0


def main() -> None:
    """Draw, split, write."""
    lines = ",\n".join(json.dumps(_golden(name, ink)) for name, ink in _drawings())
    FILE.write_text(f"[\n{lines}\n]\n", encoding="utf-8", newline="\n")


def _golden(name: str, ink: Image) -> dict[str, str | int]:
    rows, columns = ink.shape
    return {
        "name": name,
        "rows": rows,
        "columns": columns,
        "ink": packed(ink),
        "owners": packed(owners(side_by_side(ink))),
        "written_rows": count_rows(ink),
    }


def _drawings() -> Iterator[tuple[str, Image]]:
    """Names and drawings."""
    rng = np.random.default_rng(17)

    def at(digit: int, style: str, left: float, top: float = 40.0, length: float = 80.0) -> Strokes:
        return [stroke * length + (left, top) for stroke in draw(digit, rng, style)]

    def drawn(*digits: Strokes, line: float = LINE) -> Image:
        return render([stroke for digit in digits for stroke in digit], SIDE, line)

    seven = [
        np.array([[12.0, 44.0], [40, 43], [66, 44], [52, 80], [42, 122]]),
        np.array([[30.0, 84.0], [66, 80]]),
    ]
    two = [
        np.array(
            [[92.0, 60.0], [104, 42], [124, 44], [130, 62], [112, 96], [90, 120], [114, 120], [140, 118]]
        )
    ]
    yield "72", drawn(seven, two)
    yield (
        "72, leaning over each other",
        drawn(_leaning(seven), _leaning([stroke - (8, 0) for stroke in two])),
    )
    yield "72 and stray dots", drawn(seven, two, [np.array([[78.0, 150.0]]), np.array([[140.0, 8.0]])])
    yield "11", drawn([np.array([[60.0, 40.0], [58.0, 120.0]])], [np.array([[80.0, 42.0], [80.0, 124.0]])])
    yield (
        "507, of three sizes",
        drawn(
            at(5, "loose hat", 6, 50, 50), at(0, "slashed", 62, 56, 44), at(7, "plain", 108, 44, 50), line=5
        ),
    )
    yield "two rows", drawn(at(3, "round", 60, 4, 62), at(8, "like an S", 60, 88, 62))
    yield "touching", drawn(at(0, "anticlockwise", 20), at(0, "anticlockwise", 44))
    yield "5 with a loose hat", drawn(_loose_hat())
    yield "5 with a loose hat beside a 1", drawn(_loose_hat(), [np.array([[122.0, 38.0], [118.0, 122.0]])])
    yield "4 of two strokes that nearly touch", drawn(_apart_four(81.0))
    yield "0 with two gaps", drawn(_broken_zero())
    yield "7 in two halves beside a 2", drawn(_halved(seven), two)
    yield "0, slashed", drawn(at(0, "slashed", 40))
    yield "a digit and a stray dot", drawn(at(3, "round", 30), [np.array([[140.0, 120.0]])])
    yield "as MNIST has it", rng.integers(0, 256, (28, 28), np.uint8) * _two_bars()
    yield "wide picture", drawn(seven, two)[30:130]
    yield "empty", np.zeros((20, 30), np.uint8)
    yield "noise", (rng.random((60, 80)) < 0.2).astype(np.uint8) * rng.integers(1, 256, (60, 80), np.uint8)
    yield (
        "172, the 1 half as high as the rest",
        drawn(
            [np.array([[4.0, 66.0], [3.0, 100.0]])],
            [stroke + np.array([18, 0]) for stroke in seven],
            [stroke + np.array([12, 0]) for stroke in two],
        ),
    )
    yield (
        "4 and its loose stroke, half as high",
        drawn([np.array([[50.0, 40.0], [38, 90], [90, 90]])], [np.array([[104.0, 74.0], [102.0, 92.0]])]),
    )


def _leaning(strokes: Strokes) -> Strokes:
    return [np.stack([x + 0.4 * (80 - y), y], axis=1) for x, y in (stroke.T for stroke in strokes)]


def _loose_hat() -> Strokes:
    body = np.array([[44.0, 62.0], [42, 84], [66, 80], [78, 96], [66, 118], [40, 118]])
    return [body, np.array([[52.0, 42.0], [92.0, 38.0]])]


def _apart_four(stem: float) -> Strokes:
    hook = np.array([[50.0, 40.0], [38, 90], [70, 90]])
    return [hook, np.array([[stem, 40.0], [stem, 122.0]])]


def _broken_zero() -> Strokes:
    angles = np.linspace(0.25, np.pi - 0.25, 24)
    right = np.stack([80 + 26 * np.sin(angles), 80 - 40 * np.cos(angles)], axis=1)
    return [right, right * (-1, 1) + (160, 0)]


def _halved(strokes: Strokes) -> Strokes:
    """Without what lies around the middle row."""
    points = strokes[0]
    return [points[:3], points[3:]]


def _two_bars() -> Image:
    bars = np.zeros((28, 28), np.uint8)
    bars[4:24, 6:9] = bars[4:24, 17:20] = 1
    return bars


if __name__ == "__main__":
    main()
