"""How much a model computes for one picture."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import keras


def multiplications(model: keras.Model) -> int:
    """About how many multiplications the layers with weights take for one picture.

    Every number of a kernel is multiplied once for each place of its layer's output.

    Args:
        model: An inference model, see `export.reference.inference_model`.
    """
    return sum(map(_of_layer, model.layers))


def _of_layer(layer: keras.Layer) -> int:
    kernels = sum(math.prod(weight.shape) for weight in layer.weights if len(weight.shape) > 1)
    calls = [node.outputs[0].shape for node in layer._inbound_nodes] if kernels else []
    return int(kernels * sum(math.prod(side or 1 for side in shape[1:-1]) for shape in calls))
