"""TensorFlow.js layers models, written straight from the Keras model.

tensorflowjs can't do it for Keras 3: what it writes, `tf.loadLayersModel` refuses. TF.js reads the
configuration that Keras 2 wrote, so what has changed since is translated back here:

- an input's `batch_shape` was `batch_input_shape`;
- a node of a Functional graph was `[[layer, node, tensor, {}], ...]`, not `{args, kwargs}`, and its inputs
  and outputs were lists of `[layer, node, tensor]`, even where there is only one;
- a data type was a name, not a policy object;
- the kernel of a DepthwiseConv2D was `depthwise_kernel`.

Regularizers serve only training, and TF.js doesn't know all of them: they stay behind.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from export.target import Source

if TYPE_CHECKING:
    import keras

SHARD = "group1-shard1of1.bin"


def write_layers_model(source: Source, path: Path) -> None:
    """Write `model.json` and one shard of float32 weights into folder `path`, made if it is missing."""
    import keras

    weights = dict(_named_weights(source.model))
    model_json = {
        "format": "layers-model",
        "generatedBy": f"keras v{keras.__version__}",
        "convertedBy": f"inkproof, for TensorFlow.js v{version('tensorflowjs')}",
        "modelTopology": {
            "keras_version": keras.__version__,
            "backend": "tensorflow",
            "model_config": _as_keras_2(json.loads(source.model.to_json())),
        },
        "weightsManifest": [
            {
                "paths": [SHARD],
                "weights": [
                    {"name": name, "shape": list(values.shape), "dtype": "float32"}
                    for name, values in weights.items()
                ],
            }
        ],
    }
    path.mkdir(parents=True, exist_ok=True)
    (path / SHARD).write_bytes(b"".join(values.tobytes() for values in weights.values()))
    text = json.dumps(model_json, sort_keys=True, separators=(",", ":"))
    (path / "model.json").write_text(text, encoding="utf-8")


def _named_weights(model: keras.Model) -> Iterator[tuple[str, np.ndarray[Any, np.dtype[np.float32]]]]:
    """Every weight under the name that TF.js gives it: `layer/weight`."""
    import keras

    for layer in model.layers:
        if isinstance(layer, keras.Model):
            yield from _named_weights(layer)
            continue
        depthwise = isinstance(layer, keras.layers.DepthwiseConv2D)
        for weight in layer.weights:
            name = "depthwise_kernel" if depthwise and weight.name == "kernel" else weight.name
            yield f"{layer.name}/{name}", np.asarray(weight, np.float32)


def _as_keras_2(value: Any) -> Any:
    """Translate a configuration of Keras 3, however deep."""
    if isinstance(value, list):
        return [_as_keras_2(item) for item in value]
    if not isinstance(value, dict):
        return value
    if value.get("class_name") == "DTypePolicy":
        return value["config"]["name"]
    translated = {}
    for key, item in value.items():
        if key == "batch_shape":
            translated["batch_input_shape"] = item
        elif key == "inbound_nodes":
            translated[key] = [_node_as_keras_2(node) for node in item]
        elif key in ("input_layers", "output_layers"):
            translated[key] = item if isinstance(item[0], list) else [item]
        else:
            translated[key] = None if key.endswith("_regularizer") else _as_keras_2(item)
    return translated


def _node_as_keras_2(node: dict[str, Any]) -> list[list[Any]]:
    return [[*history, {}] for history in _histories(node)]


def _histories(value: Any) -> Iterator[list[Any]]:
    """The [layer, node, tensor] of each tensor among a node's arguments, in order."""
    if isinstance(value, dict) and value.get("class_name") == "__keras_tensor__":
        yield value["config"]["keras_history"]
    elif isinstance(value, dict):
        for item in value.values():
            yield from _histories(item)
    elif isinstance(value, list):
        for item in value:
            yield from _histories(item)
