"""Short training runs: copies of a model, trained for seconds, and their predictions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from train.data.dataset import Split
from train.model_file.output_sizes import batch_size
from train.model_file.running import running_model

if TYPE_CHECKING:
    import keras

BATCH = 64
ONE_BATCH_STEPS = 200  # the models of this project need 20 to 50
SHORT_STEPS = 400  # an epoch of half of MNIST
EVALUATED = 2000  # images; the standard error of their accuracy is about 0.3 percentage points


def copy_of(model: keras.Model) -> keras.Model:
    """A copy of the model with the same weights."""
    import keras

    copy = keras.models.clone_model(model)
    copy.set_weights(model.get_weights())
    return copy


def untrained(model: keras.Model) -> keras.Model:
    """A copy of the model with new weights. Layers without trainable weights keep theirs."""
    import keras

    copy = keras.models.clone_model(model)
    for new, old in zip(copy.layers, model.layers, strict=True):
        if not old.trainable_weights:
            new.set_weights(old.get_weights())
    return copy


def train_briefly(model: keras.Model, split: Split, rate: float) -> keras.Model:
    """A copy of the model after 400 steps of 64 images with Adam, the rate falling to 0 by cosine decay."""
    brief = untrained(model)
    train_on(brief, split, rate, SHORT_STEPS)
    return brief


def overfit(model: keras.Model, split: Split, rate: float) -> tuple[float, float, float, int]:
    """Train a copy on one batch only.

    Returns:
        The first loss, the last loss, the accuracy reached, and the number of steps.
    """
    copy = untrained(model)
    batch = Split(split.images[:BATCH], split.labels[:BATCH])
    images, labels = batch.as_floats()
    _compile(copy, rate)
    first = loss = accuracy = 0.0
    step = 0
    for step in range(1, ONE_BATCH_STEPS + 1):
        # In training mode, because the moving averages of batch normalisation need more steps.
        loss, accuracy = map(float, copy.train_on_batch(images, labels))
        copy.reset_metrics()
        first = first if step > 1 else loss
        if accuracy == 1 or not np.isfinite(loss):
            break
    return first, loss, max(accuracy, accuracy_of(copy, batch)), step


def train_on(model: keras.Model, split: Split, rate: float, steps: int) -> None:
    """Train the model for a number of steps of 64 images, repeating the split if it has too few."""
    import keras

    _compile(model, keras.optimizers.schedules.CosineDecay(rate, steps) if rate else 0.0)
    chosen = np.arange(steps * BATCH) % len(split)
    images = split.images[chosen].astype(np.float32)
    model.fit(images, split.labels[chosen], batch_size=BATCH, verbose=0)


def accuracy_of(model: keras.Model, split: Split, *, training: bool = False) -> float:
    """Fraction of right predictions on the first 2,000 images, 0..1.

    Args:
        model: The model. In training mode its batch normalisations are changed.
        split: Images and class numbers.
        training: Whether to run it in training mode.
    """
    labels = split.labels[:EVALUATED]
    predictions = predict(model, split.images[:EVALUATED], training=training)
    return float((predictions.argmax(axis=1) == labels).mean())


def predict(model: keras.Model, images: NDArray[Any], *, training: bool = False) -> NDArray[np.float32]:
    """Probabilities, shape (n, classes), by calling the model directly, which builds no graph."""
    size = batch_size(model)
    parts = [images[start : start + size] for start in range(0, len(images), size)]
    with running_model():
        return np.concatenate(
            [np.asarray(model(part.astype(np.float32), training=training)) for part in parts]
        )


def _compile(model: keras.Model, rate: Any) -> None:
    import keras

    loss = "sparse_categorical_crossentropy"
    model.compile(optimizer=keras.optimizers.Adam(rate), loss=loss, metrics=["accuracy"])
