"""Probes: images that are in no test split, since the edges of the input show faults that digits hide."""

import numpy as np

from export.types import Images

# In a picture of MNIST's size each pixel is lit once; in a larger one as many, evenly spread.
MOST_PIXELS = 784
NOISE = 64
SEED = 7


def probe_images(shape: tuple[int, ...]) -> Images:
    """Blank and full pictures, saturated checkerboards, noise, and single lit pixels.

    Args:
        shape: Of one picture, (height, width, channels).

    Returns:
        Shape (n, height, width, channels), the same for the same shape.
    """
    rows, columns = np.indices(shape[:2])
    checkered = np.where((rows + columns) % 2, 255, 0)[..., None] * np.ones(shape, int)
    flat = [np.zeros(shape), np.full(shape, 255), checkered, 255 - checkered]
    noise = noise_images(NOISE, shape, SEED)
    size = int(np.prod(shape))
    lit = np.unique(np.linspace(0, size - 1, min(size, MOST_PIXELS)).astype(int))
    pixels = np.zeros((len(lit), size))
    pixels[np.arange(len(lit)), lit] = 255
    return np.concatenate([flat, noise, pixels.reshape(-1, *shape)]).astype(np.uint8)


def noise_images(count: int, shape: tuple[int, ...], seed: int) -> Images:
    """Pictures of which each value is as likely as any other: shape (count, height, width, channels)."""
    return np.random.default_rng(seed).integers(0, 256, (count, *shape)).astype(np.uint8)
