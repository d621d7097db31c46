"""Whether the sums of an int16x8 file fit into 32 bits, whatever picture it is given."""

import numpy as np

from export.targets._tflite_file import numbers, operations, read_model, type_of

LARGEST_ACTIVATION = 1 << 15  # of int16
LARGEST_SUM = (1 << 31) - 1
SUMMED_BY = "CONV_2D", "FULLY_CONNECTED"  # LiteRT's other kernels know only 64-bit sums


def fits_32_bits(content: bytes) -> bool:
    """Add up the weights of each channel as if every activation were the largest there is.

    Args:
        content: A `.tflite` of int16 activations and int8 weights.

    Returns:
        False if a sum could overflow, or where a layer needs a kernel that LiteRT lacks for 32-bit biases.
    """
    model = read_model(content)
    for operation in operations(model):
        if not any(type_of(tensor) == "INT8" for tensor in operation.inputs):
            continue  # it has no weights
        if operation.name not in SUMMED_BY:
            return False
        assert operation.weighted is not None
        _, weights, bias = operation.weighted
        channels = np.abs(numbers(model, weights).astype(np.int64)).reshape(weights.shape[0], -1)
        sums = channels.sum(axis=1) * LARGEST_ACTIVATION
        if bias is not None:
            sums += np.abs(numbers(model, bias).astype(np.int64))
        if sums.max() > LARGEST_SUM:
            return False
    return True
