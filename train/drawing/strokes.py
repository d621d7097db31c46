"""Drawings as pen strokes, in JSON lines, and the pictures that they become on the page's canvas."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from train.contract import InputContract
from train.drawing.canvas import render
from train.drawing.preprocess import normalise
from train.errors import DataError

# The page's canvas: ten pixels for each of the model's, lines a fourteenth of its side (20 px of 280).
PIXELS_PER_PIXEL = 10
LINE_SHARE = 1 / 14


@dataclass(frozen=True, slots=True)
class Drawing:
    """What somebody drew.

    Attributes:
        label: What it is meant to be, a class number.
        strokes: Each of shape (n, 2): x and y, y downwards, from 0; the longer side of all is 1.
    """

    label: int
    strokes: tuple[NDArray[np.float64], ...]


def read_drawings(path: Path) -> list[Drawing]:
    """Read JSON lines, each with a `label` and `strokes`, lists of [x, y] in any unit, y downwards.

    Raises:
        DataError: If the file is missing or empty, or a line isn't a drawing; it names the line.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"expected drawings as JSON lines at {path}, found none ({error})") from None
    drawings = []
    for number, line in enumerate(lines, 1):
        try:
            values = json.loads(line)
            strokes = [np.asarray(stroke, np.float64).reshape(-1, 2) for stroke in values["strokes"]]
            drawings.append(Drawing(int(values["label"]), _fitted(strokes)))
        except (ValueError, TypeError, KeyError) as error:
            raise DataError(
                f'expected {{"label": 7, "strokes": [[[x, y], ...], ...]}} in line {number} of {path}, '
                f"found something else ({type(error).__name__}: {error}): mend the line"
            ) from None
    if not drawings:
        raise DataError(f"expected drawings as JSON lines at {path}, found an empty file")
    return drawings


def as_pictures(
    drawings: list[Drawing],
    contract: InputContract,
    *,
    scale: float,
    line: float = LINE_SHARE,
    place: tuple[float, float] = (0.5, 0.5),
) -> NDArray[np.uint8]:
    """Draw as the page's canvas does and normalise as the page does.

    Args:
        drawings: What to draw.
        contract: Geometry and polarity of the pictures.
        scale: Longer side of the ink, as a share of the canvas, 0..1.
        line: Width of the line, as a share of the canvas, 0..1.
        place: Where the free space goes: (0, 0) draws at the top left, (0.5, 0.5) in the middle.

    Returns:
        Shape (n, height, width, 1), in the contract's grey levels.
    """
    side = PIXELS_PER_PIXEL * max(contract.height, contract.width)
    pictures = []
    for drawing in drawings:
        extent = np.concatenate(drawing.strokes).max(axis=0) * scale
        corner = (1 - extent) * np.asarray(place)
        strokes = [(stroke * scale + corner) * side for stroke in drawing.strokes]
        pictures.append(normalise(render(strokes, side, line * side), contract))
    return np.stack(pictures)[..., None]


def _fitted(strokes: list[NDArray[np.float64]]) -> tuple[NDArray[np.float64], ...]:
    points = np.concatenate(strokes)
    if not np.isfinite(points).all():
        raise ValueError("a coordinate is not a number")
    longer = float(np.ptp(points, axis=0).max()) or 1.0  # a dot has no extent
    return tuple((stroke - points.min(axis=0)) / longer for stroke in strokes)
