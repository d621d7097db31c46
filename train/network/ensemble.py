"""Train the members of an ensemble separately, so that they don't come to depend on one another."""

from typing import Any

import keras
from keras import ops

from train.network.architectures import MEAN_LOGITS, logit_layers


class Ensemble(keras.Model):
    """A view of an ensemble for training: from images to the logits of each member.

    The logits have shape (batch, members, classes). The loss is the mean of the members' losses. The metrics
    use the predictions of the whole ensemble.
    """

    def compute_loss(
        self,
        x: Any = None,
        y: Any = None,
        y_pred: Any = None,
        sample_weight: Any = None,
        training: bool = True,
    ) -> Any:
        """Compare the predictions of each member with the labels."""
        members = y_pred.shape[1]
        probabilities = ops.reshape(ops.softmax(y_pred), (-1, y_pred.shape[-1]))
        labels = ops.repeat(ops.reshape(y, (-1,)), members)
        return super().compute_loss(x, labels, probabilities, sample_weight, training)

    def compute_metrics(self, x: Any, y: Any, y_pred: Any, sample_weight: Any = None) -> dict[str, Any]:
        """Compare the predictions of the ensemble with the labels."""
        probabilities = ops.softmax(ops.mean(y_pred, 1))
        metrics: dict[str, Any] = super().compute_metrics(x, y, probabilities, sample_weight)
        return metrics


def apart(model: keras.Model) -> keras.Model:
    """A view that trains the members of an ensemble separately; any other model is returned unchanged.

    Members that also see the smoothed image are trained with the image as it is alone, in half the time.
    """
    try:
        mean = model.get_layer(MEAN_LOGITS)
    except ValueError:
        return model
    return Ensemble(model.input, ops.stack(mean.input[: len(logit_layers(model))], axis=1))
