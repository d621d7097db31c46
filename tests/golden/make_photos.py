"""Rewrite `photos.json`: photos and the digits in them, asserted on in Python and in JavaScript.

    python -m tests.golden.make_photos

A JSON list of {"name", "rows", "columns", "grey", "digits"}: `grey` is the photo, 0 for black and 255 for
white; `digits` are the images that a model is given, one after the other, or null where there are none to be
read. Both are row-major bytes, compressed by zlib, as base64. Run it again only when the steps in
`train/drawing/photo.py` are meant to change. Photos that are in the file already stay as they
are, because the ways in which digits are drawn change.
"""

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from tests.golden.packing import packed
from tests.golden.photos import GOLDEN
from train.contract import InputContract
from train.data.pen import draw
from train.drawing.canvas import render
from train.drawing.photo import NoDigitsError, digits_in
from train.drawing.preprocess import normalise

Grey = NDArray[np.float64]

_FILE = Path(__file__).with_name("photos.json")
ROWS, COLUMNS = 160, 128
DRAWN = {golden.name: golden.grey for golden in GOLDEN}
Y, X = np.mgrid[:ROWS, :COLUMNS].astype(float)


def main() -> None:
    """Draw, read, write."""
    rng = np.random.default_rng(17)
    lines = ",\n".join(json.dumps(_golden(name, grey, rng)) for name, grey in _photos(rng))
    _FILE.write_text(f"[\n{lines}\n]\n", encoding="utf-8", newline="\n")


def _golden(name: str, grey: Grey, rng: np.random.Generator) -> dict[str, str | int | None]:
    noisy = grey + rng.normal(0, 1, grey.shape)
    photo = DRAWN.get(name, np.clip(np.rint(noisy), 0, 255).astype(np.uint8))
    try:
        digits = np.array([normalise(ink, InputContract()) for ink in digits_in(photo.astype(np.float64))])
    except NoDigitsError:
        digits = None
    rows, columns = photo.shape
    return {
        "name": name,
        "rows": rows,
        "columns": columns,
        "grey": packed(photo),
        "digits": None if digits is None else packed(digits),
    }


def _photos(rng: np.random.Generator) -> Iterator[tuple[str, Grey]]:
    """Names and photos."""

    def written(digits: str, size: float = 70.0, pen: float = 40.0, paper: Grey | float = 235.0) -> Grey:
        ink = np.zeros((ROWS, COLUMNS))
        for place, digit in enumerate(digits):
            left = COLUMNS / 2 + (place - len(digits) / 2) * size * 0.85
            strokes = [stroke * size + (left, (ROWS - size) / 2) for stroke in draw(int(digit), rng)]
            ink = np.maximum(ink, render(strokes, ROWS, size / 12)[:, :COLUMNS])
        return np.asarray(paper + (pen - paper) * ink / 255)

    yield "on a plain sheet", written("3")
    yield "in the light of a lamp", written("5") * (0.5 + 0.5 * X / COLUMNS)
    yield "on squared paper, a little turned", written("8", paper=_ruled(22, 3.0, across=True))
    yield "across a margin", written("7", paper=_ruled(27, -2.0, margin=60.0))
    yield "in pencil, between darker lines", written("4", pen=165.0, paper=_ruled(24, 1.0, level=120.0))
    yield "in the box of a form", _boxed(written("2"))
    yield "on a dark desk, turned", _on_desk(written("6"), turn=11.0, desk=80)
    yield "on a light desk", _on_desk(written("9"), turn=-2.0, desk=165)
    yield "half in a hard shadow", written("0") * np.where(X + 0.5 * Y < 100, 0.55, 1.0)
    yield "in the shadow of a hand", written("2") * _hand_shadow()
    yield "with a finger", _finger(written("5"))
    yield "in chalk on a board", written("6", pen=230.0, paper=50.0)
    yield "two digits", written("72", size=55.0)
    yield "three digits on lines", written("509", size=42.0, paper=_ruled(26, 0.5))
    yield "cut off at the border", written("9")[:112]
    yield "bare paper with lines", _ruled(24, 2.0)
    yield "two rows", np.concatenate([written("4"), written("1")])[40:-40]
    yield "in the boxes of a form", _in_boxes(written("506", size=40.0))
    yield "in boxes that the photo cuts off", _in_boxes(written("914", size=40.0), margin=-8)
    yield "in a circle", _circled(written("1", size=50.0))
    yield (
        "in a circle that doesn't close",
        np.where((Y < 70) & (X > 90), 235.0, _circled(written("4", size=50.0))),
    )
    yield "on a folded sheet", _folded(written("2", size=44.0))


def _ruled(
    spacing: int, degrees: float, level: float = 170.0, margin: float | None = None, *, across: bool = False
) -> Grey:
    slope = np.tan(np.deg2rad(degrees))
    lines = (Y + slope * X) % spacing < 1.5
    if across:
        lines |= (X - slope * Y) % spacing < 1.5
    if margin is not None:
        lines |= np.abs(X - margin - slope * Y) < 1.2
    return np.where(lines, level, 235.0)


def _boxed(grey: Grey) -> Grey:
    far = np.maximum(np.abs(X - COLUMNS / 2 - 0.04 * Y + 3), np.abs(Y - ROWS / 2 + 0.04 * X - 3) - 5)
    return np.where((far > 44) & (far < 47), 40.0, grey)


def _in_boxes(grey: Grey, margin: int = 4) -> Grey:
    """Three boxes that share their sides."""
    edge = np.abs(Y - ROWS / 2) > 31
    side = (X - COLUMNS / 2 + 19.5) % 39 < 1.5
    within = (np.abs(X - COLUMNS / 2) < COLUMNS / 2 - margin) & (np.abs(Y - ROWS / 2) < 32.5)
    return np.where((edge | side) & within, 60.0, grey)


def _circled(grey: Grey) -> Grey:
    far = np.hypot(X - COLUMNS / 2 + 3, Y - ROWS / 2 - 1)
    return np.where((far > 43) & (far < 47), 40.0, grey)


def _folded(grey: Grey) -> Grey:
    """In four, each part in another light."""
    creased = (np.abs(Y - 80) < 1) | (np.abs(X - 62) < 1)
    return grey * np.where(Y < 80, 0.88, 1.0) * np.where(X < 62, 1.0, 0.93) * np.where(creased, 0.8, 1.0)


def _on_desk(sheet: Grey, turn: float, desk: int) -> Grey:
    small = Image.fromarray(sheet.astype(np.uint8)).resize((COLUMNS - 30, ROWS - 40), Image.Resampling.BOX)
    photo = Image.new("L", (COLUMNS, ROWS), desk)
    photo.paste(small, (15, 20))
    return np.asarray(photo.rotate(turn, Image.Resampling.BICUBIC, fillcolor=desk), np.float64)


def _hand_shadow() -> Grey:
    hand = (Y > 130) | ((np.abs(X - 66) < 5) & (Y > 55)) | ((np.abs(X - 95) < 5) & (Y > 70))
    return _blurred(np.where(hand, 170.0, 255.0)) / 255


def _finger(grey: Grey) -> Grey:
    finger = ((X - 125) / 24) ** 2 + ((Y - 90) / 12) ** 2 < 1
    return _blurred(np.where(finger, 140.0, grey))


def _blurred(grey: Grey) -> Grey:
    return np.asarray(Image.fromarray(grey.astype(np.uint8)).filter(ImageFilter.GaussianBlur(1)), np.float64)


if __name__ == "__main__":
    main()
