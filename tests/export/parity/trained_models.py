"""Small trained models of many kinds, each within seconds, and the ways in which an export may damage one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from export.pipeline.reading import Reading
from export.pipeline.reference_model import ReferenceModel
from tests.export.reference.bars import SIDE, bars, dataset_of
from train.console.quiet import import_tensorflow
from train.data.dataset import Dataset

import_tensorflow()
import keras  # noqa: E402  after its start-up messages
from keras import layers as L  # noqa: E402, N812

CLASSES = 4


def grey() -> Dataset:
    """Bars in four directions."""
    return dataset_of(*bars(3000))


def colour() -> Dataset:
    """Bars in two directions, red or blue: the order of the channels tells classes apart."""
    pictures, directions = bars(3000, classes=2, channels=3)
    red = np.random.default_rng(5).integers(0, 2, len(pictures))
    dimmed = np.where(red[:, None] == 1, [1.0, 0.7, 0.3], [0.3, 0.7, 1.0])[:, None, None]
    return dataset_of((pictures * dimmed).astype(np.uint8), (directions + 2 * red).astype(np.uint8))


def cnn(channels: int) -> list[Any]:
    return [
        *(keras.Input((SIDE, SIDE, channels)), L.Rescaling(1 / 255), L.Conv2D(8, 3, activation="relu")),
        *(L.MaxPooling2D(2), L.Conv2D(8, 3, activation="relu"), L.Flatten()),
        L.Dense(CLASSES, activation="softmax"),
    ]


def mlp_on_rows() -> list[Any]:
    return [
        *(keras.Input((SIDE * SIDE,)), L.Rescaling(1 / 127.5, -1), L.Dense(32, activation="relu")),
        L.Dense(CLASSES, activation="softmax"),
    ]


def lstm() -> list[Any]:
    return [
        *(keras.Input((SIDE, SIDE, 1)), L.Rescaling(1 / 255), L.Reshape((SIDE, SIDE)), L.LSTM(16)),
        L.Dense(CLASSES, activation="softmax"),
    ]


def on_grey_levels() -> list[Any]:
    """Without a scale, as beginners write it: its logits are in the hundreds and thousands."""
    return [
        *(keras.Input((SIDE, SIDE, 1)), L.Flatten(), L.Dense(32, activation="relu")),
        L.Dense(CLASSES, activation="softmax"),
    ]


@dataclass(frozen=True)
class Trained:
    """How to get a model and the dataset that it was trained on."""

    data: Callable[[], Dataset]
    layers: Callable[[], list[Any]]
    policy: str = "float32"

    def fit(self, scratch: Path) -> ReferenceModel:
        """Train it for a few epochs."""
        keras.utils.set_random_seed(3)
        keras.config.set_dtype_policy(self.policy)
        try:
            model = keras.Sequential(self.layers())
        finally:
            keras.config.set_dtype_policy("float32")
        data = self.data()
        images = data.train.images.reshape(-1, *model.input_shape[1:])
        model.compile("adam", "sparse_categorical_crossentropy")
        model.fit(images, data.train.labels, epochs=8, batch_size=64, verbose=0)
        return ReferenceModel(model, data, scratch, Reading())


MODELS = {
    "grey": Trained(grey, lambda: cnn(1)),
    "colour": Trained(colour, lambda: cnn(3)),
    "mlp on rows": Trained(grey, mlp_on_rows),
    "lstm": Trained(grey, lstm),
    "mixed precision": Trained(colour, lambda: cnn(3), "mixed_float16"),
    "on grey levels": Trained(grey, on_grey_levels),
}


def flip_sign(model: keras.Model) -> None:
    """Of one kernel's numbers for one channel."""
    kernel = kernels(model)[0]
    values = np.array(kernel)
    loudest = np.abs(values).reshape(-1, values.shape[-1]).sum(axis=0).argmax()
    values[..., loudest] *= -1
    kernel.assign(values)


def swap_channels(model: keras.Model) -> None:
    """As if pictures came in blue, green, red."""
    kernel = kernels(model)[0]
    kernel.assign(np.array(kernel)[:, :, ::-1])


def scale_once_more(model: keras.Model) -> None:
    """As if pictures came in 0..1: the first kernel takes what it is given for 255 times as much."""
    kernel = kernels(model)[0]
    kernel.assign(np.array(kernel) / 255)


def swap_classes(model: keras.Model) -> None:
    """The first two."""
    for weight in model.layers[-2].weights if model.layers[-2].weights else model.layers[-1].weights:
        values = np.array(weight)
        values[..., [0, 1]] = values[..., [1, 0]]
        weight.assign(values)


DAMAGES = {
    "a sign": flip_sign,
    "channels": swap_channels,
    "the scale": scale_once_more,
    "classes": swap_classes,
}


def kernels(model: keras.Model) -> list[Any]:
    """The weights with more than one axis."""
    return [weight for weight in model.weights if len(weight.shape) > 1]
