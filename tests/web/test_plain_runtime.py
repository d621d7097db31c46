"""The page's own runtime gives what TensorFlow.js gives, and leaves to it what it doesn't compute."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from export.runtimes import tfjs
from export.runtimes.node import install_packages
from export.site.build import build_runtime
from export.target import Source
from export.targets._graph import write_graph_model
from train.console.quiet import import_tensorflow
from train.contract import InputContract
from train.network.architectures import build_model
from train.settings import PRESETS, Convolution, Settings, preset

import_tensorflow()
import keras  # noqa: E402  after its start-up messages
from keras import layers as L  # noqa: E402, N812

pytestmark = pytest.mark.integration

OF_MNIST = InputContract()
PICTURES = np.random.default_rng(5).integers(0, 256, (7, 28, 28, 1), np.uint8)


def network(*layers: Any) -> keras.Model:
    return keras.Sequential([keras.Input((28, 28, 1)), L.Rescaling(1 / 255), *layers])


def normalized() -> list[Any]:
    return [L.BatchNormalization(moving_mean_initializer="normal", beta_initializer="normal"), L.ReLU(6)]


KNOWN: dict[str, Callable[[], keras.Model]] = {
    **{
        f"preset {name}": partial(build_model, preset(name, "cnn"), OF_MNIST)
        for name in PRESETS
        if not any(one.depthwise for network in preset(name, "cnn").convolutions for one in network)
    },
    "mlp": lambda: build_model(preset("default", "mlp"), OF_MNIST),
    "ensemble": lambda: build_model(
        Settings(
            convolutions=((Convolution(4, 3, pool=3), Convolution(4, 3)), (Convolution(5, 5, valid=True),))
        ),
        OF_MNIST,
    ),
    "keras's for mnist": lambda: network(
        L.Conv2D(6, 3, activation="relu"),
        L.MaxPooling2D(),
        L.Conv2D(7, 3, activation="relu"),
        L.MaxPooling2D(),
        L.Flatten(),
        L.Dense(10, activation="softmax"),
    ),
    "strides, bias and activations": lambda: network(
        L.Conv2D(5, (3, 2), strides=2, padding="same", activation="relu6", bias_initializer="normal"),
        L.Conv2D(6, (1, 5), strides=(3, 2), activation="elu", bias_initializer="normal"),
        L.Conv2D(7, 2, use_bias=False),
        L.Activation("sigmoid"),
        L.GlobalMaxPooling2D(),
        L.Activation("tanh"),
        L.Dense(10, activation="sigmoid"),
    ),
    "pools": lambda: network(
        L.AveragePooling2D(3, strides=2, padding="same"),
        L.Conv2D(4, 3),
        *normalized(),
        L.MaxPooling2D((2, 3), strides=(1, 2), padding="same"),
        L.AveragePooling2D((1, 4), padding="valid"),
        L.GlobalAveragePooling2D(keepdims=True),
        L.Reshape((4,)),
        L.Dense(10),
    ),
}
LEFT_TO_TFJS: dict[str, Callable[[], keras.Model]] = {
    "dilated": lambda: network(L.Conv2D(3, 3, dilation_rate=2), L.GlobalMaxPooling2D(), L.Dense(10)),
    "depthwise": lambda: network(L.DepthwiseConv2D(3), L.GlobalMaxPooling2D(), L.Dense(10)),
    "another activation": lambda: network(L.Conv2D(3, 3, activation="gelu"), L.Flatten(), L.Dense(10)),
}


@pytest.fixture
def graph(tmp_path: Path) -> Callable[[keras.Model], Path]:
    """Converts a model to a graph model: returns its folder."""
    install_packages()

    def convert(model: keras.Model) -> Path:
        source = Source(model, tmp_path / "saved_model", np.empty(0, np.uint8))
        write_graph_model(source, tmp_path / "graph")
        return tmp_path / "graph"

    return convert


@pytest.mark.parametrize("name", KNOWN)
def test_it_gives_what_keras_gives(name: str, graph: Callable[[keras.Model], Path], tmp_path: Path) -> None:
    keras.utils.set_random_seed(3)
    model = KNOWN[name]()
    runtime = build_runtime(tmp_path / "web", [graph(model)])
    assert "TensorFlow.js" not in runtime.read_text(encoding="utf-8")
    assert runtime.stat().st_size < 12_000
    found = tfjs.GRAPH[1].run(tmp_path / "graph", PICTURES, runtime)
    expected = model.predict(PICTURES.astype(np.float32), verbose=0)
    np.testing.assert_allclose(found, expected, rtol=0, atol=2e-6 * max(1, np.ptp(expected)))


@pytest.mark.parametrize("name", LEFT_TO_TFJS)
def test_tensorflow_js_runs_what_it_does_not_compute(
    name: str, graph: Callable[[keras.Model], Path], tmp_path: Path
) -> None:
    keras.utils.set_random_seed(3)
    model = LEFT_TO_TFJS[name]()
    runtime = build_runtime(tmp_path / "web", [graph(model)])
    assert "TensorFlow.js" in runtime.read_text(encoding="utf-8")
    found = tfjs.GRAPH[1].run(tmp_path / "graph", PICTURES, runtime)
    expected = model.predict(PICTURES.astype(np.float32), verbose=0)
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-5 * max(1, np.ptp(expected)))
