"""Datasets that Keras downloads: Fashion-MNIST and CIFAR."""

import gzip
import tarfile
import zlib
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from train.console.quiet import import_tensorflow
from train.console.text import one_line
from train.data.assemble import assemble
from train.data.mnist import limited_wait
from train.data.npz import Arrays
from train.data.picture_shape import PictureShape
from train.data.splits import ARRAYS, Dataset
from train.errors import DataError, NetworkError

# What a wrong hash raises, and what reading other files does.
NO_SUCH_FILE = (ValueError, KeyError, EOFError, gzip.BadGzipFile, zlib.error, tarfile.TarError)
# Names of the classes as the docstrings of `keras.datasets` list them; CIFAR-100's aren't there.
NAMES: dict[str, tuple[str, ...] | None] = {
    "fashion_mnist": (
        *("T-shirt/top", "Trouser", "Pullover", "Dress", "Coat"),
        *("Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"),
    ),
    "cifar10": (
        *("airplane", "automobile", "bird", "cat", "deer"),
        *("dog", "frog", "horse", "ship", "truck"),
    ),
    "cifar100": None,
}


def read(name: str, wanted: PictureShape | None = None, classes: int | None = None) -> Dataset:
    """Read a dataset by Keras, from its cache or the network.

    Args:
        name: One of `NAMES`.
        wanted: See `train.data.assemble.assemble`.
        classes: See `train.data.assemble.assemble`.

    Raises:
        NetworkError: If the download fails.
        DataError: If the files aren't those that Keras expects.
    """
    arrays = Arrays(_load(name), ())
    return replace(assemble(name, arrays, f"keras.datasets.{name}", wanted, classes), label_names=NAMES[name])


def _load(name: str) -> dict[str, NDArray[Any]]:
    import_tensorflow()
    import keras

    load_data: Callable[[], Any] = getattr(keras.datasets, name).load_data
    try:
        with limited_wait():
            train, test = load_data()
    except NO_SUCH_FILE as error:
        raise DataError(
            f"expected the files of keras.datasets.{name}, found others ({one_line(error, 120)}): remove "
            "them from the datasets folder of Keras and try again"
        ) from None
    except Exception as error:  # Keras wraps all network errors in a bare Exception
        raise NetworkError(
            f"expected {name} by keras.datasets.{name}, the network refused "
            f"({one_line(error.__context__ or error, 120)}): load it elsewhere and give it as an .npz"
        ) from None
    return dict(zip(ARRAYS, map(np.asarray, (*train, *test)), strict=True))
