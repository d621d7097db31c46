"""The SavedModel of an inference model, as TFLite's converter can convert it.

Keras repeats pixels by `tf.repeat`. To TFLite's converter, the number of rows and columns is unknown behind a
second one, and it has no convolution for those. Resizing by whole factors to the nearest pixel gives the same
pixels, and TFLite has one operation for it.
"""

from __future__ import annotations

from math import prod
from pathlib import Path
from typing import Any

import keras
import tensorflow as tf

from train.console.quiet import quiet


class Repeated(keras.layers.Layer):
    """Repeats pixels as an upsampling layer does.

    Args:
        factors: How often what lies along each axis is repeated, from the first axis behind the batch on.
        name: Of the layer.
    """

    def __init__(self, factors: tuple[int, ...], name: str) -> None:
        """Repeat by these factors."""
        super().__init__(name=name)
        self._factors = factors

    def call(self, inputs: Any) -> Any:
        """Repeat along all axes.

        Args:
            inputs: Shape (batch, ...), all but the batch known.
        """
        for axis in range(0, len(self._factors), 2):
            down, across = (*self._factors[axis:], 1)[:2]
            if (down, across) != (1, 1):
                inputs = _repeated(inputs, axis, down, across)
        return inputs


def saved(model: keras.Model, folder: Path) -> Path:
    """The folder of an inference model's SavedModel, written there unless it has been before.

    Its signature is `serving_default`. It holds the model as it predicts and nothing else: what Keras exports
    is traced three times, and takes TFLite's converter 1.4 times as long (0.72 instead of 0.52 s).
    """
    if not (folder / "saved_model.pb").exists():
        with quiet():
            variables, predict = _traced(model)
            tf.saved_model.save(variables, str(folder), signatures=predict)
    return folder


def _traced(model: keras.Model) -> tuple[tf.Module, Any]:
    """The variables of a model and the function that predicts with them."""
    convertible = keras.models.clone_model(model, clone_function=_convertible)
    given = model.inputs[0]
    predict = tf.function(
        lambda pictures: convertible(pictures, training=False),
        input_signature=[tf.TensorSpec(given.shape, given.dtype, given.name)],
    )
    variables = tf.Module()
    variables.of_model = [variable.value for variable in convertible.variables]
    return variables, predict


def _convertible(operation: keras.Operation) -> keras.Operation:
    """What repeats pixels by an operation that TFLite has; any other as it is, with its weights."""
    factors = _factors(operation)
    known = factors and None not in operation.output.shape[1:]
    return Repeated(factors, operation.name) if factors and known else operation


def _factors(operation: keras.Operation) -> tuple[int, ...] | None:
    """How often an operation repeats what lies along each axis; None of one that doesn't."""
    match type(operation).__name__:
        case "UpSampling1D":
            return (operation.size,)
        case "UpSampling2D" | "UpSampling3D":
            first = (1,) if operation.data_format == "channels_first" else ()
            nearest = getattr(operation, "interpolation", "nearest") == "nearest"
            return (*first, *operation.size) if nearest else None
        case "Repeat" if isinstance(operation.repeats, int) and operation.axis is not None:
            axis = operation.axis % len(operation.output.shape)
            return (*(axis - 1) * (1,), operation.repeats) if axis else None
    return None


def _repeated(inputs: Any, axis: int, down: int, across: int) -> Any:
    """Repeat along an axis, counted without the batch, and along the next."""
    sides = [*inputs.shape[1:], 1]
    before, (rows, columns), after = sides[:axis], sides[axis : axis + 2], sides[axis + 2 :]
    pictures = tf.reshape(inputs, (-1, rows, columns, prod(after)))
    larger = tf.image.resize(pictures, (rows * down, columns * across), "nearest")
    return tf.reshape(larger, (-1, *[*before, rows * down, columns * across, *after][:-1]))
