"""A `.tflite` as a program holds it: its bytes in lines, and how fine its output is."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import numpy as np
from numpy.typing import NDArray

A_LINE = 24  # numbers, so that lines stay readable


def without_associated_files(content: bytes) -> bytes:
    """A `.tflite` without the zip behind it, which is there for other tools and holds the labels."""
    if not zipfile.is_zipfile(io.BytesIO(content)):
        return content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return content[: min(entry.header_offset for entry in archive.infolist())]


def in_lines(numbers: bytes | NDArray[np.uint8]) -> list[list[int]]:
    """Bytes as the numbers of an array's lines."""
    every = list(numbers) if isinstance(numbers, bytes) else numbers.ravel().tolist()
    return [every[start : start + A_LINE] for start in range(0, len(every), A_LINE)]


def step_of(content: bytes, probabilities: NDArray[np.float32]) -> float:
    """What one quantization level of 8 bits stands for in a `.tflite`'s output.

    Args:
        content: The file.
        probabilities: Some of its outputs, by whose range it goes where the last operation isn't quantized.
    """
    from ai_edge_litert import schema_py_generated as schema

    graph = schema.Model.GetRootAs(content).Subgraphs(0)
    behind = _behind(graph, graph.Outputs(0))
    quantization = graph.Tensors(behind).Quantization()
    if quantization is None or not quantization.ScaleLength():
        return float(np.ptp(probabilities)) / 255
    bits16 = graph.Tensors(behind).Type() == schema.TensorType.INT16
    return float(quantization.Scale(0)) * (256 if bits16 else 1)


def _behind(graph: Any, output: int) -> int:
    """The tensor that an output is made from where it is floats, else the output."""
    from ai_edge_litert import schema_py_generated as schema

    if graph.Tensors(output).Type() != schema.TensorType.FLOAT32:
        return output
    operators = map(graph.Operators, range(graph.OperatorsLength()))
    return next(int(one.Inputs(0)) for one in operators if one.Outputs(0) == output)
