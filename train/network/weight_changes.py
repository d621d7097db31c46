"""A model's weights as plain arrays, and how much training has changed them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import keras


@dataclass(frozen=True, slots=True)
class Change:
    """The change of one variable by training.

    Attributes:
        name: The variable's path, for example `conv1/kernel`.
        before: Its values before training, of any shape.
        after: Its values after training, of the same shape.
    """

    name: str
    before: NDArray[Any]
    after: NDArray[Any]

    @property
    def is_kernel(self) -> bool:
        """Whether this is a kernel, not biases or scales."""
        return self.after.ndim > 1

    @property
    def mean_step(self) -> float:
        """Mean absolute change; 0 if nothing was learned, NaN if a weight is NaN."""
        return float(np.abs(self.after - self.before).mean())


def weights_by_path(model: keras.Model) -> dict[str, NDArray[Any]]:
    """Copies of all weights, by variable path."""
    return {variable.path: np.array(variable) for variable in model.weights}


def changes(before: Mapping[str, NDArray[Any]], model: keras.Model) -> list[Change]:
    """The changes of the trainable variables, in the order of the layers.

    Args:
        before: The model's weights before training, by variable path.
        model: The same model, trained.
    """
    return [
        Change(variable.path, before[variable.path], np.array(variable))
        for variable in model.trainable_variables
    ]
