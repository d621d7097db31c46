"""Probes: images that are in no test split, since the edges of the input show faults that digits hide."""

import math

import numpy as np

from export.types import Images
from train.data.splits import Split

# In a picture of MNIST's size each pixel is lit alone; in a larger one as many, evenly spread, and
# a few at once in quarters of their own: large networks would spend half of a proof on nearly black pictures.
MOST_PIXELS = 784
LIT_AT_ONCE = 4
NOISE = 64
OF_A_CLASS, MOST_CLASSES = 8, 50
LIGHT = np.array([[1, 0.6, 0.3], [0.3, 1, 0.6], [0.6, 0.3, 1]])
SEED = 7


def probe_images(shape: tuple[int, ...]) -> Images:
    """Blank and full pictures, saturated checkerboards, noise, and lit pixels.

    Args:
        shape: Of one picture, (height, width, channels).

    Returns:
        Shape (n, height, width, channels), the same for the same shape.
    """
    rows, columns = np.indices(shape[:2])
    checkered = np.where((rows + columns) % 2, 255, 0)[..., None] * np.ones(shape, int)
    flat = [np.zeros(shape), np.full(shape, 255), checkered, 255 - checkered]
    noise = noise_images(NOISE, shape, SEED)
    return np.concatenate([flat, noise, _lit_pixels(shape)]).astype(np.uint8)


def _lit_pixels(shape: tuple[int, ...]) -> Images:
    size = math.prod(shape)
    lit = np.linspace(0, size - 1, min(size, MOST_PIXELS)).astype(int)
    lit = lit.reshape(-1, 1) if size <= MOST_PIXELS else lit.reshape(LIT_AT_ONCE, -1).T
    pictures = np.zeros((len(lit), size), np.uint8)
    pictures[np.arange(len(lit))[:, None], lit] = 255
    return pictures.reshape(-1, *shape)


def picture_probes(train: Split, test: Split, images: Images) -> Images:
    """Pictures of what the test split doesn't hold: classes that it lacks, and other colours.

    Args:
        train: The training split.
        test: The test split. Where it has a row of labels for each picture, no class is lacking.
        images: Those of its pictures that are compared.

    Returns:
        Shape (n, height, width, channels); of colour pictures some in reddish, greenish and bluish light,
        since exchanged channels don't show in grey ones.
    """
    one_each = train.labels.ndim == 1
    lacking = np.setdiff1d(train.labels, test.labels)[:MOST_CLASSES] if one_each else np.array([])
    chosen = [np.flatnonzero(train.labels == label)[:OF_A_CLASS] for label in lacking]
    places = np.concatenate([*chosen, []]).astype(np.intp)
    found = np.asarray(train.images[places])
    if images.shape[-1] != LIGHT.shape[-1]:
        return found
    some = images[:: math.ceil(len(images) / NOISE)]
    lit = some * LIGHT[np.arange(len(some)) % len(LIGHT), None, None]
    return np.concatenate([found, lit.astype(np.uint8)])


def noise_images(count: int, shape: tuple[int, ...], seed: int) -> Images:
    """Pictures of which each value is as likely as any other: shape (count, height, width, channels)."""
    return np.random.default_rng(seed).integers(0, 256, (count, *shape)).astype(np.uint8)
