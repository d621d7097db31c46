"""The judge of configurations: Keras's own layers by a list of names, and nothing else."""

import importlib
import json
from pathlib import Path
from typing import Any

import pytest

from train.console.quiet import import_tensorflow
from train.errors import ModelError
from train.model_file.calls import MOST_CALLS
from train.model_file.config import judged
from train.model_file.keras_names import LAYERS, NAMES
from train.model_file.plain import PLAIN, is_plain

PATH = Path("m.keras")
# With code, of other frameworks, or that read files; and what isn't a layer.
NOT_LISTED = {
    *("Lambda", "TFSMLayer", "TorchModuleWrapper", "JaxLayer", "FlaxLayer"),
    *("StringLookup", "IntegerLookup", "TextVectorization"),
    *("Layer", "Wrapper", "InputSpec"),
}


def layer(class_name: str, module: str = "keras.layers", **config: Any) -> dict[str, Any]:
    return {
        "class_name": class_name,
        "module": module,
        "registered_name": None,
        "config": {"name": "x", **config},
    }


def tensor(name: str) -> dict[str, Any]:
    config = {"shape": [None, 8], "dtype": "float32", "keras_history": [name, 0, 0]}
    return {"class_name": "__keras_tensor__", "config": config}


def operation(class_name: str, module: str, *args: Any, **config: Any) -> dict[str, Any]:
    node = {"args": [tensor("in"), *args], "kwargs": {}}
    return {**layer(class_name, module, **config), "name": "x", "inbound_nodes": [node]}


def model(*layers: dict[str, Any]) -> dict[str, Any]:
    return layer("Sequential", "keras", layers=[layer("InputLayer", batch_shape=[None, 8, 8, 1]), *layers])


def judge(config: dict[str, Any]) -> dict[str, Any]:
    return judged(json.dumps(config), False, PATH)


def refused(config: dict[str, Any]) -> str:
    with pytest.raises(ModelError) as caught:
        judge(config)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_every_layer_of_keras_is_listed_and_nothing_else() -> None:
    import_tensorflow()
    from keras.src.api_export import get_name_from_symbol

    public = vars(importlib.import_module("keras.layers")).values()
    written = {get_name_from_symbol(one).rpartition(".")[2] for one in public if isinstance(one, type)}
    assert written - NOT_LISTED == LAYERS


def test_every_listed_name_is_a_class_of_keras_that_keras_would_find() -> None:
    import_tensorflow()
    from keras.src.saving.keras_saveable import KerasSaveable

    for module, names in NAMES.items():
        for name in names:
            found = getattr(importlib.import_module(module), name)
            assert found.__module__.startswith("keras.src."), (module, name)
            assert issubclass(found, KerasSaveable) or "Policy" in name, (module, name)


def test_what_is_plain_is_listed() -> None:
    markers = {name for name in PLAIN if name.startswith("__")}
    assert set().union(*NAMES.values()) >= PLAIN - markers


WRONG_NAMES = {
    "a module of Keras's tests": layer("Model", "keras.src.models.model_test"),
    "a class under its file": layer("Dense", "keras.src.layers.core.dense"),
    "a base class": layer("Layer"),
    "an optimizer": layer("Adam", "keras.optimizers"),
    "a loader": layer("load_model", "keras.models"),
    "an operation that calls a function": operation("Map", "keras.src.ops.core"),
    "one within another's settings": layer("Bidirectional", layer=layer("system", "os")),
    "one in a list": layer("Dense", units=[[layer("Cache", "keras.src.models.model_test")]]),
    "another's registered name": layer("Dense") | {"registered_name": "mine"},
    "a name that isn't a string": layer("Dense") | {"class_name": ["Dense"]},
    "no module": {"class_name": "Dense", "config": {"dtype": {"class_name": "Thing", "config": {}}}},
}


@pytest.mark.parametrize("case", WRONG_NAMES)
def test_a_name_that_is_not_listed_is_refused(case: str) -> None:
    assert "without code of its own" in refused(model(WRONG_NAMES[case]))


