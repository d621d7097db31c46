"""Run a Keras model on many pictures, in batches that fit the memory."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from train.model_file.output_sizes import batch_size
from train.model_file.running import running_model

if TYPE_CHECKING:
    import keras


def run_model(
    model: keras.Model, pictures: NDArray[Any], prepare: Callable[[NDArray[Any]], NDArray[Any]]
) -> NDArray[Any]:
    """Predict, batch by batch; a model of a fixed batch gets that.

    Args:
        model: Of one input and one output.
        pictures: Shape (n, rows, columns, channels).
        prepare: Makes the model's inputs of some of them.

    Returns:
        The outputs, one row a picture: shape (n, outputs).
    """
    fixed = model.inputs[0].shape[0]
    batch = batch_size(model)
    rows = []
    for start in range(0, len(pictures), batch):
        some = pictures[start : start + batch]
        inputs = prepare(some)
        if fixed and len(some) < fixed:
            inputs = np.concatenate([inputs, np.repeat(inputs[-1:], fixed - len(some), axis=0)])
        with running_model():
            outputs = model.predict_on_batch(inputs)
        rows.append(np.asarray(outputs)[: len(some)].reshape(len(some), -1))
    return np.concatenate(rows)
