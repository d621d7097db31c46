"""Train a model and leave it, with its history, in the output folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from train import pen
from train.contract import InputContract
from train.data import Dataset, Split
from train.model import build_model
from train.output import move_in_place, staging
from train.progress import stage
from train.quiet import import_tensorflow, quiet
from train.settings import Settings as Settings

if TYPE_CHECKING:
    import keras
    import tensorflow as tf

EVALUATION_BATCH = 500
PEN_SEED = 1_000_000  # far from those of the embedded dataset, which is measured on
# One cycle (Smith 2018, https://arxiv.org/abs/1803.09820): up for a quarter of the run, then down by cosine.
PEAK_RATE = 0.01
START_RATE = PEAK_RATE / 20
END_RATE = PEAK_RATE / 20_000
WARM_UP = 0.25
WEIGHT_DECAY = 1e-3


def fit(dataset: Dataset, settings: Settings, out: Path) -> Path:
    """Train on the dataset and write `model.h5` and `training/history.csv` into `out`.

    Prints the model's summary, loss and accuracy of each epoch, and at the end those of the test split.

    Returns:
        Path of the `.h5`, which holds its training configuration too.

    Raises:
        OutputError: If `out` can't be written.
    """
    with staging(out) as staged:
        with stage("starting TensorFlow"):
            import_tensorflow()
        import keras

        keras.utils.set_random_seed(settings.seed)
        split = _with_pen_digits(dataset, settings)
        contract = InputContract.scaled_to(dataset.train.images.shape[1:], dataset.classes)
        model = build_model(settings.model, contract)
        model.summary(print_fn=lambda text: print(text))
        _compile(model, len(split), settings)
        (staged / "training").mkdir()
        _train(model, split, dataset.validation, settings, staged / "training" / "history.csv")
        loss, accuracy = model.evaluate(*_arrays(dataset.test), batch_size=EVALUATION_BATCH, verbose=0)
        print(
            f"test: accuracy {accuracy:.2%}, loss {loss:.4f}, {len(dataset.test):,} images of {dataset.name}"
        )
        with quiet():  # it would warn that .h5 is an old format
            model.save(staged / "model.h5")
        move_in_place(staged, out, ["training", "model.h5"])
    return out / "model.h5"


def _compile(model: keras.Model, images: int, settings: Settings) -> None:
    import keras

    steps = max(1, images // settings.batch_size) * settings.epochs
    warm_up = round(steps * WARM_UP)
    rate = keras.optimizers.schedules.CosineDecay(
        START_RATE,
        decay_steps=max(1, steps - warm_up),
        alpha=END_RATE / PEAK_RATE,
        warmup_target=PEAK_RATE,
        warmup_steps=warm_up,
    )
    model.compile(
        optimizer=keras.optimizers.AdamW(rate, weight_decay=WEIGHT_DECAY),
        loss="sparse_categorical_crossentropy",  # labels are class numbers, not one-hot rows
        metrics=["accuracy"],
    )


def _with_pen_digits(dataset: Dataset, settings: Settings) -> Split:
    """The training split, with pen digits mixed in where it is MNIST's."""
    count = round(settings.pen_share * len(dataset.train))
    if dataset.name != "mnist" or not count:
        return dataset.train
    with stage(f"drawing {count:,} pen digits"):
        images, labels = pen.dataset(count, PEN_SEED + settings.seed, InputContract())
    return Split(
        np.concatenate([dataset.train.images, images[..., None]]),
        np.concatenate([dataset.train.labels, labels]),
    )


def _train(model: keras.Model, split: Split, validation: Split, settings: Settings, history: Path) -> None:
    import keras

    batches = training_batches(split, settings.batch_size, settings.seed)
    steps = int(batches.cardinality())
    with stage(f"training for {settings.epochs} epochs", total=steps * settings.epochs) as step:
        model.fit(
            batches,
            epochs=settings.epochs,
            shuffle=False,  # the batches are shuffled already
            validation_data=_arrays(validation),
            validation_batch_size=EVALUATION_BATCH,
            verbose=0,
            callbacks=[
                keras.callbacks.LambdaCallback(
                    on_train_batch_end=lambda batch, logs: step(),
                    on_epoch_end=lambda epoch, logs: print(_epoch_line(epoch, settings.epochs, logs)),
                ),
                keras.callbacks.CSVLogger(history),
            ],
        )


def training_batches(split: Split, batch_size: int, seed: int) -> tf.data.Dataset:
    """Endlessly varied batches: shuffled anew each epoch, each picture distorted anew.

    Returns:
        Batches of (float32 images 0..255, labels); a last, smaller batch is left out.
    """
    import tensorflow as tf

    from train.augment import distort

    batch_size = min(batch_size, len(split))
    pictures = tf.data.Dataset.from_tensor_slices((split.images, split.labels))
    pictures = pictures.shuffle(len(split), seed=seed).batch(batch_size, drop_remainder=True)
    seeds = tf.data.Dataset.random(seed=seed, rerandomize_each_iteration=True).batch(2)
    return (
        tf.data.Dataset.zip(pictures, seeds)
        .map(lambda picture, seed: (distort(tf.cast(picture[0], tf.float32), seed), picture[1]))
        .prefetch(2)
    )


def _arrays(split: Split) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    return split.images.astype(np.float32), split.labels


def _epoch_line(epoch: int, epochs: int, logs: dict[str, float]) -> str:
    return (
        f"epoch {epoch + 1:>{len(str(epochs))}}/{epochs}  "
        f"loss {logs['loss']:.4f}  accuracy {logs['accuracy']:.2%}  "
        f"validation loss {logs['val_loss']:.4f}  accuracy {logs['val_accuracy']:.2%}"
    )
