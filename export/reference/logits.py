"""Logarithms of a model's probabilities, beyond the smallest that a float can hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import keras

LEAST = 1e-30  # smaller probabilities are at the end of float32
KEEPS = {"Identity", "Reshape", "Flatten"}


def before_softmax(model: keras.Model) -> tuple[keras.Model, bool]:
    """A model that gives the logits, where a softmax ends it.

    Args:
        model: An inference model, whose last layer loses its softmax.

    Returns:
        The model of logits and True; the model itself and False where no softmax ends it.
    """
    import keras

    operation = model.outputs[0]._keras_history.operation
    while type(operation).__name__ in KEEPS:
        operation = operation.input._keras_history.operation
    if isinstance(operation, keras.layers.Softmax):
        return keras.Model(model.inputs, operation.input), True
    if getattr(operation, "activation", None) is keras.activations.softmax:
        operation.activation = keras.activations.linear
        return model, True
    return model, False


def logarithms(outputs: Any, *, logits: bool) -> NDArray[np.float64]:
    """Logarithms of probabilities, of logits or of the probabilities themselves: shape (n, classes)."""
    rows = np.asarray(outputs, np.float64)
    if not logits:
        return np.asarray(np.log(np.maximum(rows, LEAST)))
    rows = rows.reshape(len(rows), -1)
    rows = rows - rows.max(axis=1, keepdims=True)
    return np.asarray(rows - np.log(np.exp(rows).sum(axis=1, keepdims=True)))
