"""The loss: plain cross-entropy, or against smoothed labels."""

import numpy as np
import pytest

from train.learning.losses import build_loss
from train.settings import Settings

pytestmark = pytest.mark.usefixtures("tensorflow")

PROBABILITIES = np.array([[0.7, 0.2, 0.1], [0.05, 0.05, 0.9]], np.float32)
LABELS = np.array([0, 1], np.uint8)


@pytest.mark.parametrize("labels", [LABELS, LABELS[:, None]])
def test_without_smoothing_it_is_the_cross_entropy(labels):
    loss = build_loss(Settings(label_smoothing=0.0))
    np.testing.assert_allclose(loss(labels, PROBABILITIES), -np.log([0.7, 0.05]), rtol=1e-5)


def test_smoothing_spreads_a_share_of_certainty_over_all_classes():
    fraction = 0.3
    right = np.array([[1, 0, 0], [0, 1, 0]]) * (1 - fraction) + fraction / 3
    loss = build_loss(Settings(label_smoothing=fraction))
    expected = -(right * np.log(PROBABILITIES)).sum(axis=1)
    np.testing.assert_allclose(loss(LABELS, PROBABILITIES), expected, rtol=1e-5)


def test_the_target_of_no_class_is_equal_probabilities():
    loss = build_loss(Settings(label_smoothing=0.05))
    none = np.array([3, 3], np.uint8)  # the number of classes
    np.testing.assert_allclose(loss(none, PROBABILITIES), -np.log(PROBABILITIES).mean(axis=1), rtol=1e-5)


@pytest.mark.integration
def test_the_history_holds_the_plain_cross_entropy(tmp_path):
    import csv

    import keras

    from train.data.dataset import pen_dataset
    from train.learning.fit import fit

    dataset = pen_dataset(train=600, test=50)
    path = fit(dataset, Settings("mlp", epochs=2, label_smoothing=0.4), tmp_path)
    model = keras.saving.load_model(path)
    validation = dataset.validation
    loss, _ = model.evaluate(validation.images.astype(np.float32), validation.labels, verbose=0)
    with (tmp_path / "training" / "history.csv").open(encoding="utf-8") as file:
        *_, last = csv.DictReader(file)
    assert float(last["val_loss"]) == pytest.approx(loss, rel=1e-4)
