"""Run a model from outside: layers that can be built may still fail on the first picture."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from train.errors import ModelError
from train.model_file.output_sizes import batch_size
from train.model_file.reason import reason_of

if TYPE_CHECKING:
    import keras


@contextmanager
def running_model() -> Iterator[None]:
    """Turn what Keras raises while a model runs into a ModelError of one line."""
    try:
        yield
    except ModelError:
        raise
    except Exception as error:  # Keras and TensorFlow raise many kinds
        raise ModelError(
            f"expected a model that runs on a picture, it could not ({reason_of(error)}): "
            "change that layer, and save the model again"
        ) from error


def run_model(
    model: keras.Model, pictures: NDArray[Any], prepare: Callable[[NDArray[Any]], NDArray[Any]]
) -> NDArray[Any]:
    """Predict in batches that fit the memory; a model of a fixed batch gets that.

    Args:
        model: Of one input and one output.
        pictures: Shape (n, rows, columns, channels).
        prepare: Makes the model's inputs of some of them.

    Returns:
        The outputs, one row a picture: shape (n, outputs).

    Raises:
        ModelError: If the model can't run.
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
