"""Make a trained model as confident as it is right.

Smoothed labels leave a model less confident than it is right, overfitting leaves it more so. One number puts
both right: the temperature by which all logits are divided (Guo et al. 2017, On Calibration of Modern Neural
Networks). No prediction changes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from train.data.dataset import Split
from train.evaluation.results import measure
from train.network.architectures import logit_layers

if TYPE_CHECKING:
    import keras

FEWEST = 200  # images; of fewer, chance decides how right a confidence is
BOUNDS = (0.25, 4.0)  # a model without a mistake among the images could otherwise not be confident enough
TINY = 1e-30


def calibrate(model: keras.Model, validation: Split) -> float:
    """Divide a model's logits by the temperature with which images held out from training are most probable.

    Args:
        model: From grey levels to probabilities, compiled; its last weights are changed.
        validation: The images that were held out, and their labels.

    Returns:
        The temperature; 1 where the images are too few to choose one.
    """
    if len(validation) < FEWEST:
        return 1.0
    temperature = best_temperature(measure(model, validation).probabilities, validation.labels)
    for layer in logit_layers(model):
        layer.set_weights([weights / temperature for weights in layer.get_weights()])
    return temperature


def best_temperature(probabilities: NDArray[Any], labels: NDArray[Any]) -> float:
    """The temperature with the lowest cross-entropy.

    Args:
        probabilities: Shape (n, classes).
        labels: The right classes, shape (n,).
    """
    from scipy.optimize import minimize_scalar

    # Logits up to a number that is the same for all classes, which a softmax ignores.
    logits = np.log(np.maximum(np.asarray(probabilities, np.float64), TINY))
    found = minimize_scalar(
        lambda power: _cross_entropy(logits / np.exp(power), labels), bounds=np.log(BOUNDS)
    )
    return float(np.exp(found.x))


def _cross_entropy(logits: NDArray[np.float64], labels: NDArray[Any]) -> float:
    from scipy.special import log_softmax

    of_labels = np.take_along_axis(log_softmax(logits, axis=1), labels.astype(np.intp)[:, None], axis=1)
    return float(-of_labels.mean())
