"""The architectures: raw grey levels in, probabilities out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from train.contract import InputContract

if TYPE_CHECKING:
    import keras

# (filters, side of the kernel, stride) of the convolutions: 1.7 million multiplications an image. On the
# validation split a first 3x3 convolution at full resolution (2.6 million) was no better: 99.44% to 99.40%,
# with a standard error of 0.11 points.
CNN_BLOCKS = ((12, 5, 2), (24, 3, 1), (40, 3, 2), (40, 3, 1))
MLP_HIDDEN = (10, 10)  # the 784-10-10 network of every Keras course


def build_model(name: str, contract: InputContract) -> keras.Model:
    """Build an untrained model.

    Input and output layers are named `image` and `probabilities`, because those names become the
    signature of every exported copy.

    Args:
        name: `cnn` (26,806 parameters for MNIST) or `mlp` (fully connected, 784-10-10).
        contract: Shape of the input and number of classes.

    Returns:
        A model from (batch, height, width, channels) grey levels 0..255 to (batch, classes) probabilities.
    """
    import keras
    from keras import layers

    image = keras.Input(contract.shape, name="image")
    # Inside the model, so that no runtime has to carry the scale.
    x = layers.Rescaling(1 / 255, name="rescale")(image)
    x = {"cnn": _convolutions, "mlp": _dense_layers}[name](x)
    probabilities = layers.Dense(len(contract.labels), activation="softmax", name="probabilities")(x)
    return keras.Model(image, probabilities, name=name)


def _convolutions(x: keras.KerasTensor) -> keras.KerasTensor:
    from keras import layers

    for number, (filters, kernel, stride) in enumerate(CNN_BLOCKS, 1):
        x = layers.Conv2D(
            filters,
            kernel,
            strides=stride,
            padding="same",
            use_bias=False,  # the normalisation that follows has one
            name=f"conv{number}",
        )(x)
        x = layers.BatchNormalization(name=f"norm{number}")(x)
        x = layers.ReLU(name=f"relu{number}")(x)
    return layers.GlobalAveragePooling2D(name="pool")(x)


def _dense_layers(x: keras.KerasTensor) -> keras.KerasTensor:
    from math import prod

    from keras import layers

    # Reshape, not Flatten: Flatten becomes Shape, StridedSlice and Pack in a graph model.
    x = layers.Reshape((prod(x.shape[1:]),), name="flat")(x)
    for number, neurons in enumerate(MLP_HIDDEN, 1):
        x = layers.Dense(neurons, activation="relu", name=f"hidden{number}")(x)
    return x
