"""A drawing becomes the model's input: the reference implementation.

`web/src/drawing/preprocess.js` is its twin; the golden drawings in `tests/golden/` hold the two together.
Every step is plain arithmetic on float64, in the same order in both languages, so that they can agree to one
grey level.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from train.contract import InputContract

# A part of a drawing is a speck if its longer side is under this share of the largest part's. The dot that a
# pen leaves is a tenth to a sixth of a digit; of 1,000 people's digits the smallest part that belongs to one
# is 0.39 of it, the hat of a 5.
SPECK = 0.33


def normalise(ink: NDArray[np.uint8], contract: InputContract) -> NDArray[np.uint8]:
    """Drop stray dots, crop to the ink, scale its longer side to the box, centre its centre of mass.

    Scaling and placing are one area-averaging step: every pixel of the result is the mean ink of the patch
    of paper that it covers, so lines stay antialiased and the centre of mass is met to a fraction of a
    pixel, not just to the nearest one.

    Args:
        ink: Amount of ink, shape (rows, columns), 0 for bare paper and 255 for full ink, whatever the
            contract's polarity.
        contract: Geometry and polarity of the result.

    Returns:
        Shape (height, width), in the contract's grey levels. Bare paper gives bare paper.
    """
    ink = _without_specks(ink)
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    if not rows.size:
        return np.full((contract.height, contract.width), contract.background, np.uint8)
    crop = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1].astype(np.float64)
    scale = contract.box / max(crop.shape)
    down = _coverage(crop.sum(axis=1), scale, contract.height, contract.centre)
    across = _coverage(crop.sum(axis=0), scale, contract.width, contract.centre)
    share = down @ crop @ across.T / 255
    grey = contract.background + share * (contract.ink - contract.background)
    rounded: NDArray[np.uint8] = np.floor(grey + 0.5).astype(np.uint8)
    return rounded


def _without_specks(ink: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The drawing without the parts that are specks beside others; ink touches in any of eight directions."""
    parts, count = ndimage.label(ink, structure=np.ones((3, 3)))
    if count < 2:
        return ink
    sides = np.array([max(s.stop - s.start for s in where) for where in ndimage.find_objects(parts)])
    kept = np.concatenate([[False], sides >= SPECK * sides.max()])
    return np.where(kept[parts], ink, 0).astype(np.uint8)


def _coverage(mass: NDArray[np.float64], scale: float, size: int, centre: float) -> NDArray[np.float64]:
    """Shares of each source pixel in each target pixel, along one axis.

    Args:
        mass: Ink in each line of the crop, shape (n,), with a sum above zero.
        scale: Target pixels per source pixel.
        size: Target pixels along this axis.
        centre: Where the centre of mass goes, as a share of `size`.

    Returns:
        Shape (size, n): how much of target pixel i is covered by source pixel j, 0..1.
    """
    n = len(mass)
    centre_of_mass = float((mass * (np.arange(n) + 0.5)).sum() / mass.sum())
    start = centre * size - centre_of_mass * scale
    start = min(max(start, 0.0), size - n * scale)  # a lopsided drawing stays whole
    edges = start + np.arange(n + 1) * scale
    target = np.arange(size)[:, None]
    overlap = np.minimum(edges[1:], target + 1) - np.maximum(edges[:-1], target)
    shares: NDArray[np.float64] = np.maximum(overlap, 0.0)
    return shares
