"""What training leaves: files, and weights in them; and datasets as files for it."""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from train.data.dataset import Dataset


def entries(folder: Path) -> list[str]:
    """All files and folders below a folder, by relative path."""
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def weights(path: Path) -> list[NDArray[Any]]:
    """The weights of a saved model."""
    import keras

    return list(keras.saving.load_model(path, compile=False).get_weights())


def same_weights(one: Path, other: Path) -> bool:
    """Whether two saved models have equal weights."""
    return all(np.array_equal(a, b) for a, b in zip(weights(one), weights(other), strict=True))


def save_npz(dataset: Dataset, path: Path) -> Path:
    """Write a dataset in Keras layout."""
    train, validation, test = dataset.train, dataset.validation, dataset.test
    np.savez(
        path,
        x_train=np.concatenate([train.images, validation.images]),
        y_train=np.concatenate([train.labels, validation.labels]),
        x_test=test.images,
        y_test=test.labels,
    )
    return path
