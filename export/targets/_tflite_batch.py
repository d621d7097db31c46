"""The batch that a `.tflite` declares: 1, where the converter leaves it open.

LiteRT's C and Swift interfaces refuse a batch of -1, and react-native-fast-tflite answers it with one output
for all inputs. Whoever runs several pictures at once resizes the input, which stays possible.
"""

from __future__ import annotations

from collections import Counter

import numpy as np

from export.targets._tflite_file import GraphT, ModelT, Operation, TensorT, is_constant, operations

ANY = -1  # a size that is known when the model runs


def declare_one_picture(model: ModelT) -> None:
    """Change a model that was read: every open size becomes 1, and what only computed open sizes goes."""
    for operation in operations(model):
        if operation.name == "RESHAPE":
            _give_constant_shape(model, operation)
    for graph in model.subgraphs:
        _remove_unused_operations(graph)
        for tensor in graph.tensors:
            if tensor.shapeSignature is not None:
                tensor.shape = np.where(tensor.shapeSignature == ANY, 1, tensor.shapeSignature)
                tensor.shapeSignature = None
    _remove_unused_codes(model)


def _give_constant_shape(model: ModelT, operation: Operation) -> None:
    """Name the shape of a RESHAPE, which Flatten computes from the batch: one size may stay open."""
    shape, (result,) = operation.input(1), operation.outputs
    sizes = result.shapeSignature
    if shape is None or is_constant(model, shape) or sizes is None or list(sizes).count(ANY) != 1:
        return
    operation.replace_input(1, _constant(model, np.asarray(sizes, np.int32), shape))
    if operation.content.builtinOptions is not None:
        operation.content.builtinOptions.newShape = None


def _constant(model: ModelT, values: np.ndarray[tuple[int], np.dtype[np.int32]], like: TensorT) -> TensorT:
    from ai_edge_litert import schema_py_generated as schema

    buffer, tensor = schema.BufferT(), schema.TensorT()
    buffer.data = values.view(np.uint8)
    tensor.name, tensor.type, tensor.buffer = like.name + b"/constant", like.type, len(model.buffers)
    tensor.shape = np.asarray(values.shape, np.int32)
    model.buffers.append(buffer)
    return tensor


def _remove_unused_operations(graph: GraphT) -> None:
    """Remove operations without effect whose results nothing takes."""
    while True:
        taken = Counter(place for one in graph.operators for place in one.inputs)
        taken.update(graph.outputs)
        kept = [one for one in graph.operators if any(taken[place] for place in one.outputs)]
        if len(kept) == len(graph.operators):
            return
        graph.operators = kept


def _remove_unused_codes(model: ModelT) -> None:
    """Remove kinds of operations that no operation is of."""
    used = sorted({one.opcodeIndex for graph in model.subgraphs for one in graph.operators})
    places = {old: new for new, old in enumerate(used)}
    model.operatorCodes = [model.operatorCodes[old] for old in used]
    for graph in model.subgraphs:
        for one in graph.operators:
            one.opcodeIndex = places[one.opcodeIndex]
