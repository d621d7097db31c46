"""Repairs of configurations, one kind each, on configurations as older versions wrote them."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from train.console.quiet import import_tensorflow
from train.model_file.config import check_repaired
from train.model_file.repairs.apply import repaired
from train.model_file.repairs.table import REPAIRS, UnsupportedLayerError

import_tensorflow()
import keras  # noqa: E402  after its start-up messages

PICTURE = (8, 8, 3)
SHAPE = [None, *PICTURE]


def build(config: dict[str, Any], by_keras_2: bool = True) -> keras.Model:
    fixed = repaired(config, by_keras_2)
    check_repaired(fixed, Path("m.h5"))
    return keras.saving.deserialize_keras_object(fixed, safe_mode=True)


def layer(class_name: str, **config: Any) -> dict[str, Any]:
    return {"class_name": class_name, "config": {"name": class_name.lower(), "dtype": "float32", **config}}


def sequential(*layers: dict[str, Any]) -> dict[str, Any]:
    first = layer("InputLayer", batch_input_shape=SHAPE, sparse=False, ragged=False)
    return {"class_name": "Sequential", "config": {"name": "s", "layers": [first, *layers]}}


def functional(class_name: str, config: dict[str, Any], node: Any, name: str = "x") -> dict[str, Any]:
    """A model of one layer behind its input."""
    start = layer("InputLayer", batch_input_shape=SHAPE) | {"name": "inputlayer", "inbound_nodes": []}
    end = {"class_name": class_name, "config": config, "name": name, "inbound_nodes": [node]}
    graph = {"layers": [start, end], "input_layers": [["inputlayer", 0, 0]], "output_layers": [[name, 0, 0]]}
    return {"class_name": "Model", "config": {"name": "m", **graph}}


def computed(model: keras.Model) -> tuple[Any, Any]:
    pictures = np.random.default_rng(0).uniform(-9, 9, (2, *PICTURE)).astype(np.float32)
    return pictures, np.asarray(model(pictures))


def test_every_repair_has_a_source() -> None:
    assert all(len(repair.source) > 10 for repair in REPAIRS)


def test_the_file_s_configuration_stays_as_it_is() -> None:
    config = sequential(layer("LeakyReLU", alpha=0.25))
    build(config)
    assert config == sequential(layer("LeakyReLU", alpha=0.25))


@pytest.mark.parametrize(
    ("given", "attribute", "value"),
    [
        (layer("LeakyReLU", alpha=0.25), "negative_slope", 0.25),
        (layer("ThresholdedReLU", theta=0.5), "threshold", 0.5),
        (layer("DepthwiseConv2D", kernel_size=3, groups=1), "depth_multiplier", 1),
        (layer("BatchNormalization", axis=[3], renorm=False, fused=True, virtual_batch_size=None), "axis", 3),
        (layer("Conv2D", filters=2, kernel_size=3, data_format=None), "data_format", "channels_last"),
        (layer("Conv2D", filters=2, kernel_size=3, kernel_initializer={"class_name": "Gone"}), "filters", 2),
        (
            layer("ZeroPadding2D", padding={"class_name": "__tuple__", "items": [[0, 1], [2, 3]]}),
            "padding",
            ((0, 1), (2, 3)),
        ),
        (layer("Flatten", dtype={"class_name": "Policy", "config": {"name": "float16"}}), "dtype", "float16"),
        (layer("Activation", activation="softmax_v2"), "activation", keras.activations.softmax),
        (layer("SyncBatchNormalization", axis=[-1]), "axis", -1),
        (layer("RandomHeight", factor=0.1, interpolation="bilinear"), "dtype", "float32"),
    ],
)
def test_a_setting_is_repaired(given: dict[str, Any], attribute: str, value: Any) -> None:
    *_, last = build(sequential(given)).layers
    found = getattr(last, attribute)
    assert (str(found) if attribute == "dtype" else found) == value


def test_a_setting_without_an_equal_is_refused() -> None:
    rows = layer("Reshape", target_shape=[8, 24])
    with pytest.raises(
        UnsupportedLayerError, match=r"found time_major=True in 'lstm'.*: train the model again"
    ):
        build(sequential(rows, layer("LSTM", units=3, time_major=True)))


def test_a_gru_that_does_not_say_so_resets_before() -> None:
    rows = layer("Reshape", target_shape=[8, 24])
    assert build(sequential(rows, layer("GRU", units=2, implementation=1))).layers[-1].reset_after is False


def test_a_sequential_may_be_a_list_whose_first_layer_tells_the_shape() -> None:
    layers = [layer("Flatten", batch_input_shape=SHAPE), layer("Dense", units=2)]
    assert build({"class_name": "Sequential", "config": layers}).output_shape == (None, 2)


@pytest.mark.parametrize("by_keras_2", [True, False])
def test_each_version_s_hard_sigmoid_is_its_own(by_keras_2: bool) -> None:
    pictures, found = computed(build(sequential(layer("Activation", activation="hard_sigmoid")), by_keras_2))
    assert found == pytest.approx(np.clip(pictures / (5 if by_keras_2 else 6) + 0.5, 0, 1), abs=1e-6)


def test_a_hard_sigmoid_inside_a_recurrent_layer_is_refused() -> None:
    rows = layer("Reshape", target_shape=[8, 24])
    cell = layer("LSTM", units=2, activation="hard_sigmoid", recurrent_activation="sigmoid")
    with pytest.raises(UnsupportedLayerError, match="another function in Keras 3"):
        build(sequential(rows, cell))


FUNCTIONS = {
    "x / y": ("math.truediv", ["inputlayer", 0, 0, {"y": 4.0, "name": None}], lambda x: x / 4),
    "1 - x": ("math.subtract", ["_CONSTANT_VALUE", -1, 1.0, {"y": ["inputlayer", 0, 0]}], lambda x: 1 - x),
    "x * x": ("math.multiply", ["inputlayer", 0, 0, {"y": ["inputlayer", 0, 0]}], lambda x: x * x),
    "bias": (
        "nn.bias_add",
        ["inputlayer", 0, 0, {"bias": [1.0, 2.0, 3.0]}],
        lambda x: x + np.array([1, 2, 3]),
    ),
    "mean": ("math.reduce_mean", ["inputlayer", 0, 0, {"axis": [1, 2]}], lambda x: x.mean((1, 2))),
    "concat": (
        "concat",
        [["inputlayer", 0, 0, {"axis": 1}], ["inputlayer", 0, 0, {"axis": 1}]],
        lambda x: np.concatenate([x, x], 1),
    ),
    "BGR": (
        "__operators__.getitem",
        [
            "inputlayer",
            0,
            0,
            {"slice_spec": [{"class_name": "__ellipsis__"}, {"start": None, "stop": None, "step": -1}]},
        ],
        lambda x: x[..., ::-1],
    ),
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_of_tensorflow_becomes_an_operation(name: str) -> None:
    function, node, expected = FUNCTIONS[name]
    config = {"name": "x", "trainable": True, "dtype": "float32", "function": function}
    pictures, found = computed(build(functional("TFOpLambda", config, node)))
    assert found == pytest.approx(expected(pictures), abs=1e-6)


def test_an_operation_of_tensorflow_2_0_is_one_too() -> None:
    config = {"name": "truediv", "node_def": {"op": "RealDiv", "input": ["x", "y"]}, "constants": {"1": 4.0}}
    node = [["inputlayer", 0, 0, {}]]
    pictures, found = computed(build(functional("TensorFlowOpLayer", config, node)))
    assert found == pytest.approx(pictures / 4)


@pytest.mark.parametrize(
    ("function", "kwargs"),
    [
        ("io.read_file", {}),
        ("os.system", {}),
        ("image.resize", {"size": [4, 4], "preserve_aspect_ratio": True}),
        ("linalg.matmul", {"b": ["inputlayer", 0, 0], "transpose_b": True}),
        ("nn.bias_add", {"bias": [1.0], "data_format": "NCHW"}),
        ("reshape", {}),
    ],
)
def test_a_function_without_an_equal_is_refused(function: str, kwargs: dict[str, Any]) -> None:
    config = functional("TFOpLambda", {"name": "x", "function": function}, ["inputlayer", 0, 0, kwargs])
    with pytest.raises(UnsupportedLayerError, match=rf"tf\.{function} .* can't be translated"):
        build(config)


def test_odd_names_become_plain_ones_that_differ() -> None:
    names = ["a b", "a_b", "a/b", "ä", "中文", ":", "", "<script>", "../x", "x" * 300, "fine.1"]
    layers = [{"class_name": "Flatten", "config": {"name": name}} for name in names]
    model = build(sequential(*layers))
    found = [item.name for item in model.layers]
    assert len(set(found)) == len(names)
    assert found[1] == "a_b"
    assert found[-1] == "fine.1"
    assert model.predict(np.zeros((1, 8, 8, 3)), verbose=0).shape == (1, 192)  # TensorFlow takes them
