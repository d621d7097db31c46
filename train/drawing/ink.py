"""Separate ink from paper in a picture, dark on light or light on dark, in uneven light."""

import math

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage
from scipy.cluster.vq import kmeans2

from train.drawing.paper import relief_of
from train.drawing.parts import Mask
from train.drawing.ruling import reaching_in, ruling

# The least contrast of ink, of that between black and white and in standard deviations of the paper's noise.
LEAST_CONTRAST = 0.08
LEAST_SIGNAL = 6.0
EDGE = 2  # pixels, of the soft edge of a line
WIDE_EDGE = 0.02  # of the picture's longer side: the same of a finger
FAINT = 0.65  # of the other ink: a shadow
LEAST_FAINT = 0.2  # of the ink, or it is a paler stroke
WRITTEN = 0.05  # of the picture's longer side: anything smaller is no digit
LEAST_BESIDE = 0.2  # of the longer side of what reaches in from the border
CUT_OFF = 0.25  # of the picture's longer side: a smaller part at its border isn't a digit that was cut off
_PASSES = 6


def ink_of(grey: NDArray[np.float64]) -> NDArray[np.uint8]:
    """Remove the paper from a picture and keep the ink.

    Clustering by two means, equivalent to Otsu's threshold, separates ink from paper. Lines and frames are
    taken out, and what reaches in from the border if something is written besides; then it is done anew.

    Args:
        grey: Shape (rows, columns), 0 for black and 255 for white.

    Returns:
        Amount of ink, shape (rows, columns), 0 for bare paper and 255 for full ink, with soft edges; all 0 if
        there is no ink.
    """
    relief, noise, shadowed = relief_of(grey)
    strength = np.maximum(relief, 0.0)
    least = max(LEAST_CONTRAST * 255, LEAST_SIGNAL * noise)
    ruled = False
    for _ in range(_PASSES):  # without a dark line a fainter digit shows
        threshold = _threshold(strength, least)
        lines = ruling(strength > threshold / 2)  # the thinnest is half as dark
        if lines.any():
            ruled = True
            strength = _without(strength, threshold / 2, lines, EDGE)
            continue
        inked = strength > threshold
        found = reaching_in(inked)
        beside = _without(strength, threshold, found, max(EDGE, int(WIDE_EDGE * max(grey.shape))))
        alone = not ruled and _largest(found) >= CUT_OFF * max(grey.shape)
        if not found.any() or (alone and not _is_written(beside, least, found)):
            break
        strength = beside
    threshold = _threshold(strength, least)
    inked = strength > threshold
    if shadowed and inked.any():
        inked = _without_faint(strength, inked)
    if _largest(inked) < WRITTEN * max(grey.shape):
        return np.zeros(grey.shape, np.uint8)
    full = float(np.percentile(strength[inked], 90))
    # The pixels next to the ink are its soft edge; pixels further away are paper.
    edged = _grown(inked, 1)
    ink = np.where(edged, np.minimum(strength / full, 1.0), 0.0)
    return np.asarray(np.floor(ink * 255 + 0.5), np.uint8)


def _threshold(strength: NDArray[np.float64], least: float) -> float:
    """What is stronger is ink: between two means, or out of reach where that is fainter than the least."""
    if strength.max() < least:
        return math.inf
    centres, _ = kmeans2(strength.ravel(), np.array([0.0, strength.max()]), minit="matrix")
    threshold = float(centres.mean())
    return threshold if np.percentile(strength[strength > threshold], 90) >= least else math.inf


def _without_faint(strength: NDArray[np.float64], inked: Mask) -> Mask:
    """The ink without narrow shadows: fainter parts, and what is fainter beside its soft edge."""
    parts, count = ndimage.label(inked, np.ones((3, 3)))
    strongest = ndimage.maximum(strength, parts, np.arange(count + 1))
    inked = inked & (strongest > FAINT * strength[inked].max())[parts]
    levels = strength[inked]
    centres, _ = kmeans2(levels, np.array([levels.min(), levels.max()]), minit="matrix")
    near = inked & _grown(inked & (strength > centres.mean()), EDGE)
    many = inked.sum() - near.sum() >= LEAST_FAINT * inked.sum()
    return near if many and centres[0] <= FAINT * centres[1] else inked


def _grown(mask: Mask, pixels: int) -> Mask:
    return np.asarray(ndimage.binary_dilation(mask, np.ones((2 * pixels + 1, 2 * pixels + 1))))


def _without(strength: NDArray[np.float64], threshold: float, taken: Mask, edge: int) -> NDArray[np.float64]:
    """The strength of what remains where some of the ink is taken out, with its soft edge."""
    near = _grown(taken, edge)
    return np.where(near & ((strength <= threshold) | taken), 0.0, strength)


def _is_written(strength: NDArray[np.float64], least: float, taken: Mask) -> bool:
    """Whether something as large as a digit remains where some of the ink is taken out."""
    remains = _largest(strength > _threshold(strength, least))
    return bool(remains >= max(WRITTEN * max(strength.shape), LEAST_BESIDE * _largest(taken)))


def _largest(mask: Mask) -> int:
    """The longer side of its largest connected part, in pixels."""
    parts, _ = ndimage.label(mask, np.ones((3, 3)))
    return max((max(s.stop - s.start for s in where) for where in ndimage.find_objects(parts)), default=0)
