"""Drawings and pictures of many forms, and what the reference preprocessing makes of them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from export.kits._model import Example
from train.contract import InputContract
from train.data.pen import draw
from train.drawing.canvas import render
from train.drawing.preprocess import normalise
from train.drawing.resize import fit

SEED = 15
CANVAS = 96


def examples(contract: InputContract) -> tuple[Example, ...]:
    """Golden inputs of the preprocessing: drawings where the model takes those, else pictures."""
    if contract.takes_drawings:
        return tuple(Example(ink, normalise(ink, contract)[..., None]) for ink in _drawings())
    return tuple(Example(picture, fit(picture, contract)) for picture in _pictures(contract))


def _drawings() -> Iterator[NDArray[np.uint8]]:
    """Each digit once, small and large, thin and thick; stray dots, dots alone, lopsided ink, bare paper."""
    rng = np.random.default_rng(SEED)
    for digit in range(10):
        side, line = rng.uniform(0.3, 0.8) * CANVAS, rng.uniform(2, 9)
        corner = rng.uniform(line / 2, CANVAS - side - line / 2, 2)
        ink = render([stroke * side + corner for stroke in draw(digit, rng)], CANVAS, line)
        yield ink[: CANVAS - digit]  # not all are squares
    dots = [np.array([[20.3, 40.8]]), np.array([[61.3, 60.1]])]
    yield render(dots, CANVAS, 11.0)
    three = render([stroke * 50 + 20 for stroke in draw(3, rng)], CANVAS, 6.0)
    yield np.maximum(three, render([np.array([[8.0, 88.0]])], CANVAS, 5.0))
    head, tail = np.array([[16.0, 40.0], [18.0, 48.0]]), np.array([[16.0, 44.0], [90.0, 50.0]])
    yield np.maximum(render([head], CANVAS, 20.0), render([tail], CANVAS, 2.0))  # would leave the picture
    yield np.zeros((40, 60), np.uint8)


def _pictures(contract: InputContract) -> Iterator[NDArray[np.uint8]]:
    """The model's own size, smaller and larger, wide and tall; noise on slopes of colour."""
    rng = np.random.default_rng(SEED)
    height, width = contract.height, contract.width
    sizes = [
        (height, width),
        (2 * height + 3, 3 * width + 1),
        (height // 2 + 1, width),
        (height, width // 3 + 1),
    ]
    for rows, columns in [*sizes, (7, 5)]:
        slopes = np.linspace(0, 150, rows)[:, None, None] + np.linspace(0, 60, columns)[None, :, None]
        yield np.asarray(slopes * [1, 0.6, 0.3] + rng.integers(0, 46, (rows, columns, 3)), np.uint8)
