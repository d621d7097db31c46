"""Train a model and leave it, with its history and what describes it, in the output folder."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from train.console.interrupts import cleaned_up
from train.console.progress import stage
from train.console.quiet import import_tensorflow, quiet
from train.contract import InputContract
from train.data import pen
from train.data.batches import steps_per_epoch, training_batches
from train.data.dataset import Dataset, Split
from train.learning import checkpoints
from train.learning.checkpoints import Checkpoints
from train.learning.devices import EVALUATION_BATCH, evaluation_batch, strategy
from train.learning.optimizers import build_optimizer, portable
from train.network.architectures import build_model, fit_averages_to_run
from train.output.staging import at_work, move_in_place, staging
from train.settings import Settings as Settings

if TYPE_CHECKING:
    import keras

PEN_SEED = 1_000_000  # far from those of the embedded dataset, which is measured on
MEASURED = ("accuracy", "loss", "val_accuracy", "val_loss", "learning_rate")
TENSORBOARD = "tensorboard"
LOSS = "sparse_categorical_crossentropy"  # labels are class numbers, not one-hot rows
PLAIN = "crossentropy"  # the same as a metric, which the history holds: what is minimised may be smoothed


def fit(dataset: Dataset, settings: Settings, out: Path, *, resume: bool = False) -> Path:
    """Train on the dataset and write `model.h5` and `training/` into `out`.

    Prints the model's summary, loss and accuracy of each epoch, and at the end those of the test split.
    After each epoch the run is kept in a hidden folder of `out`, until it is complete.

    Args:
        dataset: What to train, validate and test on.
        settings: How to.
        out: The output folder.
        resume: Go on with the unfinished run in `out`: the weights come out as if it had never stopped.

    Returns:
        Path of the `.h5`, which holds its training configuration too: of the last epoch or, with patience,
        of the one with the lowest validation loss.

    Raises:
        LockError: If another run is at work in `out`.
        OutputError: If `out` can't be written.
        ResumeError: If there is nothing to resume, or it was begun with other settings or data.
    """
    with at_work(out):
        return _fit(dataset.holding_out(settings.validation_split), settings, out, resume)


def _fit(dataset: Dataset, settings: Settings, out: Path, resume: bool) -> Path:
    kept = (checkpoints.resume if resume else checkpoints.begin)(out, settings, dataset)
    with cleaned_up(kept.discard_if_useless):
        with stage("starting TensorFlow"):
            import_tensorflow()
        split = with_pen_digits(dataset, settings)
        model, before = start(dataset, len(split), kept)
        if not kept.complete:
            train_epochs(model, split, dataset.validation, kept)
        if settings.patience:
            print(f"epoch {kept.best_epoch + 1} has the lowest validation loss: its model is kept")
        _leave(before, dataset, kept)
        kept.discard()
    return out / "model.h5"


def start(
    dataset: Dataset, images: int, kept: Checkpoints
) -> tuple[keras.Model, dict[str, np.ndarray[Any, Any]]]:
    """Print the model's summary; give the model to train and its weights before any training.

    Args:
        dataset: Says the shape of the pictures and the number of classes.
        images: How many pictures an epoch has.
        kept: The run's checkpoints.

    Returns:
        The model, compiled, new or from the last checkpoint; the untrained weights by variable path.
    """
    import keras

    from train.network.weight_changes import weights_by_path

    settings = kept.settings
    keras.utils.set_random_seed(settings.seed)
    contract = InputContract.scaled_to(dataset.train.images.shape[1:], dataset.classes)
    steps = steps_per_epoch(images, settings.batch_size) * settings.epochs
    with strategy(min(settings.batch_size, images), len(dataset.validation)).scope():
        model = build_model(settings, contract)
        fit_averages_to_run(model, steps)
        model.summary(print_fn=lambda text: print(text))
        model.compile(optimizer=build_optimizer(settings, steps), loss=LOSS, metrics=["accuracy"])
        return (kept.load_last() if kept.history else model), weights_by_path(model)


def with_pen_digits(dataset: Dataset, settings: Settings) -> Split:
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


def train_epochs(model: keras.Model, split: Split, validation: Split, kept: Checkpoints) -> None:
    """Train the model from the last complete epoch on, and keep each epoch."""
    import keras

    from train.learning.losses import build_loss
    from train.network.ensemble import apart
    from train.network.fused_norm import with_fused_norms

    settings, done = kept.settings, len(kept.history)
    steps = steps_per_epoch(len(split), settings.batch_size)
    with model.distribute_strategy.scope():
        learner = with_fused_norms(apart(model))
        plain = keras.metrics.SparseCategoricalCrossentropy(name=PLAIN)
        learner.compile(optimizer=model.optimizer, loss=build_loss(settings), metrics=["accuracy", plain])
    devices = model.distribute_strategy.num_replicas_in_sync

    def begin_epoch(epoch: int, _logs: object) -> None:
        _reseed_dropout(model, settings.seed, epoch)

    def end_epoch(epoch: int, logs: Mapping[str, float]) -> None:
        measured = {
            **logs,
            "loss": logs[PLAIN],
            "val_loss": logs[f"val_{PLAIN}"],
            "learning_rate": float(model.optimizer.learning_rate),
        }
        kept.save(model, {name: float(measured[name]) for name in MEASURED})
        print(_epoch_line(epoch, settings.epochs, measured))
        learner.stop_training = kept.complete

    callbacks = [keras.callbacks.LambdaCallback(on_epoch_begin=begin_epoch, on_epoch_end=end_epoch)]
    if settings.tensorboard:
        logs = kept.folder / TENSORBOARD
        callbacks.append(keras.callbacks.TensorBoard(logs, histogram_freq=1, write_graph=False))
    title = f"training for {settings.epochs} epochs" + (f", from epoch {done + 1} on" if done else "")
    with stage(title, total=steps * (settings.epochs - done)) as step:
        learner.fit(
            training_batches(
                split,
                settings.batch_size,
                settings.seed,
                augment=settings.augment,
                elastic=settings.elastic,
                first_epoch=done,
            ),
            steps_per_epoch=steps,
            initial_epoch=done,
            epochs=settings.epochs,
            shuffle=False,  # the batches are shuffled already
            validation_data=_arrays(validation),
            validation_batch_size=evaluation_batch(len(validation), devices),
            verbose=0,
            callbacks=[
                keras.callbacks.LambdaCallback(on_train_batch_end=lambda batch, logs: step()),
                *callbacks,
            ],
        )


def _reseed_dropout(model: keras.Model, seed: int, epoch: int) -> None:
    """Let what is dropped depend on the seed and the epoch alone: checkpoints don't hold the generators."""
    import keras

    layers = [layer for layer in model.layers if isinstance(layer, keras.layers.Dropout)]
    for number, layer in enumerate(layers):
        words = np.random.SeedSequence((seed, epoch, number)).generate_state(2)
        layer.seed_generator.state.assign(words >> 1)  # 31 bits: the generators count upwards from here


