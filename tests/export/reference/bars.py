"""Pictures of a bright bar in one of several directions, and small networks for them."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from train.data.splits import Dataset, Split

SIDE = 12
CLASSES = 4


def bars(
    count: int, seed: int = 0, channels: int = 1, classes: int = CLASSES
) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Pictures, shape (count, SIDE, SIDE, channels), and the directions of their bars, shape (count,)."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, classes, count).astype(np.uint8)
    y, x = np.mgrid[:SIDE, :SIDE] - (SIDE - 1) / 2
    angle = (np.pi * labels / classes + rng.normal(0, 0.1, count))[:, None, None]
    away = np.abs(x * np.sin(angle) - y * np.cos(angle) - rng.uniform(-2, 2, count)[:, None, None])
    pictures = 255 * np.clip(1.6 - away, 0, 1) + rng.normal(0, 12, away.shape)
    grey = np.clip(pictures, 0, 255).astype(np.uint8)[..., None]
    return (grey * rng.uniform(0.6, 1, (count, 1, 1, channels))).astype(np.uint8), labels


def dataset_of(pictures: NDArray[np.uint8], labels: NDArray[Any], **about: Any) -> Dataset:
    """A dataset whose test split is its last third."""
    cut = 2 * len(labels) // 3
    train, test = Split(pictures[:cut], labels[:cut]), Split(pictures[cut:], labels[cut:])
    return Dataset("bars.npz", "0" * 64, train, test, test, **about)
