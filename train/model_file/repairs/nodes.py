"""Translate a Functional model's graph from Keras 2's form into Keras 3's.

A call in Keras 2: `[[name, call, output, {settings}], ...]` (tf_keras engine/functional.py,
`get_network_config`); in Keras 3: `{"args": [tensors], "kwargs": {settings}}` (models/functional.py,
`serialize_node`).
"""

from collections.abc import Callable, Iterator
from typing import Any

from train.model_file.repairs.graph_operations import Call
from train.model_file.repairs.operators import FUNCTION_LAYERS, operation_of

Config = dict[str, Any]
Reference = tuple[str, int, int]

CONSTANT = "_CONSTANT_VALUE"  # tf_keras engine/node.py
MODELS = frozenset({"Functional", "Model"})


def translate_graph(model: Config) -> None:
    """Translate the calls between the layers of a model, in place, unless they are in Keras 3's form.

    Raises:
        UnsupportedLayerError: If one calls a function of TensorFlow that Keras 3 has no equal for.
    """
    nodes = [node for entry in model["layers"] for node in entry["inbound_nodes"]]
    if not any(isinstance(node, list) for node in nodes):
        return
    layers = {entry["name"] for entry in model["layers"]}
    used = list(_references([nodes, model["output_layers"]], layers))
    # Keras 2 counts the calls of a model that has an input from 1, of others from 0.
    first = {name: min(call for other, call, _ in used if other == name) for name, _, _ in used}

    def tensor(name: str, call: int, output: int) -> Config:
        history = [name, call - first[name], output]
        return {
            "class_name": "__keras_tensor__",
            "config": {"shape": [], "dtype": "float32", "keras_history": history},
        }

    # Here, but not between layers, Keras 3 counts the calls of a Functional model from 1.
    start = {entry["name"]: int(entry["class_name"] in MODELS) for entry in model["layers"]}
    for key in ("input_layers", "output_layers"):
        ends = [
            [name, call - first.get(name, 0) + start[name], output]
            for name, call, output in _references(model[key], layers)
        ]
        model[key] = ends[0] if len(ends) == 1 else ends
    model["layers"] = [_translate_calls(entry, layers, tensor) for entry in model["layers"]]


def _translate_calls(entry: Config, layers: set[str], tensor: Callable[..., Config]) -> Config:
    is_function = entry["class_name"] in FUNCTION_LAYERS
    calls = [_translate_call(node, layers, tensor) for node in entry["inbound_nodes"]]
    if not is_function:
        nodes = [{"args": [_unpacked(call.first)], "kwargs": call.kwargs} for call in calls]
        return {**entry, "inbound_nodes": nodes}
    operations = [operation_of(entry["config"], call) for call in calls]
    return {
        "module": f"keras.src.ops.{operations[0].module}",
        "class_name": operations[0].class_name,
        "registered_name": operations[0].class_name,
        "config": {"name": entry["name"], **operations[0].settings},
        "name": entry["name"],
        "inbound_nodes": [{"args": operation.args, "kwargs": {}} for operation in operations],
    }


def _translate_call(node: Any, layers: set[str], tensor: Callable[..., Config]) -> Call:
    kwargs: Config = {}

    def value(item: Any) -> Any:
        if _is_reference(item, layers):
            return tensor(*item[:3])
        if isinstance(item, dict):
            return {key: value(inner) for key, inner in item.items()}
        return [value(inner) for inner in item] if isinstance(item, list) else item

    def inputs(item: Any) -> Any:
        is_constant = isinstance(item, list) and len(item) == 4 and item[0] == CONSTANT
        if is_constant or _is_reference(item, layers):
            kwargs.update(item[3] if len(item) == 4 else {})
            return item[2] if is_constant else tensor(*item[:3])
        return [inputs(inner) for inner in item] if isinstance(item, list) else item

    first = inputs(node)
    return Call(first, {key: value(item) for key, item in kwargs.items()})


def _is_reference(value: Any, layers: set[str]) -> bool:
    """Whether a value refers to an output of one of the layers."""
    return (
        isinstance(value, list)
        and len(value) in (3, 4)
        and isinstance(value[0], str)
        and value[0] in layers
        and isinstance(value[1], int)
        and isinstance(value[2], int)
    )


def _references(value: Any, layers: set[str]) -> Iterator[Reference]:
    """Every output of the layers that a value refers to, at any depth."""
    if _is_reference(value, layers):
        yield value[0], value[1], value[2]
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _references(item, layers)


def _unpacked(value: Any) -> Any:
    return value[0] if isinstance(value, list) and len(value) == 1 else value
