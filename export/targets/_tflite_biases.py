"""Biases of quantized layers that are called several times, as recurrent ones are: each call has its own.

TensorFlow's 16-bit quantizer scales a bias once, for the first call's inputs. To a call whose inputs have
another scale, LiteRT then adds another bias: a GRU over 16 rows predicted 10% of the pictures differently,
a convolution called twice 8%.
"""

from __future__ import annotations

import copy

import numpy as np

from export.targets._tflite_file import (
    WEIGHTED,
    ModelT,
    Operation,
    numbers,
    operations,
    read_model,
    type_of,
    written,
)

EXACT = 1e-3  # a difference of scales that is rounding


def with_own_biases(content: bytes) -> bytes:
    """A quantized `.tflite` in which every call of a layer has a bias in that call's scale."""
    model = read_model(content)
    changed = [_give_own_bias(model, operation) for operation in operations(model)]
    return written(model) if any(changed) else content


def _give_own_bias(model: ModelT, operation: Operation) -> bool:
    """Give an operation a bias of its own, if the one that it has is in another scale; say whether.

    A bias is in units of the product of the scales of inputs and weights, see
    https://ai.google.dev/edge/litert/models/quantization_spec.
    """
    from ai_edge_litert import schema_py_generated as schema

    if operation.weighted is None:
        return False
    given, weights, bias = operation.weighted
    if bias is None or type_of(bias) not in ("INT32", "INT64"):
        return False
    scale = given.quantization.scale.astype(np.float64) * weights.quantization.scale
    # Of inputs that are always 0, the scale may be, too.
    factor = np.divide(bias.quantization.scale, scale, out=np.ones_like(scale), where=scale > 0)
    if np.abs(factor - 1).max() < EXACT:
        return False
    own, buffer = copy.deepcopy(bias), schema.BufferT()
    values = numbers(model, bias)
    buffer.data = np.rint(values * factor).astype(values.dtype).view(np.uint8)
    own.quantization.scale, own.buffer = scale.astype(np.float32), len(model.buffers)
    model.buffers.append(buffer)
    operation.replace_input(WEIGHTED[operation.name][2], own)
    return True
