"""Save models by Keras 2 (tf_keras), each with pictures and its predictions.

    python keras2_models.py FOLDER

A process of its own, because Keras 2 and Keras 3 would share the state and the flags of TensorFlow.
"""

import contextlib
import sys
import warnings
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

import numpy as np
import tensorflow as tf
import tf_keras as keras

L = keras.layers
SHAPE = (12, 12, 3)


def sequential(*layers: Any, shape: tuple[int, ...] = SHAPE) -> Any:
    return keras.Sequential([L.Input(shape), *layers])


def functional(body: Callable[[Any], Any]) -> Any:
    start = L.Input(SHAPE)
    return keras.Model(start, body(start))


def head(classes: int = 4) -> list[Any]:
    return [L.GlobalAveragePooling2D(), L.Dense(classes, activation="softmax")]


def chained(layers: list[Any], x: Any) -> Any:
    for layer in layers:
        x = layer(x)
    return x


def backbone(slash: str = "") -> Any:
    start = L.Input(SHAPE)
    x = L.ZeroPadding2D(((0, 1), (0, 1)), name=f"stem{slash}pad")(start)
    x = L.Conv2D(6, 3, strides=2, use_bias=False, name=f"stem{slash}conv")(x)
    x = L.BatchNormalization(name=f"stem{slash}bn")(x)
    x = L.ReLU(6.0, name=f"stem{slash}relu")(x)
    y = L.DepthwiseConv2D(3, padding="same", use_bias=False, name=f"block{slash}dw")(x)
    y = L.BatchNormalization(name=f"block{slash}bn")(y)
    x = L.Add(name=f"block{slash}add")([L.SeparableConv2D(6, 3, padding="same")(x), y])
    return keras.Model(start, x, name="backbone")


def flat(base: Any) -> Any:
    return keras.Model(base.input, chained(head(), base.output))


def transfer(training: bool | None, frozen: int = 0) -> Any:
    """As in the transfer learning tutorial; `frozen` of the backbone's layers are frozen, all if negative."""
    base = backbone()
    if frozen < 0:
        base.trainable = False
    for layer in base.layers[: max(frozen, 0)]:
        layer.trainable = False
    start = L.Input(SHAPE)
    x = L.Rescaling(1 / 127.5, -1)(L.RandomFlip()(start))
    return keras.Model(start, chained([L.Dropout(0.2), *head()][1:], base(x, training=training)))


def teachable_machine() -> Any:
    first = keras.Sequential([L.InputLayer(SHAPE), L.Rescaling(1 / 255), backbone()])
    second = keras.Sequential(
        [L.GlobalAveragePooling2D(), L.Dense(8, activation="relu"), L.Dense(4, "softmax")]
    )
    model = keras.Sequential([first, second])
    model.build((None, *SHAPE))
    return model


def siamese(x: Any) -> Any:
    """A backbone called twice, with the second call's output first."""
    base = sequential(L.Conv2D(3, 3), L.Flatten())
    left, right = base(x), base(x * 0.5)
    return L.Dense(4)(L.Concatenate()([right, left]))


def operators(x: Any) -> Any:
    x = keras.applications.mobilenet_v2.preprocess_input(x)
    y = tf.concat([2.0 * x, 1 - x], -1)
    y = L.Conv2D(4, 3)(y) ** 2 + tf.nn.bias_add(L.Conv2D(4, 3)(x), [1.0, 2, 3, 4])
    z = tf.maximum(tf.nn.relu6(y[:, 1:, ::2, 1:3]), 0.5) - tf.reduce_max(y, [1, 2], keepdims=True)[..., :2]
    z = tf.transpose(tf.squeeze(tf.expand_dims(z, 1), 1), [0, 2, 1, 3])
    z = tf.clip_by_value(tf.image.resize(z, (5, 5)), -1, 1) / tf.sqrt(1 + tf.square(tf.abs(z[:, :1, :1])))
    z = tf.nn.leaky_relu(tf.nn.gelu(tf.nn.silu(tf.reshape(-z, (-1, 50)))))
    return L.Dense(4)(tf.math.sigmoid(z) + tf.cast(tf.exp(tf.tanh(z)), "float32"))


def preprocessed_as_resnet(x: Any) -> Any:
    return chained([L.Conv2D(4, 3), *head()], keras.applications.resnet50.preprocess_input(x))


def attention(x: Any) -> Any:
    x = L.Reshape((24, 18))(x)
    x = L.LayerNormalization()(x + L.MultiHeadAttention(2, 4)(x, x))
    return L.Dense(4)(L.GlobalAveragePooling1D()(L.MultiHeadAttention(2, 3, value_dim=2)(x, value=x)))


def rows(*layers: Any) -> Any:
    return sequential(L.Reshape((12, 36)), *layers, L.Flatten(), L.Dense(4))


def mixed() -> Any:
    keras.mixed_precision.set_global_policy("mixed_float16")
    model = sequential(L.Rescaling(1 / 255), L.Conv2D(4, 3), *head())
    keras.mixed_precision.set_global_policy("float32")
    return model