@pytest.mark.parametrize("name", ["IndexLookup", "StringLookup", "IntegerLookup", "TextVectorization"])
def test_layers_that_read_files_are_refused(name: str) -> None:
    module = "keras.src.layers.preprocessing.index_lookup" if name == "IndexLookup" else "keras.layers"
    assert f"a {name} layer, which may read files" in refused(
        model(layer(name, module, vocabulary="/etc/passwd"))
    )


WRONG_VALUES = {
    "a float of units": (layer("Dense", units=1e12), "units 1000000000000.0"),
    "a negative size": (layer("Dense", units=-(10**12)), "units -1000000000000"),
    "not a number": (layer("Dense", units=float("nan")), "units nan"),
    "an infinite constant": (layer("Rescaling", scale=float("inf"), offset=0), "scale inf"),
    "a size in lists": (layer("ZeroPadding2D", padding=[[1, 10**9], [1, 1]]), "padding [[1, 1000000000]"),
    "a type of long strings": (
        layer("Dense", units={"class_name": "__numpy__", "config": {"value": ["a"], "dtype": "S99999999"}}),
        "the type 'S99999999'",
    ),
    "a policy of Keras's quantization": (layer("Dense", dtype="int8_from_float32"), "Keras has quantized"),
    "the same as an object": (
        layer("Dense", dtype=layer("DTypePolicy", "keras") | {"config": {"name": "int8_from_float32"}}),
        "Keras has quantized",
    ),
    "an endless string": (layer("Dense", activation="x" * 20_000), "strings of at most"),
}


@pytest.mark.parametrize("case", WRONG_VALUES)
def test_a_value_that_no_layer_needs_is_refused(case: str) -> None:
    config, saying = WRONG_VALUES[case]
    assert saying in refused(model(config))


def test_numbers_that_pixels_are_calculated_with_may_be_large() -> None:
    judge(model(layer("Masking", mask_value=-1e9), layer("Dense", units=3, seed=2**60)))
    judge(model(operation("Multiply", "keras.src.ops.numpy", 1e9)))


def test_how_a_model_inside_was_trained_is_left_out() -> None:
    trained = model(layer("Dense", units=3)) | {
        "compile_config": {"optimizer": layer("Adam", "keras.optimizers")}
    }
    assert "Adam" not in json.dumps(judge(model(trained)))


def test_a_call_on_constants_alone_is_refused() -> None:
    node = {"args": [[1.0]], "kwargs": {}}
    config = operation("Tile", "keras.src.ops.numpy", repeats=[4_000_000, 1]) | {"inbound_nodes": [node]}
    assert "a call on constants alone" in refused(model(config))


def test_the_number_of_layers_is_bounded() -> None:
    judge(model(*[layer("ReLU")] * 150))
    assert f"at most {MOST_CALLS:,} calls of layers" in refused(model(*[layer("ReLU")] * 8_000))


def test_models_that_are_called_twice_by_models_that_are_called_twice_are_bounded() -> None:
    inner = model(layer("ReLU"))
    for _ in range(12):
        inner = model({**inner, "inbound_nodes": [{"args": [tensor("in")], "kwargs": {}}] * 2})
    assert "calls of layers" in refused(inner)


def test_models_in_each_other_are_bounded() -> None:
    inner = model(layer("ReLU"))
    for _ in range(30):
        inner = model(inner)
    assert "models and layers in each other" in refused(inner)


@pytest.mark.parametrize(
    ("config", "plain"),
    [
        (layer("Dense", units=3), True),
        (layer("LSTM", units=3), True),
        (layer("LSTM", units=3, unroll=True), False),
        (operation("Split", "keras.src.ops.numpy", indices_or_sections=9), False),
        (layer("RandAugment"), False),
    ],
)
def test_layers_with_loops_as_long_as_a_number_are_not_plain(config: dict[str, Any], plain: bool) -> None:
    assert is_plain(judge(model(config))) == plain
