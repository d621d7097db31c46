"""The content of a `.tflite` as objects, by TFLite's own schema."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

# Objects of the schema, which ships no types.
ModelT = Any
GraphT = Any
OperatorT = Any
TensorT = Any

DTYPES = {"FLOAT32": np.float32, "INT8": np.int8, "INT16": np.int16, "INT32": np.int32, "INT64": np.int64}
ALIGNMENT = 16  # `force_align` of a buffer's data
# Which inputs of an operation are activations, weights and bias.
WEIGHTED = {
    "CONV_2D": (0, 1, 2),
    "DEPTHWISE_CONV_2D": (0, 1, 2),
    "FULLY_CONNECTED": (0, 1, 2),
    "TRANSPOSE_CONV": (2, 1, 3),
}


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation.

    Attributes:
        name: As in TFLite's schema: `CONV_2D`.
        graph: The graph that it is in.
        content: Itself.
    """

    name: str
    graph: GraphT
    content: OperatorT

    def input(self, index: int) -> TensorT | None:
        """One of its inputs, None if it lacks that."""
        places = self.content.inputs
        place = places[index] if index < len(places) else -1  # which stands for one that is left out
        return None if place < 0 else self.graph.tensors[place]

    def replace_input(self, index: int, tensor: TensorT) -> None:
        """Give it another input, which no other operation has."""
        places = list(self.content.inputs)
        places[index] = len(self.graph.tensors)
        self.content.inputs = places
        self.graph.tensors.append(tensor)

    @property
    def weighted(self) -> tuple[TensorT, TensorT, TensorT] | None:
        """What a layer's weights are applied to, the weights, and the bias or None; None of others."""
        if self.name not in WEIGHTED:
            return None
        given, weights, bias = (self.input(index) for index in WEIGHTED[self.name])
        return given, weights, bias

    @property
    def inputs(self) -> list[TensorT]:
        """The inputs that it has."""
        return [self.graph.tensors[place] for place in self.content.inputs if place >= 0]

    @property
    def outputs(self) -> list[TensorT]:
        """What it gives."""
        return [self.graph.tensors[place] for place in self.content.outputs]

    @property
    def path(self) -> str:
        """Where in the converted model it was, as `classifier/conv2d/BiasAdd`."""
        return str(self.outputs[0].name.decode().split(";")[0]) if self.outputs else ""


def read_model(content: bytes) -> ModelT:
    """Everything in a `.tflite`."""
    from ai_edge_litert import schema_py_generated as schema

    return schema.ModelT.InitFromPackedBuf(content, 0)


def written(model: ModelT) -> bytes:
    """The `.tflite` of a model that was read and changed."""
    import flatbuffers

    packed = copy.copy(model)
    packed.buffers = [_AlignedBuffer(buffer) for buffer in model.buffers]
    builder = flatbuffers.Builder()
    builder.Finish(packed.Pack(builder), b"TFL3")
    return bytes(builder.Output())


class _AlignedBuffer:
    """A buffer at a multiple of 16 bytes, as TFLite's schema demands; Python's writer passes over that.

    A microcontroller that reads 32-bit numbers from other addresses stops.
    """

    def __init__(self, buffer: Any) -> None:
        self._buffer = buffer

    def Pack(self, builder: Any) -> int:  # noqa: N802
        """Write it; return where."""
        from ai_edge_litert import schema_py_generated as schema

        data = self._buffer.data
        if data is not None:
            content = np.asarray(data, np.uint8).tobytes()
            builder.StartVector(1, len(content), ALIGNMENT)
            builder.head -= len(content)
            builder.Bytes[builder.head : builder.head + len(content)] = content
            place = builder.EndVector()
        schema.BufferStart(builder)
        if data is not None:
            schema.BufferAddData(builder, place)
        return int(schema.BufferEnd(builder))


def operations(model: ModelT) -> Iterator[Operation]:
    """All operations of all graphs, in the order in which they run."""
    names = _names("BuiltinOperator")
    for graph in model.subgraphs:
        for operator in graph.operators:
            name = names[model.operatorCodes[operator.opcodeIndex].builtinCode]
            yield Operation(name, graph, operator)


def type_of(tensor: TensorT) -> str:
    """The type of a tensor's numbers: `INT8`."""
    return _names("TensorType")[tensor.type]


def is_constant(model: ModelT, tensor: TensorT) -> bool:
    """Whether a tensor's numbers are in the file."""
    data = model.buffers[tensor.buffer].data
    return data is not None and len(data) > 0


def numbers(model: ModelT, tensor: TensorT) -> NDArray[Any]:
    """The numbers of a constant tensor, in one row."""
    values: NDArray[Any] = model.buffers[tensor.buffer].data.view(DTYPES[type_of(tensor)])
    return values


@cache
def _names(enumeration: str) -> dict[int, str]:
    from ai_edge_litert import schema_py_generated as schema

    return {number: name for name, number in vars(getattr(schema, enumeration)).items() if name.isupper()}
