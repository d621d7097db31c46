"""A trained model becomes as confident as it is right, and no prediction changes."""

import numpy as np
import pytest

from train.console.quiet import import_tensorflow
from train.contract import InputContract
from train.data.dataset import Split
from train.evaluation.calibration import calibration
from train.evaluation.results import measure
from train.learning.temperature import BOUNDS, FEWEST, best_temperature, calibrate
from train.network.architectures import build_model
from train.settings import Convolution, Settings

import_tensorflow()
import keras  # noqa: E402  after its start-up messages

NETWORK = (Convolution(4, 3, pool=4),)
ALONE, ENSEMBLE = Settings(convolutions=(NETWORK,)), Settings(convolutions=(NETWORK, NETWORK))


def drawn(probabilities: np.ndarray, seed: int) -> np.ndarray:
    """Labels that are right as often as the probabilities say."""
    random = np.random.default_rng(seed)
    drawn_at = random.random((len(probabilities), 1))
    return np.asarray((probabilities.cumsum(axis=1) > drawn_at).argmax(axis=1))


def softmax(logits: np.ndarray) -> np.ndarray:
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


@pytest.mark.parametrize("temperature", [0.5, 1.0, 2.0])
def test_the_temperature_is_found_with_which_confidence_is_right(temperature):
    logits = np.random.default_rng(0).normal(0, 3, (20_000, 10))
    labels = drawn(softmax(logits / temperature), seed=1)
    assert best_temperature(softmax(logits), labels) == pytest.approx(temperature, rel=0.03)


def test_without_a_mistake_it_has_a_bound():
    probabilities = softmax(np.eye(10) * 3)
    assert best_temperature(probabilities, np.arange(10)) == pytest.approx(BOUNDS[0], rel=0.01)


@pytest.fixture(params=[ALONE, ENSEMBLE], ids=["alone", "ensemble"])
def model(request) -> keras.Model:
    keras.utils.set_random_seed(0)
    built = build_model(request.param, InputContract())
    for layer in built.layers:  # far from what an untrained layer gives, so that it is confident in something
        if isinstance(layer, keras.layers.Dense):
            layer.set_weights([weights * 30 for weights in layer.get_weights()])
    built.compile(loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return built


def split(model: keras.Model, count: int) -> Split:
    images = np.random.default_rng(2).integers(0, 256, (count, 28, 28, 1), np.uint8)
    logits = np.log(np.maximum(model.predict(images, verbose=0), 1e-30))
    return Split(images, drawn(softmax(logits / 1.5), seed=3).astype(np.uint8))


def test_no_prediction_changes_and_the_loss_falls(model):
    images = split(model, 1000)
    before = measure(model, images)
    temperature = calibrate(model, images)
    after = measure(model, images)
    assert 1.2 < temperature < 1.9
    np.testing.assert_array_equal(after.predictions, before.predictions)
    assert after.loss < before.loss
    errors = [
        calibration(found.probabilities.max(axis=1), found.predictions == images.labels).error
        for found in (before, after)
    ]
    assert errors[1] < errors[0] / 2


def test_of_few_images_none_is_chosen(model):
    before = [weights.copy() for weights in model.get_weights()]
    assert calibrate(model, split(model, FEWEST - 1)) == 1.0
    for one, other in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)
