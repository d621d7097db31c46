"""The usual small networks, that what a table is about is put into."""

from collections.abc import Callable
from typing import Any

from tests.export.reference.bars import CLASSES, SIDE
from train.console.quiet import import_tensorflow

import_tensorflow()
import keras  # noqa: E402  after its start-up messages
from keras import layers as L  # noqa: E402, N812

GREY, COLOUR = (SIDE, SIDE, 1), (SIDE, SIDE, 3)
Body = Callable[[Any], Any]


def scaled() -> keras.Layer:
    return L.Rescaling(1 / 255)


def head() -> list[keras.Layer]:
    return [L.Flatten(), L.Dense(16, activation="relu"), L.Dense(CLASSES, activation="softmax")]


def pooled_head() -> list[keras.Layer]:
    return [L.GlobalMaxPooling2D(), L.Dense(CLASSES, activation="softmax")]


def sequential(shape: tuple[int | None, ...], *layers: Any) -> Callable[[], keras.Model]:
    """Builds a sequential model of layers, each given as it is or by a function that makes it or several."""

    def build() -> keras.Model:
        made = [layer if isinstance(layer, keras.Layer | keras.Model) else layer() for layer in layers]
        flat = [one for some in made for one in (some if isinstance(some, list) else [some])]
        return keras.Sequential([keras.Input(shape), *flat])

    return build


def functional(body: Body, shape: tuple[int | None, ...] = GREY) -> Callable[[], keras.Model]:
    """Builds a functional model of grey levels divided by 255, a body, and the usual head."""

    def build() -> keras.Model:
        given = keras.Input(shape)
        return keras.Model(given, chained(body(scaled()(given)), *head()))

    return build


def chained(found: Any, *layers: Any) -> Any:
    for layer in layers:
        found = layer(found)
    return found


def convolutional() -> keras.Model:
    """The usual one, of grey levels."""
    return sequential(GREY, scaled, lambda: L.Conv2D(8, 3, activation="relu"), L.MaxPooling2D, head)()


def bare() -> keras.Model:
    """The same, that leaves the scale to its author."""
    return sequential(GREY, lambda: L.Conv2D(8, 3, activation="relu"), L.MaxPooling2D, head)()


def colourful() -> keras.Model:
    """The same for pictures in colour."""
    return sequential(COLOUR, lambda: L.Conv2D(8, 3, activation="relu"), L.MaxPooling2D, head)()
