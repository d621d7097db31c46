"""What a `.tflite` declares, read without running it."""

from collections import Counter
from typing import Any

import numpy as np
from numpy.typing import NDArray


def operations_of(content: bytes) -> list[dict[str, Any]]:
    """The kinds of operations of a `.tflite`, by name: each with its version and how often it occurs.

    Args:
        content: The file.
    """
    from ai_edge_litert import schema_py_generated as schema

    model = schema.ModelT.InitFromPackedBuf(content, 0)
    names = {value: name for name, value in vars(schema.BuiltinOperator).items() if name.isupper()}
    found = Counter(one.opcodeIndex for graph in model.subgraphs for one in graph.operators)
    kinds = [(model.operatorCodes[place], count) for place, count in found.items()]
    entries = [{"name": names[kind.builtinCode], "version": kind.version, "count": n} for kind, n in kinds]
    return sorted(entries, key=lambda entry: (entry["name"], entry["version"]))


def form_of(content: bytes) -> tuple[dict[str, Any], dict[str, Any]]:
    """The `type`, `scale` and `zero_point` of the input and of the output of a `.tflite`.

    Args:
        content: The file. The scale of floats is 0.
    """
    from ai_edge_litert import schema_py_generated as schema

    graph = schema.Model.GetRootAs(content).Subgraphs(0)
    types = {schema.TensorType.FLOAT32: "float32", schema.TensorType.UINT8: "uint8"}

    def form(place: int) -> dict[str, Any]:
        tensor = graph.Tensors(place)
        name, quantization = types[tensor.Type()], tensor.Quantization()
        if name == "float32" or quantization is None:
            return {"type": name, "scale": 0.0, "zero_point": 0}
        zero_point = int(quantization.ZeroPoint(0))
        return {"type": name, "scale": float(quantization.Scale(0)), "zero_point": zero_point}

    return form(graph.Inputs(0)), form(graph.Outputs(0))


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
