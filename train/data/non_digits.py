"""Drawings that are no digits: letters, signs, turned digits, several digits in one, scribbles.

A classifier that has seen digits alone takes anything for one of them, often with confidence. Trained with
equal probabilities of all digits for drawings like these, it isn't confident of others either (Hendrycks et
al. 2019, Deep Anomaly Detection with Outlier Exposure, https://arxiv.org/abs/1812.04606).
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from train.contract import InputContract
from train.data.pen import draw, fitted, picture, write
from train.data.pen_curves import Points
from train.data.sign_styles import SIGNS

Strokes = list[Points]
_TURNED = (2, 3, 4, 5, 6, 7, 9)  # a quarter: none of these is a digit then
_MIRRORED = (3, 4, 6, 7, 9)  # 2 and 5 would be much like each other


def dataset(count: int, seed: int, contract: InputContract) -> NDArray[np.uint8]:
    """Draw what is no digit as inputs of a model.

    Args:
        count: Number of drawings.
        seed: Determines every pixel and the order.
        contract: Geometry and polarity of the images.

    Returns:
        Images of shape (count, height, width), in the contract's grey levels.
    """
    rng = np.random.default_rng(seed)
    images = np.empty((count, contract.height, contract.width), np.uint8)
    for image in images:
        kind = _KINDS[rng.choice(len(_KINDS), p=_FREQUENCIES)]
        image[:] = picture(fitted(kind(rng)), contract, rng)
    return images


def _sign(rng: np.random.Generator) -> Strokes:
    return write(str(rng.choice(SIGNS[str(rng.choice(list(SIGNS)))])), rng)


def _turned(rng: np.random.Generator) -> Strokes:
    """A digit turned by a quarter."""
    quarter = np.array([[0.0, 1.0], [-1.0, 0.0]]) * rng.choice([-1, 1])
    return [stroke @ quarter for stroke in draw(int(rng.choice(_TURNED)), rng)]


def _mirrored(rng: np.random.Generator) -> Strokes:
    return [stroke * (-1, 1) for stroke in draw(int(rng.choice(_MIRRORED)), rng)]


def _several(rng: np.random.Generator) -> Strokes:
    """Two or three digits in a row, which may touch."""
    strokes: Strokes = []
    right = 0.0
    for _ in range(rng.choice([2, 3], p=[0.75, 0.25])):
        digit = [stroke * rng.uniform(0.8, 1.1) + (right, rng.normal(0, 0.06)) for stroke in _any_digit(rng)]
        strokes += digit
        right = max(float(stroke[:, 0].max()) for stroke in digit) + rng.uniform(-0.12, 0.25)
    return strokes


def _overlaid(rng: np.random.Generator) -> Strokes:
    """Two different digits, one over the other."""
    first, second = rng.choice(10, 2, replace=False)
    shift = rng.uniform(-0.25, 0.25, 2)
    return draw(int(first), rng) + [stroke + shift for stroke in draw(int(second), rng)]


def _scribble(rng: np.random.Generator) -> Strokes:
    """Curves or zigzags through random points."""
    corner = str(rng.choice(["", "!"]))
    lines = []
    for _ in range(rng.integers(1, 4)):
        first, *between, last = (f"{x},{y}" for x, y in rng.uniform(0, 100, (rng.integers(3, 10), 2)))
        lines.append(" ".join([first, *(point + corner for point in between), last]))
    return write(" | ".join(lines), rng)


def _any_digit(rng: np.random.Generator) -> Strokes:
    return draw(int(rng.integers(10)), rng)


_FREQUENCY: dict[Callable[[np.random.Generator], Strokes], float] = {
    _sign: 0.5,
    _turned: 0.1,
    _mirrored: 0.05,
    _several: 0.15,
    _overlaid: 0.05,
    _scribble: 0.15,
}
_KINDS, _FREQUENCIES = list(_FREQUENCY), list(_FREQUENCY.values())
