"""One layer a network, among those that people use, each trained until it tells bars apart."""

from collections.abc import Callable
from functools import partial
from typing import Any

import keras
from keras import layers as L  # noqa: N812

from tests.export.reference.bars import SIDE
from tests.zoo.authors import Made
from tests.zoo.networks import GREY, chained, head, pooled_head, scaled, sequential
from tests.zoo.zoo import Case, Zoo


def between(*layers: Callable[[], Any], pooled: bool = False) -> Made:
    """A network with a convolution before and the usual head behind some layers."""
    first = partial(L.Conv2D, 8, 3, padding="same")
    return Made(sequential(GREY, scaled, first, *layers, pooled_head if pooled else head))


def first(*layers: Callable[[], Any]) -> Made:
    """A network that begins with some layers."""
    return Made(sequential(GREY, *layers, head))


def attending() -> keras.Model:
    given = keras.Input(GREY)
    rows = L.Dense(8)(L.Reshape((SIDE, SIDE))(scaled()(given)))
    found = L.LayerNormalization()(rows + L.MultiHeadAttention(2, 4)(rows, rows))
    return keras.Model(given, chained(found, *head()))


def lacks_layer(name: str) -> dict[str, str]:
    return {"tfjs-layers": f"has no {name} layer"}


COARSE = dict.fromkeys(("tflite-int8", "tflite-integer-only"), "keeps too few digits for RSQRT in 8 bits")


def lacks_16_bit(operation: str) -> dict[str, str]:
    return {"tflite-int16x8": f"has no 16-bit {operation} operation"}


def of_bars() -> keras.Layer:
    return L.Normalization(mean=40.0, variance=4000.0, axis=None)


LAYERS: Zoo = {
    "BatchNormalization and LeakyReLU": Case(
        between(partial(L.BatchNormalization, momentum=0.8), partial(L.LeakyReLU, negative_slope=0.1))
    ),
    "DepthwiseConv2D": Case(between(partial(L.DepthwiseConv2D, 3, depth_multiplier=2), L.ReLU)),
    "SeparableConv2D": Case(between(partial(L.SeparableConv2D, 8, 3, activation="relu"))),
    "Conv2D in groups": Case(between(partial(L.Conv2D, 8, 3, groups=4, activation="relu"))),
    "Conv2D dilated": Case(between(partial(L.Conv2D, 8, 3, dilation_rate=2, activation="relu"))),
    "Conv2DTranspose": Case(between(partial(L.Conv2DTranspose, 4, 3, strides=2, padding="same"))),
    "Conv1D": Case(
        first(scaled, partial(L.Reshape, (SIDE, SIDE)), partial(L.Conv1D, 8, 3, activation="relu"))
    ),
    "AveragePooling2D": Case(between(L.ReLU, partial(L.AveragePooling2D, 2))),
    "GlobalAveragePooling2D, kept": Case(
        between(L.ReLU, partial(L.GlobalAveragePooling2D, keepdims=True), partial(L.Conv2D, 8, 1))
    ),
    "GlobalMaxPooling2D": Case(between(L.ReLU, pooled=True)),
    "LayerNormalization": Case(between(L.LayerNormalization, L.ReLU), lacking=lacks_16_bit("NEG") | COARSE),
    "GroupNormalization": Case(
        between(partial(L.GroupNormalization, 4), L.ReLU),
        lacking=lacks_layer("GroupNormalization") | lacks_16_bit("NEG") | COARSE,
    ),
    "Normalization": Case(first(of_bars, partial(L.Conv2D, 8, 3, activation="relu"))),
    "Resizing": Case(
        first(partial(L.Resizing, 16, 16), scaled, partial(L.Conv2D, 8, 3, activation="relu")),
        lacking=lacks_layer("Resizing"),
    ),
    "CenterCrop": Case(
        first(scaled, partial(L.CenterCrop, 10, 10), partial(L.Conv2D, 8, 3, activation="relu"))
    ),
    "padding and cropping": Case(
        between(partial(L.ZeroPadding2D, 2), partial(L.Cropping2D, ((1, 0), (0, 1))))
    ),
    "UpSampling2D": Case(between(L.ReLU, L.UpSampling2D)),
    "UpSampling2D, bilinear": Case(
        between(L.ReLU, partial(L.UpSampling2D, interpolation="bilinear")),
        lacking={"tfjs-layers": "samples an UpSampling2D at other places"},
    ),
    "PReLU": Case(between(partial(L.PReLU, shared_axes=[1, 2])), lacking=lacks_16_bit("PRELU")),
    "hard-swish": Case(between(partial(L.Activation, "hard_silu")), lacking=lacks_16_bit("HARD_SWISH")),
    "hard-sigmoid": Case(
        between(partial(L.BatchNormalization, momentum=0.8), partial(L.Activation, "hard_sigmoid"))
    ),
    "swish": Case(between(partial(L.Activation, "silu"))),
    "gelu": Case(between(partial(L.Activation, "gelu"))),
    "elu": Case(between(L.ELU), lacking=lacks_16_bit("ELU")),
    "selu": Case(
        between(partial(L.Activation, "selu")),
        lacking={
            **dict.fromkeys(
                ("tflite-int8", "tflite-integer-only"), "rounds in 8 bits what GREATER decides by"
            ),
            **lacks_16_bit("GREATER"),
        },
    ),
    "ReLU6": Case(between(partial(L.ReLU, 6.0))),
    "MultiHeadAttention": Case(
        Made(attending), lacking=lacks_layer("MultiHeadAttention") | lacks_16_bit("NEG") | COARSE
    ),
    "TimeDistributed": Case(
        first(
            scaled, partial(L.Reshape, (SIDE, SIDE)), lambda: L.TimeDistributed(L.Dense(6, activation="relu"))
        )
    ),
    "SpectralNormalization": Case(between(lambda: L.SpectralNormalization(L.Conv2D(8, 3)), L.ReLU)),
    "noise and dropout": Case(
        between(
            partial(L.GaussianNoise, 0.1),
            partial(L.SpatialDropout2D, 0.1),
            L.ReLU,
            partial(L.Dropout, 0.1),
            partial(L.GaussianDropout, 0.1),
            partial(L.AlphaDropout, 0.1),
            L.ActivityRegularization,
        )
    ),
}
