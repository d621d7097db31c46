"""How well a saved model reads images: its accuracy, the recall of each class and the confusion matrix."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from train.console.say import say
from train.console.table import print_table
from train.data.splits import MOST_CLASSES
from train.errors import ModelError
from train.model_file.running import run_model
from train.model_file.signature import contract_of

if TYPE_CHECKING:
    import keras


def predict_classes(model: keras.Model, path: Path, images: NDArray[np.uint8]) -> NDArray[np.intp]:
    """Classify images by a saved model.

    Args:
        model: The model.
        path: Its file, for the message.
        images: Shape (n, height, width, channels), grey levels 0..255.

    Returns:
        Class numbers, shape (n,).

    Raises:
        ModelError: If the model isn't a classifier, takes images of another shape, or can't run.
    """
    shape = contract_of(model, path).shape
    if shape != images.shape[1:]:
        raise ModelError(
            f"expected a model for pictures of shape {images.shape[1:]}, found {path} for {shape}: "
            "choose data of the model's own shape with --data"
        )
    return np.asarray(run_model(model, images, lambda some: some.astype(np.float32)).argmax(axis=1))


def confusion(labels: NDArray[np.uint8], predictions: NDArray[np.intp]) -> NDArray[np.intp]:
    """How often each class (row) was read as each class (column); shape (classes, classes).

    Raises:
        ModelError: If a prediction shows that the model has too many classes for a table.
    """
    classes = 1 + max(int(labels.max()), int(predictions.max()))
    if classes > MOST_CLASSES:
        raise ModelError(
            f"expected a model of at most {MOST_CLASSES:,} classes, found the prediction {classes - 1:,}: "
            "choose one of the data's classes"
        )
    matrix = np.zeros((classes, classes), np.intp)
    np.add.at(matrix, (labels, predictions), 1)
    return matrix


def print_confusion(matrix: NDArray[np.intp]) -> None:
    """Print the accuracy, the recall of each class and the confusion matrix, one row a class.

    Args:
        matrix: From `confusion`.
    """
    total, right = int(matrix.sum()), int(np.trace(matrix))
    say(f"accuracy {right / total:.2%}, {right:,} of {total:,} right")  # rich would wrap a title
    say()
    rows = []
    for number, row in enumerate(matrix):
        recall = f"{row[number] / row.sum():.1%}" if row.sum() else "-"
        rows.append([str(number), recall, *(str(count or ".") for count in row)])
    print_table(["class", "recall", *map(str, range(len(matrix)))], rows)
