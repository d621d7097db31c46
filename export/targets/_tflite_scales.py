"""Whether the scales of a quantized file are such that its numbers keep their values and LiteRT loads it."""

from __future__ import annotations

import math

from export.targets._tflite_file import Operation, operations, read_model, type_of

# XNNPACK takes no 8-bit convolution or product of matrices whose sums are shifted by more: `requantization
# scale must be below 256` in its src/operators/convolution-nhwc.c and fully-connected-nc.c. LiteRT then
# doesn't load the file at all.
LARGEST_RATIO = 256.0
# Quantization levels between 0 and the exponential of 0. Dense layers with an exponential kept their
# predictions with 27 levels and more; with 3, and with none, parity failed.
FEWEST_LEVELS = 8


def lost_numbers(content: bytes) -> tuple[str, str] | None:
    """What is wrong with the first layer that can't be run with its scales.

    Args:
        content: A quantized `.tflite`.

    Returns:
        The reason, in words that follow "TFLite", and the operation's path; None if they all can.
    """
    for operation in operations(read_model(content)):
        if reason := _reason(operation):
            return reason, operation.path
    return None


def _reason(operation: Operation) -> str | None:
    if operation.name == "EXP" and type_of(operation.outputs[0]) == "INT16":
        coarse = FEWEST_LEVELS * operation.outputs[0].quantization.scale[0] > 1
        return "keeps too few digits for EXP in 16 bits" if coarse else None
    if operation.weighted is None:
        return None
    given, weights, _ = operation.weighted
    if any(some.quantization.scale is None for some in (given, *operation.outputs)):
        return None  # it computes in floats
    (result,) = operation.outputs
    factor, step = float(given.quantization.scale[0]), float(result.quantization.scale[0])
    scales = [float(scale) for scale in weights.quantization.scale]
    # The 16-bit quantizer scales weights by what they are multiplied with: by 0 to infinity.
    if not all(map(math.isfinite, scales)) or not math.isfinite(factor):
        return "loses weights in 16 bits whose inputs are 0 for all calibration pictures"
    if type_of(result) == "INT8" and factor * max(scales) >= LARGEST_RATIO * step:
        return "runs no 8-bit layer whose results are the same for all calibration pictures"
    return None
