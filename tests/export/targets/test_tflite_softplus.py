"""Softplus of large numbers, of which TFLite's own form makes infinity."""

from pathlib import Path

import numpy as np
import pytest

from export.runtimes import litert
from export.targets import named_targets
from tests.export.targets.tflite_outcomes import source_of
from train.console.quiet import import_tensorflow

import_tensorflow()
import keras  # noqa: E402  after its start-up messages
from keras import layers  # noqa: E402

(FLOAT32,) = named_targets(["tflite-float32"])
PICTURES = np.arange(256, dtype=np.uint8).reshape(-1, 1, 1, 1)


@pytest.mark.parametrize(
    "body",
    [
        [layers.Activation("softplus")],
        [layers.Activation("log_sigmoid")],
        [layers.Activation("softplus"), layers.Rescaling(-1.0), layers.Activation("softplus")],
    ],
    ids=["softplus", "log sigmoid", "two"],
)
def test_no_softplus_overflows(body: list[keras.Layer], tmp_path: Path) -> None:
    scaled = [keras.Input((1, 1, 1)), layers.Rescaling(20.0, offset=-2550.0)]
    model = keras.Sequential([*scaled, *body, layers.Flatten()])
    functional = keras.Model(model.inputs, model.outputs)
    FLOAT32.convert(source_of(functional, tmp_path / "source"), tmp_path / "float32.tflite")
    found = litert.open_model(tmp_path / "float32.tflite")(PICTURES)
    expected = functional.predict(PICTURES.astype(np.float32), verbose=0)
    np.testing.assert_allclose(found, expected, rtol=1e-6, atol=1e-6)
