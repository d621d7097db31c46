"""Bring a model's configuration, of whichever version of Keras, into the form that Keras 3 writes itself."""

from __future__ import annotations

import copy
from importlib.metadata import version
from typing import Any

from train.model_file.keras_names import LAYERS, OPERATIONS
from train.model_file.repairs.hard_sigmoid import as_sequential, is_hard_sigmoid
from train.model_file.repairs.names import Names
from train.model_file.repairs.nodes import translate_graph
from train.model_file.repairs.table import UnsupportedLayerError, repair_settings

Config = dict[str, Any]

PARTS = ("layer", "backward_layer", "cell", "activation", "recurrent_activation")


def repaired(config: Config, by_keras_2: bool) -> Config:
    """Repair a model's configuration for Keras 3.

    Nothing is built, and the order of the layers stays, because it is the order of their weights.

    Args:
        config: As it is in the file; it stays as it is.
        by_keras_2: Whether Keras 2 wrote it.

    Raises:
        UnsupportedLayerError: If Keras 3 has no equal for a layer or a setting.
    """
    config = _repaired(_plain(copy.deepcopy(config)), by_keras_2)
    _rename(config, Names(config))
    return config


def _plain(value: Any) -> Any:
    """Without the wrappers of tuples and shapes in a `.h5` (legacy/saving/json_utils.py)."""
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if not isinstance(value, dict):
        return value
    if value.get("class_name") in ("__tuple__", "TensorShape"):
        return _plain(value["items"])
    return {key: _plain(item) for key, item in value.items()}


def _repaired(entry: Config, by_keras_2: bool) -> Config:
    """A layer, a model or an operation in Keras 3's form."""
    class_name, config = entry["class_name"], entry["config"]
    if isinstance(config, list):  # a Sequential of Keras 2.2 and older
        config = {"name": "sequential", "layers": config}
    if by_keras_2 and is_hard_sigmoid(config):
        config, by_keras_2 = as_sequential(class_name, config), False  # what it is made of is Keras 3's
        class_name = "Sequential"
        entry = {key: entry[key] for key in ("name", "inbound_nodes") if key in entry}
    class_name = repair_settings(class_name, config)
    for part in PARTS:
        if isinstance(config.get(part), dict) and "class_name" in config[part]:
            config[part] = _repaired(config[part], by_keras_2)
    if isinstance(config.get("cells"), list):
        config["cells"] = [_repaired(cell, by_keras_2) for cell in config["cells"]]
    if class_name == "Sequential":
        _give_input(config)
    elif "layers" in config:
        translate_graph(config)
    if "layers" in config:
        config["layers"] = [_repaired(layer, by_keras_2) for layer in config["layers"]]
    is_operation = str(entry.get("module")).startswith("keras.src.ops.")
    if (by_keras_2 and not is_operation) or "module" not in entry:
        entry = {key: entry[key] for key in ("name", "inbound_nodes") if key in entry}
        module = _module_of(class_name, config)
        registered_name = class_name if ".src." in module else None
        entry |= {"module": module, "registered_name": registered_name}
    entry.pop("compile_config", None)  # how a model was trained
    return {**entry, "class_name": class_name, "config": config}


def _give_input(sequential: Config) -> None:
    """Put an InputLayer first: before Keras 2.3, the first layer had the shape (engine/sequential.py)."""
    layers = sequential["layers"]
    shape = _input_shape(sequential)
    if shape and layers and layers[0]["class_name"] != "InputLayer":
        layers.insert(0, {"class_name": "InputLayer", "config": {"name": "input", "batch_shape": shape}})


def _input_shape(model: Config) -> Any:
    first = model["layers"][0] if model.get("layers") else {"config": {}}
    config = first["config"]
    return (
        model.get("build_input_shape")
        or config.get("batch_input_shape")
        or config.get("batch_shape")
        or (_input_shape(config) if "layers" in config else None)
    )


def _module_of(class_name: str, config: Config) -> str:
    """The module that has a class of this name in Keras 3."""
    if class_name == "Functional":
        return "keras.src.models.functional"
    if class_name == "Sequential":
        return "keras"
    layers = ["keras.layers"] if class_name in LAYERS else []
    operations = [f"keras.src.ops.{module}" for module, names in OPERATIONS.items() if class_name in names]
    # A layer and an operation can have the same name, as Multiply; only the former has a dtype.
    for module in layers + operations if "dtype" in config else operations + layers:
        return module
    raise UnsupportedLayerError(
        f"found {class_name[:80]!r}, which isn't one of Keras {version('keras')}'s layers: if it is your "
        "own, load the model in Python and call export.export_model with it; else train the model without it"
    )


def _rename(value: Any, names: Names) -> None:
    """Give every layer a plain name, wherever it is named."""
    if isinstance(value, list):
        for item in value:
            _rename(item, names)
    if not isinstance(value, dict):
        return
    if "class_name" in value and isinstance(value.get("config"), dict):
        for named in (value, value["config"]):
            if isinstance(named.get("name"), str):
                named["name"] = names(named["name"])
    for key in ("input_layers", "output_layers"):
        if key in value:
            value[key] = _renamed_ends(value[key], names)
    if isinstance(value.get("keras_history"), list):
        value["keras_history"][0] = names(value["keras_history"][0])
    for item in value.values():
        _rename(item, names)


def _renamed_ends(ends: Any, names: Names) -> Any:
    if isinstance(ends, dict):
        return {key: _renamed_ends(end, names) for key, end in ends.items()}
    if isinstance(ends, list):
        is_end = len(ends) == 3 and isinstance(ends[0], str)
        return [names(ends[0]), *ends[1:]] if is_end else [_renamed_ends(end, names) for end in ends]
    return ends
