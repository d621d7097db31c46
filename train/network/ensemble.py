"""Members of an ensemble learn each by itself: together they would come to rely on one another."""

from __future__ import annotations

from typing import Any

import keras
from keras import ops

from train.network.architectures import MEAN_LOGITS


class Ensemble(keras.Model):  # type: ignore[misc]  # Keras ships no types
    """A view of a model of several members for training: from pictures to logits of each.

    Their shape is (batch, members, classes). The loss is the mean of the members' own, and metrics are of
    their common answers, which are those of the model.
    """

    def compute_loss(
        self,
        x: Any = None,
        y: Any = None,
        y_pred: Any = None,
        sample_weight: Any = None,
        training: bool = True,
    ) -> Any:
        """Hold each member's answers against the labels."""
        members = y_pred.shape[1]
        answers = ops.reshape(ops.softmax(y_pred), (-1, y_pred.shape[-1]))
        labels = ops.repeat(ops.reshape(y, (-1,)), members)
        return super().compute_loss(x, labels, answers, sample_weight, training)

    def compute_metrics(self, x: Any, y: Any, y_pred: Any, sample_weight: Any = None) -> dict[str, Any]:
        """Hold the common answers against the labels."""
        answers: dict[str, Any] = super().compute_metrics(
            x, y, ops.softmax(ops.mean(y_pred, 1)), sample_weight
        )
        return answers


def apart(model: keras.Model) -> keras.Model:
    """A view in which the members learn each by itself; a model without members as it is."""
    try:
        mean = model.get_layer(MEAN_LOGITS)
    except ValueError:
        return model
    return Ensemble(model.input, ops.stack(mean.input, axis=1))
