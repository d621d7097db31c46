"""Operations between Keras's layers, such as `x / 255` and `keras.ops.relu(x)`, as TensorFlow.js's layers."""

from __future__ import annotations

from typing import Any

import numpy as np

from export.targets import _layers_activations as activations
from export.targets._layers_graph import Call, LackingError, Tensor, Translate
from export.targets._layers_of_keras import difference


def _operands(call: Call) -> tuple[Any, Any]:
    """The two that are combined: each a tensor, or a constant as an array."""
    first, second = (
        value if isinstance(value, Tensor) else np.asarray(value, np.float64) for value in call.arguments[:2]
    )
    return first, second


def _constant_of(call: Call, constant: Any) -> Any:
    """A constant that is combined with a tensor. Raises LackingError if that makes it larger."""
    if call.shape != call.input.shape:
        raise LackingError("combines no tensor with a constant of another shape")
    return constant


def _merged(class_name: str) -> Translate:
    """A layer that merges two tensors. Operations align shapes at their ends, layers at their beginnings."""

    def translate(call: Call) -> Tensor:
        if len({len(given.shape) for given in call.inputs}) > 1:
            raise LackingError(f"aligns tensors of different ranks otherwise in {class_name}")
        return call.add("", class_name, {}, call.inputs, call.shape)

    return translate


def _add(call: Call) -> Tensor:
    if len(call.inputs) > 1:
        return _merged("Add")(call)
    constant = next(value for value in _operands(call) if not isinstance(value, Tensor))
    return call.affine("", call.input, 1, _constant_of(call, constant))


def _subtract(call: Call) -> Tensor:
    first, second = _operands(call)
    if len(call.inputs) > 1:
        if len(first.shape) != len(second.shape):
            raise LackingError("aligns tensors of different ranks otherwise in Subtract")
        return difference(call, first, second)
    if isinstance(first, Tensor):
        return call.affine("", first, 1, -_constant_of(call, second))
    return call.affine("", second, -1, _constant_of(call, first))


def _multiply(call: Call) -> Tensor:
    if len(call.inputs) > 1:
        return _merged("Multiply")(call)
    constant = next(value for value in _operands(call) if not isinstance(value, Tensor))
    return call.affine("", call.input, _constant_of(call, constant))


def _divide(call: Call) -> Tensor:
    first, second = _operands(call)
    if isinstance(second, Tensor):
        raise LackingError("divides by constants alone")
    return call.affine("", first, 1 / _constant_of(call, second))


def _maximum(call: Call) -> Tensor:
    if len(call.inputs) > 1:
        return _merged("Maximum")(call)
    least = _number(call)
    return call.affine("raised", call.relu("", call.affine("lowered", call.input, 1, -least)), 1, least)


def _minimum(call: Call) -> Tensor:
    return (
        _merged("Minimum")(call) if len(call.inputs) > 1 else call.at_most("least", call.input, _number(call))
    )


def _number(call: Call) -> float:
    constant = next(value for value in _operands(call) if not isinstance(value, Tensor))
    if np.size(constant) > 1:
        raise LackingError("compares a tensor with one number alone, not with one for each place")
    return float(np.squeeze(constant))


def _square(call: Call) -> Tensor:
    return call.add("", "Multiply", {}, [call.input, call.input])


def _power(call: Call) -> Tensor:
    base, exponent = _operands(call)
    if isinstance(exponent, Tensor) or np.any(exponent != 2):
        raise LackingError("raises to the power of 2 alone")
    return call.add("", "Multiply", {}, [base, base], call.shape)


def _absolute(call: Call) -> Tensor:
    """`relu(x) + relu(-x)`."""
    negative = call.relu("negative", call.affine("negated", call.input, -1))
    return call.sum("", call.relu("positive", call.input), negative)


