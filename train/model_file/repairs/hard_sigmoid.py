"""Keras 2's hard sigmoid, by Keras 3's, which is another function of the same name.

Keras 2: clip(x / 5 + 1/2) to 0..1; Keras 3: clip(x / 6 + 1/2) (activations.py of both). So the former of x is
the latter of 6/5 x, and what computes x, a layer or a gate, is scaled by 6/5.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from train.model_file.repairs.table import UnsupportedLayerError

if TYPE_CHECKING:
    import keras

Config = dict[str, Any]

NAME = "hard_sigmoid"
SCALE = 6 / 5
# Which of the gates, in the order of a cell's weights, the recurrent activation is for (lstm.py, gru.py).
LSTM, GRU = (True, True, False, True), (True, True, False)
GATES = {"LSTMCell": LSTM, "ConvLSTMCell": LSTM, "GRUCell": GRU}


def is_hard_sigmoid(config: Any) -> bool:
    """Whether these are the settings of a layer that ends in a hard sigmoid."""
    return isinstance(config, dict) and config.get("activation") == NAME


def as_sequential(class_name: str, config: Config) -> Config:
    """A layer of Keras 2 that ends in a hard sigmoid, as the settings of a Sequential of Keras 3.

    Raises:
        UnsupportedLayerError: If the layer is recurrent: its activation is inside.
    """
    if "recurrent_activation" in config or class_name.startswith("SimpleRNN"):
        raise UnsupportedLayerError(
            f"found activation='{NAME}' of Keras 2 in {str(config.get('name'))[:80]!r}, which is another "
            "function in Keras 3: train the model again with another activation"
        )
    layers = [
        {"class_name": class_name, "config": {**config, "activation": "linear"}},
        {"class_name": "Rescaling", "config": {"name": "scale", "scale": SCALE, "offset": 0.0}},
        {"class_name": "Activation", "config": {"name": "clip", "activation": NAME}},
    ]
    return {"name": config["name"], "layers": layers}


def scale_gates(model: keras.Model) -> None:
    """Scale the gates of a recurrent model's cells, whose weights are those of Keras 2."""
    for layer in model._flatten_layers():
        gates = GATES.get(type(layer).__name__)
        if gates and layer.recurrent_activation.__name__ == NAME:
            scales = [SCALE if gate else 1.0 for gate in gates]
            for weight in layer.weights:
                weight.assign(weight * np.repeat(scales, weight.shape[-1] // len(gates)).astype(weight.dtype))