def every_convolution() -> Any:
    return sequential(
        L.Conv2D(6, 3, activation=tf.nn.relu, padding="same", kernel_regularizer="l2"),
        L.Conv2D(6, 3, groups=3, dilation_rate=2, kernel_constraint="max_norm"),
        L.SeparableConv2D(6, 3, depth_multiplier=2, activation="swish", depthwise_regularizer="l1"),
        L.Conv2DTranspose(4, 3, strides=2, output_padding=1, padding="same"),
        L.DepthwiseConv2D(3, depth_multiplier=2, activation="relu6"),
        L.UpSampling2D(2, interpolation="bilinear"),
        L.Cropping2D(1),
        L.AveragePooling2D(3, 2, "same"),
        *head(),
    )


def every_activation() -> Any:
    return sequential(
        L.Conv2D(6, 3, activation=L.LeakyReLU(0.2)),
        L.LeakyReLU(),
        L.PReLU(shared_axes=[1, 2]),
        L.ELU(0.5),
        L.ReLU(4.0, 0.1, 0.2),
        L.ThresholdedReLU(0.05),
        L.Activation("gelu"),
        L.SpatialDropout2D(0.2),
        L.GaussianNoise(0.1),
        L.Flatten(),
        L.Dense(4),
        L.Activation(tf.nn.softmax),
        L.Softmax(axis=[-1]),
    )


def every_preprocessing() -> Any:
    normalization = L.Normalization()
    normalization.adapt(np.random.default_rng(1).uniform(0, 255, (20, *SHAPE)))
    inner = sequential(normalization, L.Resizing(16, 16), L.CenterCrop(12, 12))
    augment = [L.RandomHeight(0.1), L.RandomWidth(0.1), L.RandomRotation(0.1), L.RandomZoom(0.1)]
    return sequential(inner, *augment, L.Resizing(8, 8), L.Conv2D(3, 3), *head())


def hard_sigmoids() -> Any:
    return sequential(
        L.Conv2D(3, 3, activation="hard_sigmoid"),
        L.BatchNormalization(),
        L.Activation("hard_sigmoid"),
        L.Reshape((10, 30)),
        L.LSTM(5, recurrent_activation="hard_sigmoid", return_sequences=True),
        L.GRU(4, recurrent_activation="hard_sigmoid", return_sequences=True),
        L.GRU(4, recurrent_activation="hard_sigmoid", reset_after=False),
        L.Dense(4, activation="hard_sigmoid"),
    )


MODELS: dict[str, Callable[[], Any]] = {
    "teachable machine": teachable_machine,
    "slashes": lambda: flat(backbone("/")),
    "transfer": lambda: transfer(None),
    "transfer in inference": lambda: transfer(False),
    "frozen backbone": lambda: transfer(False, -1),
    "backbone frozen in part": lambda: transfer(None, 4),
    "called twice": lambda: functional(siamese),
    "operators": lambda: functional(operators),
    "preprocessed as ResNet": lambda: functional(preprocessed_as_resnet),
    "attention": lambda: functional(attention),
    "LSTM": lambda: rows(L.LSTM(5, return_sequences=True), L.LSTM(5, go_backwards=True)),
    "GRU": lambda: rows(L.GRU(5, return_sequences=True), L.GRU(5, reset_after=False)),
    "bidirectional": lambda: rows(L.Bidirectional(L.LSTM(4, return_sequences=True)), L.SimpleRNN(3)),
    "cells": lambda: rows(L.RNN([L.LSTMCell(3), L.GRUCell(4)]), L.Flatten()),
    "time distributed": lambda: rows(L.TimeDistributed(L.Dense(3, activation="tanh"))),
    "convolutional LSTM": lambda: sequential(L.Reshape((2, 6, 12, 3)), L.ConvLSTM2D(3, 3), *head()),
    "mixed precision": mixed,
    "convolutions": every_convolution,
    "activations": every_activation,
    "preprocessing": every_preprocessing,
    "hard sigmoids": hard_sigmoids,
    "MobileNetV3": lambda: keras.applications.MobileNetV3Small((32, 32, 3), weights=None, classes=4),
    "EfficientNet": lambda: keras.applications.EfficientNetB0(
        input_shape=(32, 32, 3), weights=None, classes=4
    ),
}


def randomized(model: Any, rng: np.random.Generator) -> None:
    """Give every weight a value of its own, so that no two can be exchanged; variances stay positive."""
    for weight in model.weights:
        *_, name = weight.name.split("/")
        if weight.dtype.is_floating and name not in (
            "mean:0",
            "variance:0",
        ):  # Normalization has adapted them
            value = rng.normal(0, (1 + np.prod(weight.shape[:-1])) ** -0.5, weight.shape)
            weight.assign(np.abs(value) + 0.5 if "variance" in name else value + ("gamma" in name))


def save(folder: Path, names: Collection[str]) -> None:
    for number, (name, make) in enumerate(MODELS.items()):
        if name not in names:
            continue
        rng = np.random.default_rng(number)
        model = make()
        randomized(model, rng)
        pictures = rng.uniform(0, 255, (5, *model.input_shape[1:])).astype(np.float32)
        for suffix in (".h5", ".keras"):
            with contextlib.suppress(TypeError):  # Keras 2 itself can't save an ellipsis as .keras
                model.save(folder / f"{name}{suffix}")
        np.savez(folder / f"{name}.npz", pictures=pictures, predictions=model.predict(pictures, verbose=0))
    sequential(L.LocallyConnected2D(2, 3), *head()).save(folder / "locally connected.h5")


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    save(Path(sys.argv[1]), sys.argv[2:])
