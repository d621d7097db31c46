"""Whether a model numbers its classes as the dataset does."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from export.errors import ModelError
from export.types import Labels, Probabilities
from train.console.text import plain

# Of fewer pictures a class, chance finds an order in which many are right.
LEAST_OF_CLASS = 10
KNOWN = 0.7  # of the pictures right, in the order that suits the model best
BETTER = 0.1  # of the pictures, at least, that another order makes right
MOST_OF_NAMES = 200  # characters of the classes' names in a message


def demand_same_order(
    predictions: Sequence[Probabilities], labels: Labels, names: Sequence[str] | None
) -> None:
    """Fail if a model knows the dataset's classes, but in another order.

    Names of folders and of labels are numbered alphabetically, whatever the order was in training.

    Args:
        predictions: For the pictures, at each scale that may be the model's: each of shape (n, classes).
        labels: The dataset's classes of the pictures, shape (n,).
        names: Those of the dataset's classes; None where they have numbers only.

    Raises:
        ModelError: If clearly more pictures are right in another order; it names that order.
    """
    classes = predictions[0].shape[1]
    if len(labels) < LEAST_OF_CLASS * classes or (names is not None and len(names) != classes):
        return
    tables = [_confusions(one, labels) for one in predictions]
    if any(np.trace(table) >= (1 - BETTER) * len(labels) for table in tables):
        return  # no other order can be clearly better
    right, order, table = max((_best_order(table) for table in tables), key=lambda found: found[0])
    if right < KNOWN * len(labels) or right - np.trace(table) <= BETTER * len(labels):
        return
    found = plain(", ".join(str(label) if names is None else names[label] for label in order), MOST_OF_NAMES)
    remedy = (
        f"number the labels by it: the model's class 0 is the dataset's {order[0]}"
        if names is None
        else "write them into a text file, one a line in this order, and name it with --labels"
    )
    raise ModelError(
        f"expected a model with the classes in the order of the dataset's, found them as {found}: {remedy}"
    )


def _confusions(predictions: Probabilities, labels: Labels) -> NDArray[np.int64]:
    """How many pictures of each class, by row, the model takes for each of its own, by column."""
    classes = predictions.shape[1]
    places = labels.astype(np.intp) * classes + predictions.argmax(axis=1)
    return np.bincount(places, minlength=classes**2).reshape(classes, classes)


def _best_order(table: NDArray[np.int64]) -> tuple[int, list[int], NDArray[np.int64]]:
    """The most pictures that any order makes right, that order, and the table.

    The order is the dataset's class for each of the model's.
    """
    from scipy.optimize import linear_sum_assignment

    of_model, of_dataset = linear_sum_assignment(table.T, maximize=True)
    return int(table[of_dataset, of_model].sum()), of_dataset.tolist(), table
