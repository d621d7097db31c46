"""The architectures: raw grey levels in, probabilities out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from train.contract import InputContract
from train.settings import Convolution, Settings

if TYPE_CHECKING:
    import keras


def build_model(settings: Settings, contract: InputContract) -> keras.Model:
    """Build an untrained model.

    Input and output layers are named `image` and `probabilities`, because those names become the
    signature of every exported copy.

    Args:
        settings: Which model, and its layers. For MNIST the default CNN has 31,162 parameters, the default
            MLP, 784-10-10, 8,070.
        contract: Shape of the input and number of classes.

    Returns:
        A model from (batch, height, width, channels) grey levels 0..255 to (batch, classes) probabilities.
    """
    import keras
    from keras import layers

    image = keras.Input(contract.shape, name="image")
    # Inside the model, so that no runtime has to carry the scale.
    x = layers.Rescaling(1 / 255, name="rescale")(image)
    x = {"cnn": _convolutions, "mlp": _hidden_layers}[settings.model](x, settings)
    probabilities = layers.Dense(len(contract.labels), activation="softmax", name="probabilities")(x)
    return keras.Model(image, probabilities, name=settings.model)


def _convolutions(x: keras.KerasTensor, settings: Settings) -> keras.KerasTensor:
    """One after the other; one that keeps the shape adds to what it is given (He et al. 2016, ResNet)."""
    from keras import layers

    for number, convolution in enumerate(settings.convolutions, 1):
        before = x
        x = _convolution(x, convolution, number, settings.activation)
        if x.shape == before.shape:
            x = layers.Add(name=f"add{number}")([before, x])
        x = layers.Activation(settings.activation, name=f"activation{number}")(x)
        if convolution.pool > 1:
            x = layers.MaxPooling2D(convolution.pool, padding="same", name=f"pool{number}")(x)
    x = layers.GlobalAveragePooling2D(name="mean")(x)
    return layers.Dropout(settings.dropout, name="dropout")(x) if settings.dropout else x


def _convolution(
    x: keras.KerasTensor, convolution: Convolution, number: int, activation: str
) -> keras.KerasTensor:
    """Convolve and normalise. No biases: each normalisation that follows has one."""
    from keras import layers

    side = convolution.side
    if convolution.depthwise:
        x = layers.DepthwiseConv2D(side, padding="same", use_bias=False, name=f"depthwise{number}")(x)
        x = layers.BatchNormalization(name=f"depthwise_norm{number}")(x)
        x = layers.Activation(activation, name=f"depthwise_activation{number}")(x)
        side = 1
    x = layers.Conv2D(convolution.filters, side, padding="same", use_bias=False, name=f"conv{number}")(x)
    return layers.BatchNormalization(name=f"norm{number}")(x)


def _hidden_layers(x: keras.KerasTensor, settings: Settings) -> keras.KerasTensor:
    from math import prod

    from keras import layers

    # Reshape, not Flatten: Flatten becomes Shape, StridedSlice and Pack in a graph model.
    x = layers.Reshape((prod(x.shape[1:]),), name="flat")(x)
    for number, neurons in enumerate(settings.hidden, 1):
        x = layers.Dense(neurons, use_bias=not settings.batch_norm, name=f"hidden{number}")(x)
        if settings.batch_norm:
            x = layers.BatchNormalization(name=f"norm{number}")(x)
        x = layers.Activation(settings.activation, name=f"activation{number}")(x)
        if settings.dropout:
            x = layers.Dropout(settings.dropout, name=f"dropout{number}")(x)
    return x
