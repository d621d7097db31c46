"""The metrics of an epoch leave out the images of no class."""

import numpy as np
import pytest

pytestmark = pytest.mark.usefixtures("tensorflow")

PROBABILITIES = np.array([[0.7, 0.2, 0.1], [0.05, 0.05, 0.9], [0.3, 0.3, 0.4]], np.float32)
NONE = 3  # the number of classes


def metrics():
    from train.learning.metrics import Accuracy, CrossEntropy

    return Accuracy(), CrossEntropy()


@pytest.mark.parametrize("column", [False, True])
def test_they_are_those_of_the_images_with_a_class(column):
    labels = np.array([0, 1, NONE], np.uint8)
    for metric, expected in zip(metrics(), (0.5, -np.log([0.7, 0.05]).mean()), strict=True):
        metric.update_state(labels[:, None] if column else labels, PROBABILITIES)
        assert float(metric.result()) == pytest.approx(expected, rel=1e-5)


def test_without_such_images_they_are_keras_own():
    import keras

    theirs = keras.metrics.SparseCategoricalAccuracy(), keras.metrics.SparseCategoricalCrossentropy()
    labels = np.array([0, 1, 2], np.uint8)
    for ours, keras_own in zip(metrics(), theirs, strict=True):
        ours.update_state(labels, PROBABILITIES)
        keras_own.update_state(labels, PROBABILITIES)
        assert float(ours.result()) == pytest.approx(float(keras_own.result()), rel=1e-6)
