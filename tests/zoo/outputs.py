"""What models give. Every exported model gives the probability of each class, or values."""

from collections.abc import Callable
from functools import partial

import keras
from keras import layers as L  # noqa: N812

from export.pipeline.reading import Reading
from tests.export.reference.bars import CLASSES
from tests.zoo.authors import Made
from tests.zoo.networks import GREY, scaled, sequential
from tests.zoo.pictures import both_classes, brightness, crossed, flattened, sigmoid, softmax, two_classes
from tests.zoo.zoo import Case, Zoo

OF_LOGITS = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
OF_LABELS_LOGITS = keras.losses.BinaryCrossentropy(from_logits=True)


def ending(*last: Callable[[], keras.Layer]) -> Callable[[], keras.Model]:
    """A network that ends with some layers."""
    return sequential(GREY, scaled, L.Flatten, partial(L.Dense, 16, activation="relu"), *last)


def dense(units: int, activation: str | None = None) -> Callable[[], keras.Layer]:
    return partial(L.Dense, units, activation=activation)


def two_outputs() -> keras.Model:
    given = keras.Input(GREY)
    found = given
    for layer in [scaled(), L.Flatten(), L.Dense(16, activation="relu")]:
        found = layer(found)
    outputs = [
        L.Dense(CLASSES, activation="softmax", name="direction")(found),
        L.Dense(1, name="width")(found),
    ]
    return keras.Model(given, outputs)


OUTPUTS: Zoo = {
    "softmax": Case(Made(ending(dense(CLASSES, "softmax")))),
    "logits": Case(Made(ending(dense(CLASSES)), read=softmax, loss=OF_LOGITS), gives="logits"),
    "Softmax layer": Case(Made(ending(dense(CLASSES), L.Softmax))),
    "Activation layer": Case(Made(ending(dense(CLASSES), partial(L.Activation, "softmax")))),
    "log-softmax": Case(
        Made(ending(dense(CLASSES, "log_softmax")), read=softmax, loss=OF_LOGITS),
        gives="log-softmax",
        lacking={"tflite-int16x8": "LOG_SOFTMAX"},
    ),
    "one sigmoid": Case(
        Made(ending(dense(1, "sigmoid")), two_classes, read=both_classes, loss="binary_crossentropy"),
        gives="sigmoid",
        quick=True,
    ),
    "one logit": Case(
        Made(
            ending(dense(1)),
            two_classes,
            read=lambda found: both_classes(sigmoid(found)),
            loss=OF_LABELS_LOGITS,
        ),
        gives="logit",
    ),
    "softmax of two": Case(Made(ending(dense(2, "softmax")), two_classes)),
    "sigmoids of single labels": Case(Made(ending(dense(CLASSES, "sigmoid"))), gives="sigmoids"),
    "sigmoids of several labels": Case(
        Made(ending(dense(CLASSES, "sigmoid")), crossed, loss="binary_crossentropy"),
        gives="sigmoids",
        task="several",
    ),
    "logits of several labels": Case(
        Made(ending(dense(CLASSES)), crossed, read=sigmoid, loss=OF_LABELS_LOGITS),
        gives="sigmoid-logits",
        task="several",
    ),
    "values": Case(Made(ending(dense(1)), brightness, loss="mse"), gives="values", task="values"),
    "1 x 1 x classes": Case(
        Made(sequential(GREY, scaled, partial(L.Conv2D, CLASSES, 12), L.Softmax), read=flattened, train=False)
    ),
    "two outputs": Case(
        Made(two_outputs, train=False),
        refused="expected one output of direction, width, found 2, direction, width: name one of them",
        quick=True,
    ),
    "one of two outputs": Case(
        Made(two_outputs, read=lambda outputs: outputs[0], train=False),
        reading=Reading(output="direction"),
        quick=True,
    ),
    "a map of classes": Case(
        Made(sequential(GREY, scaled, partial(L.Conv2D, CLASSES, 3, activation="softmax")), train=False),
        refused="expected",
    ),
    "softmax of one": Case(
        Made(ending(dense(1, "softmax")), two_classes, train=False),
        refused="train it with Dense(1, activation='sigmoid')",
    ),
}
