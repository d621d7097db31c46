"""How people save pictures and labels as an `.npz`."""

from collections.abc import Callable
from typing import Any

import numpy as np

from tests.zoo.pictures import Array, Pictures, divided

Form = Callable[[Pictures], dict[str, Any]]
NAMES = np.array(["level", "rising", "upright", "falling"])


def as_keras_has_them(pictures: Pictures) -> dict[str, Any]:
    """As `keras.datasets` has them: grey ones without a channel."""
    return _with_pictures(pictures, lambda x: x[..., 0] if x.shape[-1] == 1 else x)


def with_channel(pictures: Pictures) -> dict[str, Any]:
    """Grey ones with their channel."""
    return dict(pictures._asdict())


def from_0_to_1(pictures: Pictures) -> dict[str, Any]:
    """Divided by 255 before they were saved."""
    return _with_pictures(pictures, divided)


def as_floats(pictures: Pictures) -> dict[str, Any]:
    """Grey levels 0..255 as floats."""
    return _with_pictures(pictures, lambda x: x.astype(np.float32))


def as_rows(pictures: Pictures) -> dict[str, Any]:
    """Each picture in a row."""
    return _with_pictures(pictures, lambda x: x.reshape(len(x), -1))


def as_wide_integers(pictures: Pictures) -> dict[str, Any]:
    """Everything in int64."""
    return {name: array.astype(np.int64) for name, array in pictures._asdict().items()}


def unnamed(pictures: Pictures) -> dict[str, Any]:
    """As `np.savez(path, x_train, y_train, x_test, y_test)` names them."""
    return {f"arr_{i}": array for i, array in enumerate(pictures)}


def otherwise_named(pictures: Pictures) -> dict[str, Any]:
    """By other usual names."""
    names = "train_images", "train_labels", "test_images", "test_labels"
    return dict(zip(names, pictures, strict=True))


def one_hot(pictures: Pictures) -> dict[str, Any]:
    """As `to_categorical` makes them."""
    return _with_labels(pictures, lambda y: np.eye(len(NAMES))[y])


def from_1(pictures: Pictures) -> dict[str, Any]:
    """As Matlab counts."""
    return _with_labels(pictures, lambda y: y + 1)


def named(pictures: Pictures) -> dict[str, Any]:
    """By the names of the classes, whose alphabetic order is that of the numbers here."""
    return _with_labels(pictures, lambda y: np.sort(NAMES)[y])


def in_a_column(pictures: Pictures) -> dict[str, Any]:
    """As CIFAR-10 has them."""
    return _with_labels(pictures, lambda y: y[:, None])


def few(pictures: Pictures) -> dict[str, Any]:
    """A handful of them."""
    x_train, y_train, x_test, y_test = pictures
    return as_keras_has_them(Pictures(x_train[:60], y_train[:60], x_test[:20], y_test[:20]))


def _with_pictures(pictures: Pictures, change: Callable[[Array], Array]) -> dict[str, Any]:
    x_train, y_train, x_test, y_test = pictures
    return Pictures(change(x_train), y_train, change(x_test), y_test)._asdict()


def _with_labels(pictures: Pictures, change: Callable[[Array], Array]) -> dict[str, Any]:
    x_train, y_train, x_test, y_test = pictures
    return Pictures(x_train, change(y_train), x_test, change(y_test))._asdict()
