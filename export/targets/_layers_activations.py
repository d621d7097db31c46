"""Keras's activations as TensorFlow.js computes them: by one of its own, by several layers, or not at all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from export.targets._layers_graph import Call, LackingError, Tensor, along_last

# Keras 3's names to those of TensorFlow.js, where both compute the same.
SAME = {
    "elu": "elu",
    "gelu": "gelu",
    "linear": "linear",
    "log_softmax": "log_softmax",
    "mish": "mish",
    "relu": "relu",
    "relu6": "relu6",
    "selu": "selu",
    "sigmoid": "sigmoid",
    "silu": "swish",
    "softmax": "softmax",
    "softplus": "softplus",
    "softsign": "softsign",
    "tanh": "tanh",
}


def name_of(activation: Any) -> str:
    """The name that Keras saves an activation under.

    Raises:
        LackingError: If it is a function or layer of the model's own.
    """
    import keras

    name = getattr(activation, "__name__", "")
    if getattr(keras.activations, name, None) is not activation:
        raise LackingError("knows activations by name alone, not a function of the model's own")
    return str(name)


def activated(call: Call, x: Tensor, name: str, part: str = "activation") -> Tensor:
    """Apply an activation behind a layer.

    Raises:
        LackingError: If TensorFlow.js has no equal.
    """
    if name == "linear":
        return x
    if name in SAME:
        return call.add(part, "Activation", {"activation": SAME[name]}, x)
    if name not in COMPOSED:
        raise LackingError(f"has no activation {name}")
    return COMPOSED[name](call, x, part)


def leaky_relu(call: Call, x: Tensor, part: str, slope: float = 0.2) -> Tensor:
    """`x`, times the slope where it is negative."""
    return call.add(part, "LeakyReLU", {"alpha": slope}, x)


def relu(call: Call, x: Tensor, part: str, *, most: float | None, slope: float, threshold: float) -> Tensor:
    """Keras's ReLU with all its arguments: `x` from the threshold to `most`, a slope below the threshold."""
    if slope and not threshold and most is None:
        return leaky_relu(call, x, part, slope)
    above = x
    if threshold:
        above = call.add(f"{part}-above" if slope else part, "ThresholdedReLU", {"theta": threshold}, x)
    if most is not None or not threshold:
        above = call.relu(f"{part}-clipped" if slope or threshold else part, above, most)
    if not slope:
        return above
    below = call.relu(f"{part}-below", call.affine(f"{part}-negated", x, -1, threshold))
    return call.sum(part, above, call.affine(f"{part}-sloped", below, -slope))


def elu(call: Call, x: Tensor, part: str, alpha: float) -> Tensor:
    """The sum of alpha times TensorFlow.js's, whose alpha is 1, and of `(1 - alpha) * relu(x)`."""
    if alpha == 1:
        return call.add(part, "Activation", {"activation": "elu"}, x)
    curved = call.add(f"{part}-elu", "Activation", {"activation": "elu"}, x)
    straight = call.affine(f"{part}-straight", call.relu(f"{part}-relu", x), 1 - alpha)
    return call.sum(part, call.affine(f"{part}-curved", curved, alpha), straight)


def softmax(call: Call, x: Tensor, axis: int) -> Tensor:
    """Over any one axis, counted with the batch; TensorFlow.js knows the last alone."""
    return along_last(call, x, axis, lambda turned: activated(call, turned, "softmax", ""))


def clip(call: Call, x: Tensor, part: str, least: float, most: float) -> Tensor:
    """`x` between two numbers, as a ReLU that begins at the lower."""
    raised = call.affine(f"{part}-raised", x, 1, -least)
    return call.affine(f"{part}-lowered", call.relu(part, raised, most - least), 1, least)


def _hard_sigmoid(call: Call, x: Tensor, part: str) -> Tensor:
    """Keras 3's: `relu6(x + 3) / 6`. TensorFlow.js's is that of Keras 2, `0.2 x + 0.5`."""
    raised = call.affine(f"{part}-raised", x, 1, 3)
    return call.affine(f"{part}-sixth", call.relu(part, raised, 6), 1 / 6)


def _hard_silu(call: Call, x: Tensor, part: str) -> Tensor:
    return call.add(f"{part}-product", "Multiply", {}, [x, _hard_sigmoid(call, x, part)])


def _log_sigmoid(call: Call, x: Tensor, part: str) -> Tensor:
    """`-softplus(-x)`."""
    plus = activated(call, call.affine(f"{part}-negated", x, -1), "softplus", part)
    return call.affine(f"{part}-log", plus, -1)


def _tanh_shrink(call: Call, x: Tensor, part: str) -> Tensor:
    return call.sum(f"{part}-rest", x, call.affine(f"{part}-negated", activated(call, x, "tanh", part), -1))


COMPOSED: dict[str, Callable[[Call, Tensor, str], Tensor]] = {
    "celu": lambda call, x, part: elu(call, x, part, 1),
    "hard_sigmoid": _hard_sigmoid,
    "hard_silu": _hard_silu,
    "hard_tanh": lambda call, x, part: clip(call, x, part, -1, 1),
    "leaky_relu": leaky_relu,
    "log_sigmoid": _log_sigmoid,
    "tanh_shrink": _tanh_shrink,
}
