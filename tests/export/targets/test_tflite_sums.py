"""The sums of int16x8 models: 32 bits where that is safe, 64 where a picture could overflow them."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from export.reference.open_source import open_source
from export.runtimes import litert
from export.targets._sums import with_short_sums
from export.targets._tflite import converted, write
from export.targets._tflite_file import Operation, operations, read_model, type_of
from export.targets.tflite_int16x8 import OPERATIONS, TARGET
from train.console.quiet import import_tensorflow
from train.data.dataset import Dataset

import_tensorflow()
import keras  # noqa: E402  after its start-up messages
from keras import layers  # noqa: E402


def convolutions(weights: float, spread: float) -> keras.Model:
    """576 products a sum: more than 2**16 steps of an 8-bit weight if all are as large as the largest."""
    middle = layers.Conv2D(
        8,
        3,
        bias_initializer="random_uniform",
        kernel_initializer=keras.initializers.RandomNormal(weights, spread, seed=1),
    )
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
            layers.DepthwiseConv2D(3, strides=3, depth_multiplier=4),
            layers.Flatten(),
            layers.Dense(10, activation="softmax"),
        ]
    )


def sum_of(layer: Operation) -> str:
    """The type that LiteRT sums in: that of the biases, or where a layer has none, what its options say."""
    assert layer.weighted is not None
    bias = layer.weighted[2]
    return type_of(
        SimpleNamespace(type=layer.content.builtinOptions.quantizedBiasType) if bias is None else bias
    )


@pytest.mark.parametrize(
    ("build", "bits"),
    [
        pytest.param(partial(convolutions, 0, 0.05), [32, 32, 32], id="mixed"),
        pytest.param(partial(convolutions, 0.05, 0.0001), [32, 64, 32], id="all-large"),
        pytest.param(depthwise, [64, 32], id="depthwise"),
    ],
)
def test_sums_are_as_long_as_they_must_be(
    build: Callable[[], keras.Model], bits: list[int], pen_digits: Dataset, tmp_path: Path
) -> None:
    model = build()
    source = open_source(model, pen_digits, tmp_path / "source")
    path = tmp_path / "int16x8.tflite"
    TARGET.convert(source, path)
    layers = [one for one in operations(read_model(path.read_bytes())) if one.weighted]
    assert [sum_of(layer) for layer in layers] == [f"INT{count}" for count in bits]
    images = pen_digits.test.images[:50]
    reference = model.predict(images.astype(np.float32), verbose=0)
    np.testing.assert_allclose(litert.run(path, images, Path()), reference, atol=0.01)


def test_short_sums_give_the_predictions_of_long_ones(pen_digits: Dataset, tmp_path: Path) -> None:
    source = open_source(convolutions(0, 0.05), pen_digits, tmp_path / "source")
    paths = [tmp_path / "long.tflite", tmp_path / "short.tflite"]
    content = converted(source, paths[0], operations=OPERATIONS)
    images = pen_digits.test.images[:50]
    for path, made in zip(paths, [content, with_short_sums(content)], strict=True):
        write(made, source, path)
    long, short = (litert.run(path, images, Path()) for path in paths)
    np.testing.assert_allclose(short, long, atol=1e-3)
    assert paths[0].read_bytes() != paths[1].read_bytes()