def _pooled(kind: str) -> Translate:
    """The mean or the largest of all pixels, or of all steps of a sequence, by channel."""

    def translate(call: Call) -> Tensor:
        x, rank = call.input, len(call.input.shape) + 1
        axes = sorted(axis % rank for axis in call.operation.axis or range(rank))
        if axes != list(range(1, rank - 1)) or rank not in (3, 4):
            raise LackingError("reduces the pixels of a channel alone, all of them")
        pooled = call.add("", f"Global{kind}Pooling{rank - 2}D", {}, x, x.shape[-1:])
        return call.reshape("kept", pooled, call.shape) if call.operation.keepdims else pooled

    return translate


def _sum(call: Call) -> Tensor:
    pixels = int(np.prod(call.input.shape[:-1]))
    return call.affine("sum", _pooled("Average")(call), pixels)


def _reshape(call: Call) -> Tensor:
    if np.prod(call.shape) != np.prod(call.input.shape):
        raise LackingError("keeps the batch as it is")
    return call.reshape("", call.input, call.shape)


def _transpose(call: Call) -> Tensor:
    rank = len(call.input.shape) + 1
    axes = [axis % rank for axis in call.operation.axes or range(rank)[::-1]]
    if axes[0] != 0:
        raise LackingError("keeps the batch first")
    return call.permute("", call.input, axes[1:])


def _concatenate(call: Call) -> Tensor:
    if len(call.inputs) != len(call.arguments):
        raise LackingError("concatenates no constants")
    return call.add("", "Concatenate", {"axis": call.operation.axis}, call.inputs, call.shape)


def _cast(call: Call) -> Tensor:
    if call.operation.dtype != "float32":
        raise LackingError(f"computes with float32 alone, not with {call.operation.dtype}")
    return call.input


def _gelu(call: Call) -> Tensor:
    if call.operation.approximate:
        raise LackingError("has gelu by the error function alone, not by tanh")
    return activations.activated(call, call.input, "gelu", "")


def _clip(call: Call) -> Tensor:
    least, most = float(call.operation.x_min), float(call.operation.x_max)
    return activations.clip(call, call.input, "", least, most)


def _activation(name: str) -> Translate:
    return lambda call: activations.activated(call, call.input, name, "")


def _softmax(call: Call) -> Tensor:
    if not isinstance(call.operation.axis, int):
        raise LackingError("has no softmax over several axes")
    return activations.softmax(call, call.input, call.operation.axis)


def _log_softmax(call: Call) -> Tensor:
    if call.operation.axis not in (-1, len(call.input.shape)):
        raise LackingError("has log_softmax over the last axis alone")
    return activations.activated(call, call.input, "log_softmax", "")


OPERATIONS: dict[str, Translate] = {
    "Absolute": _absolute,
    "Abs": _absolute,
    "Add": _add,
    "Cast": _cast,
    "Clip": _clip,
    "Concatenate": _concatenate,
    "Divide": _divide,
    "Elu": lambda call: activations.elu(call, call.input, "", float(call.operation.alpha)),
    "ExpandDims": _reshape,
    "Gelu": _gelu,
    "HardSigmoid": _activation("hard_sigmoid"),
    "HardSilu": _activation("hard_silu"),
    "HardTanh": _activation("hard_tanh"),
    "LeakyRelu": lambda call: activations.leaky_relu(
        call, call.input, "", float(call.operation.negative_slope)
    ),
    "LogSigmoid": _activation("log_sigmoid"),
    "LogSoftmax": _log_softmax,
    "Max": _pooled("Max"),
    "Maximum": _maximum,
    "Mean": _pooled("Average"),
    "Minimum": _minimum,
    "Multiply": _multiply,
    "Negative": lambda call: call.affine("", call.input, -1),
    "Power": _power,
    "Relu": _activation("relu"),
    "Relu6": _activation("relu6"),
    "Reshape": _reshape,
    "Selu": _activation("selu"),
    "Sigmoid": _activation("sigmoid"),
    "Silu": _activation("silu"),
    "Softmax": _softmax,
    "Softplus": _activation("softplus"),
    "Softsign": _activation("softsign"),
    "Square": _square,
    "Squeeze": _reshape,
    "Subtract": _subtract,
    "Sum": _sum,
    "Tanh": _activation("tanh"),
    "TanhShrink": _activation("tanh_shrink"),
    "Transpose": _transpose,
    "TrueDivide": _divide,
}
