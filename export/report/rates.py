"""How often a model is right: by class, by what it takes for what, and by how confident it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from export.reference.tasks import Task
from export.types import Probabilities


@dataclass(frozen=True, slots=True)
class ClassRate:
    """How a class, or a label of several, fares.

    Attributes:
        label: Its name.
        count: How many pictures are of it.
        recall: The fraction of those that are taken for it, 0..1; None where there are none.
        precision: The fraction of those taken for it that are of it, 0..1; None where there are none.
    """

    label: str
    count: int
    recall: float | None
    precision: float | None


@dataclass(frozen=True, slots=True)
class Confusion:
    """How often pictures of one class were taken for another."""

    label: str
    taken_for: str
    count: int
    fraction: float  # of the pictures of the class


def class_rates(
    task: Task, predictions: Probabilities, labels: NDArray[Any], names: Sequence[str]
) -> list[ClassRate]:
    """Recall and precision of each class, or label of several."""
    are, found = (_membership(task, numbers, len(names)) for numbers in (labels, predictions))
    both, of, taken = (are & found).sum(axis=0), are.sum(axis=0), found.sum(axis=0)
    return [
        ClassRate(name, int(of[at]), _fraction(both[at], of[at]), _fraction(both[at], taken[at]))
        for at, name in enumerate(names)
    ]


def confusions(
    predictions: Probabilities, labels: NDArray[Any], names: Sequence[str], most: int
) -> list[Confusion]:
    """What classes are most often taken for others, most often first."""
    pairs, counts = np.unique(
        np.stack([labels.astype(np.intp), predictions.argmax(axis=1)], axis=1), axis=0, return_counts=True
    )
    wrong = pairs[:, 0] != pairs[:, 1]
    pairs, counts = pairs[wrong], counts[wrong]
    totals = np.bincount(labels.astype(np.intp), minlength=len(names))
    return [
        Confusion(names[of], names[taken], int(counts[at]), float(counts[at] / totals[of]))
        for at in np.argsort(-counts, kind="stable")[:most]
        for of, taken in [pairs[at].tolist()]
    ]


def _membership(task: Task, numbers: NDArray[Any], classes: int) -> NDArray[np.bool_]:
    """Which classes pictures are of, shape (n, classes), by labels or predictions."""
    if task is Task.SEVERAL:
        return np.asarray(numbers.reshape(-1, classes) > 0.5)
    chosen = numbers.argmax(axis=1) if numbers.ndim == 2 else numbers.astype(np.intp)
    return np.asarray(chosen[:, None] == np.arange(classes))


def _fraction(part: int, whole: int) -> float | None:
    return float(part / whole) if whole else None
