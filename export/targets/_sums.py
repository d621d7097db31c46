"""The sums of an int16x8 file: in 32 bits where no picture can overflow them, else in 64."""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from export.targets._tflite_file import (
    ModelT,
    Operation,
    is_constant,
    numbers,
    operations,
    read_model,
    type_of,
    written,
)

LARGEST_ACTIVATION = 1 << 15  # of int16
LARGEST_SUM = (1 << 31) - 1
SUMMED_BY = "CONV_2D", "FULLY_CONNECTED"  # LiteRT's other kernels know only 64-bit sums


def with_short_sums(content: bytes) -> bytes:
    """Make the biases of every layer whose sums fit into 32 bits that short, as LiteRT sums in their type.

    Args:
        content: A `.tflite` of int16 activations, int8 weights and int64 biases.

    Returns:
        The same layers; LiteRT has fast kernels for short sums alone.
    """
    model = read_model(content)
    by_biases: dict[int, list[Operation]] = defaultdict(list)
    for number, operation in enumerate(operations(model)):
        if operation.name in SUMMED_BY and operation.weighted:
            _, weights, bias = operation.weighted
            if type_of(weights) == "INT8" and is_constant(model, weights):
                # A layer without biases shares none.
                by_biases[-number if bias is None else bias.buffer].append(operation)
    for layers in by_biases.values():
        if all(_fits_32_bits(model, layer) for layer in layers):
            _shorten(model, layers)
    return written(model)


def _fits_32_bits(model: ModelT, layer: Operation) -> bool:
    """Add up the weights of each channel as if every activation were the largest there is."""
    assert layer.weighted is not None
    _, weights, bias = layer.weighted
    channels = np.abs(numbers(model, weights).astype(np.int64)).reshape(weights.shape[0], -1)
    sums = channels.sum(axis=1) * LARGEST_ACTIVATION
    if bias is not None:
        sums += np.abs(numbers(model, bias))
    return bool(sums.max() <= LARGEST_SUM)


def _shorten(model: ModelT, layers: Sequence[Operation]) -> None:
    """Sum in 32 bits in layers that share their biases, or in one layer without any."""
    from ai_edge_litert.schema_py_generated import TensorType

    biases = [layer.weighted[2] for layer in layers if layer.weighted and layer.weighted[2] is not None]
    if biases:
        model.buffers[biases[0].buffer].data = numbers(model, biases[0]).astype(np.int32).view(np.uint8)
    for bias in biases:
        bias.type = TensorType.INT32
    for layer in layers:
        layer.content.builtinOptions.quantizedBiasType = TensorType.INT32
