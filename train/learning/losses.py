"""The loss that training minimises."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from train.settings import Settings

if TYPE_CHECKING:
    import tensorflow as tf


def build_loss(settings: Settings) -> Callable[[tf.Tensor, tf.Tensor], tf.Tensor]:
    """The cross-entropy, with label smoothing according to the settings.

    Label smoothing takes a fraction of the right class's probability and spreads it over all classes (Szegedy
    et al. 2016, https://arxiv.org/abs/1512.00567, section 7), so that ambiguous and mislabelled digits have
    less influence on the weights.

    Returns:
        A function from class numbers, shape (batch,) or (batch, 1), where the number of classes means none of
        them, and probabilities, shape (batch, classes), to the loss of each image, shape (batch,).
    """
    import keras

    def crossentropy(labels: Any, probabilities: Any) -> Any:
        classes = probabilities.shape[-1]
        rows = keras.ops.one_hot(keras.ops.reshape(labels, (-1,)), classes)  # zeros for no class
        of_none = 1 - keras.ops.sum(rows, axis=-1, keepdims=True)
        return keras.losses.categorical_crossentropy(
            rows + of_none / classes, probabilities, label_smoothing=settings.label_smoothing
        )

    return crossentropy
