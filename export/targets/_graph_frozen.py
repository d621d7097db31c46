"""A Keras model as one frozen TensorFlow graph, of operations that TensorFlow.js has where there is an equal.

Some are written anew, each with the same arithmetic:

- `Erfc(x)`, of which Keras's gelu is made, is `1 - Erf(x)`;
- `Softsign(x)` is `x / (1 + |x|)`;
- a `Conv2D` over groups of channels is one convolution for each group, concatenated;
- an `Einsum` that multiplies matrices, of which attention is made, is `BatchMatMulV2` between transpositions.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import keras

# Protocol buffers of TensorFlow, which ships no types.
GraphDef = Any
NodeDef = Any
SignatureDef = Any


def checksum(model: keras.Model) -> int:
    """A number that changes with a model's weights."""
    found = 0
    for weight in model.weights:
        found = zlib.crc32(np.ascontiguousarray(weight).data, found)
    return found


def frozen_graph(model: keras.Model) -> tuple[GraphDef, SignatureDef]:
    """Trace a model as it predicts, with its weights as constants.

    Returns:
        The graph, not to be changed, and the signature that names its input and its output.
    """
    return _frozen(model, checksum(model))


# Tracing takes long, and conversion comes after the question whether it is possible. A model's weights may
# change in the meantime.
@lru_cache(maxsize=1)
def _frozen(model: keras.Model, _checksum: int) -> tuple[GraphDef, SignatureDef]:
    import tensorflow as tf
    from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

    picture = model.inputs[0]
    predict = tf.function(lambda pictures: model(pictures, training=False))
    eagerly = tf.config.functions_run_eagerly()
    # Keras has XLA compile a Conv2D of groups, in a function that can't be inlined otherwise.
    tf.config.run_functions_eagerly(True)
    try:
        traced = predict.get_concrete_function(tf.TensorSpec(picture.shape, picture.dtype, picture.name))
    finally:
        tf.config.run_functions_eagerly(eagerly)
    frozen = convert_variables_to_constants_v2(traced, aggressive_inlining=True)
    graph = frozen.graph.as_graph_def()
    rewritten = [
        new for node in graph.node for new in _rewritten(node, frozen.graph.get_operation_by_name(node.name))
    ]
    del graph.node[:]
    graph.node.extend(rewritten)
    return graph, _signature(frozen.inputs[0], frozen.outputs[0])


def _signature(given: Any, predicted: Any) -> SignatureDef:
    from tensorflow.core.protobuf.meta_graph_pb2 import SignatureDef

    signature = SignatureDef()
    name = given.name.split(":")[0]
    for tensors, key, tensor in ((signature.inputs, name, given), (signature.outputs, "output_0", predicted)):
        tensors[key].name = tensor.name
        tensors[key].dtype = tensor.dtype.as_datatype_enum
        tensors[key].tensor_shape.CopyFrom(tensor.shape.as_proto())
    return signature


