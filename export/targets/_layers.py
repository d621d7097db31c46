"""TensorFlow.js layers models, written straight from the Keras model.

tensorflowjs can't do it for Keras 3: what it writes, `tf.loadLayersModel` refuses. TF.js reads the
configuration that Keras 2 wrote, lacks half of today's layers, and computes some otherwise than Keras does.
So each layer is translated: to itself, to others of equal arithmetic, or, before anything is written, to a
reason why it can't be.

What only training reads stays behind: initializers, regularizers and constraints.
"""

from __future__ import annotations

import json
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from export.errors import ConversionError
from export.target import Source
from export.targets._layers_graph import Call, LackingError, LayersGraph, Tensor
from export.targets._layers_of_keras import LAYERS
from export.targets._layers_of_ops import OPERATIONS
from train.console.text import plain

if TYPE_CHECKING:
    import keras

SHARD = "group1-shard1of1.bin"


def refusal(source: Source) -> str | None:
    """Why TensorFlow.js can't run a model layer by layer, by layer and reason; None where it can."""
    try:
        _translated(source.model)
    except LackingError as lacking:
        return f"TensorFlow.js {lacking}"
    return None


def write_layers_model(source: Source, path: Path) -> None:
    """Write `model.json` and one shard of float32 weights into folder `path`, made if it is missing.

    Raises:
        ConversionError: If TensorFlow.js lacks one of the model's layers.
    """
    import keras

    try:
        graph, output = _translated(source.model)
    except LackingError as lacking:
        raise ConversionError(
            f"expected a model of layers that TensorFlow.js has, found that it {lacking}: "
            "leave it out by naming the other targets with --target"
        ) from lacking
    model_json = {
        "format": "layers-model",
        "generatedBy": f"keras v{keras.__version__}",
        "convertedBy": f"inkproof, for TensorFlow.js v{version('tensorflowjs')}",
        "modelTopology": {
            "keras_version": keras.__version__,
            "backend": "tensorflow",
            "model_config": {"class_name": "Functional", "config": _config(source.model.name, graph, output)},
        },
        "weightsManifest": [
            {
                "paths": [SHARD],
                "weights": [
                    {"name": name, "shape": list(values.shape), "dtype": "float32"}
                    for name, values in graph.weights.items()
                ],
            }
        ],
    }
    path.mkdir(parents=True, exist_ok=True)
    (path / SHARD).write_bytes(b"".join(values.tobytes() for values in graph.weights.values()))
    text = json.dumps(model_json, sort_keys=True, separators=(",", ":"))
    (path / "model.json").write_text(text, encoding="utf-8", newline="\n")


def _config(name: str, graph: LayersGraph, output: Tensor) -> dict[str, Any]:
    first = next(iter(graph.layers))
    return {
        "name": name,
        "layers": list(graph.layers.values()),
        "input_layers": [[first, 0, 0]],
        "output_layers": [[output.layer, output.node, 0]],
    }


def _translated(model: keras.Model) -> tuple[LayersGraph, Tensor]:
    """The model in layers of TensorFlow.js, the input's first, and which of their tensors is its output."""
    graph = LayersGraph()
    shape = model.inputs[0].shape
    config = {"batch_input_shape": list(shape), "dtype": "float32"}
    picture = graph.call("pictures", "InputLayer", config, [], shape[1:])
    graph.layers["pictures"]["inbound_nodes"].clear()
    return graph, _followed(model, graph, picture, "")


def _followed(model: keras.Model, graph: LayersGraph, given: Tensor, prefix: str) -> Tensor:
    """Translate a model's layers in the order of their calls, those of models inside it as its own."""
    import keras

    functional = getattr(model, "_functional", model)  # a Sequential has one inside
    tensors = {id(functional.inputs[0]): given}
    nodes = functional._nodes_by_depth
    for node in (node for depth in sorted(nodes, reverse=True) for node in nodes[depth]):
        operation = node.operation
        if node.is_input:
            continue
        arguments = [
            tensors.get(id(value), value)
            for value in keras.tree.flatten([node.arguments.args, node.arguments.kwargs])
        ]
        inputs = tuple(value for value in arguments if isinstance(value, Tensor))
        name = f"{prefix}{operation.name}"
        if isinstance(operation, keras.Model):
            found = _followed(operation, graph, inputs[0], f"{name}-")
        else:
            shape = node.outputs[0].shape[1:]
            found = _translate(Call(graph, operation, name, inputs, tuple(arguments), shape))
        tensors[id(node.outputs[0])] = found
    return tensors[id(functional.outputs[0])]


def _translate(call: Call) -> Tensor:
    """Raises LackingError, with the layer's name."""
    import keras

    kind = type(call.operation)
    is_layer = isinstance(call.operation, keras.Layer)
    table = LAYERS if is_layer else OPERATIONS
    name = plain(call.name)
    if kind.__name__ not in table or not kind.__module__.startswith("keras."):
        raise LackingError(f"has no {kind.__name__} {'layer' if is_layer else 'operation'} ({name})")
    if None in call.shape:
        raise LackingError(f"needs the size of what {kind.__name__} gives beforehand ({name})")
    try:
        return table[kind.__name__](call)
    except LackingError as lacking:
        raise LackingError(f"{lacking} ({name})") from lacking
