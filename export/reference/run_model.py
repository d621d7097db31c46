"""Run a Keras model on many pictures, in batches that fit the memory."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import keras

MOST_BATCH = 500
# Of the largest layer's output for a batch. A few such outputs are held at a time.
MOST_BYTES = 100_000_000


def run_model(
    model: keras.Model, pictures: NDArray[Any], prepare: Callable[[NDArray[Any]], NDArray[Any]]
) -> NDArray[Any]:
    """Predict, batch by batch; a model of a fixed batch gets that.

    Args:
        model: Of one input and one output.
        pictures: Shape (n, rows, columns, channels).
        prepare: Makes the model's inputs of some of them.

    Returns:
        The outputs, one row a picture: shape (n, outputs).
    """
    fixed = model.inputs[0].shape[0]
    batch = fixed or batch_size(model)
    rows = []
    for start in range(0, len(pictures), batch):
        some = pictures[start : start + batch]
        inputs = prepare(some)
        if fixed and len(some) < fixed:
            inputs = np.concatenate([inputs, np.repeat(inputs[-1:], fixed - len(some), axis=0)])
        outputs = model.predict_on_batch(inputs)
        rows.append(np.asarray(outputs)[: len(some)].reshape(len(some), -1))
    return np.concatenate(rows)


def batch_size(model: keras.Model) -> int:
    """How many pictures a batch holds, by the largest output of a layer."""
    import keras

    def size(layer: keras.Layer) -> int:
        outputs = keras.tree.flatten(getattr(layer, "output", None))
        return max((math.prod(s for s in o.shape[1:] if s) for o in outputs if o is not None), default=1)

    layers = [layer for layer in model._flatten_layers(include_self=False) if layer._inbound_nodes]
    largest = max(map(size, layers), default=1)
    return max(1, min(MOST_BATCH, MOST_BYTES // (4 * largest)))
