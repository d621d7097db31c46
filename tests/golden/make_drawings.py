"""Rewrite `drawings.json`: drawings and what they become, asserted on in Python and in JavaScript.

    python -m tests.golden.make_drawings

A JSON list of {"name", "rows", "columns", "ink", "expected"}: `ink` is the drawing, 0 for bare paper and 255
for full ink; `expected` is what `normalise` makes of it under the default contract. Both are
row-major bytes, compressed by zlib, as base64. Run it again only when the preprocessing is meant to change.
"""

import dataclasses
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tests.golden.packing import packed
from train.contract import InputContract
from train.data.pen import draw
from train.drawing.canvas import render
from train.drawing.preprocess import normalise

Image = NDArray[np.uint8]

_FILE = Path(__file__).with_name("drawings.json")


def main() -> None:
    """Draw, normalise, write."""
    lines = ",\n".join(json.dumps(_golden(name, ink)) for name, ink in _drawings())
    _FILE.write_text(f"[\n{lines}\n]\n", encoding="utf-8")


def _golden(name: str, ink: Image) -> dict[str, str | int]:
    """One entry of the file.

    Raises:
        ValueError: If a grey level lies so close to a rounding edge that machines could differ.
    """
    contract = InputContract()
    expected = normalise(ink, contract)
    for nudge in (-1e-6, 1e-6):
        # Not a whole grey level, so no contract for a model, but it shifts every level of grey a little.
        nudged = dataclasses.replace(contract, background=contract.background + nudge)  # type: ignore[arg-type]
        if not np.array_equal(normalise(ink, nudged), expected):
            raise ValueError(f"{name!r} has a grey level on a rounding edge: draw it a little differently")
    rows, columns = ink.shape
    return {"name": name, "rows": rows, "columns": columns, "ink": packed(ink), "expected": packed(expected)}


def _drawings() -> Iterator[tuple[str, Image]]:
    """Names and drawings."""
    rng = np.random.default_rng(20)
    yield "0, slashed", _digit(rng, 0, "slashed", canvas=120, line=9.0, length=84, corner=(20, 17))
    yield (
        "1 with flag and foot, low",
        _digit(rng, 1, "flag and foot", canvas=100, line=6.0, length=40, corner=(50, 55)),
    )
    yield (
        "2, filling the canvas",
        _digit(rng, 2, "small loop", canvas=140, line=12.0, length=124, corner=(8, 8)),
    )
    yield "4, thin line", _digit(rng, 4, "open", canvas=160, line=2.5, length=100, corner=(30, 40))
    yield "5, thick line", _digit(rng, 5, "loose hat", canvas=112, line=18.0, length=70, corner=(24, 20))
    yield (
        "7, small and in a corner",
        _digit(rng, 7, "crossed", canvas=130, line=4.0, length=26, corner=(4, 3)),
    )
    yield "8, wide canvas", _digit(rng, 8, "like an S", canvas=150, line=8.0, length=76, corner=(40, 10))[:97]
    yield (
        "9, tall canvas",
        _digit(rng, 9, "curled tail", canvas=160, line=10.0, length=80, corner=(10, 60))[:, :103],
    )
    three = _digit(rng, 3, "round", canvas=120, line=10.0, length=70, corner=(30, 30))
    yield "3 with a stray dot", np.maximum(three, render([np.array([[8.4, 110.7]])], 120, 12.0))
    yield "two dots", render([np.array([[20.3, 40.8]]), np.array([[61.3, 60.1]])], 100, 11.0)
    yield "a dot", render([np.array([[61.3, 40.8]])], 100, 11.0)
    yield "one faint pixel", _faint_pixel()
    yield "cut off at a corner", render([np.array([[-5.0, 31.0], [12.0, 18.0], [33.0, -6.0]])], 100, 7.0)
    yield "touches all edges", render(_star(110), 110, 5.0)
    yield "wide and flat", render([np.array([[6.0, 51.2], [60.0, 48.0], [120.0, 53.5]])], 128, 6.0)
    yield "tall and thin", render([np.array([[70.0, 4.0], [73.1, 60.0], [69.4, 127.0]])], 130, 3.0)
    yield "a stray dot far off", _with_stray_dot(rng)
    yield "lopsided, pushed to the edge", _lopsided()
    small = _digit(rng, 0, "egg", canvas=140, line=22.0, length=45, corner=(70, 30))
    yield "0 with a thick pen's stray dot", np.maximum(small, render([np.array([[30.0, 118.0]])], 140, 22.0))
    yield "empty", np.zeros((90, 120), np.uint8)
    yield "noise of all grey levels", rng.integers(0, 256, (43, 61), np.uint8)


def _digit(
    rng: np.random.Generator,
    digit: int,
    style: str,
    *,
    canvas: int,
    line: float,
    length: float,
    corner: tuple[float, float],
) -> Image:
    """A pen digit with its longer side and upper left corner given, in pixels."""
    return render([stroke * length + corner for stroke in draw(digit, rng, style)], canvas, line)


def _faint_pixel() -> Image:
    """Hardly any ink; a multiple of four, since the contract's centre cuts the only pixel in four."""
    ink = np.zeros((50, 70), np.uint8)
    ink[17, 44] = 4
    return ink


def _star(size: int) -> list[NDArray[np.float64]]:
    """Strokes from edge to edge."""
    corners = np.array([[0, size], [size * 0.3, 0], [size, size * 0.6], [0, size * 0.45], [size * 0.9, size]])
    return [corners]


def _lopsided() -> Image:
    """A blot with a long, thin tail: with its centre of mass at the centre, the tail would be cut off."""
    blot = render([np.array([[22.0, 25.0]])], 140, 33.0)
    tail = render([np.array([[22.0, 25.0], [31.0, 133.0]])], 140, 1.5)
    return np.maximum(blot, tail)


def _with_stray_dot(rng: np.random.Generator) -> Image:
    """A digit, and a touch that was not meant."""
    strokes = [stroke * 60 + (20, 50) for stroke in draw(3, rng, "round")]
    return render([*strokes, np.array([[112.0, 9.0]])], 120, 6.0)


if __name__ == "__main__":
    main()
