"""The epochs of a run: when they end, what is kept of them, what is logged."""

import csv

import numpy as np
import pytest

from tests.train.outputs import same_weights
from train.learning.fit import fit
from train.settings import Settings

pytestmark = [pytest.mark.usefixtures("tensorflow"), pytest.mark.integration]


def test_short_run_ends_with_what_it_learnt(few, tmp_path):
    """64 steps: averages over a hundred of them, Keras's, left it at 9% of the pictures it was trained on."""
    import keras

    path = fit(few, Settings(epochs=8, batch_size=32, augment=False), tmp_path / "out")
    train = few.train
    _, accuracy = keras.saving.load_model(path).evaluate(
        train.images.astype(np.float32), train.labels, verbose=0
    )
    assert accuracy > 0.9


def test_patience_stops_and_keeps_the_best_epoch(few, tmp_path, capsys):
    """So high a rate that the loss soon rises."""
    settings = Settings("mlp", 50, 32, rate=0.3, schedule="constant", patience=2)
    path = fit(few, settings, tmp_path / "out")
    with (path.parent / "training" / "history.csv").open(newline="") as file:
        losses = [float(line["val_loss"]) for line in csv.DictReader(file)]
    best = losses.index(min(losses))
    assert len(losses) == best + 3 < 50
    assert f"epoch {best + 1} has the lowest validation loss" in capsys.readouterr().out
    assert same_weights(path, path.parent / "training" / "best.keras")
    assert not same_weights(path, path.parent / "training" / "last.keras")


def test_fraction_held_out_and_tensorboard_logs_are_those_of_the_settings(few, tmp_path):
    """Of 300 pictures 60 are left for training: three steps of 20 an epoch."""
    import keras
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    settings = Settings("mlp", 2, 20, validation_split=0.8, tensorboard=True, optimizer="adamw")
    path = fit(few, settings, tmp_path / "out")
    assert keras.saving.load_model(path).optimizer.iterations.numpy() == 2 * 3
    logs = EventAccumulator(str(path.parent / "training" / "tensorboard" / "train"))
    logs.Reload()
    assert {"epoch_loss", "epoch_accuracy"} <= set(logs.Tags()["tensors"])
    assert [event.step for event in logs.Tensors("epoch_loss")] == [0, 1]
