"""Quantized files whose scales lose a layer's weights, or which LiteRT doesn't load, aren't written."""

from pathlib import Path

import keras
import numpy as np
import pytest
from keras import layers

from export.errors import ConversionError
from export.target import Source, Target
from export.targets import tflite_int8, tflite_int16x8
from tests.export.targets.small_models import model_of, pictures


def silent(x: keras.KerasTensor) -> keras.KerasTensor:
    """A layer whose results are 0 for every picture."""
    flat = layers.Flatten()(x)
    return layers.Dense(4, activation="relu", name="silent")(flat)


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        (tflite_int8.TARGET, r"runs no 8-bit layer whose results are the same .* \(silent\)"),
        (tflite_int16x8.TARGET, r"loses weights in 16 bits whose inputs are 0 .* \(probabilities\)"),
    ],
    ids=["int8", "int16x8"],
)
def test_a_silent_layer_is_refused_by_name(target: Target, reason: str, tmp_path: Path) -> None:
    model = model_of(silent)
    kernel, bias = model.get_layer("silent").weights
    kernel.assign(-np.abs(np.array(kernel)))
    bias.assign(np.full(4, -1000.0))
    _assert_refused(model, target, reason, tmp_path)


def test_an_exponential_of_far_more_than_others_is_refused_by_name(tmp_path: Path) -> None:
    def growing(x: keras.KerasTensor) -> keras.KerasTensor:
        kernel = keras.initializers.RandomNormal(0, 0.3, seed=1)
        return layers.Dense(8, "exponential", kernel_initializer=kernel, name="growing")(layers.Flatten()(x))

    reason = r"keeps too few digits for EXP in 16 bits \(growing\)"
    _assert_refused(model_of(growing), tflite_int16x8.TARGET, reason, tmp_path)


def _assert_refused(model: keras.Model, target: Target, reason: str, folder: Path) -> None:
    path = folder / "model.tflite"
    with pytest.raises(ConversionError, match=reason):
        target.convert(Source(model, folder / "saved", pictures(50)), path)
    assert not path.exists()
