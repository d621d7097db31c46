"""What TFLite and its quantizers lack of a model, by operation and layer, found before it is quantized."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from typing import TYPE_CHECKING

from export.target import Source
from export.targets._layer_paths import layer_of
from export.targets._tflite_file import Operation
from export.targets._tflite_float import float_operations

if TYPE_CHECKING:
    import keras

# What TensorFlow 2.19's 16-bit quantizer takes: `quantizable_int16` in
# tensorflow/compiler/mlir/lite/tools/optimize/operator_property.cc.
WITH_16_BITS = frozenset(
    {
        *("ABS", "ADD", "AVERAGE_POOL_2D", "BATCH_MATMUL", "BATCH_TO_SPACE_ND", "BROADCAST_TO"),
        *("CONCATENATION", "CONV_2D", "DEPTHWISE_CONV_2D", "EXP", "EXPAND_DIMS", "FILL", "FULLY_CONNECTED"),
        *("GATHER", "GATHER_ND", "GELU", "LEAKY_RELU", "LOG", "LOGISTIC", "MAXIMUM", "MAX_POOL_2D", "MEAN"),
        *("MINIMUM", "MIRROR_PAD", "MUL", "PACK", "PAD", "PADV2", "REDUCE_MAX", "REDUCE_MIN", "REDUCE_PROD"),
        *("RELU", "RELU6", "RESHAPE", "RESIZE_BILINEAR", "RESIZE_NEAREST_NEIGHBOR", "REVERSE_V2", "RSQRT"),
        *("SCATTER_ND", "SELECT", "SHAPE", "SLICE", "SOFTMAX", "SPACE_TO_BATCH_ND", "SPLIT", "SPLIT_V"),
        *("SQUARED_DIFFERENCE", "SQUEEZE", "STRIDED_SLICE", "SUB", "SUM", "TANH", "TILE", "TRANSPOSE"),
        *("TRANSPOSE_CONV", "UNPACK", "WHERE"),
    }
)
# Quantization levels lie evenly over all that calibration images reach. Those of an exponential leave one or
# two of 256 to most pictures, and nothing to the logarithm of that; those of a variance's inverse, by which
# layers normalize, few to pictures of little contrast: 10% were predicted differently. 16-bit kernels
# interpolate in tables of 512 steps, by which a logarithm was off by 62% of its range.
UNEVEN = {"int8": {"EXP", "LOG", "RSQRT"}, "int16x8": {"LOG"}}
# The 8-bit quantizer gives inputs the range of such a result, though other operations take them, too: of
# celu, which adds up a maximum and a minimum, the greater half was cut off. Comparisons may not mind.
NARROWING = {"MINIMUM", "MAXIMUM", "SELECT", "SELECT_V2"}
# A step: what lies exactly at it, as a certain grey level, is rounded to the other side for every picture.
DECIDING = {"GREATER", "GREATER_EQUAL", "LESS", "LESS_EQUAL"}
COMPARING = DECIDING | {"EQUAL", "NOT_EQUAL"}


def refusal(source: Source) -> str | None:
    """Why TFLite can't have a model in floats, by operation and layer; None where it can."""
    found = float_operations(source.model, source.saved_model)
    return found if isinstance(found, str) else None


def refusal_of_int8(source: Source) -> str | None:
    """Why TFLite can't have a model with 8-bit activations."""
    found = float_operations(source.model, source.saved_model)
    if isinstance(found, str):
        return found
    computed = {id(tensor) for operation in found for tensor in operation.outputs}
    takers = [operation for operation in found if operation.name not in COMPARING]
    taken = Counter(id(tensor) for operation in takers for tensor in operation.inputs)
    for operation in found:
        if operation.name in UNEVEN["int8"]:
            return _refused(f"keeps too few digits for {operation.name} in 8 bits", operation, source.model)
        if operation.name in NARROWING and any(
            taken[id(tensor)] > 1 for tensor in operation.inputs if id(tensor) in computed
        ):
            reason = f"cuts off in 8 bits what {operation.name} and other operations take"
            return _refused(reason, operation, source.model)
        if operation.name in DECIDING:
            return _refused(f"rounds in 8 bits what {operation.name} decides by", operation, source.model)
    return None


def refusal_of_int16x8(source: Source) -> str | None:
    """Why TFLite can't have a model with 16-bit activations."""
    found = float_operations(source.model, source.saved_model)
    if isinstance(found, str):
        return found
    zeros = [id(tensor) for operation in found if operation.name == "FILL" for tensor in operation.outputs]
    for operation in found:
        if _is_biased(operation, zeros):
            return _refused(
                "loses weights in 16 bits that are first applied to a state of 0", operation, source.model
            )
        if operation.name not in WITH_16_BITS:
            return _refused(f"has no 16-bit {operation.name} operation", operation, source.model)
        if operation.name == "SUM":
            return _refused(
                "cuts sums off in 16 bits at the largest number that is added", operation, source.model
            )
        if operation.name in UNEVEN["int16x8"]:
            return _refused(f"keeps too few digits for {operation.name} in 16 bits", operation, source.model)
    return None


def _is_biased(operation: Operation, zeros: Collection[int]) -> bool:
    """Whether a layer adds a bias to what it makes of one of these tensors.

    The quantizer scales weights such that the bias has few enough bits in units of the product.
    """
    given, _, bias = operation.weighted or (None, None, None)
    return bias is not None and id(given) in zeros


def _refused(reason: str, operation: Operation, model: keras.Model) -> str:
    return f"TFLite {reason} ({layer_of(operation.path, model)})"
