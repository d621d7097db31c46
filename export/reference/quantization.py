"""How far quantization by itself moves a model's predictions, simulated in Keras.

Each weight is rounded to 16 or 8 bits, as converters do, and, where activations are quantized
too, the output of each layer before the last with weights to 256 levels of its range. Nothing of an exported
model goes into it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from numpy.typing import NDArray

from export.reference.logits import before_softmax, logarithms
from export.types import Images

if TYPE_CHECKING:
    import keras

LEVELS = 256


@dataclass(frozen=True, slots=True)
class Noise:
    """How far quantization moves predictions.

    Attributes:
        logit: The largest change of a logarithm of a probability.
        mean: The mean change of a probability, over pictures that aren't probes.
    """

    logit: float = 0.0
    mean: float = 0.0


def quantization_noise(
    model: keras.Model,
    pictures: Images,
    images: int,
    round_weight: Callable[[NDArray[Any]], NDArray[Any]],
    *,
    activations: bool = False,
) -> Noise:
    """Measure it.

    Args:
        model: An inference model, whose weights are rounded hereafter.
        pictures: A few hundred, which give the ranges of the activations.
        images: How many of them, at the beginning, aren't probes.
        round_weight: Rounds the numbers of one weight: one of the functions hereafter.
        activations: Whether activations are quantized, too.
    """
    given = pictures.astype(np.float32)
    model, logits = before_softmax(model)
    exact = logarithms(model.predict_on_batch(given), logits=logits)
    for weight in model.weights:
        weight.assign(round_weight(np.asarray(weight)))
    outputs = _with_rounded_activations(model, given) if activations else model.predict_on_batch(given)
    found = logarithms(outputs, logits=logits)
    return Noise(
        float(np.abs(found - exact).max()), float(np.abs(np.exp(found) - np.exp(exact))[:images].mean())
    )


def _with_rounded_activations(model: keras.Model, given: NDArray[np.float32]) -> NDArray[Any]:
    import keras

    weighted = [place for place, operation in enumerate(model.operations) if _has_weights(operation)]
    hidden = set(map(id, model.operations[: max(weighted, default=0)]))

    def rounded(operation: keras.Operation) -> Callable[..., Any]:
        if id(operation) not in hidden:
            # 256 levels of a probability have no logarithm, and those of logits are counted apart.
            return cast("Callable[..., Any]", operation)
        return lambda *args, **options: keras.tree.map_structure(
            _rounded_activations, operation(*args, **options)
        )

    found = model._run_through_graph(keras.ops.convert_to_tensor(given), operation_fn=rounded)
    return np.asarray(keras.ops.convert_to_numpy(keras.tree.flatten(found)[0]))


def to_halves(values: NDArray[Any]) -> NDArray[Any]:
    """Weights of 16-bit floats."""
    return values.astype(np.float16).astype(values.dtype)


def to_bytes(values: NDArray[Any]) -> NDArray[Any]:
    """Weights on 255 levels around 0; biases and scales keep 32 bits."""
    return _on_levels(values, tuple(range(values.ndim)))


def to_bytes_by_channel(values: NDArray[Any]) -> NDArray[Any]:
    """Weights on 255 levels around 0 for each of the last axis."""
    return _on_levels(values, tuple(range(values.ndim - 1)))


def _on_levels(values: NDArray[Any], axes: tuple[int, ...]) -> NDArray[Any]:
    if values.ndim < 2:
        return values
    largest = np.abs(values).max(axis=axes, keepdims=True)
    step = np.maximum(largest, np.finfo(np.float32).tiny) / (LEVELS // 2 - 1)
    return np.asarray(np.rint(values / step) * step, values.dtype)


def _rounded_activations(values: Any) -> Any:
    """Activations on 256 levels of their range over all pictures, 0 among them; whole numbers stay."""
    from keras import backend, ops

    if not backend.is_float_dtype(backend.standardize_dtype(values.dtype)):
        return values
    low, high = ops.minimum(ops.min(values), 0), ops.maximum(ops.max(values), 0)
    step = ops.maximum((high - low) / (LEVELS - 1), np.finfo(np.float32).tiny)
    return ops.round(values / step) * step


def _has_weights(operation: Any) -> bool:
    return bool(getattr(operation, "weights", None))
