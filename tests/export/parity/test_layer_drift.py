"""Where a drift begins: the layer whose weights were changed is the one that is named."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from export.parity.layer_drift import explained
from export.parity.results import ParityResult
from export.runtimes.node import install_packages
from export.target import Source
from export.targets import all_targets
from tests.export.comparing import compare_images
from train.console.quiet import import_tensorflow

import_tensorflow()
import keras  # noqa: E402  after its start-up messages
from keras import layers  # noqa: E402

BY_NAME = {target.name: target for target in all_targets()}
IMAGES = np.random.default_rng(1).integers(0, 256, (40, 8, 8, 1)).astype(np.uint8)


@pytest.fixture(scope="module")
def model() -> keras.Model:
    install_packages()
    keras.utils.set_random_seed(3)
    return keras.Sequential(
        [
            keras.Input((8, 8, 1)),
            layers.Rescaling(1 / 255, name="scale"),
            layers.Conv2D(4, 3, activation="relu", name="first"),
            layers.Conv2D(4, 3, activation="relu", name="second"),
            layers.Flatten(name="flat"),
            layers.Dense(8, activation="relu", name="hidden"),
            layers.Dense(3, activation="softmax", name="answer"),
        ]
    )


def converted(name: str, model: keras.Model, folder: Path) -> Path:
    path = folder / BY_NAME[name].path
    BY_NAME[name].convert(Source(model, folder / "saved", IMAGES), path)
    return path


def verdict(name: str, path: Path, model: keras.Model) -> ParityResult:
    reference = model.predict(IMAGES.astype(np.float32), verbose=0)
    predicted = BY_NAME[name].engines[0].run(path, IMAGES, Path("no-page"))
    budget = BY_NAME[name].budget
    run = compare_images(reference, predicted, reference.argmax(axis=1).astype(np.uint8), budget)
    if not run.failures:
        run = replace(run, failures=("as if",))
    return explained(ParityResult((run,), budget), path, model, IMAGES)


@pytest.mark.parametrize(
    ("name", "layer"),
    [
        ("tflite-float32", "second"),
        ("tflite-float32", "answer"),
        ("tflite-int8", "hidden"),
        ("tfjs-graph", "second"),
        ("tfjs-graph-uint8", "answer"),
        ("tfjs-layers", "second"),
        ("tfjs-layers", "hidden"),
    ],
)
def test_the_layer_that_was_changed_is_named(
    name: str, layer: str, model: keras.Model, tmp_path: Path
) -> None:
    kept = model.get_weights()
    kernel, bias = model.get_layer(layer).get_weights()
    model.get_layer(layer).set_weights([-kernel, bias + 1])
    path = converted(name, model, tmp_path)
    model.set_weights(kept)
    assert f"begins in the layer {layer}, behind" in verdict(name, path, model).failures[-1]


@pytest.mark.parametrize("name", ["tflite-float32", "tfjs-graph", "tfjs-layers"])
def test_a_good_model_has_no_such_layer(name: str, model: keras.Model, tmp_path: Path) -> None:
    result = verdict(name, converted(name, model, tmp_path), model)
    assert "no layer of the worst image drifts" in result.failures[-1]


def test_an_exported_model_that_passed_is_not_looked_into(model: keras.Model, tmp_path: Path) -> None:
    budget = BY_NAME["tflite-float32"].budget
    reference = np.eye(3, dtype=np.float32)
    run = compare_images(reference, reference, np.arange(3, dtype=np.uint8), budget)
    result = ParityResult((run,), budget)
    assert explained(result, tmp_path / "none.tflite", model, IMAGES) is result