def _leave(before: Mapping[str, np.ndarray[Any, Any]], dataset: Dataset, kept: Checkpoints) -> None:
    """Test the trained model and put everything of the run in its place."""
    from train.report import page
    from train.report.training_run import TrainingRun

    test = dataset.test
    # As they were kept: ordinary models, however many devices trained them.
    best, last = kept.load_best(), kept.load_last()
    model = best if kept.settings.patience else last
    loss, accuracy = model.evaluate(*_arrays(test), batch_size=EVALUATION_BATCH, verbose=0)
    print(f"test: accuracy {accuracy:.2%}, loss {loss:.4f}, {len(test):,} images of {dataset.name}")
    with staging(kept.out) as staged:
        training = staged / "training"
        training.mkdir()
        _write_history(training / "history.csv", kept.history)
        if kept.settings.tensorboard:
            shutil.copytree(kept.folder / TENSORBOARD, training / TENSORBOARD)
        _save(best, training / "best.keras")
        _save(last, training / "last.keras")
        _save(model, staged / "model.h5")
        run = TrainingRun(model, before, dataset, kept.settings, training / "history.csv")
        page.write(training, run)
        move_in_place(staged, kept.out, ["training", "model.h5"])


def _save(model: keras.Model, path: Path) -> None:
    """As a file that Keras can load without any code of ours, to go on training, too."""
    model.compile(optimizer=portable(model.optimizer), loss=LOSS, metrics=["accuracy"])
    with quiet():  # it would warn that .h5 is an old format
        model.save(path)


def _write_history(path: Path, history: Sequence[Mapping[str, float]]) -> None:
    """As `keras.callbacks.CSVLogger` would, which knows nothing of runs that were killed."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, ["epoch", *MEASURED])
        writer.writeheader()
        writer.writerows({"epoch": epoch, **entry} for epoch, entry in enumerate(history))


def _arrays(split: Split) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    return split.images.astype(np.float32), split.labels


def _epoch_line(epoch: int, epochs: int, logs: Mapping[str, float]) -> str:
    return (
        f"epoch {epoch + 1:>{len(str(epochs))}}/{epochs}  "
        f"loss {logs['loss']:.4f}  accuracy {logs['accuracy']:.2%}  "
        f"validation loss {logs['val_loss']:.4f}  accuracy {logs['val_accuracy']:.2%}"
    )
