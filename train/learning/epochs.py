"""Train a model epoch by epoch, and save and print each complete epoch."""

from collections.abc import Callable, Mapping
from typing import Any

import keras
import numpy as np

from train.console.progress import stage
from train.console.say import say
from train.data.batches import steps_per_epoch, training_batches
from train.data.dataset import Split
from train.learning.checkpoints import TENSORBOARD, Checkpoints
from train.learning.devices import evaluation_batch
from train.learning.duration import SayDuration
from train.learning.losses import build_loss
from train.learning.metrics import Accuracy, CrossEntropy
from train.network.ensemble import apart
from train.network.fused_norm import with_fused_norms
from train.settings import PRESETS

# The figures of each epoch in the history.
MEASURED = ("accuracy", "loss", "val_accuracy", "val_loss", "learning_rate")
CROSS_ENTROPY = "crossentropy"  # the loss in the history; the minimised loss may have smoothed labels


class KeepEpochs(keras.callbacks.Callback):
    """Saves and prints each epoch, and ends the training once the run is complete."""

    def __init__(
        self, model: keras.Model, validation: Split, kept: Checkpoints, step: Callable[[], None]
    ) -> None:
        """Validate and save `model`, of which Keras trains a view; call `step` after each batch."""
        super().__init__()
        self._saved, self._kept, self._step = model, kept, step
        self._validation = validation.as_floats()
        self._batch = evaluation_batch(len(validation), model.distribute_strategy.num_replicas_in_sync)

    def on_epoch_begin(self, epoch: int, logs: Mapping[str, float] | None = None) -> None:
        """Make dropout depend on the seed and the epoch alone: checkpoints don't hold its generators."""
        dropouts = [layer for layer in self._saved.layers if isinstance(layer, keras.layers.Dropout)]
        for number, layer in enumerate(dropouts):
            seed = np.random.SeedSequence((self._kept.settings.seed, epoch, number))
            # The generators count upwards from 31 bits.
            layer.seed_generator.state.assign(seed.generate_state(2) >> 1)

    def on_train_batch_end(self, batch: int, logs: Mapping[str, float] | None = None) -> None:
        """Advance the progress bar."""
        self._step()

    def on_epoch_end(self, epoch: int, logs: dict[str, float]) -> None:
        """Validate the model; save and print what the epoch came to."""
        # Here, because Keras would validate the view. Other callbacks find the figures in the logs.
        logs["val_loss"], logs["val_accuracy"] = self._saved.evaluate(
            *self._validation, batch_size=self._batch, verbose=0
        )
        learning_rate = float(self._saved.optimizer.learning_rate)
        measured = {**logs, "loss": logs[CROSS_ENTROPY], "learning_rate": learning_rate}
        self._kept.save(self._saved, {name: float(measured[name]) for name in MEASURED})
        epochs = self._kept.settings.epochs
        say(
            f"epoch {epoch + 1:>{len(str(epochs))}}/{epochs}  "
            f"loss {measured['loss']:.4f}  accuracy {measured['accuracy']:.2%}  "
            f"validation loss {measured['val_loss']:.4f}  accuracy {measured['val_accuracy']:.2%}"
        )
        self.model.stop_training = self._kept.complete


def train_epochs(model: keras.Model, split: Split, validation: Split, kept: Checkpoints) -> None:
    """Train the model from the last complete epoch on, and keep each epoch.

    Keras trains a view of the model, which is faster and trains the members of an ensemble separately.
    """
    settings, done = kept.settings, len(kept.history)
    steps = steps_per_epoch(len(split), settings.batch_size)
    with model.distribute_strategy.scope():
        view = with_fused_norms(apart(model))
        metrics = [Accuracy(name="accuracy"), CrossEntropy(name=CROSS_ENTROPY)]
        view.compile(model.optimizer, build_loss(settings), metrics=metrics)
    title = f"training for {settings.epochs} epochs" + (f", from epoch {done + 1} on" if done else "")
    remaining = steps * (settings.epochs - done)
    quick = settings.epochs <= PRESETS["quick"][settings.model].epochs
    with stage(title, total=remaining) as step:
        keep = KeepEpochs(model, validation, kept, step)
        callbacks: list[Any] = [keep, SayDuration(remaining, quick=quick)]
        if settings.tensorboard:
            logs = kept.folder / TENSORBOARD
            callbacks.append(keras.callbacks.TensorBoard(logs, histogram_freq=1, write_graph=False))
        view.fit(
            training_batches(split, settings, first_epoch=done),
            steps_per_epoch=steps,
            initial_epoch=done,
            epochs=settings.epochs,
            shuffle=False,  # the batches are shuffled already
            verbose=0,
            callbacks=callbacks,
        )
