"""What a sweep varies: layers, neurons and how they learn."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from train.settings import OPTIMIZERS, SCHEDULES, Convolution, Settings

if TYPE_CHECKING:
    import keras_tuner

RATES = (1e-4, 1e-1)
BATCH_SIZES = (32, 64, 128, 256)
HIDDEN_LAYERS = (1, 4)
NEURONS = (10, 16, 32, 64, 128, 256)
CONVOLUTIONS = (2, 5)
FILTERS = (8, 12, 16, 24)


def draw_settings(hp: keras_tuner.HyperParameters, base: Settings) -> Settings:
    """The settings that the hyperparameters stand for.

    All of them are asked for, whatever their values, so one call declares the whole space. None depends on
    another: KerasTuner 1.4.8 prints the values of conditional ones on stdout.

    Args:
        hp: Empty, to declare the space, or with the values of a trial.
        base: What isn't varied.
    """
    layers = _hidden_layers(hp) if base.model == "mlp" else _convolutions(hp)
    return replace(
        base,
        **layers,
        optimizer=hp.Choice("optimizer", list(OPTIMIZERS)),
        # Two digits: more make no difference, and the command line that repeats a trial stays legible.
        rate=float(f"{hp.Float('rate', *RATES, sampling='log'):.2g}"),
        schedule=hp.Choice("schedule", list(SCHEDULES)),
        batch_size=hp.Choice("batch_size", list(BATCH_SIZES)),
    )


def _hidden_layers(hp: keras_tuner.HyperParameters) -> dict[str, Any]:
    """As many neurons in each hidden layer."""
    return {"hidden": (hp.Choice("neurons", list(NEURONS)),) * hp.Int("layers", *HIDDEN_LAYERS)}


def _convolutions(hp: keras_tuner.HyperParameters) -> dict[str, Any]:
    """The first and every other convolution halves the picture, from the third on with twice the filters."""
    filters, layers = hp.Choice("filters", list(FILTERS)), hp.Int("layers", *CONVOLUTIONS)
    return {
        "convolutions": (
            tuple(
                Convolution(filters * 2 ** (layer // 2), 3 if layer else 5, 1 if layer % 2 else 2)
                for layer in range(layers)
            ),
        )
    }
