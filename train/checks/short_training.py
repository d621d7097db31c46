"""Try a model out: copies of it, trained for seconds, and their answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from train.data.dataset import Split

if TYPE_CHECKING:
    import keras

BATCH = 64
ONE_BATCH_STEPS = 200  # a model of ours needs 20 to 50
SHORT_STEPS = 400  # an epoch of half of MNIST
EVALUATED = 2000  # pictures; the standard error of their accuracy is about 0.3 points


def copy_of(model: keras.Model) -> keras.Model:
    """A copy of the model with the same weights."""
    import keras

    copy = keras.models.clone_model(model)
    copy.set_weights(model.get_weights())
    return copy


def untrained(model: keras.Model) -> keras.Model:
    """A copy of the model with new weights. Layers without weights to train keep what they have."""
    import keras

    copy = keras.models.clone_model(model)
    for new, old in zip(copy.layers, model.layers, strict=True):
        if not old.trainable_weights:
            new.set_weights(old.get_weights())
    return copy


def train_briefly(model: keras.Model, split: Split, rate: float) -> keras.Model:
    """A copy of the model after 400 steps of 64 pictures, with Adam and the rate falling to 0 by cosine."""
    brief = untrained(model)
    train_on(brief, split, rate, SHORT_STEPS)
    return brief


def overfit(model: keras.Model, split: Split, rate: float) -> tuple[float, float, float, int]:
    """Train a copy on one batch only.

    Returns:
        The first loss, the last, the accuracy reached, the steps taken.
    """
    pupil = untrained(model)
    batch = Split(split.images[:BATCH], split.labels[:BATCH])
    images = batch.images.astype(np.float32)
    _compile(pupil, rate)
    first = loss = accuracy = 0.0
    step = 0
    for step in range(1, ONE_BATCH_STEPS + 1):
        # In training mode: the moving averages of a batch normalisation need longer than this.
        loss, accuracy = map(float, pupil.train_on_batch(images, batch.labels))
        pupil.reset_metrics()
        first = first if step > 1 else loss
        if accuracy == 1 or not np.isfinite(loss):
            break
    return first, loss, max(accuracy, accuracy_of(pupil, batch)), step


def train_on(model: keras.Model, split: Split, rate: float, steps: int) -> None:
    """Train the model for so many steps of 64 pictures, which come again where they are too few."""
    import keras

    _compile(model, keras.optimizers.schedules.CosineDecay(rate, steps) if rate else 0.0)
    chosen = np.arange(steps * BATCH) % len(split)
    images = split.images[chosen].astype(np.float32)
    model.fit(images, split.labels[chosen], batch_size=BATCH, verbose=0)


def accuracy_of(model: keras.Model, split: Split, *, training: bool = False) -> float:
    """Share of right answers to the first 2,000 pictures, 0..1.

    Args:
        model: It is changed where it has batch normalisations and `training` is set.
        split: Pictures and class numbers.
        training: Whether layers that behave otherwise while training do so.
    """
    labels = split.labels[:EVALUATED]
    answers = answers_to(model, split.images[:EVALUATED], training=training)
    return float((answers.argmax(axis=1) == labels).mean())


def answers_to(model: keras.Model, images: NDArray[Any], *, training: bool = False) -> NDArray[np.float32]:
    """Probabilities, shape (n, classes); called directly, which builds no graph. See `accuracy_of`."""
    parts = [images[start : start + 500] for start in range(0, len(images), 500)]
    return np.concatenate([np.asarray(model(part.astype(np.float32), training=training)) for part in parts])


def _compile(model: keras.Model, rate: Any) -> None:
    import keras

    loss = "sparse_categorical_crossentropy"
    model.compile(optimizer=keras.optimizers.Adam(rate), loss=loss, metrics=["accuracy"])
