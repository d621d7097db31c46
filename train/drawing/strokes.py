"""Read drawings as pen strokes from JSON lines, and render them like the page's canvas."""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from train.contract import InputContract
from train.drawing.canvas import render
from train.drawing.preprocess import normalise
from train.errors import DataError

# The page's canvas has ten pixels per pixel of the model; lines are a fourteenth of its side (20 px of 280).
PIXELS_PER_PIXEL = 10
LINE_WIDTH = 1 / 14


@dataclass(frozen=True, slots=True)
class Drawing:
    """A drawing of a digit.

    Attributes:
        label: The intended class number.
        strokes: Each of shape (n, 2): x and y from 0, with y pointing down; their longer side is 1.
    """

    label: int
    strokes: tuple[NDArray[np.float64], ...]


def read_drawings(path: Path) -> list[Drawing]:
    """Read JSON lines, each with a `label` and `strokes`, lists of [x, y] in any unit, with y pointing down.

    Raises:
        DataError: If the file is missing or empty, or a line isn't a drawing; the message names the line.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(
            f"expected drawings as JSON lines at {path}, found none ({error}): check the path"
        ) from None
    drawings = []
    for number, line in enumerate(lines, 1):
        try:
            values = json.loads(line)
            strokes = [np.asarray(stroke, np.float64).reshape(-1, 2) for stroke in values["strokes"]]
            drawings.append(Drawing(int(values["label"]), _fitted(strokes)))
        except (ValueError, TypeError, KeyError) as error:
            raise DataError(
                f'expected {{"label": 7, "strokes": [[[x, y], ...], ...]}} in line {number} of {path}, '
                f"found something else ({type(error).__name__}: {error}): fix the line"
            ) from None
    if not drawings:
        raise DataError(f"expected drawings as JSON lines at {path}, found an empty file: add drawings")
    return drawings


def as_pictures(
    drawings: list[Drawing],
    contract: InputContract,
    *,
    scale: float,
    line: float = LINE_WIDTH,
    place: tuple[float, float] = (0.5, 0.5),
) -> NDArray[np.uint8]:
    """Draw and normalise drawings like the page.

    Args:
        drawings: The drawings.
        contract: Geometry and polarity of the images.
        scale: Longer side of the ink, as a fraction of the canvas, 0..1.
        line: Width of the lines, as a fraction of the canvas, 0..1.
        place: Position on the canvas: (0, 0) is the top left, (0.5, 0.5) the middle.

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
    longer = float(np.ptp(points, axis=0).max()) or 1.0  # the size of a dot is 0
    return tuple((stroke - points.min(axis=0)) / longer for stroke in strokes)
