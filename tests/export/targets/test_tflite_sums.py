"""The sums of int16x8 models: 32 bits where that is safe, 64 where a picture could overflow them."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from ai_edge_litert.interpreter import Interpreter

from export.reference.open_source import open_source
from export.runtimes import litert
from export.targets._sums import fits_32_bits
from export.targets._tflite import converted
from export.targets.tflite_int16x8 import OPERATIONS, TARGET
from train.console.quiet import import_tensorflow
from train.data.dataset import Dataset

import_tensorflow()
import keras  # noqa: E402  after its start-up messages
from keras import layers  # noqa: E402


def convolutions(weights: float, spread: float) -> keras.Model:
    """576 products a sum: more than 2**16 steps of an 8-bit weight if all are as large as the largest."""
    middle = layers.Conv2D(8, 3, kernel_initializer=keras.initializers.RandomNormal(weights, spread, seed=1))
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Rescaling(1 / 255),
            layers.Conv2D(64, 3, strides=3, activation="relu"),
            middle,
            layers.Flatten(),
            layers.Dense(10, activation="softmax"),
        ]
    )


def depthwise() -> keras.Model:
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Rescaling(1 / 255),
            layers.DepthwiseConv2D(3, depth_multiplier=4),
            layers.Flatten(),
            layers.Dense(10, activation="softmax"),
        ]
    )


@pytest.mark.parametrize(
    ("build", "wide"),
    [
        pytest.param(partial(convolutions, 0, 0.05), False, id="mixed"),
        pytest.param(partial(convolutions, 0.05, 0.0001), True, id="all-large"),
        pytest.param(depthwise, True, id="depthwise"),
    ],
)
def test_sums_are_as_wide_as_they_must_be(
    build: Callable[[], keras.Model], wide: bool, pen_digits: Dataset, tmp_path: Path
) -> None:
    model = build()
    source = open_source(model, pen_digits, tmp_path / "source")
    path = tmp_path / "int16x8.tflite"
    TARGET.convert(source, path)
    kinds = {detail["dtype"] for detail in Interpreter(str(path)).get_tensor_details()}
    assert (np.int64 in kinds) == wide
    images = pen_digits.test.images[:50]
    reference = model.predict(images.astype(np.float32), verbose=0)
    np.testing.assert_allclose(litert.run(path, images, Path()), reference, atol=0.01)


def test_sums_that_overflow_are_seen(pen_digits: Dataset, tmp_path: Path) -> None:
    model = convolutions(0.05, 0.0001)
    source = open_source(model, pen_digits, tmp_path / "source")
    path = tmp_path / "narrow.tflite"
    assert not fits_32_bits(converted(source, path, operations=OPERATIONS, biases="int32"))
