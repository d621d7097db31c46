"""A small model that tells red, green and blue pictures apart, and the page around it."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

SHAPE = (24, 32, 3)
RED, GREEN, BLUE = "0", "1", "2"  # the labels of a model without names


def colour_pictures(count: int, seed: int) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Noise with more of one colour, shape (count, *SHAPE), and which one."""
    random = np.random.default_rng(seed)
    labels = random.integers(0, 3, count).astype(np.uint8)
    pictures = random.integers(0, 130, (count, *SHAPE)).astype(np.uint8)
    for picture, label in zip(pictures, labels, strict=True):
        picture[..., label] += random.integers(70, 125, dtype=np.uint8)
    return pictures, labels


def build_colour_page(folder: Path, filters: Sequence[int] = (8,), epochs: int = 12) -> None:
    """Train the model, and export its page into `folder`, as `export all` does.

    Args:
        folder: Made, with all that is needed in it.
        filters: Of each of its convolutions; two of 64 make 29 million multiplications.
        epochs: For how long it is trained.
    """
    from train.console.quiet import import_tensorflow

    import_tensorflow()
    import keras
    from keras import layers

    from export.pipeline.export_all import Request, export_all
    from export.targets import all_targets

    folder.mkdir(parents=True)
    x_train, y_train = colour_pictures(600, seed=1)
    x_test, y_test = colour_pictures(120, seed=2)
    np.savez(folder / "colours.npz", x_train=x_train, y_train=y_train, x_test=x_test, y_test=y_test)
    keras.utils.set_random_seed(1)
    model = keras.Sequential(
        [
            keras.Input(SHAPE),
            layers.Rescaling(1 / 255),
            *(layers.Conv2D(many, 3, padding="same", activation="relu") for many in filters),
            layers.GlobalAveragePooling2D(),
            layers.Dense(3, activation="softmax"),
        ]
    )
    model.compile(keras.optimizers.Adam(0.01), "sparse_categorical_crossentropy")
    model.fit(x_train.astype(np.float32), y_train, epochs=epochs, verbose=0)
    model.save(folder / "colours.keras")
    targets = [target for target in all_targets() if target.name in ("tfjs-graph", "tfjs-graph-uint8")]
    data = str(folder / "colours.npz")
    export_all(Request(folder / "colours.keras", data, folder / "artifacts", targets))