def _rewritten(node: NodeDef, operation: Any) -> Iterable[NodeDef]:
    """The nodes that take the place of one; the last of them has its name."""
    if node.op == "Erfc":
        return _by_erf(node)
    if node.op == "Softsign":
        return _by_abs(node)
    if node.op == "Cumsum":
        return _from_the_front(node, operation)
    if node.op == "Conv2D" and node.attr["data_format"].s == b"NHWC":
        channels, channels_of_kernel = operation.inputs[0].shape[3], operation.inputs[1].shape[2]
        if channels and channels > channels_of_kernel:
            return _by_groups(node, channels // channels_of_kernel)
    if node.op == "Einsum" and len(node.input) == 2:
        return _by_matrices(node)
    return [node]


def _by_erf(node: NodeDef) -> list[NodeDef]:
    one = _constant(f"{node.name}/one", np.float32(1))
    erf = _node("Erf", f"{node.name}/erf", node.input, T=node.attr["T"])
    return [one, erf, _node("Sub", node.name, [one.name, erf.name], T=node.attr["T"])]


def _by_abs(node: NodeDef) -> list[NodeDef]:
    one = _constant(f"{node.name}/one", np.float32(1))
    size = _node("Abs", f"{node.name}/size", node.input, T=node.attr["T"])
    more = _node("AddV2", f"{node.name}/more", [size.name, one.name], T=node.attr["T"])
    return [one, size, more, _node("RealDiv", node.name, [*node.input, more.name], T=node.attr["T"])]


def _from_the_front(node: NodeDef, operation: Any) -> list[NodeDef]:
    """Count the axis of a running sum from the front, which is all that TF.js knows."""
    import tensorflow as tf

    summed, axis = operation.inputs
    counted = _constant(f"{node.name}/counted", np.int32(tf.get_static_value(axis) % summed.shape.rank))
    node.input[1] = counted.name
    node.attr["Tidx"].CopyFrom(counted.attr["dtype"])
    return [counted, node]


def _by_groups(node: NodeDef, groups: int) -> list[NodeDef]:
    axis = _constant(f"{node.name}/axis", np.int32(3))
    parts = [
        _node("Split", f"{node.name}/{what}", [axis.name, tensor], T=node.attr["T"], num_split=groups)
        for what, tensor in zip(("pictures", "kernels"), node.input, strict=True)
    ]
    convolutions = []
    for group in range(groups):
        convolution = type(node)()
        convolution.CopyFrom(node)
        convolution.name = f"{node.name}/{group}"
        convolution.input[:] = [f"{part.name}:{group}" if group else part.name for part in parts]
        convolutions.append(convolution)
    names = [*(convolution.name for convolution in convolutions), axis.name]
    joined = _node("ConcatV2", node.name, names, T=node.attr["T"], N=groups, Tidx=axis.attr["dtype"])
    return [axis, *parts, *convolutions, joined]


def _by_matrices(node: NodeDef) -> list[NodeDef]:
    """Take apart an equation such as `aecd,abcd->acbe`; leave one that isn't a product of matrices."""
    operands, result = node.attr["equation"].s.decode().split("->")
    a, b = operands.split(",")
    both = [label for label in a if label in b]
    batch = [label for label in both if label in result]
    summed = [label for label in both if label not in result]
    left, right = ([label for label in given if label not in both] for given in (a, b))
    kinds = set(map(len, (summed, left, right)))
    if kinds != {1} or "." in a or sorted(batch + left + right) != sorted(result):
        return [node]
    first = _transposed(node, f"{node.name}/a", node.input[0], a, batch + left + summed)
    second = _transposed(node, f"{node.name}/b", node.input[1], b, batch + summed + right)
    names = [first[-1].name, second[-1].name]
    product = _node("BatchMatMulV2", f"{node.name}/product", names, T=node.attr["T"])
    ordered = _transposed(node, node.name, product.name, batch + left + right, result)
    return [*first, *second, product, *ordered]


def _transposed(
    node: NodeDef, name: str, tensor: str, labels: Sequence[str], wanted: Sequence[str]
) -> list[NodeDef]:
    order = _constant(f"{name}/order", np.array([labels.index(label) for label in wanted], np.int32))
    types = {"T": node.attr["T"], "Tperm": order.attr["dtype"]}
    return [order, _node("Transpose", name, [tensor, order.name], **types)]


def _constant(name: str, value: Any) -> NodeDef:
    import tensorflow as tf
    from tensorflow.core.framework.attr_value_pb2 import AttrValue

    tensor = tf.make_tensor_proto(value)
    return _node("Const", name, [], dtype=AttrValue(type=tensor.dtype), value=AttrValue(tensor=tensor))


def _node(op: str, name: str, inputs: Iterable[str], **attributes: Any) -> NodeDef:
    from tensorflow.core.framework.node_def_pb2 import NodeDef

    node = NodeDef(op=op, name=name, input=inputs)
    for key, value in attributes.items():
        if isinstance(value, int):
            node.attr[key].i = value
        else:
            node.attr[key].CopyFrom(value)
    return node
