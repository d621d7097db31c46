"""Separate ink from paper in a picture, dark on light or light on dark, in uneven light."""

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage
from scipy.cluster.vq import kmeans2

# The least contrast of ink, in grey levels of 0..255 and in standard deviations of the paper's noise.
LEAST_CONTRAST = 20.0
LEAST_SIGNAL = 6.0
# Pixels further than this many standard deviations from the paper aren't used to estimate it.
OUTLIER = 3.0
# A paper that fits the border this much worse than the picture is noisy has shadows.
SHADOWED = 6.0
LEAST_NOISE = 0.5  # grey levels: pictures hold whole ones
WIDEST_STROKE = 0.16  # of the picture's longer side
_FITS = 6
_GRID = 100  # samples along the longer side; the paper is smooth, so they suffice


def ink_of(grey: NDArray[np.float64]) -> NDArray[np.uint8]:
    """Remove the paper from a picture and keep the ink.

    The paper is a smooth surface that fits most of the border or, where none does, what is around each pixel.
    Ink is darker or lighter than the paper, whichever deviates more in total. Clustering by two means,
    equivalent to Otsu's threshold, separates them.

    Args:
        grey: Shape (rows, columns), 0 for black and 255 for white.

    Returns:
        Amount of ink, shape (rows, columns), 0 for bare paper and 255 for full ink, with soft edges; all 0 if
        there is no ink.
    """
    relief, noise = _relief(grey)
    deviating = np.where(np.abs(relief) > OUTLIER * noise, relief, 0.0)
    strength = np.maximum(relief if deviating.sum() > 0 else -relief, 0.0)
    least = max(LEAST_CONTRAST, LEAST_SIGNAL * noise)
    if strength.max() < least:
        return np.zeros(grey.shape, np.uint8)
    centres, _ = kmeans2(strength.ravel(), np.array([0.0, strength.max()]), minit="matrix")
    inked = strength > centres.mean()
    full = float(np.percentile(strength[inked], 90))
    if full < least:
        return np.zeros(grey.shape, np.uint8)
    # The pixels next to the ink are its soft edge; pixels further away are paper.
    edged = ndimage.binary_dilation(inked, np.ones((3, 3)))
    ink = np.where(edged, np.minimum(strength / full, 1.0), 0.0)
    return np.asarray(np.rint(ink * 255), np.uint8)


def _relief(grey: NDArray[np.float64]) -> tuple[NDArray[np.float64], float]:
    """How much each pixel deviates from the paper, and the standard deviation of the paper's noise.

    The paper's brightness is modelled by a polynomial of degree two, which covers light from one side and a
    lens's vignetting. It is fitted by least squares to the border, then repeatedly to all pixels close to it.
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
    rough = _roughness(grey)
    return (grey - terms @ weights, noise) if noise < SHADOWED * rough else (_local_relief(grey), rough)


def _roughness(grey: NDArray[np.float64]) -> float:
    """The standard deviation of a picture's noise from one pixel to the next, whatever it shows."""
    return 1.4826 * float(np.median(np.abs(grey - ndimage.median_filter(grey, 3)))) + LEAST_NOISE


def _local_relief(grey: NDArray[np.float64]) -> NDArray[np.float64]:
    """How much each pixel deviates from the paper around it, which may have shadows with hard edges.

    A closing takes out what is dark and narrow, an opening what is light and narrow; both keep edges where
    they are (Serra 1982, Image Analysis and Mathematical Morphology). Dark ink takes away a fraction of the
    light that falls on it, so in the shadow it deviates as much as outside, relative to the paper there.
    """
    smooth = ndimage.gaussian_filter(grey, 1.0)
    window = max(3, round(WIDEST_STROKE * max(grey.shape)))
    paper = ndimage.grey_closing(smooth, window)
    dark = 255 * (smooth / np.maximum(paper, 1.0) - 1)
    light = smooth - ndimage.grey_opening(smooth, window)
    return np.asarray(dark if -dark.sum() >= light.sum() else light)


def _terms(shape: tuple[int, ...]) -> NDArray[np.float64]:
    """1, x, y and their products at each pixel, shape (rows, columns, 6), with x and y from -1 to 1."""
    y, x = np.meshgrid(*(np.linspace(-1, 1, side) for side in shape), indexing="ij")
    return np.stack([np.ones_like(x), x, y, x * x, x * y, y * y], axis=-1)
