"""The hyperparameters that a sweep varies: layers, neurons and optimization."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from train.settings import OPTIMIZERS, SCHEDULES, Convolution, Network, Settings

if TYPE_CHECKING:
    import keras_tuner

RATES = (1e-4, 1e-1)
BATCH_SIZES = (32, 64, 128, 256)
HIDDEN_LAYERS = (1, 4)
NEURONS = (10, 16, 32, 64, 128, 256)
CONVOLUTIONS = (2, 5)
FILTERS = (8, 12, 16, 24)


def draw_settings(hp: keras_tuner.HyperParameters, base: Settings) -> Settings:
    """The settings that correspond to hyperparameters.

    Every hyperparameter is read on each call, so a single call declares the whole space. None depends on
    another one, because KerasTuner 1.4.8 prints the values of conditional hyperparameters on stdout.

    Args:
        hp: Empty, to declare the space, or with the values of a trial.
        base: The settings that aren't varied.
    """
    if base.model == "mlp":  # hidden layers of equal size
        layers = {"hidden": (hp.Choice("neurons", list(NEURONS)),) * hp.Int("layers", *HIDDEN_LAYERS)}
    else:
        layers = {"convolutions": (_convolutions(hp),)}
    return replace(
        base,
        **layers,
        optimizer=hp.Choice("optimizer", list(OPTIMIZERS)),
        # Two digits are precise enough, and keep the command line that repeats a trial readable.
        rate=float(f"{hp.Float('rate', *RATES, sampling='log'):.2g}"),
        schedule=hp.Choice("schedule", list(SCHEDULES)),
        batch_size=hp.Choice("batch_size", list(BATCH_SIZES)),
    )


def _convolutions(hp: keras_tuner.HyperParameters) -> Network:
    """Every other convolution, starting with the first, halves the image; every two double the filters."""
    filters, layers = hp.Choice("filters", list(FILTERS)), hp.Int("layers", *CONVOLUTIONS)
    return tuple(
        Convolution(filters * 2 ** (layer // 2), 3 if layer else 5, 1 if layer % 2 else 2)
        for layer in range(layers)
    )
