"""How layers hang together: nested, shared, merged, with operations between; and in which precision."""

from collections.abc import Callable
from functools import partial
from typing import Any

import keras
from keras import layers as L  # noqa: N812
from keras import ops

from tests.zoo.authors import Made
from tests.zoo.networks import COLOUR, GREY, chained, functional, head, scaled, sequential
from tests.zoo.pictures import as_they_are, colour
from tests.zoo.zoo import Case, Zoo


def conv(filters: int = 4, size: int = 3, **options: Any) -> keras.Layer:
    return L.Conv2D(filters, size, padding="same", **options)


def branches(x: Any) -> Any:
    a, b = conv()(x), conv(size=5)(x)
    merges = L.Add(), L.Multiply(), L.Maximum(), L.Minimum(), L.Average(), L.Subtract()
    return L.Concatenate()([merge([a, b]) for merge in merges])


def residual(x: Any) -> Any:
    y = L.BatchNormalization(momentum=0.8)(conv(use_bias=False)(x))
    return L.ReLU(6.0)(L.Add()([y, conv(size=1)(x)]))


def squeezed_and_excited(x: Any) -> Any:
    x = conv(8)(x)
    y = L.GlobalAveragePooling2D(keepdims=True)(x)
    y = L.Conv2D(8, 1, activation="hard_sigmoid")(L.Conv2D(4, 1, activation="relu")(y))
    return L.Multiply()([x, y])


def decoded(x: Any) -> Any:
    """What a U-Net does, of two levels."""
    wide = conv(activation="relu")(x)
    half = conv(8, activation="relu")(L.MaxPooling2D()(wide))
    small = conv(8, activation="relu")(L.MaxPooling2D()(half))
    half = conv(8, activation="relu")(L.Concatenate()([half, L.UpSampling2D()(small)]))
    return conv(activation="relu")(L.Concatenate()([wide, L.UpSampling2D()(half)]))


def shared(x: Any) -> Any:
    both = conv(activation="relu", name="both")
    return L.Concatenate()([both(x), both(1 - x)])


def of_operators(body: Callable[[Any], Any]) -> Made:
    """A network of raw pixels that computes with them itself."""

    def build() -> keras.Model:
        given = keras.Input(GREY)
        return keras.Model(given, chained(body(given), *head()))

    return Made(build)


def transferred() -> keras.Model:
    """As the transfer learning tutorial has it."""
    inner = keras.Input(COLOUR)
    base = keras.Model(inner, residual(conv(strides=2)(inner)), name="base")
    given = keras.Input(COLOUR)
    found = L.RandomFlip("horizontal")(given)
    found = base(L.Rescaling(1 / 127.5, offset=-1)(found), training=False)
    return keras.Model(given, chained(found, L.Dropout(0.2), *head()))


def nested_twice() -> keras.Model:
    inner = keras.Sequential([keras.Input(GREY), conv(name="same"), L.ReLU(name="name")], name="outer")
    middle = keras.Sequential([keras.Input(GREY), scaled(), inner, conv(name="same")], name="middle")
    return keras.Sequential([keras.Input(GREY), middle, L.MaxPooling2D(name="name"), *head()])


def a_model_twice(x: Any) -> Any:
    base = keras.Sequential([conv(), L.ReLU()])
    return L.Concatenate()([base(x), base(L.AveragePooling2D(3, 1, "same")(x))])


def augmented(*, nested: bool, more: bool = False) -> keras.Model:
    layers = [L.RandomFlip(), L.RandomRotation(0.02), L.RandomZoom(0.1)]
    if more:  # Keras can't save all of these as .h5
        layers += [L.RandomContrast(0.1), L.RandomTranslation(0.05, 0.05), L.RandomBrightness(0.1)]
    first = [keras.Sequential(layers, name="augment")] if nested else layers
    return keras.Sequential(
        [keras.Input(COLOUR), *first, scaled(), conv(8, activation="relu"), L.MaxPooling2D(), *head()]
    )


