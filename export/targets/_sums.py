"""Whether the sums of an int16x8 file fit into 32 bits, whatever picture it is given."""

from pathlib import Path

import numpy as np

LARGEST_ACTIVATION = 1 << 15  # of int16
LARGEST_SUM = (1 << 31) - 1
SUMMED_BY = "CONV_2D", "FULLY_CONNECTED"  # LiteRT's other kernels know only 64-bit sums


def fits_32_bits(path: Path) -> bool:
    """Add up the weights of each channel as if every activation were the largest there is.

    Args:
        path: A `.tflite` of int16 activations, int8 weights and int32 biases.

    Returns:
        False if a sum could overflow, or where a layer needs a kernel that LiteRT lacks for such biases.
    """
    from ai_edge_litert import schema_py_generated as schema

    model = schema.ModelT.InitFromPackedBuf(path.read_bytes(), 0)
    summing = [getattr(schema.BuiltinOperator, name) for name in SUMMED_BY]
    for graph in model.subgraphs:
        for operator in graph.operators:
            inputs = [graph.tensors[index] for index in operator.inputs if index >= 0]
            if not any(tensor.type == schema.TensorType.INT8 for tensor in inputs):
                continue  # it has no weights
            if model.operatorCodes[operator.opcodeIndex].builtinCode not in summing:
                return False
            weights, *biases = (model.buffers[tensor.buffer].data for tensor in inputs[1:])
            channels = np.abs(weights.view(np.int8).astype(np.int64)).reshape(inputs[1].shape[0], -1)
            sums = channels.sum(axis=1) * LARGEST_ACTIVATION
            for bias in biases:
                sums += np.abs(bias.view(np.int32).astype(np.int64))
            if sums.max() > LARGEST_SUM:
                return False
    return True
