"""Curves of pen strokes from the control points of a style, in the form of `train.data.pen_styles`."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]
"""Shape (n, 2): x and y, with y pointing down."""

# Distance between the points of a stroke, in hundredths of a digit's height.
STEP = 5.0


@dataclass(frozen=True, slots=True)
class Style:
    """A way of writing a digit or sign.

    Attributes:
        control: Control points of all strokes, shape (k, 2), in units of the digit's height.
        stroke: Number of each control point's stroke, shape (k,).
        curve: Weights that turn control points into points of the strokes, shape (n, k).
        ends: Index at which each stroke but the last ends in these n points.
    """

    control: Points
    stroke: NDArray[np.intp]
    curve: NDArray[np.float64]
    ends: tuple[int, ...]


@lru_cache(1000)  # all styles; a scribble's own is used once
def parsed(style: str) -> Style:
    """Parse a style; `|` separates strokes, `!` marks corners.

    A curve is linear in its control points, so it is computed once, and each digit takes one multiplication.
    """
    strokes = [text.split() for text in style.split("|")]
    stroke = np.repeat(np.arange(len(strokes)), [len(marks) for marks in strokes])
    every = [mark for marks in strokes for mark in marks]
    control = np.array([[float(value) for value in mark.rstrip("!").split(",")] for mark in every])
    sharp, weights = np.array([mark.endswith("!") for mark in every]), np.eye(len(every))
    members = [stroke == number for number in range(len(strokes))]
    curves = [_curve(control[mine], weights[mine], np.flatnonzero(sharp[mine])) for mine in members]
    ends = np.cumsum([len(curve) for curve in curves])[:-1]
    return Style(control / 100, stroke, np.concatenate(curves), tuple(ends.tolist()))


def _curve(points: Points, weights: NDArray[np.float64], corners: NDArray[np.intp]) -> NDArray[np.float64]:
    """Interpolate along a stroke, smoothly between corners; arguments and result are those of `_smooth`."""
    runs = zip([0, *corners], [*corners, len(points) - 1], strict=True)
    pieces = [_smooth(points[first : last + 1], weights[first : last + 1]) for first, last in runs]
    return np.concatenate([*pieces, weights[-1:]])


def _smooth(points: Points, weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Centripetal Catmull-Rom curve from the first to the last control point, without the last.

    Args:
        points: Control points, shape (k, 2), k >= 2.
        weights: The values to interpolate, shape (k, m): one row per control point.

    Returns:
        Shape (n, m).
    """
    chords = np.hypot(*np.diff(points, axis=0).T)
    knots = np.concatenate([[0.0], np.cumsum(np.sqrt(chords))])
    tangents = np.gradient(weights, knots, axis=0)
    pieces = []
    for i, chord in enumerate(chords):
        span = knots[i + 1] - knots[i]
        t = np.arange(0, 1, 1 / np.ceil(chord / STEP))[:, None]
        pieces.append(
            (2 * t**3 - 3 * t**2 + 1) * weights[i]
            + (t**3 - 2 * t**2 + t) * span * tangents[i]
            + (3 * t**2 - 2 * t**3) * weights[i + 1]
            + (t**3 - t**2) * span * tangents[i + 1]
        )
    return np.concatenate(pieces)
