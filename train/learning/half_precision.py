"""Round a trained model's weights so that its float16 exports compute with the very same ones.

Converters multiply each kernel by the normalisation behind it and round the product to float16. In a small
network these roundings add up: those of the first kernel alone, 144 weights, moved probabilities by 0.005.
Rounded once at the end of training, the weights stay as they are when an export rounds them again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import keras


def round_to_half(model: keras.Model) -> None:
    """Round what converters make of each kernel and each bias to float16.

    Args:
        model: One of `train.network.architectures`, trained; its weights are changed by half a unit in
            float16's last place.
    """
    from keras import layers

    kinds = layers.Conv2D, layers.DepthwiseConv2D, layers.Dense
    for layer in model.layers:
        if not isinstance(layer, kinds):
            continue
        consumers = [node.operation for node in layer._outbound_nodes]
        norms = [norm for norm in consumers if isinstance(norm, layers.BatchNormalization)]
        if norms:
            _round_normalised(layer, norms[0])
        else:
            layer.set_weights([_half(weights) for weights in layer.get_weights()])


def _round_normalised(layer: keras.layers.Layer, norm: keras.layers.BatchNormalization) -> None:
    """Round a kernel's product with the scale of its normalisation, and the offset that remains."""
    gamma, beta, mean, variance = norm.get_weights()
    scale = gamma / np.sqrt(variance + norm.epsilon)
    kernel, *bias = layer.get_weights()
    by_channel = scale.reshape(kernel.shape[-2:]) if _is_depthwise(layer) else scale
    divisor = np.where(by_channel == 0, 1, by_channel)
    rounded = np.where(by_channel == 0, kernel, _half(kernel * by_channel) / divisor)
    layer.set_weights([rounded, *bias])
    before = mean - bias[0] if bias else mean
    norm.set_weights([gamma, _half(beta - before * scale) + before * scale, mean, variance])


def _is_depthwise(layer: keras.layers.Layer) -> bool:
    from keras import layers

    return isinstance(layer, layers.DepthwiseConv2D)  # its kernel ends in (channels, multiplier)


def _half(weights: NDArray[Any]) -> NDArray[np.float32]:
    return weights.astype(np.float16).astype(np.float32)
