"""Small models around one layer each, with the arguments that converters get wrong, and random weights."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from export.target import Source
from tests.export.targets import bodies as b
from tests.export.targets.bodies import ACTIVATIONS, SHAPE, Body, chain, merged, one_of_each, pair, rows
from train.console.quiet import import_tensorflow

import_tensorflow()
import keras  # noqa: E402  after its start-up messages
from keras import layers as L  # noqa: E402, N812
from keras import ops  # noqa: E402


def model_of(body: Body, *, head: bool = True) -> keras.Model:
    """A model of raw pixels and three classes around a body, with random weights."""
    keras.utils.set_random_seed(5)
    pictures = keras.Input(SHAPE, name="pictures")
    found = body(L.Rescaling(1 / 64, offset=-2, name="scaled")(pictures))
    if head:
        flat = L.Flatten(name="flat")(found) if len(found.shape) > 2 else found
        found = L.Dense(3, activation="softmax", name="probabilities")(flat)
    model = keras.Model(pictures, found)
    random = np.random.default_rng(7)
    for weight in model.weights:
        low, high = (0.5, 1.5) if "variance" in weight.name else (-0.5, 0.5)
        if weight.dtype == "float32":
            weight.assign(random.uniform(low, high, weight.shape))
    return model


def pictures(count: int = 5) -> np.ndarray[Any, np.dtype[np.uint8]]:
    """Random pictures, every value of a byte among them."""
    return np.random.default_rng(1).integers(0, 256, (count, *SHAPE)).astype(np.uint8)


def as_source(model: keras.Model) -> Source:
    """A model to be converted for TensorFlow.js, which needs neither a SavedModel nor a calibration."""
    return Source(model, Path("no-saved-model"), pictures(0))


MODELS: dict[str, Body] = {
    **{f"activation {name}": chain(L.Conv2D(4, 3), L.Activation(name)) for name in ACTIVATIONS},
    **{f"dense {name}": chain(L.Flatten(), L.Dense(8, activation=name)) for name in ACTIVATIONS},
    **one_of_each(["hard_silu", "elu", "gelu", "softmax", "leaky_relu", "relu6"], L.Conv2D),
    "conv": chain(L.Conv2D(4, (2, 4), strides=(2, 1), padding="same")),
    "conv valid strides": chain(L.Conv2D(4, (4, 2), strides=(3, 2), use_bias=False)),
    "conv dilated": chain(L.Conv2D(4, 3, dilation_rate=(2, 1), padding="same")),
    "conv groups": chain(
        L.Conv2D(4, 1), L.Conv2D(6, 3, groups=2, strides=2, padding="same", activation="relu")
    ),
    "conv groups of one": chain(L.Conv2D(6, 3, groups=3)),
    "conv twice": b.shared,
    "conv1d": rows(L.Conv1D(5, 3, strides=2, padding="same", activation="relu")),
    "conv1d dilated": rows(L.Conv1D(5, 3, dilation_rate=2)),
    "conv1d causal": rows(L.Conv1D(5, 3, padding="causal")),
    "conv1d groups": rows(L.Conv1D(6, 3, groups=3)),
    "conv3d": chain(L.Reshape((8, 8, 3, 1)), L.Conv3D(2, 2, strides=(2, 1, 1), padding="same")),
    "transposed": chain(L.Conv2DTranspose(4, 3, strides=2, padding="same", activation="relu")),
    "transposed valid": chain(L.Conv2DTranspose(4, (3, 2), strides=(2, 3))),
    "transposed short": chain(L.Conv2DTranspose(4, 2, strides=3, use_bias=False)),
    "transposed output padding": chain(L.Conv2DTranspose(4, 3, strides=2, padding="same", output_padding=0)),
    "transposed dilated": chain(L.Conv2DTranspose(4, 3, dilation_rate=2)),
    "depthwise": chain(
        L.DepthwiseConv2D(3, strides=2, padding="same", depth_multiplier=2, activation="relu6")
    ),
    "depthwise dilated": chain(L.DepthwiseConv2D(3, dilation_rate=2, depth_multiplier=2)),
    "depthwise dilated same": chain(L.DepthwiseConv2D((3, 2), dilation_rate=(2, 3), padding="same")),
    "depthwise elu": chain(L.DepthwiseConv2D(3, use_bias=False, activation="elu")),
    "depthwise1d": rows(L.DepthwiseConv1D(3)),
    "separable": chain(
        L.SeparableConv2D(4, 3, strides=2, padding="same", depth_multiplier=2, activation="relu")
    ),
    "separable dilated": chain(L.SeparableConv2D(4, 3, dilation_rate=2, use_bias=False)),
    "separable1d": rows(L.SeparableConv1D(4, 3)),
    "dense on pictures": chain(L.Dense(4, activation="gelu"), L.Dense(4, use_bias=False, activation="silu")),
    "einsum dense": rows(L.EinsumDense("abc,cd->abd", output_shape=(8, 5), bias_axes="d")),
    "max pool": chain(L.MaxPooling2D(3, strides=2, padding="same")),
    "max pool odd": chain(L.MaxPooling2D((3, 2))),
    "average pool": chain(L.AveragePooling2D(3, strides=2, padding="same")),
    "pools 1d": rows(L.MaxPooling1D(2, strides=1, padding="same"), L.AveragePooling1D(3)),
    "max pool 3d": chain(L.Reshape((8, 8, 3, 1)), L.MaxPooling3D((2, 2, 1))),
    "average pool 3d": chain(L.Reshape((8, 8, 3, 1)), L.AveragePooling3D((2, 3, 2))),
    "global average": chain(L.GlobalAveragePooling2D()),
    "global max": chain(L.GlobalMaxPooling2D()),
    "global kept": chain(L.Conv2D(4, 3), L.GlobalMaxPooling2D(keepdims=True), L.Conv2D(3, 1)),
    "global 1d": rows(L.GlobalMaxPooling1D(keepdims=True)),
    "global average 1d": rows(L.GlobalAveragePooling1D()),
    "global 3d": chain(L.Reshape((8, 8, 3, 1)), L.GlobalAveragePooling3D()),
    "adaptive pool": chain(L.AdaptiveAveragePooling2D(2)),
    "batch normalization": chain(L.BatchNormalization(epsilon=0.1)),
    "batch normalization unscaled": chain(L.BatchNormalization(scale=False, center=False)),
    "batch normalization axis": chain(L.BatchNormalization(axis=1)),
    "batch normalization of rows": rows(L.BatchNormalization()),
    "batch normalization of a vector": chain(L.Flatten(), L.Dense(5), L.BatchNormalization()),
    "layer normalization": chain(L.LayerNormalization(epsilon=0.01)),
    "layer normalization axes": chain(L.LayerNormalization(axis=[1, 2, 3])),
    "layer normalization two axes": chain(L.LayerNormalization(axis=[2, 3], center=False)),
    "layer normalization bare": rows(L.LayerNormalization(center=False, scale=False)),
    "rms normalization": rows(L.RMSNormalization()),
    "group normalization": chain(L.Conv2D(4, 3), L.GroupNormalization(2)),
    "unit normalization": chain(L.UnitNormalization()),
    "normalization": lambda x: b.adapted()(x),
    "normalization of all": chain(L.Normalization(axis=None, mean=0.3, variance=4.0)),
    "normalization inverted": chain(
        L.Normalization(mean=[0.5, -1.0, 2.0], variance=[0.5, 2.0, 1.0], invert=True)
    ),
    "rescaling": chain(L.Rescaling(2.0, offset=-0.5)),
    "rescaling of channels": chain(L.Rescaling([2.0, 1.0, 0.5], offset=[0.1, 0.2, 0.3])),
    "resizing": chain(L.Resizing(5, 11)),
    "resizing nearest": chain(L.Resizing(13, 3, interpolation="nearest")),
    "resizing bicubic": chain(L.Resizing(5, 11, interpolation="bicubic")),
    "center crop": chain(L.CenterCrop(5, 4)),
    "upsampling": chain(L.UpSampling2D((2, 3))),
    "upsampling bilinear": chain(L.UpSampling2D(2, interpolation="bilinear")),
    "upsampling 1d": rows(L.UpSampling1D(2)),
    "zero padding": chain(L.ZeroPadding2D(((1, 2), (0, 3)))),
    "zero padding 1d": rows(L.ZeroPadding1D(2)),
    "cropping": chain(L.Cropping2D(((1, 2), (0, 3)))),
    "cropping 1d": rows(L.Cropping1D((1, 2))),
    "permute": chain(L.Permute((3, 1, 2))),
    "reshape": chain(L.Reshape((-1, 6)), L.Dense(4)),
    "repeat": chain(L.GlobalMaxPooling2D(), L.RepeatVector(3)),
    "identity": chain(L.Conv2D(3, 3), L.Identity()),
    "flatten channels first": chain(L.Flatten(data_format="channels_first")),
    "relu": chain(L.ReLU()),
    "relu6": chain(L.ReLU(max_value=1.0)),
    "relu threshold": chain(L.ReLU(max_value=1.5, negative_slope=0.2, threshold=0.3)),
    "relu slope": chain(L.ReLU(negative_slope=0.2)),
    "relu from": chain(L.ReLU(threshold=0.5)),
    "relu twice": b.shared_translated,
    "leaky relu": chain(L.LeakyReLU(negative_slope=0.1)),
    "prelu": chain(L.PReLU()),
    "prelu shared": chain(L.Conv2D(4, 3), L.PReLU(shared_axes=[1, 2])),
    "elu alpha": chain(L.ELU(alpha=0.5)),
    "softmax": chain(L.Softmax()),
    "softmax axis": chain(L.Softmax(axis=1)),
    "softmax axes": chain(L.Softmax(axis=[1, 2])),
    "add": merged(L.Add()),
    "add of three": merged(L.Add(), L.Conv2D(4, 3)),
    "subtract": merged(L.Subtract()),
    "multiply": merged(L.Multiply()),
    "average": merged(L.Average(), L.Conv2D(4, 3)),
    "maximum": merged(L.Maximum()),
    "minimum": merged(L.Minimum()),
    "concatenate": merged(L.Concatenate(axis=1)),
    "concatenate channels": merged(L.Concatenate(), L.Conv2D(2, 3)),
    "dot": lambda x: L.Dot(axes=1)([L.Dense(5)(L.Flatten()(x)), L.Dense(5)(L.Flatten()(x))]),
    "squeeze and excite": b.squeeze_and_excite,
    "residual": b.residual,
    "attention": b.attention,
    "grouped attention": lambda x: L.GroupQueryAttention(3, 4, 2)(*[L.Reshape((8, 24))(x)] * 2),
    "dot attention": lambda x: L.Attention()([L.Reshape((8, 24))(x)] * 2),
    "lstm": rows(L.LSTM(4, unroll=True)),
    "lstm hard": rows(L.LSTM(4, unroll=True, recurrent_activation="hard_sigmoid", return_sequences=True)),
    "lstm rolled": rows(L.LSTM(4)),
    "lstm backwards": rows(L.LSTM(4, unroll=True, go_backwards=True, use_bias=False)),
    "gru": rows(L.GRU(4, unroll=True)),
    "gru before": rows(L.GRU(4, unroll=True, reset_after=False)),
    "simple rnn": rows(L.SimpleRNN(4, unroll=True, activation="relu")),
    "bidirectional": rows(L.Bidirectional(L.LSTM(4, unroll=True, return_sequences=True), merge_mode="sum")),
    "bidirectional concat": rows(L.Bidirectional(L.GRU(4, unroll=True, reset_after=False))),
    "bidirectional ave": rows(L.Bidirectional(L.SimpleRNN(4, unroll=True), merge_mode="ave")),
    "time distributed": rows(L.TimeDistributed(L.Dense(4, activation="relu"))),
    "conv lstm": chain(L.Reshape((2, 4, 8, 3)), L.ConvLSTM2D(2, 3)),
    "spectral": chain(L.SpectralNormalization(L.Conv2D(3, 3))),
    "masking": rows(L.Masking(), L.LSTM(4, unroll=True)),
    "conv normalized twice": b.used_twice(L.Conv2D(4, 3), L.BatchNormalization()),
    "conv activated twice": b.used_twice(L.Conv2D(4, 3), L.ReLU()),
    "depthwise activated twice": b.used_twice(L.DepthwiseConv2D(3), L.ReLU()),
    "depthwise unbiased twice": b.used_twice(L.DepthwiseConv2D(3, use_bias=False), L.ReLU()),
    "prelu of two": b.used_twice(L.Conv2D(4, 3), L.PReLU(), L.ReLU()),
    "op divide": lambda x: L.Conv2D(4, 3)(x / 255.0),
    "op multiply": lambda x: x * 2.0,
    "op affine": lambda x: (x - 33.3) / 78.6 + 1.0,
    "op subtract from": lambda x: 1.0 - x,
    "op add channels": lambda x: L.Conv2D(3, 3)(x) + np.array([1, 2, 3], np.float32),
    "op multiply channels": lambda x: (
        x * np.array([1, 2, 3], np.float32) - np.array([[3.0, 2.0, 1.0]], np.float32)
    ),
    "op add to one channel": lambda x: L.Conv2D(1, 3)(x) + np.array([1, 2, 3], np.float32),
    "op negative": lambda x: -x,
    "op square": lambda x: ops.square(x),
    "op power": lambda x: ops.power(ops.relu(x), 1.5),
    "op reciprocal": lambda x: 1.0 / (ops.relu(x) + 1.0),
    "op sqrt": lambda x: ops.sqrt(ops.relu(x)),
    "op exp": lambda x: ops.exp(x),
    "op abs": lambda x: abs(x),
    "op clip": lambda x: ops.clip(x, -0.5, 0.7),
    "op minimum": lambda x: ops.minimum(x, 0.5),
    "op maximum": lambda x: ops.maximum(x, 0.1),
    "op mean": lambda x: ops.mean(L.Conv2D(4, 3)(x), axis=(1, 2)),
    "op mean kept": lambda x: ops.mean(L.Conv2D(4, 3)(x), axis=[1, 2], keepdims=True),
    "op max": lambda x: ops.max(L.Conv2D(4, 3)(x), axis=(-3, -2)),
    "op sum": lambda x: ops.sum(L.Conv2D(4, 3)(x), axis=(1, 2)),
    "op mean of channels": lambda x: ops.mean(x, axis=-1),
    "op relu": lambda x: ops.relu(L.Conv2D(4, 3)(x)),
    "op softmax": lambda x: ops.softmax(L.Conv2D(4, 3)(x)),
    "op sigmoid": lambda x: ops.sigmoid(x),
    "op tanh": lambda x: ops.tanh(x),
    "op gelu tanh": lambda x: ops.gelu(x, approximate=True),
    "op gelu": lambda x: ops.gelu(x, approximate=False),
    "op leaky relu": lambda x: ops.leaky_relu(x, negative_slope=0.3),
    "op reshape": lambda x: ops.reshape(x, (-1, 4, 16, 3)),
    "op transpose": lambda x: ops.transpose(x, (0, 3, 1, 2)),
    "op expand": lambda x: ops.squeeze(ops.expand_dims(x, 1), 1),
    "op add pair": pair(lambda a, b: a + b),
    "op subtract pair": pair(lambda a, b: a - b),
    "op multiply pair": pair(lambda a, b: a * b),
    "op divide pair": pair(lambda a, b: a / (ops.relu(b) + 1.0)),
    "op maximum pair": pair(ops.maximum),
    "op minimum pair": pair(ops.minimum),
    "op concatenate": pair(lambda a, b: ops.concatenate([a, b], axis=-1)),
    "op stack": pair(lambda a, b: ops.stack([a, b], axis=1)),
    "op matmul": lambda x: ops.matmul(x, ops.transpose(x, (0, 1, 3, 2))),
    "op same twice": lambda x: x + x,
    "op slice": lambda x: x[:, 2:6, ::2],
    "op pad": lambda x: ops.pad(x, ((0, 0), (1, 2), (0, 1), (0, 0))),
    "op cast": lambda x: ops.cast(x, "float32"),
    "op where": lambda x: ops.where(x > 0.3, x, 0.1 * x),
    "op sort": lambda x: ops.sort(x, axis=-1),
    "op cumsum": lambda x: ops.cumsum(x, axis=1),
    "op cumsum of channels": lambda x: ops.cumsum(x, axis=-1),
    "op one hot": lambda x: ops.one_hot(ops.argmax(x, axis=-1), 3),
    "op logsumexp": lambda x: ops.logsumexp(x, axis=-1),
    "op normalize": lambda x: ops.normalize(x, axis=-1),
    "op erf": lambda x: ops.erf(x),
    "op einsum": lambda x: ops.einsum("bhwc,bhwd->bcd", x, x),
    "op resize": lambda x: ops.image.resize(x, (5, 5)),
    "op top k": lambda x: ops.top_k(x, 2)[0],
    "op argmax": lambda x: ops.cast(ops.argmax(x, axis=-1), "float32"),
}
