"""Find the paper in a picture: a smooth surface or, in shadow, what is around each pixel."""

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

# Pixels further than this many standard deviations from the paper aren't used to estimate it.
OUTLIER = 3.0
# A paper that fits the picture this much worse than its noise from pixel to pixel has shadows, and so has one
# that fits less than this much of the border.
SHADOWED = 2.5
LEAST_OF_BORDER = 0.8
BORDER = 0.05  # of the picture's shorter side
LEAST_NOISE = 0.5  # grey levels: pictures hold whole ones
WIDEST_STROKE = 0.16  # of the picture's longer side
_FITS = 6
_GRID = 100  # samples along the longer side; the paper is smooth, so they suffice


def relief_of(grey: NDArray[np.float64]) -> tuple[NDArray[np.float64], float, bool]:
    """How far each pixel is from the paper, on the side where the ink is.

    Args:
        grey: Shape (rows, columns), 0 for black and 255 for white.

    Returns:
        Shape (rows, columns), in grey levels, above 0 for what may be ink; the standard deviation of the
        paper's noise; and whether the paper has shadows.
    """
    surface, noise, fits = _smooth_paper(grey)
    calm = ndimage.median_filter(grey, 3)
    rough = 1.4826 * float(np.median(np.abs(grey - calm))) + LEAST_NOISE  # from one pixel to the next
    if not fits or noise > SHADOWED * rough:
        return _local_relief(grey, calm), rough, True
    relief = grey - surface
    # Squares, as a glare or a shadow is larger than the ink, but has less contrast.
    balance = np.where(np.abs(relief) > OUTLIER * noise, relief * np.abs(relief), 0.0).sum()
    return (relief if balance > 0 else -relief), noise, False


def _smooth_paper(grey: NDArray[np.float64]) -> tuple[NDArray[np.float64], float, bool]:
    """The paper's brightness, the standard deviation of its noise, and whether it fits most of the border.

    It is modelled by a polynomial of degree two, which covers light from one side and a lens's vignetting. It
    is fitted by least squares to the border, then repeatedly to all pixels close to it.
    """
    step = -(-max(grey.shape) // _GRID)
    terms = _terms(grey.shape)
    sampled, samples = terms[::step, ::step], grey[::step, ::step]
    band = max(1, int(BORDER * min(samples.shape)))
    border = np.ones(samples.shape, bool)
    border[band:-band, band:-band] = False
    paper = border
    for _ in range(_FITS):
        weights = np.linalg.lstsq(sampled[paper], samples[paper], rcond=None)[0]
        relief = samples - sampled @ weights
        noise = 1.4826 * float(np.median(np.abs(relief[paper])))  # that of a normal distribution
        near = np.abs(relief) <= max(OUTLIER * noise, 2.0)
        paper = near if near.sum() > paper.sum() / 2 else paper
    return terms @ weights, noise, bool(near[border].mean() >= LEAST_OF_BORDER)


def _local_relief(grey: NDArray[np.float64], calm: NDArray[np.float64]) -> NDArray[np.float64]:
    """How much ink may lie on each pixel of paper with shadows, which may have hard edges.

    A closing takes out what is dark and narrow, an opening what is light and narrow; both keep edges where
    they are (Serra 1982, Image Analysis and Mathematical Morphology). Dark ink takes away a fraction of the
    light that falls on it, so in the shadow it deviates as much as outside, relative to the paper there.
    """
    smooth = ndimage.gaussian_filter(grey, 1.0)
    window = 2 * max(1, int(WIDEST_STROKE * max(grey.shape) / 2)) + 1
    low, middle, high = (level + 10.0 for level in (calm.min(), np.median(calm), calm.max()))
    if middle / low >= high / middle:
        paper = ndimage.grey_closing(smooth, window)
        return np.asarray(255 * (1 - smooth / np.maximum(paper, 1.0)))
    return np.asarray(smooth - ndimage.grey_opening(smooth, window))


def _terms(shape: tuple[int, ...]) -> NDArray[np.float64]:
    """1, x, y and their products at each pixel, shape (rows, columns, 6), with x and y from -1 to 1."""
    y, x = np.meshgrid(*(np.linspace(-1, 1, side) for side in shape), indexing="ij")
    return np.stack([np.ones_like(x), x, y, x * x, x * y, y * y], axis=-1)
