"""Pictures of noise without labels, to compare exported models where there are no data."""

import numpy as np
from numpy.typing import NDArray

from train.data.label_kind import LabelKind
from train.data.picture_shape import PictureShape
from train.data.splits import ARRAYS, Dataset, Split, content_sha256

NOISE = "noise"
# For calibration and for comparison. At 224 x 224 x 3 they take 120 MB.
TRAIN, VALIDATION, TEST = 300, 20, 500
SIDE, COLOURS = 256, 3  # of image_dataset_from_directory, where a model takes any size
COARSEST, FINEST = 2, 9  # points along each side of a grid, between which the smooth noise is interpolated


def noise_dataset(wanted: PictureShape | None = None) -> Dataset:
    """Noise of the wanted shape, always the same.

    Args:
        wanted: The shape that the model needs; what is None in it is 256 rows, 256 columns or 3 channels.
    """
    rows, columns, channels = wanted or (None, None, None)
    shape = (rows or SIDE, columns or SIDE, channels or COLOURS)
    images = [noise(count, shape, seed) for seed, count in enumerate((TRAIN, VALIDATION, TEST))]
    train, validation, test = (Split(some, np.zeros((len(some), 0), np.uint8)) for some in images)
    arrays = dict(zip(ARRAYS, (train.images, train.labels, test.images, test.labels), strict=True))
    note = "no data, only pictures of noise: they show whether predictions agree, not whether they are right"
    return Dataset(
        NOISE, content_sha256(arrays), train, validation, test, labels_are=LabelKind.NONE, notes=(note,)
    )


def noise(count: int, shape: tuple[int, int, int], seed: int) -> NDArray[np.uint8]:
    """Smooth blots under uniform noise, of varied brightness, contrast and roughness.

    Uniform noise alone looks the same to a network that averages over a picture: its predictions hardly vary.

    Returns:
        Shape (count, *shape), uint8.
    """
    rng = np.random.default_rng(seed)
    rows, columns, channels = shape
    images = np.empty((count, *shape), np.uint8)
    for image in images:
        grid = int(rng.integers(COARSEST, FINEST))
        points = rng.uniform(-1, 1, (grid, grid, channels)).astype(np.float32)
        down, across = _interpolation(rows, grid), _interpolation(columns, grid)
        smooth = np.einsum("yg,ghc,xh->yxc", down, points, across, optimize=True)
        rough, contrast, tint = rng.uniform(0, 0.5), rng.uniform(0.3, 1.3), rng.uniform(-0.5, 0.5, channels)
        mixed = (
            (1 - rough) * smooth + rough * (2 * rng.random(shape, np.float32) - 1) + tint.astype(np.float32)
        )
        image[:] = np.rint(np.clip(127.5 * (1 + contrast * mixed), 0, 255))
    return images


def _interpolation(side: int, points: int) -> NDArray[np.float32]:
    """How much each of the points along a side contributes to each pixel, linearly; shape (side, points)."""
    places = np.linspace(0, points - 1, side)[:, None]
    nearness: NDArray[np.float32] = np.clip(1 - np.abs(places - np.arange(points)), 0, 1).astype(np.float32)
    return nearness
