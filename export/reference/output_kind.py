"""What a model's outputs are, and how exported models make probabilities of them."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from export.errors import ModelError
from train.data.label_kind import LabelKind

if TYPE_CHECKING:
    import keras

# Names of the layers that `finish_in_graph` may add.
ADDED_LAYERS = {"added_softmax", "added_sigmoid", "first_class", "both_classes"}
# Half-precision softmax: its sums are off by a few thousandths.
SUM_TOLERANCE = 1e-2


class OutputKind(StrEnum):
    """What a row of a model's outputs is. Exported models give probabilities, or for values the values."""

    SOFTMAX = "softmax"  # probabilities of classes that exclude each other
    LOGITS = "logits"  # what softmax makes those of
    LOG_SOFTMAX = "log-softmax"  # their logarithms
    SIGMOID = "sigmoid"  # the probability of the second of two classes
    LOGIT = "logit"  # what sigmoid makes that of
    SIGMOIDS = "sigmoids"  # probabilities of labels that don't exclude each other
    SIGMOID_LOGITS = "sigmoid-logits"  # what sigmoid makes those of
    VALUES = "values"  # of a regression

    @property
    def added(self) -> str | None:
        """What exported models do with the outputs, for users; None if that is nothing."""
        return ADDED.get(self)

    def finish(self, outputs: NDArray[Any]) -> NDArray[np.float32]:
        """Outputs, shape (n, outputs), as exported models give them: shape (n, classes or values)."""
        rows = outputs.astype(np.float64)
        match self:
            case OutputKind.LOGITS | OutputKind.LOG_SOFTMAX:
                rows = np.exp(rows - rows.max(axis=1, keepdims=True))
                rows /= rows.sum(axis=1, keepdims=True)
            case OutputKind.SIGMOID_LOGITS | OutputKind.LOGIT:
                rows = 1 / (1 + np.exp(-np.clip(rows, -700, 700)))
        if self in (OutputKind.SIGMOID, OutputKind.LOGIT):
            rows = np.concatenate([1 - rows, rows], axis=1)
        return rows.astype(np.float32)

    def finish_in_graph(self, outputs: keras.KerasTensor) -> keras.KerasTensor:
        """The same for a symbolic tensor, by layers."""
        from keras import layers

        match self:
            case OutputKind.LOGITS | OutputKind.LOG_SOFTMAX:  # softmax of logarithms: the probabilities
                outputs = layers.Softmax(name="added_softmax")(outputs)
            case OutputKind.SIGMOID_LOGITS | OutputKind.LOGIT:
                outputs = layers.Activation("sigmoid", name="added_sigmoid")(outputs)
        if self in (OutputKind.SIGMOID, OutputKind.LOGIT):
            other = layers.Rescaling(-1.0, 1.0, name="first_class")(outputs)
            outputs = layers.Concatenate(name="both_classes")([other, outputs])
        return outputs

    def classes(self, outputs: int) -> int:
        """How many numbers an exported model gives for a picture where the model gives so many."""
        return 2 if self in (OutputKind.SIGMOID, OutputKind.LOGIT) else outputs


ADDED = {
    OutputKind.LOGITS: "the model gives logits: a softmax is added",
    OutputKind.LOG_SOFTMAX: "the model gives logarithms of probabilities: a softmax is added",
    OutputKind.SIGMOID: "the model gives one probability: exported models give those of both classes",
    OutputKind.LOGIT: "the model gives one logit: a sigmoid is added, and both classes' probabilities given",
    OutputKind.SIGMOID_LOGITS: "the model gives a logit for each label: a sigmoid is added",
}


def find_output_kind(outputs: NDArray[Any], labels: LabelKind, classes: int) -> OutputKind:
    """Find what a model's outputs are, from their values and the dataset's labels.

    Args:
        outputs: For a few hundred varied pictures at each scale of pixels that may be the model's, shape
            (n, outputs). At a scale that isn't, a sigmoid may give 1 for every picture, and a network may
            overflow: rows that aren't finite count for nothing.
        labels: What the dataset's labels are.
        classes: How many classes the dataset has; 0 where its labels aren't classes.

    Raises:
        ModelError: If they are the same for every picture: a softmax of one output is always 1.
    """
    finite = np.isfinite(outputs).all(axis=1)
    outputs = outputs[finite] if finite.any() else outputs
    low, high, count = outputs.min(), outputs.max(), outputs.shape[1]
    within = bool(low >= -1e-6 and high <= 1 + SUM_TOLERANCE)
    if count == 1:
        if np.ptp(outputs) == 0 and abs(high - 1) < 1e-6:
            raise ModelError(
                "expected a model that tells pictures apart, found an output of 1 for each of them, as a "
                "softmax of one number gives: train it with Dense(1, activation='sigmoid')"
            )
        if labels is LabelKind.VALUES or (labels is LabelKind.CLASSES and classes > 2):
            return OutputKind.VALUES
        if within:
            return OutputKind.SIGMOID
        return OutputKind.LOGIT if labels is LabelKind.CLASSES else OutputKind.VALUES
    if labels is LabelKind.VALUES:
        return OutputKind.VALUES
    if within and np.abs(outputs.sum(axis=1, dtype=np.float64) - 1).max() < SUM_TOLERANCE:
        return OutputKind.SOFTMAX
    sums = np.exp(np.minimum(outputs.astype(np.float64), 1)).sum(axis=1)
    if high <= SUM_TOLERANCE and np.abs(sums - 1).max() < SUM_TOLERANCE:
        return OutputKind.LOG_SOFTMAX
    if within:
        return OutputKind.SIGMOIDS
    return OutputKind.SIGMOID_LOGITS if labels is LabelKind.SEVERAL else OutputKind.LOGITS
