"""Keras 3's layers as TensorFlow.js has them: called otherwise, meaning something else, or made of others.

Each argument was read side by side in the constructors of both, of TensorFlow.js 4.22's `dist/layers/*.js`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from export.targets import _layers_activations as activations
from export.targets._layers_convolutions import CONVOLUTIONS
from export.targets._layers_graph import Call, LackingError, Tensor, Translate, along_last, picked
from export.targets._layers_recurrent import RECURRENT


def same(*arguments: str) -> Translate:
    """A layer of the same name and meaning, with these of its arguments."""
    return lambda call: call.add(
        "", type(call.operation).__name__, picked(call.operation, *arguments), call.inputs, call.shape
    )


def _dropped(call: Call) -> Tensor:
    return call.input


def _dense(call: Call) -> Tensor:
    return dense(call, call.operation)


def dense(call: Call, layer: Any) -> Tensor:
    """A Dense, or what it is made of."""
    name = activations.name_of(layer.activation)
    fused = activations.SAME.get(name, "linear")
    weights = {"kernel": layer.kernel, **({"bias": layer.bias} if layer.use_bias else {})}
    config = {"units": layer.units, "use_bias": layer.use_bias, "activation": fused}
    found = call.add("", "Dense", config, call.input, call.shape, weights)
    return found if name in activations.SAME else activations.activated(call, found, name)


def _time_distributed(call: Call) -> Tensor:
    import keras

    if type(call.operation.layer) is not keras.layers.Dense:
        raise LackingError("distributes no layer but Dense over time alike")
    return dense(call, call.operation.layer)  # a Dense has the last axis for its own, whatever the others are


def _activation(call: Call) -> Tensor:
    return activations.activated(call, call.input, activations.name_of(call.operation.activation), "")


def _relu(call: Call) -> Tensor:
    layer = call.operation
    slope, threshold = float(layer.negative_slope or 0), float(layer.threshold or 0)
    return activations.relu(call, call.input, "", most=layer.max_value, slope=slope, threshold=threshold)


def _prelu(call: Call) -> Tensor:
    config = {"shared_axes": call.operation.shared_axes}
    return call.add("", "PReLU", config, call.input, weights={"alpha": call.operation.alpha})


def _softmax(call: Call) -> Tensor:
    axis = call.operation.axis
    axes = [axis] if isinstance(axis, int) else list(axis)
    if len(axes) > 1 or len(call.inputs) > 1:
        raise LackingError("has no Softmax over several axes, or with a mask")
    return activations.softmax(call, call.input, axes[0])


def _batch_normalization(call: Call) -> Tensor:
    layer = call.operation
    axes = layer.axis if isinstance(layer.axis, (list, tuple)) else [layer.axis]
    if len(axes) > 1:
        raise LackingError("has no BatchNormalization over several axes")
    weights = {"moving_mean": layer.moving_mean, "moving_variance": layer.moving_variance}
    if layer.scale:
        weights["gamma"] = layer.gamma
    if layer.center:
        weights["beta"] = layer.beta
    config = {"axis": -1, **picked(layer, "epsilon", "scale", "center")}
    return along_last(
        call, call.input, axes[0], lambda x: call.add("", "BatchNormalization", config, x, weights=weights)
    )


def _layer_normalization(call: Call) -> Tensor:
    layer = call.operation
    weights = {
        name: values for name, values in (("gamma", layer.gamma), ("beta", layer.beta)) if values is not None
    }
    config = {"axis": layer.axis, **picked(layer, "epsilon", "scale", "center")}
    return call.add("", "LayerNormalization", config, call.input, weights=weights)


def _normalization(call: Call) -> Tensor:
    import keras

    layer = call.operation
    mean, variance = (np.squeeze(np.asarray(values, np.float64)) for values in (layer.mean, layer.variance))
    spread = np.maximum(np.sqrt(variance), keras.config.epsilon())
    if layer.invert:
        return call.affine("", call.input, spread, mean)
    if mean.ndim == 0 or mean.shape != call.input.shape[-1:]:
        return call.affine("", call.input, 1 / spread, -mean / spread)
    return call.normalize("", call.input, mean, spread**2, 1, 0)


def _rescaling(call: Call) -> Tensor:
    return call.affine("", call.input, call.operation.scale, call.operation.offset)


def _pooling(call: Call) -> Tensor:
    config = picked(call.operation, "pool_size", "strides", "padding")
    if call.operation.data_format != "channels_last":
        config["data_format"] = "channels_first"
    return call.add("", type(call.operation).__name__, config, call.input, call.shape)


def _global_pooling(call: Call) -> Tensor:
    layer = call.operation
    channels_last = layer.data_format == "channels_last"
    if call.input.is_sequence and not channels_last:
        raise LackingError(f"has no {type(layer).__name__} of channels that come first")
    config = {} if call.input.is_sequence else {"data_format": layer.data_format}
    channels = call.input.shape[-1 if channels_last else 0]
    pooled = call.add("", type(layer).__name__, config, call.input, [channels])
    return call.reshape("kept", pooled, call.shape) if layer.keepdims else pooled


def _reshape(call: Call) -> Tensor:
    return call.reshape("", call.input, call.shape)


def _flatten(call: Call) -> Tensor:
    x = call.input
    if call.operation.data_format == "channels_first" and len(x.shape) > 2:
        x = call.permute("turned", x, [*range(2, len(x.shape) + 1), 1])
    return x if len(x.shape) == 1 else call.add("", "Flatten", {}, x, call.shape)


def _permute(call: Call) -> Tensor:
    return call.permute("", call.input, call.operation.dims)


def _subtract(call: Call) -> Tensor:
    return difference(call, *call.inputs)


def difference(call: Call, x: Tensor, y: Tensor) -> Tensor:
    """`x - y`."""
    return call.add("", "Add", {}, [x, call.affine("negated", y, -1)], call.shape)


def _merge(call: Call) -> Tensor:
    if len(call.inputs) == 1:
        return call.input
    return call.add("", type(call.operation).__name__, {}, call.inputs, call.shape)


def _dot(call: Call) -> Tensor:
    return call.add("", "Dot", picked(call.operation, "axes", "normalize"), call.inputs, call.shape)


def _upsampling(call: Call) -> Tensor:
    layer = call.operation
    if layer.interpolation != "nearest":
        raise LackingError("samples an UpSampling2D at other places, where it isn't of the nearest pixels")
    config = picked(layer, "size", "data_format", "interpolation")
    return call.add("", "UpSampling2D", config, call.input, call.shape)


def as_picture(change: Callable[[Call], tuple[str, dict[str, Any]]]) -> Translate:
    """A layer for sequences that TensorFlow.js has for pictures alone: a sequence is one of one column."""

    def translate(call: Call) -> Tensor:
        class_name, config = change(call)
        length, channels = call.input.shape
        picture = call.reshape("picture", call.input, [length, 1, channels])
        changed = call.add("", class_name, config, picture, [call.shape[0], 1, channels])
        return call.reshape("sequence", changed, call.shape)

    return translate


def _center_crop(call: Call) -> Tensor:
    layer = call.operation
    if layer.data_format != "channels_last":
        raise LackingError("has no CenterCrop of channels that come first")
    extra = [was - is_ for was, is_ in zip(call.input.shape, call.shape[:2], strict=False)]
    if min(extra) < 0 or call.shape[:2] != (layer.height, layer.width):
        raise LackingError("has no CenterCrop of pictures that must be enlarged for it")
    config = {"cropping": [[more // 2, more - more // 2] for more in extra]}
    return call.add("", "Cropping2D", config, call.input, call.shape)


LAYERS: dict[str, Translate] = {
    **CONVOLUTIONS,
    **RECURRENT,
    **dict.fromkeys(("Dropout", "GaussianDropout", "GaussianNoise", "AlphaDropout"), _dropped),
    **dict.fromkeys(("SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D"), _dropped),
    **dict.fromkeys(("ActivityRegularization", "Identity"), _dropped),
    **dict.fromkeys(("Add", "Average", "Maximum", "Minimum", "Multiply"), _merge),
    **dict.fromkeys(("AveragePooling1D", "AveragePooling2D", "AveragePooling3D"), _pooling),
    **dict.fromkeys(("MaxPooling1D", "MaxPooling2D"), _pooling),
    **dict.fromkeys(("GlobalAveragePooling1D", "GlobalAveragePooling2D"), _global_pooling),
    **dict.fromkeys(("GlobalMaxPooling1D", "GlobalMaxPooling2D"), _global_pooling),
    "Activation": _activation,
    "BatchNormalization": _batch_normalization,
    "CenterCrop": _center_crop,
    "Concatenate": same("axis"),
    "Cropping1D": as_picture(lambda call: ("Cropping2D", {"cropping": [call.operation.cropping, [0, 0]]})),
    "Cropping2D": same("cropping", "data_format"),
    "Dense": _dense,
    "Dot": _dot,
    "ELU": lambda call: activations.elu(call, call.input, "", float(call.operation.alpha)),
    "Flatten": _flatten,
    "LayerNormalization": _layer_normalization,
    "LeakyReLU": lambda call: activations.leaky_relu(
        call, call.input, "", float(call.operation.negative_slope)
    ),
    "Normalization": _normalization,
    "PReLU": _prelu,
    "Permute": _permute,
    "ReLU": _relu,
    "RepeatVector": same("n"),
    "Rescaling": _rescaling,
    "Reshape": _reshape,
    "Softmax": _softmax,
    "Subtract": _subtract,
    "TimeDistributed": _time_distributed,
    "UpSampling1D": as_picture(lambda call: ("UpSampling2D", {"size": [call.operation.size, 1]})),
    "UpSampling2D": _upsampling,
    "ZeroPadding1D": as_picture(
        lambda call: ("ZeroPadding2D", {"padding": [call.operation.padding, [0, 0]]})
    ),
    "ZeroPadding2D": same("padding", "data_format"),
}
