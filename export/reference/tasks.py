"""What a model decides about a picture: one of several classes, each of several labels, or values."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from export.reference.output_kind import OutputKind
from export.types import Probabilities
from train.data.label_kind import LabelKind

LEAST = 1e-7  # as Keras's losses clip probabilities


class Task(StrEnum):
    """What predictions are compared by."""

    CLASSES = "classes"  # one decision a picture, between all classes
    SEVERAL = "several"  # one decision a label, between yes and no
    VALUES = "values"  # numbers, compared by their difference

    def decisions(self, predictions: Probabilities) -> Probabilities:
        """Predictions, shape (n, classes), as decisions: shape (decisions, choices)."""
        if self is Task.SEVERAL:
            return np.asarray(np.stack([1 - predictions, predictions], axis=-1).reshape(-1, 2))
        return predictions

    def right(self, labels: NDArray[Any]) -> NDArray[np.intp]:
        """The right choice of each decision: shape (decisions,)."""
        return labels.astype(np.intp).reshape(-1)

    def scores(self, predictions: Probabilities, labels: NDArray[Any]) -> NDArray[np.float64]:
        """How right each decision is: 1 or 0; of values, minus the absolute error, shape (n,)."""
        if self is Task.VALUES:
            differences = predictions.astype(np.float64) - labels.reshape(len(labels), -1)
            return np.asarray(-np.abs(differences).mean(axis=1))
        return np.asarray(self.decisions(predictions).argmax(axis=1) == self.right(labels), np.float64)

    def guess(self, labels: NDArray[Any]) -> NDArray[np.float64]:
        """The scores of the best answer that is the same for all pictures."""
        if self is Task.VALUES:
            rows = labels.reshape(len(labels), -1)
            return self.scores(np.broadcast_to(np.median(rows, axis=0), rows.shape), labels)
        right = self.right(labels)
        return np.asarray(right == np.bincount(right).argmax(), np.float64)

    def guess_loss(self, labels: NDArray[Any]) -> float:
        """The mean loss of predicting the frequencies of the classes; of values, of their median."""
        if self is Task.VALUES:
            return -float(self.guess(labels).mean())
        frequencies = np.unique(self.right(labels), return_counts=True)[1] / labels.size
        return -float((frequencies * np.log(frequencies)).sum())

    def losses(self, predictions: Probabilities, labels: NDArray[Any]) -> NDArray[np.float64]:
        """The cross-entropy of each decision, in nats; of values, the absolute error."""
        if self is Task.VALUES:
            return -self.scores(predictions, labels)
        decisions = self.decisions(predictions).astype(np.float64)
        decisions /= np.maximum(decisions.sum(axis=1, keepdims=True), LEAST)
        chosen = np.take_along_axis(decisions, self.right(labels)[:, None], axis=1)
        return np.asarray(-np.log(np.maximum(chosen[:, 0], LEAST)))


def find_task(kind: OutputKind, labels: LabelKind) -> Task:
    """What a model of this kind of output decides about pictures with these labels."""
    if kind is OutputKind.VALUES:
        return Task.VALUES
    if kind is OutputKind.SIGMOID_LOGITS or (kind is OutputKind.SIGMOIDS and labels is not LabelKind.CLASSES):
        return Task.SEVERAL
    return Task.CLASSES
