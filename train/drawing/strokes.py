"""Read drawings as pen strokes from JSON lines, and render them like the page's canvas."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from train.console.text import plain
from train.contract import InputContract
from train.drawing.canvas import render
from train.drawing.preprocess import normalise
from train.errors import DataError
from train.input.json_text import parse_json
from train.input.regular_file import MissingError, UnreadableError, open_regular

# The page's canvas has ten pixels per pixel of the model; lines are a fourteenth of its side (20 px of 280).
PIXELS_PER_PIXEL = 10
LINE_WIDTH = 1 / 14
# A drawing of a person has some hundred points; rendering takes the time of all of them.
MOST_BYTES, MOST_OF_LINE = 200_000_000, 1_000_000
MOST_DRAWINGS, MOST_POINTS, MOST_POINTS_IN_ALL = 20_000, 10_000, 1_000_000
MOST_LABEL = 255
MOST_COORDINATE = 1e9
MOST_OF_REASON = 120  # characters


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

    Args:
        path: A text file in UTF-8 of at most 20,000 lines; a line has at most a megabyte and 10,000 points,
            all of them a million. Labels are whole numbers 0..255, coordinates at most a billion.

    Raises:
        DataError: If the file is missing, empty or no such file, or a line isn't a drawing; the message names
            the line.
    """
    drawings: list[Drawing] = []
    points = 0
    try:
        with open_regular(path, MOST_BYTES) as file:
            for number, line in enumerate(iter(lambda: file.readline(MOST_OF_LINE + 1), b""), 1):
                drawings.append(_drawing(line, f"line {number:,} of {path}"))
                points += sum(map(len, drawings[-1].strokes))
                if number > MOST_DRAWINGS or points > MOST_POINTS_IN_ALL:
                    raise DataError(
                        f"expected at most {MOST_DRAWINGS:,} drawings of {MOST_POINTS_IN_ALL:,} points in "
                        f"all, found more up to line {number:,} of {path}: split the file"
                    )
    except MissingError:
        raise DataError(f"expected drawings as JSON lines at {path}, found none: check the path") from None
    except UnreadableError as error:
        raise DataError(f"expected drawings as JSON lines at {path}, {error}") from None
    except OSError as error:
        raise DataError(
            f"expected drawings as JSON lines at {path}, found a file that can't be read ({error.strerror}): "
            "copy it again"
        ) from None
    if not drawings:
        raise DataError(f"expected drawings as JSON lines at {path}, found an empty file: add drawings")
    return drawings


def _drawing(line: bytes, where: str) -> Drawing:
    """The drawing in a line; where it is, for the message."""
    if len(line) > MOST_OF_LINE:
        raise DataError(
            f"expected a drawing of at most {MOST_OF_LINE:,} bytes in {where}, found more: put each drawing "
            "into a line of its own, of fewer points"
        )
    try:
        values = parse_json(line)
        return Drawing(_label(values["label"]), _fitted(_strokes(values["strokes"])))
    except (ValueError, TypeError, KeyError, OverflowError) as error:
        found = f"no {error}" if isinstance(error, KeyError) else plain(str(error), MOST_OF_REASON)
        raise DataError(
            f'expected {{"label": 7, "strokes": [[[x, y], ...], ...]}} in {where}, found something else '
            f"({found}): fix the line"
        ) from None


def _label(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int | float) or value not in range(MOST_LABEL + 1):
        raise ValueError(f"its label is no whole number 0..{MOST_LABEL}")
    return int(value)


def _strokes(values: object) -> list[NDArray[np.float64]]:
    """Strokes, each of shape (n, 2), in any unit."""
    if not isinstance(values, list):
        raise ValueError("its strokes are no list")
    count = sum(len(stroke) if isinstance(stroke, list) else 1 for stroke in values) + len(values)
    if count > MOST_POINTS:
        raise ValueError(f"more than {MOST_POINTS:,} strokes and points")
    return [_stroke(stroke) for stroke in values]


def _stroke(values: object) -> NDArray[np.float64]:
    if values == []:
        return np.zeros((0, 2))
    found = np.asarray(values, object)
    if found.ndim != 2 or found.shape[1] != 2 or not set(map(type, found.ravel())) <= {int, float}:
        raise ValueError("a stroke is no list of [x, y], each a number")
    points = found.astype(np.float64)
    if not (np.abs(points) <= MOST_COORDINATE).all():  # nor is NaN
        raise ValueError(f"a coordinate is no number -{MOST_COORDINATE:.0e}..{MOST_COORDINATE:.0e}")
    return points


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
    points = np.concatenate([np.zeros((0, 2)), *strokes])
    if not len(points):
        raise ValueError("it has no points")
    longer = float(np.ptp(points, axis=0).max()) or 1.0  # the size of a dot is 0
    corner = points.min(axis=0)
    return tuple((stroke - corner) / longer for stroke in strokes)
