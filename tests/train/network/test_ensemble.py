"""The members of an ensemble learn separately; metrics are those of the whole ensemble."""

from dataclasses import replace

import numpy as np
import pytest

from tests.train.network.two_networks import TWO_NETWORKS
from train.contract import InputContract
from train.network.architectures import build_model
from train.network.ensemble import apart
from train.settings import Settings

PICTURES = np.random.default_rng(0).integers(0, 256, (12, 28, 28, 1)).astype(np.float32)
LABELS = np.arange(12) % 10


@pytest.fixture
def model():
    import keras

    keras.utils.set_random_seed(0)
    return build_model(TWO_NETWORKS, InputContract())


def compiled(learner):
    import keras

    learner.compile(
        optimizer=keras.optimizers.SGD(0.1),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy", keras.metrics.SparseCategoricalCrossentropy(name="crossentropy")],
    )
    return learner


def crossentropy(logits):
    import keras

    return keras.losses.sparse_categorical_crossentropy(LABELS, logits, from_logits=True)


def test_the_loss_is_the_mean_of_their_own_and_metrics_are_of_the_common_answers(model):
    import keras

    learner = compiled(apart(model))
    logits = learner(PICTURES)
    assert logits.shape == (12, 2, 10)
    loss, accuracy, common = learner.evaluate(PICTURES, LABELS, verbose=0)
    own = [crossentropy(logits[:, n]) for n in (0, 1)]
    assert loss == pytest.approx(np.mean(own), abs=1e-5)
    probabilities = model(PICTURES)
    expected = keras.losses.sparse_categorical_crossentropy(LABELS, probabilities)
    assert common == pytest.approx(np.mean(expected), abs=1e-5)
    assert common < loss - 1e-4  # the mean of different predictions is better than each (Jensen's inequality)
    assert accuracy == pytest.approx(np.mean(np.argmax(probabilities, 1) == LABELS))


def test_what_one_learns_does_not_depend_on_the_other(model):
    import keras

    weights = model.get_weights()
    learner = compiled(apart(model))
    learner.fit(PICTURES, LABELS, batch_size=12, epochs=2, verbose=0)
    learnt = [w.numpy() for w in model.weights if w.path.startswith("net1_")]
    keras.utils.set_random_seed(0)
    model.set_weights(weights)
    for weight in model.get_layer("net2_logits").weights:
        weight.assign(weight + 1 + np.arange(10))  # now the second is confident in one class
    compiled(learner).fit(PICTURES, LABELS, batch_size=12, epochs=2, verbose=0)
    again = [w.numpy() for w in model.weights if w.path.startswith("net1_")]
    assert any(not np.allclose(w, now) for w, now in zip(weights, model.get_weights(), strict=True))
    for one, other in zip(learnt, again, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-5)


def test_one_network_with_one_view_is_left_as_it_is():
    alone = build_model(Settings(two_views=False), InputContract())
    assert apart(alone) is alone


def test_the_second_view_is_not_trained():
    twins = [build_model(replace(TWO_NETWORKS, two_views=views), InputContract()) for views in (True, False)]
    twins[1].set_weights(twins[0].get_weights())
    for model in twins:
        compiled(apart(model)).fit(PICTURES, LABELS, batch_size=12, epochs=2, shuffle=False, verbose=0)
    for one, other in zip(*(model.get_weights() for model in twins), strict=True):
        np.testing.assert_allclose(one, other, atol=1e-6)
