"""What a `.tflite` declares of its tensors, read and set without running it."""

import numpy as np
from numpy.typing import NDArray


def with_batch_of_one(content: bytes) -> bytes:
    """A `.tflite` that declares a batch of any size, -1, changed to declare 1. Weights and operations stay.

    Args:
        content: The file. One that can't be read is returned as it is, for the runtime to report.
    """
    from ai_edge_litert import schema_py_generated as schema

    changed = bytearray(content)
    try:
        graph = schema.Model.GetRootAs(changed).Subgraphs(0)
        for number in range(graph.TensorsLength()):
            tensor = graph.Tensors(number)
            if tensor.ShapeSignatureLength():
                sizes = tensor.ShapeSignatureAsNumpy()  # a view of `changed`
                sizes[sizes == -1] = 1
    except Exception:  # flatbuffers raises whatever a wild offset leads to
        return content
    return bytes(changed)


def as_probabilities(content: bytes, found: NDArray[np.float32]) -> NDArray[np.float32]:
    """Predictions of a `.tflite` in 0..1: quantized ones are scaled back.

    Args:
        content: The file, which can be run.
        found: What it gave, as its output's own numbers.
    """
    from ai_edge_litert import schema_py_generated as schema

    graph = schema.Model.GetRootAs(content).Subgraphs(0)
    output = graph.Tensors(graph.Outputs(0))
    if output.Type() == schema.TensorType.FLOAT32:
        return found
    quantization = output.Quantization()
    scaled: NDArray[np.float32] = (found - quantization.ZeroPoint(0)) * np.float32(quantization.Scale(0))
    return scaled
