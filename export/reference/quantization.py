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

from export.reference.logits import logarithms
from export.types import Images
from train.model_file.output_sizes import batch_size

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


@dataclass(frozen=True, slots=True)
class Simulation:
    """A model, and what it is run on with rounded numbers. Its own weights stay as they are.

    Attributes:
        model: Of one input and one output, an inference model whose softmax was removed.
        logits: Whether its outputs are logits, see `export.reference.logits.before_softmax`.
        pictures: A few hundred, which give the ranges of the activations.
        images: How many of them, at the beginning, aren't probes.
        exact: The logarithms of the model's own probabilities for the pictures.
    """

    model: keras.Model
    logits: bool
    pictures: Images
    images: int
    exact: NDArray[np.float64]

    def noise(
        self, round_weight: Callable[[NDArray[Any]], NDArray[Any]], *, activations: bool = False
    ) -> Noise:
        """Measure how far rounding moves the predictions.

        Args:
            round_weight: Rounds the numbers of one weight: one of the functions hereafter.
            activations: Whether activations are quantized, too.
        """
        found = logarithms(self._run(round_weight, activations=activations), logits=self.logits)
        change = np.abs(np.exp(found) - np.exp(self.exact))
        return Noise(float(np.abs(found - self.exact).max()), float(change[: self.images].mean()))

    def _run(
        self, round_weight: Callable[[NDArray[Any]], NDArray[Any]], *, activations: bool
    ) -> NDArray[Any]:
        import keras
        import tensorflow as tf

        rounded = [(weight, tf.constant(round_weight(np.asarray(weight)))) for weight in self.model.weights]
        call = _with_rounded_activations(self.model) if activations else self.model
        # A graph, since that drops each layer's output as soon as nothing needs it any more.
        run = tf.function(lambda pictures: call(pictures))
        with keras.StatelessScope(state_mapping=rounded):
            # Ranges are those over all pictures. Weights may be rounded for some at a time.
            size = len(self.pictures) if activations else batch_size(self.model)
            batches = np.split(self.pictures, range(size, len(self.pictures), size))
            found = [np.asarray(run(batch.astype(np.float32))) for batch in batches]
        return np.concatenate(found)


def _with_rounded_activations(model: keras.Model) -> Callable[[Any], Any]:
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

    return lambda given: keras.tree.flatten(model._run_through_graph(given, operation_fn=rounded))[0]


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
