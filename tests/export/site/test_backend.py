"""Small models run in plain JavaScript, large ones by WebAssembly, by what one picture takes."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from export.runtimes import tfjs
from export.runtimes.node import WEB, run_script
from export.site.build import build_runtime
from export.target import Source
from export.targets._graph import write_graph_model
from train.console.quiet import import_tensorflow

pytestmark = pytest.mark.integration

Convert = Callable[[tuple[int, int, int], list[Any]], tuple[Any, Path]]


@pytest.fixture
def convert(tmp_path: Path) -> Convert:
    """Converts layers to a graph model: returns the Keras model and the folder."""
    import_tensorflow()
    import keras

    def run(shape: tuple[int, int, int], layers: list[Any]) -> tuple[Any, Path]:
        keras.utils.set_random_seed(1)
        model = keras.Sequential([keras.Input(shape), keras.layers.Rescaling(1 / 255), *layers])
        write_graph_model(Source(model, tmp_path / "saved_model", np.empty(0, np.uint8)), tmp_path / "graph")
        return model, tmp_path / "graph"

    return run


def multiplications(model: Path) -> int:
    command = [str(Path(__file__).with_name("multiplications.mjs")), str(WEB), str(model)]
    return int(run_script(command, purpose="a number", remedy="none"))


def test_every_kind_of_multiplication_is_counted(convert: Convert) -> None:
    from keras import layers

    _, graph = convert(
        (16, 20, 3),
        [
            layers.Conv2D(8, (3, 5), strides=2),  # 7 x 8 results
            layers.DepthwiseConv2D(3, padding="same"),
            layers.Flatten(),
            layers.Dense(50),
        ],
    )
    expected = 7 * 8 * 8 * (3 * 5 * 3) + 7 * 8 * 8 * (3 * 3) + 7 * 8 * 8 * 50
    found = multiplications(graph)
    assert expected <= found <= 1.1 * expected  # besides, there are results without any


def test_a_large_model_gets_webassembly_with_all_that_its_kernels_call(
    convert: Convert, tmp_path: Path
) -> None:
    from keras import layers

    model, graph = convert(
        (64, 64, 3),
        [
            layers.Conv2D(32, 3, padding="same", activation="relu6"),
            layers.Conv2D(32, 3, padding="same", activation="relu"),
            layers.GlobalAveragePooling2D(),  # whose kernel calls the one of Transpose
            layers.Dense(5, activation="softmax"),
        ],
    )
    assert multiplications(graph) > 20_000_000
    runtime = build_runtime(tmp_path / "web", [graph])
    assert list((tmp_path / "web").iterdir()) == [runtime]  # and no other runtime
    source = runtime.read_text(encoding="utf-8")
    assert "WebAssembly" in source
    assert re.findall(r"\beval\s*\(|\bFunction\s*\(\s*[\"'`]", source) == []
    pictures = np.random.default_rng(1).integers(0, 256, (7, 64, 64, 3), np.uint8)
    expected = model.predict(pictures.astype(np.float32), verbose=0)
    found = tfjs.GRAPH[1].run(graph, pictures, runtime)
    np.testing.assert_allclose(found, expected, atol=1e-5)


def test_a_small_model_stays_in_plain_javascript(convert: Convert, tmp_path: Path) -> None:
    from keras import layers

    _, graph = convert((28, 28, 1), [layers.Flatten(), layers.Dense(10, activation="softmax")])
    runtime = build_runtime(tmp_path / "web", [graph])
    assert "WebAssembly" not in runtime.read_text(encoding="utf-8")
