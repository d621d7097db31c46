"""Say how well a model reads: accuracy, recall of each class, and what it takes for what."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from train.errors import ModelError
from train.model_file.load import load_model

BATCH = 500


def answers_of(path: Path, images: NDArray[np.uint8]) -> NDArray[np.intp]:
    """Ask a saved model.

    Args:
        path: A `.h5` or `.keras`.
        images: Shape (n, height, width, channels).

    Returns:
        Class numbers, shape (n,).

    Raises:
        ModelError: If the model can't be loaded, or takes pictures of another shape.
    """
    model = load_model(path)
    if model.input_shape[1:] != images.shape[1:]:
        raise ModelError(
            f"expected a model for pictures of shape {images.shape[1:]}, found {path} for "
            f"{model.input_shape[1:]}: name data of its own shape"
        )
    answers: NDArray[np.intp] = model.predict(images.astype(np.float32), batch_size=BATCH, verbose=0).argmax(
        axis=1
    )
    return answers


def confusion(labels: NDArray[np.uint8], answers: NDArray[np.intp]) -> NDArray[np.intp]:
    """How often each class (row) was taken for each class (column); shape (classes, classes)."""
    classes = 1 + max(int(labels.max()), int(answers.max()))
    table = np.zeros((classes, classes), np.intp)
    np.add.at(table, (labels, answers), 1)
    return table


def describe(table: NDArray[np.intp]) -> str:
    """Accuracy, recall of each class and the confusion table as text.

    Args:
        table: From `confusion`.
    """
    total, right = int(table.sum()), int(np.trace(table))
    width = max(5, len(str(table.max())) + 1)
    lines = [f"accuracy {right / total:.2%}, {right:,} of {total:,} right", ""]
    lines.append("class  recall" + "".join(f"{column:>{width}}" for column in range(len(table))))
    for number, row in enumerate(table):
        recall = f"{row[number] / row.sum():.1%}" if row.sum() else "-"
        lines.append(f"{number:>5} {recall:>7}" + "".join(f"{count or '.':>{width}}" for count in row))
    return "\n".join(lines)
