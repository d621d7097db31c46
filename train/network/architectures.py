"""The network architectures: from grey levels to class probabilities."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from train.contract import InputContract
from train.settings import Convolution, Network, Settings

if TYPE_CHECKING:
    import keras

MEAN_LOGITS = "mean_logits"  # the layer that averages the logits of all networks in all views
LOGITS = re.compile(r"net\d+_logits")  # the layer that gives a network's
AVERAGED = 100  # steps over which batch normalisation averages: Keras's momentum of 0.99
FRACTION_AVERAGED = 1 / 20  # of the run, at most


def build_model(settings: Settings, contract: InputContract) -> keras.Model:
    """Build an untrained model.

    The input and output layers are named `image` and `probabilities`: these names become the signature of
    the exported models.

    Args:
        settings: The model and its layers. For MNIST the default CNN has 18,098 parameters, the default MLP
            (784-10-10) 8,070.
        contract: Shape of the input and number of classes.

    Returns:
        A model from (batch, height, width, channels) grey levels 0..255 to (batch, classes) probabilities.
    """
    import keras
    from keras import layers

    image = keras.Input(contract.shape, name="image")
    # Within the model, so that no runtime has to scale its inputs; by a power of two, so that weights in
    # float16 stay as they are where a converter multiplies them by it, see `train.learning.half_precision`.
    x = layers.Rescaling(1 / 256, name="rescale")(image)
    features = {"cnn": _networks, "mlp": _hidden_layers}[settings.model](x, settings)
    two_views = settings.model == "cnn" and settings.two_views
    probabilities = _probabilities(image, features, len(contract.labels), two_views)
    return keras.Model(image, probabilities, name=settings.model)


def fit_averages_to_run(model: keras.Model, steps: int) -> None:
    """Shorten the moving averages of batch normalisation to the length of a run.

    With Keras's default, the averages at the end of a short run still reflect much earlier weights: 60 epochs
    of 1,000 images, overfitted completely, ended at 82.2% on MNIST's test split with Keras's averages, and at
    98.2% with these.

    Args:
        model: The model whose batch normalisations are changed.
        steps: Number of steps of the run.
    """
    from keras import layers

    averaged = max(1.0, min(AVERAGED, steps * FRACTION_AVERAGED))
    for layer in model.layers:
        if isinstance(layer, layers.BatchNormalization):
            layer.momentum = 1 - 1 / averaged


def logit_layers(model: keras.Model) -> list[keras.layers.Layer]:
    """The layers that give the logits: the last one, or one of each network if their mean is taken."""
    return [layer for layer in model.layers if LOGITS.fullmatch(layer.name)] or [model.layers[-1]]


def _probabilities(
    image: keras.KerasTensor, features: list[keras.KerasTensor], classes: int, two_views: bool
) -> keras.KerasTensor:
    """Probabilities from the features of one network in one view, or from the mean logits of several."""
    from keras import layers

    if len(features) == 1 and not two_views:
        return layers.Dense(classes, activation="softmax", name="probabilities")(features[0])
    logits = [layers.Dense(classes, name=f"net{number}_logits")(x) for number, x in enumerate(features, 1)]
    if two_views:
        logits += _smoothed(image, logits)
    return layers.Activation("softmax", name="probabilities")(layers.Average(name=MEAN_LOGITS)(logits))


def _smoothed(image: keras.KerasTensor, logits: list[keras.KerasTensor]) -> list[keras.KerasTensor]:
    """What the layers between an image and logits make of the image with the mean of each 2 x 2 pixels."""
    import keras
    from keras import layers

    # With padding, because a picture may be one pixel wide.
    smoothed = layers.AveragePooling2D(2, strides=1, padding="same", name="smoothed")(image)
    found: list[keras.KerasTensor] = keras.Function(image, logits).call(smoothed)
    return found


def _networks(x: keras.KerasTensor, settings: Settings) -> list[keras.KerasTensor]:
    """The features of each network. The layer names of an ensemble begin with the network's number."""
    alone = len(settings.convolutions) == 1
    return [
        _convolutions(x, network, settings, "" if alone else f"net{number}_")
        for number, network in enumerate(settings.convolutions, 1)
    ]


def _convolutions(
    x: keras.KerasTensor, network: Network, settings: Settings, prefix: str
) -> keras.KerasTensor:
    """Convolutions in sequence; those that keep the shape are residual (He et al. 2016, ResNet)."""
    from keras import layers

    for number, convolution in enumerate(network, 1):
        before = x
        x = _convolution(x, convolution, settings.activation, prefix, number)
        if x.shape == before.shape:
            x = layers.Add(name=f"{prefix}add{number}")([before, x])
        x = layers.Activation(settings.activation, name=f"{prefix}activation{number}")(x)
        if convolution.pool > 1:
            x = layers.MaxPooling2D(convolution.pool, padding="same", name=f"{prefix}pool{number}")(x)
    x = layers.GlobalAveragePooling2D(name=f"{prefix}mean")(x)
    return layers.Dropout(settings.dropout, name=f"{prefix}dropout")(x) if settings.dropout else x


def _convolution(
    x: keras.KerasTensor, convolution: Convolution, activation: str, prefix: str, number: int
) -> keras.KerasTensor:
    """Convolve and normalise, without a bias, because the normalisation has one."""
    from keras import layers

    side = convolution.side
    # Pictures smaller than MNIST's may have become smaller than a kernel, which needs padding then.
    fits = min(x.shape[1:3]) >= side
    bare = {"padding": "valid" if convolution.valid and fits else "same", "use_bias": False}
    if convolution.depthwise:
        x = layers.DepthwiseConv2D(side, **bare, name=f"{prefix}depthwise{number}")(x)
        x = layers.BatchNormalization(name=f"{prefix}depthwise_norm{number}")(x)
        x = layers.Activation(activation, name=f"{prefix}depthwise_activation{number}")(x)
        side = 1
    x = layers.Conv2D(convolution.filters, side, **bare, name=f"{prefix}conv{number}")(x)
    return layers.BatchNormalization(name=f"{prefix}norm{number}")(x)


def _hidden_layers(x: keras.KerasTensor, settings: Settings) -> list[keras.KerasTensor]:
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
    return [x]
