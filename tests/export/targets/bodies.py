"""Bodies of small models: what stands between their pictures and their last layer."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from train.console.quiet import import_tensorflow

import_tensorflow()
from keras import layers as L  # noqa: E402, N812

Tensor = Any
Body = Callable[[Tensor], Tensor]
SHAPE = (8, 8, 3)
ACTIVATIONS = (
    *("celu", "elu", "exponential", "gelu", "hard_shrink", "hard_sigmoid", "hard_silu", "hard_tanh"),
    *(
        "leaky_relu",
        "linear",
        "log_sigmoid",
        "log_softmax",
        "mish",
        "relu",
        "relu6",
        "selu",
        "sigmoid",
        "silu",
    ),
    *("soft_shrink", "softmax", "softplus", "softsign", "sparse_plus", "sparsemax", "squareplus", "tanh"),
    *("tanh_shrink",),
)


def chain(*layers: Any) -> Body:
    """The layers one after the other."""

    def body(found: Tensor) -> Tensor:
        for layer in layers:
            found = layer(found)
        return found

    return body


def rows(*layers: Any) -> Body:
    """The same, on the picture's rows as a sequence of 24 features."""
    return chain(L.Reshape((8, 24)), *layers)


def merged(layer: Any, *others: Body) -> Body:
    """Two convolutions merged."""
    return lambda x: layer([L.Conv2D(4, 3)(x), L.Conv2D(4, 3, activation="tanh")(x), *(o(x) for o in others)])


def pair(merge: Callable[[Tensor, Tensor], Tensor]) -> Body:
    """Two convolutions merged by an operation."""
    return lambda x: merge(L.Conv2D(4, 3)(x), L.Conv2D(4, 3, activation="tanh")(x))


def shared(x: Tensor) -> Tensor:
    convolution = L.Conv2D(3, 3, padding="same", activation="relu")
    return L.Concatenate()([convolution(x), convolution(convolution(x)), x])


def shared_translated(x: Tensor) -> Tensor:
    """A layer that stands for several in TensorFlow.js, called twice."""
    layer = L.ReLU(max_value=1.5, negative_slope=0.2, threshold=0.3)
    return L.Add()([layer(x), layer(-x)])


def used_twice(*layers: Any) -> Body:
    """The first layer's result goes through the others and stays as it is, too."""
    first, *others = layers

    def body(x: Tensor) -> Tensor:
        found = first(x)
        return L.Concatenate()([chain(*others)(found), found])

    return body


def residual(x: Tensor) -> Tensor:
    y = L.Conv2D(4, 3, padding="same", use_bias=False)(x)
    y = L.BatchNormalization()(y)
    return L.ReLU(6.0)(L.Add()([y, L.Conv2D(4, 1)(x)]))


def squeeze_and_excite(x: Tensor) -> Tensor:
    y = L.GlobalAveragePooling2D(keepdims=True)(x)
    y = L.Conv2D(3, 1, activation="hard_sigmoid")(L.Conv2D(2, 1, activation="relu")(y))
    return L.Multiply()([x, y])


def attention(x: Tensor) -> Tensor:
    sequence = L.Reshape((8, 24))(x)
    return L.MultiHeadAttention(2, 5)(sequence, sequence)


def adapted() -> L.Normalization:
    return L.Normalization(mean=[0.5, -1.0, 2.0], variance=[0.5, 2.0, 1.0])


def one_of_each(names: Iterable[str], layer: Callable[..., Any]) -> dict[str, Body]:
    return {f"{layer.__name__.lower()} {name}": chain(layer(4, 3, activation=name)) for name in names}
