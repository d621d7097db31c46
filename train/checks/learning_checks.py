"""Checks with short training runs: whether the model learns and generalises.

They follow Karpathy's recipe (http://karpathy.github.io/2019/04/25/recipe/) and always train a copy with new
weights.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import sqrt
from typing import TYPE_CHECKING

import numpy as np

from train.checks.finding import Finding, failed, passed
from train.checks.short_training import (
    BATCH,
    EVALUATED,
    SHORT_STEPS,
    accuracy_of,
    copy_of,
    overfit,
    train_on,
    untrained,
)
from train.data.dataset import Split

if TYPE_CHECKING:
    import keras

ONE_BATCH_ACCURACY = 0.95
USUAL_RATE = 1e-3  # Adam's default: if the model learns with it, another rate is the fault
ZERO_STEPS = 50
MOST_GAP = 0.05
# An accuracy counts as above chance if it is higher by this many standard errors.
STANDARD_ERRORS = 4


def check_one_batch(model: keras.Model, split: Split, rate: float) -> Finding:
    """A copy of the model can overfit one batch, the first 64 images, with Adam at a rate of 0 or more."""
    first, last, accuracy, steps = overfit(model, split, rate)
    found = f"accuracy {accuracy:.0%} after {steps} steps, loss from {first:.3f} to {last:.3f}"
    if accuracy >= ONE_BATCH_ACCURACY:
        return passed(found)
    if rate == 0:
        return failed(found, f"the learning rate is 0, so no weight moves: try {USUAL_RATE}")
    if rate != USUAL_RATE and overfit(model, split, USUAL_RATE)[2] >= ONE_BATCH_ACCURACY:
        way = "low" if rate < USUAL_RATE else "high"
        return failed(found, f"the learning rate {rate:g} is too {way}: {USUAL_RATE} learns the batch")
    return failed(
        found,
        "the model can't overfit 64 pictures: scale its inputs, let gradients through (see there), "
        "give it more neurons, end it with a softmax",
    )


def check_zeros(model: keras.Model, splits: Mapping[str, Split], rate: float) -> Finding:
    """A copy trained on black pictures is no better than chance: predictions depend on the pictures."""
    train, validation = splits["train"], splits["validation"]
    blind = untrained(model)
    black = Split(np.zeros_like(train.images[: ZERO_STEPS * BATCH]), train.labels[: ZERO_STEPS * BATCH])
    train_on(blind, black, rate, ZERO_STEPS)
    accuracy = accuracy_of(blind, Split(np.zeros_like(validation.images), validation.labels))
    chance = 1 / blind.output_shape[-1]
    found = f"accuracy {accuracy:.1%} on black pictures, chance {chance:.1%}"
    if accuracy > _above(1.5 * chance, min(len(validation), EVALUATED)):
        return failed(
            found,
            "the right class can be guessed without the picture, because one class is so frequent: balance "
            "the classes",
        )
    return passed(found)


def check_learning(brief: keras.Model, splits: Mapping[str, Split]) -> Finding:
    """After a short training run the model classifies pictures that it hasn't seen.

    If it doesn't, although it can overfit a batch, the labels don't belong to the pictures.

    Args:
        brief: From `train_briefly`, of a model that `check_one_batch` passes.
        splits: `train` and `validation`.
    """
    validation = splits["validation"]
    accuracy = accuracy_of(brief, validation)
    chance = float(np.bincount(validation.labels).max()) / len(validation)
    found = f"validation accuracy {accuracy:.1%} after {SHORT_STEPS} steps, chance {chance:.1%}"
    if accuracy > _above(chance, min(len(validation), EVALUATED)):
        return passed(found)
    # A model slowly overfits wrong labels, too, so the threshold lies halfway between chance and 100%.
    known = (1 + chance) / 2
    if accuracy_of(brief, splits["train"]) > known:
        return failed(
            found,
            "it classifies its training pictures only: the validation labels don't belong to their pictures, "
            "or no labels do and the model has overfitted, because there are so few pictures",
        )
    if accuracy_of(copy_of(brief), splits["train"], training=True) > known:
        return failed(
            found,
            "it classifies pictures in training mode only, in which batch normalisation and dropout behave "
            "differently: scale the inputs, or use a lower rate or momentum",
        )
    return failed(
        found,
        "the labels don't belong to the pictures, because the model overfits one batch, yet doesn't "
        "generalise: look at some pictures with their labels, and shuffle both in the same order",
    )


def check_gap(model: keras.Model, splits: Mapping[str, Split], other: str) -> Finding:
    """A trained model is about as good on another split (`validation`, `test`) as on the training split."""
    known, unknown = accuracy_of(model, splits["train"]), accuracy_of(model, splits[other])
    found = f"accuracy {known:.1%} on training pictures, {unknown:.1%} on {other} pictures"
    if known <= _above(1 / model.output_shape[-1], min(len(splits["train"]), EVALUATED)):
        return failed(found, "the model is no better than chance: train it (see learning)")
    # The gap, plus the uncertainty from the small number of pictures.
    if known > _above(unknown, min(len(splits[other]), EVALUATED)) + MOST_GAP:
        return failed(
            found,
            f"it overfits: use more pictures, distorted ones, or a smaller model; or the {other} pictures "
            "are prepared in another way, or their labels don't belong to them: look at some",
        )
    return passed(found)


def _above(chance: float, count: int) -> float:
    """The lowest accuracy on `count` pictures that is significantly above chance."""
    return chance + STANDARD_ERRORS * sqrt(chance * max(1 - chance, 0.0) / count)
