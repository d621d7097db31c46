"""How people make their models: build, train, save; and how they predict with them afterwards."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from tests.zoo.pictures import Array, Pictures, as_they_are, grey, unchanged
from train.console.quiet import import_tensorflow

import_tensorflow()
import keras  # noqa: E402  after its start-up messages

EPOCHS = 15


@dataclass(frozen=True)
class Saved:
    """A model's file, and how its author predicts.

    Attributes:
        path: The file.
        taken: Shape that the model takes for a picture.
        predict: Gives probabilities, or values, for pictures of grey levels, by the author's own code.
    """

    path: Path
    taken: tuple[int, ...]
    predict: Callable[[Array], Array]


class Author(Protocol):
    """Whoever made a model."""

    @property
    def pictures(self) -> Callable[[], Pictures]:
        """What it was made for."""

    @property
    def feed(self) -> Callable[[Array], Array]:
        """Makes what the model takes of grey levels."""

    @property
    def read(self) -> Callable[[Any], Array]:
        """Makes probabilities of what the model gives."""

    def save(self, folder: Path) -> Saved:
        """Save the model into a folder."""


@dataclass(frozen=True)
class Made:
    """A model made with Keras 3.

    Attributes:
        build: Builds it.
        pictures: What it is trained on.
        feed: Makes what the model takes of grey levels.
        read: Makes probabilities of what the model gives.
        loss: What is trained for.
        file: Name of the file.
        train: Whether it is trained; otherwise its weights are random.
    """

    build: Callable[[], keras.Model]
    pictures: Callable[[], Pictures] = grey
    feed: Callable[[Array], Array] = as_they_are
    read: Callable[[Any], Array] = unchanged
    loss: Any = "sparse_categorical_crossentropy"
    file: str = "model.keras"
    train: bool = True

    def save(self, folder: Path) -> Saved:
        """Save the model into a folder; one that was trained before isn't trained again."""
        model = _made(self.build, self.pictures, self.feed, self.loss) if self.train else self.build()
        path = folder / self.file
        model.save(path)
        return Saved(path, self.feed(self.pictures().x_test[:1]).shape[1:], lambda x: self._predict(model, x))

    def _predict(self, model: keras.Model, pictures: Array) -> Array:
        given = self.feed(pictures)
        size = model.inputs[0].shape[0] or len(given)
        whole = np.resize(given, (-(-len(given) // size) * size, *given.shape[1:]))  # batches, if need be
        return self.read(model.predict(whole, batch_size=size, verbose=0))[: len(given)]


@cache
def _made(
    build: Callable[[], keras.Model],
    pictures: Callable[[], Pictures],
    feed: Callable[[Array], Array],
    loss: Any,
) -> keras.Model:
    keras.utils.set_random_seed(3)
    model = build()
    x, y, _, _ = pictures()
    model.compile(keras.optimizers.Adam(5e-3), loss)
    model.fit(feed(x), y, epochs=EPOCHS, batch_size=50, verbose=0)
    return model
