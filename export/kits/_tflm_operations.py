"""The operations that TensorFlow Lite for Microcontrollers has, by its `MicroMutableOpResolver`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

# The methods that add a built-in operation, without their `Add`: `AddConv2D` adds CONV_2D.
_LISTED = """
Abs Add AddN ArgMax ArgMin AssignVariable AveragePool2D BatchMatMul BatchToSpaceNd BroadcastArgs BroadcastTo
CallOnce Cast Ceil Concatenation Conv2D Cos CumSum DepthToSpace DepthwiseConv2D Dequantize Div
DynamicUpdateSlice Elu EmbeddingLookup Equal Exp ExpandDims Fill Floor FloorDiv FloorMod FullyConnected Gather
GatherNd Greater GreaterEqual HardSwish If L2Normalization L2Pool2D LeakyRelu Less LessEqual Log LogSoftmax
LogicalAnd LogicalNot LogicalOr Logistic MaxPool2D Maximum Mean Minimum MirrorPad Mul Neg NotEqual Pack Pad
PadV2 Prelu Quantize ReadVariable ReduceAll ReduceMax ReduceMin Relu Relu6 Reshape ResizeBilinear
ResizeNearestNeighbor ReverseV2 Round Rsqrt SelectV2 Shape Sin Slice Softmax SpaceToBatchNd SpaceToDepth Split
SplitV Sqrt Square SquaredDifference Squeeze StridedSlice Sub Sum Svdf Tanh Transpose TransposeConv
UnidirectionalSequenceLSTM Unpack VarHandle While ZerosLike
"""
METHODS = _LISTED.split()
_BY_NAME = {method.lower(): f"Add{method}" for method in METHODS}


def method_of(operation: str) -> str | None:
    """The resolver's method that adds an operation, by its name in the schema; None if it has none."""
    return _BY_NAME.get(operation.replace("_", "").lower())


def methods_of(operations: Sequence[Mapping[str, Any]]) -> list[str]:
    """The methods that add a file's operations, once each; all of them are known."""
    found = {method_of(operation["name"]) for operation in operations}
    return sorted(filter(None, found))


def missing(operations: Sequence[Mapping[str, Any]]) -> list[str]:
    """The names of a file's operations that the resolver has no method for."""
    return sorted({one["name"] for one in operations if method_of(one["name"]) is None})
