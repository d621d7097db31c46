"""What the models are trained on: bars in several directions, and how people feed them to a network."""

from functools import cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tests.export.reference.bars import CLASSES, bars

Array = NDArray[Any]
TRAIN, TEST = 500, 120


class Pictures(NamedTuple):
    """Pictures of grey levels 0..255, (n, rows, columns, channels) in uint8, and what is to be learnt."""

    x_train: Array
    y_train: Array
    x_test: Array
    y_test: Array


@cache
def grey() -> Pictures:
    """Bars in one of four directions."""
    return Pictures(*bars(TRAIN, 1), *bars(TEST, 2))


@cache
def colour() -> Pictures:
    """The same in tints."""
    return Pictures(*bars(TRAIN, 1, channels=3), *bars(TEST, 2, channels=3))


@cache
def two_classes() -> Pictures:
    """Bars in one of two directions."""
    return Pictures(*bars(TRAIN, 1, classes=2), *bars(TEST, 2, classes=2))


@cache
def crossed() -> Pictures:
    """Two bars in one picture, which has several labels."""
    x_train, y_train, x_test, y_test = grey()
    return Pictures(*_crossed(x_train, y_train), *_crossed(x_test, y_test))


def _crossed(x: Array, y: Array) -> tuple[Array, Array]:
    rows = np.eye(CLASSES, dtype=np.uint8)[y]
    return np.maximum(x, np.roll(x, 1, axis=0)), np.maximum(rows, np.roll(rows, 1, axis=0))


@cache
def brightness() -> Pictures:
    """Bars of any direction, and how bright the picture is in all."""
    x_train, _, x_test, _ = grey()
    return Pictures(x_train, _brightness(x_train), x_test, _brightness(x_test))


def _brightness(x: Array) -> Array:
    return np.asarray(x.mean(axis=(1, 2, 3)) / 10, np.float32)


def as_they_are(x: Array) -> Array:
    """Grey levels as floats."""
    return x.astype(np.float32)


def divided(x: Array) -> Array:
    """As most courses have it."""
    return as_they_are(x) / 255


def around_zero(x: Array) -> Array:
    """As `keras.applications` has it for MobileNet."""
    return as_they_are(x) / 127.5 - 1


def as_torch(x: Array) -> Array:
    """As models from PyTorch have it, by the mean and deviation of ImageNet's channels."""
    return (divided(x) - [0.485, 0.456, 0.406]) / [0.229, 0.224, 0.225]


def without_channel(x: Array) -> Array:
    """As `keras.datasets.mnist` gives them."""
    return as_they_are(x)[..., 0]


def rows(x: Array) -> Array:
    """As `x.reshape(-1, 784)`."""
    return as_they_are(x).reshape(len(x), -1)


def divided_rows(x: Array) -> Array:
    """As the first lesson has it: rows of 784 between 0 and 1."""
    return rows(x) / 255


def channels_first(x: Array) -> Array:
    """As PyTorch has it."""
    return np.moveaxis(as_they_are(x), -1, 1)


# How the models of `tests.zoo.keras2_files` are fed, where that isn't as they are.
FEEDS_OF_KERAS_2 = {"plain": divided, "rows": divided_rows, "mobilenet": around_zero}


def softmax(outputs: Array) -> Array:
    """What people do with logits."""
    powers = np.exp(outputs - outputs.max(axis=-1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True))


def sigmoid(outputs: Array) -> Array:
    """What people do with a logit for each label."""
    return np.asarray(1 / (1 + np.exp(-outputs)))


def both_classes(outputs: Array) -> Array:
    """The probability of the second of two classes, and of the first before it."""
    return np.concatenate([1 - outputs, outputs], axis=-1)


def flattened(outputs: Array) -> Array:
    """Outputs of shape (n, 1, 1, classes) as rows."""
    return outputs.reshape(len(outputs), -1)


def unchanged(outputs: Array) -> Array:
    """What needs nothing more."""
    return outputs
