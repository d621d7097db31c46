"""Train a model and write it, its history and a description of the run into the output folder."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from train.console.interrupts import cleaned_up
from train.console.progress import stage
from train.console.quiet import import_tensorflow, quiet
from train.console.say import say, say_all
from train.contract import InputContract
from train.data import non_digits, pen
from train.data.batches import steps_per_epoch
from train.data.dataset import Dataset, Split
from train.evaluation.refusal import known_from
from train.learning import checkpoints
from train.learning.checkpoints import TENSORBOARD, Checkpoints
from train.learning.devices import EVALUATION_BATCH, strategy
from train.learning.half_precision import round_to_half
from train.learning.optimizers import build_optimizer, portable
from train.learning.temperature import calibrate
from train.model_file.known_from import write_known_from
from train.network.architectures import build_model, fit_averages_to_run
from train.network.weight_changes import weights_by_path
from train.output.staging import at_work, move_in_place, staging
from train.settings import Settings

if TYPE_CHECKING:
    import keras

PEN_SEED = 1_000_000  # far from the seeds of the embedded dataset, on which models are tested
LOSS = "sparse_categorical_crossentropy"  # labels are class numbers, not one-hot rows


def fit(dataset: Dataset, settings: Settings, out: Path, *, resume: bool = False) -> Path:
    """Train on the dataset and write `model.h5` and `training/` into `out`.

    Prints the model's summary, loss and accuracy of each epoch, and at the end those of the test split.
    Until the run is complete, each epoch is saved in a hidden folder of `out`.

    Args:
        dataset: The data to train, validate and test on.
        settings: How to train.
        out: The output folder.
        resume: Continue the unfinished run in `out`; the weights are those of an uninterrupted run.

    Returns:
        Path of the `.h5`, which includes its training configuration: the model of the last epoch or, with
        patience, of the epoch with the lowest validation loss.

    Raises:
        LockError: If another run is using `out`.
        OutputError: If `out` can't be written.
        ResumeError: If there is nothing to resume, or it was started with other settings or data.
    """
    with at_work(out):
        dataset = dataset.holding_out(settings.validation_split)
        kept = (checkpoints.resume if resume else checkpoints.begin)(out, settings, dataset)
        with cleaned_up(kept.discard_if_useless):
            with stage("starting TensorFlow"):
                import_tensorflow()
            from train.learning.epochs import train_epochs

            split = with_drawings(dataset, settings)
            model, untrained = start(dataset, len(split), kept)
            if not kept.complete:
                train_epochs(model, split, dataset.validation, kept)
            if settings.patience:
                say(f"epoch {kept.best_epoch + 1} has the lowest validation loss: its model is kept")
            _write_results(untrained, dataset, kept)
            kept.discard()
    return out / "model.h5"


def with_drawings(dataset: Dataset, settings: Settings) -> Split:
    """The training split, with pen digits and drawings of no digit mixed in if it is MNIST's.

    Returns:
        A split in which the label of what is no digit is the number of classes.
    """
    digits, others = (round(part * len(dataset.train)) for part in (settings.pen_share, settings.non_digits))
    if dataset.name != "mnist" or not digits + others:
        return dataset.train
    drawn = {"pen digits": digits, "other signs": others}
    with stage("drawing " + " and ".join(f"{count:,} {name}" for name, count in drawn.items() if count)):
        seed, contract = PEN_SEED + settings.seed, InputContract()
        images, labels = pen.dataset(digits, seed, contract)
        signs = non_digits.dataset(others, seed, contract)
    no_digit = np.full(others, dataset.classes, labels.dtype)
    return Split(
        np.concatenate([dataset.train.images, images[..., None], signs[..., None]]),
        np.concatenate([dataset.train.labels, labels, no_digit]),
    )


def start(dataset: Dataset, images: int, kept: Checkpoints) -> tuple[keras.Model, dict[str, NDArray[Any]]]:
    """Build the model of a run, or load its last checkpoint, and print the model's summary.

    Args:
        dataset: Determines the image shape and the number of classes.
        images: Number of images in an epoch.
        kept: The run's checkpoints.

    Returns:
        The compiled model, and its weights as they are before any training, by variable path.
    """
    import keras

    settings = kept.settings
    keras.utils.set_random_seed(settings.seed)
    contract = InputContract.scaled_to(dataset.train.images.shape[1:], dataset.classes)
    steps = steps_per_epoch(images, settings.batch_size) * settings.epochs
    with strategy(min(settings.batch_size, images), len(dataset.validation)).scope():
        model = build_model(settings, contract)
        fit_averages_to_run(model, steps)
        model.summary(print_fn=say_all)
        model.compile(optimizer=build_optimizer(settings, steps), loss=LOSS, metrics=["accuracy"])
        return (checkpoints.load(kept.last) if kept.history else model), weights_by_path(model)


def _write_results(untrained: Mapping[str, NDArray[Any]], dataset: Dataset, kept: Checkpoints) -> None:
    """Calibrate and test the trained model; move it and the run's description into the output folder."""
    from train.report import page
    from train.report.training_run import TrainingRun

    # Loaded from their files, they are ordinary models, however many devices trained them.
    best, last = checkpoints.load(kept.best), checkpoints.load(kept.last)
    # Both, so that each gives the same probabilities as `model.h5` where it is the same epoch's.
    temperatures = {found: calibrate(found, dataset.validation) for found in (best, last)}
    for found in (best, last):
        round_to_half(found)
    model = best if kept.settings.patience else last
    with staging(kept.out) as staged:
        training = staged / "training"
        training.mkdir()
        _write_history(training / "history.csv", kept.history)
        if kept.settings.tensorboard:
            shutil.copytree(kept.folder / TENSORBOARD, training / TENSORBOARD)
        _save(best, training / "best.keras")
        _save(last, training / "last.keras")
        test = dataset.test
        loss, accuracy = model.evaluate(*test.as_floats(), batch_size=EVALUATION_BATCH, verbose=0)
        say(f"test: accuracy {accuracy:.2%}, loss {loss:.4f}, {len(test):,} images of {dataset.name}")
        _save(model, staged / "model.h5")
        _say_what_is_known(model, dataset, staged / "model.h5")
        history = training / "history.csv"
        run = TrainingRun(model, untrained, dataset, kept.settings, history, temperatures[model])
        page.write(training, run)
        move_in_place(staged, kept.out, ["training", "model.h5"])


def _save(model: keras.Model, path: Path) -> None:
    """Save the model so that Keras alone can load it and continue its training."""
    model.compile(optimizer=portable(model.optimizer), loss=LOSS, metrics=["accuracy"])
    with quiet():  # Keras warns that .h5 is an old format
        model.save(path)


def _say_what_is_known(model: keras.Model, dataset: Dataset, path: Path) -> None:
    """Add to the file of a model of drawn digits from which probability on it names one."""
    contract = InputContract.scaled_to(dataset.train.images.shape[1:], dataset.classes)
    held_out = dataset.validation.as_floats()[0]
    probabilities = model.predict(held_out, batch_size=EVALUATION_BATCH, verbose=0)
    least = known_from(probabilities) if contract.takes_drawings else None
    if least is not None:
        write_known_from(path, least)


def _write_history(path: Path, history: Sequence[Mapping[str, float]]) -> None:
    """Write the file that `keras.callbacks.CSVLogger` would write, which doesn't support resumed runs."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, ["epoch", *history[0]])
        writer.writeheader()
        writer.writerows({"epoch": epoch, **entry} for epoch, entry in enumerate(history))
