"""The page's convolution gives what TensorFlow.js's own gives, and reaches the page."""

import itertools
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from export.reference.open_source import open_source
from export.runtimes import tfjs
from export.site.build import build_runtime
from export.targets import all_targets
from tests.export.comparing import compare_images
from train.console.quiet import import_tensorflow
from train.data.dataset import Dataset

HERE = Path(__file__).parent


def test_it_is_tfjs_own_convolution_for_any_sides_strides_and_padding(
    node: Callable[..., Any], web: Path
) -> None:
    cases = [
        {"pictures": [batch, height, width, channels], "kernel": [*sides, channels, filters]}
        | {"strides": strides, "pad": pad, "bias": bias}
        for (batch, height, width), (channels, filters), sides, strides, pad, bias in itertools.product(
            [(1, 28, 28), (3, 7, 5), (2, 6, 9)],
            [(1, 16), (3, 5), (4, 2)],
            [(3, 3), (1, 1), (5, 2)],
            [1, 2, [3, 1]],
            ["same", "valid"],
            [True, False],
        )
    ]
    done = node(HERE / "convolve.mjs", input=json.dumps(cases))
    assert done.returncode == 0, done.stderr
    differences = json.loads(done.stdout)
    assert len(differences) == len(cases)
    # Sums of at most 90 products of size 0.1 in float32 and in float64.
    assert max(differences) < 1e-5


def test_the_page_answers_with_it_and_leaves_dilation_to_tfjs(pen_digits: Dataset, tmp_path: Path) -> None:
    import_tensorflow()
    import keras
    from keras import layers

    keras.utils.set_random_seed(1)
    model = keras.Sequential(
        [
            keras.Input((28, 28, 1), name="image"),
            layers.Rescaling(1 / 255),
            layers.Conv2D(5, 3, strides=2, activation="relu6"),
            layers.Conv2D(6, (5, 2), padding="same", dilation_rate=2, activation="relu"),
            layers.Conv2D(7, 3, strides=2, padding="same", bias_initializer="normal"),
            layers.Conv2D(3, 1, activation="sigmoid"),
            layers.Reshape((7 * 7 * 3,)),
            layers.Dense(10, activation="softmax", name="probabilities"),
        ]
    )
    images = pen_digits.test.images[:50]
    [target] = [target for target in all_targets() if target.name == "tfjs-graph"]
    target.convert(open_source(model, pen_digits, tmp_path), tmp_path / "graph")
    operations = (tmp_path / "graph" / "model.json").read_text(encoding="utf-8")
    assert "_FusedConv2D" in operations
    runtime = build_runtime(tmp_path / "web", [tmp_path / "graph"])
    answers = tfjs.GRAPH[1].run(tmp_path / "graph", images, runtime)
    reference = model.predict(images.astype(np.float32), verbose=0)
    assert compare_images(reference, answers, pen_digits.test.labels[:50], target.budget).failures == ()