def odd_names() -> keras.Model:
    names = iter(["Picture.1", "scaled-down", "conv>1", "image", "probabilities"])
    return keras.Sequential(
        [
            keras.Input(GREY, name=next(names)),
            L.Rescaling(1 / 255, name=next(names)),
            conv(name=next(names)),
            L.Flatten(name=next(names)),
            L.Dense(4, activation="softmax", name=next(names)),
        ]
    )


def of_policy(policy: str) -> keras.Model:
    keras.config.set_dtype_policy(policy)
    try:
        layers = [scaled(), conv(8, activation="relu"), L.BatchNormalization(momentum=0.8), L.Flatten()]
        last = [L.Dense(4), L.Activation("softmax", dtype="float32")]
        return keras.Sequential([keras.Input(GREY), *layers, *last])
    finally:
        keras.config.set_dtype_policy("float32")


EIGHT_BIT = "tflite-int8", "tflite-integer-only"
NO_EXP = dict.fromkeys(EIGHT_BIT, "keeps too few digits for EXP in 8 bits")
HALF, BRAIN, DOUBLE = "mixed_float16", "mixed_bfloat16", "float64"

TOPOLOGIES: Zoo = {
    "branches": Case(
        Made(functional(branches)), lacking=dict.fromkeys(EIGHT_BIT, "cuts off in 8 bits what MAXIMUM")
    ),
    "residual": Case(Made(functional(residual))),
    "squeeze and excite": Case(Made(functional(squeezed_and_excited))),
    "encoder and decoder": Case(Made(functional(decoded))),
    "shared layer": Case(Made(functional(shared))),
    "transfer learning": Case(Made(transferred, colour), quick=True),
    "transfer learning, h5": Case(Made(transferred, colour, file="model.h5")),
    "models in models": Case(Made(nested_twice)),
    "a model called twice": Case(Made(functional(a_model_twice))),
    "one layer": Case(Made(sequential(GREY, scaled, L.Flatten, partial(L.Dense, 4, activation="softmax")))),
    "x / 255": Case(of_operators(lambda x: conv()(x / 255.0))),
    "x * 2 + y": Case(of_operators(lambda x: conv()(x / 255.0) * 2 + conv()(x / 127.5 - 1))),
    "(x - mean) / deviation": Case(of_operators(lambda x: conv()((x - 33.3) / 78.6))),
    "ops.reshape and cast": Case(
        of_operators(lambda x: conv()(ops.reshape(ops.cast(x, "float32") / 255.0, (-1, *GREY))))
    ),
    "ops.mean": Case(of_operators(lambda x: ops.mean(conv(16, activation="relu")(x / 255.0), axis=(1, 2)))),
    "ops.relu": Case(of_operators(lambda x: ops.relu(conv()(x / 255.0)))),
    "ops.exp": Case(
        of_operators(lambda x: ops.exp(conv()(x / 255.0))),
        lacking={"tfjs-layers": "has no Exp operation", **NO_EXP},
    ),
    "ops.pad": Case(
        of_operators(lambda x: ops.pad(x / 255.0, ((0, 0), (1, 1), (2, 2), (0, 0)))),
        lacking={"tfjs-layers": "has no Pad operation"},
    ),
    "augmentation, nested": Case(Made(partial(augmented, nested=True, more=True), colour)),
    "augmentation, nested, h5": Case(Made(partial(augmented, nested=True), colour, file="model.h5")),
    "augmentation": Case(Made(partial(augmented, nested=False, more=True), colour)),
    "augmentation, h5": Case(Made(partial(augmented, nested=False), colour, file="model.h5")),
    "odd names": Case(Made(odd_names)),
}
PRECISIONS: Zoo = {
    HALF: Case(Made(partial(of_policy, HALF)), within=5e-3),
    f"{HALF}, h5": Case(Made(partial(of_policy, HALF), file="model.h5"), within=5e-3),
    BRAIN: Case(Made(partial(of_policy, BRAIN)), within=4e-2),
    f"{BRAIN}, h5": Case(Made(partial(of_policy, BRAIN), file="model.h5"), within=4e-2),
    DOUBLE: Case(Made(partial(of_policy, DOUBLE), feed=as_they_are)),
    f"{DOUBLE}, h5": Case(Made(partial(of_policy, DOUBLE), file="model.h5")),
}
