"""Digits drawn from pen strokes: the embedded dataset, completely determined by a seed.

A style from `train/data/pen_styles.py` is drawn like handwriting: each time a little different in shape,
slant, proportion and speed. The digits replace MNIST if it can't be downloaded, serve as test data, and add
ways of writing that MNIST lacks to its training split.
"""

import numpy as np
from numpy.typing import NDArray

from train.contract import InputContract
from train.data.pen_curves import STEP, Points, Style, parsed
from train.data.pen_styles import STYLES
from train.drawing.canvas import render
from train.drawing.preprocess import normalise

# Side of the canvas on which `dataset` draws, in pixels: four times MNIST's, for soft edges.
_CANVAS = 112


def styles(digit: int) -> tuple[str, ...]:
    """Names of a digit's styles.

    Raises:
        KeyError: If `digit` isn't 0 to 9.
    """
    return tuple(STYLES[digit])


def draw(digit: int, rng: np.random.Generator, style: str | None = None) -> list[Points]:
    """Draw a digit once, with random variation.

    Args:
        digit: 0 to 9.
        rng: Source of the variation.
        style: One of `styles(digit)`; None for a random one.

    Returns:
        Strokes, each of shape (n, 2): x and y from 0, with y pointing down; their longer side is 1.

    Raises:
        KeyError: If `digit` isn't 0 to 9, or has no such style.
    """
    return write(STYLES[digit][style or str(rng.choice(styles(digit)))], rng)


def write(style: str, rng: np.random.Generator) -> list[Points]:
    """Draw what a style describes, with random variation; see `draw`.

    Args:
        style: Control points, in the form of `STYLES`.
        rng: Source of the variation.
    """
    template = parsed(style)
    care = rng.uniform(0.3, 1.4)  # from neat to careless writing
    points = template.curve @ _misplaced(template, care, rng)
    points = _proportioned(_warped(points, care, rng), rng)
    strokes = [_hurried(stroke, care, rng) for stroke in np.split(points, template.ends)]
    return fitted([_ended(stroke, care, rng) for stroke in strokes])


