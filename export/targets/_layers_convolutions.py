"""Keras's convolutions as TensorFlow.js has them.

It knows no groups, ignores the dilation of a DepthwiseConv2D, and has no separable or depthwise one of
sequences. So a convolution of groups has zeros in its kernel between channels of different groups, a dilated
depthwise kernel has its zeros written out, and a sequence is a picture of one column.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from export.targets import _layers_activations as activations
from export.targets._layers_graph import Call, LackingError, Tensor, Translate


def _convolved(
    call: Call,
    class_name: str,
    config: dict[str, Any],
    x: Tensor,
    shape: tuple[int, ...],
    weights: dict[str, Any],
) -> Tensor:
    """Call a convolution with its bias and its activation, or what that is made of."""
    layer = call.operation
    name = activations.name_of(layer.activation)
    fused = activations.SAME.get(name, "linear")
    if layer.use_bias:
        weights["bias"] = layer.bias
    common = {"activation": fused, "use_bias": layer.use_bias, "padding": layer.padding}
    if len(x.shape) > 2 and layer.data_format == "channels_first":
        common["data_format"] = "channels_first"
        if name not in activations.SAME or fused == "softmax":
            raise LackingError(f"applies no activation {name} to channels that come first")
    found = call.add("", class_name, {**common, **config}, x, shape, weights)
    return found if name in activations.SAME else activations.activated(call, found, name)


def _convolution(call: Call) -> Tensor:
    layer, x = call.operation, call.input
    if x.is_sequence and layer.data_format != "channels_last":
        raise LackingError("has no Conv1D of channels that come first")
    config = _sides(layer)
    kernel = np.asarray(layer.kernel)
    channels = kernel.shape[-2] * layer.groups
    if layer.groups == channels > 1 and len(x.shape) == 3 and max(layer.dilation_rate) == 1:
        multiplier = layer.filters // channels
        depthwise = kernel.reshape(*layer.kernel_size, channels, multiplier)
        del config["dilation_rate"]
        config["depth_multiplier"] = multiplier
        return _convolved(call, "DepthwiseConv2D", config, x, call.shape, {"depthwise_kernel": depthwise})
    if layer.padding == "causal":
        missing = layer.dilation_rate[0] * (layer.kernel_size[0] - 1)
        length, features = x.shape
        picture = call.reshape("picture", x, [length, 1, features])
        padding = {"padding": [[missing, 0], [0, 0]]}
        padded = call.add("padded", "ZeroPadding2D", padding, picture, [length + missing, 1, features])
        x = call.reshape("sequence", padded, [length + missing, features])
        config["padding"] = "valid"
    config["filters"] = layer.filters
    return _convolved(
        call, type(layer).__name__, config, x, call.shape, {"kernel": _of_all_channels(kernel, layer.groups)}
    )


def _sides(layer: Any) -> dict[str, Any]:
    return {name: list(getattr(layer, name)) for name in ("kernel_size", "strides", "dilation_rate")}


def _of_all_channels(kernel: NDArray[Any], groups: int) -> NDArray[Any]:
    """The kernel of groups of channels as one of all channels: zero from a channel to another group's."""
    if groups == 1:
        return kernel
    inside, outside = kernel.shape[-2], kernel.shape[-1] // groups
    whole = np.zeros((*kernel.shape[:-2], inside * groups, kernel.shape[-1]), kernel.dtype)
    for group in range(groups):
        channels = slice(group * inside, (group + 1) * inside)
        filters = slice(group * outside, (group + 1) * outside)
        whole[..., channels, filters] = kernel[..., filters]
    return whole


def _depthwise(call: Call) -> Tensor:
    layer = call.operation
    kernel = _spread(np.asarray(layer.kernel), layer.dilation_rate)
    config = {
        "kernel_size": list(kernel.shape[:2]),
        "strides": list(layer.strides),
        "depth_multiplier": layer.depth_multiplier,
    }
    weights = {"depthwise_kernel": kernel}
    return _convolved(call, "DepthwiseConv2D", config, call.input, call.shape, weights)


def _spread(kernel: NDArray[Any], dilation: tuple[int, int]) -> NDArray[Any]:
    """A dilated kernel with its zeros written out."""
    height, width = ((side - 1) * rate + 1 for side, rate in zip(kernel.shape[:2], dilation, strict=True))
    spread = np.zeros((height, width, *kernel.shape[2:]), kernel.dtype)
    spread[:: dilation[0], :: dilation[1]] = kernel
    return spread


def _separable(call: Call) -> Tensor:
    layer = call.operation
    config = _sides(layer)
    config.update(filters=layer.filters, depth_multiplier=layer.depth_multiplier)
    weights = {"depthwise_kernel": layer.depthwise_kernel, "pointwise_kernel": layer.pointwise_kernel}
    return _convolved(call, "SeparableConv2D", config, call.input, call.shape, weights)


def _separable_sequence(call: Call) -> Tensor:
    layer = call.operation
    weights = {
        "depthwise_kernel": np.asarray(layer.depthwise_kernel)[:, None],
        "pointwise_kernel": np.asarray(layer.pointwise_kernel)[:, None],
    }
    config = {"filters": layer.filters, "dilation_rate": [layer.dilation_rate[0], 1]}
    return _as_picture(call, "SeparableConv2D", config, weights)


def _depthwise_sequence(call: Call) -> Tensor:
    kernel = _spread(np.asarray(call.operation.kernel)[:, None], (call.operation.dilation_rate[0], 1))
    config = {"kernel_size": list(kernel.shape[:2])}
    return _as_picture(call, "DepthwiseConv2D", config, {"depthwise_kernel": kernel})


def _as_picture(call: Call, class_name: str, config: dict[str, Any], weights: dict[str, Any]) -> Tensor:
    layer = call.operation
    if layer.data_format != "channels_last":
        raise LackingError(f"has no {type(layer).__name__} of channels that come first")
    if layer.strides[0] > 1:
        raise LackingError(f"has no {type(layer).__name__} with strides")  # it knows equal ones of both sides
    length, channels = call.input.shape
    picture = call.reshape("picture", call.input, [length, 1, channels])
    sides = {"kernel_size": [layer.kernel_size[0], 1], "strides": [1, 1]}
    config = {**sides, "depth_multiplier": layer.depth_multiplier, **config}
    shape = (call.shape[0], 1, call.shape[1])
    return call.reshape("sequence", _convolved(call, class_name, config, picture, shape, weights), call.shape)


def _transposed(call: Call) -> Tensor:
    layer = call.operation
    if max(layer.dilation_rate) > 1 or layer.output_padding is not None:
        raise LackingError("has no Conv2DTranspose with dilation or output_padding")
    config = {
        "kernel_size": list(layer.kernel_size),
        "strides": list(layer.strides),
        "filters": layer.filters,
    }
    return _convolved(call, "Conv2DTranspose", config, call.input, call.shape, {"kernel": layer.kernel})


CONVOLUTIONS: dict[str, Translate] = {
    **dict.fromkeys(("Conv1D", "Conv2D", "Conv3D"), _convolution),
    "Conv2DTranspose": _transposed,
    "DepthwiseConv1D": _depthwise_sequence,
    "DepthwiseConv2D": _depthwise,
    "SeparableConv1D": _separable_sequence,
    "SeparableConv2D": _separable,
}
