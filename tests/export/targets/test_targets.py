"""The targets: discovered, complete, and right for other models than ours."""

from pathlib import Path

import numpy as np
import pytest

from export.reference.open_source import open_source
from export.runtimes import tfjs
from export.runtimes.node import install_packages
from export.target import Engine, Source, Target
from export.targets import all_targets
from tests.export.comparing import compare_images
from train.console.quiet import import_tensorflow
from train.data.dataset import Dataset

import_tensorflow()
import keras  # noqa: E402  after its start-up messages
from keras import layers  # noqa: E402

pytestmark = pytest.mark.integration

NAMES = [
    "tfjs-graph",
    "tfjs-graph-float16",
    "tfjs-graph-uint8",
    "tfjs-layers",
    "tflite-dynamic",
    "tflite-float16",
    "tflite-float32",
    "tflite-int16x8",
    "tflite-int8",
    "tflite-integer-only",
]
BY_NAME = {target.name: target for target in all_targets()}
NOWHERE = Path("no-page")


def branching() -> keras.Model:
    """Two branches that meet, layers of many kinds, a node with two inputs."""
    image = keras.Input((28, 28, 1), name="image")
    x = layers.Rescaling(1 / 255)(image)
    a = layers.DepthwiseConv2D(3, padding="same", depth_multiplier=4, activation="relu")(x)
    b = layers.SeparableConv2D(4, 3, padding="same", depthwise_initializer="he_normal")(x)
    x = layers.Concatenate()([layers.Add()([a, b]), a])
    x = layers.BatchNormalization()(layers.LeakyReLU()(x))
    x = layers.Dropout(0.5)(layers.MaxPooling2D(4)(x))
    x = layers.Conv2D(6, 3, activation="relu", kernel_regularizer="l2")(x)
    x = layers.Flatten()(x)
    return keras.Model(image, layers.Dense(10, activation="softmax", name="probabilities")(x))


def stacked() -> keras.Model:
    """What a Keras course ends with: Sequential, Flatten, Dense, one model inside another."""
    inner = keras.Sequential([keras.Input((28, 28, 1)), layers.Rescaling(1 / 255), layers.Flatten()])
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            inner,
            layers.Dense(16, activation="sigmoid"),
            layers.Dense(16),
            layers.Activation("tanh"),
            layers.Dense(10, activation="softmax"),
        ]
    )


@pytest.fixture(scope="module", params=[branching, stacked])
def source(
    request: pytest.FixtureRequest, pen_digits: Dataset, tmp_path_factory: pytest.TempPathFactory
) -> Source:
    keras.utils.set_random_seed(7)
    install_packages()
    return open_source(request.param(), pen_digits, tmp_path_factory.mktemp("source"))


def test_the_ten_of_the_contract_are_discovered_by_name() -> None:
    assert [target.name for target in all_targets()] == NAMES


@pytest.mark.parametrize("target", all_targets(), ids=lambda target: target.name)
def test_each_says_what_it_is(target: Target) -> None:
    family, _, variant = target.name.partition("-")
    assert target.path == (f"tfjs/{variant}" if family == "tfjs" else f"tflite/{variant}.tflite")
    assert target.purpose
    assert target.engines


@pytest.mark.parametrize("name", [n for n in NAMES if "graph" not in n or n == "tfjs-graph"])
def test_models_of_other_architectures_are_exported_too(
    name: str, source: Source, pen_digits: Dataset, tmp_path: Path
) -> None:
    target = BY_NAME[name]
    images, labels = pen_digits.test.images[:100], pen_digits.test.labels[:100]
    reference = source.model.predict(images.astype(np.float32), verbose=0)
    path = tmp_path / target.path
    target.convert(source, path)
    predicted = target.engines[0].run(path, images, NOWHERE)
    run = compare_images(reference, predicted, labels, target.budget)
    if target.budget.max_abs_diff is not None:
        assert run.failures == ()
    # Untrained, a model is confident nowhere: its probabilities stay close, its predictions may change.
    assert run.max_abs_diff < 0.05


def test_the_same_model_gives_the_same_bytes(source: Source, tmp_path: Path) -> None:
    for target in all_targets():
        contents = []
        for turn in ("first", "second"):
            path = tmp_path / turn / target.path
            target.convert(source, path)
            files = sorted(path.rglob("*")) if path.is_dir() else [path]
            contents.append([(file.name, file.read_bytes()) for file in files])
        assert contents[0] == contents[1], target.name


def test_integer_only_takes_and_gives_bytes(built: Path) -> None:
    from ai_edge_litert.interpreter import Interpreter

    interpreter = Interpreter(str(built / "tflite/integer-only.tflite"))
    signature = interpreter.get_signature_runner("serving_default")
    (given,), (answer,) = signature.get_input_details().values(), signature.get_output_details().values()
    assert given["dtype"] == answer["dtype"] == np.uint8
    assert given["quantization"] == (1.0, 0)  # pixel bytes as they are


@pytest.mark.parametrize("engine", tfjs.LAYERS, ids=["wasm", "cpu"])
def test_the_two_backends_of_tfjs_agree(engine: Engine, built: Path, pen_digits: Dataset) -> None:
    images = pen_digits.test.images[:64]
    wasm = tfjs.GRAPH[0].run(built / "tfjs/graph", images, NOWHERE)
    np.testing.assert_allclose(engine.run(built / "tfjs/layers", images, NOWHERE), wasm, atol=1e-5)
