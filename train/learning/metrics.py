"""The metrics of an epoch, which leave out the training images of no class."""

from typing import Any

import keras
from keras import ops


class _OfClasses:
    """Makes a metric ignore the images whose label is the number of classes, which means none of them."""

    def update_state(self, labels: Any, probabilities: Any, sample_weight: Any = None) -> Any:
        """Add the images of a batch that have a class; weights are not supported, as none are used."""
        has_class = labels < probabilities.shape[-1]
        labels = ops.where(has_class, labels, ops.zeros_like(labels))
        return super().update_state(labels, probabilities, ops.cast(has_class, "float32"))  # type: ignore[misc]


class Accuracy(_OfClasses, keras.metrics.SparseCategoricalAccuracy):
    """The fraction of right predictions."""


class CrossEntropy(_OfClasses, keras.metrics.SparseCategoricalCrossentropy):
    """The mean cross-entropy, without label smoothing."""
