"""Tell ink from paper in a picture, dark on light or light on dark, however the light falls."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage
from scipy.cluster.vq import kmeans2

# In grey levels of 0..255, and in standard deviations of the paper's noise: below either, what sticks out of
# the paper is noise, no ink.
LEAST_CONTRAST = 20.0
LEAST_SIGNAL = 6.0
# What lies this many standard deviations off the paper isn't used to estimate it.
OUTLIER = 3.0
_FITS = 6
_GRID = 100  # the paper is smooth: so many samples along the longer side tell it


def ink_of(grey: NDArray[np.float64]) -> NDArray[np.uint8]:
    """Take the paper out of a picture and keep the ink.

    The paper is the smooth surface on which most of the border lies; ink is what stands out of it on the
    side, darker or lighter, where more does. A two-means clustering, which is Otsu's threshold, parts them.

    Args:
        grey: Shape (rows, columns), 0 for black and 255 for white.

    Returns:
        Amount of ink, shape (rows, columns), 0 for bare paper and 255 for full ink, soft at its edges; all 0
        where there is nothing but paper.
    """
    relief, noise = _relief(grey)
    standing_out = np.where(np.abs(relief) > OUTLIER * noise, relief, 0.0)
    strength = np.maximum(relief if standing_out.sum() > 0 else -relief, 0.0)
    least = max(LEAST_CONTRAST, LEAST_SIGNAL * noise)
    if strength.max() < least:
        return np.zeros(grey.shape, np.uint8)
    centres, _ = kmeans2(strength.ravel(), np.array([0.0, strength.max()]), minit="matrix")
    inked = strength > centres.mean()
    full = float(np.percentile(strength[inked], 90))
    if full < least:
        return np.zeros(grey.shape, np.uint8)
    # The pixels around are the soft edge; what lies further off is the paper's own.
    edged = ndimage.binary_dilation(inked, np.ones((3, 3)))
    ink: NDArray[np.uint8] = np.rint(np.where(edged, np.minimum(strength / full, 1.0), 0.0) * 255).astype(
        np.uint8
    )
    return ink


def _relief(grey: NDArray[np.float64]) -> tuple[NDArray[np.float64], float]:
    """How far each pixel stands out of the paper, and the standard deviation of the paper's noise.

    The paper's brightness is a polynomial of the second degree, as a lamp on one side or a lens makes it,
    fitted by least squares to the border, then again and again to all that lies near it.
    """
    step = -(-max(grey.shape) // _GRID)
    terms = _terms(grey.shape)
    sampled, samples = terms[::step, ::step], grey[::step, ::step]
    band = max(1, min(samples.shape) // 20)
    paper = np.ones(samples.shape, bool)
    paper[band:-band, band:-band] = False
    for _ in range(_FITS):
        weights = np.linalg.lstsq(sampled[paper], samples[paper], rcond=None)[0]
        relief = samples - sampled @ weights
        noise = 1.4826 * float(np.median(np.abs(relief[paper])))  # that of a normal distribution
        near = np.abs(relief) <= max(OUTLIER * noise, 2.0)
        paper = near if near.sum() > paper.sum() / 2 else paper
    return grey - terms @ weights, noise


def _terms(shape: tuple[int, ...]) -> NDArray[np.float64]:
    """1, x, y and their products at each pixel, shape (rows, columns, 6); x and y run from -1 to 1."""
    y, x = np.meshgrid(*(np.linspace(-1, 1, side) for side in shape), indexing="ij")
    return np.stack([np.ones_like(x), x, y, x * x, x * y, y * y], axis=-1)
