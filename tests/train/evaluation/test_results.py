"""Predictions of a model on a split: compared with Keras, and computed by hand."""

import numpy as np
import pytest

from train.data.dataset import Split, pen_dataset
from train.evaluation.results import Results, measure


def results(labels: list[int], probabilities: list[list[float]]) -> Results:
    images = np.arange(len(labels), dtype=np.uint8).reshape(-1, 1, 1, 1)
    return Results(Split(images, np.array(labels, np.uint8)), np.array(probabilities, np.float32), loss=0.5)


def test_figures_by_hand():
    some = results([0, 1, 1, 0], [[0.9, 0.1], [0.2, 0.8], [0.6, 0.4], [0.3, 0.7]])
    assert some.predictions.tolist() == [0, 1, 0, 1]
    assert some.right == 2
    assert some.accuracy == 0.5


def test_worst_mistakes_come_first_and_right_predictions_never():
    some = results([0, 1, 1, 0, 1], [[0.99, 0.01], [0.7, 0.3], [0.95, 0.05], [0.4, 0.6], [0.7, 0.3]])
    worst = some.worst_mistakes(3)
    # Of two mistakes with the same probability the earlier comes first.
    assert [int(one.picture[0, 0, 0]) for one in worst] == [2, 1, 4]
    assert [(one.label, one.prediction) for one in worst] == [(1, 0)] * 3
    assert worst[0].probability == pytest.approx(0.95)
    assert len(some.worst_mistakes(10)) == 4


def test_a_model_is_measured_as_keras_measures_it():
    import keras

    keras.utils.set_random_seed(0)
    model = keras.Sequential(
        [keras.Input((28, 28, 1)), keras.layers.Flatten(), keras.layers.Dense(10, activation="softmax")]
    )
    model.compile(loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    split = pen_dataset(train=20, test=77).test
    loss, accuracy = model.evaluate(split.images.astype(np.float32), split.labels, verbose=0)
    measured = measure(model, split)
    assert measured.accuracy == pytest.approx(accuracy)
    assert measured.loss == pytest.approx(loss, rel=1e-5)