def dataset(count: int, seed: int, contract: InputContract) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Draw digits as inputs of a model, all ten equally often.

    Args:
        count: Number of digits.
        seed: Determines every pixel and the order.
        contract: Geometry and polarity of the images.

    Returns:
        Images of shape (count, height, width), in the contract's grey levels, and labels 0..9 of shape
        (count,).
    """
    rng = np.random.default_rng(seed)
    labels = rng.permutation(np.arange(count) % 10).astype(np.uint8)
    images = np.empty((count, contract.height, contract.width), np.uint8)
    for image, label in zip(images, labels.tolist(), strict=True):
        image[:] = picture(draw(label, rng), contract, rng)
    return images, labels


def picture(strokes: list[Points], contract: InputContract, rng: np.random.Generator) -> NDArray[np.uint8]:
    """Strokes of unit size as an input of a model, drawn with a random line width; shape (height, width)."""
    return normalise(_inked(strokes, contract, rng), contract)


def _inked(strokes: list[Points], contract: InputContract, rng: np.random.Generator) -> NDArray[np.uint8]:
    """Fill a canvas with strokes of unit size and a random line width; shape (_CANVAS, _CANVAS)."""
    in_box = min(_line_width(rng), max(0.5 * _narrow_side(strokes) * contract.box, 1.8))
    width = _CANVAS * in_box / contract.box
    return render([stroke * (_CANVAS - width) + width / 2 for stroke in strokes], _CANVAS, width)


def _line_width(rng: np.random.Generator) -> float:
    """Width of a line in the contract's box, in pixels.

    MNIST's lines are mostly 2 to 3 pixels wide. On a web page's canvas a thin pen gives lines of one pixel or
    less, and a small digit lines of nearly 4, both of which MNIST lacks. One digit in six has thin lines, and
    one in four thick ones.
    """
    kind = rng.random()
    if kind < 1 / 6:
        return float(rng.uniform(0.7, 1.6))
    if kind < 1 / 6 + 1 / 4:
        return float(rng.uniform(3.0, 4.2))
    return float(np.clip(rng.lognormal(np.log(2.5), 0.36), 1.2, 4.5))


def _narrow_side(strokes: list[Points]) -> float:
    """Width across the main axis: the short diameter of the ellipse with the same covariance.

    It limits the line width, because a thick pen would fill a narrow loop. A single line has no loop: 1.
    """
    spread = float(np.linalg.eigvalsh(np.cov(np.concatenate(strokes).T))[0])
    diameter = float(np.sqrt(8 * max(spread, 0.0)))
    return diameter if diameter > 0.15 else 1.0


def _misplaced(style: Style, care: float, rng: np.random.Generator) -> Points:
    """Move the control points a little, and whole strokes relative to each other; shape (k, 2)."""
    jitter = rng.normal(0, 0.022 * care, style.control.shape)
    shift = rng.normal(0, 0.03 * care, (len(style.ends) + 1, 2))
    return style.control + jitter + shift[style.stroke]


def _warped(points: Points, care: float, rng: np.random.Generator) -> Points:
    """Distort the plane by low waves in both directions, and enlarge one end of the digit."""
    frequency = rng.uniform(0.3, 1.1, (2, 2, 2)) * rng.choice([-1, 1], (2, 2, 2))
    phase = rng.uniform(0, 2 * np.pi, (2, 2))
    waves = np.sin(2 * np.pi * np.einsum("pk,kwc->pwc", points, frequency) + phase)
    points = points + waves.sum(axis=1) * rng.normal(0, 0.025 * care)
    middle = points - (points.min(axis=0) + points.max(axis=0)) / 2
    growth = rng.normal(0, 0.24 * care, 2)
    return np.asarray(middle * (1 + growth * middle[:, 1:]))


def _proportioned(points: Points, rng: np.random.Generator) -> Points:
    """Give the digit its width, slant and rotation."""
    stretch = np.exp(rng.normal(0.05, 0.25))
    slant = max(rng.normal(0.1, 0.25), -0.45)  # most people slant to the right, few far to the left
    turn = rng.normal(0, 0.09)
    lean = np.array([[stretch, 0.0], [-slant, 1.0]])
    return np.asarray(points @ lean @ _rotation(turn))


def _rotation(angle: float) -> NDArray[np.float64]:
    """Matrix that turns row vectors by an angle in radians, clockwise as seen."""
    return np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])


def _hurried(stroke: Points, care: float, rng: np.random.Generator) -> Points:
    """Smooth corners, as in fast writing, and add tremor, as in slow writing."""
    n = len(stroke)
    tremor = np.cumsum(rng.normal(0, 0.006 * care, (n, 2)), axis=0)
    tremor -= np.linspace(0, 1, n)[:, None] * tremor[-1]
    haste = rng.uniform(0, 0.8) * care / 1.4
    padded = np.concatenate([stroke[:1], stroke[:1], stroke, stroke[-1:], stroke[-1:]])
    running_mean = (padded[:-4] + padded[1:-3] + padded[2:-2] + padded[3:-1] + padded[4:]) / 5
    return np.asarray(stroke + haste * (running_mean - stroke) + tremor)


def _ended(stroke: Points, care: float, rng: np.random.Generator) -> Points:
    """Lengthen or shorten both ends of a stroke a little, occasionally with a hook."""
    for _ in range(2):
        stroke = _end_moved(stroke, rng.normal(0.005, 0.025) * care, rng)[::-1]
    return stroke


def _end_moved(stroke: Points, further: float, rng: np.random.Generator) -> Points:
    """Lengthen a stroke at its end, or shorten it if `further` is below 0, in units of the digit's height."""
    heading = stroke[-1] - stroke[-3]
    heading = heading / max(float(np.hypot(*heading)), 1e-9)
    if further < 0:
        kept = max(len(stroke) - round(-further * 100 / STEP), 3)
        return stroke[:kept]
    tail = [stroke[-1] + further * heading]
    if rng.random() < 0.1:
        turn = rng.choice([-1, 1]) * rng.uniform(1.6, 2.6)
        tail.append(tail[0] + rng.uniform(0.03, 0.1) * heading @ _rotation(turn))
    return np.concatenate([stroke, np.array(tail)])


def fitted(strokes: list[Points]) -> list[Points]:
    """Move strokes to the origin and scale their longer side to 1."""
    every = np.concatenate(strokes)
    longer = float(np.ptp(every, axis=0).max())
    return [(stroke - every.min(axis=0)) / longer for stroke in strokes]
