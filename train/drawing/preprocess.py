"""Turn a drawing into a model's input: the reference implementation.

`web/src/drawing/preprocess.js` is its counterpart; the golden drawings in `tests/golden/` keep the two
consistent. Every step is plain arithmetic on float64, in the same order in both languages, so that they
agree to one grey level.
"""

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from train.contract import InputContract

# A part of a drawing is a speck if its longer side is below this fraction of the largest part's. A stray dot
# is a tenth to a sixth of a digit; in 1,000 people's digits the smallest real part, the hat of a 5, is 0.39.
SPECK = 0.33
# In a small drawing, a thick pen's dot is larger: it is one below this fraction of the largest part, if it is
# about as high as wide, and filled. Of 1,000 people's digits at 40% of a pad, one had such a dot, of 0.40;
# the part of a digit most like one was 1.5 times as wide as high and filled 57% of its box.
DOT, ROUND, FILLED = 0.5, 1.4, 0.7


def normalise(ink: NDArray[np.uint8], contract: InputContract) -> NDArray[np.uint8]:
    """Remove stray dots, crop to the ink, scale its longer side to the box, and centre its centre of mass.

    Scaling and placing are a single area-averaging step: every pixel of the result is the mean ink of the
    area that it covers, so lines stay antialiased and the centre of mass is exact to a fraction of a pixel.

    Args:
        ink: Amount of ink, shape (rows, columns), 0 for bare paper and 255 for full ink,
            independent of the contract's polarity.
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
    amount = down @ crop @ across.T / 255
    grey = contract.background + amount * (contract.ink - contract.background)
    return np.asarray(np.floor(grey + 0.5), np.uint8)


def _without_specks(ink: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The drawing without specks; pixels are connected in eight directions."""
    parts, count = ndimage.label(ink, structure=np.ones((3, 3)))
    if count < 2:
        return ink
    kept = np.concatenate([[False], ~specks(parts)])
    return np.where(kept[parts], ink, 0).astype(np.uint8)


def specks(parts: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Which connected parts of a drawing are stray dots.

    Args:
        parts: Shape (rows, columns), for each pixel the number of its part, from 1, or 0 for bare paper.

    Returns:
        Shape (number of parts,).
    """
    boxes = [[side.stop - side.start for side in where] for where in ndimage.find_objects(parts)]
    sides = np.array(boxes).reshape(-1, 2)
    longer, shorter = sides.max(axis=1), sides.min(axis=1)
    largest = longer.max(initial=0)
    filled = np.bincount(parts.ravel())[1:] >= FILLED * sides[:, 0] * sides[:, 1]
    round_ = (longer <= ROUND * shorter) & filled
    return np.asarray(longer < np.where(round_, DOT, SPECK) * largest)


def _coverage(mass: NDArray[np.float64], scale: float, size: int, centre: float) -> NDArray[np.float64]:
    """Fraction of each target pixel that each source pixel covers, along one axis.

    Args:
        mass: Ink in each line of the crop, shape (n,), with a sum above zero.
        scale: Target pixels per source pixel.
        size: Target pixels along this axis.
        centre: Position of the centre of mass, as a fraction of `size`.

    Returns:
        Shape (size, n): how much of target pixel i is covered by source pixel j, 0..1.
    """
    n = len(mass)
    centre_of_mass = float((mass * (np.arange(n) + 0.5)).sum() / mass.sum())
    start = centre * size - centre_of_mass * scale
    start = min(max(start, 0.0), size - n * scale)  # keeps an asymmetric drawing within the image
    edges = start + np.arange(n + 1) * scale
    target = np.arange(size)[:, None]
    overlap = np.minimum(edges[1:], target + 1) - np.maximum(edges[:-1], target)
    return np.asarray(np.maximum(overlap, 0.0))
